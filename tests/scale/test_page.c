/*
 * The page of a study is one file that holds the study as it is, whatever texts that has. For a browser to look at
 * (test_report_page.py) it is also written where the environment says.
 */
#include <jansson.h>

#include "scale/page.h"
#include "support/test.h"

/* tests/scale/study.json, which make_study.py beside it wrote. */
static json_t *study_of_nowhere(void)
{
    char path[4096];
    const char *source = getenv("PELAGOS_SOURCE");
    snprintf(path, sizeof path, "%s/tests/scale/study.json", source ? source : ".");
    json_t *study = json_load_file(path, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(study);
    return study;
}

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fseek(file, 0, SEEK_END), 0);
    const long length = ftell(file);
    rewind(file);
    char *text = calloc((size_t)length + 1, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_EQUAL(fread(text, 1, (size_t)length, file), (size_t)length);
    fclose(file);
    return text;
}

/* Writes a page of `study` and returns its text, for the caller to free(). */
static char *page_of(const json_t *study)
{
    CHECK_STATUS(scale_page_write(study, test_path("report.html")));
    return text_of(test_path("report.html"));
}

/* The JSON in the page, ended where an HTML parser ends it; for the caller to json_decref(). */
static json_t *study_in(const char *page)
{
    static const char start[] = "<script type=\"application/json\" id=\"study\">";
    const char *from = strstr(page, start);
    CU_ASSERT_PTR_NOT_NULL_FATAL(from);
    from += strlen(start);
    const char *end = strstr(from, "</script");
    CU_ASSERT_PTR_NOT_NULL_FATAL(end);
    json_t *study = json_loadb(from, (size_t)(end - from), 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(study);
    return study;
}

TEST(the_page_holds_the_study_as_it_is)
{
    json_t *study = study_of_nowhere();
    char *page = page_of(study);
    json_t *found = study_in(page);
    CU_ASSERT_TRUE(json_equal(study, found));
    json_decref(found);
    free(page);
    json_decref(study);
}

TEST(no_text_of_a_study_ends_its_element)
{
    static const char text[] = "</script><!-- <script> & \" \\ ' \xc3\xa9 @study@ </SCRIPT";
    json_t *study = json_pack("{s:s, s:[s]}", "format", "pelagos-scale-1", "errors", text);
    char *page = page_of(study);
    CU_ASSERT_PTR_NULL(strstr(page, "</script><!--"));
    CU_ASSERT_PTR_NULL(strstr(page, "</SCRIPT"));
    json_t *found = study_in(page);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(json_object_get(found, "errors"), 0)), text);
    json_decref(found);
    free(page);
    json_decref(study);
}

TEST(the_page_keeps_the_licence_of_d3_and_names_no_other_place)
{
    json_t *study = study_of_nowhere();
    char *page = page_of(study);
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "Redistributions in binary form must reproduce"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "default-src 'none'"));
    static const char *const fetched[] = {"src=", "<link", "@import", "url(http", "@include", "@study@"};
    for (size_t i = 0; i < sizeof fetched / sizeof *fetched; i++) CU_ASSERT_PTR_NULL(strstr(page, fetched[i]));
    free(page);
    json_decref(study);
}

TEST(what_is_no_study_is_refused)
{
    json_t *other = json_pack("{s:s}", "format", "pelagos-scale-9");
    CHECK_FAILS(scale_page_write(other, test_path("other.html")), PEL_ERR_ARGUMENT, "its format is pelagos-scale-9");
    json_decref(other);
    CHECK_FAILS(scale_page_write(NULL, test_path("other.html")), PEL_ERR_ARGUMENT, "its format is not given");
    CU_ASSERT_PTR_NULL(fopen(test_path("other.html"), "rb"));
}

TEST(a_page_that_cannot_be_written_says_where)
{
    json_t *study = study_of_nowhere();
    CHECK_FAILS(scale_page_write(study, test_path("missing/report.html")), PEL_ERR_FILE, "missing");
    json_decref(study);
}

/* For the browser's test: $PELAGOS_REPORT_OF is a study, $PELAGOS_REPORT_TO where its page goes. */
TEST(a_page_is_written_where_it_is_asked_for)
{
    const char *from = getenv("PELAGOS_REPORT_OF"), *path = getenv("PELAGOS_REPORT_TO");
    json_t *study = from ? json_load_file(from, 0, NULL) : study_of_nowhere();
    CU_ASSERT_PTR_NOT_NULL_FATAL(study);
    CHECK_STATUS(scale_page_write(study, path ? path : test_path("asked.html")));
    char *page = text_of(path ? path : test_path("asked.html"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "</html>"));
    free(page);
    json_decref(study);
}

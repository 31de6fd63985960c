/*
 * The page of a study is one file that holds the study as it is, whatever texts that has. With a folder as its
 * argument this program writes report.html there, for a browser to look at (test_report_page.py).
 */
#include <jansson.h>
#include <unistd.h>

#include "scale/page.h"
#include "support/test.h"

static json_t *study_of_nowhere(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/tests/scale/study.json", getenv("PELAGOS_SOURCE"));
    json_t *study = json_load_file(path, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(study);
    return study;
}

TEST(x)
{
    json_t *s = study_of_nowhere();
    CHECK_STATUS(scale_page_write(s, "/tmp/page_report.html"));
    json_decref(s);
}

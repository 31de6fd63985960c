/* Comparing files, down to a bit. */
#include "io/compare.h"

#include <math.h>
#include <stdint.h>

#include "io/file.h"
#include "support/test.h"

enum { N = 700, M = 1000 }; /* more than one block of 4 MB */

/* A file like every other one of this test, but for the bit `flip` of value `at` and the title. */
static void make(const char *name, long at, int flip, const char *title)
{
    double *values = malloc(sizeof(double) * N * M);
    for (int i = 0; i < N * M; i++) values[i] = i % 17 ? i / 7.0 : NAN;
    uint64_t bits;
    memcpy(&bits, values + (at < 0 ? 0 : at), 8);
    if (at >= 0) bits ^= (uint64_t)1 << flip;
    memcpy(values + (at < 0 ? 0 : at), &bits, 8);
    const double x[3] = {1, 2, 3}, time = 5;
    const long shape[2] = {N, M}, whole = 4;
    const pel_array_spec spec = {.name = "u", .rank = 2, .dimensions = {"time", "x"}, .deflate = flip > 40};
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(test_path(name), &file));
    if (flip > 30) CHECK_STATUS(pel_file_put_ints(file, "", "version", 1, &whole)); /* another order of creation */
    CHECK_STATUS(pel_file_define_dimension(file, "time", 0, NULL));
    CHECK_STATUS(pel_file_define_dimension(file, "x", 3, x));
    CHECK_STATUS(pel_file_define_array(file, &spec));
    CHECK_STATUS(pel_file_append_box(file, "u", 0, PEL_IO_DOUBLE, NULL, NULL, x));
    CHECK_STATUS(pel_file_append_box(file, "time", 0, PEL_IO_DOUBLE, NULL, NULL, &time));
    CHECK_STATUS(pel_file_write_array(file, "state/h", PEL_IO_DOUBLE, 2, shape, values));
    CHECK_STATUS(pel_file_write_array(file, "z", PEL_IO_COMPLEX, 0, NULL, x));
    CHECK_STATUS(pel_file_put_text(file, "state/h", "title", title));
    CHECK_STATUS(pel_file_put_ints(file, "", "version", 1, &whole));
    CHECK_STATUS(pel_file_close(file));
    free(values);
}

/* The number of differences between two files, and their report in *report. */
static long compare(const char *a, const char *b, const char *const *ignored, pel_text *report)
{
    long differences = -1;
    pel_text_free(report);
    CHECK_STATUS(pel_file_compare_except(test_path(a), test_path(b), ignored, report, &differences));
    return differences;
}

TEST(files_of_the_same_values_are_equal_however_they_are_stored)
{
    pel_text report = {0};
    make("a.h5", -1, 0, "same");
    make("b.h5", -1, 63, "same");
    CU_ASSERT_EQUAL(compare("a.h5", "b.h5", NULL, &report), 0);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&report), "");
    pel_text_free(&report);
}

TEST(one_flipped_bit_is_found_and_measured)
{
    pel_text report = {0};
    make("c.h5", -1, 0, "same");
    make("d.h5", 600123, 52, "same"); /* the lowest bit of the exponent */
    CU_ASSERT_EQUAL(compare("c.h5", "d.h5", NULL, &report), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&report), "state/h: 1 value differs, the first at [600, 123]"));
    make("e.h5", 17, 0, "same"); /* another NaN */
    CU_ASSERT_EQUAL(compare("c.h5", "e.h5", NULL, &report), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&report), "[0, 17]"));
    pel_text_free(&report);
}

TEST(attributes_are_compared_unless_ignored)
{
    const char *const title[] = {"state/h@title", NULL}, *const everywhere[] = {"*@title", NULL};
    const char *const group[] = {"state", NULL}, *const other[] = {"stat", NULL};
    pel_text report = {0};
    make("f.h5", -1, 0, "same");
    make("g.h5", -1, 0, "sane");
    CU_ASSERT_EQUAL(compare("f.h5", "g.h5", NULL, &report), 1);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&report),
                           "state/h@title: \"same\" in the first file, \"sane\" in the second\n");
    CU_ASSERT_EQUAL(compare("f.h5", "g.h5", title, &report), 0);
    CU_ASSERT_EQUAL(compare("f.h5", "g.h5", everywhere, &report), 0);
    CU_ASSERT_EQUAL(compare("f.h5", "g.h5", group, &report), 0);
    CU_ASSERT_EQUAL(compare("f.h5", "g.h5", other, &report), 1);
    pel_text_free(&report);
}

TEST(what_stands_in_one_file_only_is_named)
{
    pel_text report = {0};
    pel_file *file = NULL;
    const float value = 1;
    make("h.h5", -1, 0, "same");
    make("i.h5", -1, 0, "same");
    CHECK_STATUS(pel_file_open(test_path("i.h5"), PEL_FILE_APPEND, &file));
    CHECK_STATUS(pel_file_write_array(file, "state/extra", PEL_IO_FLOAT, 0, NULL, &value));
    CHECK_STATUS(pel_file_put_text(file, "u", "units", "m"));
    CHECK_STATUS(pel_file_append_box(file, "time", 1, PEL_IO_FLOAT, NULL, NULL, &value));
    CHECK_STATUS(pel_file_close(file));
    CU_ASSERT_EQUAL(compare("h.h5", "i.h5", NULL, &report), 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&report), "state/extra: only in the second file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&report), "u@units: only in the second file"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&report), "time: the shapes differ"));
    pel_text_free(&report);
    long differences;
    CHECK_FAILS(pel_file_compare(test_path("h.h5"), test_path("gone.h5"), NULL, &differences), PEL_ERR_FILE, "gone.h5");
}

/* Running averages against sums over all samples. */
#include <sys/stat.h>

#include "toy.h"

#define HEAD                                                                                                           \
    "app: toy\ngrid: {cells: [9, 5, 3], extent: [90 m, 50 m, 30 m], boundary: [periodic, wall, wall]}\n"               \
    "time: {step: 10 s, end: 1000 s}\n"

enum { STEPS = 48 };

static const char *folder(const char *name)
{
    const char *path = test_path(name);
    mkdir(path, 0777);
    return path;
}

static void run(const char *deck, const char *where, long longest)
{
    toy t;
    toy_begin(&t, deck, folder(where));
    toy_run(&t, STEPS, longest);
    toy_end(&t);
}

static pel_file *open_file(const char *where, const char *name)
{
    char path[512];
    pel_file *file = NULL;
    snprintf(path, sizeof path, "%s/%s", test_path(where), name);
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    return file;
}

/* q of cell x at every step, as the toy computes it. */
static void solve(int x, double q[STEPS + 1])
{
    q[0] = 0;
    for (int n = 0; n < STEPS; n++) q[n + 1] = q[n] + 10.0 * (1 + x) * cos(10.0 * n);
}

static double mean_of(const double *q, int first, int every, int count)
{
    double sum = 0;
    for (int k = 0; k < count; k++) sum += q[first + k * every];
    return sum / count;
}

static double variance_of(const double *q, int first, int every, int count)
{
    const double mean = mean_of(q, first, every, count);
    double sum = 0;
    for (int k = 0; k < count; k++) sum += (q[first + k * every] - mean) * (q[first + k * every] - mean);
    return sum / count;
}

static double read_value(const pel_file *file, const char *name, long record, int x)
{
    double value = NAN;
    CHECK_STATUS(pel_file_read_box(file, name, PEL_IO_DOUBLE, (long[]){record, 1, 2, x}, (long[]){1, 1, 1, 1}, &value));
    return value;
}

TEST(means_and_variances_are_those_of_the_samples)
{
    run(HEAD "output: {averages: {every: 12 steps, sample: 3 steps, fields: [q, u], variance: true}}", "average", 100);
    pel_file *file = open_file("average", "averages.nc");
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 4);
    for (long k = 0; k < 4; k++) {
        for (int x = 0; x < 9; x++) {
            double q[STEPS + 1];
            solve(x, q);
            const double mean = mean_of(q, 12 * (int)k + 3, 3, 4), variance = variance_of(q, 12 * (int)k + 3, 3, 4);
            CU_ASSERT_DOUBLE_EQUAL(read_value(file, "q", k, x), mean, 1e-11);
            CU_ASSERT_DOUBLE_EQUAL(read_value(file, "u", k, x), 2 * mean, 1e-11);
            CU_ASSERT_DOUBLE_EQUAL(read_value(file, "q_variance", k, x), variance, 1e-9);
        }
        double bounds[2];
        CHECK_STATUS(pel_file_read_box(file, "time_bnds", PEL_IO_DOUBLE, (long[]){k, 0}, (long[]){1, 2}, bounds));
        CU_ASSERT_EQUAL(bounds[0], 120.0 * (double)k);
        CU_ASSERT_EQUAL(bounds[1], 120.0 * (double)(k + 1));
    }
    char *text = NULL;
    CHECK_STATUS(pel_file_get_text(file, "q_variance", "cell_methods", &text));
    CU_ASSERT_STRING_EQUAL(text, "time: variance");
    free(text);
    CHECK_STATUS(pel_file_get_text(file, "q_variance", "units", &text));
    CU_ASSERT_STRING_EQUAL(text, "K2");
    free(text);
    CHECK_STATUS(pel_file_close(file));
}

TEST(a_constant_has_no_variance_and_a_large_offset_does_no_harm)
{
    toy t;
    toy_begin(&t, HEAD "output: {averages: {every: 40 steps, fields: [q, v], variance: true}}", folder("offset"));
    double plane[9 * 5 * 3], faces[9 * 6 * 3];
    for (int i = 0; i < 135; i++) plane[i] = 1e9;
    for (int i = 0; i < 162; i++) faces[i] = 0.1 * i;
    pel_field_put(t.model->q, 0, 0, pel_field_points(t.model->q), plane);
    pel_field_put(t.model->v, 0, 0, pel_field_points(t.model->v), faces);
    toy_run(&t, STEPS, 100);
    toy_end(&t);
    pel_file *file = open_file("offset", "averages.nc");
    char *unit = NULL;
    CHECK_STATUS(pel_file_get_text(file, "v_variance", "units", &unit));
    CU_ASSERT_STRING_EQUAL(unit, "m2 s-2");
    free(unit);
    double q[STEPS + 1], v = NAN;
    solve(4, q);
    const double variance = variance_of(q, 1, 1, 40);
    CU_ASSERT_DOUBLE_EQUAL(read_value(file, "q_variance", 0, 4), variance, 1e-6 * variance);
    CU_ASSERT_EQUAL(read_value(file, "v_variance", 0, 4), 0);
    CHECK_STATUS(pel_file_read_box(file, "v", PEL_IO_DOUBLE, (long[]){0, 2, 5, 8}, (long[]){1, 1, 1, 1}, &v));
    CU_ASSERT_EQUAL(v, faces[161]); /* on the wall */
    CHECK_STATUS(pel_file_close(file));
}

TEST(accumulators_are_no_fields_for_output)
{
    toy t;
    toy_declare(&t, HEAD "output: {averages: [{every: 4 steps, fields: [q]}, {name: b, every: 4 steps, fields: "
                         "[average.averages.q.mean]}]}");
    CHECK_FAILS(pel_params_finish(t.params), PEL_ERR_DECK, "no field average.averages.q.mean; there are: q, v, u, f");
    toy_end(&t);
}

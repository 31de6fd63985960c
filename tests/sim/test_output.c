/* Files of series and snapshots: what is in them, and that stopping leaves no trace. */
#include <sys/stat.h>
#include <unistd.h>

#include "io/compare.h"
#include "toy.h"

#define HEAD                                                                                                           \
    "app: toy\ntitle: a test\ngrid: {cells: [8, 6], extent: [80 m, 60 m], boundary: [periodic, wall]}\n"               \
    "time: {step: 10 s, end: 1000 s}\n"

static const char *folder(const char *name)
{
    const char *path = test_path(name);
    mkdir(path, 0777);
    return path;
}

static pel_file *open_file(const char *folder_name, const char *name)
{
    char path[512];
    pel_file *file = NULL;
    snprintf(path, sizeof path, "%s/%s", test_path(folder_name), name);
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    return file;
}

static void check_text(const pel_file *file, const char *object, const char *name, const char *expected)
{
    char *text = NULL;
    CHECK_STATUS(pel_file_get_text(file, object, name, &text));
    CU_ASSERT_STRING_EQUAL(text, expected);
    free(text);
}

static void check_same_files(const char *a, const char *b, const char *name)
{
    char paths[2][512];
    long differences = -1;
    pel_text report = {0};
    snprintf(paths[0], sizeof paths[0], "%s/%s", test_path(a), name);
    snprintf(paths[1], sizeof paths[1], "%s/%s", test_path(b), name);
    CHECK_STATUS(pel_file_compare(paths[0], paths[1], &report, &differences));
    if (differences) fprintf(stderr, "\n%s: %s\n", name, pel_text_get(&report));
    CU_ASSERT_EQUAL(differences, 0);
    pel_text_free(&report);
}

TEST(snapshots_have_the_coordinates_of_centres_and_faces)
{
    toy t;
    toy_begin(&t, HEAD "output: {snapshots: {every: 100 s, fields: [q, v]}}", folder("coordinates"));
    toy_end(&t);
    pel_file *file = open_file("coordinates", "snapshots.nc");
    double x[8], y[6], faces[7];
    CHECK_STATUS(pel_file_read_box(file, "x", PEL_IO_DOUBLE, (long[]){0}, (long[]){8}, x));
    CHECK_STATUS(pel_file_read_box(file, "y", PEL_IO_DOUBLE, (long[]){0}, (long[]){6}, y));
    CHECK_STATUS(pel_file_read_box(file, "y_face", PEL_IO_DOUBLE, (long[]){0}, (long[]){7}, faces));
    for (int i = 0; i < 8; i++) CU_ASSERT_EQUAL(x[i], 10 * i + 5);
    for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(y[i], 10 * i + 5);
    for (int i = 0; i < 7; i++) CU_ASSERT_EQUAL(faces[i], 10 * i);
    check_text(file, "x", "standard_name", "projection_x_coordinate");
    check_text(file, "y_face", "units", "m");
    check_text(file, "y_face", "axis", "Y");
    check_text(file, "", "Conventions", "CF-1.10");
    check_text(file, "", "title", "a test");
    check_text(file, "time", "units", "seconds since 2000-01-01 00:00:00");
    check_text(file, "time", "calendar", "noleap");
    check_text(file, "q", "units", "K");
    check_text(file, "q", "long_name", "warmth");
    int rank;
    long shape[5];
    CHECK_STATUS(pel_file_array_info(file, "v", NULL, &rank, shape));
    CU_ASSERT_EQUAL(rank, 3);
    CU_ASSERT_EQUAL(shape[0], 1);
    CU_ASSERT_EQUAL(shape[1], 7);
    CU_ASSERT_EQUAL(shape[2], 8);
    CHECK_STATUS(pel_file_close(file));
}

TEST(records_hold_the_state_at_their_step)
{
    toy t;
    toy_begin(&t, HEAD "output: {series: {every: 2 steps}, snapshots: {every: 35 s, fields: [q, u]}}",
              folder("records"));
    double q[10] = {0}; /* of cell x = 3, a step */
    for (int n = 1; n < 10; n++) q[n] = q[n - 1] + 10.0 * 4 * cos(10.0 * (n - 1));
    toy_run(&t, 9, 100);
    toy_end(&t);
    pel_file *file = open_file("records", "snapshots.nc");
    const long steps[] = {0, 4, 7};
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 3);
    for (long k = 0; k < 3; k++) {
        int64_t step = -1;
        double time = -1, value = -1, work = -1;
        CHECK_STATUS(pel_file_read_box(file, "step", PEL_IO_INT64, (long[]){k}, (long[]){1}, &step));
        CHECK_STATUS(pel_file_read_box(file, "time", PEL_IO_DOUBLE, (long[]){k}, (long[]){1}, &time));
        CHECK_STATUS(pel_file_read_box(file, "q", PEL_IO_DOUBLE, (long[]){k, 2, 3}, (long[]){1, 1, 1}, &value));
        CHECK_STATUS(pel_file_read_box(file, "u", PEL_IO_DOUBLE, (long[]){k, 2, 3}, (long[]){1, 1, 1}, &work));
        CU_ASSERT_EQUAL(step, steps[k]);
        CU_ASSERT_EQUAL(time, 10.0 * (double)steps[k]);
        CU_ASSERT_EQUAL(value, q[steps[k]]);
        CU_ASSERT_EQUAL(work, 2 * q[steps[k]]);
    }
    CHECK_STATUS(pel_file_close(file));
    file = open_file("records", "series.nc");
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 5);
    double sum = 0;
    CHECK_STATUS(pel_file_read_box(file, "sum", PEL_IO_DOUBLE, (long[]){4}, (long[]){1}, &sum));
    CU_ASSERT_DOUBLE_EQUAL(sum, q[8] / 4 * 36 * 6, 1e-9);
    CHECK_STATUS(pel_file_close(file));
}

TEST(a_stream_can_hold_a_part_of_the_grid_in_single_precision)
{
    toy t;
    toy_begin(&t,
              HEAD "output: {snapshots: [{name: part, every: 1 steps, fields: [q, v], precision: float, compress: 4, "
                   "stride: [3, 2], "
                   "box: [1, 8, 2, 6]}]}",
              folder("part"));
    toy_run(&t, 1, 1);
    toy_end(&t);
    pel_file *file = open_file("part", "part.nc");
    double x[3], y[2], faces[3];
    float q[6];
    pel_io_type type;
    CHECK_STATUS(pel_file_read_box(file, "x", PEL_IO_DOUBLE, (long[]){0}, (long[]){3}, x));
    CHECK_STATUS(pel_file_read_box(file, "y", PEL_IO_DOUBLE, (long[]){0}, (long[]){2}, y));
    CHECK_STATUS(pel_file_read_box(file, "y_face", PEL_IO_DOUBLE, (long[]){0}, (long[]){3}, faces));
    CU_ASSERT_EQUAL(x[0], 15);
    CU_ASSERT_EQUAL(x[2], 75);
    CU_ASSERT_EQUAL(y[1], 45);
    CU_ASSERT_EQUAL(faces[2], 60);
    CHECK_STATUS(pel_file_array_info(file, "q", &type, NULL, NULL));
    CU_ASSERT_EQUAL(type, PEL_IO_FLOAT);
    CHECK_STATUS(pel_file_read_box(file, "q", PEL_IO_FLOAT, (long[]){1, 0, 0}, (long[]){1, 2, 3}, q));
    for (int i = 0; i < 6; i++) CU_ASSERT_EQUAL(q[i], 10.0f * (float)(2 + 3 * (i % 3)));
    CHECK_STATUS(pel_file_close(file));
}

/* Runs to `end` with a stop (and records written after its checkpoint, as by a kill) at `stop`; 0: none. */
static void run_with_stop(const char *deck, const char *where, long stop, long end)
{
    toy t;
    toy_begin(&t, deck, folder(where));
    if (stop > 0) {
        toy_run(&t, stop, 7);
        toy_save(&t, test_path("stop.h5"));
        toy_run(&t, stop + 13, 5);
        toy_end(&t);
        CHECK_STATUS(toy_resume(&t, deck, test_path(where), test_path("stop.h5")));
    }
    toy_run(&t, end, 100);
    toy_end(&t);
}

TEST(files_of_a_resumed_run_equal_those_of_one_never_stopped)
{
    static const char deck[] = HEAD "output: {series: {every: 3 steps}, snapshots: [{every: 70 s, fields: [q, u]}, "
                                    "{name: fine, every: 1 steps, compress: 1}], "
                                    "averages: {every: 120 s, sample: 30 s, fields: [q, u], variance: true}}";
    run_with_stop(deck, "whole", 0, 60);
    for (long stop = 1; stop < 40; stop += 6) {
        char where[32];
        snprintf(where, sizeof where, "stop%ld", stop);
        run_with_stop(deck, where, stop, 60);
        check_same_files("whole", where, "series.nc");
        check_same_files("whole", where, "snapshots.nc");
        check_same_files("whole", where, "fine.nc");
        check_same_files("whole", where, "averages.nc");
    }
}

TEST(a_new_stream_begins_with_the_resume)
{
    toy t;
    toy_begin(&t, HEAD "output: {series: {every: 5 steps}}", folder("new"));
    toy_run(&t, 12, 100);
    toy_save(&t, test_path("new.h5"));
    toy_end(&t);
    CHECK_STATUS(toy_resume(&t, HEAD "output: {snapshots: {every: 10 steps}}", test_path("new"), test_path("new.h5")));
    toy_run(&t, 25, 100);
    toy_end(&t);
    pel_file *file = open_file("new", "snapshots.nc");
    int64_t steps[2] = {0};
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 2);
    CHECK_STATUS(pel_file_read_box(file, "step", PEL_IO_INT64, (long[]){0}, (long[]){2}, steps));
    CU_ASSERT_EQUAL(steps[0], 12);
    CU_ASSERT_EQUAL(steps[1], 20);
    CHECK_STATUS(pel_file_close(file));
}

TEST(another_cadence_goes_on_from_its_next_multiple)
{
    toy t;
    toy_begin(&t, HEAD "output: {series: {every: 5 steps}}", folder("cadence"));
    toy_run(&t, 12, 100);
    toy_save(&t, test_path("cadence.h5"));
    toy_end(&t);
    CHECK_STATUS(toy_resume(&t, HEAD "output: {series: {every: 80 s}}", test_path("cadence"), test_path("cadence.h5")));
    toy_run(&t, 25, 100);
    toy_end(&t);
    pel_file *file = open_file("cadence", "series.nc");
    const int64_t expected[] = {0, 5, 10, 16, 24};
    int64_t steps[5] = {0};
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 5);
    CHECK_STATUS(pel_file_read_box(file, "step", PEL_IO_INT64, (long[]){0}, (long[]){5}, steps));
    CU_ASSERT_EQUAL(memcmp(steps, expected, sizeof steps), 0);
    CHECK_STATUS(pel_file_close(file));
}

TEST(other_fields_in_the_same_file_are_refused_on_resume)
{
    toy t;
    toy_begin(&t, HEAD "output: {snapshots: {every: 5 steps, fields: [q]}}", folder("other"));
    toy_run(&t, 6, 100);
    toy_save(&t, test_path("other.h5"));
    toy_end(&t);
    CHECK_FAILS(toy_resume(&t, HEAD "output: {snapshots: {every: 5 steps, fields: [q, u]}}", test_path("other"),
                           test_path("other.h5")),
                PEL_ERR_MISMATCH, "give the stream another name");
    pel_output_close(t.output);
    toy_end(&t);
    CHECK_FAILS(toy_resume(&t, HEAD "output: {snapshots: {every: 5 steps, fields: [q], stride: 2}}", test_path("other"),
                           test_path("other.h5")),
                PEL_ERR_MISMATCH, "lies at other points");
    toy_end(&t);
}

TEST(a_missing_file_is_made_anew)
{
    toy t;
    toy_begin(&t, HEAD "output: {series: {every: 5 steps}}", folder("gone"));
    toy_run(&t, 12, 100);
    toy_save(&t, test_path("gone.h5"));
    toy_end(&t);
    char path[512];
    snprintf(path, sizeof path, "%s/series.nc", test_path("gone"));
    unlink(path);
    CHECK_STATUS(toy_resume(&t, HEAD "output: {series: {every: 5 steps}}", test_path("gone"), test_path("gone.h5")));
    toy_run(&t, 20, 100);
    toy_end(&t);
    pel_file *file = open_file("gone", "series.nc");
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 2);
    CHECK_STATUS(pel_file_close(file));
}

TEST(all_that_is_wrong_with_output_is_said_at_once)
{
    toy t;
    toy_declare(&t, HEAD
                "output: {series: {every: 5 min wall}, snapshots: [{every: 1 steps, fields: [w, qq]}, {every: 2 steps, "
                "box: [0, 9, 0, 6]}], averages: {every: 2 steps, sample: 3 steps}}");
    CHECK_FAILS(pel_params_finish(t.params), PEL_ERR_DECK, "output.series.every: records");
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "no field w"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "did you mean q"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "two streams would write snapshots.nc"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "not within the cells [0, 8)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "samples come less often"));
    toy_end(&t);
}

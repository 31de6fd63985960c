/* Trajectories: frames come back, go on after a resume, and refuse other atoms. What other programs see of them is in
 * tests/interop. */
#include "particles/h5md.h"

#include <math.h>

#include "io/file.h"
#include "support/test.h"

enum { N = 50 };

static pel_configuration make_atoms(void)
{
    pel_configuration atoms = {.box = {.length = {5, 6, 7}, .is_periodic = {true, true, false}}};
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    atoms.mass[0] = 1.5;
    atoms.mass[1] = 2.5;
    for (int i = 0; i < N; i++)
        CHECK_STATUS(pel_configuration_add(&atoms, 1 + i % 2, (double[]){0.1 * i, sin(i) + 2, cos(i) + 2}));
    return atoms;
}

static pel_status append(pel_h5md *trajectory, pel_configuration *atoms, int64_t step)
{
    atoms->position[1][0] = (double)step / 3;
    atoms->image[1][2] = (int32_t)step;
    return pel_h5md_append(trajectory, step, 0.01 * (double)step, atoms, NULL);
}

static void check_frames(const char *path, long frames)
{
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    CU_ASSERT_EQUAL(pel_file_records(file, NULL), frames);
    for (long f = 0; f < frames; f++) {
        double x = 0, time = 0;
        int64_t step = 0;
        CHECK_STATUS(pel_file_read_box(file, "particles/all/position/value", PEL_IO_DOUBLE, (long[]){f, 1, 0},
                                       (long[]){1, 1, 1}, &x));
        CHECK_STATUS(pel_file_read_box(file, "particles/all/box/edges/time", PEL_IO_DOUBLE, &f, (long[]){1}, &time));
        CHECK_STATUS(pel_file_read_box(file, "particles/all/image/step", PEL_IO_INT64, &f, (long[]){1}, &step));
        CU_ASSERT_TRUE(x == (double)(10 * f) / 3 && time == 0.01 * (double)(10 * f) && step == 10 * f);
    }
    CHECK_STATUS(pel_file_close(file));
}

TEST(a_trajectory_goes_on_where_it_was_cut_back)
{
    const pel_h5md_spec spec = {.has_image = true};
    const char *path = test_path("on.h5");
    pel_configuration atoms = make_atoms();
    pel_h5md *trajectory = NULL;
    CHECK_STATUS(pel_h5md_create(path, &spec, &atoms, &trajectory));
    for (int f = 0; f < 5; f++) CHECK_STATUS(append(trajectory, &atoms, 10 * f));
    CU_ASSERT_EQUAL(pel_h5md_frames(trajectory), 5);
    CHECK_STATUS(pel_h5md_close(trajectory));
    CHECK_STATUS(pel_h5md_reopen(path, &spec, &atoms, -1, 25, &trajectory));
    CU_ASSERT_EQUAL(pel_h5md_frames(trajectory), 3);
    CHECK_STATUS(append(trajectory, &atoms, 30));
    CHECK_STATUS(pel_h5md_close(trajectory));
    check_frames(path, 4);
    CHECK_STATUS(pel_h5md_reopen(path, &spec, &atoms, 2, 0, &trajectory));
    CHECK_STATUS(pel_h5md_close(trajectory));
    check_frames(path, 2);
    CHECK_FAILS(pel_h5md_reopen(path, &spec, &atoms, 3, 0, &trajectory), PEL_ERR_CORRUPT, "1 of the 3 frames");
    pel_configuration_free(&atoms);
}

TEST(a_resumed_file_equals_one_never_stopped)
{
    const pel_h5md_spec spec = {.has_image = true, .has_velocity = true, .is_single = true, .deflate = 4};
    const char *names[2] = {"whole.h5", "stopped.h5"};
    char *bytes[2] = {NULL};
    size_t length[2];
    for (int stopped = 0; stopped < 2; stopped++) {
        pel_configuration atoms = make_atoms();
        pel_h5md *trajectory = NULL;
        CHECK_STATUS(pel_h5md_create(test_path(names[stopped]), &spec, &atoms, &trajectory));
        for (int f = 0; f < 4; f++) {
            CHECK_STATUS(append(trajectory, &atoms, f));
            if (!stopped) continue;
            CHECK_STATUS(pel_h5md_close(trajectory));
            CHECK_STATUS(pel_h5md_reopen(test_path(names[1]), &spec, &atoms, f + 1, 0, &trajectory));
        }
        CHECK_STATUS(pel_h5md_close(trajectory));
        pel_configuration_free(&atoms);
        pel_file *file = NULL;
        length[stopped] = sizeof(float) * 4 * N * 3;
        bytes[stopped] = malloc(length[stopped]);
        CHECK_STATUS(pel_file_open(test_path(names[stopped]), PEL_FILE_READ, &file));
        CHECK_STATUS(pel_file_read_box(file, "particles/all/position/value", PEL_IO_FLOAT, (long[]){0, 0, 0},
                                       (long[]){4, N, 3}, bytes[stopped]));
        CHECK_STATUS(pel_file_close(file));
    }
    CU_ASSERT_EQUAL(memcmp(bytes[0], bytes[1], length[0]), 0);
    free(bytes[0]);
    free(bytes[1]);
}

TEST(other_atoms_and_quantities_are_refused)
{
    const pel_h5md_spec spec = {.has_image = true};
    const char *path = test_path("other.h5");
    pel_configuration atoms = make_atoms();
    pel_h5md *trajectory = NULL;
    CHECK_STATUS(pel_h5md_create(path, &spec, &atoms, &trajectory));
    CHECK_STATUS(append(trajectory, &atoms, 0));
    atoms.id[N - 1]++;
    CHECK_FAILS(append(trajectory, &atoms, 1), PEL_ERR_MISMATCH, "others than the 50");
    CHECK_STATUS(pel_h5md_close(trajectory));
    CHECK_FAILS(pel_h5md_reopen(path, &spec, &atoms, 1, 0, &trajectory), PEL_ERR_MISMATCH, "other ids");
    atoms.id[N - 1]--;
    CHECK_FAILS(pel_h5md_create(path, &spec, &atoms, &trajectory), PEL_ERR_EXISTS, "other.h5");
    const pel_h5md_spec faster = {.has_image = true, .has_velocity = true},
                        rougher = {.has_image = true, .is_single = true};
    CHECK_FAILS(pel_h5md_reopen(path, &faster, &atoms, 1, 0, &trajectory), PEL_ERR_MISMATCH, "no velocity");
    CHECK_FAILS(pel_h5md_reopen(path, &rougher, &atoms, 1, 0, &trajectory), PEL_ERR_MISMATCH, "another precision");
    atoms.count--;
    CHECK_FAILS(pel_h5md_reopen(path, &spec, &atoms, 1, 0, &trajectory), PEL_ERR_MISMATCH,
                "another precision or shape");
    atoms.count++;
    pel_configuration_free(&atoms);
}

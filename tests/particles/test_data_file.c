/* Data files of LAMMPS: what is written comes back to the bit, variants are read, damage is named by its line. */
#include "particles/data_file.h"

#include <math.h>

#include "base/random.h"
#include "support/test.h"

static const char *put(const char *text)
{
    const char *path = test_path("case.data");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

static pel_configuration read_text(const char *text, const char *style)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_data_file_read(put(text), &(pel_data_file_spec){.style = style}, &atoms));
    return atoms;
}

static double noise(uint64_t id, uint64_t draw)
{
    return pel_random_normal((pel_random_key){.seed = 8, .id = id, .draw = draw});
}

static pel_configuration make_noise(double lo)
{
    enum { N = 500 };
    pel_configuration atoms = {.box = {.lo = {lo, lo, 0}, .length = {7.3, 11.1, 1.0 / 3}, .is_periodic = {1, 1, 1}}};
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    atoms.mass[0] = 63.546;
    atoms.mass[1] = 1.0 / 3;
    for (uint64_t i = 0; i < N; i++) {
        CHECK_STATUS(
            pel_configuration_add(&atoms, 1 + (int)(i % 2), (double[]){noise(i, 0), noise(i, 1), noise(i, 2)}));
        atoms.id[i] = (int64_t)(3 * i + 7);
        for (uint64_t d = 0; d < 3; d++) atoms.velocity[i][d] = 1e-5 * noise(i, 3 + d);
        atoms.image[i][2] = -(int32_t)i;
    }
    pel_configuration_wrap(&atoms);
    return atoms;
}

TEST(what_is_written_comes_back_to_the_bit)
{
    const double sides[] = {0, -3.1, 0.7};
    for (int s = 0; s < 3; s++) {
        pel_configuration out = make_noise(sides[s]), in = {0};
        const size_t n = (size_t)out.count;
        CHECK_STATUS(pel_data_file_write(test_path("noise.data"), "500 atoms\nanywhere", &out));
        CHECK_STATUS(pel_data_file_read(test_path("noise.data"), NULL, &in));
        CU_ASSERT_TRUE(in.count == out.count && in.types == 2);
        CU_ASSERT_EQUAL(memcmp(in.mass, out.mass, 2 * sizeof *in.mass), 0);
        CU_ASSERT_EQUAL(memcmp(in.box.lo, out.box.lo, sizeof in.box.lo), 0);
        CU_ASSERT_EQUAL(memcmp(in.box.length, out.box.length, sizeof in.box.length), 0);
        CU_ASSERT_EQUAL(memcmp(in.id, out.id, n * sizeof *in.id), 0);
        CU_ASSERT_EQUAL(memcmp(in.type, out.type, n * sizeof *in.type), 0);
        CU_ASSERT_EQUAL(memcmp(in.position, out.position, n * sizeof *in.position), 0);
        CU_ASSERT_EQUAL(memcmp(in.velocity, out.velocity, n * sizeof *in.velocity), 0);
        CU_ASSERT_EQUAL(memcmp(in.image, out.image, n * sizeof *in.image), 0);
        pel_configuration_free(&in);
        pel_configuration_free(&out);
    }
}

TEST(comments_blank_lines_and_line_ends_of_windows_are_read)
{
    pel_configuration atoms = read_text("title with 5 atoms\r\n"
                                        "\r\n"
                                        "  2 atoms # two of them\r\n"
                                        "0 bonds\r\n"
                                        "1 atom types\r\n"
                                        "0 4 xlo xhi\r\n"
                                        "-1.5 2.5 ylo yhi\r\n"
                                        "0 4 zlo zhi\r\n"
                                        "0 0 0 xy xz yz\r\n"
                                        "\r\n"
                                        "Masses\r\n"
                                        "\r\n"
                                        "1 12.011 # C\r\n"
                                        "Pair Coeffs # lj/cut\r\n"
                                        "\r\n"
                                        "1 1.0 1.0\r\n"
                                        "\r\n"
                                        "Atoms\r\n"
                                        "\r\n"
                                        "9 1 1.5 2.0 3.25\r\n"
                                        "# a remark\r\n"
                                        "\r\n"
                                        "4 1 -0.5 0 0 # outside\r\n"
                                        "Velocities\r\n"
                                        "\r\n"
                                        "9 0 1e-3 0\r\n"
                                        "4 0 0 -2.5",
                                        NULL);
    CU_ASSERT_TRUE(atoms.count == 2 && atoms.types == 1 && atoms.mass[0] == 12.011);
    CU_ASSERT_TRUE(atoms.box.lo[1] == -1.5 && atoms.box.length[1] == 4 && atoms.box.is_periodic[2]);
    CU_ASSERT_TRUE(atoms.id[0] == 4 && atoms.position[0][0] == 3.5 && atoms.image[0][0] == -1);
    CU_ASSERT_TRUE(atoms.id[1] == 9 && atoms.position[1][2] == 3.25 && atoms.image[1][0] == 0);
    CU_ASSERT_TRUE(atoms.velocity[0][2] == -2.5 && atoms.velocity[1][1] == 1e-3);
    pel_configuration_free(&atoms);
}

#define HEAD "t\n1 atoms\n2 atom types\n0 4 xlo xhi\n0 4 ylo yhi\n0 4 zlo zhi\n"

TEST(columns_that_are_not_needed_are_passed_over)
{
    static const struct {
        const char *text, *style;
    } cases[] = {{HEAD "Atoms # charge\n\n1 2 -0.5 1 2 3 0 0 1\n", NULL},
                 {HEAD "Atoms\n\n1 2 -0.5 1 2 3 0 0 1\n", "charge"},
                 {HEAD "Atoms # molecular\n\n1 7 2 1 2 3 0 0 1\n", NULL},
                 {HEAD "Atoms # full\n\n1 7 2 0.3 1 2 3 0 0 1\n", NULL},
                 {HEAD "Atoms # sphere\n\n1 2 0.5 1.1 1 2 3 0 0 1\n", NULL}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = read_text(cases[c].text, cases[c].style);
        CU_ASSERT_TRUE(atoms.type[0] == 2 && atoms.image[0][2] == 1 && atoms.image[0][0] == 0);
        CU_ASSERT_TRUE(atoms.position[0][0] == 1 && atoms.position[0][1] == 2 && atoms.position[0][2] == 3);
        pel_configuration_free(&atoms);
    }
}

TEST(damage_is_named_with_its_line)
{
    static const struct {
        const char *where, *what, *text;
    } cases[] = {
        {"case.data:8:", "here are 4", HEAD "Atoms\n1 1 0 0\n"},
        {"case.data:8:", "not \"x\"", HEAD "Atoms\n1 1 0 x 0\n"},
        {"case.data:8:", "from 1 to 2", HEAD "Atoms\n1 3 0 0 0\n"},
        {"case.data:8:", "whole number", HEAD "Atoms\n1.5 1 0 0 0\n"},
        {"case.data:7:", "after 0 of 1 atoms", HEAD "Atoms\n"},
        {"case.data:8:", "begins Velocities after 0 of 1", HEAD "Atoms\nVelocities\n"},
        {"case.data:7:", "\"dipole\" cannot be read", HEAD "Atoms # dipole\n"},
        {"case.data:7:", "put Atoms first", HEAD "Velocities\n\n1 0 0 0\n"},
        {"case.data:10:", "which is not among Atoms", HEAD "Atoms\n1 1 0 0 0\nVelocities\n2 0 0 0\n"},
        {"case.data:8:", "must be greater than 0", HEAD "Masses\n1 -1\n"},
        {"case.data:2:", "lo must be below hi", "t\n4 0 xlo xhi\n"},
        {"case.data:2:", "another length", "t\n0 4 xlo xhi # length 5\n"},
        {"case.data:2:", "only orthogonal boxes", "t\n0.5 0 0 xy xz yz\n"},
        {"case.data:4:", "no \"xlo xhi\"", "t\n1 atoms\n1 atom types\nAtoms\n"},
        {"case.data:3:", "how many atom types", "t\n1 atoms\nAtoms\n"},
        {"case.data", "id 1",
         "t\n2 atoms\n1 atom types\n0 4 xlo xhi\n0 4 ylo yhi\n0 4 zlo zhi\nAtoms\n1 1 0 0 0\n1 1 1 1 1\n"},
        {"case.data:2:", "without a section Atoms", "t\n1 atoms\n"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = {0};
        CHECK_FAILS(pel_data_file_read(put(cases[c].text), NULL, &atoms), PEL_ERR_CORRUPT, cases[c].what);
        CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), cases[c].where));
        CU_ASSERT_TRUE(atoms.count == 0 && atoms.position == NULL);
    }
    pel_configuration atoms = {0};
    CHECK_FAILS(pel_data_file_read(test_path("none.data"), NULL, &atoms), PEL_ERR_FILE, "none.data");
    CHECK_FAILS(pel_data_file_read(put(HEAD), &(pel_data_file_spec){.style = "dipole"}, &atoms), PEL_ERR_ARGUMENT,
                "dipole");
}

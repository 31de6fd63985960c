/* Data files go to LAMMPS and come back, and it finds the same temperature in them. Skipped where it is not installed.
 */
#include <math.h>
#include <stdbool.h>

#include "particles/data_file.h"
#include "particles/lattice.h"
#include "particles/velocities.h"
#include "support/test.h"

static bool has_lammps(void)
{
    if (system("command -v lmp >/dev/null 2>&1") == 0) return true;
    printf("\n  (lmp is not there: skipped) ");
    return false;
}

/* Has LAMMPS read in.data, write its temperature, and write out.data. @return the temperature */
static double run_lammps(const char *units)
{
    char command[1024];
    double temperature = NAN;
    FILE *input = fopen(test_path("in.lammps"), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(input);
    fprintf(input,
            "units %s\natom_style atomic\nread_data in.data\npair_style zero 3.0\npair_coeff * *\n"
            "thermo_modify format float %%.17g\nrun 0\n"
            "print '$(temp:%%.17g)' file temperature.txt screen no\nwrite_data out.data nocoeff\n",
            units);
    CU_ASSERT_EQUAL(fclose(input), 0);
    snprintf(command, sizeof command, "cd %s && lmp -in in.lammps -log none -screen lammps.txt >/dev/null 2>&1",
             test_folder());
    if (system(command) != 0) {
        snprintf(command, sizeof command, "cat %s", test_path("lammps.txt"));
        (void)!system(command);
        CU_FAIL_FATAL("lmp did not read the file");
    }
    FILE *output = fopen(test_path("temperature.txt"), "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(output);
    CU_ASSERT_EQUAL(fscanf(output, "%lf", &temperature), 1);
    CU_ASSERT_EQUAL(fclose(output), 0);
    return temperature;
}

static pel_configuration make_crystal(const pel_unit_system *units)
{
    const pel_lattice lattice = {
        .kind = PEL_LATTICE_FCC, .constant = 3.615, .cells = {4, 4, 5}, .fractions = (double[]){0.75, 0.25}, .seed = 4};
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    atoms.mass[0] = 63.546;
    atoms.mass[1] = 58.6934;
    CHECK_STATUS(pel_lattice_fill(&lattice, &atoms));
    for (int d = 0; d < 3; d++) atoms.box.lo[d] = -1.25 * (d + 1);
    pel_configuration_wrap(&atoms);
    CHECK_STATUS(pel_velocities_draw(&atoms, 812.5, 11, units));
    return atoms;
}

TEST(files_go_to_lammps_and_come_back_to_the_bit)
{
    static const char *const names[] = {"metal", "real", "lj"};
    if (!has_lammps()) return;
    for (int u = 0; u < 3; u++) {
        const pel_unit_system *units = NULL;
        CHECK_STATUS(pel_unit_system_find(names[u], &units));
        pel_configuration out = make_crystal(units), in = {0};
        const size_t n = (size_t)out.count;
        CHECK_STATUS(pel_data_file_write(test_path("in.data"), "a crystal", &out));
        const double temperature = run_lammps(names[u]);
        CU_ASSERT_DOUBLE_EQUAL(temperature, pel_velocities_temperature(&out, units), 812.5 * 1e-12);
        CHECK_STATUS(pel_data_file_read(test_path("out.data"), NULL, &in));
        CU_ASSERT_TRUE(in.count == out.count && in.mass[0] == 63.546 && in.mass[1] == 58.6934);
        CU_ASSERT_EQUAL(memcmp(in.id, out.id, n * sizeof *in.id), 0);
        CU_ASSERT_EQUAL(memcmp(in.type, out.type, n * sizeof *in.type), 0);
        CU_ASSERT_EQUAL(memcmp(in.image, out.image, n * sizeof *in.image), 0);
        CU_ASSERT_EQUAL(memcmp(in.position, out.position, n * sizeof *in.position), 0);
        for (size_t i = 0; i < n; i++)
            for (int d = 0; d < 3; d++)
                CU_ASSERT_DOUBLE_EQUAL(in.velocity[i][d], out.velocity[i][d], 1e-12 * fabs(out.velocity[i][d]));
        pel_configuration_free(&in);
        pel_configuration_free(&out);
    }
}

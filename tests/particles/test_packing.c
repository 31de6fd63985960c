/* Random packings keep their distances; velocities have their temperature and no drift. */
#include "particles/packing.h"

#include <math.h>

#include "particles/velocities.h"
#include "support/test.h"

static pel_configuration pack(const pel_packing *packing, int types)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, types));
    CHECK_STATUS(pel_packing_fill(packing, &atoms));
    return atoms;
}

static double least_distance(const pel_configuration *atoms)
{
    double least2 = INFINITY;
    for (long i = 0; i < atoms->count; i++)
        for (long j = 0; j < i; j++) {
            double sum = 0;
            for (int d = 0; d < 3; d++) {
                double apart = atoms->position[i][d] - atoms->position[j][d];
                if (atoms->box.is_periodic[d]) apart -= atoms->box.length[d] * round(apart / atoms->box.length[d]);
                sum += apart * apart;
            }
            least2 = fmin(least2, sum);
        }
    return sqrt(least2);
}

TEST(packed_atoms_keep_their_distance_across_the_sides)
{
    const long count[2] = {600, 200};
    pel_packing packing = {.count = count, .density = 0.5, .least_distance = 0.95, .seed = 3};
    for (int open = 0; open < 2; open++) {
        packing.is_open[0] = open;
        pel_configuration atoms = pack(&packing, 2);
        const double least = least_distance(&atoms);
        CU_ASSERT_TRUE(atoms.count == 800 && atoms.type[599] == 1 && atoms.type[600] == 2);
        CU_ASSERT_DOUBLE_EQUAL(atoms.box.length[2], cbrt(1600), 1e-12);
        CU_ASSERT_TRUE(least >= 0.95 && least < 0.96); /* 800 atoms: some pair lies just beyond it */
        pel_configuration_free(&atoms);
    }
}

TEST(a_packing_depends_on_its_seed_alone)
{
    const long count = 100;
    pel_packing packing = {.count = &count, .length = {5, 6, 7}, .least_distance = 0.8, .seed = 1};
    pel_configuration a = pack(&packing, 1), b = pack(&packing, 1);
    packing.seed = 2;
    pel_configuration c = pack(&packing, 1);
    CU_ASSERT_EQUAL(memcmp(a.position, b.position, 100 * sizeof *a.position), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(a.position, c.position, 100 * sizeof *a.position), 0);
    pel_configuration_free(&a);
    pel_configuration_free(&b);
    pel_configuration_free(&c);
}

TEST(a_packing_stays_in_its_region_and_fills_it_evenly)
{
    const long count = 4000;
    const pel_region slab = {.lo = {0, 0, 4}, .hi = {0, 0, 8}};
    const pel_packing packing = {
        .count = &count, .length = {10, 10, 12}, .seed = 9, .regions = &slab, .region_count = 1};
    pel_configuration atoms = pack(&packing, 1);
    int low = 0;
    for (long i = 0; i < count; i++) {
        CU_ASSERT_TRUE(atoms.position[i][2] >= 4 && atoms.position[i][2] < 8);
        low += atoms.position[i][2] < 6;
    }
    CU_ASSERT_TRUE(abs(low - 2000) < 4 * sqrt(1000)); /* four standard deviations of the binomial distribution */
    pel_configuration_free(&atoms);
}

TEST(packings_that_cannot_be_are_refused)
{
    const long count = 1000, few = 20, none = 0;
    const pel_region corner = {.hi = {1, 1, 1}};
    const struct {
        const char *text;
        pel_packing packing;
    } cases[] = {
        {"at most 0.3841", {.count = &count, .density = 0.9, .least_distance = 1}},
        {"finds no place",
         {.count = &few, .length = {9, 9, 9}, .least_distance = 1, .regions = &corner, .region_count = 1}},
        {"either a density", {.count = &count}},
        {"either a density", {.count = &count, .density = 1, .length = {1, 1, 1}}},
        {"length[1] is -1", {.count = &count, .length = {1, -1, 1}}},
        {"no atoms", {.count = &none, .density = 1}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = {0};
        CHECK_STATUS(pel_configuration_types(&atoms, 1));
        CHECK_FAILS(pel_packing_fill(&cases[c].packing, &atoms), PEL_ERR_ARGUMENT, cases[c].text);
        pel_configuration_free(&atoms);
    }
}

/* ---- velocities ---- */

static pel_configuration gas(void)
{
    const long count[2] = {3000, 1000};
    const pel_packing packing = {.count = count, .density = 0.1};
    pel_configuration atoms = pack(&packing, 2);
    atoms.mass[0] = 63.546;
    atoms.mass[1] = 1.008;
    return atoms;
}

TEST(velocities_have_their_temperature_and_no_drift)
{
    const pel_unit_system *metal = NULL;
    pel_configuration atoms = gas();
    CHECK_STATUS(pel_unit_system_find("metal", &metal));
    CHECK_STATUS(pel_velocities_draw(&atoms, 300, 7, metal));
    CU_ASSERT_DOUBLE_EQUAL(pel_velocities_temperature(&atoms, metal), 300, 300 * 1e-15);
    for (int d = 0; d < 3; d++) {
        double momentum = 0, size = 0;
        for (long i = 0; i < atoms.count; i++) {
            momentum += atoms.mass[atoms.type[i] - 1] * atoms.velocity[i][d];
            size += fabs(atoms.mass[atoms.type[i] - 1] * atoms.velocity[i][d]);
        }
        CU_ASSERT_TRUE(fabs(momentum) < 1e-14 * size);
    }
    pel_configuration_free(&atoms);
}

/* Of a normal distribution, <v^2> = kT/m for each type, and <v^4> = 3 <v^2>^2. */
TEST(velocities_are_normal_with_the_width_of_their_mass)
{
    const pel_unit_system *metal = NULL;
    pel_configuration atoms = gas();
    CHECK_STATUS(pel_unit_system_find("metal", &metal));
    CHECK_STATUS(pel_velocities_draw(&atoms, 300, 7, metal));
    double second[2] = {0}, fourth[2] = {0}, count[2] = {0};
    for (long i = 0; i < atoms.count; i++) {
        const int t = atoms.type[i] - 1;
        const double width2 = metal->boltzmann * 300 / (atoms.mass[t] * metal->kinetic_unit);
        for (int d = 0; d < 3; d++) {
            const double v2 = atoms.velocity[i][d] * atoms.velocity[i][d] / width2;
            second[t] += v2;
            fourth[t] += v2 * v2;
            count[t]++;
        }
    }
    for (int t = 0; t < 2; t++) { /* variances 2 and 96: four standard deviations */
        CU_ASSERT_DOUBLE_EQUAL(second[t] / count[t], 1, 4 * sqrt(2 / count[t]));
        CU_ASSERT_DOUBLE_EQUAL(fourth[t] / count[t], 3, 4 * sqrt(96 / count[t]));
    }
    pel_configuration_free(&atoms);
}

TEST(a_temperature_of_infinite_energy_is_refused)
{
    const pel_unit_system *lj = NULL;
    pel_configuration atoms = gas();
    CHECK_STATUS(pel_unit_system_find("lj", &lj));
    CHECK_STATUS(pel_velocities_draw(&atoms, 1e300, 1, lj));
    CU_ASSERT_DOUBLE_EQUAL(pel_velocities_temperature(&atoms, lj), 1e300, 1e300 * 1e-15);
    CHECK_FAILS(pel_velocities_draw(&atoms, 1e305, 1, lj), PEL_ERR_ARGUMENT, "temperature of 1e+305");
    pel_configuration_free(&atoms);
}

TEST(one_atom_rests_and_bad_temperatures_are_refused)
{
    const pel_unit_system *lj = NULL;
    const long count = 1;
    const pel_packing packing = {.count = &count, .density = 1};
    pel_configuration atoms = pack(&packing, 1);
    CHECK_STATUS(pel_unit_system_find("lj", &lj));
    CHECK_FAILS(pel_velocities_draw(&atoms, 1, 1, lj), PEL_ERR_ARGUMENT, "mass of type 1");
    atoms.mass[0] = 1;
    CHECK_FAILS(pel_velocities_draw(&atoms, -1, 1, lj), PEL_ERR_ARGUMENT, "temperature of -1");
    CHECK_STATUS(pel_velocities_draw(&atoms, 1, 1, lj));
    CU_ASSERT_TRUE(atoms.velocity[0][0] == 0 && atoms.velocity[0][1] == 0 && atoms.velocity[0][2] == 0);
    pel_configuration_free(&atoms);
}

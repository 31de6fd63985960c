/* Profiles: densities and temperatures of known layers; pressures that add up to the box's, and stay where they act. */
#include "particles/profile.h"

#include <math.h>

#include "particles/lattice.h"
#include "particles/lj.h"
#include "particles/packing.h"
#include "particles/system.h"
#include "particles/velocities.h"
#include "support/test.h"

static pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

static pel_potential *lennard_jones(void)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(1, 0x1p15, 0x1p15, &potential));
    CHECK_STATUS(
        pel_pairs_set(potential, 0, 0, &pel_lj_kind, &(pel_lj){1, 1}, sizeof(pel_lj), 2.5, PEL_TRUNCATION_SHIFTED));
    return potential;
}

static const pel_unit_system *lj(void)
{
    const pel_unit_system *units = NULL;
    CHECK_STATUS(pel_unit_system_find("lj", &units));
    return units;
}

/* A slab of liquid in the middle third of a box that is longer along x. */
static pel_configuration slab(void)
{
    const long count = 500;
    const pel_region middle = {.lo = {7, 0, 0}, .hi = {14, 0, 0}};
    const pel_packing packing = {.count = &count,
                                 .length = {21, 10, 10},
                                 .least_distance = 0.9,
                                 .seed = 2,
                                 .regions = &middle,
                                 .region_count = 1};
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 2;
    CHECK_STATUS(pel_packing_fill(&packing, &atoms));
    CHECK_STATUS(pel_velocities_draw(&atoms, 1.5, 4, lj()));
    return atoms;
}

TEST(a_slab_has_its_density_and_temperature_where_it_is)
{
    pel_team *team = team_of(2);
    pel_configuration atoms = slab();
    pel_profile profile;
    CHECK_STATUS(pel_profile_create(1, 3, 0, &profile));
    for (int frame = 0; frame < 2; frame++) CHECK_STATUS(pel_profile_sample(&profile, team, &atoms, NULL, lj()));
    CU_ASSERT_TRUE(profile.count[0] == 0 && profile.count[1] == 1000 && profile.count[2] == 0);
    CU_ASSERT_DOUBLE_EQUAL(pel_profile_density(&profile, 0, 1), 500 / 700.0, 1e-12);
    CU_ASSERT_TRUE(pel_profile_density(&profile, 1, 0) == 0 && pel_profile_temperature(&profile, 0, lj()) == 0);
    /* The velocities have 3 N - 3 degrees of freedom, the bin counts 3 N. */
    CU_ASSERT_DOUBLE_EQUAL(pel_profile_temperature(&profile, 1, lj()), 1.5 * 1497 / 1500, 1e-12);
    CU_ASSERT_EQUAL(pel_profile_normal_pressure(&profile, 1, lj()), 0); /* no potential was given */
    pel_profile_free(&profile);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(pressures_of_the_bins_add_up_to_that_of_the_box)
{
    pel_team *team = team_of(2);
    pel_configuration atoms = slab();
    pel_system *system = NULL;
    pel_potential *potential = lennard_jones();
    CHECK_STATUS(pel_system_create(&(pel_system_spec){.team = team, .potential = potential}, &atoms, &system));
    CHECK_STATUS(pel_system_forces(system, true));
    const double *virial = pel_system_energy_of(system)->virial;
    for (int axis = 0; axis < 3; axis++) {
        pel_profile profile;
        double normal = 0, tangential = 0;
        CHECK_STATUS(pel_profile_create(1, 17, axis, &profile));
        CHECK_STATUS(pel_profile_sample(&profile, team, &atoms, potential, lj()));
        for (int bin = 0; bin < 17; bin++) {
            normal += profile.virial[bin];
            tangential += profile.virial[17 + bin];
        }
        const double across = (virial[(axis + 1) % 3] + virial[(axis + 2) % 3]) / 2;
        CU_ASSERT_DOUBLE_EQUAL(normal, virial[axis], 1e-9 * fabs(virial[axis]));
        CU_ASSERT_DOUBLE_EQUAL(tangential, across, 1e-9 * fabs(across));
        pel_profile_free(&profile);
    }
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

/* Two atoms 1.5 apart along z, across the periodic side: the force acts in all bins between them, and in no other. */
TEST(a_pair_acts_along_the_line_between_its_atoms)
{
    pel_configuration atoms = {.box = {.length = {6, 6, 6}, .is_periodic = {true, true, true}}};
    pel_team *team = team_of(1);
    pel_potential *potential = lennard_jones();
    pel_profile profile;
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){1, 1, 0.5}));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){1, 1, 5}));
    CHECK_STATUS(pel_profile_create(1, 12, 2, &profile));
    CHECK_STATUS(pel_profile_sample(&profile, team, &atoms, potential, lj()));
    const double force = 24 * (2 * pow(1.5, -13) - pow(1.5, -7)), whole = 1.5 * force; /* -dU/dr */
    for (int bin = 0; bin < 12; bin++) {
        const bool is_between = bin == 0 || bin >= 10; /* 5 to 6, and 0 to 0.5 */
        CU_ASSERT_DOUBLE_EQUAL(profile.virial[bin], is_between ? whole / 3 : 0, 1e-12);
        CU_ASSERT_DOUBLE_EQUAL(profile.virial[12 + bin], 0, 1e-12);
    }
    const double volume = 6 * 6 * 0.5;
    CU_ASSERT_DOUBLE_EQUAL(pel_profile_normal_pressure(&profile, 11, lj()), force / 2 / volume, 1e-12);
    pel_profile_free(&profile);
    pel_potential_destroy(potential);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(threads_do_not_change_a_bit)
{
    pel_configuration atoms = slab();
    pel_potential *potential = lennard_jones();
    pel_profile profile[2];
    for (int p = 0; p < 2; p++) {
        pel_team *team = team_of(1 + 2 * p);
        CHECK_STATUS(pel_profile_create(1, 40, 0, &profile[p]));
        CHECK_STATUS(pel_profile_sample(&profile[p], team, &atoms, potential, lj()));
        pel_team_destroy(team);
    }
    CU_ASSERT_EQUAL(memcmp(profile[0].virial, profile[1].virial, 80 * sizeof(double)), 0);
    CU_ASSERT_EQUAL(memcmp(profile[0].kinetic, profile[1].kinetic, 80 * sizeof(double)), 0);
    CU_ASSERT_TRUE(profile[0].virial[20] != 0);
    for (int p = 0; p < 2; p++) pel_profile_free(&profile[p]);
    pel_potential_destroy(potential);
    pel_configuration_free(&atoms);
}

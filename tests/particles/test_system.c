/* Systems of atoms: lists never miss a pair, whatever moves; bad states are named; storage never shows. */
#include "particles/system.h"

#include <math.h>

#include "base/random.h"
#include "particles/lattice.h"
#include "particles/lj.h"
#include "particles/packing.h"
#include "support/test.h"

static pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

static pel_potential *lennard_jones(double cutoff)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(1, 0x1p15, 0x1p15, &potential));
    CHECK_STATUS(
        pel_pairs_set(potential, 0, 0, &pel_lj_kind, &(pel_lj){1, 1}, sizeof(pel_lj), cutoff, PEL_TRUNCATION_CUT));
    return potential;
}

/* N atoms anywhere in a box, no two of them close. */
static void scatter(pel_configuration *atoms, long count, const double length[3], const bool is_open[3], uint64_t seed)
{
    pel_packing packing = {.count = &count, .least_distance = 0.9, .seed = seed};
    CHECK_STATUS(pel_configuration_types(atoms, 1));
    atoms->mass[0] = 1;
    memcpy(packing.length, length, sizeof packing.length);
    memcpy(packing.is_open, is_open, sizeof packing.is_open);
    CHECK_STATUS(pel_packing_fill(&packing, atoms));
}

static pel_system *system_of(pel_team *team, const pel_configuration *atoms, double cutoff, double skin)
{
    pel_system *system = NULL;
    const pel_system_spec spec = {.team = team, .potential = lennard_jones(cutoff), .skin = skin, .sort_every = 2};
    CHECK_STATUS(pel_system_create(&spec, atoms, &system));
    return system;
}

/* ---- lists ---- */

/* Pairs within the cutoff, by looking at all of them. */
static long count_pairs(const pel_system *system, const pel_configuration *atoms, double cutoff)
{
    const pel_simulation_box *box = pel_system_box(system);
    long pairs = 0;
    for (long i = 0; i < atoms->count; i++)
        for (long j = i + 1; j < atoms->count; j++) {
            double r2 = 0;
            for (int d = 0; d < 3; d++) {
                double apart = atoms->position[i][d] - atoms->position[j][d];
                if (box->is_periodic[d]) apart -= box->length[d] * round(apart / box->length[d]);
                r2 += apart * apart;
            }
            pairs += r2 < cutoff * cutoff;
        }
    return pairs;
}

typedef struct shaking {
    double most;
    uint64_t step;
} shaking;

static void shake(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    const shaking *s = data;
    pel_atoms *a = pel_system_atoms(system);
    for (long i = lo; i < hi; i++)
        for (int d = 0; d < 3; d++) {
            const pel_random_key key = {1, (uint64_t)a->id[i], s->step, (uint64_t)d};
            /* one atom in ten moves ten times as far: the check is about the two furthest */
            const double most = a->id[i] % 10 == 0 ? s->most : s->most / 10;
            a->position[i][d] +=
                pel_grain_round(pel_system_position_grain(system), most * (2 * pel_random_uniform(key) - 1));
        }
}

static void check_lists(const double length[3], const bool is_open[3], int threads)
{
    pel_configuration atoms = {0}, now = {0};
    pel_team *team = team_of(threads);
    scatter(&atoms, 600, length, is_open, 7);
    pel_system *system = system_of(team, &atoms, 2.5, 0.4);
    for (int step = 0; step < 30; step++) {
        shaking s = {0.06, (uint64_t)step};
        pel_system_each(system, shake, &s);
        CHECK_STATUS(pel_system_moved(system));
        pel_system_forces(system, true); /* atoms may overlap: only pairs are of interest */
        CHECK_STATUS(pel_system_store(system, &now));
        CU_ASSERT_EQUAL(pel_system_energy_of(system)->pairs, count_pairs(system, &now, 2.5));
    }
    const long builds = pel_system_cost_of(system).builds;
    CU_ASSERT(builds > 3 && builds < 25); /* some steps went without building */
    pel_system_destroy(system);
    pel_configuration_free(&now);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(lists_never_miss_a_pair_of_moving_atoms)
{
    check_lists((double[]){10, 11, 12}, (bool[]){false, false, false}, 1);
    check_lists((double[]){6, 9, 22}, (bool[]){false, false, true}, 2);
    check_lists((double[]){12, 12, 12}, (bool[]){true, true, true}, 3);
}

TEST(lists_never_miss_a_pair_when_the_box_shrinks)
{
    pel_configuration atoms = {0}, now = {0};
    pel_team *team = team_of(2);
    scatter(&atoms, 400, (double[]){10, 10, 10}, (bool[]){false, false, false}, 3);
    pel_system *system = system_of(team, &atoms, 2.5, 0.4);
    for (int step = 0; step < 25; step++) {
        shaking s = {0.02, (uint64_t)step};
        pel_system_each(system, shake, &s);
        CHECK_STATUS(pel_system_scale(system, (double[]){0.992, 0.995, 0.999}));
        pel_system_forces(system, true);
        CHECK_STATUS(pel_system_store(system, &now));
        CU_ASSERT_EQUAL(pel_system_energy_of(system)->pairs, count_pairs(system, &now, 2.5));
    }
    CU_ASSERT(pel_system_cost_of(system).builds < 20);
    pel_system_destroy(system);
    pel_configuration_free(&now);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

/* ---- storage ---- */

TEST(a_state_that_is_stored_and_loaded_is_the_same_to_the_bit)
{
    pel_configuration atoms = {0}, once = {0}, twice = {0};
    pel_team *team = team_of(2);
    scatter(&atoms, 500, (double[]){9, 10, 11}, (bool[]){false, true, false}, 5);
    pel_system *system = system_of(team, &atoms, 2.5, 0.3);
    for (int step = 0; step < 5; step++) {
        shaking s = {2.0, (uint64_t)step}; /* across sides, too */
        pel_system_each(system, shake, &s);
        CHECK_STATUS(pel_system_moved(system));
    }
    CHECK_STATUS(pel_system_store(system, &once));
    CHECK_STATUS(pel_system_load(system, &once));
    CHECK_STATUS(pel_system_store(system, &twice));
    const size_t n = (size_t)once.count;
    CU_ASSERT_EQUAL(memcmp(once.position, twice.position, n * sizeof *once.position), 0);
    CU_ASSERT_EQUAL(memcmp(once.image, twice.image, n * sizeof *once.image), 0);
    CU_ASSERT_EQUAL(memcmp(once.id, twice.id, n * sizeof *once.id), 0);
    long crossed = 0;
    for (long i = 0; i < once.count; i++) crossed += once.image[i][0] != 0;
    CU_ASSERT(crossed > 0);
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_configuration_free(&once);
    pel_configuration_free(&twice);
    pel_team_destroy(team);
}

/* ---- bad states ---- */

TEST(a_box_smaller_than_twice_the_reach_is_refused)
{
    pel_configuration atoms = {0};
    pel_team *team = team_of(1);
    scatter(&atoms, 50, (double[]){5.5, 8, 8}, (bool[]){false, false, false}, 2);
    pel_system *system = NULL;
    const pel_system_spec spec = {.team = team, .potential = lennard_jones(2.5), .skin = 0.3};
    CHECK_FAILS(pel_system_create(&spec, &atoms, &system), PEL_ERR_ARGUMENT, "5.5 long in x, less than twice");
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

/* The latest failure's sentence contains this. */
#define CHECK_SAYS(text) CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), (text)))

TEST(overlapping_atoms_are_named_with_the_nearest_neighbour)
{
    pel_configuration atoms = {0};
    pel_team *team = team_of(2);
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    atoms.box = (pel_simulation_box){.length = {10, 10, 10}, .is_periodic = {true, true, true}};
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){5, 5, 5}));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){0.2, 5, 5}));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){9.9, 5, 5}));
    pel_system *system = system_of(team, &atoms, 2.5, 0.3);
    CHECK_FAILS(pel_system_forces(system, true), PEL_ERR_NUMERICS, "atoms overlap");
    CHECK_SAYS("atom 2 at (0.2, 5, 5), velocity (0, 0, 0), force (");
    CHECK_SAYS("nearest neighbour atom 3 at a distance of 0.3;");
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(of_overlapping_pairs_the_nearest_is_named)
{
    const double place[4] = {1, 1.3, 5, 5.2};
    pel_configuration atoms = {0};
    pel_team *team = team_of(1);
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    atoms.box = (pel_simulation_box){.length = {10, 10, 10}, .is_periodic = {true, true, true}};
    for (int i = 0; i < 4; i++) CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){place[i], 5, 5}));
    pel_system *system = system_of(team, &atoms, 2.5, 0.3);
    CHECK_FAILS(pel_system_forces(system, false), PEL_ERR_NUMERICS, "atom 3 at (5, 5, 5)");
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(an_atom_that_is_lost_is_named)
{
    pel_configuration atoms = {0};
    pel_team *team = team_of(2);
    scatter(&atoms, 100, (double[]){8, 8, 8}, (bool[]){true, false, false}, 2);
    pel_system *system = system_of(team, &atoms, 2.5, 0.3);
    CHECK_STATUS(pel_system_moved(system)); /* lists, whose positions a neighbour is found by where others are none */
    pel_atoms *a = pel_system_atoms(system);
    for (long i = 0; i < a->count; i++)
        if (a->id[i] == 42) a->position[i][0] = 1e6;
    CHECK_FAILS(pel_system_moved(system), PEL_ERR_NUMERICS, "an atom is lost");
    CHECK_SAYS("atom 42 at (1000000, ");
    CHECK_SAYS("force not yet known, nearest neighbour atom ");
    for (long i = 0; i < a->count; i++)
        if (a->id[i] == 42) a->position[i][0] = NAN;
    CHECK_FAILS(pel_system_moved(system), PEL_ERR_NUMERICS, "an atom is lost");
    CHECK_SAYS("atom 42 at (nan, ");
    CHECK_SAYS(" when the lists were built");
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

static double position_of(pel_system *system, int64_t id, double to, bool is_set)
{
    pel_atoms *a = pel_system_atoms(system);
    for (long i = 0; i < a->count; i++) {
        if (a->id[i] != id) continue;
        if (is_set) a->position[i][0] = to;
        return a->position[i][0];
    }
    return NAN;
}

/* Positions are held in a range that ends at a power of two; there, too, atoms drift out of the box between builds. */
TEST(an_atom_may_leave_a_box_whose_length_is_a_power_of_two)
{
    pel_configuration atoms = {0};
    pel_team *team = team_of(1);
    scatter(&atoms, 100, (double[]){8, 8, 8}, (bool[]){false, false, false}, 2);
    pel_system *system = system_of(team, &atoms, 2.5, 0.3);
    position_of(system, 42, 8.5, true);
    CHECK_STATUS(pel_system_rebuild(system));
    CU_ASSERT_EQUAL(position_of(system, 42, 0, false), 0.5);
    position_of(system, 42, 15.5, true); /* nearly a box length outside */
    CHECK_STATUS(pel_system_rebuild(system));
    CU_ASSERT_EQUAL(position_of(system, 42, 0, false), 7.5);
    CHECK_STATUS(pel_system_scale(system, (double[]){1, 1, 1}));
    position_of(system, 42, 16, true);
    CHECK_FAILS(pel_system_rebuild(system), PEL_ERR_NUMERICS, "atom 42 at (16, ");
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(a_density_too_high_for_lists_is_named)
{
    pel_configuration atoms = {0};
    pel_team *team = team_of(1);
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    atoms.box = (pel_simulation_box){.length = {10, 10, 10}};
    for (int i = 0; i < 5000; i++)
        CHECK_STATUS(
            pel_configuration_add(&atoms, 1, (double[]){0.01 * (i % 17), 0.01 * (i / 17 % 17), 0.01 * (i / 289)}));
    pel_system *system = NULL;
    const pel_system_spec spec = {.team = team, .potential = lennard_jones(2.5), .skin = 0.3};
    CHECK_STATUS(pel_system_create(&spec, &atoms, &system));
    CHECK_FAILS(pel_system_forces(system, true), PEL_ERR_NUMERICS, "more than 4096 atoms within 2.8");
    CHECK_SAYS("atom 1 at (0, 0, 0)");
    CHECK_SAYS("nearest neighbour atom 2 at a distance of 0.01;");
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

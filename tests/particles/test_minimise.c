/* Minimisation: crystals fall back into place, overlaps go, boxes find their size, and always by the same path. */
#include "particles/dynamics.h"
#include "particles/elastic.h"
#include "particles/minimise.h"

static const double cutoff = 2.5;
/* 256 atoms with 54 neighbours in a perfect crystal, where the energies of all pairs of a shell, multiples of 2^-36,
 * round the same way. */
static const double energy_rounding = 256 * 54 / 2 * 0x1p-37;

/* A crystal whose atoms are up to `reach` off their places; every fifth atom is of type 2 if there are two types. */
static void fill_shaken(int cells, double density, double reach, int types, pel_configuration *atoms)
{
    pel_configuration crystal = {0};
    fill_crystal(cells, density, 0, &crystal);
    CHECK_STATUS(pel_configuration_types(atoms, types));
    atoms->mass[0] = 1;
    if (types > 1) atoms->mass[1] = 4;
    atoms->box = crystal.box;
    for (long i = 0; i < crystal.count; i++) {
        double x[3];
        for (int a = 0; a < 3; a++) {
            const pel_random_key key = {.id = (uint64_t)i, .draw = (uint64_t)a};
            x[a] = crystal.position[i][a] + reach * (2 * pel_random_uniform(key) - 1);
        }
        CHECK_STATUS(pel_configuration_add(atoms, types > 1 && i % 5 == 0 ? 2 : 1, x));
    }
    pel_configuration_wrap(atoms);
    pel_configuration_free(&crystal);
}

typedef struct solid {
    pel_team *team;
    pel_system *system;
} solid;

static solid solid_of(const pel_configuration *atoms, int threads, double skin)
{
    solid s = {.team = team_of(threads)};
    s.system = system_of(s.team, lennard_jones(atoms->types, cutoff, PEL_TRUNCATION_FORCE_SHIFTED), skin, atoms);
    return s;
}

static solid shaken(double reach, int types, int threads, double skin)
{
    pel_configuration atoms = {0};
    fill_shaken(4, 1.0, reach, types, &atoms);
    const solid s = solid_of(&atoms, threads, skin);
    pel_configuration_free(&atoms);
    return s;
}

static void end(solid *s)
{
    pel_system_destroy(s->system);
    pel_team_destroy(s->team);
}

static double energy_of(solid *s)
{
    CHECK_STATUS(pel_system_forces(s->system, true));
    return pel_system_energy_of(s->system)->potential;
}

static const pel_minimisation by_fire = {PEL_MINIMISER_FIRE, .force_tolerance = 1e-8, .most_iterations = 2000,
                                         .dt = 0.005},
                              by_gradients = {PEL_MINIMISER_CONJUGATE_GRADIENTS, .force_tolerance = 1e-8,
                                              .most_iterations = 500};

static void check_falls_back(const pel_minimisation *how, int types)
{
    solid perfect = shaken(0, types, 1, 0.3), s = shaken(0.08, types, 1, 0.3);
    const double least = energy_of(&perfect), before = energy_of(&s);
    pel_minimised result;
    CU_ASSERT(before > least + 10);
    CHECK_STATUS(pel_minimise(s.system, how, &result));
    printf(" %ld iterations, %ld forces ", result.iterations, result.evaluations);
    CU_ASSERT(result.is_converged);
    CU_ASSERT(result.most_force <= 1e-8);
    CU_ASSERT_DOUBLE_EQUAL(result.potential, least, energy_rounding);
    CU_ASSERT_EQUAL(pel_system_atoms(s.system)->velocity[17][1], 0);
    end(&perfect);
    end(&s);
}

TEST(a_shaken_crystal_falls_back_into_place_by_fire)
{
    check_falls_back(&by_fire, 1);
    check_falls_back(&by_fire, 2);
}

TEST(a_shaken_crystal_falls_back_into_place_by_conjugate_gradients)
{
    check_falls_back(&by_gradients, 1);
    check_falls_back(&by_gradients, 2);
}

TEST(it_stops_when_the_energy_no_longer_changes)
{
    for (int i = 0; i < 2; i++) {
        pel_minimisation how = i ? by_gradients : by_fire;
        how.force_tolerance = 0, how.energy_tolerance = 1e-9;
        solid s = shaken(0.05, 1, 1, 0.3);
        pel_minimised result;
        CHECK_STATUS(pel_minimise(s.system, &how, &result));
        CU_ASSERT(result.is_converged);
        CU_ASSERT(result.most_force > 1e-8 && result.most_force < 1);
        end(&s);
    }
}

static uint64_t minimised_hash(const pel_minimisation *how, int threads, double skin)
{
    solid s = shaken(0.15, 1, threads, skin);
    pel_minimised result;
    CHECK_STATUS(pel_minimise(s.system, how, &result));
    const uint64_t hash = hash_of(s.system);
    end(&s);
    return pel_hash_mix(hash, (uint64_t)result.evaluations);
}

TEST(the_path_is_the_same_to_the_bit_for_any_threads_and_skin)
{
    for (int i = 0; i < 2; i++) {
        pel_minimisation how = i ? by_gradients : by_fire;
        how.most_iterations = 60, how.most_move = 0.05;
        const uint64_t wanted = minimised_hash(&how, 1, 0.3);
        CU_ASSERT_EQUAL(minimised_hash(&how, 3, 0.3), wanted);
        CU_ASSERT_EQUAL(minimised_hash(&how, 2, 0.1), wanted);
        CU_ASSERT_EQUAL(minimised_hash(&how, 1, 0.2), wanted);
    }
}

TEST(held_types_stay_and_no_atom_moves_farther_than_allowed)
{
    const bool is_held[2] = {false, true};
    for (int i = 0; i < 2; i++) {
        pel_minimisation how = i ? by_gradients : by_fire;
        how.is_held = is_held, how.most_iterations = 1, how.most_move = 0.001;
        solid s = shaken(0.1, 2, 1, 0.3);
        pel_configuration before = {0}, after = {0};
        pel_minimised result;
        CHECK_STATUS(pel_system_store(s.system, &before));
        CHECK_STATUS(pel_minimise(s.system, &how, &result));
        CU_ASSERT_FALSE(result.is_converged);
        CHECK_STATUS(pel_system_store(s.system, &after));
        double farthest = 0;
        for (long row = 0; row < before.count; row++) {
            double square = 0;
            for (int a = 0; a < 3; a++) {
                const double crossed = (after.image[row][a] - before.image[row][a]) * before.box.length[a];
                square += pow(after.position[row][a] + crossed - before.position[row][a], 2);
            }
            if (before.type[row] == 2) CU_ASSERT_EQUAL(square, 0);
            farthest = fmax(farthest, sqrt(square));
        }
        CU_ASSERT(farthest > 0 && farthest < 0.001 * (1 + 1e-9));
        pel_configuration_free(&before);
        pel_configuration_free(&after);
        end(&s);
    }
}

/* ---- overlaps ---- */

static double least_distance(solid *s)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_system_store(s->system, &atoms));
    double least = INFINITY;
    for (long i = 0; i < atoms.count; i++)
        for (long j = 0; j < i; j++) {
            double square = 0;
            for (int a = 0; a < 3; a++)
                square += pow(remainder(atoms.position[i][a] - atoms.position[j][a], atoms.box.length[a]), 2);
            least = fmin(least, sqrt(square));
        }
    pel_configuration_free(&atoms);
    return least;
}

static solid packed(long count, double length)
{
    pel_configuration atoms = {0};
    fill_gas(count, length, 1, &atoms);
    const solid s = solid_of(&atoms, 2, 0.3);
    pel_configuration_free(&atoms);
    return s;
}

/* Two atoms too near fly apart, past the minimum, and are sent back by half of what they have really moved. */
TEST(a_step_back_uphill_is_no_longer_than_allowed)
{
    pel_configuration atoms = {.box = {.length = {10, 10, 10}, .is_periodic = {true, true, true}}};
    pel_minimised result;
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){4.6, 5, 5}));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){5.4, 5, 5}));
    solid s = solid_of(&atoms, 1, 0.3);
    double before = 0.8;
    for (int most = 1; most < 60; most++) {
        pel_minimisation how = by_fire;
        how.most_iterations = most;
        how.most_move = 0.01;
        CHECK_STATUS(pel_system_load(s.system, &atoms));
        CHECK_STATUS(pel_minimise(s.system, &how, &result));
        const pel_atoms *a = pel_system_atoms(s.system);
        const double now = fabs(a->position[1][0] - a->position[0][0]);
        CU_ASSERT(fabs(now - before) < 2 * 0.01 * (1 + 1e-9));
        before = now;
    }
    pel_configuration_free(&atoms);
    end(&s);
}

TEST(a_random_packing_with_overlaps_is_pushed_apart_and_minimised)
{
    solid s = packed(400, 7.9);
    pel_minimised result;
    pel_minimisation how = by_fire;
    long steps;
    CHECK_FAILS(pel_minimise(s.system, &how, &result), PEL_ERR_NUMERICS, "overlap");
    CHECK_STATUS(pel_push_apart(s.system, 0, NULL, 2000, &steps));
    printf(" %ld steps ", steps);
    CU_ASSERT(steps > 0);
    CU_ASSERT(least_distance(&s) >= pel_system_potential(s.system)->least_distance);
    how.most_iterations = 200;
    CHECK_STATUS(pel_minimise(s.system, &how, &result));
    CU_ASSERT(least_distance(&s) > 0.9);
    CU_ASSERT(result.potential / 400 < -4);
    CHECK_STATUS(pel_push_apart(s.system, 0.9, NULL, 2000, &steps));
    CU_ASSERT_EQUAL(steps, 0);
    end(&s);
}

TEST(atoms_that_have_no_room_cannot_be_pushed_apart)
{
    solid s = packed(400, 6);
    long steps;
    CHECK_FAILS(pel_push_apart(s.system, 1, NULL, 100, &steps), PEL_ERR_NUMERICS, "too many for the box");
    end(&s);
}

/* ---- boxes and elastic constants ---- */

TEST(a_box_finds_the_size_at_which_its_pressure_is_as_wanted)
{
    solid s = shaken(0.03, 1, 1, 0.2);
    pel_minimised result;
    for (int i = 0; i < 2; i++) {
        const double wanted = i * 2.0;
        CHECK_STATUS(pel_minimise_box(s.system, &by_gradients, wanted, 1e-9, &result));
        const double length = pel_system_box(s.system)->length[0], volume = length * length * length, h = 1e-4;
        double energy[2];
        for (int side = 0; side < 2; side++) { /* the pressure is -dE/dV */
            const double factor = cbrt(side ? (1 + h) / (1 - h) : 1 - h);
            CHECK_STATUS(pel_system_scale(s.system, (double[3]){factor, factor, factor}));
            energy[side] = energy_of(&s);
        }
        CU_ASSERT_DOUBLE_EQUAL(-(energy[1] - energy[0]) / (2 * h * volume), wanted, 5e-6);
    }
    end(&s);
}

/* A crystal without stress, its cubes' edges along the axes or turned by 45 degrees about z. */
static solid relaxed_crystal(bool is_turned, double constant)
{
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC,
                                 .constant = constant,
                                 .cells = {is_turned ? 6 : 4, is_turned ? 6 : 4, 4},
                                 .orient = {{1, is_turned ? 1 : 0, 0}, {is_turned ? -1 : 0, 1, 0}, {0, 0, 1}}};
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = 1;
    CHECK_STATUS(pel_lattice_fill(&lattice, &atoms));
    const solid s = solid_of(&atoms, 1, 0.2);
    pel_configuration_free(&atoms);
    return s;
}

TEST(elastic_constants_of_a_crystal_of_pairs_obey_cauchy_and_give_the_bulk_modulus)
{
    pel_minimised result;
    pel_cubic_constants c;
    solid straight = relaxed_crystal(false, 1.58);
    CHECK_STATUS(pel_minimise_box(straight.system, &by_gradients, 0, 1e-9, &result));
    const double length = pel_system_box(straight.system)->length[0];
    solid turned = relaxed_crystal(true, length / 4);
    const uint64_t before = hash_of(straight.system);
    CHECK_STATUS(pel_elastic_cubic(straight.system, turned.system, 1e-4, NULL, &c));
    CU_ASSERT_EQUAL(hash_of(straight.system), before);
    printf(" a %.8f C11 %.5f C12 %.5f C44 %.5f ", length / 4, c.c11, c.c12, c.c44);
    CU_ASSERT(fabs(c.c44 / c.c12 - 1) < 1e-5); /* central forces, no stress, each atom a centre of symmetry */
    double pressure[2];
    const double h = 1e-4;
    for (int side = 0; side < 2; side++) {
        const double factor = side ? (1 + h) / (1 - h) : 1 - h;
        CHECK_STATUS(pel_system_scale(straight.system, (double[3]){factor, factor, factor}));
        energy_of(&straight);
        const double *w = pel_system_energy_of(straight.system)->virial, *l = pel_system_box(straight.system)->length;
        pressure[side] = (w[0] + w[1] + w[2]) / (3 * l[0] * l[1] * l[2]);
    }
    const double bulk = -(pressure[1] - pressure[0]) / (6 * h);
    CU_ASSERT(fabs(bulk / ((c.c11 + 2 * c.c12) / 3) - 1) < 1e-5);
    /* atoms that may relax stay where symmetry holds them */
    pel_cubic_constants relaxed;
    solid again = relaxed_crystal(false, length / 4);
    CHECK_STATUS(pel_elastic_cubic(again.system, turned.system, 1e-4, &by_gradients, &relaxed));
    CU_ASSERT_DOUBLE_EQUAL(relaxed.c44, c.c44, 1e-5 * c.c44);
    end(&straight);
    end(&turned);
    end(&again);
}

TEST(minimisations_that_make_no_sense_are_refused)
{
    solid s = shaken(0.03, 1, 1, 0.2);
    pel_minimised result;
    CHECK_FAILS(pel_minimise(s.system, &(pel_minimisation){PEL_MINIMISER_FIRE, .dt = 1}, &result), PEL_ERR_ARGUMENT,
                "at least 1 iteration");
    CHECK_FAILS(pel_minimise(s.system, &(pel_minimisation){PEL_MINIMISER_FIRE, .most_iterations = 1}, &result),
                PEL_ERR_ARGUMENT, "time step");
    CHECK_FAILS(pel_minimise_box(s.system, &by_fire, 0, 0, &result), PEL_ERR_ARGUMENT, "tolerance");
    end(&s);
}

/* Driven types, walls, gravity, and boxes that are deformed. */
#include "particles/dynamics.h"

typedef struct world {
    pel_team *team;
    pel_system *system;
    pel_dynamics *dynamics;
} world;

/* A potential with a cutoff and no forces. */
static pel_potential *nothing_between(int types)
{
    const pel_lj coefficients = {.epsilon = 0, .sigma = 1};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(types, 0x1p15, 0x1p15, &potential));
    CHECK_STATUS(
        pel_pairs_set(potential, 0, 0, &pel_lj_kind, &coefficients, sizeof coefficients, 2.5, PEL_TRUNCATION_CUT));
    return potential;
}

/* Atoms of two types that do not see each other, in a box from 0 to 10 that is open along z, with the given places,
 * velocities, and types. */
static world world_of(int count, const double (*position)[3], const double (*velocity)[3], const int *type,
                      pel_dynamics_spec spec)
{
    pel_configuration atoms = {.box = {.length = {10, 10, 10}, .is_periodic = {true, true, false}}};
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    atoms.mass[0] = 2, atoms.mass[1] = 3;
    for (int i = 0; i < count; i++) {
        CHECK_STATUS(pel_configuration_add(&atoms, type ? type[i] : 1, position[i]));
        memcpy(atoms.velocity[i], velocity[i], sizeof *atoms.velocity);
    }
    world w = {.team = team_of(1)};
    const pel_system_spec system = {
        .team = w.team, .potential = nothing_between(2), .skin = 2, .kinetic_unit = 0.5, .longest = 50};
    CHECK_STATUS(pel_system_create(&system, &atoms, &w.system));
    w.dynamics = dynamics_of(w.system, spec);
    pel_configuration_free(&atoms);
    return w;
}

static void end(world *w)
{
    pel_dynamics_destroy(w->dynamics);
    pel_system_destroy(w->system);
    pel_team_destroy(w->team);
}

static pel_configuration atoms_of(const world *w)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_system_store(w->system, &atoms));
    return atoms;
}

static const double middle[1][3] = {{5, 5, 5}}, upwards[1][3] = {{0.5, 0, 1}};

TEST(an_atom_thrown_up_falls_on_a_parabola)
{
    const double g = -0.3, t = 2;
    world w = world_of(1, middle, upwards, NULL, (pel_dynamics_spec){.dt = 0.01, .external.acceleration = {0, 0, g}});
    const double before = measures_of(w.dynamics, 0).conserved;
    CHECK_STATUS(pel_dynamics_run(w.dynamics, 0, 200, true));
    pel_configuration atoms = atoms_of(&w);
    CU_ASSERT_DOUBLE_EQUAL(atoms.position[0][0], 5 + 0.5 * t, 1e-11);
    CU_ASSERT_DOUBLE_EQUAL(atoms.position[0][2], 5 + t + 0.5 * g * t * t, 1e-9); /* forces are rounded to 2^-36 */
    CU_ASSERT_DOUBLE_EQUAL(measures_of(w.dynamics, 200).conserved, before, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(before, 0.5 * 2 * 0.5 * (0.25 + 1) - 2 * 0.5 * g * 5, 1e-12);
    pel_configuration_free(&atoms);
    end(&w);
}

TEST(a_mirror_sends_an_atom_back_as_fast_as_it_came)
{
    const pel_external mirrors = {.walls = 2,
                                  .wall = {{PEL_WALL_REFLECTING, .dimension = 2, .position = 1},
                                           {PEL_WALL_REFLECTING, .dimension = 2, .is_high = true, .position = 9}}};
    world w = world_of(1, middle, upwards, NULL, (pel_dynamics_spec){.dt = 0.01, .external = mirrors});
    CHECK_STATUS(pel_dynamics_run(w.dynamics, 0, 1600, true)); /* there and back: 2 * 8 at speed 1 */
    pel_configuration atoms = atoms_of(&w);
    CU_ASSERT_DOUBLE_EQUAL(atoms.position[0][2], 5, 1e-10);
    CU_ASSERT_EQUAL(atoms.velocity[0][2], 1);
    CHECK_STATUS(pel_dynamics_run(w.dynamics, 1600, 500, true));
    pel_configuration_free(&atoms);
    atoms = atoms_of(&w);
    CU_ASSERT_DOUBLE_EQUAL(atoms.position[0][2], 8, 1e-10);
    CU_ASSERT_EQUAL(atoms.velocity[0][2], -1);
    pel_configuration_free(&atoms);
    end(&w);
}

static const pel_wall soft = {PEL_WALL_HARMONIC, .dimension = 2, .position = 0, .stiffness = 7, .cutoff = 2},
                      steep = {PEL_WALL_LENNARD_JONES, .dimension = 2, .position = 10, .is_high = true,
                               .epsilon = 1.5,         .sigma = 1.1,   .cutoff = 3};

TEST(a_walls_force_is_the_slope_of_its_energy)
{
    const pel_wall walls[] = {soft, steep};
    const double h = 1e-5;
    for (int i = 0; i < 2; i++)
        for (double z = 0.8; z < 2.9; z += 0.17) {
            double above, below, here, force, unused;
            pel_wall_at(&walls[i], z + h, &above, &unused);
            pel_wall_at(&walls[i], z - h, &below, &unused);
            pel_wall_at(&walls[i], z, &here, &force);
            CU_ASSERT(fabs(force + (above - below) / (2 * h)) < 1e-7 * fmax(1, fabs(force)));
        }
    double energy, force;
    pel_wall_at(&steep, 3, &energy, &force);
    CU_ASSERT(energy == 0 && force == 0);
    pel_wall_at(&steep, 3 - 1e-9, &energy, &force);
    CU_ASSERT_DOUBLE_EQUAL(energy, 0, 1e-8);
}

TEST(between_walls_energy_is_conserved_and_the_walls_get_what_the_atom_loses)
{
    const double dt = 0.002;
    world w = world_of(1, middle, upwards, NULL,
                       (pel_dynamics_spec){.dt = dt, .external = {.walls = 2, .wall = {soft, steep}}});
    const double before = measures_of(w.dynamics, 0).conserved;
    double least = 10, most = 0, impulse = 0;
    pel_measures now = {0};
    for (long step = 0; step < 8000; step++) {
        CHECK_STATUS(pel_dynamics_run(w.dynamics, step, 1, true));
        now = measures_of(w.dynamics, step + 1);
        CU_ASSERT(fabs(now.conserved - before) < 1e-3);
        impulse += dt * (now.wall_force[0] + now.wall_force[1]);
        const double z = pel_system_atoms(w.system)->position[0][2];
        least = fmin(least, z), most = fmax(most, z);
    }
    CU_ASSERT(least > 1 && least < 2); /* m v^2 / 2 = 0.5 (and the wall above pulls): stops within 2 - sqrt(1/7) */
    CU_ASSERT(most > 8 && most < 9.5);
    const double lost = 2 * 0.5 * (1 - pel_system_atoms(w.system)->velocity[0][2]); /* m kinetic_unit dv */
    CU_ASSERT_DOUBLE_EQUAL(impulse, lost, 1e-3);
    end(&w);
}

TEST(an_atom_behind_a_wall_is_named)
{
    world w = world_of(1, (const double[1][3]){{5, 5, 10.5}}, upwards, NULL,
                       (pel_dynamics_spec){.dt = 0.01, .external = {.walls = 1, .wall = {steep}}});
    CHECK_FAILS(pel_dynamics_run(w.dynamics, 0, 1, false), PEL_ERR_NUMERICS, "atom 1 is behind a wall");
    end(&w);
}

TEST(a_wall_needs_an_open_side)
{
    pel_dynamics *dynamics;
    world w = world_of(1, middle, upwards, NULL, (pel_dynamics_spec){.dt = 0.01});
    pel_dynamics_spec spec = {.dt = 0.01, .external = {.walls = 1, .wall = {soft}}};
    spec.external.wall[0].dimension = 0;
    CHECK_FAILS(pel_dynamics_create(&spec, w.system, &dynamics), PEL_ERR_ARGUMENT, "x is periodic");
    end(&w);
}

TEST(the_energy_of_weight_does_not_show_when_an_atom_was_wrapped)
{
    const pel_external external = {.acceleration = {0.1, 0, 0}};
    world w = world_of(1, middle, upwards, NULL, (pel_dynamics_spec){.dt = 0.01});
    CHECK_STATUS(pel_system_scale(w.system, (double[]){1.0 / 3 + 0.8, 1, 1})); /* a length of many digits */
    const double length = pel_system_box(w.system)->length[0];
    const pel_atoms *atoms = pel_system_atoms(w.system);
    for (int crossings = 1; crossings < 100; crossings++) {
        pel_external_sums wrapped, not_yet;
        atoms->image[0][0] = crossings;
        pel_external_sum(&external, w.system, &wrapped);
        atoms->position[0][0] += length, atoms->image[0][0]--;
        pel_external_sum(&external, w.system, &not_yet);
        atoms->position[0][0] -= length;
        CU_ASSERT_EQUAL(wrapped.energy, not_yet.energy);
    }
    end(&w);
}

TEST(driven_atoms_keep_their_velocity_and_have_no_temperature)
{
    const double places[3][3] = {{5, 5, 5}, {1, 1, 1}, {2, 2, 2}};
    const double velocities[3][3] = {{1, 0, 0}, {9, 9, 9}, {0, 0, 2}};
    const int type[3] = {1, 2, 1};
    const pel_motion motion[2] = {{.is_driven = false}, {.is_driven = true, .velocity = {0, 0.25, 0}}};
    world w = world_of(3, places, velocities, type,
                       (pel_dynamics_spec){.dt = 0.01,
                                           .motion = motion,
                                           .external.acceleration = {0, 0, 1e-3},
                                           .thermostat = {PEL_THERMOSTAT_LANGEVIN, 1, .time = 0.1}});
    const pel_measures start = measures_of(w.dynamics, 0);
    CU_ASSERT_EQUAL(start.freedom, 6);
    CU_ASSERT_DOUBLE_EQUAL(start.kinetic, 0.5 * 2 * 0.5 * (1 + 4), 1e-14);
    CHECK_STATUS(pel_dynamics_run(w.dynamics, 0, 400, false));
    pel_configuration atoms = atoms_of(&w);
    const double *x = atoms.position[1];
    CU_ASSERT(x[0] == 1 && x[2] == 1);
    CU_ASSERT_DOUBLE_EQUAL(x[1], 1 + 0.25 * 4, 1e-10); /* 400 moves, rounded to 2^-44 each */
    CU_ASSERT_EQUAL(atoms.velocity[1][1], 0.25);
    CU_ASSERT_NOT_EQUAL(atoms.position[2][0], 2);
    pel_configuration_free(&atoms);
    end(&w);
}

static void check_deformed(bool is_true_rate, double wanted)
{
    const double places[1][3] = {{2.5, 4, 5}}, rest[1][3] = {{0}};
    world w = world_of(1, places, rest, NULL,
                       (pel_dynamics_spec){
                           .dt = 0.01, .deformation = {.rate = {0.2, 0, 0}, .is_true_rate = is_true_rate, .every = 4}});
    CHECK_STATUS(pel_dynamics_run(w.dynamics, 50, 103, false)); /* the last change leads to step 152 */
    pel_configuration atoms = atoms_of(&w);
    CU_ASSERT_DOUBLE_EQUAL(atoms.box.length[0], wanted, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(atoms.position[0][0], wanted / 4, 1e-11);
    CU_ASSERT_EQUAL(atoms.box.length[1], 10);
    CU_ASSERT_EQUAL(atoms.position[0][1], 4);
    pel_configuration_free(&atoms);
    end(&w);
}

TEST(the_box_grows_at_the_engineering_rate_or_the_true_one)
{
    check_deformed(false, 10 * (1 + 0.2 * 1.02));
    check_deformed(true, 10 * exp(0.2 * 1.02));
}

TEST(specifications_that_make_no_sense_are_refused)
{
    pel_dynamics *dynamics;
    world w = world_of(1, middle, upwards, NULL, (pel_dynamics_spec){.dt = 0.01});
    CHECK_FAILS(pel_dynamics_create(&(pel_dynamics_spec){0}, w.system, &dynamics), PEL_ERR_ARGUMENT, "time step");
    CHECK_FAILS(pel_dynamics_create(&(pel_dynamics_spec){.dt = 1, .thermostat = {PEL_THERMOSTAT_BUSSI, 1}}, w.system,
                                    &dynamics),
                PEL_ERR_ARGUMENT, "relaxation time");
    CHECK_FAILS(pel_dynamics_create(&(pel_dynamics_spec){.dt = 1, .barostat = {.time = 1, .compressibility = 1}},
                                    w.system, &dynamics),
                PEL_ERR_ARGUMENT, "temperature of its own");
    CHECK_FAILS(pel_dynamics_create(
                    &(pel_dynamics_spec){.dt = 1, .barostat = {.time = 1, .compressibility = 1, .temperature = 1}},
                    w.system, &dynamics),
                PEL_ERR_ARGUMENT, "periodic in all dimensions");
    CHECK_FAILS(pel_dynamics_create(&(pel_dynamics_spec){.dt = 1, .deformation.rate = {0, 0, 1}}, w.system, &dynamics),
                PEL_ERR_ARGUMENT, "along z, where it is open");
    end(&w);
}

/* The same bits whatever the threads, the skin, the order of storage, and wherever a run was stopped and resumed. */
#include "particles/dynamics.h"

enum { STEPS = 50 };

/* How a run is done; none of it may show in the result. */
typedef struct manner {
    int threads;
    double skin;
    int sort_every;
    int stop[3];  /* steps at which the run is stopped, and resumed in a new system; rising, 0: not */
    bool asks;    /* for energies on the way */
    bool resizes; /* the team, between steps */
} manner;

/* What is run. */
typedef struct model {
    const char *name;
    pel_dynamics_spec spec;
} model;

static const pel_motion motion[2] = {{.is_driven = false}, {.is_driven = true, .velocity = {0.5, 0, 0}}};

static const model models[] = {
    {"nve", {.dt = 0.004}},
    {"langevin", {.dt = 0.004, .thermostat = {PEL_THERMOSTAT_LANGEVIN, .temperature = 1.2, .time = 0.5}}},
    {"bussi", {.dt = 0.004, .thermostat = {PEL_THERMOSTAT_BUSSI, .temperature = 1.2, .time = 0.1}}},
    {"nose-hoover", {.dt = 0.004, .thermostat = {PEL_THERMOSTAT_NOSE_HOOVER, .temperature = 1.2, .time = 0.1}}},
    {"ramp",
     {.dt = 0.004,
      .thermostat = {PEL_THERMOSTAT_NOSE_HOOVER, .temperature = 1.2, .last_temperature = 2, .ramp_begin = 10,
                     .ramp_end = 40, .time = 0.1}}},
    {"barostat",
     {.dt = 0.004,
      .thermostat = {PEL_THERMOSTAT_BUSSI, .temperature = 1.2, .time = 0.1},
      .barostat = {.pressure = 1, .time = 0.5, .compressibility = 0.1, .every = 4}}},
    {"deformed", {.dt = 0.004, .deformation = {.rate = {0.1, -0.05, 0}, .every = 3}}},
    {"driven", {.dt = 0.004, .thermostat = {PEL_THERMOSTAT_LANGEVIN, .temperature = 1, .time = 0.5}, .motion = motion}},
};
enum { MODELS = sizeof models / sizeof *models };

typedef struct state {
    pel_configuration atoms;
    double scalar[32];
} state;

static void begin(state *s)
{
    *s = (state){0};
    fill_crystal(5, 0.8442, 1.44, &s->atoms);
    pel_configuration two = {0};
    CHECK_STATUS(pel_configuration_types(&two, 2));
    two.mass[0] = 1, two.mass[1] = 2;
    two.box = s->atoms.box;
    for (long i = 0; i < s->atoms.count; i++) {
        CHECK_STATUS(pel_configuration_add(&two, i % 9 == 0 ? 2 : 1, s->atoms.position[i]));
        memcpy(two.velocity[i], s->atoms.velocity[i], sizeof *two.velocity);
    }
    pel_configuration_free(&s->atoms);
    s->atoms = two;
}

static void take_steps(const manner *how, pel_team *team, pel_dynamics *dynamics, int from, int to)
{
    for (int step = from; step < to && how->asks; step++) {
        CHECK_STATUS(pel_dynamics_run(dynamics, step, 1, step % 7 == 0));
        if (step % 5 == 0) measures_of(dynamics, step + 1);
    }
    for (int step = from; step < to && how->resizes; step++) {
        CHECK_STATUS(pel_team_resize(team, 1 + 3 * step % 4)); /* 1, 4, 3, 2 and again */
        CHECK_STATUS(pel_dynamics_run(dynamics, step, 1, false));
    }
    if (!how->asks && !how->resizes) CHECK_STATUS(pel_dynamics_run(dynamics, from, to - from, false));
}

/* Runs from step `from` to `to` in a system of its own. */
static uint64_t run_part(const model *what, const manner *how, state *s, int from, int to)
{
    pel_team *team = team_of(how->threads);
    pel_system *system = NULL;
    const pel_system_spec spec = {.team = team,
                                  .potential = lennard_jones(2, 2.5, PEL_TRUNCATION_CUT),
                                  .skin = how->skin,
                                  .sort_every = how->sort_every,
                                  .longest = 12};
    CHECK_STATUS(pel_system_create(&spec, &s->atoms, &system));
    pel_dynamics *dynamics = dynamics_of(system, what->spec);
    const pel_dynamics_scalar *scalar;
    const int scalars = pel_dynamics_scalars(dynamics, &scalar);
    for (int i = 0; i < scalars; i++) *scalar[i].value = s->scalar[i];
    take_steps(how, team, dynamics, from, to);
    for (int i = 0; i < scalars; i++) s->scalar[i] = *scalar[i].value;
    CHECK_STATUS(pel_system_store(system, &s->atoms));
    const uint64_t hash = hash_of(system);
    pel_dynamics_destroy(dynamics);
    pel_system_destroy(system);
    pel_team_destroy(team);
    return hash;
}

static uint64_t run(const model *what, manner how)
{
    state s;
    begin(&s);
    int from = 0;
    for (int i = 0; i < 3 && how.stop[i] > 0; from = how.stop[i++]) run_part(what, &how, &s, from, how.stop[i]);
    uint64_t hash = run_part(what, &how, &s, from, STEPS);
    hash = pel_hash_mix(hash, pel_hash_bytes(s.scalar, sizeof s.scalar));
    pel_configuration_free(&s.atoms);
    return hash;
}

static const manner plain = {.threads = 1, .skin = 0.3};

/* The hash of a model run plainly; computed once. */
static uint64_t wanted(int i)
{
    static uint64_t known[MODELS];
    if (known[i] == 0) known[i] = run(&models[i], plain);
    return known[i];
}

static void check_same(manner how)
{
    for (int i = 0; i < MODELS; i++) {
        const bool is_same = run(&models[i], how) == wanted(i);
        if (!is_same) printf("\n  %s: other bits", models[i].name);
        CU_ASSERT(is_same);
    }
}

TEST(any_number_of_threads_gives_the_same_bits)
{
    for (int threads = 2; threads <= 4; threads++) check_same((manner){.threads = threads, .skin = 0.3});
}

TEST(any_skin_gives_the_same_bits)
{
    check_same((manner){.threads = 1, .skin = 0.2});
    check_same((manner){.threads = 2, .skin = 0.5});
}

TEST(sorted_or_not_gives_the_same_bits)
{
    check_same((manner){.threads = 1, .skin = 0.2, .sort_every = -1});
    check_same((manner){.threads = 1, .skin = 0.2, .sort_every = 1});
}

TEST(stopped_and_resumed_gives_the_same_bits)
{
    check_same((manner){.threads = 1, .skin = 0.3, .stop = {13, 27, 44}});
    check_same((manner){.threads = 2, .skin = 0.4, .stop = {10, 11, 48}});
}

TEST(asking_for_energies_gives_the_same_bits)
{
    check_same((manner){.threads = 1, .skin = 0.3, .asks = true});
}

TEST(a_team_resized_between_steps_gives_the_same_bits)
{
    check_same((manner){.threads = 2, .skin = 0.3, .resizes = true});
}

TEST(different_models_and_seeds_give_different_bits)
{
    model other = models[1];
    other.spec.seed = 1;
    CU_ASSERT_NOT_EQUAL(wanted(1), run(&other, plain));
    for (int i = 0; i < MODELS; i++)
        for (int j = 0; j < i; j++) CU_ASSERT_NOT_EQUAL(wanted(i), wanted(j));
}

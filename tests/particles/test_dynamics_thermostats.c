/* Thermostats and the barostat give the canonical distributions, and conserve what they should. */
#include "particles/dynamics.h"

static const double k = 8.617343e-5, unit = 1.0364269e-4; /* of metal: neither constant of it is 1 */

typedef struct gas {
    pel_team *team;
    pel_system *system;
    pel_dynamics *dynamics;
} gas;

static gas gas_of(long count, double length, double mass, double boltzmann, double kinetic_unit, pel_dynamics_spec spec)
{
    gas g = {.team = team_of(1)};
    pel_configuration atoms = {0};
    fill_gas(count, length, mass, &atoms);
    const pel_system_spec system = {.team = g.team,
                                    .potential = lennard_jones(1, 0, PEL_TRUNCATION_CUT),
                                    .skin = length / 4,
                                    .boltzmann = boltzmann,
                                    .kinetic_unit = kinetic_unit,
                                    .longest = 3 * length};
    for (long i = 0; i < count; i++) atoms.velocity[i][i % 3] = i % 2 ? 1 : -1; /* only not at rest */
    CHECK_STATUS(pel_system_create(&system, &atoms, &g.system));
    g.dynamics = dynamics_of(g.system, spec);
    pel_configuration_free(&atoms);
    return g;
}

static void end(gas *g)
{
    pel_dynamics_destroy(g->dynamics);
    pel_system_destroy(g->system);
    pel_team_destroy(g->team);
}

/* Mean and variance of a series; errors from the number of independent values in it. */
typedef struct statistics {
    double sum, squares;
    long count;
} statistics;

static void take(statistics *s, double value)
{
    s->sum += value, s->squares += value * value, s->count++;
}

static double mean(const statistics *s)
{
    return s->sum / (double)s->count;
}

static double variance(const statistics *s)
{
    return s->squares / (double)s->count - mean(s) * mean(s);
}

/* Chi-squared of n degrees of freedom: mean n, variance 2 n, fourth moment 12 n (n + 4). Of samples that each keep
 * `kept` of the one before, (1 - kept) / (1 + kept) count as independent. */
static void check_chi_squared(const statistics *s, double n, double kept)
{
    const double independent = (double)s->count * (1 - kept) / (1 + kept);
    printf(" mean %.3f variance %.3f ", mean(s), variance(s));
    CU_ASSERT(fabs(mean(s) - n) < 4 * sqrt(2 * n / independent));
    CU_ASSERT(fabs(variance(s) - 2 * n) < 4 * sqrt((8 * n * n + 48 * n) / independent));
}

/* ---- Langevin ---- */

enum { ATOMS = 2000 };

static void copy_velocities(const gas *g, double (*to)[3])
{
    const pel_atoms *atoms = pel_system_atoms(g->system);
    for (long i = 0; i < atoms->count; i++) memcpy(to[atoms->id[i] - 1], atoms->velocity[i], sizeof *to);
}

static double correlation(double (*a)[3], double (*b)[3])
{
    double sum = 0;
    for (long i = 0; i < ATOMS; i++)
        for (int c = 0; c < 3; c++) sum += a[i][c] * b[i][c];
    return sum / (3 * ATOMS);
}

TEST(free_atoms_with_langevin_friction_have_equipartition_and_forget_exponentially)
{
    enum { LAG = 4, ORIGINS = 130 };
    const double temperature = 300, mass = 63.55, time = 0.2, dt = 0.5 * time;
    gas g = gas_of(
        ATOMS, 100, mass, k, unit,
        (pel_dynamics_spec){.dt = dt, .seed = 4, .thermostat = {PEL_THERMOSTAT_LANGEVIN, temperature, .time = time}});
    static double first[ATOMS][3], later[ATOMS][3];
    double self = 0, with[LAG + 1] = {0};
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 30, false));
    for (long step = 30, n = 0; n < ORIGINS; n++) {
        copy_velocities(&g, first);
        self += correlation(first, first) / ORIGINS;
        for (int lag = 1; lag <= LAG; lag++, step++) {
            CHECK_STATUS(pel_dynamics_run(g.dynamics, step, 1, false));
            copy_velocities(&g, later);
            with[lag] += correlation(first, later) / ORIGINS;
        }
    }
    const double wanted = k * temperature / (mass * unit), values = 3.0 * ATOMS * ORIGINS;
    printf(" <v2> off by %.2f %% ", 100 * (self / wanted - 1));
    CU_ASSERT(fabs(self / wanted - 1) < 0.005);
    for (int lag = 1; lag <= LAG; lag++) /* four standard errors of a product of normal numbers, at most 2 / n */
        CU_ASSERT(fabs(with[lag] / wanted - exp(-lag * dt / time)) < 4 * sqrt(2 / values));
    CU_ASSERT_EQUAL(pel_dynamics_freedom(g.dynamics), 3 * ATOMS);
    end(&g);
}

TEST(free_atoms_with_langevin_friction_have_the_canonical_kinetic_energy)
{
    enum { SAMPLES = 20000 };
    const double temperature = 300, time = 0.1, freedom = 3 * 8;
    gas g = gas_of(8, 20, 39.95, k, unit,
                   (pel_dynamics_spec){
                       .dt = time / 2, .seed = 6, .thermostat = {PEL_THERMOSTAT_LANGEVIN, temperature, .time = time}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 100, true));
    statistics s = {0};
    for (long i = 0, step = 100; i < SAMPLES; i++, step += 2) {
        CHECK_STATUS(pel_dynamics_run(g.dynamics, step, 2, true));
        take(&s, measures_of(g.dynamics, step + 2).kinetic / (0.5 * k * temperature));
    }
    check_chi_squared(&s, freedom, exp(-2)); /* velocities keep e^-1 from sample to sample, squares e^-2 */
    end(&g);
}

/* ---- Bussi ---- */

/* The regularised incomplete gamma function P(a, x): the share of the gamma distribution of shape a below x, by its
 * series (NIST Handbook of Mathematical Functions, 8.7.1), good for x up to a few times a. */
static double gamma_share(double a, double x)
{
    double term = exp(a * log(x) - x - lgamma(a + 1)), sum = 0;
    for (int j = 1; term > 1e-17 * sum; j++) {
        sum += term;
        term *= x / (a + j);
    }
    return sum;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

TEST(bussis_rescaling_alone_gives_exactly_the_gamma_distribution)
{
    enum { SAMPLES = 20000, BETWEEN = 12 };
    static const double freedoms[] = {1, 2, 3, 21, 1500};
    static double share[SAMPLES];
    const double kt = 1.5, decay = 0.25; /* 0.25^12 is left of a sample in the next */
    for (size_t f = 0; f < sizeof freedoms / sizeof *freedoms; f++) {
        double kinetic = freedoms[f] * kt / 2;
        for (uint64_t step = 0; step < SAMPLES * BETWEEN; step++) {
            kinetic *= pow(pel_bussi_factor(kinetic, freedoms[f], kt, decay, 7, step), 2);
            share[step / BETWEEN] = gamma_share(freedoms[f] / 2, kinetic / kt);
        }
        qsort(share, SAMPLES, sizeof *share, by_size);
        double furthest = 0; /* Kolmogorov and Smirnov: beyond 1.95 / sqrt(n) with a probability of 0.001 */
        for (int i = 0; i < SAMPLES; i++)
            furthest = fmax(furthest, fmax(fabs(share[i] - i / (double)SAMPLES), fabs(share[i] - (i + 1.0) / SAMPLES)));
        printf(" %.2f", furthest * sqrt(SAMPLES));
        CU_ASSERT(furthest < 1.95 / sqrt(SAMPLES));
    }
}

TEST(bussis_rescaling_gives_the_canonical_kinetic_energy_and_accounts_for_what_it_gives)
{
    enum { SAMPLES = 20000 };
    const double temperature = 300, time = 0.1, freedom = 3 * 8 - 3;
    gas g = gas_of(8, 20, 39.95, k, unit,
                   (pel_dynamics_spec){
                       .dt = time / 4, .seed = 5, .thermostat = {PEL_THERMOSTAT_BUSSI, temperature, .time = time}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 100, true));
    CU_ASSERT_EQUAL(pel_dynamics_freedom(g.dynamics), freedom);
    const double conserved = measures_of(g.dynamics, 100).conserved, kt = k * temperature;
    statistics s = {0};
    for (long i = 0, step = 100; i < SAMPLES; i++, step += 4) {
        CHECK_STATUS(pel_dynamics_run(g.dynamics, step, 4, true));
        take(&s, measures_of(g.dynamics, step + 4).kinetic / (0.5 * kt));
    }
    check_chi_squared(&s, freedom, exp(-1)); /* a sample each relaxation time */
    const double drift = measures_of(g.dynamics, 100 + 4 * SAMPLES).conserved - conserved;
    CU_ASSERT(fabs(drift) < 1e-8 * kt); /* rounding of 80000 steps */
    end(&g);
}

TEST(atoms_at_rest_cannot_be_rescaled)
{
    gas g = gas_of(2, 20, 1, 1, 1, (pel_dynamics_spec){.dt = 0.1, .thermostat = {PEL_THERMOSTAT_BUSSI, 1, .time = 1}});
    memset(pel_system_atoms(g.system)->velocity, 0, 2 * sizeof(double[3]));
    CHECK_FAILS(pel_dynamics_run(g.dynamics, 7, 1, false), PEL_ERR_NUMERICS, "step 8: all atoms are at rest");
    end(&g);
}

/* ---- Nose-Hoover ---- */

static const pel_thermostat chain_of_four = {PEL_THERMOSTAT_NOSE_HOOVER, .temperature = 1.5, .time = 0.5, .links = 4};

TEST(a_nose_hoover_chain_turned_back_comes_back)
{
    pel_nose_hoover chain = {.position = {0.1, 0.2, 0.3, 0.4}, .velocity = {0.5, -1, 0.7, 0.2}};
    const pel_nose_hoover start = chain;
    const double freedom = 30, kinetic = 40;
    const double there = pel_nose_hoover_factor(&chain_of_four, &chain, kinetic, freedom, 1, 1.5, 0.1);
    const double back = pel_nose_hoover_factor(&chain_of_four, &chain, kinetic * there * there, freedom, 1, 1.5, -0.1);
    CU_ASSERT_DOUBLE_EQUAL(there * back, 1, 1e-14);
    CU_ASSERT(fabs(there - 1) > 1e-3);
    for (int j = 0; j < 4; j++) {
        CU_ASSERT_DOUBLE_EQUAL(chain.position[j], start.position[j], 1e-14);
        CU_ASSERT_DOUBLE_EQUAL(chain.velocity[j], start.velocity[j], 1e-14);
    }
}

/* The largest change of K + the chain's energy in a time 5. */
static double chain_error(double dt)
{
    pel_nose_hoover chain = {.velocity = {0.5, -0.4, 0.3, 0.2}};
    const double freedom = 30, kt = 1.5;
    double kinetic = 30, worst = 0;
    const double start = kinetic + pel_nose_hoover_energy(&chain_of_four, &chain, freedom, 1, kt);
    for (int step = 0; step < (int)(5 / dt + 0.5); step++) {
        const double factor = pel_nose_hoover_factor(&chain_of_four, &chain, kinetic, freedom, 1, kt, dt);
        kinetic *= factor * factor;
        const double now = kinetic + pel_nose_hoover_energy(&chain_of_four, &chain, freedom, 1, kt);
        worst = fmax(worst, fabs(now - start));
    }
    return worst;
}

TEST(a_nose_hoover_chain_keeps_its_energy_to_fourth_order)
{
    const double order = log2(chain_error(0.02) / chain_error(0.01));
    printf(" order %.2f ", order);
    CU_ASSERT(fabs(order - 4) < 0.2);
}

static gas fluid_of(pel_dynamics_spec spec)
{
    gas g = {.team = team_of(1)};
    pel_configuration atoms = {0};
    fill_crystal(4, 0.8442, 1.44, &atoms);
    g.system = system_of(g.team, lennard_jones(1, 2.5, PEL_TRUNCATION_FORCE_SHIFTED), 0.3, &atoms);
    g.dynamics = dynamics_of(g.system, spec);
    pel_configuration_free(&atoms);
    return g;
}

TEST(a_fluid_with_a_nose_hoover_chain_has_the_canonical_kinetic_energy)
{
    enum { SAMPLES = 600, STRIDE = 10 };
    const double freedom = 3 * 256 - 3, temperature = 1.2;
    gas g = fluid_of(
        (pel_dynamics_spec){.dt = 0.005, .thermostat = {PEL_THERMOSTAT_NOSE_HOOVER, temperature, .time = 0.05}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 1000, true));
    const double before = measures_of(g.dynamics, 1000).conserved;
    statistics s = {0};
    double worst = 0;
    for (long i = 0, step = 1000; i < SAMPLES; i++, step += STRIDE) {
        CHECK_STATUS(pel_dynamics_run(g.dynamics, step, STRIDE, true));
        const pel_measures now = measures_of(g.dynamics, step + STRIDE);
        take(&s, now.temperature / temperature);
        worst = fmax(worst, fabs(now.conserved - before));
    }
    /* one independent value in about 100 steps is assumed: 60 */
    printf(" T %.4f, relative variance %.3f of 2/n, conserved to %.1e ", mean(&s), variance(&s) * freedom / 2, worst);
    CU_ASSERT(fabs(mean(&s) - 1) < 4 * sqrt(2 / freedom / 60));
    CU_ASSERT(fabs(variance(&s) * freedom / 2 - 1) < 4 * sqrt(2.0 / 60));
    CU_ASSERT(worst < 2e-3 * 256); /* as velocity Verlet at this step */
    end(&g);
}

TEST(a_fluid_with_bussis_rescaling_conserves_the_effective_energy)
{
    gas g = fluid_of((pel_dynamics_spec){.dt = 0.005, .thermostat = {PEL_THERMOSTAT_BUSSI, 1.2, .time = 0.05}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 500, true));
    const double before = measures_of(g.dynamics, 500).conserved;
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 500, 2000, true));
    const double drift = measures_of(g.dynamics, 2500).conserved - before;
    printf(" %.1e ", drift);
    CU_ASSERT(fabs(drift) < 2e-3 * 256);
    end(&g);
}

TEST(a_ramp_goes_linearly_from_its_first_temperature_to_its_last)
{
    const pel_thermostat ramp = {PEL_THERMOSTAT_LANGEVIN, .temperature = 100, .last_temperature = 300,
                                 .ramp_begin = 50,        .ramp_end = 150,    .time = 1};
    CU_ASSERT_EQUAL(pel_thermostat_temperature(&ramp, 0), 100);
    CU_ASSERT_EQUAL(pel_thermostat_temperature(&ramp, 75), 150);
    CU_ASSERT_EQUAL(pel_thermostat_temperature(&ramp, 1000), 300);
}

/* ---- the barostat ---- */

TEST(an_ideal_gas_under_the_barostat_has_the_volumes_of_the_constant_pressure_ensemble)
{
    enum { GAS = 256, SAMPLES = 8000 };
    const double kt = 1.5, pressure = 0.5, time = 1;
    gas g = gas_of(GAS, cbrt((GAS + 1) * kt / pressure), 1, 1, 1,
                   (pel_dynamics_spec){
                       .dt = 0.02,
                       .seed = 9,
                       .thermostat = {PEL_THERMOSTAT_LANGEVIN, kt, .time = 0.1},
                       .barostat = {.pressure = pressure, .time = time, .compressibility = 1 / pressure, .every = 2}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, 400, true));
    statistics s = {0};
    for (long i = 0, step = 400; i < SAMPLES; i++, step += 2) {
        CHECK_STATUS(pel_dynamics_run(g.dynamics, step, 2, true));
        take(&s, measures_of(g.dynamics, step + 2).volume * pressure / kt);
    }
    /* V is gamma distributed of shape N + 1; it relaxes in `time`: samples 0.04 apart, so 1 in 50 is independent */
    const double shape = GAS + 1, independent = SAMPLES / 50.0;
    printf(" mean %.2f variance %.1f ", mean(&s), variance(&s));
    CU_ASSERT(fabs(mean(&s) - shape) < 4 * sqrt(shape / independent));
    CU_ASSERT(fabs(variance(&s) / shape - 1) < 4 * sqrt(2 / independent));
    end(&g);
}

/* How far the conserved quantity goes in the same time, with moves of the box every `every` steps. */
static double barostat_drift(double dt, int every, long steps)
{
    gas g =
        fluid_of((pel_dynamics_spec){.dt = dt,
                                     .thermostat = {PEL_THERMOSTAT_BUSSI, 1.2, .time = 0.1},
                                     .barostat = {.pressure = 3, .time = 1, .compressibility = 0.1, .every = every}});
    CHECK_STATUS(pel_dynamics_run(g.dynamics, 0, steps, true));
    const pel_measures before = measures_of(g.dynamics, steps);
    CHECK_STATUS(pel_dynamics_run(g.dynamics, steps, steps, true));
    const pel_measures after = measures_of(g.dynamics, 2 * steps);
    CU_ASSERT(fabs(after.volume / before.volume - 1) > 1e-4);
    end(&g);
    return fabs(after.conserved - before.conserved);
}

TEST(a_fluid_under_the_barostat_conserves_the_effective_energy)
{
    const double drift = barostat_drift(0.004, 4, 1500);
    printf(" %.2g k T ", drift / 1.2);
    CU_ASSERT(drift < 2e-3 * 256);
}

TEST(a_barostat_that_is_too_fast_says_so)
{
    gas g = gas_of(64, 8, 1, 1, 1,
                   (pel_dynamics_spec){.dt = 0.1,
                                       .thermostat = {PEL_THERMOSTAT_LANGEVIN, 1, .time = 1},
                                       .barostat = {.pressure = 1, .time = 0.01, .compressibility = 10, .every = 1}});
    CHECK_FAILS(pel_dynamics_run(g.dynamics, 0, 5, false), PEL_ERR_NUMERICS, "give it a longer time");
    end(&g);
}

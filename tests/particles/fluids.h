/* Lennard-Jones fluids that tests run for a while, and means over a run with their errors. */
#ifndef PELAGOS_TESTS_PARTICLES_FLUIDS_H
#define PELAGOS_TESTS_PARTICLES_FLUIDS_H

#include "particles/dynamics.h"
#include "particles/transport.h"

typedef struct fluid {
    pel_team *team;
    pel_system *system;
    pel_dynamics *dynamics;
} fluid;

/* An fcc crystal of 4 cells^3 atoms that is to melt. */
static inline fluid fluid_of(int threads, int cells, double density, double temperature, double cutoff,
                             pel_truncation truncation, pel_dynamics_spec spec)
{
    pel_configuration atoms = {0};
    fluid f = {.team = team_of(threads)};
    fill_crystal(cells, density, temperature, &atoms);
    f.system = system_of(f.team, lennard_jones(1, cutoff, truncation), 0.3, &atoms);
    f.dynamics = dynamics_of(f.system, spec);
    pel_configuration_free(&atoms);
    return f;
}

static inline void fluid_end(fluid *f)
{
    pel_dynamics_destroy(f->dynamics);
    pel_system_destroy(f->system);
    pel_team_destroy(f->team);
}

static inline void velocity_values(const pel_system *system, long lo, long hi, long stride, double *value,
                                   const void *data)
{
    (void)data;
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (long i = lo; i < hi; i++)
        for (int a = 0; a < 3; a++) value[a * stride + i - lo] = atoms->velocity[i][a];
}

/* The exact sum of velocities, rounded once; masses are 1. */
static inline void momentum_of(const fluid *f, double momentum[3])
{
    pel_system_sum(f->system, 3, velocity_values, NULL, momentum);
}

/* A mean over a run, with its standard error from the means of the run's blocks, which are longer than anything
 * remembers (Flyvbjerg & Petersen, J. Chem. Phys. 91 (1989) 461). */
enum { BLOCKS = 10 };

typedef struct series {
    double block[BLOCKS];
    long samples, count; /* to come in all; taken */
} series;

static inline void series_take(series *s, double value)
{
    s->block[s->count * BLOCKS / s->samples] += value * BLOCKS / (double)s->samples;
    s->count++;
}

static inline double series_mean(const series *s)
{
    double sum = 0;
    for (int b = 0; b < BLOCKS; b++) sum += s->block[b];
    return sum / BLOCKS;
}

static inline double series_error(const series *s)
{
    double squares = 0;
    for (int b = 0; b < BLOCKS; b++) squares += pow(s->block[b] - series_mean(s), 2);
    return sqrt(squares / (BLOCKS - 1) / BLOCKS);
}

/* ---- equation of state ---- */

/* A state, and what is known of it: energy per atom, pressure (NAN: not given). */
typedef struct state_point {
    double temperature, density, energy, pressure;
} state_point;

/* Runs at constant volume and temperature, cutoff 3 with the tail: melts the crystal hot, cools it, and samples. */
static inline void sample_state(const state_point *point, int threads, int cells, long begin, long samples, long stride,
                                series *energy, series *pressure)
{
    const double hot = fmax(2.5, point->temperature);
    const pel_thermostat thermostat = {
        PEL_THERMOSTAT_BUSSI, .temperature = hot,    .last_temperature = point->temperature,
        .ramp_begin = 0,      .ramp_end = begin / 2, .time = 0.2};
    fluid f = fluid_of(threads, cells, point->density, hot, 3, PEL_TRUNCATION_CUT,
                       (pel_dynamics_spec){.dt = 0.004, .seed = 1, .has_tail = true, .thermostat = thermostat});
    const double atoms = (double)pel_system_atoms(f.system)->count;
    energy->samples = pressure->samples = samples;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, begin, false));
    for (long i = 0; i < samples; i++) {
        CHECK_STATUS(pel_dynamics_run(f.dynamics, begin + i * stride, stride, true));
        const pel_measures now = measures_of(f.dynamics, begin + (i + 1) * stride);
        series_take(energy, now.potential / atoms);
        series_take(pressure, now.pressure);
    }
    printf(" U/N %.4f +- %.4f p %.4f +- %.4f ", series_mean(energy), series_error(energy), series_mean(pressure),
           series_error(pressure));
    fluid_end(&f);
}

/* 2048 atoms over 2e5 steps, by one thread. */
static inline void check_state_at_length(state_point point)
{
    series energy = {0}, pressure = {0};
    sample_state(&point, 1, 8, 10000, 10000, 20, &energy, &pressure);
    CU_ASSERT(fabs(series_mean(&energy) - point.energy) < 0.003);
    if (!isnan(point.pressure)) CU_ASSERT(fabs(series_mean(&pressure) - point.pressure) < 0.02);
}

/* ---- diffusion ---- */

typedef struct diffusion {
    double einstein, green_kubo;
} diffusion;

/* Diffusion in a dense fluid at constant energy, from samples 0.02 apart. After 2 its velocities are forgotten but for
 * the autocorrelation's tail ~ t^-3/2; the slope of displacements between 2 and 3 is taken with the integral up to 2.5,
 * so that what is left out of both is the same. */
static inline diffusion measure_diffusion(int threads, int cells, int samples)
{
    enum { STRIDE = 5, FROM = 100, TO = 150, ORIGIN_EVERY = 10 };
    const double dt = 0.004, interval = STRIDE * dt;
    fluid f = fluid_of(threads, cells, 0.8442, 2.2, 2.5, PEL_TRUNCATION_FORCE_SHIFTED, (pel_dynamics_spec){.dt = dt});
    pel_transport transport;
    pel_configuration atoms = {0};
    long step = 2000;
    CHECK_STATUS(pel_transport_create(pel_system_atoms(f.system)->count, TO + 1, ORIGIN_EVERY, &transport));
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, step, false));
    for (int i = 0; i < samples; i++, step += STRIDE) {
        CHECK_STATUS(pel_system_store(f.system, &atoms));
        CHECK_STATUS(pel_transport_sample(&transport, f.team, &atoms));
        CHECK_STATUS(pel_dynamics_run(f.dynamics, step, STRIDE, false));
    }
    const diffusion d = {pel_transport_einstein(&transport, FROM, TO, interval),
                         pel_transport_green_kubo(&transport, (FROM + TO) / 2, interval)};
    printf(" T %.3f D %.5f and %.5f ", measures_of(f.dynamics, step).temperature, d.einstein, d.green_kubo);
    pel_transport_free(&transport);
    pel_configuration_free(&atoms);
    fluid_end(&f);
    return d;
}

#endif

/* Made-up studies: times that follow a law, with noise of a known kind. */
#ifndef PELAGOS_TESTS_SCALE_SYNTHETIC_H
#define PELAGOS_TESTS_SCALE_SYNTHETIC_H

#include <math.h>

#include "base/random.h"
#include "scale/study.h"

enum { SYNTHETIC_MOST_POINTS = 8, SYNTHETIC_MOST_ROUNDS = 16 };

/* Seconds a step on p threads, with the law's parameters. */
typedef double synthetic_law(double p, const double parameter[2]);

typedef struct synthetic_spec {
    scale_mode mode;
    synthetic_law *law;
    double parameter[2];
    int points; /* on 1, 2, 4 ... threads */
    int rounds;
    double noise;    /* standard deviation of the log of a time */
    double drift;    /* the same of what all times of a round share */
    double outliers; /* share of samples that take half as long again */
    uint64_t seed;
} synthetic_spec;

typedef struct synthetic_study {
    scale_point points[SYNTHETIC_MOST_POINTS];
    scale_sample samples[SYNTHETIC_MOST_POINTS][SYNTHETIC_MOST_ROUNDS];
} synthetic_study;

static inline double synthetic_time(const synthetic_spec *spec, double exact, int draw, int point, int round)
{
    const pel_random_key of_round = {.seed = spec->seed, .id = (uint64_t)draw, .step = (uint64_t)round};
    pel_random_key of_sample = of_round;
    of_sample.draw = (uint64_t)(2 * point + 1);
    const double log_noise = spec->noise * pel_random_normal(of_sample) + spec->drift * pel_random_normal(of_round);
    of_sample.draw++;
    const double outlier = pel_random_uniform(of_sample) < spec->outliers ? 1.5 : 1;
    return exact * exp(log_noise) * outlier;
}

/* The study of one draw. 100 steps of 1000 cells (times the threads where weak) a sample; its points live in `study`.
 */
static inline void synthetic_make(const synthetic_spec *spec, int draw, synthetic_study *study)
{
    for (int i = 0; i < spec->points; i++) {
        const int threads = 1 << i;
        const double work = 1000.0 * (spec->mode == SCALE_WEAK ? threads : 1);
        const double exact = spec->law(threads, spec->parameter);
        for (int round = 0; round < spec->rounds; round++)
            study->samples[i][round] = (scale_sample){.round = round,
                                                      .steps = 100,
                                                      .seconds = 100 * synthetic_time(spec, exact, draw, i, round),
                                                      .work = 100 * work,
                                                      .busy = NAN};
        study->points[i] = (scale_point){.mode = spec->mode,
                                         .threads = threads,
                                         .places = PEL_PLACEMENT_COMPACT,
                                         .work_a_step = work,
                                         .sample_count = spec->rounds,
                                         .samples = study->samples[i]};
    }
}

static inline double synthetic_amdahl(double p, const double s[2])
{
    return 0.02 * (s[0] + (1 - s[0]) / p);
}

static inline double synthetic_gustafson(double p, const double alpha[2])
{
    return 0.02 * p / (p - alpha[0] * (p - 1));
}

/* Strong: sigma, kappa. */
static inline double synthetic_usl(double p, const double c[2])
{
    return 0.02 * (1 + c[0] * (p - 1) + c[1] * p * (p - 1)) / p;
}

static inline double synthetic_weak_usl(double p, const double c[2])
{
    return 0.02 * (1 + c[0] * (p - 1) + c[1] * p * (p - 1));
}

#endif

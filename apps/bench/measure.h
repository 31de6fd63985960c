/**
 * @file
 * Measuring: contenders in turns in one process, medians and ranges, ratios taken turn by turn.
 */
#ifndef PELAGOS_APPS_BENCH_MEASURE_H
#define PELAGOS_APPS_BENCH_MEASURE_H

#include "bench/problem.h"

enum { BENCH_MOST_CONTENDERS = 8, BENCH_MOST_REPETITIONS = 1000 };

/** Median and range of what was measured several times. */
typedef struct bench_spread {
    double median, min, max;
} bench_spread;
/** Of `count` values, at least one; they are sorted. */
bench_spread bench_spread_of(double *values, int count);

/** What the machine can do, measured on a team. */
typedef struct bench_limits {
    double triad; /**< STREAM triad, declared bytes/s */
    double peak;  /**< fused multiply-adds in registers, floating-point operations/s */
    bool is_kept; /**< the peak is that of `pelagos machine --measure`, and was not measured beside the case */
} bench_limits;
pel_status bench_measure_limits(pel_team *team, bench_limits *limits);

/**
 * Runs every contender for `steps` steps, one after the other, `repetitions` times, each going on from the state that
 * the one before left.
 * @param seconds  receives the time of contender c in turn r at [c * repetitions + r]
 */
pel_status bench_take_turns(bench_problem *p, const bench_contender *contenders, int count, long steps, int repetitions,
                            double *seconds);

/** The options that ask for a plan and nothing else. */
pel_run_options bench_options_of(const pel_plan *plan);
/**
 * Lets the planner choose what the contender's options leave open: runs stretches of `steps` steps until its trials are
 * over, and puts its choice into the options. Otherwise every turn would begin with trials.
 */
pel_status bench_settle(bench_problem *p, bench_contender *contender, long steps);

/** What a person asks for; zero means the default. */
typedef struct bench_request {
    int cells[3]; /**< 0: the case's own size; the last known one stands for those that follow */
    bool is_periodic;
    int threads; /**< 0: as many as a run takes */
    long steps;
    int repetitions;         /**< default 5 */
    bool is_one;             /**< one executor, given by the options, beside the loops written by hand */
    pel_run_options options; /**< executor, pitch, height, chunk */
    bench_apps apps;
} bench_request;

/** A ratio of rates, or a difference of times, taken within each turn. `is_known`: both were measured. */
typedef struct bench_ratio {
    bool is_known;
    bench_spread of;
} bench_ratio;

/** How fast one contender was. */
typedef struct bench_figures {
    const char *name;
    bool is_hand, is_rival;
    pel_run_options options; /**< as it was run: tiles chosen */
    bench_spread updates;    /**< cells a second, each by a whole step */
    double bytes;            /**< declared bytes/s, of the median; 0: none are declared, as of calls and raw FFTW */
    double flops;            /**< operations/s, of the median; 0: not counted */
    bench_ratio beyond;      /**< of a case of overhead: seconds a step more than by hand */
} bench_figures;

/** What came out of one case on one team. */
typedef struct bench_result {
    const bench_case *which;
    int cells[3], threads, repetitions;
    bool is_periodic;
    long steps;
    double bytes_a_cell; /**< declared, a step */
    bench_limits limits;
    bench_figures figures[BENCH_MOST_CONTENDERS];
    int count;
    bench_ratio temporal_over_spatial, temporal_over_hand, temporal_over_better, spatial_over_hand;
    bench_ratio over_part;                     /**< of the first contender over its transforms alone */
    bench_ratio over_fftw, over_measured_fftw; /**< and over raw FFTW, planned either way */
} bench_result;

/** Verifies a case, then measures it. @return PEL_OK; PEL_ERR_NUMERICS if an answer is wrong; what running gives */
pel_status bench_measure(const bench_case *which, const bench_request *request, bench_result *result);

#endif

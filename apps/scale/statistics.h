/**
 * @file
 * What the samples of a study say: medians and their 95 % intervals, of times, rates, speed-ups.
 *
 * The base of a point is the point of its mode and places with the fewest threads, b. With R the time a step of the
 * point over that of the base, and q = p / b:
 *
 *                  strong                                weak (the work grows with the threads)
 *     efficiency   1 / (q R)                             1 / R
 *     speed-up     1 / R, ideal q                        q / R, ideal q
 *     Karp-Flatt   (R / b - 1/p) / ((1 - 1/p) - R (1 - 1/b)), with R / q for R where the mode is weak;
 *                  for b = 1 it is (1/S - 1/p) / (1 - 1/p) of the speed-up S (Karp & Flatt 1990, CACM 33, 539)
 */
#ifndef PELAGOS_SCALE_STATISTICS_H
#define PELAGOS_SCALE_STATISTICS_H

#include "base/status.h"
#include "scale/study.h"

/** No estimate: all NAN. */
extern const scale_estimate scale_estimate_none;

/** What a point's samples say. */
typedef struct scale_estimates {
    scale_estimate seconds_a_step;
    scale_estimate rate; /**< cell-steps or atom-steps a second */
    scale_estimate speedup, efficiency;
    scale_estimate karp_flatt; /**< of the time on one thread; NAN for the base, INFINITY where none explains it */
} scale_estimates;

/** The median; NAN of none. Leaves the values sorted. */
double scale_median(double *values, int count);

/**
 * The median of `values` with its 95 % interval by the bootstrap: 3, 5, 9 values hold the true median in about 95 % of
 * all cases (statistics.c says how, and what was measured). Same values, same bits; of an even number the median is the
 * geometric mean of the middle two. Of one value there is no interval (NAN), of none no median either.
 *
 * @param values  [count], positive, in the order of their rounds; kept
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status scale_bootstrap_median(const double *values, int count, scale_estimate *median);

/** The point with the fewest threads among those of the same mode and places that have samples; NULL if none has. */
const scale_point *scale_find_base(const scale_point *points, int count, scale_mode mode, pel_placement_kind places);

/**
 * Estimates of one point. Ratios to the base are taken within rounds, so that what slows a whole round down drops out;
 * without a round in common they are the ratios of the medians, with no interval.
 *
 * @param base  as scale_find_base() finds it; may be the point itself (ratios are 1); NULL: no ratios
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status scale_estimate_point(const scale_point *point, const scale_point *base, scale_estimates *estimates);

#endif

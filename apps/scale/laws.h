/**
 * @file
 * Laws of scaling, fitted to the samples of a study.
 *
 * T(p) is the time a step on p threads, T1 that on one. Strong scaling keeps the problem, weak scaling grows it with p.
 *
 *     Amdahl (1967), strong     T(p) = T1 (s + (1 - s) / p)
 *     Gustafson (1988), weak    S(p) = p T1 / T(p) = p - alpha (p - 1), so T(p) = T1 p / (p - alpha (p - 1))
 *     Universal Scalability     throughput X(p) = X1 p / (1 + sigma (p - 1) + kappa p (p - 1)), so
 *     Law (Gunther 1993, 2007)  T(p) = T1 (1 + sigma (p - 1) + kappa p (p - 1)), over p where the mode is strong
 *
 * 0 <= s, alpha <= 1; sigma (contention) and kappa (coherency) >= 0.
 */
#ifndef PELAGOS_SCALE_LAWS_H
#define PELAGOS_SCALE_LAWS_H

#include "base/status.h"
#include "scale/study.h"

typedef enum scale_law { SCALE_AMDAHL, SCALE_GUSTAFSON, SCALE_USL, SCALE_LAW_COUNT } scale_law;

enum { SCALE_MOST_PARAMETERS = 2, SCALE_MOST_WHY = 200 };

typedef struct scale_parameter {
    const char *name, *symbol; /**< "serial fraction", "s"; static */
    scale_estimate of;         /**< `high` is INFINITY where the samples do not bound it */
} scale_parameter;

/** A law fitted, or why it is not. */
typedef struct scale_fit {
    scale_law law;
    scale_mode mode;
    pel_placement_kind places;
    char why_not[SCALE_MOST_WHY]; /**< a sentence; "" if it is fitted. If not, all numbers are NAN */
    int parameter_count;
    scale_parameter parameters[SCALE_MOST_PARAMETERS];
    double seconds_on_one; /**< T1: seconds a step on one thread by the law, in the middle round */
    double residual;       /**< root mean square of what is left, relative to the time */
    double p_value;        /**< how often noise alone would fit worse, by a test of lack of fit: below 0.05, the law
                                does not describe the samples; NAN: too few thread counts to tell */
    int samples;           /**< fitted */
} scale_fit;

/** "amdahl", "gustafson", "usl". */
const char *scale_law_name(scale_law law);
/** Whether the law speaks of the mode: Amdahl of strong, Gustafson of weak, the Universal Scalability Law of both. */
bool scale_law_applies(scale_law law, scale_mode mode);

/**
 * Fits a law to all samples of the points of one mode and places that are not oversubscribed. Robust to the odd slow
 * sample; a round that was slow as a whole costs nothing. Too few points are no failure: fit->why_not says what lacks.
 *
 * @param law    one that applies to the mode
 * @param count  how many points there are; those of other modes and places are passed over
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status scale_law_fit(scale_law law, const scale_point *points, int count, scale_mode mode,
                         pel_placement_kind places, scale_fit *fit);

/** The speed-up on `threads` over `base` threads that the fitted law gives; NAN if it is not fitted. */
double scale_law_speedup(const scale_fit *fit, double base, double threads);

/**
 * The number of threads at which a fitted Universal Scalability Law has its greatest throughput,
 * sqrt((1 - sigma) / kappa), at least 1; INFINITY where it grows for ever; NAN if not fitted or another law.
 */
double scale_law_peak(const scale_fit *fit);

#endif

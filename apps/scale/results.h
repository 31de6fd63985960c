/**
 * @file
 * What a study says: estimates and factors of every point, laws and verdicts of every curve, and what to be wary of.
 */
#ifndef PELAGOS_SCALE_RESULTS_H
#define PELAGOS_SCALE_RESULTS_H

#include "exec/machine_figures.h"
#include "scale/course.h"
#include "scale/factors.h"
#include "scale/laws.h"
#include "scale/limits.h"
#include "scale/statistics.h"

enum { SCALE_MOST_CURVES = 4 }; /* modes times places */

/** Of one point. */
typedef struct scale_finding {
    scale_estimates estimates;
    scale_factors factors;
    scale_shares shares;
    scale_traffic traffic;
    double bandwidth;     /**< of memory, measured with as many threads, bytes/s; NAN: not known */
    double joules_a_step; /**< NAN: not available */
    bool has_same_hash;   /**< all samples, and for strong points all points, agree */
} scale_finding;

typedef struct scale_results {
    const pel_figures *figures; /**< of the machine; count 0: none */
    scale_finding *findings;    /**< [points of the plan]; owned */
    scale_fit fits[SCALE_MOST_CURVES * SCALE_LAW_COUNT];
    int fit_count;
    scale_verdict verdicts[SCALE_MOST_CURVES];
    int verdict_count;
    int differing; /**< points whose states differ */
} scale_results;

/**
 * Works out the results of the samples that there are; adds sentences to the warnings and errors of the course.
 * @param results  receives them, for scale_results_free() in any case
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status scale_results_make(scale_course *course, const pel_figures *figures, scale_results *results);
void scale_results_free(scale_results *results);

/** What scale.json holds: a new reference; NULL if memory ran out. */
json_t *scale_results_json(const scale_course *course, const scale_results *results, bool is_finished);
/** Prints the table of the study on standard output. */
void scale_results_print(const scale_course *course, const scale_results *results);

#endif

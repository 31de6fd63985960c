/**
 * @file
 * What limits the scaling: a verdict and the sentence that says it to the person, with the figures behind it.
 */
#ifndef PELAGOS_SCALE_LIMITS_H
#define PELAGOS_SCALE_LIMITS_H

#include "base/status.h"
#include "scale/laws.h"
#include "scale/study.h"

typedef enum scale_limit {
    SCALE_LIMIT_NONE,       /**< it scales well */
    SCALE_LIMIT_SERIAL,     /**< the part that one thread does alone */
    SCALE_LIMIT_BANDWIDTH,  /**< of memory */
    SCALE_LIMIT_IMBALANCE,  /**< threads wait for the busiest */
    SCALE_LIMIT_CONTENTION, /**< for caches, frequency, processors */
    SCALE_LIMIT_START_UP,   /**< of parallel regions, too small for their cost */
    SCALE_LIMIT_UNKNOWN     /**< the study cannot tell */
} scale_limit;

enum { SCALE_MOST_SENTENCE = 1024 };

typedef struct scale_verdict {
    scale_mode mode;
    pel_placement_kind places;
    scale_limit kind;
    char sentence[SCALE_MOST_SENTENCE];
} scale_verdict;

/** "none", "serial", "bandwidth", "imbalance", "contention", "start-up", "unknown". */
const char *scale_limit_name(scale_limit kind);

/**
 * Judges the points of one mode and places, by the largest that is not oversubscribed.
 *
 * @param bandwidth  [count] bytes/s of memory measured at as many threads and places as each point; NAN or a NULL
 *                   array: not known
 * @param usl        the Universal Scalability Law fitted to the same points; NULL: none
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status scale_judge(const scale_point *points, int count, const double *bandwidth, const scale_fit *usl,
                       scale_mode mode, pel_placement_kind places, scale_verdict *verdict);

#endif

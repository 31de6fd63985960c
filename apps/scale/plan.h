/**
 * @file
 * The plan of a study: which points it has, and which ways of running the deck these need.
 */
#ifndef PELAGOS_SCALE_PLAN_H
#define PELAGOS_SCALE_PLAN_H

#include "scale/scale.h"
#include "sim/grow.h"

typedef struct scale_plan {
    int thread_counts[SCALE_MOST_THREAD_COUNTS]; /**< ascending */
    int thread_count;
    int granted; /**< processors */
    bool has_mode[2];
    bool has_places[2];
    char grow[PEL_GROW_DIMENSIONS_BYTES]; /**< along which weak points grow; "" without any */
    scale_way *ways;                      /**< [way_count], in the order of a round */
    int way_count;
    scale_point *points; /**< [point_count] */
    int point_count;
    char *why_not_weak; /**< why the study has no weak points though none were declined; NULL */
} scale_plan;

/**
 * Plans a study; every deck that it needs is resolved, so that what is wrong with one shows now.
 * @param granted  processors, so many as the machine grants
 * @param plan     receives it, for scale_plan_free() in any case
 * @return PEL_OK; PEL_ERR_USAGE; PEL_ERR_DECK; PEL_ERR_MEMORY
 */
pel_status scale_plan_make(const scale_request *request, const pel_app *const *apps, int app_count, int granted,
                           scale_plan *plan);
void scale_plan_free(scale_plan *plan);
/** Gives every point the samples of its way. */
void scale_plan_connect(scale_plan *plan);

#endif

/**
 * @file
 * Progress of a run: a live line on a terminal, else a line now and then. For lib/sim only.
 */
#ifndef PELAGOS_SIM_PROGRESS_H
#define PELAGOS_SIM_PROGRESS_H

#include "sim/component.h"

typedef struct pel_progress {
    const pel_component *component; /**< whose words for work and times are used */
    double updates;                 /**< a step, of all components */
    long end_step;                  /**< where the run ends by steps; 0: by time */
    double end_time;                /**< s, or in the unit of the run's times */
    pel_step first;                 /**< where this run began */
    double began, next_at;          /**< on pel_clock_seconds() */
} pel_progress;

/** Starts the measurement at the present state. */
pel_progress pel_progress_start(const pel_component *component, double updates, long end_step, double end_time,
                                pel_step now);
/** Shows where the run is, if it is time to. */
void pel_progress_show(pel_progress *progress, pel_step now);
/** Removes the live line. */
void pel_progress_end(void);

#endif

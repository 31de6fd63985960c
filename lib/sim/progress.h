/**
 * @file
 * Progress of a run: a live line on a terminal, else a line now and then. For lib/sim only.
 */
#ifndef PELAGOS_SIM_PROGRESS_H
#define PELAGOS_SIM_PROGRESS_H

#include "exec/loop.h"

typedef struct pel_progress {
    double cells;          /**< updated a step, all components */
    long end_step;         /**< where the run ends by steps; 0: by time */
    double end_time;       /**< s */
    pel_step first;        /**< where this run began */
    double began, next_at; /**< on pel_clock_seconds() */
} pel_progress;

/** Starts the measurement at the present state. */
pel_progress pel_progress_start(double cells, long end_step, double end_time, pel_step now);
/** Shows where the run is, if it is time to. */
void pel_progress_show(pel_progress *progress, pel_step now);
/** Removes the live line. */
void pel_progress_end(void);

#endif

/**
 * @file
 * Which steps of a run its times and rates are of: those after a warm-up, for so long as was asked. For lib/sim only.
 *
 * The first steps of a process touch memory, try tilings and lengthen stretches; who compares speeds leaves them out.
 * Where the measurement begins and ends is a matter of the clock alone: no state depends on it.
 */
#ifndef PELAGOS_SIM_MEASURING_H
#define PELAGOS_SIM_MEASURING_H

#include "mesh/view.h"
#include "sim/run.h"

typedef struct pel_measuring {
    const pel_run_request *request;
    pel_step first; /**< where this process began */
    pel_step from;  /**< where the measured steps began; `first` while it warms up, and where there is no warm-up */
    bool is_warm;
    double began, since;    /**< pel_clock_seconds() at `first` and at `from`, pauses added */
    double warm_up_seconds; /**< that the steps up to `from` took, with all that was done between them */
    double step_seconds;    /**< a step of the latest stretch */
} pel_measuring;

/** Before the first step. */
pel_measuring pel_measuring_start(const pel_run_request *request, pel_step now);
/** Whether the measurement begins here. */
bool pel_measuring_is_due(const pel_measuring *measuring, pel_step now);
/** Begins it: what was spent so far was the warm-up. */
void pel_measuring_begin(pel_measuring *measuring, pel_step now);
/** Leaves `seconds` that were just spent on something else out. */
void pel_measuring_leave_out(pel_measuring *measuring, double seconds);
/** Whether as many seconds have been measured as were asked for, in one step at the least; true where none were. */
bool pel_measuring_is_enough(const pel_measuring *measuring, pel_step now);
/** About how many steps are left until the warm-up or the measurement ends; at least 1. */
long pel_measuring_steps_left(const pel_measuring *measuring, pel_step now);
/** Seconds measured so far. */
double pel_measuring_seconds(const pel_measuring *measuring);

#endif

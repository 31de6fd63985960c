/**
 * @file
 * The output schedule of a run: series, snapshot streams, running averages. For lib/sim only.
 */
#ifndef PELAGOS_SIM_OUTPUT_H
#define PELAGOS_SIM_OUTPUT_H

#include "io/file.h"
#include "sim/component.h"

typedef struct pel_output pel_output;

/**
 * Reads `output:` of the deck; declares the accumulators of averages (fields of the component, role PEL_PROGNOSTIC) and
 * their chains. After setup(), before the commit. Unknown field names are reported with pel_params_error().
 */
pel_status pel_output_declare(pel_component *const *components, int count, pel_params *params, pel_output **output);
void pel_output_destroy(pel_output *output);

/** Whether none of the files is there, so that a new run takes nobody's place. @return PEL_OK or PEL_ERR_EXISTS */
pel_status pel_output_check_free(const pel_output *output, const char *folder);
/**
 * Creates the files in `folder`, or, on resume, opens those that are there and cuts them back to the restored record
 * counts. After pel_output_restore() on resume.
 */
pel_status pel_output_open(pel_output *output, const char *folder, bool is_resumed);

/** Steps (at least 1) from the present state until the next record or sample is due at the present dt. */
long pel_output_steps_until_due(const pel_output *output);
/**
 * Lets models sample, and writes what is due for the present state (at step 0 too). An end is no reason for a record:
 * the files of a run whose end is moved on resume must equal those of a run with that end from the start.
 */
pel_status pel_output_write_due(pel_output *output);
/** Flushes and closes all files. */
pel_status pel_output_close(pel_output *output);

/** The positions in the schedules and in the files, to and from the group "output" of a checkpoint. */
pel_status pel_output_save(const pel_output *output, pel_file *checkpoint);
pel_status pel_output_restore(pel_output *output, pel_file *checkpoint);

/** What was written so far, for the report. */
void pel_output_cost(const pel_output *output, double *seconds, double *bytes);

/* A schedule: when something is due. Never depends on stretches. Shared with the run loop's checkpoints. */
typedef struct pel_schedule {
    pel_cadence cadence;
    long next_step;   /* PEL_CADENCE_STEPS */
    double next_time; /* PEL_CADENCE_TIME: the model time that is due next; PEL_CADENCE_WALL: the moment
                         (pel_clock_seconds) */
} pel_schedule;

/** A schedule whose first moment is now (`at_start`) or one interval after. */
pel_schedule pel_schedule_start(pel_cadence cadence, pel_step now, bool at_start);
/** Whether it is due: at the first step at or past the moment (to within a millionth of dt). */
bool pel_schedule_is_due(const pel_schedule *schedule, pel_step now);
/** Moves on to the first moment after `now`. */
void pel_schedule_advance(pel_schedule *schedule, pel_step now);
/** Steps until due, at least 1; LONG_MAX for never and for wall-clock cadences. */
long pel_schedule_steps_until(const pel_schedule *schedule, pel_step now);

#endif

/**
 * @file
 * report.json: what a run did, how fast, on what. For lib/sim and the command.
 */
#ifndef PELAGOS_SIM_REPORT_H
#define PELAGOS_SIM_REPORT_H

#include "sim/component.h"
#include "sim/instruments.h"

/** What the run loop has counted. */
typedef struct pel_report {
    const char *outcome; /**< "finished" or "stopped" */
    const char *reason;  /**< of a stop; NULL */
    const char *deck_path, *title;
    const char *size; /**< "256 x 256" cells, or the number of atoms */
    pel_component *const *components;
    int count;
    pel_team *team;
    double triad;       /**< measured memory bandwidth, bytes/s; 0: not known */
    bool is_triad_kept; /**< by `pelagos machine --measure`; else measured at the end of this run */

    pel_step first;          /**< where this part of the run began */
    pel_step measured;       /**< where the warm-up ended: rates and the times of steps are of what followed */
    double seconds;          /**< from the start of the process's run to its end */
    double start_up_seconds; /**< of them, before the first step */
    double warm_up_seconds;  /**< from there up to `measured` */
    double stepping_seconds; /**< in stretches, from there on */
    double measured_seconds; /**< from there on, with all that is done between stretches: checks, output */
    double output_seconds, output_bytes;
    double checkpoint_seconds;
    int checkpoints;
    double peak_memory;   /**< bytes, before the bandwidth was measured */
    uint64_t hash;        /**< of the final state */
    long passed_step;     /**< at which the state was looked at in passing; 0: none */
    uint64_t passed_hash; /**< of the state there */
    const pel_instruments *instruments;
} pel_report;

/** Appends the report as JSON. */
pel_status pel_report_write(const pel_report *report, pel_text *json);
/** Says the essence as info lines; the last is "final state 0123456789abcdef". */
void pel_report_say(const pel_report *report);

/** The most memory that this process has had so far, bytes. */
double pel_report_peak_memory(void);
/** Bytes of all fields and tables of the components. */
double pel_report_state_bytes(pel_component *const *components, int count);
/** What one step updates: cells of all components' grids that this process owns, or atoms. */
double pel_report_updates(pel_component *const *components, int count);

/** The version of Pelagos, "0.1.0", and the git revision it was built from ("unknown" where there was none). */
const char *pel_build_version(void);
const char *pel_build_revision(void);

#endif

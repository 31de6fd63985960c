/**
 * @file
 * The run loop: from a deck to its end, with output, checkpoints, signals, progress and a report.
 */
#ifndef PELAGOS_SIM_RUN_H
#define PELAGOS_SIM_RUN_H

#include "sim/app.h"

/** What the command line of `pelagos run` says. Zero means the default. */
typedef struct pel_run_request {
    const char *deck_path;
    const char *const *sets; /**< "key=value", in order */
    int set_count;
    const char *folder;     /**< where the run writes; default: the deck's name without its suffix */
    long steps;             /**< stop after so many steps in total, instead of at time.end; 0: time.end */
    long warm_up_steps;     /**< the first steps of this process, which its times and rates leave out */
    double warm_up_seconds; /**< wall time that the warm-up takes at least; the longer of the two counts */
    double seconds; /**< stop when so many seconds were measured after the warm-up, but not before `steps`, in place of
                       time.end; 0: no */
    bool is_resume, is_overwrite;
    const char *from; /**< a checkpoint to begin from */
    bool is_quiet;
} pel_run_request;

enum { PEL_RUN_TABLES = 8 };

/**
 * The tables of all parameters of a deck: those that every run has (title, app, grid, time, output, run), then the
 * app's own.
 * @param app     NULL: only the former, as an app with a grid has them
 * @param tables  receives them
 * @return how many
 */
int pel_run_params(const pel_app *app, const pel_param *tables[PEL_RUN_TABLES]);

/**
 * Parses a deck, finds its app, resolves all parameters, with the app's own checks too (its setup(), nothing
 * allocated), and appends the resolved deck. Errors of the deck: all at once.
 */
pel_status pel_run_check(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                         int app_count, pel_text *resolved);
/** Describes how the deck would run: chains, tiles, working sets, predicted traffic, memory. */
pel_status pel_run_plan(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                        int app_count, pel_text *plan);
/** Gives the tiles in time of the deck's step as JSON: see pel_layout_describe(), also for `steps`. */
pel_status pel_run_tiles(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                         int app_count, long steps, pel_text *json);

/**
 * Runs a deck to its end.
 * @return PEL_OK; PEL_ERR_STOPPED (a signal or the wall limit; a good checkpoint is there); PEL_ERR_DECK,
 * PEL_ERR_EXISTS, PEL_ERR_MISMATCH, PEL_ERR_BUSY before anything is changed; PEL_ERR_NUMERICS; PEL_ERR_FILE and others
 */
pel_status pel_run(const pel_run_request *request, const pel_app *const *apps, int app_count);

#endif

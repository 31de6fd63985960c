/**
 * @file
 * A deck's model made ready to step, without a folder, output or events: for measuring how fast it steps.
 */
#ifndef PELAGOS_SIM_REHEARSAL_H
#define PELAGOS_SIM_REHEARSAL_H

#include "sim/app.h"

typedef struct pel_rehearsal pel_rehearsal;

/**
 * Resolves a deck, declares and commits its model on `team` (borrowed; whatever run.threads says), fills step 0 and
 * takes the steps that begin the scheme's history. An automatic time step is computed once and stays.
 *
 * @param sets       "key=value" overrides, in order
 * @param apps       those that a deck can name
 * @param rehearsal  receives it, for pel_rehearsal_destroy(); untouched on failure
 * @return PEL_OK, PEL_ERR_DECK with all that is wrong, PEL_ERR_NUMERICS if no step can be found, PEL_ERR_MEMORY, or
 * what reading the deck or the app's files gives
 */
pel_status pel_rehearsal_create(const char *deck_path, const char *const *sets, int set_count,
                                const pel_app *const *apps, int app_count, pel_team *team, pel_rehearsal **rehearsal);
/** The same of a deck given as text; `name` stands for its path in messages. */
pel_status pel_rehearsal_create_text(const char *text, const char *name, const pel_app *const *apps, int app_count,
                                     pel_team *team, pel_rehearsal **rehearsal);
/** Ends it with its fields and chains; NULL is allowed. */
void pel_rehearsal_destroy(pel_rehearsal *rehearsal);

/** Back to step 0, with the step and the history that it had there: what follows gives the same bits again. */
pel_status pel_rehearsal_restart(pel_rehearsal *rehearsal);
/** Goes on by `steps` steps, in stretches as long as the forcings allow. @return as pel_chain_run() */
pel_status pel_rehearsal_run(pel_rehearsal *rehearsal, const pel_run_options *options, long steps);

/** The chain of a step, once the history has begun. */
pel_chain *pel_rehearsal_chain(const pel_rehearsal *rehearsal);
pel_grid *pel_rehearsal_grid(const pel_rehearsal *rehearsal);
/** How the deck asks to be run. */
const pel_run_options *pel_rehearsal_options(const pel_rehearsal *rehearsal);
/** Hash of the present state, as in the report of a run. */
uint64_t pel_rehearsal_hash(const pel_rehearsal *rehearsal);

#endif

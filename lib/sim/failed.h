/**
 * @file
 * What happens when the numerics have failed. For lib/sim only.
 */
#ifndef PELAGOS_SIM_FAILED_H
#define PELAGOS_SIM_FAILED_H

#include "sim/checkpoint.h"
#include "sim/folder.h"

/** What a run has that is good: for the sentence. */
typedef struct pel_good_state {
    long checked_step; /**< at which the state was good the latest time */
    long saved_step;   /**< of the latest checkpoint; -1: there is none */
} pel_good_state;

/**
 * Looks at the present state of a component, by its own check or for values that are not finite.
 * @return PEL_OK; PEL_ERR_NUMERICS, and then the state is in failed.h5 of the folder; what the check gives
 */
pel_status pel_failure_look(const pel_saved *saved, const pel_folder *folder, pel_component *component,
                            pel_good_state good);
/**
 * Adds to the sentence of a model that steps itself or looks at its state, where `status` is PEL_ERR_NUMERICS, the
 * latest complete step and the latest checkpoint, and keeps the state in failed.h5. Other statuses pass.
 * @return `status`
 */
pel_status pel_failure_report(const pel_saved *saved, const pel_folder *folder, const pel_component *component,
                              pel_good_state good, pel_status status);

#endif

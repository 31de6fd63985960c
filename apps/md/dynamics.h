/**
 * @file
 * From a deck to the dynamics.
 */
#ifndef PELAGOS_APPS_MD_DYNAMICS_H
#define PELAGOS_APPS_MD_DYNAMICS_H

#include "md/model.h"

/** Whether the deck lets the box change. */
bool md_dynamics_changes_box(const pel_params *params);
/** Notes what is wrong with the deck's dynamics, as far as it can be seen without atoms. */
void md_dynamics_check(const pel_params *params);
/** Makes model->dynamics for model->system. @return PEL_OK; PEL_ERR_DECK with all that is wrong; PEL_ERR_MEMORY */
pel_status md_dynamics_make(md_model *model);

#endif

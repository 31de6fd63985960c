/**
 * @file
 * Minimisation before step 0.
 */
#ifndef PELAGOS_APPS_MD_RELAX_H
#define PELAGOS_APPS_MD_RELAX_H

#include "md/model.h"

/** Whether the deck asks for it. */
bool md_relax_is_meant(const pel_params *params);
/** Whether it scales the box. */
bool md_relax_changes_box(const pel_params *params);
/** Moves the atoms of model->system to a minimum of the energy; velocities are 0 afterwards. */
pel_status md_relax(md_model *model);

#endif

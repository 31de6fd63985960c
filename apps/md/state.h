/**
 * @file
 * The state of the model: its tables and scalars, and the way between them and the system.
 */
#ifndef PELAGOS_APPS_MD_STATE_H
#define PELAGOS_APPS_MD_STATE_H

#include "md/model.h"

/** Declares tables and scalars. */
pel_status md_state_declare(pel_component *component, md_model *model);
/** Makes system and dynamics from the atoms of step 0. */
pel_status md_state_begin(md_model *model, const pel_configuration *atoms);
/** Brings tables and scalars up to date, for pel_component_state(). */
pel_status md_state_store(void *model);
/** Brings model->stored alone up to date, for what only looks at the atoms of step `now`. */
pel_status md_state_look(md_model *model, pel_step now);
/** Makes system and dynamics from tables and scalars, for pel_component_state(). */
pel_status md_state_load(void *model);
/** Frees them. */
void md_state_end(md_model *model);

#endif

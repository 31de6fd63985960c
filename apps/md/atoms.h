/**
 * @file
 * From a deck to the atoms of step 0.
 */
#ifndef PELAGOS_APPS_MD_ATOMS_H
#define PELAGOS_APPS_MD_ATOMS_H

#include "md/model.h"

/** Notes what is wrong with the deck's atoms, as far as it can be seen without making them. */
void md_atoms_check(const pel_params *params);
/** Which dimensions are periodic. */
void md_atoms_periodic(const pel_params *params, bool is_periodic[3]);
/**
 * Makes the atoms that the deck describes, with the velocities of a file; `to` is empty before.
 * @return PEL_OK; PEL_ERR_DECK with all that is wrong; PEL_ERR_MEMORY
 */
pel_status md_atoms_make(const md_model *model, pel_configuration *to);
/** Draws velocities, where the deck gives their temperature. @return PEL_OK; PEL_ERR_DECK where none have it */
pel_status md_atoms_move(const md_model *model, pel_configuration *atoms);

#endif

/**
 * @file
 * What is gathered from the atoms while a run goes on: radial distributions (rdf.nc), displacements and velocity
 * autocorrelations (msd.nc), profiles along an axis (profile.nc).
 *
 * Each is off unless the deck gives its `sample`. What it has gathered is in checkpoints and in no hash: gathering or
 * not is nothing to the state.
 */
#ifndef PELAGOS_APPS_MD_OBSERVABLES_H
#define PELAGOS_APPS_MD_OBSERVABLES_H

#include "md/model.h"

/** Declares those that the deck asks for. `cutoff` is the potential's. */
pel_status md_observables_declare(pel_component *component, md_model *model, double cutoff);
/** Begins to gather, with the atoms of the model there; PEL_ERR_DECK where they do not allow it. */
pel_status md_observables_begin(md_model *model);
/** The same, going on with what the tables hold. */
pel_status md_observables_load(md_model *model);
/** Whether they can go on with the box as it has become. */
pel_status md_observables_check(const md_model *model, long step);
/** Brings the tables up to date. */
pel_status md_observables_store(md_model *model);
void md_observables_end(md_model *model);

#endif

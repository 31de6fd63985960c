/**
 * @file
 * Fields that come from files: initial fields, and forcings that vary in time. For lib/sim only; apps use sim/app.h.
 */
#ifndef PELAGOS_SIM_FORCING_H
#define PELAGOS_SIM_FORCING_H

#include "sim/component.h"

/** Ends a forcing; NULL is allowed. */
void pel_forcing_destroy(pel_forcing *forcing);
/** Records the loop that blends the two records around a step, at the head of the step chain. */
void pel_forcing_record(pel_forcing *forcing, pel_chain *chain);
/** Reads the records around the present state, if they are not there yet, and sets the loop's parameters. Before every
 * stretch. */
pel_status pel_forcing_update(pel_forcing *forcing, pel_component *component);
/** Steps (at least 1) for which the records at hand serve. */
long pel_forcing_steps_left(const pel_forcing *forcing, pel_step now);

#endif

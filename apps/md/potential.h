/**
 * @file
 * From a deck to a potential.
 */
#ifndef PELAGOS_APPS_MD_POTENTIAL_H
#define PELAGOS_APPS_MD_POTENTIAL_H

#include "deck/params.h"
#include "particles/potential.h"

/**
 * Makes the potential that the deck describes, for `types` types. What is wrong goes to pel_params_error(), and then
 * there may be none (`potential` stays as it was).
 */
pel_status md_potential_create(const pel_params *params, int types, pel_potential **potential);

#endif

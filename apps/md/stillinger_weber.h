/**
 * @file
 * Silicon and its like: from a deck to a potential of three-body forces.
 */
#ifndef PELAGOS_APPS_MD_STILLINGER_WEBER_H
#define PELAGOS_APPS_MD_STILLINGER_WEBER_H

#include "deck/params.h"
#include "particles/potential.h"

/** As md_potential_create(), where potential.kind is stillinger-weber. */
pel_status md_stillinger_weber_create(const pel_params *params, int types, pel_potential **potential);

#endif

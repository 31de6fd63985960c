/**
 * @file
 * What a deck gives in vain.
 */
#ifndef PELAGOS_APPS_MD_VAIN_H
#define PELAGOS_APPS_MD_VAIN_H

#include "deck/params.h"

/** Notes as errors the parameters that differ from their defaults, though the kind of potential or the integrator that
 * the deck asks for has no use for them: a run would not be what its author believes. */
void md_vain_check(const pel_params *params);

#endif

/**
 * @file
 * A soft repulsion, for pushing atoms apart: u = epsilon (1 - (r / sigma)^2)^2 within sigma. For lib/particles only.
 */
#ifndef PELAGOS_PARTICLES_SOFT_INSIDE_H
#define PELAGOS_PARTICLES_SOFT_INSIDE_H

#include "particles/potential.h"

/** Coefficients of a pair of types. */
typedef struct pel_soft {
    double epsilon; /**< unit of energy */
    double sigma;   /**< unit of length; also to be the cutoff */
} pel_soft;

extern const pel_pair_kind pel_soft_kind;

#endif

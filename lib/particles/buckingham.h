/**
 * @file
 * Buckingham's potential: exponential repulsion and dispersion.
 */
#ifndef PELAGOS_PARTICLES_BUCKINGHAM_H
#define PELAGOS_PARTICLES_BUCKINGHAM_H

#include "particles/potential.h"

/** u = a exp(-r / rho) - c / r^6. Mind that it falls to minus infinity at small r. */
typedef struct pel_buckingham {
    double a;   /**< energy */
    double rho; /**< length, > 0 */
    double c;   /**< energy length^6 */
} pel_buckingham;

extern const pel_pair_kind pel_buckingham_kind; /**< coefficients: pel_buckingham */

#endif

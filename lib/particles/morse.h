/**
 * @file
 * Morse's potential.
 */
#ifndef PELAGOS_PARTICLES_MORSE_H
#define PELAGOS_PARTICLES_MORSE_H

#include "particles/potential.h"

/** u = d [exp(-2 alpha (r - r0)) - 2 exp(-alpha (r - r0))]: a well of depth d at r0. */
typedef struct pel_morse {
    double d;     /**< energy */
    double alpha; /**< 1 / length, > 0 */
    double r0;    /**< length */
} pel_morse;

extern const pel_pair_kind pel_morse_kind; /**< coefficients: pel_morse */

#endif

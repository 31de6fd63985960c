/**
 * @file
 * The Lennard-Jones potential, u = 4 epsilon ((sigma/r)^12 - (sigma/r)^6).
 */
#ifndef PELAGOS_PARTICLES_LJ_H
#define PELAGOS_PARTICLES_LJ_H

#include "particles/potential.h"

/** Coefficients of a pair of types. */
typedef struct pel_lj {
    double epsilon; /**< unit of energy */
    double sigma;   /**< unit of length */
} pel_lj;

extern const pel_pair_kind pel_lj_kind;

/** How the coefficients of unlike types follow from those of like ones. */
typedef enum pel_mixing { PEL_MIXING_LORENTZ_BERTHELOT, PEL_MIXING_GEOMETRIC } pel_mixing;
/** epsilon by the geometric mean; sigma by the arithmetic one (Lorentz-Berthelot) or the geometric one. */
pel_lj pel_lj_mix(pel_lj a, pel_lj b, pel_mixing mixing);

#endif

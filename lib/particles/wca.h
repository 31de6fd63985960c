/**
 * @file
 * Weeks, Chandler & Andersen's repulsion: Lennard-Jones up to its minimum, lifted so that it ends there at zero.
 */
#ifndef PELAGOS_PARTICLES_WCA_H
#define PELAGOS_PARTICLES_WCA_H

#include "particles/potential.h"

/** u = 4 epsilon [(sigma / r)^12 - (sigma / r)^6] + epsilon for r < 2^(1/6) sigma, else 0. */
typedef struct pel_wca {
    double epsilon; /**< energy */
    double sigma;   /**< length */
} pel_wca;

extern const pel_pair_kind pel_wca_kind; /**< coefficients: pel_wca */
/** Where the repulsion ends: 2^(1/6) sigma. A longer cutoff does no harm. */
double pel_wca_cutoff(const pel_wca *coefficients);

#endif

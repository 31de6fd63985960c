/**
 * @file
 * Tridiagonal systems along a stretched dimension, several at a time. For lib/spectral only.
 */
#ifndef PELAGOS_SPECTRAL_TRIDIAGONAL_INSIDE_H
#define PELAGOS_SPECTRAL_TRIDIAGONAL_INSIDE_H

#include "spectral/elliptic_axis_inside.h"

enum { PEL_LANES = 8 }; /* neighbouring lines: their doubles fill a cache line */

/**
 * Solves (second difference + shift[i]) x = x for the lanes i, in place; x[j * PEL_LANES + i]. `work` has the same
 * size.
 * @param shift  <= 0; below 0 where the axis maps a constant to 0
 */
void pel_tridiagonal_solve(const pel_elliptic_axis *axis, const double shift[PEL_LANES], double *x, double *work);

/** Solves (second difference) x = x in place for the one line x[j * PEL_LANES] of mean 0; that of the solution is 0. */
void pel_tridiagonal_solve_singular(const pel_elliptic_axis *axis, double *x);

#endif

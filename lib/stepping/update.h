/**
 * @file
 * The update kernels of the steppers. For lib/stepping only.
 *
 * Each is one formula over the points of a field, all components. dt is the step's; a, b, c are the scheme's.
 */
#ifndef PELAGOS_STEPPING_UPDATE_H
#define PELAGOS_STEPPING_UPDATE_H

#include "exec/loop.h"

/** The coefficients of a formula. */
typedef struct pel_update_params {
    double a, b, c;
    int components;
} pel_update_params;

/** q += c dt k. Views: q, k. */
pel_kernel pel_update_add;
/** s = q + c dt k. Views: s, q, k. */
pel_kernel pel_update_advance;
/**
 * x += b (y - x) + c dt k. Views: x, y, k. Not (1 - b) x + b y: 1/3 and 2/3 do not add up to 1 in binary, and a
 * conserved sum would drift by that every step.
 */
pel_kernel pel_update_blend;
/** x = q + b (s - q) + c dt k. Views: x, q, s, k. */
pel_kernel pel_update_combine;
/** s = q + c dt k, sum += a k. Views: s, sum, q, k. */
pel_kernel pel_update_advance_and_sum;
/** q += c dt (sum + k). Views: q, sum, k. */
pel_kernel pel_update_finish_sum;
/** d = a d + k, q += c dt d. Views: q, d, k. */
pel_kernel pel_update_low_storage;
/** q += dt (a k0 + b k1). Views: q, k0, k1. */
pel_kernel pel_update_two_levels;
/** q += dt (a k0 + b k1 + c k2). Views: q, k0, k1, k2. */
pel_kernel pel_update_three_levels;
/** next = last + 2 dt k; then, with d = a (last - 2 now + next): now += b d, next += c d. Views: next, now, last, k. */
pel_kernel pel_update_leapfrog;

#endif

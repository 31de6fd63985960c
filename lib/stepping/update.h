/**
 * @file
 * The update kernels of the steppers. For lib/stepping only.
 *
 * Each is one formula over the points of a field, all components. dt is the step's; a, b, c are the scheme's. A complex
 * row is a row of twice as many doubles: the formulas are linear with real coefficients.
 *
 * Kernels that decay read one more view h = exp(-r dt / 2), the integrating factor over half a step, and have e = h h.
 * Kernels that may end a step multiply what they have written, view 0, with a filter where `filter` names its view; the
 * piece of a row is in the nearest cache then.
 */
#ifndef PELAGOS_STEPPING_UPDATE_H
#define PELAGOS_STEPPING_UPDATE_H

#include "exec/loop.h"

/** The coefficients of a formula, and where its factors are. */
typedef struct pel_update_params {
    double a, b, c;
    int components;
    int width;  /**< doubles a point: 1, or 2 of a complex field */
    int decay;  /**< the view of h; 0: the kernel takes none */
    int filter; /**< the view of the filter; 0: none */
} pel_update_params;

/** q += c dt k. Views: q, k. May end a step. */
pel_kernel pel_update_add;
/** s = q + c dt k. Views: s, q, k. */
pel_kernel pel_update_advance;
/**
 * x += b (y - x) + c dt k. Views: x, y, k. Not (1 - b) x + b y: 1/3 and 2/3 do not add up to 1 in binary, and a
 * conserved sum would drift by that every step. May end a step.
 */
pel_kernel pel_update_blend;
/** x = q + b (s - q) + c dt k. Views: x, q, s, k. May end a step. */
pel_kernel pel_update_combine;
/** s = q + c dt k, sum += a k. Views: s, sum, q, k. */
pel_kernel pel_update_advance_and_sum;
/** q += c dt (sum + k). Views: q, sum, k. May end a step. */
pel_kernel pel_update_finish_sum;
/** d = a d + k, q += c dt d. Views: q, d, k. May end a step. */
pel_kernel pel_update_low_storage;
/** q += dt (a k0 + b k1). Views: q, k0, k1. May end a step. */
pel_kernel pel_update_two_levels;
/** q += dt (a k0 + b k1 + c k2). Views: q, k0, k1, k2. May end a step. */
pel_kernel pel_update_three_levels;
/** next = last + 2 dt k; then, with d = a (last - 2 now + next): now += b d, next += c d. Views: next, now, last, k.
 * May end a step. */
pel_kernel pel_update_leapfrog;

/** q = e (q + c dt k). Views: q, k, h. May end a step. */
pel_kernel pel_update_decay_add;
/** s = h (q + c dt k). Views: s, q, k, h. */
pel_kernel pel_update_decay_advance;
/** s = h q + c dt k, sum = h sum + a k. Views: s, sum, q, k, h. */
pel_kernel pel_update_decay_second;
/** s = h (h q + c dt k), sum += a k. Views: s, sum, q, k, h. */
pel_kernel pel_update_decay_third;
/** q = e q + c dt (h sum + k). Views: q, sum, k, h. May end a step. */
pel_kernel pel_update_decay_finish;
/** q = e (q + dt (a k0 + b e k1)). Views: q, k0, k1, h. May end a step. */
pel_kernel pel_update_decay_two_levels;
/** q = e (q + dt (a k0 + e (b k1 + c e k2))). Views: q, k0, k1, k2, h. May end a step. */
pel_kernel pel_update_decay_three_levels;

/** h = exp(-r dt / 2). Views: h, r. Of doubles. */
pel_kernel pel_update_fill_decay;

/** Floating-point operations of a double of one of these kernels, a filter's left out: see pel_chain_flops(). */
int pel_update_flops(pel_kernel *kernel);

#endif

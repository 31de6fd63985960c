/**
 * @file
 * Kernels that measure what a machine can do: memory bandwidth and peak arithmetic.
 *
 * They work on one range, on the calling thread; who measures shares the ranges out over a team, has each thread touch
 * its own range first, and takes the time.
 */
#ifndef PELAGOS_MACHINE_KERNELS_H
#define PELAGOS_MACHINE_KERNELS_H

#include <stddef.h>

enum {
    PEL_TRIAD_BYTES = 24, /**< bytes that pel_triad() declares an element: two reads, one write */
    PEL_COPY_BYTES = 16   /**< bytes that pel_copy() declares an element: one read, one write */
};

/** a[i] = b[i] + scalar * c[i] for i in [lo, hi): STREAM's triad. The arrays must not overlap. */
void pel_triad(double *a, const double *b, const double *c, double scalar, size_t lo, size_t hi);
/** a[i] = b[i] for i in [lo, hi), by plain loads and stores as a kernel's are. The arrays must not overlap. */
void pel_copy(double *a, const double *b, size_t lo, size_t hi);

/**
 * Fused multiply-adds in registers, enough of them independent to fill the pipelines of one core.
 *
 * @param iterations  at least 1; a million take about 20 ms
 * @param result      receives a value between 0 and 2 that depends on all of them, so that nothing is left out
 * @return floating-point operations done, two a fused multiply-add
 */
double pel_fma_loop(long iterations, double *result);

/** How these kernels were built, as far as it makes them faster or slower: "optimised, 8 doubles a vector". */
const char *pel_kernels_build(void);

#endif

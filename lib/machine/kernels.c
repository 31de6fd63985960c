/*
 * Kernels that measure the machine.
 *
 * The triad is that of McCalpin's STREAM. Bandwidth counts the bytes that the accesses declare; a cache that reads a
 * line before it writes it moves more, for these kernels as for those of an app, which makes the two comparable.
 *
 * Peak arithmetic: a fused multiply-add takes 4 cycles and two start in one, so at least 8 vectors must be under way;
 * 12 leave room and still fit 16 registers. All stay at x = a x + b with fixed point 1.
 */
#include "machine/kernels.h"

#include <math.h>

void pel_triad(double *restrict a, const double *restrict b, const double *restrict c, double scalar, size_t lo,
               size_t hi)
{
    for (size_t i = lo; i < hi; i++) a[i] = b[i] + scalar * c[i];
}

/* Kept a loop: memcpy() may go past the caches, which kernels do not. */
__attribute__((optimize("no-tree-loop-distribute-patterns"))) void pel_copy(double *restrict a,
                                                                            const double *restrict b, size_t lo,
                                                                            size_t hi)
{
    for (size_t i = lo; i < hi; i++) a[i] = b[i];
}

/* A vector register's doubles: with more, the sums would not fit into the registers; with fewer, they would half fill
 * them. */
#ifdef __AVX512F__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
enum { SUMS = 12 * LANES };

double pel_fma_loop(long iterations, double *result)
{
    const double a = 0.5, b = 0.5;
    double x[SUMS], sum = 0;
    for (int i = 0; i < SUMS; i++) x[i] = (double)i / SUMS;
    for (long n = 0; n < iterations; n++)
        for (int i = 0; i < SUMS; i++) x[i] = fma(x[i], a, b);
    for (int i = 0; i < SUMS; i++) sum += x[i];
    *result = sum / SUMS;
    return 2.0 * SUMS * (double)iterations;
}

#ifdef __OPTIMIZE__
#define EFFORT "optimised"
#else
#define EFFORT "not optimised"
#endif

const char *pel_kernels_build(void)
{
    return LANES == 8 ? EFFORT ", 8 doubles a vector" : EFFORT ", 4 doubles a vector";
}

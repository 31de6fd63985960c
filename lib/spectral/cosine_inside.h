/**
 * @file
 * Cosine transforms of real lines that are even about half a cell outside both ends, fast. For lib/spectral only.
 */
#ifndef PELAGOS_SPECTRAL_COSINE_INSIDE_H
#define PELAGOS_SPECTRAL_COSINE_INSIDE_H

#include "spectral/line_inside.h"

typedef struct pel_cosine {
    int n;
    const pel_line *forward, *backward;
    double *turn; /* cos(pi k / 2 n), then the sines; n / 2 + 1 each */
} pel_cosine;

/** Makes the transform of n points. @return PEL_OK, PEL_ERR_MEMORY; to be freed in any case */
pel_status pel_cosine_make(int n, pel_cosine *cosine);
void pel_cosine_free(pel_cosine *cosine);

/**
 * waves[k] = 2 sum s^j points[j] cos(pi (j + 1/2) k / n) for s = `sign`: with +1 FFTW's REDFT10; with -1 its RODFT10 in
 * reverse order, as cos(pi (j + 1/2) (n - q) / n) = (-1)^j sin(pi (j + 1/2) q / n). Both arrays begin on a cache line
 * and have room for n / 2 + 1 complex numbers; `points` is destroyed.
 */
void pel_cosine_forward(const pel_cosine *cosine, double sign, double *points, double *waves);
/** The way back, times 2 n; `waves` is destroyed. */
void pel_cosine_backward(const pel_cosine *cosine, double sign, double *waves, double *points);

#endif

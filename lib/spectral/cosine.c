/* Cosine transforms by one transform from n reals to n / 2 + 1 complex numbers (Makhoul, IEEE Trans. Acoust. Speech
 * Signal Process. 28 (1980) 27).
 *
 * With the even points first and the odd ones backwards behind them, v = x_0 x_2 x_4 ... x_5 x_3 x_1, and V its Fourier
 * transform, the coefficient k is the real part of W = 2 exp(-i pi k / 2 n) V_k, and the coefficient n - k minus the
 * imaginary part.
 *
 * FFTW's own kind REDFT10 goes the same way, but through a transform from reals to reals, for which it has no SIMD
 * code, and with an allocation for each line: it takes twice as long (256 points, AVX-512). */
#include "spectral/cosine_inside.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static const double pi = 3.14159265358979323846;

pel_status pel_cosine_make(int n, pel_cosine *cosine)
{
    const int stored = n / 2 + 1;
    *cosine = (pel_cosine){.n = n};
    PEL_TRY(pel_line_plan(PEL_LINE_REAL_FORWARD, n, &cosine->forward));
    PEL_TRY(pel_line_plan(PEL_LINE_REAL_BACKWARD, n, &cosine->backward));
    PEL_TRY(pel_memory_new(2 * (size_t)stored, sizeof(double), &cosine->turn));
    for (int k = 0; k < stored; k++) {
        cosine->turn[k] = cos(pi * k / (2 * n));
        cosine->turn[stored + k] = sin(pi * k / (2 * n));
    }
    return PEL_OK;
}

void pel_cosine_free(pel_cosine *cosine)
{
    free(cosine->turn);
    *cosine = (pel_cosine){0};
}

/* ---- the order of points ---- */

static void sort(int n, double sign, const double *restrict from, double *restrict to)
{
    for (int j = 0; j < (n + 1) / 2; j++) to[j] = from[2 * j];
    for (int j = 0; j < n / 2; j++) to[n - 1 - j] = sign * from[2 * j + 1];
}

static void sort_back(int n, double sign, const double *restrict from, double *restrict to)
{
    for (int j = 0; j < n / 2; j++) {
        to[2 * j] = from[j];
        to[2 * j + 1] = sign * from[n - 1 - j];
    }
    if (n % 2 == 1) to[n - 1] = from[n / 2];
}

/* ---- from Fourier's coefficients to those of cosines: V real and imaginary in turn ---- */

static void turn(const pel_cosine *c, const double *restrict from, double *restrict to)
{
    const int n = c->n, stored = n / 2 + 1;
    const double *restrict cosine = c->turn, *restrict sine = c->turn + stored;
    to[0] = 2 * from[0];
    for (int k = 1; k < (n + 1) / 2; k++) {
        to[k] = 2 * (cosine[k] * from[2 * k] + sine[k] * from[2 * k + 1]);
        to[n - k] = 2 * (sine[k] * from[2 * k] - cosine[k] * from[2 * k + 1]);
    }
    if (n % 2 == 0) to[n / 2] = 2 * cosine[n / 2] * from[n];
}

static void turn_back(const pel_cosine *c, const double *restrict from, double *restrict to)
{
    const int n = c->n, stored = n / 2 + 1;
    const double *restrict cosine = c->turn, *restrict sine = c->turn + stored;
    to[0] = from[0], to[1] = 0;
    for (int k = 1; k < (n + 1) / 2; k++) {
        to[2 * k] = cosine[k] * from[k] + sine[k] * from[n - k];
        to[2 * k + 1] = sine[k] * from[k] - cosine[k] * from[n - k];
    }
    if (n % 2 == 0) to[n] = (cosine[n / 2] + sine[n / 2]) * from[n / 2], to[n + 1] = 0;
}

void pel_cosine_forward(const pel_cosine *cosine, double sign, double *points, double *waves)
{
    sort(cosine->n, sign, points, waves);
    pel_line_run(cosine->forward, waves, points);
    turn(cosine, points, waves);
}

void pel_cosine_backward(const pel_cosine *cosine, double sign, double *waves, double *points)
{
    turn_back(cosine, waves, points);
    pel_line_run(cosine->backward, points, waves);
    sort_back(cosine->n, sign, waves, points);
}

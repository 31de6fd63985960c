/**
 * @file
 * The inversion of a line of wavenumbers, q^ to psi^, for kernels; piece by piece, so that what it needs stays in the
 * first cache.
 *
 * Complex rows are taken as rows of doubles, real and imaginary part in turn: plain loops that the compiler makes
 * vectors of.
 */
#ifndef PELAGOS_APPS_QG_LINE_H
#define PELAGOS_APPS_QG_LINE_H

#include <math.h>

#include "qg/model.h"

enum { QG_PIECE = 64 }; /* coefficients */
#define QG_INLINE static inline __attribute__((always_inline))

/** A piece of the line of one k: `count` coefficients from `first` on, in all layers. */
typedef struct qg_piece {
    int line, first, count;
    double k;        /**< rad m-1 */
    const double *l; /**< of the first coefficient on */
} qg_piece;

/** The coefficients of a layer from the piece's first on, as doubles. */
QG_INLINE double *qg_row(pel_view view, qg_piece at, int layer)
{
    return (double *)(pel_row_complex(view, at.line, layer) + at.first);
}

/** The next piece of a line [lo, hi), after `at`, whose first is lo and whose count is 0 at the beginning. */
QG_INLINE int qg_next_piece(qg_piece *at, const double *l, int hi)
{
    at->first += at->count;
    at->count = hi - at->first < QG_PIECE ? hi - at->first : QG_PIECE;
    at->l = l + at->first;
    return at->count > 0;
}

/* What turns a mode's q into its psi, twice each: -1 / (K^2 + lambda), or 1 / (N K) at a surface; 0 for the mean. */
QG_INLINE void qg_inverse(const qg_constants *c, int is_surface, double lambda, qg_piece at, double *restrict twice)
{
    double factor[QG_PIECE];
    for (int x = 0; x < at.count; x++) {
        const double square = at.k * at.k + at.l[x] * at.l[x] + lambda;
        const double divisor = is_surface ? c->buoyancy_frequency * sqrt(square) : -square;
        factor[x] = 1 / (square > 0 ? divisor : INFINITY);
    }
    for (int x = 0; x < at.count; x++) twice[2 * x] = twice[2 * x + 1] = factor[x];
}

/* Few layers, `layers` a constant to the compiler: all modes at once, nothing goes through memory between them. */
QG_INLINE void qg_invert_few(const qg_constants *c, int layers, int is_surface, pel_view q, qg_piece at,
                             double (*restrict psi)[2 * QG_PIECE])
{
    double factor[2][2 * QG_PIECE];
    const double *restrict row[2] = {qg_row(q, at, 0), qg_row(q, at, layers - 1)};
    for (int m = 0; m < layers; m++) qg_inverse(c, is_surface, c->layers.lambda[m], at, factor[m]);
    for (int x = 0; x < 2 * at.count; x++) {
        double amplitude[2] = {0};
        for (int m = 0; m < layers; m++) {
            for (int i = 0; i < layers; i++) amplitude[m] += c->layers.projection[m][i] * row[i][x];
            amplitude[m] *= factor[m][x];
        }
        for (int i = 0; i < layers; i++) {
            double sum = 0;
            for (int m = 0; m < layers; m++) sum += c->layers.mode[m][i] * amplitude[m];
            psi[i][x] = sum;
        }
    }
}

/* Any number of layers, mode by mode. */
static inline void qg_invert_many(const qg_constants *c, pel_view q, qg_piece at, double (*restrict psi)[2 * QG_PIECE])
{
    double factor[2 * QG_PIECE], amplitude[2 * QG_PIECE];
    const int layers = c->layers.count;
    for (int m = 0; m < layers; m++) {
        qg_inverse(c, 0, c->layers.lambda[m], at, factor);
        for (int x = 0; x < 2 * at.count; x++) amplitude[x] = 0;
        for (int i = 0; i < layers; i++) {
            const double *restrict row = qg_row(q, at, i), part = c->layers.projection[m][i];
            for (int x = 0; x < 2 * at.count; x++) amplitude[x] += part * row[x];
        }
        for (int x = 0; x < 2 * at.count; x++) amplitude[x] *= factor[x];
        for (int i = 0; i < layers; i++) {
            const double part = c->layers.mode[m][i];
            for (int x = 0; x < 2 * at.count; x++) psi[i][x] = (m > 0 ? psi[i][x] : 0) + part * amplitude[x];
        }
    }
}

/** psi^ of all layers of a piece from q^: psi[i][2 x] and psi[i][2 x + 1] are the parts of coefficient x. */
static inline void qg_invert(const qg_constants *c, pel_view q, qg_piece at, double (*restrict psi)[2 * QG_PIECE])
{
    if (c->is_surface) qg_invert_few(c, 1, 1, q, at, psi);
    else if (c->layers.count == 1) qg_invert_few(c, 1, 0, q, at, psi);
    else if (c->layers.count == 2) qg_invert_few(c, 2, 0, q, at, psi);
    else qg_invert_many(c, q, at, psi);
}

/** Floating-point operations of that, a coefficient in all layers: for each mode 4 of the factor, and for both parts a
 * sum over layers, the factor, and the mode's share of each layer. */
static inline double qg_invert_flops(const qg_constants *c)
{
    const int n = c->layers.count;
    return n * (4 + 2 * (2 * n + 1 + 2 * n)) + (c->is_surface ? 2 : 0);
}

#endif

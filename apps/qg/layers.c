/* The vertical structure: stretching, and its modes. Vallis, Atmospheric and Oceanic Fluid Dynamics (2017), ch. 5. */
#include "qg/layers.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

void qg_layers_set_thickness(qg_layers *layers, const double *thickness, int count)
{
    layers->count = count;
    layers->depth = 0;
    for (int i = 0; i < count; i++) layers->depth += thickness[i];
    for (int i = 0; i < count; i++) layers->share[i] = thickness[i] / layers->depth;
}

void qg_layers_set_density(qg_layers *layers, const double *density, double f0, double gravity)
{
    double mean = 0;
    for (int i = 0; i < layers->count; i++) mean += layers->share[i] * density[i];
    for (int i = 0; i + 1 < layers->count; i++)
        layers->coupling[i] = f0 * f0 / (gravity * (density[i + 1] - density[i]) / mean * layers->depth);
}

void qg_layers_set_radius(qg_layers *layers, const double *radius)
{
    const double *h = layers->share;
    for (int i = 0; i + 1 < layers->count; i++)
        layers->coupling[i] = h[i] * h[i + 1] / (h[i] + h[i + 1]) / (radius[i] * radius[i]);
}

/* c_{i-1}, and c_i: what ties layer i to its neighbours. */
static double above(const qg_layers *layers, int i)
{
    return i > 0 ? layers->coupling[i - 1] : layers->outer;
}

static double below(const qg_layers *layers, int i)
{
    return i + 1 < layers->count ? layers->coupling[i] : 0;
}

/* The symmetric form of -S: sqrt(h_i) (-S)_ij / sqrt(h_j), its diagonal and the one beside it. */
static void symmetrise(const qg_layers *layers, double *diagonal, double *beside)
{
    const double *h = layers->share;
    for (int i = 0; i < layers->count; i++) diagonal[i] = (above(layers, i) + below(layers, i)) / h[i];
    for (int i = 0; i + 1 < layers->count; i++) beside[i] = -layers->coupling[i] / sqrt(h[i] * h[i + 1]);
}

/* What is known exactly of the mode of a fluid under a rigid lid. */
static void set_barotropic(qg_layers *layers)
{
    layers->lambda[0] = 0;
    for (int i = 0; i < layers->count; i++) layers->mode[0][i] = 1;
}

pel_status qg_layers_find_modes(qg_layers *layers)
{
    const int n = layers->count;
    double beside[QG_MOST_LAYERS] = {0}, vectors[QG_MOST_LAYERS * QG_MOST_LAYERS];
    symmetrise(layers, layers->lambda, beside);
    for (int i = 0; i < n; i++)
        if (!isfinite(layers->lambda[i] + beside[i]))
            return pel_fail(
                PEL_ERR_DECK,
                "the stretching of layer %d is no finite number; give thicknesses, densities and deformation "
                "radii that lie closer together",
                i + 1);
    const lapack_int info = LAPACKE_dstev(LAPACK_COL_MAJOR, 'V', n, layers->lambda, beside, vectors, n);
    if (info != 0)
        return pel_fail(PEL_ERR_NUMERICS, "the modes of %d layers are not found: LAPACK's dstev gives %d", n,
                        (int)info);
    for (int m = 0; m < n; m++) {
        const double *vector = vectors + (size_t)m * (size_t)n, sign = vector[0] < 0 ? -1 : 1;
        for (int i = 0; i < n; i++) layers->mode[m][i] = sign * vector[i] / sqrt(layers->share[i]);
    }
    if (layers->outer == 0) set_barotropic(layers);
    for (int m = 0; m < n; m++)
        for (int i = 0; i < n; i++) layers->projection[m][i] = layers->share[i] * layers->mode[m][i];
    return PEL_OK;
}

double qg_layers_stretching(const qg_layers *layers, const double *psi, int stride, int i)
{
    const double here = psi[i * stride], up = i > 0 ? psi[(i - 1) * stride] : 0;
    const double down = i + 1 < layers->count ? psi[(i + 1) * stride] : 0;
    return (above(layers, i) * (up - here) + below(layers, i) * (down - here)) / layers->share[i];
}

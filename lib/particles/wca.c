/*
 * Weeks, Chandler & Andersen, J. Chem. Phys. 54 (1971) 5237: the reference fluid of the theory of liquids.
 *
 *     u = 4 epsilon [(sigma / r)^12 - (sigma / r)^6] + epsilon,   r < 2^(1/6) sigma
 *     f / r = 24 epsilon [2 (sigma / r)^12 - (sigma / r)^6] / r^2
 *
 * Force and energy vanish at the end, so that no truncation is needed.
 */
#include "particles/wca.h"

#include <math.h>

#include "particles/inverses.h"

static const double end2 = 0x1.428a2f98d728bp0; /* 2^(1/3), the square of the end over sigma */

double pel_wca_cutoff(const pel_wca *coefficients)
{
    return sqrt(end2) * coefficients->sigma;
}

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const pel_wca *wca = coefficients;
    const double epsilon = wca->epsilon, sigma2 = wca->sigma * wca->sigma, last = end2 * sigma2;
    pel_inverses(n, r2, force_over_r);
    for (int i = 0; i < n; i++) {
        const double inverse2 = force_over_r[i], s2 = sigma2 * inverse2, s6 = s2 * s2 * s2;
        force_over_r[i] = r2[i] < last ? 24 * epsilon * inverse2 * s6 * (2 * s6 - 1) : 0;
    }
    if (!energy) return;
    for (int i = 0; i < n; i++) {
        const double s2 = sigma2 / r2[i], s6 = s2 * s2 * s2;
        energy[i] = r2[i] < last ? 4 * epsilon * (s6 * s6 - s6) + epsilon : 0;
    }
}

static void tail(const void *coefficients, double cutoff, double integral[2])
{
    (void)coefficients, (void)cutoff;
    integral[0] = integral[1] = 0;
}

const pel_pair_kind pel_wca_kind = {.name = "wca", .flops = 9, .compute = compute, .tail = tail};

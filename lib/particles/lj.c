/* The Lennard-Jones potential (Lennard-Jones, Proc. R. Soc. A 106 (1924) 463), in powers of s = (sigma/r)^2:
 *
 *     u = 4 epsilon (s^6 - s^3),   f / r = 24 epsilon / sigma^2 (2 s^7 - s^4)
 *
 * Tail beyond rc (Allen & Tildesley, Computer Simulation of Liquids, eq. 2.144): integrals of u r^2 and r u' r^2. */
#include "particles/lj.h"

#include <math.h>

#include "particles/inverses.h"

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const pel_lj *c = coefficients;
    const double sigma2 = c->sigma * c->sigma, strength = 24 * c->epsilon / sigma2, depth = 4 * c->epsilon;
    pel_inverses(n, r2, force_over_r);
    for (int k = 0; k < n; k++) {
        const double s = sigma2 * force_over_r[k], s3 = s * s * s;
        force_over_r[k] = strength * (s3 * s) * (2 * s3 - 1);
    }
    for (int k = 0; energy && k < n; k++) {
        const double s = sigma2 / r2[k], s3 = s * s * s;
        energy[k] = depth * (s3 * (s3 - 1));
    }
}

static void tail(const void *coefficients, double cutoff, double integral[2])
{
    const pel_lj *c = coefficients;
    const double s3 = pow(c->sigma / cutoff, 3), s9 = s3 * s3 * s3, volume = c->epsilon * pow(c->sigma, 3);
    integral[0] = 4 * volume * (s9 / 9 - s3 / 3);
    integral[1] = 24 * volume * (s3 / 3 - 2 * s9 / 9);
}

const pel_pair_kind pel_lj_kind = {.name = "lj", .flops = 9, .compute = compute, .tail = tail};

pel_lj pel_lj_mix(pel_lj a, pel_lj b, pel_mixing mixing)
{
    const double sigma = mixing == PEL_MIXING_GEOMETRIC ? sqrt(a.sigma * b.sigma) : (a.sigma + b.sigma) / 2;
    return (pel_lj){sqrt(a.epsilon * b.epsilon), sigma};
}

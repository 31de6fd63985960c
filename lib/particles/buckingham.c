/*
 * Buckingham, Proc. R. Soc. London A 168 (1938) 264.
 *
 *     u = a exp(-r / rho) - c / r^6
 *     f / r = (a / rho) exp(-r / rho) / r - 6 c / r^8
 */
#include "particles/buckingham.h"

#include <math.h>

#include "particles/exponential_inside.h"

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const pel_buckingham *buckingham = coefficients;
    const double a = buckingham->a, c = buckingham->c, inverse_rho = 1 / buckingham->rho;
    for (int i = 0; i < n; i++) {
        const double r = sqrt(r2[i]), inverse2 = 1 / r2[i], dispersion = c * inverse2 * inverse2 * inverse2;
        const double repulsion = a * pel_exponential(-r * inverse_rho);
        force_over_r[i] = (repulsion * inverse_rho * r - 6 * dispersion) * inverse2;
    }
    if (!energy) return;
    for (int i = 0; i < n; i++) {
        const double inverse2 = 1 / r2[i];
        energy[i] = a * pel_exponential(-sqrt(r2[i]) * inverse_rho) - c * inverse2 * inverse2 * inverse2;
    }
}

/* The second integral by parts: that of (r du/dr) r^2 is -R^3 u(R) - 3 times that of u r^2. */
static void tail(const void *coefficients, double cutoff, double integral[2])
{
    const pel_buckingham *buckingham = coefficients;
    const double rho = buckingham->rho, repulsion = buckingham->a * exp(-cutoff / rho), cube = pow(cutoff, 3);
    integral[0] = repulsion * rho * (cutoff * cutoff + 2 * rho * cutoff + 2 * rho * rho) - buckingham->c / (3 * cube);
    integral[1] = -cube * (repulsion - buckingham->c / (cube * cube)) - 3 * integral[0];
}

const pel_pair_kind pel_buckingham_kind = {
    .name = "buckingham", .flops = 46, .is_costly = true, .compute = compute, .tail = tail};

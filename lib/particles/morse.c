/*
 * Morse, Phys. Rev. 34 (1929) 57; for metals: Girifalco & Weizer, Phys. Rev. 114 (1959) 687.
 *
 *     e = exp(-alpha (r - r0)),   u = d (e^2 - 2 e),   f / r = 2 alpha d (e^2 - e) / r
 */
#include "particles/morse.h"

#include <math.h>

#include "particles/exponential_inside.h"

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const pel_morse *morse = coefficients;
    const double d = morse->d, alpha = morse->alpha, r0 = morse->r0, scale = 2 * alpha * d;
    for (int i = 0; i < n; i++) {
        const double r = sqrt(r2[i]), e = pel_exponential(alpha * (r0 - r));
        force_over_r[i] = scale * e * (e - 1) / r;
    }
    if (!energy) return;
    for (int i = 0; i < n; i++) {
        const double e = pel_exponential(alpha * (r0 - sqrt(r2[i])));
        energy[i] = d * e * (e - 2);
    }
}

/* The integral of exp(-k r) r^2 beyond R. */
static double integral_of_exponential(double k, double cutoff)
{
    return exp(-k * cutoff) * (cutoff * cutoff / k + 2 * cutoff / (k * k) + 2 / (k * k * k));
}

/* The second integral by parts: that of (r du/dr) r^2 is -R^3 u(R) - 3 times that of u r^2. */
static void tail(const void *coefficients, double cutoff, double integral[2])
{
    const pel_morse *morse = coefficients;
    const double d = morse->d, alpha = morse->alpha, at_zero = exp(alpha * morse->r0);
    const double e = exp(alpha * (morse->r0 - cutoff));
    integral[0] = d * at_zero * at_zero * integral_of_exponential(2 * alpha, cutoff) -
                  2 * d * at_zero * integral_of_exponential(alpha, cutoff);
    integral[1] = -pow(cutoff, 3) * d * e * (e - 2) - 3 * integral[0];
}

const pel_pair_kind pel_morse_kind = {
    .name = "morse", .flops = 41, .is_costly = true, .compute = compute, .tail = tail};

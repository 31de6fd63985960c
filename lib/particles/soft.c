/* A soft repulsion: finite where atoms lie on each other, flat at the cutoff, and a polynomial in r^2. */
#include "particles/soft_inside.h"

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const pel_soft *soft = coefficients;
    const double epsilon = soft->epsilon, per_square = 1 / (soft->sigma * soft->sigma);
    for (int k = 0; k < n; k++) force_over_r[k] = 4 * epsilon * per_square * (1 - r2[k] * per_square);
    if (!energy) return;
    for (int k = 0; k < n; k++) {
        const double depth = 1 - r2[k] * per_square;
        energy[k] = epsilon * depth * depth;
    }
}

const pel_pair_kind pel_soft_kind = {.name = "soft", .flops = 3, .compute = compute};

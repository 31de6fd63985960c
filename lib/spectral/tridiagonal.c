/* Tridiagonal systems, by elimination without pivoting: the matrix is diagonally dominant (Golub and Van Loan, Matrix
 * Computations, section 4.1.1), so that the residual is round-off. The lanes are independent systems. */
#include "spectral/tridiagonal_inside.h"

/* Row j after elimination: x[j] + upper[j] x[j + 1] = x[j]. There is no x[-1]. */
static void eliminate(const pel_elliptic_axis *axis, const double *restrict shift, double *restrict x,
                      double *restrict upper)
{
    double before[PEL_LANES] = {0}, upper_before[PEL_LANES] = {0};
    for (int j = 0; j < axis->unknowns; j++) {
        const double below = axis->below[j], above = axis->above[j];
#pragma omp simd
        for (int i = 0; i < PEL_LANES; i++) {
            const double pivot = 1 / (shift[i] - below - above - below * upper_before[i]);
            upper_before[i] = above * pivot;
            before[i] = (x[j * PEL_LANES + i] - below * before[i]) * pivot;
            upper[j * PEL_LANES + i] = upper_before[i];
            x[j * PEL_LANES + i] = before[i];
        }
    }
}

static void substitute(int unknowns, double *restrict x, const double *restrict upper)
{
    for (int j = unknowns - 2; j >= 0; j--)
#pragma omp simd
        for (int i = 0; i < PEL_LANES; i++)
            x[j * PEL_LANES + i] -= upper[j * PEL_LANES + i] * x[(j + 1) * PEL_LANES + i];
}

void pel_tridiagonal_solve(const pel_elliptic_axis *axis, const double shift[PEL_LANES], double *x, double *work)
{
    eliminate(axis, shift, x, work);
    substitute(axis->unknowns, x, work);
}

/* No flux comes through the sides: the flux above unknown j, (x[j + 1] - x[j]) / distance, is what stands in all cells
 * up to it. above = 1 / (width distance). */
void pel_tridiagonal_solve_singular(const pel_elliptic_axis *axis, double *x)
{
    double flux = 0, solution = 0;
    for (int j = 0; j < axis->unknowns; j++) {
        flux += axis->width[j] * x[j * PEL_LANES];
        x[j * PEL_LANES] = solution;
        if (j + 1 < axis->unknowns) solution += flux / (axis->above[j] * axis->width[j]);
    }
    const double mean = pel_elliptic_axis_mean(axis, x, PEL_LANES);
    for (int j = 0; j < axis->unknowns; j++) x[j * PEL_LANES] -= mean;
}

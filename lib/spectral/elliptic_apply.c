/* The discrete operator, row by row, as elliptic.h writes it: what a solve inverts. */
#include <math.h>

#include "spectral/elliptic_inside.h"
#include "spectral/pass_inside.h"

/* out = -lambda phi, and the second difference along x. Beyond a side stands 0. */
static void difference_in_row(const pel_elliptic_axis *axis, double lambda, const double *restrict phi,
                              double *restrict out)
{
    const int n = axis->unknowns, last = n - 1;
    const double *restrict below = axis->below, *restrict above = axis->above;
    const double low = axis->is_periodic ? phi[last] : 0, high = axis->is_periodic ? phi[0] : 0;
    for (int x = 1; x < last; x++)
        out[x] = below[x] * (phi[x - 1] - phi[x]) + above[x] * (phi[x + 1] - phi[x]) - lambda * phi[x];
    out[0] = below[0] * (low - phi[0]) + above[0] * ((n > 1 ? phi[1] : high) - phi[0]) - lambda * phi[0];
    if (n > 1)
        out[last] = below[last] * (phi[last - 1] - phi[last]) + above[last] * (high - phi[last]) - lambda * phi[last];
}

/* out += coefficient (neighbour - phi); no neighbour: 0 beyond a side. */
static void add_neighbour(int n, double coefficient, const double *restrict neighbour, const double *restrict phi,
                          double *restrict out)
{
    if (coefficient == 0) return;
    if (neighbour)
        for (int x = 0; x < n; x++) out[x] += coefficient * (neighbour[x] - phi[x]);
    else
        for (int x = 0; x < n; x++) out[x] -= coefficient * phi[x];
}

/* The row next to (at[1], at[2]) along d, or NULL beyond a side. */
static const double *neighbour_row(const pel_elliptic_job *job, const int at[3], int d, int step)
{
    const pel_elliptic_axis *axis = &job->solver->axis[d];
    int next[3] = {0, at[1], at[2]};
    next[d] += step;
    if (axis->is_periodic) next[d] = (next[d] + axis->unknowns) % axis->unknowns;
    if (next[d] < 0 || next[d] >= axis->unknowns) return NULL;
    return pel_elliptic_row(job->solver, job->from, next[1], next[2]);
}

static bool apply_row(const void *data, long item)
{
    const pel_elliptic_job *job = data;
    const pel_elliptic_axis *axis = job->solver->axis;
    const int at[3] = {0, (int)(item % axis[1].unknowns), (int)(item / axis[1].unknowns)};
    const double *phi = pel_elliptic_row(job->solver, job->from, at[1], at[2]);
    double *out = pel_elliptic_row(job->solver, job->to, at[1], at[2]);
    difference_in_row(&axis[0], job->solver->lambda, phi, out);
    for (int d = 1; d < job->solver->dimensions; d++) {
        add_neighbour(axis[0].unknowns, axis[d].below[at[d]], neighbour_row(job, at, d, -1), phi, out);
        add_neighbour(axis[0].unknowns, axis[d].above[at[d]], neighbour_row(job, at, d, 1), phi, out);
    }
    pel_elliptic_add_sides(job, 1, out, at[1], at[2]);
    return true;
}

pel_status pel_elliptic_run_apply(const pel_elliptic_job *job)
{
    const pel_elliptic_axis *axis = job->solver->axis;
    PEL_TRY(pel_pass_run(&(pel_pass){apply_row, job, (long)axis[1].unknowns * axis[2].unknowns}, job->team));
    return pel_elliptic_fill_walls(job, true);
}

double pel_elliptic_norm(const pel_elliptic *solver)
{
    double norm = fabs(solver->lambda);
    for (int d = 0; d < solver->dimensions; d++) norm += pel_elliptic_axis_norm(&solver->axis[d]);
    return norm;
}

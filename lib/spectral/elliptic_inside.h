/**
 * @file
 * Inside the elliptic solvers. For lib/spectral only.
 */
#ifndef PELAGOS_SPECTRAL_ELLIPTIC_INSIDE_H
#define PELAGOS_SPECTRAL_ELLIPTIC_INSIDE_H

#include "spectral/elliptic.h"
#include "spectral/elliptic_axis_inside.h"

struct pel_elliptic {
    pel_grid *grid;
    int dimensions;
    unsigned centring;
    pel_elliptic_axis axis[3];
    double lambda;
    bool removes_mean;
    double tolerance;
    double scale; /* of what transforms there and back give */
};

/** One solve or application: `from` is rhs or phi, `to` is phi or the result. */
typedef struct pel_elliptic_job {
    const pel_elliptic *solver;
    pel_team *team;
    const pel_step *step;
    pel_view from, to;
    const char *name; /* of the field `from` */
} pel_elliptic_job;

/* elliptic_solve.c, elliptic_apply.c: the whole of it, with fields that are known to fit. */
pel_status pel_elliptic_run_solve(const pel_elliptic_job *job);
pel_status pel_elliptic_run_apply(const pel_elliptic_job *job);

/* elliptic_sides.c */

/** The row of points of the unknowns (., y, z), indexed by the unknown x; y and z count unknowns. */
double *pel_elliptic_row(const pel_elliptic *solver, pel_view view, int y, int z);
/** row[x] += sign * what the values and slopes of the sides add to the operator at the unknowns (x, y, z). */
void pel_elliptic_add_sides(const pel_elliptic_job *job, double sign, double *row, int y, int z);
/** Puts the given values on the points of `to` on walls (0 if is_zero). @return PEL_OK, PEL_ERR_MEMORY */
pel_status pel_elliptic_fill_walls(const pel_elliptic_job *job, bool is_zero);

#endif

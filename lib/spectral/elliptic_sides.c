/* What stands at the sides of an elliptic problem: given values and slopes.
 *
 * They are moved to the right-hand side: with q the value or slope of a side, the operator at the unknowns next to it
 * is (what it is for q = 0) + outside q, with `outside` from the axis. */
#include "spectral/elliptic_inside.h"
#include "spectral/pass_inside.h"

double *pel_elliptic_row(const pel_elliptic *solver, pel_view view, int y, int z)
{
    const pel_elliptic_axis *axis = solver->axis;
    return pel_row(view, y + axis[1].first, z + axis[2].first) + axis[0].first;
}

/* At a point of the field. */
static double value_at(const pel_elliptic_job *job, const pel_boundary *side, const int at[3])
{
    return side->function ? side->function(at[0], at[1], at[2], job->step, side->params) : side->value;
}

static bool is_nothing(const pel_boundary *side)
{
    return !side->function && side->value == 0;
}

/* ---- on the right-hand side ---- */

/* Adds a side of dimension d at the unknowns from `at` on along x. */
static void add_side(const pel_elliptic_job *job, double sign, double *row, int d, int side, const int at[3], int count)
{
    const pel_elliptic_axis *axis = job->solver->axis;
    const double coefficient = sign * axis[d].outside[side];
    for (int x = at[0]; x < at[0] + count; x++) {
        int point[3] = {x + axis[0].first, at[1] + axis[1].first, at[2] + axis[2].first};
        if (pel_elliptic_axis_has_wall_point(&axis[d], side)) point[d] = side == 0 ? 0 : axis[d].cells;
        row[x] += coefficient * value_at(job, &axis[d].boundary[side], point);
    }
}

void pel_elliptic_add_sides(const pel_elliptic_job *job, double sign, double *row, int y, int z)
{
    const pel_elliptic_axis *axis = job->solver->axis;
    for (int d = 0; d < 3; d++)
        for (int side = 0; side < 2; side++) {
            int at[3] = {0, y, z};
            const int edge = side == 0 ? 0 : axis[d].unknowns - 1;
            if (axis[d].is_periodic || is_nothing(&axis[d].boundary[side]) || (d > 0 && at[d] != edge)) continue;
            if (d == 0) at[0] = edge;
            add_side(job, sign, row, d, side, at, d == 0 ? 1 : axis[0].unknowns);
        }
}

/* ---- points on walls ---- */

typedef struct walls {
    const pel_elliptic_job *job;
    bool is_zero;
    int rows; /* points along y */
} walls;

static int points_along(const pel_elliptic_axis *axis)
{
    return axis->cells + (axis->is_face && !axis->is_periodic);
}

/* Which side's wall point i is on and has a given value; -1: none. */
static int wall_of(const pel_elliptic_axis *axis, int i)
{
    if (i == 0 && pel_elliptic_axis_has_wall_point(axis, 0)) return 0;
    if (i == axis->cells && pel_elliptic_axis_has_wall_point(axis, 1)) return 1;
    return -1;
}

static void put(const walls *w, int d, int side, const int at[3])
{
    const pel_boundary *boundary = &w->job->solver->axis[d].boundary[side];
    *pel_at(w->job->to, at[0], at[1], at[2]) = w->is_zero ? 0 : value_at(w->job, boundary, at);
}

/* A row of points: its ends, or all of it if it lies on a wall. As boundary conditions do, the last dimension decides
 * where walls meet. */
static bool fill_row(const void *data, long item)
{
    const walls *w = data;
    const pel_elliptic_axis *axis = w->job->solver->axis;
    int at[3] = {0, (int)(item % w->rows), (int)(item / w->rows)};
    const int d = wall_of(&axis[2], at[2]) >= 0 ? 2 : wall_of(&axis[1], at[1]) >= 0 ? 1 : 0;
    const int last = points_along(&axis[0]) - 1, stride = d > 0 || last == 0 ? 1 : last;
    for (at[0] = 0; at[0] <= last; at[0] += stride) {
        const int side = wall_of(&axis[d], at[d]);
        if (side >= 0) put(w, d, side, at);
    }
    return true;
}

pel_status pel_elliptic_fill_walls(const pel_elliptic_job *job, bool is_zero)
{
    const pel_elliptic_axis *axis = job->solver->axis;
    bool has_walls = false;
    for (int d = 0; d < 3; d++)
        has_walls =
            has_walls || pel_elliptic_axis_has_wall_point(&axis[d], 0) || pel_elliptic_axis_has_wall_point(&axis[d], 1);
    if (!has_walls) return PEL_OK;
    const walls w = {job, is_zero, points_along(&axis[1])};
    return pel_pass_run(&(pel_pass){fill_row, &w, (long)w.rows * points_along(&axis[2])}, job->team);
}

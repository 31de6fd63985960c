/* The second difference along one dimension: its coefficients, its eigenvalues, its eigenvectors.
 *
 * With w[i] the width of cell i, and 0 beyond a wall, one formula serves walls and inside alike:
 *
 *     at centres: the cell around unknown i is w[i] wide; from i - 1 to i it is (w[i - 1] + w[i]) / 2 far,
 *                 and w[0] / 2 from the wall
 *     at faces:   the cell around face i is (w[i - 1] + w[i]) / 2 wide, on a wall half a cell;
 *                 from face i - 1 to i it is w[i - 1] far
 *
 * A wave that fulfils the conditions of both sides (odd about a given value, even about a given slope; homogeneous:
 * the others go to the right-hand side) belongs to the basis of one of the cosine and sine transforms. Its angle a cell
 * is theta = pi (q + 1, q, or q + 1/2) / n for two given values, two slopes, or one of each, whatever the centring, and
 * 2 pi k / n where periodic. The second difference multiplies it by -(2 sin(theta / 2) / h)^2, exactly.
 *
 * The n real coefficients of a periodic line are those of FFTW's transform from reals to complex numbers, which is
 * twice as fast as the one from reals to reals: r_0, r_1, i_1, r_2, i_2 ... They lie one place behind the complex
 * numbers r_0, i_0, r_1, i_1 ..., with r_0 in the place of i_0 = 0, and without the last i = 0 of an even length. */
#include "spectral/elliptic_axis_inside.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static const double pi = 3.14159265358979323846;

/* ---- sides ---- */

static bool has_value(const pel_elliptic_axis *axis, int side)
{
    return !axis->is_periodic && axis->boundary[side].kind == PEL_BOUNDARY_VALUE;
}

bool pel_elliptic_axis_has_wall_point(const pel_elliptic_axis *axis, int side)
{
    return axis->is_face && has_value(axis, side);
}

static pel_status check_sides(const pel_elliptic_axis *axis, int d)
{
    for (int side = 0; side < 2 && !axis->is_periodic; side++) {
        const pel_boundary_kind kind = axis->boundary[side].kind;
        if (kind != PEL_BOUNDARY_VALUE && kind != PEL_BOUNDARY_GRADIENT)
            return pel_fail(PEL_ERR_ARGUMENT,
                            "an elliptic solver needs a value or a gradient at the %s side of %c, or a periodic grid",
                            side == 0 ? "low" : "high", 'x' + d);
    }
    return PEL_OK;
}

static pel_status count_unknowns(pel_elliptic_axis *axis, int d)
{
    const int walls = pel_elliptic_axis_has_wall_point(axis, 0) + pel_elliptic_axis_has_wall_point(axis, 1);
    axis->first = pel_elliptic_axis_has_wall_point(axis, 0);
    axis->unknowns = axis->cells - walls + (axis->is_face && !axis->is_periodic);
    if (axis->unknowns > 0) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "an elliptic solver at faces has no unknown between the walls of %d cell along %c", axis->cells,
                    'x' + d);
}

/* ---- widths and coefficients ---- */

typedef struct cells {
    const double *faces;
    double spacing;
    int count;
    bool is_periodic;
} cells;

static double width_of(const cells *c, int i)
{
    if (c->is_periodic) return c->spacing;
    if (i < 0 || i >= c->count) return 0;
    return c->faces ? c->faces[i + 1] - c->faces[i] : c->spacing;
}

static pel_status check_faces(const cells *c, int d)
{
    if (!c->faces) return PEL_OK;
    if (c->is_periodic)
        return pel_fail(PEL_ERR_ARGUMENT, "an elliptic solver is stretched along %c, which is periodic", 'x' + d);
    for (int i = 0; i < c->count; i++)
        if (!(width_of(c, i) > 0) || !isfinite(width_of(c, i)))
            return pel_fail(PEL_ERR_ARGUMENT, "the faces of a stretched elliptic solver must rise: %d at %g, %d at %g",
                            i, c->faces[i], i + 1, c->faces[i + 1]);
    return PEL_OK;
}

/* From the point before point i to it, and the cell around it. */
static double distance_to(const pel_elliptic_axis *axis, const cells *c, int i)
{
    return axis->is_face ? width_of(c, i - 1) : (width_of(c, i - 1) + width_of(c, i)) / 2;
}

static double width_around(const pel_elliptic_axis *axis, const cells *c, int i)
{
    return axis->is_face ? (width_of(c, i - 1) + width_of(c, i)) / 2 : width_of(c, i);
}

static void fill_rows(pel_elliptic_axis *axis, const cells *c)
{
    for (int j = 0; j < axis->unknowns; j++) {
        const int i = axis->first + j;
        axis->width[j] = width_around(axis, c, i);
        axis->below[j] = 1 / (axis->width[j] * distance_to(axis, c, i));
        axis->above[j] = 1 / (axis->width[j] * distance_to(axis, c, i + 1));
    }
}

/* Next to a side: the value beyond it, or the slope, is known. */
static void fill_sides(pel_elliptic_axis *axis)
{
    const int last = axis->unknowns - 1;
    double *const coefficient[2] = {&axis->below[0], &axis->above[last]};
    const double slope[2] = {-1 / axis->width[0], 1 / axis->width[last]};
    for (int side = 0; side < 2 && !axis->is_periodic; side++) {
        axis->outside[side] = has_value(axis, side) ? *coefficient[side] : slope[side];
        if (!has_value(axis, side)) *coefficient[side] = 0;
    }
    axis->has_null = !has_value(axis, 0) && !has_value(axis, 1);
}

/* ---- eigenvectors and eigenvalues ---- */

/* Whether the cosine transform does it: at centres with two given values or two given slopes. */
static bool has_cosine(const pel_elliptic_axis *axis)
{
    return !axis->is_periodic && !axis->is_face && has_value(axis, 0) == has_value(axis, 1);
}

static double angle(const pel_elliptic_axis *axis, int q)
{
    const int n = axis->cells;
    if (axis->is_periodic) return 2 * pi * ((q + 1) / 2) / n;
    if (has_cosine(axis)) return pi * (axis->sign < 0 ? n - q : q) / n;
    return pi * (q + 0.5 * (has_value(axis, 0) + has_value(axis, 1))) / n;
}

static pel_status fill_eigenvalues(pel_elliptic_axis *axis, double spacing)
{
    PEL_TRY(pel_memory_new((size_t)axis->unknowns, sizeof(double), &axis->eigenvalue));
    for (int q = 0; q < axis->unknowns; q++) {
        const double wavenumber = 2 * sin(angle(axis, q) / 2) / spacing;
        axis->eigenvalue[q] = -wavenumber * wavenumber;
    }
    return PEL_OK;
}

typedef struct transform {
    pel_line_kind forward, backward;
} transform;

static transform transform_of(const pel_elliptic_axis *axis)
{
    static const transform at_faces[2][2] = {
        /* [value given below][value given above] */
        {{PEL_LINE_REDFT00, PEL_LINE_REDFT00}, {PEL_LINE_REDFT01, PEL_LINE_REDFT10}},
        {{PEL_LINE_RODFT01, PEL_LINE_RODFT10}, {PEL_LINE_RODFT00, PEL_LINE_RODFT00}}};
    static const transform below = {PEL_LINE_RODFT11, PEL_LINE_RODFT11}, above = {PEL_LINE_REDFT11, PEL_LINE_REDFT11};
    if (axis->is_periodic) return (transform){PEL_LINE_REAL_FORWARD, PEL_LINE_REAL_BACKWARD};
    if (axis->is_face) return at_faces[has_value(axis, 0)][has_value(axis, 1)];
    return has_value(axis, 0) ? below : above;
}

static pel_status plan_transform(pel_elliptic_axis *axis)
{
    const int n = axis->unknowns;
    if (has_cosine(axis)) {
        axis->sign = has_value(axis, 0) ? -1 : 1;
        axis->factor = 2.0 * n;
        return pel_cosine_make(n, &axis->cosine);
    }
    const transform t = transform_of(axis);
    axis->factor = pel_line_factor(t.forward, n);
    PEL_TRY(pel_line_plan(t.forward, n, &axis->forward));
    return pel_line_plan(t.backward, n, &axis->backward);
}

/* ---- transforms ---- */

enum { LINE_VALUES = 8 }; /* doubles in a cache line */

/* From a line to the next: on a cache line, no power of two, with room for n / 2 + 1 complex numbers. */
static ptrdiff_t line_pitch(int n)
{
    return ((n + 2 + LINE_VALUES - 1) / LINE_VALUES | 1) * LINE_VALUES;
}

pel_elliptic_lines pel_elliptic_lines_make(const pel_elliptic_axis *axis, int count)
{
    const ptrdiff_t pitch = line_pitch(axis->unknowns), all = pitch * count;
    const bool is_in_place = !axis->is_periodic && !axis->cosine.turn;
    double *points = pel_line_scratch(sizeof(double) * (size_t)(is_in_place ? all : 2 * all));
    double *waves = points && !is_in_place ? points + all + axis->is_periodic : points;
    return (pel_elliptic_lines){points, waves, pitch};
}

static void periodic_forward(const pel_elliptic_axis *axis, double *points, double *waves)
{
    double *complex_waves = waves - 1;
    pel_line_run(axis->forward, points, complex_waves);
    waves[0] = complex_waves[0];
}

static void periodic_backward(const pel_elliptic_axis *axis, double *waves, double *points)
{
    double *complex_waves = waves - 1;
    complex_waves[0] = waves[0];
    waves[0] = 0;
    if (axis->unknowns % 2 == 0) waves[axis->unknowns] = 0;
    pel_line_run(axis->backward, complex_waves, points);
}

void pel_elliptic_axis_forward(const pel_elliptic_axis *axis, double *points, double *waves)
{
    if (axis->is_periodic) periodic_forward(axis, points, waves);
    else if (axis->cosine.turn) pel_cosine_forward(&axis->cosine, axis->sign, points, waves);
    else pel_line_run(axis->forward, points, waves);
}

void pel_elliptic_axis_backward(const pel_elliptic_axis *axis, double *waves, double *points)
{
    if (axis->is_periodic) periodic_backward(axis, waves, points);
    else if (axis->cosine.turn) pel_cosine_backward(&axis->cosine, axis->sign, waves, points);
    else pel_line_run(axis->backward, waves, points);
}

/* ---- making ---- */

static pel_status reserve(pel_elliptic_axis *axis)
{
    const size_t n = (size_t)axis->unknowns;
    PEL_TRY(pel_memory_new(3 * n, sizeof(double), &axis->below));
    axis->above = axis->below + n;
    axis->width = axis->above + n;
    return PEL_OK;
}

/* A dimension that the grid does not have. */
static pel_status make_point(pel_elliptic_axis *axis)
{
    *axis = (pel_elliptic_axis){.cells = 1, .unknowns = 1, .is_periodic = true, .has_null = true, .factor = 1};
    PEL_TRY(reserve(axis));
    axis->width[0] = 1;
    return pel_memory_new(1, sizeof(double), &axis->eigenvalue);
}

pel_status pel_elliptic_axis_make(const pel_grid *grid, int d, bool is_face, const pel_boundary boundary[2],
                                  const double *faces, pel_elliptic_axis *axis)
{
    if (d >= pel_grid_dimensions(grid)) return make_point(axis);
    const cells c = {faces, pel_grid_spacing(grid, d), pel_grid_cells(grid, d), pel_grid_is_periodic(grid, d)};
    *axis = (pel_elliptic_axis){.cells = c.count,
                                .is_periodic = c.is_periodic,
                                .is_face = is_face,
                                .boundary = {boundary[0], boundary[1]},
                                .factor = 1};
    PEL_TRY(check_sides(axis, d));
    PEL_TRY(check_faces(&c, d));
    PEL_TRY(count_unknowns(axis, d));
    PEL_TRY(reserve(axis));
    fill_rows(axis, &c);
    fill_sides(axis);
    if (faces) return PEL_OK;
    PEL_TRY(plan_transform(axis));
    return fill_eigenvalues(axis, c.spacing);
}

void pel_elliptic_axis_free(pel_elliptic_axis *axis)
{
    pel_cosine_free(&axis->cosine);
    free(axis->eigenvalue);
    free(axis->below); /* above and width too */
    *axis = (pel_elliptic_axis){0};
}

/* ---- sums ---- */

double pel_elliptic_axis_norm(const pel_elliptic_axis *axis)
{
    double norm = 0;
    for (int j = 0; j < axis->unknowns; j++) norm = fmax(norm, 2 * (axis->below[j] + axis->above[j]));
    return norm;
}

double pel_elliptic_axis_mean(const pel_elliptic_axis *axis, const double *values, int stride)
{
    double sum = 0, width = 0;
    for (int j = 0; j < axis->unknowns; j++) {
        sum += axis->width[j] * values[j * stride];
        width += axis->width[j];
    }
    return sum / width;
}

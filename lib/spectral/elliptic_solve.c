/* Solving: forward transforms, a division, and back, in as few passes over memory as there are dimensions.
 *
 * On a grid of three dimensions, with phi as the only array besides rhs:
 *
 *     1. rows:    rhs - what the sides give -> transformed along x, then along y  -> phi
 *     2. columns: phi -> transformed along z, divided by the eigenvalues, and back -> phi
 *                 (stretched: the tridiagonal systems of the horizontal waves)
 *     3. rows:    phi -> back along y, back along x -> phi
 *
 * On two dimensions the columns lie along y, on one along x, and there is less to do around them. Across x, 8 lines at
 * a time are gathered into scratch, as 8 doubles fill a cache line; so every cache line is moved once a pass. Planes
 * that stay in a core's cache are done by one thread along x and y, one plane after the other; larger ones in two
 * passes. Who does what makes no difference to the bits: each line goes through the same plan.
 *
 * Wave 0 of a singular problem is, up to a factor, the mean of the right-hand side with the weights of elliptic.h,
 * since an even transform counts a point on a wall half: the check costs nothing but the largest |rhs|, which is found
 * while the rows are loaded. */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "spectral/elliptic_inside.h"
#include "spectral/pass_inside.h"
#include "spectral/tridiagonal_inside.h"

enum { PLANE_BYTES = 1 << 20 }; /* a plane that stays in a core's cache between the passes along x and y */

/* What the threads find on their way. */
typedef struct findings {
    _Atomic double largest; /* |rhs| with what the sides give */
    double mean;            /* of the same; by the one thread that has wave 0 */
} findings;

typedef struct solve {
    const pel_elliptic_job *job;
    const pel_elliptic_axis *axis;
    bool is_singular;
    int blocks; /* of a row, each of PEL_LANES points from a cache line on */
    findings *found;
} solve;

/* ---- lines in scratch ---- */

/* Neighbouring lines in a field: unknown j of line i stands at origin[j * stride + i]. */
typedef struct block {
    double *origin;
    ptrdiff_t stride;
    int lines;
    int x; /* the unknown along x that line 0 belongs to */
} block;

/* Block b along d of row y, or of plane z. Blocks begin at cache lines, so the first one may be short, too. */
static block find_block(const solve *s, int d, int b, int other)
{
    const pel_elliptic_axis *x = &s->axis[0];
    const pel_view to = s->job->to;
    double *row = pel_elliptic_row(s->job->solver, to, d == 2 ? other : 0, d == 1 ? other : 0);
    if (d == 0) return (block){row, 1, 1, 0};
    const int lo = b * PEL_LANES - x->first, hi = lo + PEL_LANES;
    const int from = lo < 0 ? 0 : lo, end = hi > x->unknowns ? x->unknowns : hi;
    return (block){row + from, to.stride[d], end - from, from};
}

static inline void gather_lines(const block *b, int count, int n, double *restrict lines, ptrdiff_t pitch)
{
    const double *restrict from = b->origin;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < count; i++) lines[i * pitch + j] = from[j * b->stride + i];
}

static void gather(const block *b, int n, double *lines, ptrdiff_t pitch)
{
    if (b->lines == PEL_LANES) gather_lines(b, PEL_LANES, n, lines, pitch);
    else gather_lines(b, b->lines, n, lines, pitch);
}

static inline void scatter_lines(const block *b, int count, int n, const double *restrict lines, ptrdiff_t pitch)
{
    double *restrict to = b->origin;
    for (int j = 0; j < n; j++)
        for (int i = 0; i < count; i++) to[j * b->stride + i] = lines[i * pitch + j];
}

static void scatter(const block *b, int n, const double *lines, ptrdiff_t pitch)
{
    if (b->lines == PEL_LANES) scatter_lines(b, PEL_LANES, n, lines, pitch);
    else scatter_lines(b, b->lines, n, lines, pitch);
}

/* ---- along x ---- */

/* Largest values are not negative. A NaN stays. */
static void raise_largest(findings *found, double value)
{
    double known = atomic_load_explicit(&found->largest, memory_order_relaxed);
    while (!(value <= known) && !isnan(known) &&
           !atomic_compare_exchange_weak_explicit(&found->largest, &known, value, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
}

static void note_largest(const solve *s, const double *row)
{
    double largest = 0;
    bool is_nan = false;
    for (int x = 0; x < s->axis[0].unknowns; x++) {
        const double size = fabs(row[x]);
        largest = size > largest ? size : largest;
        is_nan |= size != size;
    }
    raise_largest(s->found, is_nan ? NAN : largest);
}

static bool row_forward(const solve *s, int y, int z)
{
    const pel_elliptic_axis *axis = &s->axis[0];
    const bool is_transformed = s->job->solver->dimensions > 1;
    const size_t bytes = sizeof(double) * (size_t)axis->unknowns;
    const pel_elliptic_lines line = pel_elliptic_lines_make(axis, 1);
    if (!line.points) return false;
    memcpy(line.points, pel_elliptic_row(s->job->solver, s->job->from, y, z), bytes);
    pel_elliptic_add_sides(s->job, -1, line.points, y, z);
    if (s->is_singular) note_largest(s, line.points);
    if (is_transformed) pel_elliptic_axis_forward(axis, line.points, line.waves);
    memcpy(pel_elliptic_row(s->job->solver, s->job->to, y, z), is_transformed ? line.waves : line.points, bytes);
    return true;
}

/* A periodic row that begins on a cache line (of a single cell it may not) is written where it belongs. */
static bool row_backward(const solve *s, int y, int z)
{
    const pel_elliptic_axis *axis = &s->axis[0];
    const size_t bytes = sizeof(double) * (size_t)axis->unknowns;
    const pel_elliptic_lines line = pel_elliptic_lines_make(axis, 1);
    double *row = pel_elliptic_row(s->job->solver, s->job->to, y, z);
    double *points = axis->is_periodic && axis->unknowns > 1 ? row : line.points;
    if (!line.points) return false;
    memcpy(line.waves, row, bytes);
    pel_elliptic_axis_backward(axis, line.waves, points);
    if (points != row) memcpy(row, points, bytes);
    return true;
}

/* ---- along y, of three dimensions ---- */

static bool block_forward(const solve *s, int b, int z)
{
    const pel_elliptic_axis *axis = &s->axis[1];
    const block at = find_block(s, 1, b, z);
    const pel_elliptic_lines lines = pel_elliptic_lines_make(axis, PEL_LANES);
    if (!lines.points) return false;
    gather(&at, axis->unknowns, lines.points, lines.pitch);
    for (int i = 0; i < at.lines; i++)
        pel_elliptic_axis_forward(axis, lines.points + i * lines.pitch, lines.waves + i * lines.pitch);
    scatter(&at, axis->unknowns, lines.waves, lines.pitch);
    return true;
}

static bool block_backward(const solve *s, int b, int z)
{
    const pel_elliptic_axis *axis = &s->axis[1];
    const block at = find_block(s, 1, b, z);
    const pel_elliptic_lines lines = pel_elliptic_lines_make(axis, PEL_LANES);
    if (!lines.points) return false;
    gather(&at, axis->unknowns, lines.waves, lines.pitch);
    for (int i = 0; i < at.lines; i++)
        pel_elliptic_axis_backward(axis, lines.waves + i * lines.pitch, lines.points + i * lines.pitch);
    scatter(&at, axis->unknowns, lines.points, lines.pitch);
    return true;
}

/* ---- along the last dimension: there, division, and back ---- */

/* What the other dimensions and lambda add to the operator, for the wave of line i. */
static double shift_of(const solve *s, const block *b, int i, int y)
{
    const int dimensions = s->job->solver->dimensions;
    double shift = -s->job->solver->lambda;
    if (dimensions > 1) shift += s->axis[0].eigenvalue[b->x + i];
    if (dimensions > 2) shift += s->axis[1].eigenvalue[y];
    return shift;
}

/* Whether line i holds wave 0 of the other dimensions of a singular problem. */
static bool is_null(const solve *s, const block *b, int i, int y)
{
    return s->is_singular && b->x + i == 0 && y == 0;
}

static void divide(const solve *s, double *restrict line, double shift, bool is_null_line)
{
    const pel_elliptic_axis *axis = &s->axis[s->job->solver->dimensions - 1];
    const double scale = s->job->solver->scale, *restrict eigenvalue = axis->eigenvalue;
    const int n = axis->unknowns;
    if (is_null_line) {
        s->found->mean = line[0] * scale;
        line[0] = 0;
    }
    for (int j = is_null_line; j < n; j++) line[j] *= scale / (eigenvalue[j] + shift);
}

static bool solve_by_transform(const solve *s, const block *b, int y)
{
    const pel_elliptic_axis *axis = &s->axis[s->job->solver->dimensions - 1];
    const pel_elliptic_lines lines = pel_elliptic_lines_make(axis, PEL_LANES);
    if (!lines.points) return false;
    gather(b, axis->unknowns, lines.points, lines.pitch);
    for (int i = 0; i < b->lines; i++) {
        double *points = lines.points + i * lines.pitch, *waves = lines.waves + i * lines.pitch;
        pel_elliptic_axis_forward(axis, points, waves);
        divide(s, waves, shift_of(s, b, i, y), is_null(s, b, i, y));
        pel_elliptic_axis_backward(axis, waves, points);
    }
    scatter(b, axis->unknowns, lines.points, lines.pitch);
    return true;
}

/* ---- along the last dimension, stretched ---- */

/* The column of wave 0, which is line 0 of a block: its mean is taken out. `x` is already scaled. */
static void solve_null_column(const solve *s, const pel_elliptic_axis *axis, double *x)
{
    s->found->mean = pel_elliptic_axis_mean(axis, x, PEL_LANES);
    for (int j = 0; j < axis->unknowns; j++) x[j * PEL_LANES] -= s->found->mean;
    pel_tridiagonal_solve_singular(axis, x);
}

static void load_lanes(const solve *s, const block *b, int n, double *restrict x)
{
    const double scale = s->job->solver->scale;
    for (int j = 0; j < n; j++) {
        const double *restrict from = b->origin + j * b->stride;
        for (int i = 0; i < b->lines; i++) x[j * PEL_LANES + i] = scale * from[i];
        for (int i = b->lines; i < PEL_LANES; i++) x[j * PEL_LANES + i] = 0;
    }
}

static void store_lanes(const block *b, int from_line, int n, const double *restrict x)
{
    for (int j = 0; j < n; j++)
        for (int i = from_line; i < b->lines; i++) b->origin[j * b->stride + i] = x[j * PEL_LANES + i];
}

/* Lanes without a line, and that of wave 0 once it is stored, are given a harmless shift. */
static bool solve_by_elimination(const solve *s, const block *b, int y)
{
    const pel_elliptic_axis *axis = &s->axis[s->job->solver->dimensions - 1];
    const int n = axis->unknowns;
    const bool has_null = is_null(s, b, 0, y);
    double *x = pel_line_scratch(2 * sizeof *x * PEL_LANES * (size_t)n), *work = x ? x + PEL_LANES * n : NULL;
    double shift[PEL_LANES];
    if (!x) return false;
    for (int i = 0; i < PEL_LANES; i++) shift[i] = i < b->lines ? shift_of(s, b, i, y) : -1;
    load_lanes(s, b, n, x);
    if (has_null) {
        solve_null_column(s, axis, x);
        store_lanes(&(block){b->origin, b->stride, 1, 0}, 0, n, x);
        shift[0] = -1;
    }
    pel_tridiagonal_solve(axis, shift, x, work);
    store_lanes(b, has_null, n, x);
    return true;
}

/* ---- pieces for the team ---- */

static bool row_forward_piece(const void *data, long item)
{
    const solve *s = data;
    return row_forward(s, (int)(item % s->axis[1].unknowns), (int)(item / s->axis[1].unknowns));
}

static bool row_backward_piece(const void *data, long item)
{
    const solve *s = data;
    return row_backward(s, (int)(item % s->axis[1].unknowns), (int)(item / s->axis[1].unknowns));
}

static bool block_forward_piece(const void *data, long item)
{
    const solve *s = data;
    return block_forward(s, (int)(item % s->blocks), (int)(item / s->blocks));
}

static bool block_backward_piece(const void *data, long item)
{
    const solve *s = data;
    return block_backward(s, (int)(item % s->blocks), (int)(item / s->blocks));
}

static bool plane_forward_piece(const void *data, long z)
{
    const solve *s = data;
    bool is_good = true;
    for (int y = 0; y < s->axis[1].unknowns; y++) is_good = row_forward(s, y, (int)z) && is_good;
    for (int b = 0; b < s->blocks; b++) is_good = block_forward(s, b, (int)z) && is_good;
    return is_good;
}

static bool plane_backward_piece(const void *data, long z)
{
    const solve *s = data;
    bool is_good = true;
    for (int b = 0; b < s->blocks; b++) is_good = block_backward(s, b, (int)z) && is_good;
    for (int y = 0; y < s->axis[1].unknowns; y++) is_good = row_backward(s, y, (int)z) && is_good;
    return is_good;
}

static bool column_piece(const void *data, long item)
{
    const solve *s = data;
    const int last = s->job->solver->dimensions - 1;
    const int y = last == 2 ? (int)(item / s->blocks) : 0;
    const block b = find_block(s, last, (int)(item % s->blocks), y);
    return s->axis[last].eigenvalue ? solve_by_transform(s, &b, y) : solve_by_elimination(s, &b, y);
}

/* ---- the passes ---- */

static pel_status run(const solve *s, bool (*piece)(const void *, long), long items)
{
    return pel_pass_run(&(pel_pass){piece, s, items}, s->job->team);
}

/* Whether a thread does whole planes. */
static bool takes_planes(const solve *s)
{
    const long bytes = (long)sizeof(double) * s->axis[0].unknowns * s->axis[1].unknowns;
    return bytes <= PLANE_BYTES && s->axis[2].unknowns >= 4 * pel_team_threads(s->job->team);
}

static pel_status forward(const solve *s)
{
    const long planes = s->axis[2].unknowns;
    if (s->job->solver->dimensions == 3 && takes_planes(s)) return run(s, plane_forward_piece, planes);
    PEL_TRY(run(s, row_forward_piece, planes * s->axis[1].unknowns));
    return s->job->solver->dimensions == 3 ? run(s, block_forward_piece, planes * s->blocks) : PEL_OK;
}

static pel_status columns(const solve *s)
{
    const int dimensions = s->job->solver->dimensions;
    if (dimensions == 1) return run(s, column_piece, 1);
    return run(s, column_piece, (long)s->blocks * (dimensions == 3 ? s->axis[1].unknowns : 1));
}

static pel_status backward(const solve *s)
{
    const long planes = s->axis[2].unknowns;
    if (s->job->solver->dimensions == 1) return PEL_OK;
    if (s->job->solver->dimensions == 3 && takes_planes(s)) return run(s, plane_backward_piece, planes);
    if (s->job->solver->dimensions == 3) PEL_TRY(run(s, block_backward_piece, planes * s->blocks));
    return run(s, row_backward_piece, planes * s->axis[1].unknowns);
}

/* ---- the whole of it ---- */

static bool is_singular(const pel_elliptic *solver)
{
    return solver->lambda == 0 && solver->axis[0].has_null && solver->axis[1].has_null && solver->axis[2].has_null;
}

static pel_status check_mean(const solve *s)
{
    const pel_elliptic *solver = s->job->solver;
    const double mean = s->found->mean, largest = s->found->largest;
    if (!s->is_singular || solver->removes_mean || fabs(mean) <= solver->tolerance * largest) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "the mean of %s, with the slopes of the sides, is %g where its largest value is %g: with no given "
                    "value at any side and lambda = 0 there is no solution unless it is 0 to %g of that; make what "
                    "comes in through the sides balance, or set removes_mean",
                    s->job->name, mean, largest, solver->tolerance);
}

pel_status pel_elliptic_run_solve(const pel_elliptic_job *job)
{
    const pel_elliptic *solver = job->solver;
    findings found = {0};
    const int points = solver->axis[0].first + solver->axis[0].unknowns;
    const solve s = {.job = job,
                     .axis = solver->axis,
                     .is_singular = is_singular(solver),
                     .blocks = (points + PEL_LANES - 1) / PEL_LANES,
                     .found = &found};
    PEL_TRY(forward(&s));
    PEL_TRY(columns(&s));
    PEL_TRY(check_mean(&s));
    PEL_TRY(backward(&s));
    return pel_elliptic_fill_walls(job, false);
}

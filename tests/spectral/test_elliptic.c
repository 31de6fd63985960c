/* Elliptic solvers: against the discrete operator, which is itself held against its definition written with ghosts,
 * and against analytic fields. Every kind of dimension is met with every other. */
#include "spectral/elliptic.h"

#include <math.h>

#include "base/random.h"
#include "support/test.h"

static const double pi = 3.14159265358979323846;

/* ---- kinds of dimensions ---- */

typedef struct kind {
    bool is_periodic;
    pel_boundary_kind side[2];
    bool is_face, is_stretched;
} kind;

enum { UNIFORM = 10, KINDS = 18, WALLS = 4 }; /* the last 8 are stretched */

static kind kind_of(int index)
{
    static const pel_boundary_kind sides[WALLS][2] = {{PEL_BOUNDARY_VALUE, PEL_BOUNDARY_VALUE},
                                                      {PEL_BOUNDARY_GRADIENT, PEL_BOUNDARY_GRADIENT},
                                                      {PEL_BOUNDARY_VALUE, PEL_BOUNDARY_GRADIENT},
                                                      {PEL_BOUNDARY_GRADIENT, PEL_BOUNDARY_VALUE}};
    if (index < 2) return (kind){.is_periodic = true, .is_face = index == 1};
    const int i = (index - 2) % (2 * WALLS);
    return (kind){.side = {sides[i / 2][0], sides[i / 2][1]}, .is_face = i % 2, .is_stretched = index >= UNIFORM};
}

static bool has_wall_point(kind k, int side)
{
    return k.is_face && !k.is_periodic && k.side[side] == PEL_BOUNDARY_VALUE;
}

static int unknowns_of(kind k, int cells)
{
    return cells + (k.is_face && !k.is_periodic) - has_wall_point(k, 0) - has_wall_point(k, 1);
}

static bool has_null(kind k)
{
    return k.is_periodic || (k.side[0] == PEL_BOUNDARY_GRADIENT && k.side[1] == PEL_BOUNDARY_GRADIENT);
}

/* ---- problems ---- */

enum { MOST_CELLS = 256 };

typedef struct problem {
    int dimensions;
    kind kind[3];
    pel_elliptic_spec spec;
    double faces[3][MOST_CELLS + 1];
    pel_grid *grid;
    pel_field *rhs, *phi, *out;
    pel_box unknowns; /* as points */
    pel_elliptic *solver;
} problem;

static const pel_step now = {.index = 3, .time = 1.5, .dt = 0.5};

static bool is_possible(const int *kinds, const int *cells, int dimensions)
{
    for (int d = 0; d < dimensions; d++)
        if (unknowns_of(kind_of(kinds[d]), cells[d]) < 1) return false;
    return true;
}

static pel_field *declare(problem *p, const char *name)
{
    pel_field *field;
    CHECK_STATUS(pel_field_declare(p->grid, name, &(pel_field_spec){.centring = p->spec.centring}, &field));
    CHECK_STATUS(pel_field_allocate(field));
    return field;
}

/* Faces of a dimension of length `length`: uniform, or a smooth map of uniform ones. */
static void place_faces(double *faces, int cells, double length, bool is_stretched)
{
    for (int i = 0; i <= cells; i++) {
        const double s = (double)i / cells;
        faces[i] = length * (is_stretched ? s + 0.1 * sin(2 * pi * s) + 0.1 * s * (1 - s) : s);
    }
}

/* A grid of that many cells, `length` long, with the fields rhs, phi, out; spec.boundary has its kinds. */
static void make_fields(problem *p, int dimensions, const int *kinds, const int *cells, const double *length)
{
    *p = (problem){.dimensions = dimensions, .unknowns = {.hi = {1, 1, 1}}};
    pel_grid_spec grid = {.dimensions = dimensions};
    for (int d = 0; d < dimensions; d++) {
        const kind k = p->kind[d] = kind_of(kinds[d]);
        grid.cells[d] = cells[d];
        grid.spacing[d] = length[d] / cells[d];
        grid.is_periodic[d] = k.is_periodic;
        p->spec.centring |= k.is_face ? 1u << d : 0;
        for (int side = 0; side < 2; side++) p->spec.boundary[d][side].kind = k.side[side];
        place_faces(p->faces[d], cells[d], length[d], k.is_stretched);
        p->unknowns.lo[d] = has_wall_point(k, 0);
        p->unknowns.hi[d] = p->unknowns.lo[d] + unknowns_of(k, cells[d]);
    }
    CHECK_STATUS(pel_grid_create(&grid, &p->grid));
    p->rhs = declare(p, "rhs"), p->phi = declare(p, "phi"), p->out = declare(p, "out");
}

static void make_solver(problem *p)
{
    p->spec.grid = p->grid;
    p->spec.faces = p->kind[p->dimensions - 1].is_stretched ? p->faces[p->dimensions - 1] : NULL;
    CHECK_STATUS(pel_elliptic_create(&p->spec, &p->solver));
}

static void end(problem *p)
{
    pel_elliptic_destroy(p->solver);
    pel_grid_destroy(p->grid);
}

static bool is_singular(const problem *p)
{
    for (int d = 0; d < p->dimensions; d++)
        if (!has_null(p->kind[d])) return false;
    return p->spec.lambda == 0;
}

/* ---- fields point by point ---- */

#define EACH_POINT(box, x, y, z)                                                                                       \
    for (int z = (box).lo[2]; z < (box).hi[2]; z++)                                                                    \
        for (int y = (box).lo[1]; y < (box).hi[1]; y++)                                                                \
            for (int x = (box).lo[0]; x < (box).hi[0]; x++)

static double uniform(uint64_t id, uint64_t draw)
{
    return 2 * pel_random_uniform((pel_random_key){.seed = 41, .id = id, .draw = draw}) - 1;
}

static void fill_random(const pel_field *field, uint64_t draw)
{
    const pel_view view = pel_field_view(field, 0);
    uint64_t id = 0;
    EACH_POINT(pel_field_points(field), x, y, z) * pel_at(view, x, y, z) = uniform(id++, draw);
}

static double largest(const problem *p, const pel_field *field)
{
    const pel_view view = pel_field_view(field, 0);
    double most = 0;
    EACH_POINT(p->unknowns, x, y, z) most = fmax(most, fabs(*pel_at(view, x, y, z)));
    return most;
}

/* Width of the cell around point i, and position of a point. */
static double width_of(const problem *p, int d, int i)
{
    const double *f = p->faces[d];
    const kind k = p->kind[d];
    const int n = d < p->dimensions ? pel_grid_cells(p->grid, d) : 1;
    if (d >= p->dimensions) return 1;
    if (!k.is_face || k.is_periodic) return f[i + 1] - f[i];
    return (f[i < n ? i + 1 : n] - f[i > 0 ? i - 1 : 0]) / 2;
}

static double position(const problem *p, int d, int i)
{
    const double *f = p->faces[d];
    if (d >= p->dimensions) return 0;
    return p->kind[d].is_face ? f[i] : (f[i] + f[i + 1]) / 2;
}

/* The mean over the unknowns, weighted by the cells around them. */
static double mean_of(const problem *p, const pel_field *field)
{
    const pel_view view = pel_field_view(field, 0);
    long double sum = 0, volume = 0;
    EACH_POINT(p->unknowns, x, y, z)
    {
        const double v = width_of(p, 0, x) * width_of(p, 1, y) * width_of(p, 2, z);
        sum += (long double)v * *pel_at(view, x, y, z);
        volume += v;
    }
    return (double)(sum / volume);
}

static void subtract(const problem *p, const pel_field *field, double value)
{
    const pel_view view = pel_field_view(field, 0);
    EACH_POINT(p->unknowns, x, y, z) * pel_at(view, x, y, z) -= value;
}

/* Makes rhs one that a singular problem can have: the slopes of the sides count too. */
static void balance(const problem *p, pel_team *team)
{
    const pel_view view = pel_field_view(p->phi, 0);
    EACH_POINT(p->unknowns, x, y, z) * pel_at(view, x, y, z) = 0;
    CHECK_STATUS(pel_elliptic_apply(p->solver, team, &now, p->phi, 0, p->out, 0));
    subtract(p, p->rhs, mean_of(p, p->rhs) - mean_of(p, p->out));
}

static pel_team *make_team(int threads)
{
    pel_team *team;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

/* ---- every kind with every other ---- */

typedef struct worst {
    double scaled, relative; /* |r| / (|A||phi| + |b|), in units of 1e-14 log2 N; |r| / |b| */
    long problems;
} worst;

typedef void visit(problem *p, pel_team *team, worst *w);

static void set_up(problem *p, int dimensions, const int *kinds, const int *cells)
{
    const double length[] = {1, 1.7, 0.6};
    make_fields(p, dimensions, kinds, cells, length);
    const uint64_t id = (uint64_t)(kinds[0] + KINDS * (kinds[1] + KINDS * kinds[2]));
    for (int d = 0; d < dimensions; d++)
        for (int side = 0; side < 2; side++) p->spec.boundary[d][side].value = uniform(id, (uint64_t)(2 * d + side));
    p->spec.lambda = id % 3 == 0 ? 7.5 : 0;
    make_solver(p);
}

static void visit_all(visit *look, int dimensions, const int *cells, pel_team *team, worst *w)
{
    const int last = dimensions - 1;
    int kinds[3] = {0}, count[3] = {1, 1, 1};
    for (int d = 0; d <= last; d++) count[d] = d == last ? KINDS : UNIFORM;
    for (kinds[2] = 0; kinds[2] < count[2]; kinds[2]++)
        for (kinds[1] = 0; kinds[1] < count[1]; kinds[1]++)
            for (kinds[0] = 0; kinds[0] < count[0]; kinds[0]++) {
                if (!is_possible(kinds, cells, dimensions)) continue;
                problem p;
                set_up(&p, dimensions, kinds, cells);
                look(&p, team, w);
                w->problems++;
                end(&p);
            }
}

static const struct {
    int dimensions, cells[3];
} grids[] = {{3, {8, 6, 10}}, {3, {7, 11, 13}}, {3, {17, 1, 3}}, {3, {1, 9, 2}}, {3, {12, 5, 1}}, {2, {24, 37}},
             {2, {1, 31}},    {2, {101, 2}},    {1, {64}},       {1, {97}},      {1, {1}},        {1, {2}}};
enum { GRIDS = sizeof grids / sizeof grids[0] };

static void check_residual(problem *p, pel_team *team, worst *w)
{
    fill_random(p->rhs, 20);
    fill_random(p->phi, 21); /* no first guess is looked at */
    if (is_singular(p)) balance(p, team);
    CHECK_STATUS(pel_elliptic_solve(p->solver, team, &now, p->rhs, 0, p->phi, 0));
    CHECK_STATUS(pel_elliptic_apply(p->solver, team, &now, p->phi, 0, p->out, 0));
    const pel_view rhs = pel_field_view(p->rhs, 0), out = pel_field_view(p->out, 0);
    double residual = 0;
    EACH_POINT(p->unknowns, x, y, z)
    residual = fmax(residual, fabs(*pel_at(rhs, x, y, z) - *pel_at(out, x, y, z)));
    const double b = largest(p, p->rhs), scale = pel_elliptic_norm(p->solver) * largest(p, p->phi) + b;
    const double bits = fmax(1, log2((double)pel_box_count(p->unknowns)));
    CU_ASSERT_TRUE(residual <= 1e-14 * bits * scale);
    w->scaled = fmax(w->scaled, scale > 0 ? residual / (1e-14 * bits * scale) : 0);
    w->relative = fmax(w->relative, b > 0 ? residual / b : 0);
    if (is_singular(p)) CU_ASSERT_TRUE(fabs(mean_of(p, p->phi)) <= 1e-14 * largest(p, p->phi));
}

TEST(residuals_are_round_off_for_all_sides_and_centrings)
{
    pel_team *team = make_team(1);
    for (int g = 0; g < GRIDS; g++) {
        worst w = {0};
        visit_all(check_residual, grids[g].dimensions, grids[g].cells, team, &w);
        printf("\n  %4ld problems on %3d x %2d x %2d: |r|/|b| <= %.1e, |r|/(|A||phi| + |b|) <= %.3f of 1e-14 log2 N",
               w.problems, grids[g].cells[0], grids[g].cells[1], grids[g].cells[2], w.relative, w.scaled);
        CU_ASSERT_TRUE(w.problems > 0);
    }
    printf("\n");
    pel_team_destroy(team);
}

TEST(residuals_are_round_off_on_larger_grids)
{
    static const struct {
        int dimensions, cells[3], kinds[3];
    } cases[] = {{3, {64, 48, 40}, {0, 4, 12}}, {3, {96, 64, 33}, {4, 7, 5}}, {2, {256, 255}, {5, 3}},
                 {2, {251, 256}, {0, 0}},       {2, {256, 200}, {4, 12}},     {1, {256}, {13}}};
    pel_team *team = make_team(2);
    worst w = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        problem p;
        set_up(&p, cases[i].dimensions, cases[i].kinds, cases[i].cells);
        check_residual(&p, team, &w);
        end(&p);
    }
    printf("\n  larger grids: |r|/|b| <= %.1e, |r|/(|A||phi| + |b|) <= %.3f of 1e-14 log2 N\n", w.relative, w.scaled);
    pel_team_destroy(team);
}

/* ---- the operator is the one that the header defines ---- */

/* phi at points that lie beyond a side along d at most: the table of elliptic.h, uniform. */
static double with_ghosts(const problem *p, pel_view phi, int d, int at[3])
{
    const kind k = p->kind[d];
    const int n = pel_grid_cells(p->grid, d), i = at[d], side = i > n / 2;
    const double h = pel_grid_spacing(p->grid, d), q = p->spec.boundary[d][side].value;
    const double ahead = side == 0 ? -h : h;
    int to[3] = {at[0], at[1], at[2]};
    if (k.is_periodic) {
        to[d] = (i + n) % n;
        return *pel_at(phi, to[0], to[1], to[2]);
    }
    if (i >= p->unknowns.lo[d] && i < p->unknowns.hi[d]) return *pel_at(phi, at[0], at[1], at[2]);
    if (has_wall_point(k, side)) return q;
    if (k.is_face) to[d] = side == 0 ? 1 : n - 1;
    else to[d] = side == 0 ? 0 : n - 1;
    const double inside = *pel_at(phi, to[0], to[1], to[2]);
    if (k.side[side] == PEL_BOUNDARY_VALUE) return 2 * q - inside;
    return inside + (k.is_face ? 2 : 1) * ahead * q;
}

/* Stretched: the flux through the face of the cell around the point, along the axis. */
static double flux(const problem *p, pel_view phi, int d, const int at[3], int side)
{
    const kind k = p->kind[d];
    const int n = pel_grid_cells(p->grid, d), i = at[d], other = side == 0 ? i - 1 : i + 1;
    const bool is_edge = side == 0 ? i == p->unknowns.lo[d] : i == p->unknowns.hi[d] - 1;
    const double q = p->spec.boundary[d][side].value, here = *pel_at(phi, at[0], at[1], at[2]);
    const double sign = side == 0 ? -1 : 1, wall = p->faces[d][side == 0 ? 0 : n];
    if (is_edge && k.side[side] == PEL_BOUNDARY_GRADIENT) return q;
    if (is_edge) return sign * (q - here) / fabs(wall - position(p, d, i));
    int to[3] = {at[0], at[1], at[2]};
    to[d] = other;
    return sign * (*pel_at(phi, to[0], to[1], to[2]) - here) / fabs(position(p, d, other) - position(p, d, i));
}

static double second_difference(const problem *p, pel_view phi, int d, const int at[3])
{
    const double h = pel_grid_spacing(p->grid, d);
    if (p->kind[d].is_stretched) return (flux(p, phi, d, at, 1) - flux(p, phi, d, at, 0)) / width_of(p, d, at[d]);
    int low[3] = {at[0], at[1], at[2]}, high[3] = {at[0], at[1], at[2]};
    low[d]--, high[d]++;
    return (with_ghosts(p, phi, d, low) - 2 * *pel_at(phi, at[0], at[1], at[2]) + with_ghosts(p, phi, d, high)) /
           (h * h);
}

static void check_operator(problem *p, pel_team *team, worst *w)
{
    (void)w;
    fill_random(p->phi, 22);
    fill_random(p->out, 23);
    CHECK_STATUS(pel_elliptic_apply(p->solver, team, &now, p->phi, 0, p->out, 0));
    const pel_view phi = pel_field_view(p->phi, 0), out = pel_field_view(p->out, 0);
    const double allowed = 1e-14 * pel_elliptic_norm(p->solver);
    EACH_POINT(pel_field_points(p->phi), x, y, z)
    {
        const int at[3] = {x, y, z};
        double expected = -p->spec.lambda * *pel_at(phi, x, y, z);
        const bool is_unknown = pel_box_contains(p->unknowns, (pel_box){{x, y, z}, {x + 1, y + 1, z + 1}});
        for (int d = 0; d < p->dimensions && is_unknown; d++) expected += second_difference(p, phi, d, at);
        CU_ASSERT_TRUE(fabs(*pel_at(out, x, y, z) - (is_unknown ? expected : 0)) <= allowed);
    }
}

TEST(the_operator_is_the_one_written_with_ghosts)
{
    pel_team *team = make_team(1);
    worst w = {0};
    visit_all(check_operator, 1, (const int[]){9}, team, &w);
    visit_all(check_operator, 2, (const int[]){6, 7}, team, &w);
    visit_all(check_operator, 3, (const int[]){4, 5, 3}, team, &w);
    CU_ASSERT_EQUAL(w.problems, KINDS + UNIFORM * KINDS + UNIFORM * UNIFORM * KINDS);
    pel_team_destroy(team);
}

/* ---- convergence to an analytic field ---- */

/* phi = product of sin(2 pi x / L + phase) over the dimensions: periodic in L, and nothing special at walls. */
typedef struct analytic {
    const problem *p;
    double length[3];
    int d, side; /* of a boundary; side 2: anywhere */
} analytic;

static double analytic_value(const analytic *a, const int at[3], bool is_slope)
{
    double value = 1;
    for (int d = 0; d < a->p->dimensions; d++) {
        const bool is_wall = a->side < 2 && d == a->d;
        const double wavenumber = 2 * pi / a->length[d], wall = a->side == 0 ? 0 : a->length[d];
        const double angle = wavenumber * (is_wall ? wall : position(a->p, d, at[d])) + 0.4 + 0.3 * d;
        value *= is_wall && is_slope ? wavenumber * cos(angle) : sin(angle);
    }
    return value;
}

static double analytic_side(int x, int y, int z, const pel_step *step, const void *params)
{
    const analytic *a = params;
    CU_ASSERT_EQUAL(step->index, now.index);
    return analytic_value(a, (int[]){x, y, z}, a->p->spec.boundary[a->d][a->side].kind == PEL_BOUNDARY_GRADIENT);
}

/* The largest error, where the problem is singular up to a constant. */
static double analytic_error(int dimensions, const int *kinds, int cells, double lambda, pel_team *team)
{
    problem p;
    const double length[] = {1, 1.5, 0.8};
    make_fields(&p, dimensions, kinds, (const int[]){cells, cells, cells}, length);
    const analytic field = {&p, {length[0], length[1], length[2]}, 0, 2};
    analytic sides[3][2];
    double eigenvalue = -lambda;
    for (int d = 0; d < dimensions; d++) {
        eigenvalue -= pow(2 * pi / length[d], 2);
        for (int side = 0; side < 2; side++) {
            sides[d][side] = (analytic){&p, {length[0], length[1], length[2]}, d, side};
            p.spec.boundary[d][side].function = analytic_side;
            p.spec.boundary[d][side].params = &sides[d][side];
        }
    }
    p.spec.lambda = lambda;
    p.spec.removes_mean = true;
    make_solver(&p);
    const pel_view rhs = pel_field_view(p.rhs, 0), phi = pel_field_view(p.phi, 0);
    EACH_POINT(p.unknowns, x, y, z)
    *pel_at(rhs, x, y, z) = eigenvalue * analytic_value(&field, (const int[]){x, y, z}, false);
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    EACH_POINT(p.unknowns, x, y, z) * pel_at(phi, x, y, z) -= analytic_value(&field, (const int[]){x, y, z}, false);
    if (is_singular(&p)) subtract(&p, p.phi, mean_of(&p, p.phi));
    const double error = largest(&p, p.phi);
    end(&p);
    return error;
}

static void check_order(int dimensions, const int *kinds, double lambda, int cells, pel_team *team, double order[2])
{
    const double coarse = analytic_error(dimensions, kinds, cells, lambda, team);
    const double fine = analytic_error(dimensions, kinds, 2 * cells, lambda, team);
    const double found = log2(coarse / fine);
    CU_ASSERT_TRUE(found > 1.85 && found < 2.15);
    order[0] = fmin(order[0], found), order[1] = fmax(order[1], found);
}

TEST(solutions_converge_to_second_order_with_values_and_slopes_that_vary_along_sides)
{
    pel_team *team = make_team(2);
    double order[2] = {9, 0};
    for (int x = 0; x < UNIFORM; x++)
        for (int y = 0; y < KINDS; y++) check_order(2, (const int[]){x, y}, (x + y) % 2, 64, team, order);
    printf("\n  order in two dimensions %.3f to %.3f", order[0], order[1]);
    static const int kinds[][3] = {{0, 0, 10}, {0, 2, 12}, {4, 4, 13}, {2, 6, 14}, {7, 9, 17}, {5, 3, 8}, {0, 0, 4}};
    order[0] = 9, order[1] = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) check_order(3, kinds[i], 0, 32, team, order);
    printf(", in three %.3f to %.3f\n", order[0], order[1]);
    pel_team_destroy(team);
}

/* ---- singular problems ---- */

/* Periodic along x, slopes at faces along y, stretched between slopes along z. */
static void make_singular(problem *p, bool removes_mean)
{
    make_fields(p, 3, (const int[]){0, 5, 12}, (const int[]){12, 10, 9}, (const double[]){1, 1, 1});
    p->spec.removes_mean = removes_mean;
    make_solver(p);
    fill_random(p->rhs, 30);
}

TEST(a_singular_problem_refuses_a_right_hand_side_that_has_a_mean)
{
    problem p;
    pel_team *team = make_team(2);
    make_singular(&p, false);
    CU_ASSERT_TRUE(is_singular(&p));
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0), PEL_ERR_NUMERICS, "the mean of rhs");
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0), PEL_ERR_NUMERICS, "set removes_mean");
    subtract(&p, p.rhs, mean_of(&p, p.rhs));
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    subtract(&p, p.rhs, 1e-11); /* small, but no round-off */
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0), PEL_ERR_NUMERICS, "the mean of rhs");
    *pel_at(pel_field_view(p.rhs, 0), 4, 4, 4) = NAN;
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0), PEL_ERR_NUMERICS, "nan");
    end(&p);
    pel_team_destroy(team);
}

TEST(the_mean_of_a_singular_right_hand_side_is_removed_when_asked_for)
{
    problem p;
    pel_team *team = make_team(2);
    make_singular(&p, true);
    const double mean = mean_of(&p, p.rhs);
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    CHECK_STATUS(pel_elliptic_apply(p.solver, team, &now, p.phi, 0, p.out, 0));
    const pel_view rhs = pel_field_view(p.rhs, 0), out = pel_field_view(p.out, 0);
    EACH_POINT(p.unknowns, x, y, z)
    CU_ASSERT_DOUBLE_EQUAL(*pel_at(out, x, y, z), *pel_at(rhs, x, y, z) - mean, 1e-11);
    CU_ASSERT_TRUE(fabs(mean) > 1e-4 && fabs(mean_of(&p, p.phi)) < 1e-15);
    end(&p);
    pel_team_destroy(team);
}

TEST(a_right_hand_side_of_zero_gives_zero)
{
    problem p;
    pel_team *team = make_team(1);
    make_fields(&p, 2, (const int[]){0, 4}, (const int[]){6, 7}, (const double[]){1, 1});
    make_solver(&p);
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    CU_ASSERT_EQUAL(largest(&p, p.phi), 0);
    end(&p);
    pel_team_destroy(team);
}

/* ---- same bits, chains, walls ---- */

TEST(the_bits_are_the_same_for_any_number_of_threads)
{
    static const int kinds[][3] = {{0, 0, 0}, {4, 3, 12}, {5, 8, 17}, {2, 7, 9}, {9, 6, 4}, {1, 5, 14}, {6, 13, 2}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        uint64_t hash[2][3];
        for (int threads = 1; threads <= 3; threads++) {
            pel_team *team = make_team(threads);
            for (int dimensions = 2; dimensions <= 3; dimensions++) {
                problem p;
                set_up(&p, dimensions, kinds[i], (const int[]){37, 30, 10});
                fill_random(p.rhs, 40);
                if (is_singular(&p)) balance(&p, team);
                CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
                hash[dimensions - 2][threads - 1] = pel_field_hash(p.phi, 0, pel_field_rows(p.phi));
                end(&p);
            }
            pel_team_destroy(team);
        }
        for (int d = 0; d < 2; d++) CU_ASSERT_TRUE(hash[d][0] == hash[d][1] && hash[d][0] == hash[d][2]);
        CU_ASSERT_NOT_EQUAL(hash[0][0], hash[1][0]);
    }
}

static double wall_value(int x, int y, int z, const pel_step *step, const void *params)
{
    (void)params;
    return x + 10 * y + 100 * z + 1000 * step->time;
}

TEST(points_on_walls_get_the_value_given_there)
{
    problem p;
    pel_team *team = make_team(3);
    make_fields(&p, 3, (const int[]){3, 9, 3}, (const int[]){4, 3, 3}, (const double[]){1, 1, 1});
    for (int d = 0; d < 3; d++)
        for (int side = 0; side < 2; side++) p.spec.boundary[d][side].function = wall_value;
    make_solver(&p);
    fill_random(p.rhs, 50);
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    const pel_view phi = pel_field_view(p.phi, 0);
    EACH_POINT(pel_field_points(p.phi), x, y, z)
    {
        const bool is_wall = !pel_box_contains(p.unknowns, (pel_box){{x, y, z}, {x + 1, y + 1, z + 1}});
        const double given = wall_value(x, y, z, &now, NULL);
        CU_ASSERT_EQUAL(*pel_at(phi, x, y, z) == given, is_wall);
    }
    end(&p);
    pel_team_destroy(team);
}

TEST(a_solve_in_a_chain_finds_what_the_operator_was_applied_to)
{
    problem p;
    pel_chain *chain;
    pel_team *team = make_team(2);
    set_up(&p, 3, (const int[]){0, 6, 14}, (const int[]){20, 9, 11});
    fill_random(p.phi, 60);
    CHECK_STATUS(pel_chain_create("elliptic", PEL_CHAIN_PLAIN, &chain));
    CHECK_STATUS(pel_elliptic_record_apply(p.solver, chain, "apply", p.phi, 0, p.out, 0));
    CHECK_STATUS(pel_elliptic_record_solve(p.solver, chain, "solve", p.out, 0, p.rhs, 0));
    CHECK_STATUS(pel_elliptic_record_solve(p.solver, chain, "solve in place", p.out, 0, p.out, 0));
    CHECK_STATUS(pel_commit(team, &p.grid, 1, &chain, 1));
    CHECK_STATUS(pel_chain_run(chain, team, &(pel_run_options){0}, now, 1));
    const pel_view phi = pel_field_view(p.phi, 0), found = pel_field_view(p.rhs, 0), same = pel_field_view(p.out, 0);
    EACH_POINT(p.unknowns, x, y, z)
    {
        CU_ASSERT_DOUBLE_EQUAL(*pel_at(found, x, y, z), *pel_at(phi, x, y, z), 1e-12);
        CU_ASSERT_EQUAL(*pel_at(found, x, y, z), *pel_at(same, x, y, z));
    }
    pel_chain_destroy(chain);
    end(&p);
    pel_team_destroy(team);
}

TEST(elimination_on_uniform_faces_gives_what_the_transform_gives)
{
    problem p;
    pel_team *team = make_team(2);
    pel_elliptic *eliminating;
    set_up(&p, 3, (const int[]){4, 0, 6}, (const int[]){16, 14, 24});
    p.spec.faces = p.faces[2];
    CHECK_STATUS(pel_elliptic_create(&p.spec, &eliminating));
    fill_random(p.rhs, 70);
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    CHECK_STATUS(pel_elliptic_solve(eliminating, team, &now, p.rhs, 0, p.out, 0));
    const pel_view phi = pel_field_view(p.phi, 0), out = pel_field_view(p.out, 0);
    const double allowed = 1e-13 * largest(&p, p.phi);
    EACH_POINT(p.unknowns, x, y, z) CU_ASSERT_DOUBLE_EQUAL(*pel_at(phi, x, y, z), *pel_at(out, x, y, z), allowed);
    pel_elliptic_destroy(eliminating);
    end(&p);
    pel_team_destroy(team);
}

TEST(another_lambda_makes_another_problem)
{
    problem p;
    pel_team *team = make_team(1);
    make_fields(&p, 2, (const int[]){0, 4}, (const int[]){6, 7}, (const double[]){1, 1});
    make_solver(&p);
    const pel_view rhs = pel_field_view(p.rhs, 0), phi = pel_field_view(p.phi, 0);
    EACH_POINT(p.unknowns, x, y, z) * pel_at(rhs, x, y, z) = 3;
    CHECK_STATUS(pel_elliptic_set_lambda(p.solver, 2)); /* -2 phi = 3 */
    CHECK_STATUS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, p.phi, 0));
    EACH_POINT(p.unknowns, x, y, z) CU_ASSERT_DOUBLE_EQUAL(*pel_at(phi, x, y, z), -1.5, 1e-15);
    CHECK_FAILS(pel_elliptic_set_lambda(p.solver, -2), PEL_ERR_ARGUMENT, "lambda = -2");
    end(&p);
    pel_team_destroy(team);
}

/* ---- what is refused ---- */

TEST(problems_without_a_meaning_are_refused)
{
    problem p;
    pel_elliptic *solver = NULL;
    make_fields(&p, 2, (const int[]){0, 3}, (const int[]){6, 2}, (const double[]){1, 1});
    pel_elliptic_spec spec = p.spec;
    spec.grid = p.grid;
    spec.boundary[1][1].kind = PEL_BOUNDARY_NONE;
    CHECK_FAILS(pel_elliptic_create(&spec, &solver), PEL_ERR_ARGUMENT, "at the high side of y");
    spec.boundary[1][1].kind = PEL_BOUNDARY_VALUE;
    spec.faces = (const double[]){0, 1, 1};
    CHECK_FAILS(pel_elliptic_create(&spec, &solver), PEL_ERR_ARGUMENT, "must rise: 1 at 1, 2 at 1");
    spec.faces = NULL;
    spec.lambda = NAN;
    CHECK_FAILS(pel_elliptic_create(&spec, &solver), PEL_ERR_ARGUMENT, "lambda = nan");
    end(&p);
    make_fields(&p, 1, (const int[]){0}, (const int[]){6}, (const double[]){1});
    CHECK_FAILS(pel_elliptic_create(&(pel_elliptic_spec){.grid = p.grid, .faces = p.faces[0]}, &solver),
                PEL_ERR_ARGUMENT, "stretched along x, which is periodic");
    end(&p);
    make_fields(&p, 2, (const int[]){0, 5}, (const int[]){6, 1}, (const double[]){1, 1});
    p.spec.grid = p.grid;
    p.spec.boundary[1][0].kind = p.spec.boundary[1][1].kind = PEL_BOUNDARY_VALUE;
    CHECK_FAILS(pel_elliptic_create(&p.spec, &solver), PEL_ERR_ARGUMENT, "no unknown between the walls of 1 cell");
    CU_ASSERT_PTR_NULL(solver);
    end(&p);
}

TEST(fields_that_do_not_fit_are_refused)
{
    problem p;
    pel_field *pair, *centred;
    pel_team *team = make_team(1);
    make_fields(&p, 2, (const int[]){0, 3}, (const int[]){6, 4}, (const double[]){1, 1});
    make_solver(&p);
    CHECK_STATUS(pel_field_declare(p.grid, "pair", &(pel_field_spec){.centring = PEL_FACE_Y, .components = 2}, &pair));
    CHECK_STATUS(pel_field_declare(p.grid, "centred", &(pel_field_spec){0}, &centred));
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, pair, 0, p.phi, 0), PEL_ERR_ARGUMENT, "pair: an elliptic");
    CHECK_FAILS(pel_elliptic_solve(p.solver, team, &now, p.rhs, 0, centred, 0), PEL_ERR_ARGUMENT,
                "centred has centring 0");
    CHECK_FAILS(pel_elliptic_apply(p.solver, team, &now, p.phi, 0, p.phi, 0), PEL_ERR_ARGUMENT, "in place");
    end(&p);
    pel_team_destroy(team);
}

/* Time steppers on an ordinary differential equation in each cell: orders of convergence, starts, filters, complex
 * fields. With decays: test_decay.c. */
#include "stepping/stepper.h"

#include <math.h>

#include "support/test.h"

enum { CELLS = 5 };

/* One run: a pendulum in each cell, p' = -sin q, q' = p, a nonlinear problem with both signs of everything. */
typedef struct model {
    pel_team *team;
    pel_grid *grid;
    pel_stepper *stepper;
} model;

static void pendulum_q(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    double *dq = pel_row(arg[0], 0, 0);
    const double *p = pel_row(arg[1], 0, 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) dq[x] = p[x];
}

static void pendulum_p(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    double *dp = pel_row(arg[0], 0, 0);
    const double *q = pel_row(arg[1], 0, 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) dp[x] = -sin(q[x]);
}

static void pendulum(void *app, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    (void)app;
    pel_chain_loop(chain, "q", pendulum_q, NULL, 0, PEL_INTERIOR, pel_write(tendency[0].field, tendency[0].level),
                   pel_read(state[1].field, state[1].level));
    pel_chain_loop(chain, "p", pendulum_p, NULL, 0, PEL_INTERIOR, pel_write(tendency[1].field, tendency[1].level),
                   pel_read(state[0].field, state[0].level));
}

static model begin(const pel_stepper_spec *spec)
{
    model m = {0};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &m.team));
    CHECK_STATUS(pel_grid_create(
        &(pel_grid_spec){.dimensions = 1, .cells = {CELLS, 1, 1}, .is_periodic = {true, true, true}}, &m.grid));
    const pel_prognostic fields[] = {{.name = "q"}, {.name = "p", .spec.units = "s-1"}};
    CHECK_STATUS(pel_stepper_create(spec, m.grid, fields, 2, &m.stepper));
    CHECK_STATUS(pel_stepper_record(m.stepper, NULL, pendulum, NULL));
    pel_chain *chains[4];
    for (int i = 0; i < pel_stepper_chain_count(m.stepper); i++) chains[i] = pel_stepper_chain_at(m.stepper, i);
    CHECK_STATUS(pel_commit(m.team, &m.grid, 1, chains, pel_stepper_chain_count(m.stepper)));
    for (int x = 0; x < CELLS; x++) {
        *pel_at(pel_field_view(pel_stepper_field(m.stepper, 0), 0), x, 0, 0) = 0.3 * (x + 1);
        *pel_at(pel_field_view(pel_stepper_field(m.stepper, 1), 0), x, 0, 0) = 0.1;
    }
    for (int i = 0; i < 2; i++) pel_field_mark_set(pel_stepper_field(m.stepper, i), 0);
    return m;
}

static void end(model *m)
{
    pel_stepper_destroy(m->stepper);
    pel_grid_destroy(m->grid);
    pel_team_destroy(m->team);
}

static void advance(model *m, double dt, long steps)
{
    pel_step now = {.dt = dt};
    for (long i = 0; i < steps; i++) {
        CHECK_STATUS(pel_stepper_prepare(m->stepper, m->team, &(pel_run_options){0}, now));
        CHECK_STATUS(pel_chain_run(pel_stepper_chain(m->stepper, i), m->team, &(pel_run_options){0}, now, 1));
        now = pel_step_next(now);
    }
}

/* q of every cell after two seconds in `steps` steps. */
static void solve(const pel_stepper_spec *spec, long steps, double q[CELLS])
{
    model m = begin(spec);
    advance(&m, 2.0 / (double)steps, steps);
    for (int x = 0; x < CELLS; x++) q[x] = *pel_at(pel_field_view(pel_stepper_field(m.stepper, 0), 0), x, 0, 0);
    end(&m);
}

static double error_of(const pel_stepper_spec *spec, long steps)
{
    double exact[CELLS], q[CELLS], worst = 0;
    solve(&(pel_stepper_spec){.scheme = PEL_RK4}, 4096, exact);
    solve(spec, steps, q);
    for (int x = 0; x < CELLS; x++) worst = fmax(worst, fabs(q[x] - exact[x]));
    return worst;
}

static void check_order(const pel_stepper_spec *spec, double order)
{
    const double measured = log2(error_of(spec, 128) / error_of(spec, 256));
    if (fabs(measured - order) > 0.15) fprintf(stderr, "\n%d: order %g\n", spec->scheme, measured);
    CU_ASSERT_DOUBLE_EQUAL(measured, order, 0.15);
}

TEST(every_scheme_converges_at_its_order)
{
    check_order(&(pel_stepper_spec){.scheme = PEL_EULER}, 1);
    check_order(&(pel_stepper_spec){.scheme = PEL_SSP_RK3}, 3);
    check_order(&(pel_stepper_spec){.scheme = PEL_LOW_STORAGE_RK3}, 3);
    check_order(&(pel_stepper_spec){.scheme = PEL_RK4}, 4);
    check_order(&(pel_stepper_spec){.scheme = PEL_AB3}, 3);
}

TEST(adams_bashforth_from_an_euler_step_is_of_second_order)
{
    check_order(&(pel_stepper_spec){.scheme = PEL_AB3, .is_euler_start = true}, 2);
}

/* Williams (2009), Mon. Wea. Rev. 137, 2538: with alpha = 1/2 the filter keeps the order; with alpha = 1 (the classical
 * filter) it does not. */
TEST(leapfrog_is_of_second_order_where_its_filter_is)
{
    check_order(&(pel_stepper_spec){.scheme = PEL_LEAPFROG, .filter_alpha = 0.5}, 2);
    check_order(&(pel_stepper_spec){.scheme = PEL_LEAPFROG, .filter = 0.8, .filter_alpha = 1}, 1);
}

TEST(a_scheme_is_found_by_its_name)
{
    pel_scheme scheme = PEL_EULER;
    CHECK_STATUS(pel_scheme_find("low-storage-rk3", &scheme));
    CU_ASSERT_EQUAL(scheme, PEL_LOW_STORAGE_RK3);
    CHECK_FAILS(pel_scheme_find("rk5", &scheme), PEL_ERR_NAME, "there is no time scheme 'rk5'");
}

/* With hardly any tendency the filter alone acts. States a, b give next = a, d = nu (a - b), and so a difference of
 * (1 - nu) (a - b) one step later, whatever alpha. */
TEST(the_filter_damps_the_computational_mode)
{
    model m = begin(&(pel_stepper_spec){.scheme = PEL_LEAPFROG, .filter = 0.2, .filter_alpha = 0.53});
    pel_field *q = pel_stepper_field(m.stepper, 0), *p = pel_stepper_field(m.stepper, 1);
    for (int x = 0; x < CELLS; x++) *pel_at(pel_field_view(q, 0), x, 0, 0) = *pel_at(pel_field_view(p, 0), x, 0, 0) = 0;
    advance(&m, 1e-9, 1);
    for (int x = 0; x < CELLS; x++) {
        *pel_at(pel_field_view(q, -1), x, 0, 0) = 1e-3;
        *pel_at(pel_field_view(q, 0), x, 0, 0) = -1e-3;
    }
    double flip = -2e-3;
    for (int i = 0; i < 20; i++) {
        const pel_step now = {.index = 1 + i, .dt = 1e-9};
        CHECK_STATUS(pel_chain_run(pel_stepper_chain(m.stepper, 1 + i), m.team, &(pel_run_options){0}, now, 1));
        const double difference = *pel_at(pel_field_view(q, 0), 2, 0, 0) - *pel_at(pel_field_view(q, -1), 2, 0, 0);
        CU_ASSERT_DOUBLE_EQUAL(difference / flip, -(1 - 0.2), 1e-4);
        flip = difference;
    }
    end(&m);
}

/* ---- filters, complex fields, several grids ---- */

/* q' = i w q with w = 1 + x / 4 in each cell: as one complex field, or as two real ones that are stepped alike. */
static const double rate_of_cell = 0.25;

static void turn_complex(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int x = box->lo[0]; x < box->hi[0]; x++) {
        const double *q = (const double *)&pel_row_complex(arg[1], 0, 0)[x];
        double *dq = (double *)&pel_row_complex(arg[0], 0, 0)[x];
        dq[0] = -(1 + rate_of_cell * x) * q[1];
        dq[1] = (1 + rate_of_cell * x) * q[0];
    }
}

static void turn_pair(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int x = box->lo[0]; x < box->hi[0]; x++) {
        pel_row(arg[0], 0, 0)[x] = -(1 + rate_of_cell * x) * pel_row(arg[3], 0, 0)[x];
        pel_row(arg[1], 0, 0)[x] = (1 + rate_of_cell * x) * pel_row(arg[2], 0, 0)[x];
    }
}

static void turn(void *app, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    if (*(const int *)app == 1)
        pel_chain_loop(chain, "turn", turn_complex, NULL, 0, PEL_INTERIOR,
                       pel_write(tendency[0].field, tendency[0].level), pel_read(state[0].field, state[0].level));
    else
        pel_chain_loop(chain, "turn", turn_pair, NULL, 0, PEL_INTERIOR, pel_write(tendency[0].field, tendency[0].level),
                       pel_write(tendency[1].field, tendency[1].level), pel_read(state[0].field, state[0].level),
                       pel_read(state[1].field, state[1].level));
}

/* With a filter of 0.9 + x / 100 and, if asked for, a decay of 0.3 x; 0.9 along no x at all where it is one number. */
typedef struct turning {
    model m;
    pel_field *filter, *decay;
    int fields;
} turning;

static void begin_turning(turning *t, const pel_stepper_spec *spec, int fields, bool with_decay)
{
    *t = (turning){.fields = fields};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &t->m.team));
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {CELLS}}, &t->m.grid));
    const pel_field_spec factor = {.role = PEL_CONSTANT};
    CHECK_STATUS(pel_field_declare(t->m.grid, "filter", &factor, &t->filter));
    CHECK_STATUS(pel_field_declare(t->m.grid, "decay", &factor, &t->decay));
    const pel_field_spec state = {.type = fields == 1 ? PEL_COMPLEX : PEL_DOUBLE};
    const pel_prognostic p[] = {
        {.name = "q", .spec = state, .filter = t->filter, .decay = with_decay ? t->decay : NULL},
        {.name = "p", .spec = state, .filter = t->filter, .decay = with_decay ? t->decay : NULL}};
    CHECK_STATUS(pel_stepper_create(spec, t->m.grid, p, fields, &t->m.stepper));
    CHECK_STATUS(pel_stepper_record(t->m.stepper, NULL, turn, &t->fields));
    pel_chain *chains[4];
    for (int i = 0; i < pel_stepper_chain_count(t->m.stepper); i++) chains[i] = pel_stepper_chain_at(t->m.stepper, i);
    CHECK_STATUS(pel_commit(t->m.team, &t->m.grid, 1, chains, pel_stepper_chain_count(t->m.stepper)));
    for (int x = 0; x < CELLS; x++) {
        *pel_at(pel_field_view(t->filter, 0), x, 0, 0) = 0.9 + 0.01 * x;
        *pel_at(pel_field_view(t->decay, 0), x, 0, 0) = 0.3 * x;
    }
}

/* The real or imaginary part in a cell; for two real fields the one or the other. */
static double *part_of(const turning *t, int part, int x)
{
    if (t->fields == 2) return pel_at(pel_field_view(pel_stepper_field(t->m.stepper, part), 0), x, 0, 0);
    return (double *)&pel_row_complex(pel_field_view(pel_stepper_field(t->m.stepper, 0), 0), 0, 0)[x] + part;
}

static void start_turning(const turning *t)
{
    for (int x = 0; x < CELLS; x++) *part_of(t, 0, x) = 1 + x, *part_of(t, 1, x) = 0.1;
}

static void compare_complex_with_pair(pel_scheme scheme, bool is_euler_start, bool with_decay)
{
    const pel_stepper_spec spec = {.scheme = scheme, .is_euler_start = is_euler_start};
    turning one, two;
    begin_turning(&one, &spec, 1, with_decay);
    begin_turning(&two, &spec, 2, with_decay);
    start_turning(&one);
    start_turning(&two);
    advance(&one.m, 0.05, 7);
    advance(&two.m, 0.05, 7);
    for (int x = 0; x < CELLS; x++)
        for (int part = 0; part < 2; part++) CU_ASSERT_EQUAL(*part_of(&one, part, x), *part_of(&two, part, x));
    CU_ASSERT_NOT_EQUAL(*part_of(&one, 0, 1), 2); /* something has happened */
    end(&one.m);
    end(&two.m);
}

TEST(a_complex_field_is_stepped_as_two_real_ones)
{
    for (int scheme = PEL_SSP_RK3; scheme <= PEL_EULER; scheme++)
        compare_complex_with_pair((pel_scheme)scheme, false, false);
    compare_complex_with_pair(PEL_AB3, true, false);
    compare_complex_with_pair(PEL_AB3, true, true);
    compare_complex_with_pair(PEL_AB3, false, true);
    compare_complex_with_pair(PEL_RK4, false, true);
    compare_complex_with_pair(PEL_EULER, false, true);
}

/* With steps of no length the filter alone acts; the filter of Robert and Asselin too does nothing to a state at rest
 * but for the decline itself, so that leapfrog goes without it. */
TEST(a_filter_is_applied_once_a_step)
{
    for (int scheme = PEL_SSP_RK3; scheme <= PEL_EULER; scheme++) {
        turning t;
        begin_turning(&t, &(pel_stepper_spec){.scheme = (pel_scheme)scheme, .filter = -1}, 1, false);
        start_turning(&t);
        const long steps = scheme == PEL_LEAPFROG ? 1 : 5;
        advance(&t.m, 0, steps);
        for (int x = 0; x < CELLS; x++) {
            double wanted = 1 + x;
            for (long i = 0; i < steps; i++) wanted *= 0.9 + 0.01 * x;
            CU_ASSERT_EQUAL(*part_of(&t, 0, x), wanted);
        }
        end(&t.m);
    }
}

/* Leapfrog with a filter: next = f (last + 2 dt k), which with dt = 0 leaves f q(0) at odd steps and f q(step - 2). */
TEST(leapfrog_filters_the_state_that_it_makes)
{
    turning t;
    begin_turning(&t, &(pel_stepper_spec){.scheme = PEL_LEAPFROG, .filter = -1}, 1, false);
    start_turning(&t);
    advance(&t.m, 0, 4);
    const double f = 0.9 + 0.01 * 2;
    CU_ASSERT_EQUAL(*part_of(&t, 0, 2), 3 * f * f);
    end(&t.m);
}

/* Adams-Bashforth from an Euler step, by hand: with q' = i w q as a pair of reals in one cell. */
TEST(adams_bashforth_goes_by_its_weights_and_filters_each_step)
{
    turning t;
    begin_turning(&t, &(pel_stepper_spec){.scheme = PEL_AB3, .is_euler_start = true}, 1, false);
    start_turning(&t);
    advance(&t.m, 0.1, 4);
    const double weights[4][3] = {
        {1}, {3.0 / 2, -1.0 / 2}, {23.0 / 12, -16.0 / 12, 5.0 / 12}, {23.0 / 12, -16.0 / 12, 5.0 / 12}};
    const double w = 1 + rate_of_cell * 3, f = 0.9 + 0.01 * 3;
    double q[2] = {4, 0.1}, k[3][2] = {{0}};
    for (int step = 0; step < 4; step++) {
        for (int part = 0; part < 2; part++) k[2][part] = k[1][part], k[1][part] = k[0][part];
        k[0][0] = -w * q[1], k[0][1] = w * q[0];
        const double *b = weights[step];
        for (int part = 0; part < 2; part++)
            q[part] = f * (q[part] + 0.1 * (b[0] * k[0][part] + b[1] * k[1][part] + b[2] * k[2][part]));
    }
    CU_ASSERT_DOUBLE_EQUAL(*part_of(&t, 0, 3), q[0], 1e-14);
    CU_ASSERT_DOUBLE_EQUAL(*part_of(&t, 1, 3), q[1], 1e-14);
    end(&t.m);
}

TEST(a_factor_must_fit_its_field)
{
    pel_grid *grid = NULL, *other = NULL;
    pel_field *foreign = NULL, *whole = NULL, *work = NULL;
    pel_stepper *stepper = NULL;
    const pel_stepper_spec spec = {.scheme = PEL_RK4};
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {CELLS}}, &grid));
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {CELLS}}, &other));
    CHECK_STATUS(pel_field_declare(other, "f", &(pel_field_spec){.role = PEL_CONSTANT}, &foreign));
    CHECK_STATUS(pel_field_declare(grid, "n", &(pel_field_spec){.type = PEL_INT32, .role = PEL_CONSTANT}, &whole));
    CHECK_STATUS(pel_field_declare(grid, "w", &(pel_field_spec){.role = PEL_WORK}, &work));
    CHECK_FAILS(pel_stepper_create(&spec, grid, &(pel_prognostic){.name = "a", .filter = foreign}, 1, &stepper),
                PEL_ERR_ARGUMENT, "field f cannot be a filter or decay of a: it is on another grid");
    CHECK_FAILS(pel_stepper_create(&spec, grid, &(pel_prognostic){.name = "b", .decay = whole}, 1, &stepper),
                PEL_ERR_ARGUMENT, "must be of doubles");
    CHECK_FAILS(pel_stepper_create(&spec, grid, &(pel_prognostic){.name = "c", .decay = work}, 1, &stepper),
                PEL_ERR_ARGUMENT, "must have the role PEL_CONSTANT");
    CHECK_FAILS(pel_stepper_create(&spec, grid, &(pel_prognostic){.name = "d", .spec.type = PEL_FLOAT}, 1, &stepper),
                PEL_ERR_ARGUMENT, "neither of doubles nor complex");
    const pel_prognostic there = {.name = "e", .grid = other, .filter = foreign};
    CHECK_STATUS(pel_stepper_create(&spec, grid, &there, 1, &stepper));
    CU_ASSERT_PTR_EQUAL(pel_field_grid(pel_stepper_field(stepper, 0)), other);
    pel_stepper_destroy(stepper);
    pel_grid_destroy(other);
    pel_grid_destroy(grid);
}

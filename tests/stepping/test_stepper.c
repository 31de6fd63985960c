/* Time steppers on an ordinary differential equation in each cell: orders of convergence, starts, the filter. */
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

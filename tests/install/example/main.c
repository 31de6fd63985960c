/* A program of somebody else's: heat spreads in a ring, on a chain of its own, with an installed Pelagos. */
#include <math.h>
#include <pelagos.h>
#include <stdio.h>
#include <stdlib.h>

enum { CELLS = 64, STEPS = 400 };

/* dq/dt = d2q/dx2 by forward Euler on cells of width 1. */
static void diffuse(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    const double *q = pel_row(arg[0], 0, 0);
    double *next = pel_row(arg[1], 0, 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) next[x] = q[x] + step->dt * (q[x + 1] - 2 * q[x] + q[x - 1]);
}

static void amount(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, 0, 0) = *pel_at(arg[0], x, 0, 0);
}

static void check(pel_status status)
{
    if (status == PEL_OK) return;
    fprintf(stderr, "%s\n", pel_failure());
    exit(pel_status_exit_code(status));
}

int main(void)
{
    pel_team *team;
    pel_grid *grid;
    pel_field *q;
    pel_chain *chains[2];
    pel_reduced total;
    check(pel_team_create(&(pel_team_spec){.threads = 2}, &team));
    check(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {CELLS}, .is_periodic = {true}}, &grid));
    check(pel_field_declare(grid, "q", &(pel_field_spec){.levels = 2, .units = "K"}, &q));
    check(pel_chain_create("step", PEL_CHAIN_STEPPER, &chains[0]));
    check(pel_chain_create("sum", PEL_CHAIN_PLAIN, &chains[1]));
    pel_chain_loop(chains[0], "diffuse", diffuse, NULL, 0, PEL_INTERIOR, pel_read(q, 0, PEL_AROUND_X(1)),
                   pel_write(q, 1));
    pel_chain_reduce(chains[1], "amount", PEL_SUM, amount, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &total, pel_read(q, 0));
    check(pel_commit(team, &grid, 1, chains, 2));

    const double wave = 2 * acos(-1) / CELLS, dt = 0.2;
    for (int x = 0; x < CELLS; x++) *pel_at(pel_field_view(q, 0), x, 0, 0) = 1 + cos(wave * x);
    check(pel_chain_run(chains[0], team, &(pel_run_options){0}, (pel_step){.dt = dt}, STEPS));
    check(pel_chain_run(chains[1], team, &(pel_run_options){0}, (pel_step){.dt = dt}, 1));

    const double factor = 1 - 4 * dt * pow(sin(wave / 2), 2); /* of a step, exact for the discrete equation */
    const double found = *pel_at(pel_field_view(q, 0), 0, 0, 0), wanted = 1 + pow(factor, STEPS);
    printf("q(0) = %.12f, exact %.12f; total %.12f\n", found, wanted, total.value);
    for (int i = 0; i < 2; i++) pel_chain_destroy(chains[i]);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
    return fabs(found - wanted) < 1e-12 && fabs(total.value - CELLS) < 1e-10 ? 0 : 1;
}

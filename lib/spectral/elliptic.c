/* Elliptic solvers: what is solved, and on which fields.
 *
 * How the parts fit together: an axis (elliptic_axis_inside.h) is the discrete operator along one dimension;
 * elliptic_solve.c inverts their sum, elliptic_apply.c applies it, elliptic_sides.c knows what is given at the sides.
 */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "spectral/elliptic_inside.h"

/* ---- making ---- */

pel_status pel_elliptic_set_lambda(pel_elliptic *solver, double lambda)
{
    if (!(lambda >= 0) || !isfinite(lambda))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "lambda = %g of an elliptic solver; it must be 0 or positive, as the operator may vanish for a "
                        "wave if it is negative",
                        lambda);
    solver->lambda = lambda;
    return PEL_OK;
}

static pel_status check_whole(const pel_grid *grid)
{
    for (int d = 0; d < 3; d++)
        if (pel_grid_blocks(grid, d) > 1)
            return pel_fail(PEL_ERR_ARGUMENT, "an elliptic solver needs the whole grid; it has %d blocks along %c",
                            pel_grid_blocks(grid, d), 'x' + d);
    return PEL_OK;
}

static pel_status make_axes(const pel_elliptic_spec *spec, pel_elliptic *solver)
{
    solver->scale = 1;
    for (int d = 0; d < 3; d++) {
        const bool is_last = d == solver->dimensions - 1, is_face = spec->centring >> d & 1;
        PEL_TRY(pel_elliptic_axis_make(spec->grid, d, is_face, spec->boundary[d], is_last ? spec->faces : NULL,
                                       &solver->axis[d]));
        solver->scale /= solver->axis[d].factor;
    }
    return PEL_OK;
}

static pel_status fill(const pel_elliptic_spec *spec, pel_elliptic *solver)
{
    solver->grid = spec->grid;
    solver->dimensions = pel_grid_dimensions(spec->grid);
    solver->centring = spec->centring & ((1u << solver->dimensions) - 1);
    solver->removes_mean = spec->removes_mean;
    solver->tolerance = spec->tolerance > 0 ? spec->tolerance : 1e-12;
    PEL_TRY(pel_elliptic_set_lambda(solver, spec->lambda));
    PEL_TRY(check_whole(spec->grid));
    return make_axes(spec, solver);
}

pel_status pel_elliptic_create(const pel_elliptic_spec *spec, pel_elliptic **solver)
{
    pel_elliptic *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = fill(spec, fresh);
    if (status == PEL_OK) *solver = fresh;
    else pel_elliptic_destroy(fresh);
    return status;
}

void pel_elliptic_destroy(pel_elliptic *solver)
{
    if (!solver) return;
    for (int d = 0; d < 3; d++) pel_elliptic_axis_free(&solver->axis[d]);
    free(solver);
}

/* ---- fields ---- */

static pel_status check_field(const pel_elliptic *solver, const pel_field *field)
{
    const char *name = pel_field_name(field);
    const pel_field_spec *spec = pel_field_spec_of(field);
    if (pel_field_grid(field) != solver->grid)
        return pel_fail(PEL_ERR_ARGUMENT, "%s is not on the grid of the elliptic solver", name);
    if (spec->type != PEL_DOUBLE || spec->components != 1)
        return pel_fail(PEL_ERR_ARGUMENT, "%s: an elliptic solver needs doubles of one component", name);
    if (spec->along != (1u << solver->dimensions) - 1)
        return pel_fail(PEL_ERR_ARGUMENT, "%s does not lie along all dimensions of the elliptic solver", name);
    if (spec->centring != solver->centring)
        return pel_fail(PEL_ERR_ARGUMENT, "%s has centring %u, the elliptic solver %u", name, spec->centring,
                        solver->centring);
    return PEL_OK;
}

static pel_status check_distinct(const pel_field *phi, int phi_level, const pel_field *out, int out_level)
{
    if (phi != out || phi_level != out_level) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "an elliptic operator is applied to %s in place; give another field or level",
                    pel_field_name(phi));
}

/* ---- now ---- */

typedef pel_status run_job(const pel_elliptic_job *job);

static pel_status run_now(run_job *run, const pel_elliptic *solver, pel_team *team, const pel_step *step,
                          const pel_field *from, int from_level, pel_field *to, int to_level)
{
    PEL_TRY(check_field(solver, from));
    PEL_TRY(check_field(solver, to));
    PEL_TRY(run(&(pel_elliptic_job){.solver = solver,
                                    .team = team,
                                    .step = step,
                                    .from = pel_field_view(from, from_level),
                                    .to = pel_field_view(to, to_level),
                                    .name = pel_field_name(from)}));
    pel_field_mark_set(to, to_level);
    return PEL_OK;
}

pel_status pel_elliptic_solve(const pel_elliptic *solver, pel_team *team, const pel_step *step, const pel_field *rhs,
                              int rhs_level, pel_field *phi, int phi_level)
{
    return run_now(pel_elliptic_run_solve, solver, team, step, rhs, rhs_level, phi, phi_level);
}

pel_status pel_elliptic_apply(const pel_elliptic *solver, pel_team *team, const pel_step *step, const pel_field *phi,
                              int phi_level, pel_field *out, int out_level)
{
    PEL_TRY(check_distinct(phi, phi_level, out, out_level));
    return run_now(pel_elliptic_run_apply, solver, team, step, phi, phi_level, out, out_level);
}

/* ---- in a chain ---- */

typedef struct recorded {
    const pel_elliptic *solver;
    run_job *run;
    const pel_field *from; /* for its name */
} recorded;

static pel_status call(const pel_call *call)
{
    const recorded *r = call->params;
    return r->run(&(pel_elliptic_job){.solver = r->solver,
                                      .team = call->team,
                                      .step = call->step,
                                      .from = call->arg[0],
                                      .to = call->arg[1],
                                      .name = pel_field_name(r->from)});
}

static pel_status record(run_job *run, double flops, const pel_elliptic *solver, pel_chain *chain, const char *name,
                         pel_field *from, int from_level, pel_field *to, int to_level)
{
    PEL_TRY(check_field(solver, from));
    PEL_TRY(check_field(solver, to));
    const recorded r = {solver, run, from};
    pel_chain_call(chain, name, call, &r, sizeof r, pel_read(from, from_level), pel_write(to, to_level));
    pel_chain_flops(chain, flops);
    return PEL_OK;
}

static double unknowns_of(const pel_elliptic *solver)
{
    double unknowns = 1;
    for (int d = 0; d < solver->dimensions; d++) unknowns *= solver->axis[d].unknowns;
    return unknowns;
}

/* Transforms there and back, or an elimination (9 there, 2 back); the sum of eigenvalues, the division, the scale. */
static double solve_flops(const pel_elliptic *solver)
{
    double each = solver->dimensions + 2;
    for (int d = 0; d < solver->dimensions; d++) {
        const pel_elliptic_axis *axis = &solver->axis[d];
        each += axis->eigenvalue ? 2 * pel_line_flops(PEL_LINE_REAL_FORWARD, axis->unknowns) / axis->unknowns : 11;
    }
    return each * unknowns_of(solver);
}

/* Two differences with their factors and two sums a dimension, and lambda phi. */
static double apply_flops(const pel_elliptic *solver)
{
    return (6 * solver->dimensions + 2) * unknowns_of(solver);
}

pel_status pel_elliptic_record_solve(const pel_elliptic *solver, pel_chain *chain, const char *name, pel_field *rhs,
                                     int rhs_level, pel_field *phi, int phi_level)
{
    return record(pel_elliptic_run_solve, solve_flops(solver), solver, chain, name, rhs, rhs_level, phi, phi_level);
}

pel_status pel_elliptic_record_apply(const pel_elliptic *solver, pel_chain *chain, const char *name, pel_field *phi,
                                     int phi_level, pel_field *out, int out_level)
{
    PEL_TRY(check_distinct(phi, phi_level, out, out_level));
    return record(pel_elliptic_run_apply, apply_flops(solver), solver, chain, name, phi, phi_level, out, out_level);
}

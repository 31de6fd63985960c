/**
 * @file
 * A tiny app for tests of the run loop: dq/dt = k (d2q/dx2 + d2q/dy2) + growth q^3, and a scalar that belongs to the
 * state.
 */
#ifndef PELAGOS_TESTS_SIM_DIFFUSION_H
#define PELAGOS_TESTS_SIM_DIFFUSION_H

#include <math.h>

#include "sim/run.h"

typedef struct diffusion_terms {
    double kx, ky, growth;
} diffusion_terms;

typedef struct diffusion {
    diffusion_terms terms;
    pel_field *q;
    pel_reduced total;
    double marker;
} diffusion;

static const pel_param diffusion_params[] = {
    {"physics.diffusivity", PEL_PARAM_REAL, "m2 s-1", .initial = "1", .least = 0, .most = -1, .help = "k."},
    {"physics.growth", PEL_PARAM_REAL, "s-1", .initial = "0", .help = "Makes the run blow up where positive."},
    {0},
};

static void diffusion_kernel(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const diffusion_terms *p = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *q = pel_row(arg[0], y, 0), *above = pel_row(arg[0], y + 1, 0), *below = pel_row(arg[0], y - 1, 0);
        double *dq = pel_row(arg[1], y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            dq[x] = p->kx * (q[x + 1] - 2 * q[x] + q[x - 1]) + p->ky * (above[x] - 2 * q[x] + below[x]) +
                    p->growth * q[x] * q[x] * q[x];
    }
}

static void diffusion_tendency(void *app, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const diffusion *m = app;
    pel_chain_loop(chain, "diffusion", diffusion_kernel, &m->terms, sizeof m->terms, PEL_INTERIOR,
                   pel_read(state[0].field, state[0].level, PEL_AROUND_X(1), PEL_AROUND_Y(1)),
                   pel_write(tendency[0].field, tendency[0].level));
}

static void diffusion_value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) pel_row(arg[1], y, 0)[x] = pel_row(arg[0], y, 0)[x];
}

static double diffusion_total(const void *model)
{
    return ((const diffusion *)model)->total.value;
}

static pel_status diffusion_setup(pel_component *component, const pel_params *params, void *model)
{
    diffusion *m = model;
    pel_grid *grid = pel_component_grid(component);
    const double k = pel_params_real(params, "physics.diffusivity");
    m->terms = (diffusion_terms){k / (pel_grid_spacing(grid, 0) * pel_grid_spacing(grid, 0)),
                                 k / (pel_grid_spacing(grid, 1) * pel_grid_spacing(grid, 1)),
                                 pel_params_real(params, "physics.growth")};
    pel_prognostic q = {.name = "q", .spec.units = "K"};
    for (int d = 0; d < 2; d++)
        for (int s = 0; s < 2; s++) q.spec.boundary[d][s] = (pel_boundary){.kind = PEL_BOUNDARY_GRADIENT};
    if (pel_grid_dimensions(grid) != 2)
        pel_params_error(params, "grid.cells", "grid.cells has %d numbers; app diffusion needs 2",
                         pel_grid_dimensions(grid));
    pel_stepper *stepper;
    PEL_TRY(pel_component_stepper(component, &q, 1, &stepper));
    m->q = pel_stepper_field(stepper, 0);
    PEL_TRY(pel_component_record(component, diffusion_tendency));
    pel_chain *series;
    PEL_TRY(pel_component_chain(component, "series", &series));
    pel_chain_reduce(series, "total", PEL_SUM, diffusion_value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->total,
                     pel_read(m->q, 0));
    pel_component_series_chain(component, series);
    PEL_TRY(pel_component_series(component, "total", "K", "sum of q", diffusion_total));
    return pel_component_scalar(component, "marker", &m->marker);
}

static double diffusion_hill(const double at[3], const void *model)
{
    (void)model;
    return exp(-(pow(at[0] - 0.4, 2) + pow(at[1] - 0.6, 2)) / 0.01);
}

static pel_status diffusion_initial(pel_component *component, const pel_params *params, void *model)
{
    (void)params;
    diffusion *m = model;
    m->marker = 42.5;
    pel_component_fill(component, m->q, diffusion_hill, model);
    return PEL_OK;
}

static pel_status diffusion_limit(pel_component *component, void *model, double *seconds)
{
    (void)component;
    const diffusion *m = model;
    *seconds = 0.5 / (m->terms.kx + m->terms.ky);
    return PEL_OK;
}

static const pel_app diffusion_app = {
    .name = "diffusion",
    .summary = "for tests",
    .params = diffusion_params,
    .model_size = sizeof(diffusion),
    .setup = diffusion_setup,
    .initial = diffusion_initial,
    .step_limit = diffusion_limit,
};

#endif

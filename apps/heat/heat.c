/* Diffusion of heat, dT/dt = kappa lap(T), in one to three dimensions, from a mode that decays by exp(-kappa k^2 t):
 * sin(m pi x / L) along a dimension whose ends are held at 0, cos(m pi x / L) where they are insulated, cos(2 m pi x /
 * L) where it is periodic. docs/write-your-own-app.md goes through this file. */
#include "heat/app.h"

#include <math.h>
#include <string.h>

typedef struct constants {
    double diffusivity, decay_rate;                /* kappa, m2 s-1; kappa k^2, s-1 */
    double per_square[3], wavenumber[3], start[3]; /* 1 / spacing^2, m-2; rad m-1; m */
    int has[3], is_sine[3]; /* 1 along the dimensions of the grid; where the ends are held at 0 */
} constants;

typedef struct model {
    constants c;
    pel_field *temperature, *mode;
    pel_reduced error;
} model;

static const pel_param params_table[] = {
    {"physics.diffusivity", PEL_PARAM_REAL, "m2 s-1", .initial = "1e-4", .is_exclusive = true, .help = "kappa."},
    {"initial.waves", PEL_PARAM_INTS, .initial = "[1, 1, 1]", .least_count = 3, .most_count = 3, .help = "m"},
    {0},
};

/* dT/dt = kappa ((T(x-1) - 2 T(x) + T(x+1)) / dx^2 + the same in y and z), where the grid has them. */
static void diffusion(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const constants c = *(const constants *)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *t = pel_row(arg[1], y, z);
            const double *south = pel_row(arg[1], y - c.has[1], z), *north = pel_row(arg[1], y + c.has[1], z);
            const double *below = pel_row(arg[1], y, z - c.has[2]), *above = pel_row(arg[1], y, z + c.has[2]);
            double *rate = pel_row(arg[0], y, z);
#pragma omp simd
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                rate[x] = c.diffusivity * ((t[x - 1] - 2 * t[x] + t[x + 1]) * c.per_square[0] +
                                           (south[x] - 2 * t[x] + north[x]) * c.per_square[1] +
                                           (below[x] - 2 * t[x] + above[x]) * c.per_square[2]);
        }
}

/* How far the temperature is from the exact one: the mode times what is left of it. */
static void error(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const double left = exp(-((const constants *)params)->decay_rate * step->time);
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *t = pel_row(arg[0], y, z), *mode = pel_row(arg[1], y, z);
            double *value = pel_row(arg[2], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) value[x] = fabs(t[x] - left * mode[x]);
        }
}

static double error_value(const void *data)
{
    return ((const model *)data)->error.value;
}

static void record_tendency(void *data, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const constants *c = &((model *)data)->c;
    const pel_reach around = {{-1, -c->has[1], -c->has[2]}, {1, c->has[1], c->has[2]}};
    pel_chain_loop(chain, "diffusion", diffusion, c, sizeof *c, PEL_INTERIOR,
                   pel_write(tendency->field, tendency->level), pel_read(state->field, state->level, .reach = around));
    pel_chain_flops(chain, 13); /* 2 T once, 2 a dimension, 3 products, 2 sums, kappa */
}

static pel_status setup(pel_component *component, const pel_params *params, void *data)
{
    model *m = data;
    constants *c = &m->c;
    pel_grid *grid = pel_component_grid(component);
    pel_prognostic temperature = {.name = "temperature", .spec.units = "K"};
    c->diffusivity = pel_params_real(params, "physics.diffusivity");
    for (int d = 0; d < pel_grid_dimensions(grid); d++) {
        const long halves = pel_params_int_at(params, "initial.waves", d) * (pel_grid_is_periodic(grid, d) ? 2 : 1);
        c->has[d] = 1;
        c->is_sine[d] = strcmp(pel_component_sides(component).side[d][0].kind, "value") == 0;
        c->per_square[d] = 1 / (pel_grid_spacing(grid, d) * pel_grid_spacing(grid, d));
        c->start[d] = pel_grid_face(grid, d, 0);
        c->wavenumber[d] = M_PI * (double)halves / (pel_grid_face(grid, d, pel_grid_cells(grid, d)) - c->start[d]);
        c->decay_rate += c->diffusivity * c->wavenumber[d] * c->wavenumber[d];
        for (int side = 0; side < 2; side++)
            temperature.spec.boundary[d][side].kind = c->is_sine[d] ? PEL_BOUNDARY_VALUE : PEL_BOUNDARY_GRADIENT;
    }
    pel_stepper *stepper;
    PEL_TRY(pel_component_stepper(component, &temperature, 1, &stepper));
    m->temperature = pel_stepper_field(stepper, 0);
    PEL_TRY(pel_field_declare(grid, "mode", &(pel_field_spec){.role = PEL_CONSTANT, .units = "K"}, &m->mode));
    PEL_TRY(pel_component_record(component, record_tendency));
    pel_chain *series;
    PEL_TRY(pel_component_chain(component, "series", &series));
    pel_chain_reduce(series, "error", PEL_MAX, error, c, sizeof *c, PEL_CENTRE, PEL_INTERIOR, &m->error,
                     pel_read(m->temperature, 0), pel_read(m->mode, 0));
    pel_chain_flops(series, 2);
    pel_component_series_chain(component, series);
    return pel_component_series(component, "error", "K", "largest difference from the exact solution", error_value);
}

static double mode_at(const double at[3], const void *data)
{
    const constants *c = data;
    double t = 1;
    for (int d = 0; d < 3; d++) t *= (c->is_sine[d] ? sin : cos)(c->wavenumber[d] * (at[d] - c->start[d]));
    return t;
}

static pel_status initial(pel_component *component, const pel_params *params, void *data)
{
    (void)params;
    const model *m = data;
    pel_component_fill(component, m->temperature, mode_at, &m->c);
    pel_component_fill(component, m->mode, mode_at, &m->c);
    return PEL_OK;
}

const pel_app heat_app = {.name = "heat",
                          .summary = "diffusion: the tutorial",
                          .params = params_table,
                          .model_size = sizeof(model),
                          .setup = setup,
                          .initial = initial};

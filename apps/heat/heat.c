/* Diffusion of heat in one to three dimensions: dT/dt = kappa lap(T), from a mode whose decay is known.
 *
 * T = A exp(-rate t) times, for each dimension of length L with m waves: sin(m pi x / L) where the sides are held at 0
 * K, cos(m pi x / L) where they are insulated, cos(2 m pi x / L) where periodic; rate = kappa times the sum of the
 * squared wavenumbers. The series holds the largest difference from it. docs/write-your-own-app.md explains every line.
 */
#include "heat/app.h"

#include <math.h>
#include <string.h>

typedef struct constants {
    double diffusivity, amplitude, rate;             /* m2 s-1, K, s-1 */
    double wavenumber[3], low[3], spacing[3], r2[3]; /* rad m-1, m, m, 1/spacing^2 */
    int has[3];                                      /* 1 for the dimensions that the grid has */
    int is_sine[3];
} constants;

typedef struct model {
    constants c;
    pel_field *temperature;
    pel_reduced error, heat;
} model;

static const pel_param params_table[] = {
    {"physics.diffusivity", PEL_PARAM_REAL, "m2 s-1", .initial = "1e-4", .is_exclusive = true, .help = "kappa."},
    {"initial.amplitude", PEL_PARAM_REAL, "K", .initial = "1", .help = "Temperature of the mode's crest at step 0."},
    {"initial.waves", PEL_PARAM_INTS, .initial = "1", .least_count = 1, .most_count = 3,
     .help = "Waves of the mode a dimension."},
    {0},
};

/* dT/dt = kappa (T(x-1) - 2 T + T(x+1)) / dx^2 + the same in y and z, where the grid has them. */
static void diffusion(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const constants c = *(const constants *)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double *rate = pel_row(arg[0], y, z);
            const double *t = pel_row(arg[1], y, z);
            const double *south = pel_row(arg[1], y - c.has[1], z), *north = pel_row(arg[1], y + c.has[1], z);
            const double *below = pel_row(arg[1], y, z - c.has[2]), *above = pel_row(arg[1], y, z + c.has[2]);
#pragma omp simd
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                rate[x] = c.diffusivity *
                          ((t[x - 1] - 2 * t[x] + t[x + 1]) * c.r2[0] + (south[x] - 2 * t[x] + north[x]) * c.r2[1] +
                           (below[x] - 2 * t[x] + above[x]) * c.r2[2]);
        }
}

static double exact(const double at[3], double time, const constants *c)
{
    double t = c->amplitude * exp(-c->rate * time);
    for (int d = 0; d < 3; d++) {
        const double phase = c->wavenumber[d] * (at[d] - c->low[d]);
        if (c->has[d]) t *= c->is_sine[d] ? sin(phase) : cos(phase);
    }
    return t;
}

static void error(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const constants *c = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                const int cell[] = {x, y, z};
                double at[3];
                for (int d = 0; d < 3; d++) at[d] = c->low[d] + (cell[d] + 0.5) * c->spacing[d];
                *pel_at(arg[1], x, y, z) = fabs(*pel_at(arg[0], x, y, z) - exact(at, step->time, c));
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
}

static pel_status setup(pel_component *component, const pel_params *params, void *data)
{
    model *m = data;
    constants *c = &m->c;
    const pel_grid *grid = pel_component_grid(component);
    const pel_sides sides = pel_component_sides(component);
    pel_prognostic temperature = {"temperature", {.units = "K", .standard_name = "temperature"}};
    c->diffusivity = pel_params_real(params, "physics.diffusivity");
    c->amplitude = pel_params_real(params, "initial.amplitude");
    for (int d = 0; d < pel_grid_dimensions(grid); d++) {
        const int given = pel_params_count(params, "initial.waves");
        const double waves = (double)pel_params_int_at(params, "initial.waves", d < given ? d : 0);
        c->has[d] = 1;
        c->is_sine[d] = strcmp(sides.side[d][0].kind, "value") == 0;
        c->low[d] = pel_grid_face(grid, d, 0);
        c->spacing[d] = pel_grid_spacing(grid, d);
        c->r2[d] = 1 / (c->spacing[d] * c->spacing[d]);
        c->wavenumber[d] =
            (pel_grid_is_periodic(grid, d) ? 2 : 1) * M_PI * waves / (c->spacing[d] * pel_grid_cells(grid, d));
        c->rate += c->diffusivity * c->wavenumber[d] * c->wavenumber[d];
        for (int side = 0; side < 2; side++)
            temperature.spec.boundary[d][side].kind = c->is_sine[d] ? PEL_BOUNDARY_VALUE : PEL_BOUNDARY_GRADIENT;
    }
    pel_stepper *stepper;
    PEL_TRY(pel_component_stepper(component, &temperature, 1, &stepper));
    m->temperature = pel_stepper_field(stepper, 0);
    PEL_TRY(pel_component_record(component, record_tendency));
    pel_chain *series;
    PEL_TRY(pel_component_chain(component, "series", &series));
    pel_chain_reduce(series, "error", PEL_MAX, error, c, sizeof *c, PEL_CENTRE, PEL_INTERIOR, &m->error,
                     pel_read(m->temperature, 0));
    pel_component_series_chain(component, series);
    return pel_component_series(component, "error", "K", "largest difference from the exact solution", error_value);
}

static double at_start(const double at[3], const void *data)
{
    return exact(at, 0, data);
}

static pel_status initial(pel_component *component, const pel_params *params, void *data)
{
    (void)params;
    model *m = data;
    pel_component_fill(component, m->temperature, at_start, &m->c);
    return PEL_OK;
}

static pel_status step_limit(pel_component *component, void *data, double *seconds)
{
    (void)component;
    const constants *c = &((model *)data)->c;
    *seconds = 2.5 / (4 * c->diffusivity * (c->r2[0] + c->r2[1] + c->r2[2]));
    return PEL_OK;
}

const pel_app heat_app = {
    "heat",       "diffusion in one to three dimensions, against its exact solution: the tutorial",
    params_table, sizeof(model),
    setup,        initial,
    step_limit,   NULL};

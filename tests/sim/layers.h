/**
 * @file
 * An app with three grids, for tests of the run loop: the deck's in layers, modes, and the bins of a spectrum.
 *
 * On the deck's grid q' = -(layer) q + wind, on the modes a complex field of the same name, q' = i (1 + x) q / 2 - r q
 * with a decay r = 40 x s-1. The wind is cos(t), computed before each step, and moves drifters. The spectrum, for the
 * output, holds |q|^2 of the modes.
 */
#ifndef PELAGOS_TESTS_SIM_LAYERS_H
#define PELAGOS_TESTS_SIM_LAYERS_H

#include <math.h>

#include "sim/component.h"
#include "sim/run.h"

enum { LAYERS_MODES = 4, LAYERS_DRIFTERS = 3 };

typedef struct layers_model {
    pel_grid *modes, *spectrum;
    pel_field *wind, *rate, *energy, *q, *mode;
    pel_table *drifters;
    long layers;
    bool is_losing, is_bad;
    char unused[6];
} layers_model;

static const pel_param layers_params[] = {
    {"physics.layers", PEL_PARAM_INT, .initial = "2", .least = 1, .most = 9, .help = "Layers."},
    {"physics.mode", PEL_PARAM_REAL, "", .initial = "1", .help = "Factor of the modes at first."},
    {"physics.lose", PEL_PARAM_FLAG, .initial = "false", .help = "Whether a drifter is lost in the fifth step."},
    {"physics.bad", PEL_PARAM_FLAG, .initial = "false", .help = "Whether a mode is not finite at first."},
    {0},
};

/* ---- a step ---- */

static void layers_blow(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++) pel_row(arg[0], y, z)[x] = (1 + z) * cos(step->time);
}

/* Moves the drifters with the wind of the first cell; `params` points to the model. */
static pel_status layers_drift(const pel_call *call)
{
    const layers_model *m = *(layers_model *const *)call->params;
    double *at = pel_table_values(m->drifters, 0);
    float *age = pel_table_values(m->drifters, 1);
    if (m->is_losing && call->step->index == 4) PEL_TRY(pel_table_remove(m->drifters, 30));
    for (long i = 0; i < pel_table_rows(m->drifters); i++) {
        for (int d = 0; d < 2; d++) at[2 * i + d] += call->step->dt * (1 + d) * *pel_at(call->arg[0], 0, 0, 0);
        age[i] += (float)call->step->dt;
    }
    return PEL_OK;
}

static void layers_before(void *model, pel_chain *chain)
{
    const layers_model *m = model;
    pel_chain_loop(chain, "wind", layers_blow, NULL, 0, PEL_INTERIOR, pel_write(m->wind, 0));
    pel_chain_call(chain, "drift", layers_drift, &m, sizeof m, pel_read(m->wind, 0));
}

static void layers_damp(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                pel_row(arg[0], y, z)[x] = pel_row(arg[2], y, z)[x] - (1 + z) * pel_row(arg[1], y, z)[x];
}

static void layers_turn(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            pel_row_complex(arg[0], y, 0)[x] = 0.5 * (1 + x) * I * pel_row_complex(arg[1], y, 0)[x];
}

static void layers_tendency(void *model, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const layers_model *m = model;
    pel_chain_loop(chain, "damp", layers_damp, NULL, 0, PEL_INTERIOR, pel_write(tendency[0].field, tendency[0].level),
                   pel_read(state[0].field, state[0].level), pel_read(m->wind, 0));
    pel_chain_loop(chain, "turn", layers_turn, NULL, 0, PEL_INTERIOR, pel_write(tendency[1].field, tendency[1].level),
                   pel_read(state[1].field, state[1].level));
}

/* ---- output ---- */

static pel_status layers_measure(const pel_call *call)
{
    const long layers = *(const long *)call->params;
    for (int y = 0; y < layers; y++)
        for (int x = 0; x < LAYERS_MODES; x++) {
            const double complex q = pel_row_complex(call->arg[1], y, 0)[x];
            pel_row(call->arg[0], y, 0)[x] = creal(q) * creal(q) + cimag(q) * cimag(q);
        }
    return PEL_OK;
}

static pel_status layers_record_output(pel_component *component, layers_model *m)
{
    pel_chain *output = NULL;
    PEL_TRY(pel_component_chain(component, "output", &output));
    pel_chain_call(output, "measure", layers_measure, &m->layers, sizeof m->layers, pel_write(m->energy, 0),
                   pel_read(m->mode, 0));
    pel_component_output_chain(component, output);
    return PEL_OK;
}

/* ---- setup ---- */

static pel_status layers_make_grids(pel_component *component, layers_model *m)
{
    const int layers = (int)m->layers;
    PEL_TRY(pel_component_layers(component, layers));
    PEL_TRY(pel_grid_create(&(pel_grid_spec){.name = "modes", .dimensions = 2, .cells = {LAYERS_MODES, layers}},
                            &m->modes));
    PEL_TRY(pel_component_add_grid(component, m->modes));
    PEL_TRY(pel_grid_create(&(pel_grid_spec){.name = "spectrum",
                                             .dimensions = 2,
                                             .cells = {LAYERS_MODES, layers},
                                             .spacing = {0.25, 1},
                                             .origin = {-0.125, 0.5},
                                             .axis = {"wavenumber", "layer"},
                                             .axis_unit = {"rad m-1"}},
                            &m->spectrum));
    return pel_component_add_grid(component, m->spectrum);
}

static pel_status layers_make_drifters(pel_component *component, layers_model *m)
{
    const pel_column_spec columns[] = {{.name = "position", .components = 2, .units = "m"},
                                       {.name = "age", .type = PEL_FLOAT, .units = "s"}};
    PEL_TRY(pel_table_create("drifters", columns, 2, &m->drifters));
    return pel_component_table(component, m->drifters);
}

static pel_status layers_setup(pel_component *component, const pel_params *params, void *model)
{
    layers_model *m = model;
    m->layers = pel_params_int(params, "physics.layers");
    m->is_losing = pel_params_flag(params, "physics.lose");
    m->is_bad = pel_params_flag(params, "physics.bad");
    PEL_TRY(layers_make_grids(component, m));
    PEL_TRY(layers_make_drifters(component, m));
    const pel_field_spec work = {.role = PEL_WORK}, along_x = {.role = PEL_CONSTANT, .along = PEL_ALONG_X};
    PEL_TRY(pel_field_declare(pel_component_grid(component), "wind", &work, &m->wind));
    PEL_TRY(pel_field_declare(m->modes, "rate", &along_x, &m->rate));
    PEL_TRY(pel_field_declare(m->spectrum, "energy", &work, &m->energy));
    const pel_prognostic fields[] = {{.name = "q"},
                                     {.name = "q", .spec.type = PEL_COMPLEX, .grid = m->modes, .decay = m->rate}};
    pel_stepper *stepper = NULL;
    PEL_TRY(pel_component_stepper(component, fields, 2, &stepper));
    m->q = pel_stepper_field(stepper, 0);
    m->mode = pel_stepper_field(stepper, 1);
    pel_component_before(component, layers_before);
    PEL_TRY(pel_component_record(component, layers_tendency));
    return layers_record_output(component, m);
}

/* ---- the initial state ---- */

static double layers_hill(const double at[3], const void *model)
{
    (void)model;
    return at[0] + 10 * at[1] + 100 * at[2];
}

static pel_status layers_initial(pel_component *component, const pel_params *params, void *model)
{
    layers_model *m = model;
    const double factor = pel_params_real(params, "physics.mode");
    pel_component_fill(component, m->q, layers_hill, model);
    for (int x = 0; x < LAYERS_MODES; x++) {
        *pel_at(pel_field_view(m->rate, 0), x, 0, 0) = 40 * x;
        for (int y = 0; y < m->layers; y++)
            pel_row_complex(pel_field_view(m->mode, 0), y, 0)[x] = factor * (1 + x + 0.5 * y * I);
    }
    if (m->is_bad) pel_row_complex(pel_field_view(m->mode, 0), m->layers > 1, 0)[2] = NAN;
    for (int i = 1; i <= LAYERS_DRIFTERS; i++) {
        long row;
        PEL_TRY(pel_table_add(m->drifters, 10 * i, &row));
        ((double *)pel_table_values(m->drifters, 0))[2 * row] = i;
    }
    return PEL_OK;
}

/* Varies a little, so that an automatic step does. */
static pel_status layers_limit(pel_component *component, void *model, double *seconds)
{
    (void)model;
    *seconds = 0.05 * (1 + 0.3 * cos(7 * component->now.time));
    return PEL_OK;
}

static const pel_app layers_app = {
    .name = "layers",
    .summary = "for tests",
    .params = layers_params,
    .model_size = sizeof(layers_model),
    .setup = layers_setup,
    .initial = layers_initial,
    .step_limit = layers_limit,
    .is_limit_sharp = true,
};

#endif

/* The app `qg`: its fields, its step, its order of setting up. model.h has the equations. */
#include "qg/app.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "qg/advection.h"
#include "qg/parameters.h"

/* ---- grids and fields ---- */

static pel_status make_space(pel_component *component, qg_model *model)
{
    PEL_TRY(pel_component_layers(component, model->constants.layers.count));
    const bool is_truncated = strcmp(model->damping.filter, "two-thirds") == 0;
    const pel_space_spec spec = {.grid = pel_component_grid(component),
                                 .along = PEL_ALONG_X | PEL_ALONG_Y,
                                 .truncation = is_truncated ? 2.0 / 3 : 0};
    PEL_TRY(pel_space_create(&spec, &model->space));
    return pel_component_add_grid(component, pel_space_give_grid(model->space));
}

/* A constant factor of each wavenumber, the same in all layers. */
static pel_status declare_factor(qg_model *model, const char *name, const char *units, pel_field **field)
{
    const pel_field_spec spec = {.along = PEL_ALONG_X | PEL_ALONG_Y, .role = PEL_CONSTANT, .units = units};
    return pel_field_declare(pel_space_grid(model->space), name, &spec, field);
}

static pel_status declare_damping(qg_model *model)
{
    qg_damping *damping = &model->damping;
    if (strcmp(damping->filter, "none") != 0) PEL_TRY(declare_factor(model, "filter", "1", &damping->factor));
    if (damping->hyperviscosity > 0) PEL_TRY(declare_factor(model, "damping", "s-1", &damping->decay));
    for (int j = 0; j < model->tracer_count; j++) {
        char name[32];
        snprintf(name, sizeof name, "diffusion%d", j + 1);
        if (model->tracers[j].diffusivity > 0) PEL_TRY(declare_factor(model, name, "s-1", &model->tracers[j].decay));
    }
    return PEL_OK;
}

/* The units of q, and of its Fourier coefficients. */
static const char *units_of_q(const qg_model *model)
{
    return model->constants.is_surface ? "m s-2" : "s-1";
}

static pel_status declare_state(pel_component *component, qg_model *model)
{
    pel_prognostic fields[1 + QG_MOST_TRACERS] = {0};
    fields[0] = (pel_prognostic){.name = "q_hat", .spec = {.type = PEL_COMPLEX, .units = units_of_q(model)}};
    for (int j = 0; j < model->tracer_count; j++) {
        qg_tracer *tracer = &model->tracers[j];
        snprintf(tracer->name, sizeof tracer->name, "tracer%d", j + 1);
        snprintf(tracer->spectral_name, sizeof tracer->spectral_name, "tracer%d_hat", j + 1);
        fields[1 + j] = (pel_prognostic){.name = tracer->spectral_name, .spec = {.type = PEL_COMPLEX}};
    }
    for (int j = 0; j <= model->tracer_count; j++) {
        fields[j].grid = pel_space_grid(model->space);
        fields[j].filter = model->damping.factor;
        fields[j].decay = j > 0 ? model->tracers[j - 1].decay : model->damping.decay;
    }
    pel_stepper *stepper;
    PEL_TRY(pel_component_stepper(component, fields, 1 + model->tracer_count, &stepper));
    model->q_hat = pel_stepper_field(stepper, 0);
    for (int j = 0; j < model->tracer_count; j++) model->tracers[j].spectral = pel_stepper_field(stepper, 1 + j);
    return PEL_OK;
}

static pel_status declare_physical(pel_component *component, qg_model *model)
{
    pel_grid *grid = pel_component_grid(component);
    const struct {
        const char *name, *units, *long_name;
        pel_field **field;
    } fields[] = {
        {"q", units_of_q(model), model->constants.is_surface ? "buoyancy" : "potential vorticity of the eddies",
         &model->q},
        {"psi", "m2 s-1", "streamfunction of the eddies", &model->psi},
        {"u", "m s-1", "eastward velocity of the eddies", &model->u},
        {"v", "m s-1", "northward velocity of the eddies", &model->v},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const pel_field_spec spec = {.role = PEL_WORK, .units = fields[i].units, .long_name = fields[i].long_name};
        PEL_TRY(pel_field_declare(grid, fields[i].name, &spec, fields[i].field));
    }
    for (int j = 0; j < model->tracer_count; j++)
        PEL_TRY(pel_field_declare(grid, model->tracers[j].name, &(pel_field_spec){.role = PEL_WORK},
                                  &model->tracers[j].physical));
    return PEL_OK;
}

/* The bottom's height where files have it, and its potential vorticity where the product wants it. */
static pel_status declare_bottom(pel_component *component, qg_model *model)
{
    if (!model->bottom.exists) return PEL_OK;
    const pel_field_spec height = {
        .along = PEL_ALONG_X | PEL_ALONG_Y, .role = PEL_CONSTANT, .units = "m", .long_name = "height of the bottom"};
    PEL_TRY(pel_field_declare(pel_component_grid(component), "topography", &height, &model->bottom.height));
    const pel_field_spec spectral = {.role = PEL_CONSTANT, .units = "s-1"};
    return pel_space_field(model->space, "bottom_hat", &spectral, &model->bottom.spectral);
}

static pel_status declare_work(qg_model *model)
{
    const pel_field_spec psi = {.role = PEL_WORK, .units = "m2 s-1"}, density = {.role = PEL_WORK};
    const pel_field_spec rate = {.role = PEL_WORK};
    PEL_TRY(pel_space_field(model->space, "psi_hat", &psi, &model->psi_hat));
    PEL_TRY(pel_space_field(model->space, "rate_hat", &rate, &model->rate_hat));
    return pel_field_declare(pel_space_grid(model->space), "density", &density, &model->density);
}

/* ---- the step ---- */

static void record_before(void *data, pel_chain *chain)
{
    const qg_model *model = data;
    if (model->forcing.amplitude) qg_record_forcing(model, chain);
}

/* Drifters go with the velocities of the state that a step begins with: in the first stage of each chain. */
static void record_tendency(void *data, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    qg_model *model = data;
    const bool moves = model->drifters.count > 0 && model->drifters.chain != chain;
    qg_record_rate(model, chain, state, tendency, (qg_terms){.carries_tracers = true, .keeps_velocity = moves});
    if (moves) qg_record_drifters(model, chain);
    model->drifters.chain = chain;
}

static pel_status setup(pel_component *component, const pel_params *params, void *data)
{
    qg_model *model = data;
    PEL_TRY(qg_read(component, params, model));
    PEL_TRY(make_space(component, model));
    PEL_TRY(declare_damping(model));
    PEL_TRY(declare_state(component, model));
    PEL_TRY(declare_physical(component, model));
    PEL_TRY(declare_bottom(component, model));
    PEL_TRY(declare_work(model));
    PEL_TRY(qg_setup_forcing(params, model));
    PEL_TRY(qg_setup_drifters(component, model));
    pel_component_before(component, record_before);
    PEL_TRY(pel_component_record(component, record_tendency));
    PEL_TRY(qg_setup_initial(component, model));
    return qg_setup_diagnostics(component, model);
}

/* What the stratification comes to, which a deck of densities does not show. */
static void say_radii(const qg_layers *layers)
{
    pel_text text = {0};
    for (int m = 1; m < layers->count; m++)
        pel_text_add(&text, "%s%.4g", m > 1 ? ", " : "", 1 / sqrt(layers->lambda[m]));
    if (layers->count > 1) pel_log_info("deformation radii of the baroclinic modes: %s m", pel_text_get(&text));
    pel_text_free(&text);
}

static pel_status initial(pel_component *component, const pel_params *params, void *data)
{
    (void)params;
    qg_model *model = data;
    say_radii(&model->constants.layers);
    pel_space_fill(model->space);
    PEL_TRY(qg_fill_constants(component, model));
    PEL_TRY(qg_fill(component, model));
    return qg_fill_drifters(model);
}

/* The region of stability holds the chord between its limits: omega dt / imaginary + rate dt / real <= 1. */
static pel_status step_limit(pel_component *component, void *data, double *seconds)
{
    qg_model *model = data;
    const qg_constants *c = &model->constants;
    PEL_TRY(pel_component_run(component, model->limit));
    const double frequency = qg_largest_frequency(model);
    *seconds = c->imaginary > 0 ? 1 / (frequency / c->imaginary + c->drag / c->real) : 0;
    return PEL_OK;
}

static void end(void *data)
{
    pel_space_destroy(((qg_model *)data)->space);
}

const pel_app qg_app = {
    .name = "qg",
    .summary = "quasi-geostrophic turbulence: one layer to many, or the surface; doubly periodic",
    .params = qg_params,
    .model_size = sizeof(qg_model),
    .setup = setup,
    .initial = initial,
    .step_limit = step_limit,
    .is_limit_sharp = true,
    .end = end,
};

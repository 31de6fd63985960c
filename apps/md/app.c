/* The app `md`: the order of setting up, step 0, and the step. model.h says what is where. */
#include "md/app.h"

#include <string.h>

#include "md/atoms.h"
#include "md/dynamics.h"
#include "md/grow.h"
#include "md/measures.h"
#include "md/observables.h"
#include "md/parameters.h"
#include "md/potential.h"
#include "md/relax.h"
#include "md/state.h"
#include "md/trajectory.h"
#include "md/units.h"
#include "md/vain.h"

/* The system's clock counts steps; that of the run adds up times as well. */
static pel_status advance(void *data, pel_step *now, long steps)
{
    md_model *model = data;
    const pel_status status = pel_dynamics_run(model->dynamics, now->index, steps, true);
    const int64_t complete = pel_dynamics_complete(model->dynamics);
    for (int64_t i = 0; i < complete; i++) *now = pel_step_next(*now);
    return status;
}

/* A potential that the deck's atoms will not use: for its errors, before anything is made. */
static pel_status check_potential(const pel_params *params, double *cutoff)
{
    pel_potential *potential = NULL;
    PEL_TRY(md_potential_create(params, (int)pel_params_int(params, "atoms.types"), &potential));
    if (potential) *cutoff = potential->cutoff;
    pel_potential_destroy(potential);
    return PEL_OK;
}

static void describe(const void *data, pel_text *plan)
{
    const md_model *model = data;
    const pel_params *params = model->params;
    const bool is_reduced = strcmp(model->units->length, "1") == 0;
    double cutoff = 0;
    if (check_potential(params, &cutoff) != PEL_OK) return;
    pel_text_add(plan, "potential %s, cutoff %g%s%s; integrator %s; %s\n", pel_params_text(params, "potential.kind"),
                 cutoff, is_reduced ? "" : " ", is_reduced ? "" : model->units->length,
                 pel_params_text(params, "dynamics.integrator"),
                 pel_params_flag(params, "reproducible") ? "reproducible" : "fast");
}

static pel_status store(void *model)
{
    PEL_TRY(md_state_store(model));
    return md_observables_store(model);
}

static pel_status check(void *model, pel_step now)
{
    PEL_TRY(md_measures_take(model, now));
    return md_observables_check(model, now.index);
}

static pel_status load(void *model)
{
    PEL_TRY(md_state_load(model));
    return md_observables_load(model);
}

static pel_status setup(pel_component *component, const pel_params *params, void *data)
{
    md_model *model = data;
    double cutoff = 0;
    model->component = component;
    model->params = params;
    PEL_TRY(pel_unit_system_find(pel_params_text(params, "units"), &model->units));
    md_atoms_check(params);
    md_dynamics_check(params);
    md_vain_check(params);
    PEL_TRY(check_potential(params, &cutoff));
    PEL_TRY(md_state_declare(component, model));
    pel_component_advance(component, advance);
    pel_component_state(component, store, load);
    pel_component_check(component, check);
    pel_component_describe(component, describe);
    PEL_TRY(md_trajectory_declare(component, model));
    PEL_TRY(md_observables_declare(component, model, cutoff));
    return md_measures_declare(component, model);
}

/* Lets the atoms find a minimum of the energy, where the deck asks for it. */
static pel_status relax(md_model *model, pel_configuration *atoms)
{
    if (!md_relax_is_meant(model->params)) return PEL_OK;
    PEL_TRY(md_state_begin(model, atoms));
    PEL_TRY(md_relax(model));
    return pel_system_store(model->system, atoms);
}

static pel_status initial(pel_component *component, const pel_params *params, void *data)
{
    (void)component;
    (void)params;
    md_model *model = data;
    pel_configuration atoms = {0};
    pel_status status = md_atoms_make(model, &atoms);
    if (status == PEL_OK) status = relax(model, &atoms);
    if (status == PEL_OK) status = md_atoms_move(model, &atoms);
    if (status == PEL_OK) status = md_state_begin(model, &atoms);
    if (status == PEL_OK) status = md_observables_begin(model);
    pel_configuration_free(&atoms);
    return status;
}

static void end(void *model)
{
    md_observables_end(model);
    md_state_end(model);
}

const pel_app md_app = {
    .name = "md",
    .summary = "molecular dynamics with short-range forces",
    .params = md_params,
    .model_size = sizeof(md_model),
    .setup = setup,
    .initial = initial,
    .is_gridless = true,
    .unit_of = md_unit_of,
    .grow = md_grow,
    .grows_along = md_grows_along,
    .end = end,
};

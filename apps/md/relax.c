/* Atoms at rest where their energy is least: what packings need, and crystals under a given pressure. */
#include "md/relax.h"

#include "base/log.h"
#include "md/parameters.h"
#include "particles/minimise.h"

enum { MOST_PUSHES = 10000 };

/* Of the pressure that is wanted, in eV / angstrom^3 and the like. */
static const double pressure_tolerance = 1e-9;

bool md_relax_is_meant(const pel_params *params)
{
    return !pel_params_is(params, "atoms.minimise.method", "none") ||
           pel_params_flag(params, "atoms.minimise.push-apart");
}

bool md_relax_changes_box(const pel_params *params)
{
    return !pel_params_is(params, "atoms.minimise.method", "none") &&
           !pel_params_is(params, "atoms.minimise.pressure", "none");
}

static pel_minimisation method_of(const pel_params *params)
{
    const bool is_fire = pel_params_is(params, "atoms.minimise.method", "fire");
    return (pel_minimisation){.method = is_fire ? PEL_MINIMISER_FIRE : PEL_MINIMISER_CONJUGATE_GRADIENTS,
                              .force_tolerance = pel_params_real(params, "atoms.minimise.force"),
                              .most_iterations = pel_params_int(params, "atoms.minimise.iterations"),
                              .dt = pel_params_real(params, "time.step")};
}

static pel_status push_apart(md_model *model)
{
    long steps = 0;
    PEL_TRY(pel_push_apart(model->system, 0, NULL, MOST_PUSHES, &steps));
    if (steps > 0) pel_log_info("atoms were pushed apart in %ld steps", steps);
    return PEL_OK;
}

static pel_status minimise(md_model *model)
{
    const pel_params *params = model->params;
    const pel_minimisation how = method_of(params);
    pel_minimised result = {0};
    if (!md_relax_changes_box(params)) {
        PEL_TRY(pel_minimise(model->system, &how, &result));
    } else {
        const double wanted = pel_params_real(params, "atoms.minimise.pressure") / model->units->pressure_unit;
        PEL_TRY(pel_minimise_box(model->system, &how, wanted, pressure_tolerance, &result));
    }
    pel_log_info("minimised in %ld iterations: energy %.12g, largest force %.3g", result.iterations, result.potential,
                 result.most_force);
    if (!result.is_converged)
        pel_log_warning("atoms.minimise.iterations were used up before the forces were below atoms.minimise.force");
    return PEL_OK;
}

/* Atoms that a minimiser cannot begin with may be pushed apart before. */
static pel_status advise(const pel_params *params, pel_status status)
{
    pel_fail_within(status, "minimising, before step 0: ");
    if (pel_params_flag(params, "atoms.minimise.push-apart")) return status;
    return pel_fail(status, "%s; where atoms are too close, atoms.minimise.push-apart: true pushes them apart before",
                    pel_failure());
}

pel_status md_relax(md_model *model)
{
    const pel_params *params = model->params;
    if (pel_params_flag(params, "atoms.minimise.push-apart")) PEL_TRY(push_apart(model));
    if (pel_params_is(params, "atoms.minimise.method", "none")) return PEL_OK;
    const pel_status status = minimise(model);
    return status == PEL_ERR_NUMERICS ? advise(params, status) : status;
}

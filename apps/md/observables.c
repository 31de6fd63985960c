/* The three together; each has a file of its own. */
#include "md/observables.h"

#include <stdio.h>

#include "md/msd.h"
#include "md/profile.h"
#include "md/rdf.h"

/* Whether the deck asks for NAME; samples are of no use without records, and the other way round. */
static bool is_wanted(const pel_params *params, const char *name)
{
    char sample[64], every[64];
    snprintf(sample, sizeof sample, "output.%s.sample", name);
    snprintf(every, sizeof every, "output.%s.every", name);
    const bool has_samples = pel_params_cadence(params, sample).kind != PEL_CADENCE_NEVER;
    const bool has_records = pel_params_cadence(params, every).kind != PEL_CADENCE_NEVER;
    if (has_samples != has_records && !pel_params_is_wrong(params, sample) && !pel_params_is_wrong(params, every))
        pel_params_error(params, has_samples ? sample : every,
                         "output.%s needs both: sample, how often it looks at the atoms, and every, how often a record "
                         "goes to %s.nc",
                         name, name);
    return has_samples && has_records;
}

pel_status md_observables_declare(pel_component *component, md_model *model, double cutoff)
{
    if (is_wanted(model->params, "rdf")) PEL_TRY(md_rdf_declare(component, model, cutoff));
    if (is_wanted(model->params, "msd")) PEL_TRY(md_msd_declare(component, model));
    if (is_wanted(model->params, "profile")) PEL_TRY(md_profile_declare(component, model));
    return PEL_OK;
}

pel_status md_observables_begin(md_model *model)
{
    if (model->rdf) md_rdf_begin(model);
    if (model->profile) md_profile_begin(model);
    PEL_TRY(pel_params_finish(model->params));
    return model->msd ? md_msd_begin(model) : PEL_OK;
}

pel_status md_observables_load(md_model *model)
{
    PEL_TRY(md_observables_begin(model));
    if (model->rdf) md_rdf_load(model);
    if (model->msd) md_msd_load(model);
    if (model->profile) md_profile_load(model);
    return PEL_OK;
}

pel_status md_observables_check(const md_model *model, long step)
{
    return model->rdf ? md_rdf_check(model, step) : PEL_OK;
}

pel_status md_observables_store(md_model *model)
{
    if (model->rdf) PEL_TRY(md_rdf_store(model));
    if (model->msd) PEL_TRY(md_msd_store(model));
    return model->profile ? md_profile_store(model) : PEL_OK;
}

void md_observables_end(md_model *model)
{
    md_rdf_end(model);
    md_msd_end(model);
    md_profile_end(model);
}

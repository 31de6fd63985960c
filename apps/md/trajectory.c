/* trajectory.h5, in H5MD form (particles/h5md.h). The run loop says when a frame is due, and cuts the file back where a
 * run is resumed; rows are those of the stored state. */
#include "md/trajectory.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "md/measures.h"
#include "md/parameters.h"

static bool has_field(const pel_params *params, const char *name)
{
    for (int i = 0; i < pel_params_count(params, "output.trajectory.fields"); i++)
        if (strcmp(pel_params_text_at(params, "output.trajectory.fields", i), name) == 0) return true;
    return false;
}

static pel_h5md_spec spec_of(const md_model *model)
{
    const pel_params *params = model->params;
    return (pel_h5md_spec){.units = strcmp(model->units->name, "lj") == 0 ? NULL : model->units,
                           .author = NULL,
                           .has_velocity = has_field(params, "velocity"),
                           .has_image = has_field(params, "image"),
                           .has_force = has_field(params, "force"),
                           .observables = model->observables,
                           .observable_count = MD_OBSERVABLES,
                           .is_single = pel_params_is(params, "output.trajectory.precision", "float"),
                           .deflate = (int)pel_params_int(params, "output.trajectory.compress")};
}

static pel_status create(void *data, const char *path)
{
    md_model *model = data;
    const pel_h5md_spec spec = spec_of(model);
    return pel_h5md_create(path, &spec, &model->stored, &model->trajectory);
}

static pel_status reopen(void *data, const char *path, pel_step now, long *records)
{
    md_model *model = data;
    const pel_h5md_spec spec = spec_of(model);
    PEL_TRY(pel_h5md_reopen(path, &spec, &model->stored, *records, now.index, &model->trajectory));
    *records = pel_h5md_frames(model->trajectory);
    return PEL_OK;
}

/* Forces in the order of ids, for free(). */
static pel_status gather_forces(const md_model *model, double (**forces)[3])
{
    const pel_atoms *atoms = pel_system_atoms(model->system);
    PEL_TRY(pel_memory_new((size_t)atoms->count, sizeof **forces, forces));
    for (long i = 0; i < atoms->count; i++) {
        const long row = pel_table_row(model->atoms, atoms->id[i]);
        memcpy((*forces)[row], atoms->force[i], sizeof **forces);
    }
    return PEL_OK;
}

static pel_status append(void *data, long record, pel_step now, double *bytes)
{
    (void)record;
    md_model *model = data;
    const pel_h5md_spec spec = spec_of(model);
    double(*forces)[3] = NULL;
    if (spec.has_force) PEL_TRY(gather_forces(model, &forces));
    md_measures_observe(model); /* what check() has measured: it comes before output */
    const pel_status status =
        pel_h5md_append(model->trajectory, now.index, now.time, &model->stored, (const double(*)[3])forces);
    free(forces);
    const double a_value = spec.is_single ? sizeof(float) : sizeof(double);
    *bytes += (double)model->count *
              (3 * a_value * (1 + spec.has_velocity + spec.has_force) + 3 * sizeof(int32_t) * spec.has_image);
    return status;
}

static pel_status finish(void *data)
{
    md_model *model = data;
    pel_h5md *trajectory = model->trajectory;
    model->trajectory = NULL;
    return pel_h5md_close(trajectory);
}

static void check_fields(const pel_params *params)
{
    static const char *const known[] = {"velocity", "image", "force"};
    for (int i = 0; i < pel_params_count(params, "output.trajectory.fields"); i++) {
        const char *name = pel_params_text_at(params, "output.trajectory.fields", i);
        bool is_known = strcmp(name, "position") == 0;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++) is_known |= strcmp(name, known[k]) == 0;
        if (!is_known)
            pel_params_error(
                params, "output.trajectory.fields",
                "output.trajectory.fields: there is no \"%s\"; there are position (always), velocity, image "
                "and force",
                name);
    }
}

pel_status md_trajectory_declare(pel_component *component, md_model *model)
{
    static const pel_writer writer = {
        .name = "trajectory", .create = create, .reopen = reopen, .append = append, .close = finish};
    check_fields(model->params);
    md_measures_list_observables(model);
    return pel_component_writer(component, &writer);
}

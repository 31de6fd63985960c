/* Step 0: depth, land, wind and the state, from the formulas and files that the deck names. */
#include <stdlib.h>

#include "base/memory.h"
#include "shallow_water/profiles.h"

/* Fills a field from the file at `key`, if the deck gives one, else from the formula, if there is one. */
static pel_status fill(pel_component *component, const pel_params *params, const swe_model *model, pel_field *field,
                       const char *file_key, const char *variable_key, pel_point_function *formula)
{
    if (pel_params_has(params, file_key))
        return pel_component_read(component, field, file_key, pel_params_text(params, file_key),
                                  pel_params_text(params, variable_key));
    if (formula) pel_component_fill(component, field, formula, model);
    pel_field_mark_set(field, 0); /* zero is a state too */
    return PEL_OK;
}

/* ---- cell by cell ---- */

/* Changes one row of cells in place: a and b are rows of two fields, the first is written back. May be stopped by a
 * failure. */
typedef pel_status row_function(const swe_model *model, int y, double *a, const double *b, int count);

/* Runs `function` over the rows of the cells of field a, with those of b (NULL: none) beside. */
static pel_status for_each_row(const swe_model *model, pel_field *a, pel_field *b, row_function *function)
{
    const pel_box all = pel_field_owned(a);
    const int count = all.hi[0] - all.lo[0];
    double *rows = NULL;
    PEL_TRY(pel_memory_new(2 * (size_t)count, sizeof *rows, &rows));
    pel_status status = PEL_OK;
    for (int y = all.lo[1]; y < all.hi[1] && status == PEL_OK; y++) {
        const pel_box row = {{all.lo[0], y, 0}, {all.hi[0], y + 1, 1}};
        pel_field_get(a, 0, 0, row, rows);
        if (b) pel_field_get(b, 0, 0, row, rows + count);
        status = function(model, y, rows, rows + count, count);
        pel_field_put(a, 0, 0, row, rows);
    }
    free(rows);
    return status;
}

/* A mask that was interpolated from a file becomes 0 or 1 again. */
static pel_status round_mask(const swe_model *model, int y, double *wet, const double *unused, int count)
{
    (void)model, (void)y, (void)unused;
    for (int x = 0; x < count; x++) wet[x] = wet[x] >= 0.5 ? 1 : 0;
    return PEL_OK;
}

/* Land is given some depth, so that divisions there are harmless; sea must have one. */
static pel_status check_depth(const swe_model *model, int y, double *depth, const double *wet, int count)
{
    for (int x = 0; x < count; x++) {
        if (depth[x] > 0) continue;
        if (!model->wet || wet[x] > 0)
            return pel_fail(PEL_ERR_DECK,
                            "the depth of cell (%d, %d) is %g m; give a bathymetry that is positive at sea, or a mask "
                            "with land there",
                            x, y, depth[x]);
        depth[x] = 1;
    }
    return PEL_OK;
}

/* The sea stands at rest on land. */
static pel_status clear_land(const swe_model *model, int y, double *eta, const double *wet, int count)
{
    (void)model, (void)y;
    for (int x = 0; x < count; x++) eta[x] = wet[x] > 0 ? eta[x] : 0;
    return PEL_OK;
}

static pel_status check_thickness(const swe_model *model, int y, double *eta, const double *depth, int count)
{
    for (int x = 0; x < count; x++) {
        const double rest = model->depth ? depth[x] : model->constants.depth;
        if (rest + model->constants.nonlinear * eta[x] > 0) continue;
        return pel_fail(
            PEL_ERR_DECK,
            "the initial eta of cell (%d, %d), %g m, leaves no water over a depth of %g m; make the initial "
            "amplitude smaller",
            x, y, eta[x], rest);
    }
    return PEL_OK;
}

/* ---- the parts ---- */

static pel_status fill_land_and_depth(pel_component *component, const pel_params *params, swe_model *model)
{
    if (model->wet) {
        PEL_TRY(fill(component, params, model, model->wet, "physics.mask.file", "physics.mask.variable",
                     swe_formula_find(swe_lands, model->land_profile)));
        PEL_TRY(for_each_row(model, model->wet, NULL, round_mask));
    }
    if (!model->depth) return PEL_OK;
    PEL_TRY(fill(component, params, model, model->depth, "physics.bathymetry.file", "physics.bathymetry.variable",
                 swe_formula_find(swe_bottoms, model->bottom_profile)));
    return for_each_row(model, model->depth, model->wet, check_depth);
}

static pel_status fill_flow(pel_component *component, const pel_params *params, swe_model *model)
{
    const swe_initial *initial = swe_initial_find(model->initial_profile);
    PEL_TRY(fill(component, params, model, model->eta, "initial.file", "initial.eta", initial->eta));
    PEL_TRY(fill(component, params, model, model->u, "initial.file", "initial.u", initial->u));
    PEL_TRY(fill(component, params, model, model->v, "initial.file", "initial.v", initial->v));
    if (model->wet) PEL_TRY(for_each_row(model, model->eta, model->wet, clear_land));
    return for_each_row(model, model->eta, model->depth, check_thickness);
}

pel_status swe_fill(pel_component *component, const pel_params *params, swe_model *model)
{
    PEL_TRY(fill_land_and_depth(component, params, model));
    PEL_TRY(fill_flow(component, params, model));
    if (model->wind[0] && !pel_params_has(params, "physics.wind.file"))
        pel_component_fill(component, model->wind[0], swe_formula_find(swe_winds, model->wind_profile), model);
    if (model->is_tracer)
        PEL_TRY(fill(component, params, model, model->tracer, "physics.tracer.file", "physics.tracer.variable",
                     swe_formula_find(swe_tracers, model->tracer_profile)));
    return pel_component_run(component, model->beginning);
}

/* ---- what follows from the filled fields ---- */

SWE_BODY content_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict content = pel_row(arg[0], y, 0);
        const double *e = pel_row(arg[1], y, 0), *d = swe_depth_row(&arg[2], p, y, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) content[x] *= d[varied * x] + p->nonlinear * e[x];
    }
}
SWE_KERNEL(content_of_concentration, content_body, 3)

pel_status swe_setup_beginning(pel_component *component, swe_model *model)
{
    PEL_TRY(pel_component_chain(component, "beginning", &model->beginning));
    swe_record_coasts(model, model->beginning, (pel_operand){.field = model->u}, (pel_operand){.field = model->v});
    if (model->is_tracer)
        swe_loop(model, model->beginning, "content", content_of_concentration, PEL_INTERIOR,
                 pel_update(model->tracer, 0), pel_read(model->eta, 0), pel_read(model->depth, 0));
    return PEL_OK;
}

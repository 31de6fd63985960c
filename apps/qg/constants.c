/* Constants on the wavenumber grid: the filter, the rates of hyperviscosity and diffusion, and the bottom's potential
 * vorticity. */
#include <math.h>
#include <string.h>

#include "qg/model.h"
#include "qg/shape.h"
#include "spectral/transform.h"

static void fill_filter(const qg_model *model)
{
    const qg_damping *damping = &model->damping;
    if (!damping->factor) return;
    if (strcmp(damping->filter, "two-thirds") == 0) pel_space_fill_truncation(model->space, 2.0 / 3, damping->factor);
    else pel_space_fill_filter(model->space, damping->strength, damping->cutoff, damping->factor);
}

/* coefficient K^(2 order) */
static void fill_decay(const qg_model *model, double coefficient, int order, pel_field *decay)
{
    if (!decay) return;
    const pel_view view = pel_field_view(decay, 0);
    for (int k = 0; k <= model->constants.cells[0] / 2; k++)
        for (int l = 0; l < model->constants.cells[1]; l++) {
            const double kx = pel_space_wavenumber(model->space, 0, k), ly = pel_space_wavenumber(model->space, 1, l);
            *pel_at(view, l, k, 0) = coefficient * pow(kx * kx + ly * ly, order);
        }
    pel_field_mark_set(decay, 0);
}

/* ---- the bottom ---- */

static double height_at(const double at[3], const void *data)
{
    const qg_shape *s = data;
    if (strcmp(s->profile, "ridge") == 0) return s->amplitude * qg_hill(s, at, 1);
    if (strcmp(s->profile, "waves") == 0) return s->amplitude * qg_cosine(s, at, 0) * qg_cosine(s, at, 1);
    return s->amplitude * qg_hill(s, at, 2);
}

typedef struct bottom {
    double factor; /* f0 / H_N, m-1 s-1 */
    int layer;     /* the lowest */
} bottom;

/* b_i = f0 h_b / H_N in the lowest layer, 0 elsewhere. Views: b, h_b. */
static void write_vorticity(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const bottom *p = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double *b = pel_row(arg[0], y, z);
            const double *height = pel_row(arg[1], y, z), factor = z == p->layer ? p->factor : 0;
            for (int x = box->lo[0]; x < box->hi[0]; x++) b[x] = factor * height[x];
        }
}

void qg_record_bottom(const qg_model *model, pel_chain *chain)
{
    const qg_layers *layers = &model->constants.layers;
    const int lowest = layers->count - 1;
    const bottom params = {model->constants.f0 / (layers->share[lowest] * layers->depth), lowest};
    pel_chain_loop(chain, "bottom", write_vorticity, &params, sizeof params, PEL_INTERIOR, pel_write(model->q, 0),
                   pel_read(model->bottom.height, 0));
    pel_chain_flops(chain, 1);
    const pel_transform_pair pair = {.physical = model->q, .spectral = model->bottom.spectral};
    pel_transform_forward(model->space, chain, "bottom", &pair, 1);
}

static pel_status fill_bottom(pel_component *component, qg_model *model)
{
    const qg_bottom *b = &model->bottom;
    if (!b->exists) return PEL_OK;
    if (b->file) PEL_TRY(pel_component_read(component, b->height, "physics.topography.file", b->file, b->variable));
    else pel_component_fill(component, b->height, height_at, &b->shape);
    return pel_component_run(component, model->to_bottom);
}

pel_status qg_fill_constants(pel_component *component, qg_model *model)
{
    fill_filter(model);
    fill_decay(model, model->damping.hyperviscosity, model->damping.order, model->damping.decay);
    for (int j = 0; j < model->tracer_count; j++)
        fill_decay(model, model->tracers[j].diffusivity, 1, model->tracers[j].decay);
    if (model->forcing.amplitude) qg_fill_forcing(model);
    return fill_bottom(component, model);
}

/* Step 0. A profile is a streamfunction, or q itself; in physical space, or by its coefficients:
 *
 *     two-vortices, vortex, wave      psi(x, y), of which q = (lap + S) psi
 *     waves                           q(x, y)
 *     random                          |psi^|, with random phases
 *
 * It comes into q^, whatever it is; then one loop makes q^ of it, takes the mean off and scales it. What lies beyond
 * the filter goes at once. Tracers are transformed as they are. */
#include <math.h>
#include <string.h>

#include "qg/line.h"
#include "qg/model.h"
#include "qg/phase.h"
#include "qg/shape.h"
#include "spectral/transform.h"

static double square(double a)
{
    return a * a;
}

/* ---- formulas; their data is the model, or a tracer's shape ---- */

/* Whether the layer at a point is one that the profile is of. */
static bool is_meant(const qg_model *m, const double at[3])
{
    return m->initial.layer < 0 || m->initial.layer == (int)at[2] - 1 || m->constants.layers.count == 1;
}

/* The vortices of pyqg's barotropic example, in a box that counts as 2 pi wide: centres at 1.75 pi / 2 and 2.25 pi / 2.
 */
static double two_vortices(const double at[3], const void *data)
{
    const qg_shape *s = &((const qg_model *)data)->initial.shape;
    const double x = 2 * M_PI * (at[0] - s->start[0]) / (s->end[0] - s->start[0]);
    const double y = 2 * M_PI * (at[1] - s->start[1]) / (s->end[1] - s->start[1]);
    return is_meant(data, at) ? exp(-square(2 * (x - 1.75 * M_PI / 2)) - square(2 * (y - M_PI))) +
                                    exp(-square(2 * (x - 2.25 * M_PI / 2)) - square(2 * (y - M_PI)))
                              : 0;
}

static double vortex(const double at[3], const void *data)
{
    const qg_model *m = data;
    return is_meant(m, at) ? m->initial.shape.amplitude * qg_hill(&m->initial.shape, at, 2) : 0;
}

/* A wave of one vertical mode: alone, it solves the nonlinear equations. */
static double wave(const double at[3], const void *data)
{
    const qg_model *m = data;
    const qg_shape *s = &m->initial.shape;
    const int layer = m->constants.layers.count > 1 ? (int)at[2] - 1 : 0;
    const double phase = s->wavenumber[0] * (at[0] - s->start[0]) + s->wavenumber[1] * (at[1] - s->start[1]);
    return s->amplitude * m->constants.layers.mode[m->initial.mode][layer] * cos(phase);
}

static double waves(const double at[3], const void *data)
{
    const qg_model *m = data;
    const qg_initial *i = &m->initial;
    return is_meant(m, at) ? i->ripple[0] * qg_cosine(&i->shape, at, 0) + i->ripple[1] * qg_cosine(&i->shape, at, 1)
                           : 0;
}

static double concentration(const double at[3], const void *data)
{
    const qg_shape *s = data;
    if (strcmp(s->profile, "half") == 0) return at[1] > 0.5 * (s->start[1] + s->end[1]) ? 1 : 0;
    if (strcmp(s->profile, "stripes") == 0)
        return cos(s->wavenumber[0] * (at[0] - s->start[0]) + s->wavenumber[1] * (at[1] - s->start[1]));
    return qg_hill(s, at, 2);
}

static const struct {
    const char *name;
    pel_point_function *function; /* NULL: nothing, or by coefficients */
    bool is_q;
} profiles[] = {
    {"rest", NULL, true},      {"two-vortices", two_vortices, false},
    {"vortex", vortex, false}, {"wave", wave, false},
    {"waves", waves, true},    {"random", NULL, false},
};

static int find_profile(const char *name)
{
    int i = 0;
    while (strcmp(profiles[i].name, name) != 0) i++;
    return i;
}

/* ---- random phases ---- */

/* |psi^| of a spectrum of |psi|^2 over shells that goes as 1 / (n (1 + (n / peak)^slope)), n = K / unit, so that the
 * energy's goes as n / (1 + (n / peak)^slope): with a peak of 6 and a slope of 4 that of McWilliams, J. Fluid Mech. 146
 * (1984) 21. A shell has 2 pi n wavenumbers. */
static double random_amplitude(const qg_initial *initial, double unit, double k, double l)
{
    const double n = sqrt(k * k + l * l) / unit;
    return n > 0 ? 1 / (n * sqrt(1 + pow(n / initial->peak, initial->slope))) : 0;
}

/* The same phases in all layers. */
static void fill_random(const qg_model *model)
{
    const int *n = model->constants.cells;
    const double unit = fmin(pel_space_wavenumber(model->space, 0, 1), pel_space_wavenumber(model->space, 1, 1));
    const pel_view view = pel_field_view(model->q_hat, 0);
    for (int i = 0; i < model->constants.layers.count; i++)
        for (int k = 0; k <= n[0] / 2; k++)
            for (int x = 0; x < n[1]; x++) {
                const int l = 2 * x <= n[1] ? x : x - n[1];
                const double kx = pel_space_wavenumber(model->space, 0, k),
                             ly = pel_space_wavenumber(model->space, 1, x);
                const bool is_free = 2 * k != n[0] && 2 * x != n[1]; /* the largest have no phase of their own */
                const bool is_in = is_free && (model->initial.layer < 0 || model->initial.layer == i);
                const double amplitude = is_in ? random_amplitude(&model->initial, unit, kx, ly) : 0;
                const double angle = qg_phase(model->seed, QG_PHASE_INITIAL, 0, k, l);
                pel_row_complex(view, k, i)[x] = amplitude * CMPLX(cos(angle), sin(angle));
            }
    pel_field_mark_set(model->q_hat, 0);
}

/* ---- from profile to state ---- */

typedef struct scaling {
    qg_constants constants;
    bool is_psi;
    double scale;
} scaling;

/* (lap + S) psi of a piece, in all layers, or what takes its place at a surface. */
static void apply_operator(const qg_constants *c, pel_view q, qg_piece at)
{
    double psi[QG_MOST_LAYERS][2 * QG_PIECE];
    for (int i = 0; i < c->layers.count; i++)
        for (int x = 0; x < 2 * at.count; x++) psi[i][x] = qg_row(q, at, i)[x];
    for (int i = 0; i < c->layers.count; i++)
        for (int x = 0; x < 2 * at.count; x++) {
            const double square_of = at.k * at.k + at.l[x / 2] * at.l[x / 2];
            qg_row(q, at, i)[x] =
                c->is_surface ? c->buoyancy_frequency * sqrt(square_of) * psi[i][x]
                              : qg_layers_stretching(&c->layers, &psi[0][x], 2 * QG_PIECE, i) - square_of * psi[i][x];
        }
}

/* Views: q^, k, l. */
static void to_state(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const scaling *p = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        qg_piece at = {.line = y, .first = box->lo[0], .k = *pel_at(arg[1], 0, y, 0)};
        while (qg_next_piece(&at, pel_row(arg[2], 0, 0), box->hi[0])) {
            if (p->is_psi) apply_operator(&p->constants, arg[0], at);
            for (int i = 0; i < p->constants.layers.count; i++)
                for (int x = 0; x < 2 * at.count; x++)
                    qg_row(arg[0], at, i)[x] *= at.k > 0 || at.l[x / 2] != 0 ? p->scale : 0;
        }
    }
}

/* Whether the profile is a streamfunction; a vortex of the surface is one of buoyancy. */
static bool is_psi(const qg_model *model)
{
    const int i = find_profile(model->initial.shape.profile);
    return !profiles[i].is_q && !(model->constants.is_surface && profiles[i].function == vortex);
}

/* ---- recording ---- */

static void record_operator(const qg_model *model, pel_chain *chain, bool is_psi)
{
    const scaling params = {model->constants, is_psi, 1};
    const int operator_flops = model->constants.is_surface ? 5 : 10;
    pel_chain_loop(chain, "scaling", to_state, &params, sizeof params, PEL_WHOLE(PEL_ALONG_Z),
                   pel_update(model->q_hat, 0), pel_read(pel_space_wavenumbers(model->space, 0), 0),
                   pel_read(pel_space_wavenumbers(model->space, 1), 0));
    pel_chain_flops(chain, 2 * (1 + (is_psi ? operator_flops : 0)));
}

static void record_transform(const qg_model *model, pel_chain *chain)
{
    pel_transform_pair pairs[1 + QG_MOST_TRACERS] = {{.physical = model->q, .spectral = model->q_hat}};
    for (int j = 0; j < model->tracer_count; j++)
        pairs[1 + j] =
            (pel_transform_pair){.physical = model->tracers[j].physical, .spectral = model->tracers[j].spectral};
    pel_transform_forward(model->space, chain, "state", pairs, 1 + model->tracer_count);
}

static void record_filter(const qg_model *model, pel_chain *chain)
{
    if (!model->damping.factor) return;
    pel_space_multiply(model->space, chain, model->damping.factor, model->q_hat, 0);
    for (int j = 0; j < model->tracer_count; j++)
        pel_space_multiply(model->space, chain, model->damping.factor, model->tracers[j].spectral, 0);
}

pel_status qg_setup_initial(pel_component *component, qg_model *model)
{
    if (model->bottom.exists) {
        PEL_TRY(pel_component_chain(component, "bottom", &model->to_bottom));
        qg_record_bottom(model, model->to_bottom);
    }
    PEL_TRY(pel_component_chain(component, "to spectral", &model->to_spectral));
    record_transform(model, model->to_spectral);
    PEL_TRY(pel_component_chain(component, "to state", &model->to_state));
    record_operator(model, model->to_state, is_psi(model));
    record_filter(model, model->to_state);
    PEL_TRY(pel_component_chain(component, "scaling", &model->scaling));
    record_operator(model, model->scaling, false);
    return PEL_OK;
}

/* ---- filling ---- */

static pel_status scale(pel_component *component, qg_model *model)
{
    if (!(model->initial.energy > 0)) return PEL_OK;
    PEL_TRY(pel_component_run(component, model->series));
    const double energy = qg_kinetic_energy(model);
    if (!(energy > 0) || isinf(energy))
        return pel_fail(PEL_ERR_DECK,
                        "initial.energy is %g m2 s-2, but initial.profile %s has %s kinetic energy to be scaled; look "
                        "at the parameters of the profile",
                        model->initial.energy, model->initial.shape.profile, isinf(energy) ? "infinite" : "no");
    const scaling params = {model->constants, false, sqrt(model->initial.energy / energy)};
    PEL_TRY(pel_chain_params(model->scaling, "scaling", &params, sizeof params));
    return pel_component_run(component, model->scaling);
}

pel_status qg_fill(pel_component *component, qg_model *model)
{
    pel_point_function *function = profiles[find_profile(model->initial.shape.profile)].function;
    if (function) pel_component_fill(component, model->q, function, model);
    pel_field_mark_set(model->q, 0); /* zero is a state too */
    for (int j = 0; j < model->tracer_count; j++)
        pel_component_fill(component, model->tracers[j].physical, concentration, &model->tracers[j].shape);
    PEL_TRY(pel_component_run(component, model->to_spectral));
    if (strcmp(model->initial.shape.profile, "random") == 0) fill_random(model);
    PEL_TRY(pel_component_run(component, model->to_state));
    return scale(component, model);
}

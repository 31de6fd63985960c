/* What the series are made of, and the limit of the time step. Means over the area, sums over all wavenumbers:
 *
 * | series           | what it is                                                                                |
 * |------------------|-------------------------------------------------------------------------------------------|
 * | kinetic-energy   | 1/2 K^2 |psi_i|^2, of each layer by itself                                                |
 * | potential-energy | 1/2 c_i |psi_{i+1} - psi_i|^2 of each interface; equivalent-barotropic: 1/2 |psi|^2 / Rd^2 |
 * | mode-energy      | 1/2 (K^2 + lambda_m) |psi_m|^2, psi_m = sum_i h_i e_m(i) psi_i                            |
 * | energy           | sum_i h_i kinetic_i + sum_i potential_i = sum_m mode_m; at a surface 1/2 psi b            |
 * | enstrophy        | 1/2 |q_i|^2                                                                               |
 * | drag-work        | -2 r h_N kinetic_N                                                                        |
 * | growth-rate      | half the rate of change of the logarithm of kinetic energy: the exponential growth        |
 *
 * The growth rate is that of the present state's tendency, without forcing, filter and hyperviscosity; not of
 * differences between records, so that it depends on nothing but the state.
 *
 * The limit of the step. Frequencies are at most (|u + U| k + |v| l) of the largest k and l that the filter leaves
 * alone; of an exponential filter, those of an ellipse. Linear waves add |Qy| k / (K^2 + lambda), large where K is
 * small. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "qg/advection.h"
#include "qg/line.h"

/* Which sum a reduction makes. */
typedef struct sum_of {
    qg_constants constants;
    int index; /* of the layer, interface or mode */
} sum_of;

static double square(double a)
{
    return a * a;
}

static double square_of(double complex a)
{
    return square(creal(a)) + square(cimag(a));
}

/* ---- sums over wavenumbers: a kernel computes the term of a coefficient ---- */

/* The coefficients of a line in all layers, and what they count. */
typedef struct line {
    pel_view psi, other; /* other: q^, or the tendency of psi^ */
    int y;
    double weight, k;
    const double *l;
    const sum_of *sum;
} line;

static double complex psi_at(const line *at, int x, int layer)
{
    return pel_row_complex(at->psi, at->y, layer)[x];
}

static double complex other_at(const line *at, int x, int layer)
{
    return pel_row_complex(at->other, at->y, layer)[x];
}

static double wavenumber_squared(const line *at, int x)
{
    return square(at->k) + square(at->l[x]);
}

static double kinetic_term(const line *at, int x)
{
    return wavenumber_squared(at, x) * square_of(psi_at(at, x, at->sum->index));
}

static double enstrophy_term(const line *at, int x)
{
    return square_of(other_at(at, x, at->sum->index));
}

static double potential_term(const line *at, int x)
{
    const qg_layers *layers = &at->sum->constants.layers;
    const int i = at->sum->index;
    if (layers->count == 1) return layers->outer * square_of(psi_at(at, x, 0));
    return layers->coupling[i] * square_of(psi_at(at, x, i + 1) - psi_at(at, x, i));
}

static double modal_term(const line *at, int x)
{
    const qg_layers *layers = &at->sum->constants.layers;
    const int m = at->sum->index;
    double complex amplitude = 0;
    for (int i = 0; i < layers->count; i++) amplitude += layers->projection[m][i] * psi_at(at, x, i);
    return (wavenumber_squared(at, x) + layers->lambda[m]) * square_of(amplitude);
}

static double surface_term(const line *at, int x)
{
    return creal(conj(psi_at(at, x, 0)) * other_at(at, x, 0));
}

/* The rate of change of kinetic energy. */
static double growth_term(const line *at, int x)
{
    const qg_layers *layers = &at->sum->constants.layers;
    double sum = 0;
    for (int i = 0; i < layers->count; i++)
        sum += layers->share[i] * creal(conj(psi_at(at, x, i)) * other_at(at, x, i));
    return 2 * wavenumber_squared(at, x) * sum;
}

/* A kernel for a reduction over the wavenumbers of one level. Views: psi^, k, l, the other field; the value. */
#define SUM_KERNEL(name, term)                                                                                         \
    static void name(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)                \
    {                                                                                                                  \
        (void)step;                                                                                                    \
        line at = {.psi = arg[0], .other = arg[3], .l = pel_row(arg[2], 0, 0), .sum = params};                         \
        for (at.y = box->lo[1]; at.y < box->hi[1]; at.y++) {                                                           \
            double *value = pel_row(arg[4], at.y, box->lo[2]);                                                         \
            at.k = *pel_at(arg[1], 0, at.y, 0);                                                                        \
            at.weight = at.y == 0 || 2 * at.y == at.sum->constants.cells[0] ? 0.5 : 1;                                 \
            for (int x = box->lo[0]; x < box->hi[0]; x++) value[x] = at.weight * term(&at, x);                         \
        }                                                                                                              \
    }
SUM_KERNEL(kinetic, kinetic_term)
SUM_KERNEL(enstrophy, enstrophy_term)
SUM_KERNEL(potential, potential_term)
SUM_KERNEL(modal, modal_term)
SUM_KERNEL(surface, surface_term)
SUM_KERNEL(growth, growth_term)
#undef SUM_KERNEL

/* Records such a reduction, over the lowest level, from which it looks as far up as there are layers. */
static void reduce(const qg_model *model, pel_chain *chain, const char *name, pel_kernel *kernel, int flops, int index,
                   pel_field *other, pel_reduced *result)
{
    const sum_of params = {model->constants, index};
    const int *n = model->constants.cells, up = model->constants.layers.count - 1;
    const pel_box lowest = {{0, 0, 0}, {n[1], n[0] / 2 + 1, 1}};
    pel_chain_reduce(chain, name, PEL_SUM, kernel, &params, sizeof params, PEL_CENTRE, PEL_BOX(lowest), result,
                     pel_read(model->psi_hat, 0, PEL_AHEAD_Z(up)), pel_read(pel_space_wavenumbers(model->space, 0), 0),
                     pel_read(pel_space_wavenumbers(model->space, 1), 0), pel_read(other, 0, PEL_AHEAD_Z(up)));
    pel_chain_flops(chain, flops);
}

/* ---- psi^ of all layers, as a field ---- */

typedef struct inversion {
    qg_constants constants;
    int q; /* which view q^ is; 0: psi^ comes in its place */
} inversion;

/* Views: psi^, k, l, q^. */
static void invert(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const inversion *p = params;
    double psi[QG_MOST_LAYERS][2 * QG_PIECE];
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        qg_piece at = {.line = y, .first = box->lo[0], .k = *pel_at(arg[1], 0, y, 0)};
        while (qg_next_piece(&at, pel_row(arg[2], 0, 0), box->hi[0])) {
            qg_invert(&p->constants, arg[p->q], at, psi);
            for (int i = 0; i < p->constants.layers.count; i++)
                for (int x = 0; x < 2 * at.count; x++) qg_row(arg[0], at, i)[x] = psi[i][x];
        }
    }
}

void qg_record_inversion(const qg_model *model, pel_chain *chain, pel_field *q, pel_field *psi)
{
    const bool is_in_place = q == psi;
    const inversion params = {model->constants, is_in_place ? 0 : 3};
    const pel_arg args[] = {is_in_place ? pel_update(psi, 0) : pel_write(psi, 0),
                            pel_read(pel_space_wavenumbers(model->space, 0), 0),
                            pel_read(pel_space_wavenumbers(model->space, 1), 0), pel_read(q, 0)};
    pel_chain_loop_args(chain, "inversion", invert, &params, sizeof params, PEL_WHOLE(PEL_ALONG_Z), args,
                        is_in_place ? 3 : 4);
    pel_chain_flops(chain, qg_invert_flops(&model->constants) / model->constants.layers.count);
}

/* ---- frequencies ---- */

/* The frequency of advection at a point, s-1. Views: u, v, the value. */
static void frequency_rows(const pel_box *box, const pel_view *arg, const qg_constants *c, double factor)
{
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *u = pel_row(arg[0], y, z), *v = pel_row(arg[1], y, z);
            double *value = pel_row(arg[2], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                const double a = fabs(u[x] + c->flow[z]) * c->largest[0], b = fabs(v[x]) * c->largest[1];
                value[x] = factor * (c->is_round ? sqrt(a * a + b * b) : a + b);
            }
        }
}

static void frequency(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    frequency_rows(box, arg, params, 1);
}

/* The cells that the flow crosses in a step, |u + U| dt / dx + |v| dt / dy. Views: u, v, the value. */
static void courant(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const qg_constants *c = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *u = pel_row(arg[0], y, z), *v = pel_row(arg[1], y, z);
            double *value = pel_row(arg[2], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                value[x] = step->dt * (fabs(u[x] + c->flow[z]) / c->spacing[0] + fabs(v[x]) / c->spacing[1]);
        }
}

static void reduce_speed(const qg_model *model, pel_chain *chain, const char *name, pel_kernel *kernel, int flops,
                         pel_reduced *result)
{
    pel_chain_reduce(chain, name, PEL_MAX, kernel, &model->constants, sizeof model->constants, PEL_CENTRE, PEL_INTERIOR,
                     result, pel_read(model->u, 0), pel_read(model->v, 0));
    pel_chain_flops(chain, flops);
}

/* Advection, which is fastest at the largest wavenumber, with the waves of each k on the way there. */
double qg_largest_frequency(const qg_model *model)
{
    const qg_constants *c = &model->constants;
    double gradient = 0, most = 0;
    for (int i = 0; i < c->layers.count; i++) gradient = fmax(gradient, fabs(c->gradient[i]));
    for (int i = 1; i <= c->cells[0] / 2; i++) {
        const double k = fmin(pel_space_wavenumber(model->space, 0, i), c->largest[0]);
        const double advection = model->frequency.value * k / c->largest[0];
        most = fmax(most, advection + gradient * k / (k * k + c->layers.lambda[0]));
    }
    return most;
}

/* ---- series ---- */

#define SERIES_VALUE(name, expression)                                                                                 \
    static double name(const void *data, int i)                                                                        \
    {                                                                                                                  \
        const qg_model *model = data;                                                                                  \
        (void)i;                                                                                                       \
        return expression;                                                                                             \
    }
SERIES_VALUE(kinetic_value, model->kinetic[i].value)
SERIES_VALUE(potential_value, model->potential[i].value)
SERIES_VALUE(enstrophy_value, model->enstrophy[i].value)
SERIES_VALUE(modal_value, model->modal[i].value)
SERIES_VALUE(courant_value, model->courant.value)
SERIES_VALUE(growth_value, qg_kinetic_energy(model) > 0 ? model->growth.value / qg_kinetic_energy(model) / 2 : 0)
SERIES_VALUE(drag_value, -2 * model->constants.drag * model->constants.layers.share[i] * model->kinetic[i].value)
#undef SERIES_VALUE

double qg_kinetic_energy(const qg_model *model)
{
    double sum = 0;
    for (int i = 0; i < model->constants.layers.count; i++)
        sum += model->constants.layers.share[i] * model->kinetic[i].value;
    return sum;
}

static int interfaces(const qg_layers *layers)
{
    return layers->count > 1 ? layers->count - 1 : layers->outer > 0;
}

static double energy_value(const void *data, int i)
{
    const qg_model *model = data;
    (void)i;
    if (model->constants.is_surface) return model->modal[0].value;
    double sum = qg_kinetic_energy(model);
    for (int j = 0; j < interfaces(&model->constants.layers); j++) sum += model->potential[j].value;
    return sum;
}

/* A value of each of `count` layers, interfaces or modes, numbered from `first` where there are layers to tell. */
typedef struct values {
    const char *name, *what, *of, *units;
    int first, count;
    pel_series_value_at *value;
} values;

static pel_status add_values(pel_component *component, qg_model *model, const values *v)
{
    for (int i = 0; i < v->count; i++) {
        char(*text)[48] = model->names[model->name_count++];
        const bool is_one = model->constants.layers.count == 1;
        snprintf(text[0], sizeof *text, is_one ? "%s" : "%s-%d", v->name, v->first + i);
        snprintf(text[1], sizeof *text, is_one ? "%s" : "%s of %s %d", v->what, v->of, v->first + i);
        PEL_TRY(pel_component_series_at(component, text[0], v->units, text[1], v->value, i));
    }
    return PEL_OK;
}

static pel_status declare_series(pel_component *component, qg_model *model)
{
    const qg_constants *c = &model->constants;
    const int n = c->layers.count;
    const char *energy = c->is_surface ? "m3 s-3" : "m2 s-2";
    const values kinetic = {"kinetic-energy", "kinetic energy", "layer", "m2 s-2", 1, n, kinetic_value};
    const values potential = {
        "potential-energy", "available potential energy", "interface", "m2 s-2", 1, interfaces(&c->layers),
        potential_value};
    const values modal = {"mode-energy", "energy", "mode", "m2 s-2", 0, n > 1 ? n : 0, modal_value};
    const values enstrophy = {"enstrophy", "potential enstrophy", "layer", "s-2", 1, n, enstrophy_value};
    const values variance = {"buoyancy-variance", "half the variance of buoyancy", "", "m2 s-4", 1, 1, enstrophy_value};
    PEL_TRY(add_values(component, model, &kinetic));
    PEL_TRY(add_values(component, model, &potential));
    PEL_TRY(pel_component_series_at(component, "energy", energy, "total energy", energy_value, 0));
    PEL_TRY(add_values(component, model, &modal));
    PEL_TRY(add_values(component, model, c->is_surface ? &variance : &enstrophy));
    PEL_TRY(pel_component_series_at(component, "growth-rate", "s-1", "exponential growth rate of the eddies",
                                    growth_value, 0));
    if (c->drag > 0)
        PEL_TRY(
            pel_component_series_at(component, "drag-work", "m2 s-3", "energy that drag brings in", drag_value, n - 1));
    return pel_component_series_at(component, "courant-number", "1", "largest Courant number", courant_value, 0);
}

static void record_series(qg_model *model, pel_chain *chain)
{
    const qg_constants *c = &model->constants;
    const pel_operand state = {.field = model->q_hat}, rate = {.field = model->rate_hat};
    qg_record_rate(model, chain, &state, &rate, (qg_terms){.keeps_velocity = true});
    qg_record_inversion(model, chain, model->q_hat, model->psi_hat);
    for (int i = 0; i < c->layers.count; i++) {
        reduce(model, chain, "kinetic energy", kinetic, 7, i, model->q_hat, &model->kinetic[i]);
        reduce(model, chain, "enstrophy", enstrophy, 4, i, model->q_hat, &model->enstrophy[i]);
        reduce(model, chain, "mode energy", c->is_surface ? surface : modal,
               c->is_surface ? 4 : 4 * c->layers.count + 8, i, model->q_hat, &model->modal[i]);
    }
    for (int i = 0; i < interfaces(&c->layers); i++)
        reduce(model, chain, "potential energy", potential, c->layers.count == 1 ? 5 : 7, i, model->q_hat,
               &model->potential[i]);
    qg_record_inversion(model, chain, model->rate_hat, model->rate_hat);
    reduce(model, chain, "growth", growth, 5 * c->layers.count + 5, 0, model->rate_hat, &model->growth);
    reduce_speed(model, chain, "courant", courant, 5, &model->courant);
}

pel_status qg_setup_diagnostics(pel_component *component, qg_model *model)
{
    PEL_TRY(pel_component_chain(component, "limit", &model->limit));
    qg_record_velocity(model, model->limit);
    reduce_speed(model, model->limit, "frequency", frequency, model->constants.is_round ? 7 : 4, &model->frequency);
    PEL_TRY(pel_component_chain(component, "series", &model->series));
    record_series(model, model->series);
    pel_component_series_chain(component, model->series);
    PEL_TRY(declare_series(component, model));
    PEL_TRY(pel_component_chain(component, "output", &model->output));
    qg_record_fields(model, model->output);
    PEL_TRY(qg_setup_spectra(component, model));
    pel_component_output_chain(component, model->output);
    return PEL_OK;
}

/* Products in physical space: the advection of q and of tracers, with the linear terms of the tendency; and the same
 * way without products, to fields for output.
 *
 *     inputs (to physical space):  u = -i l psi, v = i k psi, q (+ b), tracers, psi
 *     outputs (back):              u q, v q, u c, v c
 *     tendency:                    -i k ((u q)^ + U q + Qy psi) - i l (v q)^ [+ r K^2 psi in the lowest layer]
 *
 * A product's kernels get the views of the declared accesses, then of the inputs, then of the outputs. */
#include "qg/advection.h"

#include "qg/line.h"
#include "spectral/product.h"

/* The accesses that every product begins with; those after them are numbered as they are added. */
enum { Q, SLOPE_K, SLOPE_L, WAVE_K, WAVE_L, FIRST_FREE };
enum { MOST_ARGS = FIRST_FREE + 2 * (1 + QG_MOST_TRACERS) + 4 };
enum { U, V, PV }; /* the first inputs */

typedef struct product {
    qg_constants constants;
    int tracers;                               /* that are carried along */
    int tracer, rate, bottom, velocity, field; /* the first access of each kind; -1: none */
    int psi;                                   /* which input it is; -1: none */
    int args, inputs;
    bool is_linear; /* whether there are linear terms */
} product;

static qg_piece line_of(const pel_box *box, const pel_view *arg, int wavenumber)
{
    return (qg_piece){.line = box->lo[1], .first = box->lo[0], .k = *pel_at(arg[wavenumber], 0, box->lo[1], 0)};
}

/* ---- to physical space ---- */

/* u = -i l psi, v = i k psi */
static void write_velocity(const double *restrict psi, qg_piece at, double *restrict u, double *restrict v)
{
    for (int x = 0; x < at.count; x++) {
        u[2 * x] = at.l[x] * psi[2 * x + 1];
        u[2 * x + 1] = -at.l[x] * psi[2 * x];
        v[2 * x] = -at.k * psi[2 * x + 1];
        v[2 * x + 1] = at.k * psi[2 * x];
    }
}

static void copy_row(const double *restrict from, int count, double *restrict to)
{
    for (int x = 0; x < 2 * count; x++) to[x] = from[x];
}

static void add_row(const double *restrict from, int count, double *restrict to)
{
    for (int x = 0; x < 2 * count; x++) to[x] += from[x];
}

/* The velocities of a piece in all layers, and psi where it is wanted. */
static void write_flow(const product *p, const pel_view *arg, qg_piece at, qg_piece slope)
{
    const pel_view *input = arg + p->args;
    double psi[QG_MOST_LAYERS][2 * QG_PIECE];
    qg_invert(&p->constants, arg[Q], at, psi);
    for (int i = 0; i < p->constants.layers.count; i++) {
        write_velocity(psi[i], slope, qg_row(input[U], at, i), qg_row(input[V], at, i));
        if (p->psi >= 0) copy_row(psi[i], at.count, qg_row(input[p->psi], at, i));
    }
}

/* What is there already: q, and the tracers. */
static void write_carried(const product *p, const pel_view *arg, qg_piece at)
{
    const pel_view *input = arg + p->args;
    for (int i = 0; i < p->constants.layers.count; i++) {
        copy_row(qg_row(arg[Q], at, i), at.count, qg_row(input[PV], at, i));
        if (p->bottom >= 0) add_row(qg_row(arg[p->bottom], at, i), at.count, qg_row(input[PV], at, i));
        for (int j = 0; j < p->tracers; j++)
            copy_row(qg_row(arg[p->tracer + j], at, i), at.count, qg_row(input[PV + 1 + j], at, i));
    }
}

static void to_physical(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const product *p = params;
    qg_piece at = line_of(box, arg, WAVE_K), slope = line_of(box, arg, SLOPE_K);
    while (qg_next_piece(&at, pel_row(arg[WAVE_L], 0, 0), box->hi[0])) {
        qg_next_piece(&slope, pel_row(arg[SLOPE_L], 0, 0), box->hi[0]);
        write_flow(p, arg, at, slope);
        if (p->inputs > PV) write_carried(p, arg, at);
    }
}

/* ---- in physical space ---- */

static void multiply_rows(const double *restrict u, const double *restrict v, const double *restrict q, int lo, int hi,
                          double *restrict uq, double *restrict vq)
{
    for (int x = lo; x < hi; x++) {
        uq[x] = u[x] * q[x];
        vq[x] = v[x] * q[x];
    }
}

/* Inputs to the physical fields from access `field` on, as many as `count`. */
static void keep_rows(const pel_box *box, const pel_view *input, const pel_view *field, int count, int y, int z)
{
    for (int j = 0; j < count; j++) {
        const double *restrict from = pel_row(input[j], y, z);
        double *restrict to = pel_row(field[j], y, z);
        for (int x = box->lo[0]; x < box->hi[0]; x++) to[x] = from[x];
    }
}

static void multiply(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const product *p = params;
    const pel_view *input = arg + p->args, *output = input + p->inputs;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *u = pel_row(input[U], y, z), *v = pel_row(input[V], y, z);
            for (int j = 0; j <= p->tracers; j++)
                multiply_rows(u, v, pel_row(input[PV + j], y, z), box->lo[0], box->hi[0], pel_row(output[2 * j], y, z),
                              pel_row(output[2 * j + 1], y, z));
            if (p->velocity >= 0) keep_rows(box, input, arg + p->velocity, 2, y, z);
        }
}

static void keep(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const product *p = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) keep_rows(box, arg + p->args, arg + p->field, p->inputs, y, z);
}

/* ---- back ---- */

/* -(i k F + i l G) */
static void write_divergence(const double *restrict f, const double *restrict g, qg_piece slope, double *restrict rate)
{
    for (int x = 0; x < slope.count; x++) {
        rate[2 * x] = slope.k * f[2 * x + 1] + slope.l[x] * g[2 * x + 1];
        rate[2 * x + 1] = -(slope.k * f[2 * x] + slope.l[x] * g[2 * x]);
    }
}

/* rate -= i k factor q */
static void add_drift(double factor, const double *restrict q, qg_piece slope, double *restrict rate)
{
    const double k = factor * slope.k;
    if (k == 0) return;
    for (int x = 0; x < slope.count; x++) {
        rate[2 * x] += k * q[2 * x + 1];
        rate[2 * x + 1] -= k * q[2 * x];
    }
}

/* rate -= r lap psi */
static void add_drag(double drag, const double *restrict psi, qg_piece at, double *restrict rate)
{
    for (int x = 0; x < at.count; x++) {
        const double factor = drag * (at.k * at.k + at.l[x] * at.l[x]);
        rate[2 * x] += factor * psi[2 * x];
        rate[2 * x + 1] += factor * psi[2 * x + 1];
    }
}

static void add_linear(const product *p, const pel_view *arg, qg_piece at, qg_piece slope)
{
    const qg_constants *c = &p->constants;
    const int lowest = c->layers.count - 1;
    double psi[QG_MOST_LAYERS][2 * QG_PIECE];
    qg_invert(c, arg[Q], at, psi);
    for (int i = 0; i <= lowest; i++) {
        double *rate = qg_row(arg[p->rate], at, i);
        add_drift(c->flow[i], qg_row(arg[Q], at, i), slope, rate);
        if (p->bottom >= 0) add_drift(c->flow[i], qg_row(arg[p->bottom], at, i), slope, rate);
        add_drift(c->gradient[i], psi[i], slope, rate);
        for (int j = 0; j < p->tracers; j++)
            add_drift(c->flow[i], qg_row(arg[p->tracer + j], at, i), slope, qg_row(arg[p->rate + 1 + j], at, i));
    }
    if (c->drag > 0) add_drag(c->drag, psi[lowest], at, qg_row(arg[p->rate], at, lowest));
}

static void to_spectral(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const product *p = params;
    const pel_view *output = arg + p->args + p->inputs;
    qg_piece at = line_of(box, arg, WAVE_K), slope = line_of(box, arg, SLOPE_K);
    while (qg_next_piece(&at, pel_row(arg[WAVE_L], 0, 0), box->hi[0])) {
        qg_next_piece(&slope, pel_row(arg[SLOPE_L], 0, 0), box->hi[0]);
        for (int i = 0; i < p->constants.layers.count; i++)
            for (int j = 0; j <= p->tracers; j++)
                write_divergence(qg_row(output[2 * j], at, i), qg_row(output[2 * j + 1], at, i), slope,
                                 qg_row(arg[p->rate + j], at, i));
        if (p->is_linear) add_linear(p, arg, at, slope);
    }
}

/* ---- recording ---- */

typedef struct recording {
    product params;
    pel_arg args[MOST_ARGS];
} recording;

/* Adds an access; its number. */
static int add(recording *r, pel_arg arg)
{
    r->args[r->params.args] = arg;
    return r->params.args++;
}

static recording begin(const qg_model *model, pel_operand q)
{
    recording r = {.params = {.constants = model->constants,
                              .tracer = -1,
                              .rate = -1,
                              .bottom = -1,
                              .velocity = -1,
                              .field = -1,
                              .psi = -1}};
    add(&r, pel_read(q.field, q.level));
    add(&r, pel_read(pel_space_slopes(model->space, 0), 0));
    add(&r, pel_read(pel_space_slopes(model->space, 1), 0));
    add(&r, pel_read(pel_space_wavenumbers(model->space, 0), 0));
    add(&r, pel_read(pel_space_wavenumbers(model->space, 1), 0));
    return r;
}

static void add_tracers(const qg_model *model, const pel_operand *tracers, recording *r)
{
    r->params.tracers = model->tracer_count;
    r->params.tracer = r->params.args;
    for (int j = 0; j < model->tracer_count; j++) add(r, pel_read(tracers[j].field, tracers[j].level));
}

/* Operations of a coefficient in all layers. Mean flow, beta and a layer at rest are counted as they are: where their
 * factor is 0 nothing is done. */
static double linear_flops(const product *p)
{
    const qg_constants *c = &p->constants;
    double flops = qg_invert_flops(c) + (c->drag > 0 ? 7 : 0);
    for (int i = 0; i < c->layers.count; i++)
        flops += 4.0 * (c->flow[i] != 0) * (1 + p->tracers + (p->bottom >= 0)) + 4.0 * (c->gradient[i] != 0);
    return flops;
}

/* Operations of the kernels in a step. */
static double kernel_flops(const qg_model *model, const pel_product_spec *spec, const product *p)
{
    const int *n = model->constants.cells, layers = model->constants.layers.count;
    const double coefficients = (n[0] / 2 + 1.0) * n[1], points = (double)n[0] * n[1] * layers;
    double flops = coefficients * (qg_invert_flops(&p->constants) + 4 * layers);
    if (p->inputs > PV && p->bottom >= 0) flops += coefficients * 2 * layers;
    flops += points * spec->outputs;                    /* u q and v q */
    flops += coefficients * 3 * layers * spec->outputs; /* i k and i l of them, and their sum */
    return flops + (p->is_linear ? coefficients * linear_flops(p) : 0);
}

static void end(const qg_model *model, pel_chain *chain, const char *name, pel_product_spec spec, const recording *r)
{
    spec.inputs = r->params.inputs;
    spec.flops = kernel_flops(model, &spec, &r->params);
    pel_product_args(model->space, chain, name, &spec, &r->params, sizeof r->params, r->args, r->params.args);
}

static bool has_linear_terms(const qg_constants *c)
{
    bool has = c->drag > 0;
    for (int i = 0; i < c->layers.count; i++) has = has || c->flow[i] != 0 || c->gradient[i] != 0;
    return has;
}

void qg_record_rate(const qg_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *rate,
                    qg_terms terms)
{
    recording r = begin(model, state[0]);
    if (terms.carries_tracers) add_tracers(model, state + 1, &r);
    r.params.rate = r.params.args;
    for (int j = 0; j <= r.params.tracers; j++) add(&r, pel_write(rate[j].field, rate[j].level));
    if (model->bottom.exists) r.params.bottom = add(&r, pel_read(model->bottom.spectral, 0));
    if (terms.keeps_velocity) {
        r.params.velocity = add(&r, pel_write(model->u, 0));
        add(&r, pel_write(model->v, 0));
    }
    r.params.is_linear = !terms.is_advection_only && has_linear_terms(&model->constants);
    r.params.inputs = PV + 1 + r.params.tracers;
    end(model, chain, "advection",
        (pel_product_spec){.outputs = 2 * (1 + r.params.tracers),
                           .to_physical = to_physical,
                           .multiply = multiply,
                           .to_spectral = to_spectral},
        &r);
}

void qg_record_velocity(const qg_model *model, pel_chain *chain)
{
    recording r = begin(model, (pel_operand){.field = model->q_hat});
    r.params.inputs = V + 1;
    r.params.field = add(&r, pel_write(model->u, 0));
    add(&r, pel_write(model->v, 0));
    end(model, chain, "velocity", (pel_product_spec){.to_physical = to_physical, .multiply = keep}, &r);
}

void qg_record_fields(const qg_model *model, pel_chain *chain)
{
    pel_operand tracers[QG_MOST_TRACERS];
    for (int j = 0; j < model->tracer_count; j++) tracers[j] = (pel_operand){.field = model->tracers[j].spectral};
    recording r = begin(model, (pel_operand){.field = model->q_hat});
    add_tracers(model, tracers, &r);
    r.params.psi = PV + 1 + r.params.tracers;
    r.params.inputs = r.params.psi + 1;
    r.params.field = add(&r, pel_write(model->u, 0));
    add(&r, pel_write(model->v, 0));
    add(&r, pel_write(model->q, 0));
    for (int j = 0; j < model->tracer_count; j++) add(&r, pel_write(model->tracers[j].physical, 0));
    add(&r, pel_write(model->psi, 0));
    end(model, chain, "fields", (pel_product_spec){.to_physical = to_physical, .multiply = keep}, &r);
}

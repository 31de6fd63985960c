/* What the series and the output fields are made of, and the limit of the time step.
 *
 *     kinetic energy        sum over cells of  rho h ((u^2)x + (v^2)y) / 2 dx dy
 *     potential energy      sum over cells of  rho g eta^2 / 2 dx dy
 *     potential enstrophy   sum over corners of  h q^2 / 2 dx dy, the half or quarter of it on walls
 *
 * so that the schemes of momentum.c conserve them (Sadourny 1975, eqs. 4 and 11). The fastest signal of a cell is
 * omega = 2 c sqrt(1/dx^2 + 1/dy^2) + |u|/dx + |v|/dy with c = sqrt(g h), of friction 4 nu (1/dx^2 + 1/dy^2). */
#include <math.h>

#include "shallow_water/model.h"

static double larger(double a, double b)
{
    return a > b ? a : b;
}

SWE_BODY kinetic_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const pel_view out = arg[varied ? 4 : 3]; /* the view of a reduction comes after the declared ones */
    const double factor = 0.25 * p->density * p->dx * p->dy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *value = pel_row(out, y, 0);
        const double *u = pel_row(arg[0], y, 0), *v = pel_row(arg[1], y, 0), *vn = pel_row(arg[1], y + 1, 0);
        const double *e = pel_row(arg[2], y, 0), *d = swe_depth_row(&arg[3], p, y, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            value[x] = factor * (d[varied * x] + p->nonlinear * e[x]) *
                       ((u[x] * u[x] + u[x + 1] * u[x + 1]) + (v[x] * v[x] + vn[x] * vn[x]));
    }
}
SWE_KERNEL(kinetic, kinetic_body, 11)

static void potential(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const swe_constants *p = params;
    const double factor = 0.5 * p->density * p->gravity * p->dx * p->dy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *e = pel_row(arg[0], y, 0);
        double *value = pel_row(arg[1], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) value[x] = factor * e[x] * e[x];
    }
}

/* h q^2 = q (f + zeta) */
static void enstrophy(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const swe_constants *p = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double f = p->f0 + p->beta * (p->south + y * p->dy - p->y0);
        const double share_y = p->is_wall[1] && (y == 0 || y == p->cells[1]) ? 0.5 : 1;
        const double factor = 0.5 * share_y * p->dx * p->dy;
        const double *q = pel_row(arg[0], y, 0), *zeta = pel_row(arg[1], y, 0);
        double *value = pel_row(arg[2], y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double share_x = p->is_wall[0] && (x == 0 || x == p->cells[0]) ? 0.5 : 1;
            value[x] = share_x * factor * q[x] * (f + p->nonlinear * zeta[x]);
        }
    }
}

/* A field times the area of its cells. */
static void content(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const swe_constants *p = params;
    const double area = p->dx * p->dy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *q = pel_row(arg[0], y, 0);
        double *value = pel_row(arg[1], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) value[x] = area * q[x];
    }
}

/* The speed at cell centres; for a reduction and for the output field, which have their view at opposite ends. */
static void speed_rows(const pel_box *box, pel_view u_view, pel_view v_view, pel_view out)
{
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *u = pel_row(u_view, y, 0), *v = pel_row(v_view, y, 0), *vn = pel_row(v_view, y + 1, 0);
        double *value = pel_row(out, y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double a = 0.5 * (u[x] + u[x + 1]), b = 0.5 * (v[x] + vn[x]);
            value[x] = sqrt(a * a + b * b);
        }
    }
}

static void speed(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    speed_rows(box, arg[0], arg[1], arg[2]);
}

static void speed_field(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    speed_rows(box, arg[1], arg[2], arg[0]);
}

/* The fastest frequency of waves and flow in a cell, s-1; the Courant number is half of it times dt. */
SWE_BODY frequency_rows(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied, double factor)
{
    const pel_view out = arg[varied ? 4 : 3];
    const double both = 2 * sqrt(p->rdx * p->rdx + p->rdy * p->rdy);
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *value = pel_row(out, y, 0);
        const double *u = pel_row(arg[0], y, 0), *v = pel_row(arg[1], y, 0), *vn = pel_row(arg[1], y + 1, 0);
        const double *e = pel_row(arg[2], y, 0), *d = swe_depth_row(&arg[3], p, y, varied);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double c = sqrt(p->gravity * (d[varied * x] + p->nonlinear * e[x]));
            const double flow = larger(fabs(u[x]), fabs(u[x + 1])) * p->rdx + larger(fabs(v[x]), fabs(vn[x])) * p->rdy;
            value[x] = factor * (c * both + p->nonlinear * flow);
        }
    }
}

SWE_BODY frequency_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    frequency_rows(box, arg, p, varied, 1);
}
SWE_KERNEL(frequency, frequency_body, 10)

static void courant_flat(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    frequency_rows(box, arg, params, 0, 0.5 * step->dt);
}

static void courant_varied(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    frequency_rows(box, arg, params, 1, 0.5 * step->dt);
}

SWE_BODY concentration_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *c = pel_row(arg[0], y, 0);
        const double *hc = pel_row(arg[1], y, 0), *e = pel_row(arg[2], y, 0);
        const double *d = swe_depth_row(&arg[3], p, y, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) c[x] = hc[x] / (d[varied * x] + p->nonlinear * e[x]);
    }
}
SWE_KERNEL(concentration, concentration_body, 3)

/* ---- recording ---- */

/* Records a reduction over cells that looks at u, v, eta and the depth. */
static void reduce_flow(const swe_model *model, pel_chain *chain, const char *name, pel_reduction reduction,
                        swe_kernel kernel, pel_reduced *result)
{
    const pel_arg args[] = {pel_read(model->u, 0, PEL_AHEAD_X(1)), pel_read(model->v, 0, PEL_AHEAD_Y(1)),
                            pel_read(model->eta, 0), pel_read(model->depth, 0)};
    pel_chain_reduce_args(chain, name, reduction, model->depth ? kernel.varied : kernel.flat, &model->constants,
                          sizeof model->constants, PEL_CENTRE, PEL_INTERIOR, result, args, model->depth ? 4 : 3);
    pel_chain_flops(chain, kernel.flops);
}

static void record_series(swe_model *model, pel_chain *chain)
{
    const swe_constants *p = &model->constants;
    const pel_operand state[] = {{.field = model->eta}, {.field = model->u}, {.field = model->v}};
    swe_record_vorticity(model, chain, state);
    reduce_flow(model, chain, "kinetic energy", PEL_SUM, kinetic, &model->kinetic);
    pel_chain_reduce(chain, "potential energy", PEL_SUM, potential, p, sizeof *p, PEL_CENTRE, PEL_INTERIOR,
                     &model->potential, pel_read(model->eta, 0));
    pel_chain_flops(chain, 2);
    pel_chain_reduce(chain, "potential enstrophy", PEL_SUM, enstrophy, p, sizeof *p, PEL_CORNER_XY, PEL_EVERYTHING,
                     &model->enstrophy, pel_read(model->potential_vorticity, 0), pel_read(model->vorticity, 0));
    pel_chain_flops(chain, 5);
    pel_chain_reduce(chain, "volume", PEL_SUM, content, p, sizeof *p, PEL_CENTRE, PEL_INTERIOR, &model->volume,
                     pel_read(model->eta, 0));
    pel_chain_flops(chain, 1);
    pel_chain_reduce(chain, "speed", PEL_MAX, speed, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &model->fastest,
                     pel_read(model->u, 0, PEL_AHEAD_X(1)), pel_read(model->v, 0, PEL_AHEAD_Y(1)));
    pel_chain_flops(chain, 8);
    reduce_flow(model, chain, "courant", PEL_MAX, (swe_kernel){courant_flat, courant_varied, 11}, &model->courant);
    if (!model->is_tracer) return;
    pel_chain_reduce(chain, "tracer", PEL_SUM, content, p, sizeof *p, PEL_CENTRE, PEL_INTERIOR, &model->tracer_total,
                     pel_read(model->tracer, 0));
    pel_chain_flops(chain, 1);
}

static void record_output(swe_model *model, pel_chain *chain)
{
    const pel_operand state[] = {{.field = model->eta}, {.field = model->u}, {.field = model->v}};
    swe_record_vorticity(model, chain, state);
    pel_chain_loop(chain, "speed", speed_field, NULL, 0, PEL_INTERIOR, pel_write(model->speed, 0),
                   pel_read(model->u, 0, PEL_AHEAD_X(1)), pel_read(model->v, 0, PEL_AHEAD_Y(1)));
    pel_chain_flops(chain, 8);
    if (model->is_tracer)
        swe_loop(model, chain, "concentration", concentration, PEL_INTERIOR, pel_write(model->concentration, 0),
                 pel_read(model->tracer, 0), pel_read(model->eta, 0), pel_read(model->depth, 0));
}

#define SERIES_VALUE(name, member)                                                                                     \
    static double name(const void *model)                                                                              \
    {                                                                                                                  \
        return ((const swe_model *)model)->member.value;                                                               \
    }
SERIES_VALUE(kinetic_value, kinetic)
SERIES_VALUE(potential_value, potential)
SERIES_VALUE(enstrophy_value, enstrophy)
SERIES_VALUE(volume_value, volume)
SERIES_VALUE(speed_value, fastest)
SERIES_VALUE(courant_value, courant)
SERIES_VALUE(tracer_value, tracer_total)

static pel_status declare_series(pel_component *component, const swe_model *model)
{
    PEL_TRY(pel_component_series(component, "kinetic-energy", "J", "kinetic energy", kinetic_value));
    PEL_TRY(pel_component_series(component, "potential-energy", "J", "available potential energy", potential_value));
    PEL_TRY(pel_component_series(component, "potential-enstrophy", "m s-2", "potential enstrophy", enstrophy_value));
    PEL_TRY(pel_component_series(component, "volume", "m3", "volume above the level of rest", volume_value));
    PEL_TRY(pel_component_series(component, "max-speed", "m s-1", "largest speed at a cell centre", speed_value));
    PEL_TRY(pel_component_series(component, "courant-number", "1", "largest Courant number of waves and flow",
                                 courant_value));
    if (model->is_tracer)
        PEL_TRY(pel_component_series(component, "tracer-content", "m3", "amount of tracer", tracer_value));
    return PEL_OK;
}

pel_status swe_setup_diagnostics(pel_component *component, swe_model *model)
{
    PEL_TRY(pel_component_chain(component, "limit", &model->limit));
    reduce_flow(model, model->limit, "frequency", PEL_MAX, frequency, &model->frequency);
    PEL_TRY(pel_component_chain(component, "series", &model->series));
    record_series(model, model->series);
    pel_component_series_chain(component, model->series);
    PEL_TRY(pel_component_chain(component, "output", &model->output));
    record_output(model, model->output);
    pel_component_output_chain(component, model->output);
    return declare_series(component, model);
}

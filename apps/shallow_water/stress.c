/* Stress at the surface and the bottom: wind, tau / (rho h), and drag, -r u - C |u| u / h, each added to a tendency. */
#include <math.h>

#include "shallow_water/model.h"

/* Wind on the faces across x or y: h is the mean of the cells on both sides, `bx`, `by` cells apart. */
SWE_BODY wind(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied, int bx, int by)
{
    const double w = p->nonlinear, two_over_density = 2 / p->density;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict du = pel_row(arg[0], y, 0);
        const double *tau = pel_row(arg[1], y, 0), *e = pel_row(arg[2], y, 0), *eb = pel_row(arg[2], y - by, 0);
        const double *d = swe_depth_row(&arg[3], p, y, varied), *db = swe_depth_row(&arg[3], p, y - by, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double h = d[varied * x] + w * e[x], hb = db[varied * (x - bx)] + w * eb[x - bx];
            du[x] += two_over_density * tau[x] / (hb + h);
        }
    }
}

SWE_BODY wind_x_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    wind(box, arg, p, varied, 1, 0);
}
SWE_KERNEL(wind_x, wind_x_body, 8)

SWE_BODY wind_y_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    wind(box, arg, p, varied, 0, 1);
}
SWE_KERNEL(wind_y, wind_y_body, 8)

static void linear_drag(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const double r = ((const swe_constants *)params)->linear_drag;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict du = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) du[x] -= r * u[x];
    }
}

/* Quadratic drag on u; the other velocity at the face is the mean of the four around it. */
SWE_BODY drag_u_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const double w = p->nonlinear, c = p->quadratic_drag;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict du = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *e = pel_row(arg[3], y, 0), *d = swe_depth_row(&arg[4], p, y, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double h = 0.5 * ((d[varied * (x - 1)] + w * e[x - 1]) + (d[varied * x] + w * e[x]));
            const double other = 0.25 * ((v[x - 1] + v[x]) + (vn[x - 1] + vn[x]));
            du[x] -= c * sqrt(u[x] * u[x] + other * other) / h * u[x];
        }
    }
}
SWE_KERNEL(drag_u, drag_u_body, 18)

SWE_BODY drag_v_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const double w = p->nonlinear, c = p->quadratic_drag;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict dv = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *us = pel_row(arg[1], y - 1, 0), *v = pel_row(arg[2], y, 0);
        const double *e = pel_row(arg[3], y, 0), *es = pel_row(arg[3], y - 1, 0);
        const double *d = swe_depth_row(&arg[4], p, y, varied), *ds = swe_depth_row(&arg[4], p, y - 1, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double h = 0.5 * ((ds[varied * x] + w * es[x]) + (d[varied * x] + w * e[x]));
            const double other = 0.25 * ((us[x] + us[x + 1]) + (u[x] + u[x + 1]));
            dv[x] -= c * sqrt(v[x] * v[x] + other * other) / h * v[x];
        }
    }
}
SWE_KERNEL(drag_v, drag_v_body, 18)

static void record_drag(const swe_model *model, pel_chain *chain, const pel_operand *state, pel_arg du, pel_arg dv)
{
    const swe_constants *p = &model->constants;
    const pel_operand eta = state[SWE_ETA], u = state[SWE_U], v = state[SWE_V];
    if (p->linear_drag > 0) {
        pel_chain_loop(chain, "linear drag u", linear_drag, p, sizeof *p, PEL_INTERIOR, du, pel_read(u.field, u.level));
        pel_chain_flops(chain, 2);
        pel_chain_loop(chain, "linear drag v", linear_drag, p, sizeof *p, PEL_INTERIOR, dv, pel_read(v.field, v.level));
        pel_chain_flops(chain, 2);
    }
    if (!(p->quadratic_drag > 0)) return;
    swe_loop(model, chain, "quadratic drag u", drag_u, PEL_INTERIOR, du, pel_read(u.field, u.level),
             pel_read(v.field, v.level, PEL_BEHIND_X(1), PEL_AHEAD_Y(1)),
             pel_read(eta.field, eta.level, PEL_BEHIND_X(1)), pel_read(model->depth, 0, PEL_BEHIND_X(1)));
    swe_loop(model, chain, "quadratic drag v", drag_v, PEL_INTERIOR, dv,
             pel_read(u.field, u.level, PEL_AHEAD_X(1), PEL_BEHIND_Y(1)), pel_read(v.field, v.level),
             pel_read(eta.field, eta.level, PEL_BEHIND_Y(1)), pel_read(model->depth, 0, PEL_BEHIND_Y(1)));
}

void swe_record_stress(const swe_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const pel_operand eta = state[SWE_ETA];
    const pel_arg du = pel_update(tendency[SWE_U].field, tendency[SWE_U].level);
    const pel_arg dv = pel_update(tendency[SWE_V].field, tendency[SWE_V].level);
    const pel_arg eta_x = pel_read(eta.field, eta.level, PEL_BEHIND_X(1)),
                  depth_x = pel_read(model->depth, 0, PEL_BEHIND_X(1));
    const pel_arg eta_y = pel_read(eta.field, eta.level, PEL_BEHIND_Y(1)),
                  depth_y = pel_read(model->depth, 0, PEL_BEHIND_Y(1));
    if (model->wind[0])
        swe_loop(model, chain, "wind u", wind_x, PEL_INTERIOR, du, pel_read(model->wind[0], 0), eta_x, depth_x);
    if (model->wind[1])
        swe_loop(model, chain, "wind v", wind_y, PEL_INTERIOR, dv, pel_read(model->wind[1], 0), eta_y, depth_y);
    record_drag(model, chain, state, du, dv);
}

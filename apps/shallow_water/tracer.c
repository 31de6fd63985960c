/* A passive tracer in flux form: with c its concentration, the state holds the content h c, whose sum is conserved.
 *
 *     d(h c)/dt = -d(U c - kappa h dc/dx)/dx - d(V c - kappa h dc/dy)/dy
 *
 * c at a face is the mean of both sides (centred) or that of the side the flow comes from (upwind); one formula with
 * the factor `upwind`, 0 or 1. Nothing diffuses through a coast: `open` is 0 there. */
#include <math.h>

#include "shallow_water/model.h"

/* One side of a face: content, thickness, and whether it is sea. */
typedef struct side {
    double content, h, wet;
} side;

/* The flux from a to b, m2 s-1, times 2; `rd` is 1 / spacing. */
static inline double flux(side a, side b, double velocity, double rd, const swe_constants *p)
{
    const double ca = a.content / a.h, cb = b.content / b.h, h = a.h + b.h, mass = 0.5 * h * velocity;
    const double carried = mass * (ca + cb) - p->upwind * fabs(mass) * (cb - ca);
    return carried - p->diffusivity * rd * (a.wet * b.wet) * h * (cb - ca);
}

static inline side side_at(const double *content, const double *eta, const double *wet, const double *depth, int x,
                           int varied, double nonlinear)
{
    return (side){content[x], depth[varied * x] + nonlinear * eta[x], wet ? wet[x] : 1};
}

SWE_BODY tracer_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied, bool is_land)
{
    const pel_view *depth = &arg[is_land ? 6 : 5];
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict dc = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *e[3], *c[3], *m[3] = {NULL, NULL, NULL}, *d[3]; /* rows y - 1, y, y + 1 */
        for (int i = 0; i < 3; i++) {
            e[i] = pel_row(arg[3], y + i - 1, 0);
            c[i] = pel_row(arg[4], y + i - 1, 0);
            if (is_land) m[i] = pel_row(arg[5], y + i - 1, 0);
            d[i] = swe_depth_row(depth, p, y + i - 1, varied);
        }
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const side here = side_at(c[1], e[1], m[1], d[1], x, varied, p->nonlinear);
            const side west = side_at(c[1], e[1], m[1], d[1], x - 1, varied, p->nonlinear);
            const side east = side_at(c[1], e[1], m[1], d[1], x + 1, varied, p->nonlinear);
            const side south = side_at(c[0], e[0], m[0], d[0], x, varied, p->nonlinear);
            const side north = side_at(c[2], e[2], m[2], d[2], x, varied, p->nonlinear);
            const double along_x = flux(here, east, u[x + 1], p->rdx, p) - flux(west, here, u[x], p->rdx, p);
            const double along_y = flux(here, north, vn[x], p->rdy, p) - flux(south, here, v[x], p->rdy, p);
            dc[x] = -0.5 * (along_x * p->rdx + along_y * p->rdy);
        }
    }
}

SWE_BODY tracer_open_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    tracer_body(box, arg, p, varied, false);
}
SWE_KERNEL(tracer_open, tracer_open_body, 69)

SWE_BODY tracer_coastal_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    tracer_body(box, arg, p, varied, true);
}
SWE_KERNEL(tracer_coastal, tracer_coastal_body, 77)

void swe_record_tracer(const swe_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    if (!model->is_tracer) return;
    const pel_arg dc = pel_write(tendency[SWE_TRACER].field, tendency[SWE_TRACER].level);
    const pel_arg u = pel_read(state[SWE_U].field, state[SWE_U].level, PEL_AHEAD_X(1));
    const pel_arg v = pel_read(state[SWE_V].field, state[SWE_V].level, PEL_AHEAD_Y(1));
    const pel_arg eta = pel_read(state[SWE_ETA].field, state[SWE_ETA].level, PEL_AROUND_X(1), PEL_AROUND_Y(1));
    const pel_arg content =
        pel_read(state[SWE_TRACER].field, state[SWE_TRACER].level, PEL_AROUND_X(1), PEL_AROUND_Y(1));
    const pel_arg wet = pel_read(model->wet, 0, PEL_AROUND_X(1), PEL_AROUND_Y(1));
    const pel_arg depth = pel_read(model->depth, 0, PEL_AROUND_X(1), PEL_AROUND_Y(1));
    if (model->wet) swe_loop(model, chain, "tracer", tracer_coastal, PEL_INTERIOR, dc, u, v, eta, content, wet, depth);
    else swe_loop(model, chain, "tracer", tracer_open, PEL_INTERIOR, dc, u, v, eta, content, depth);
}

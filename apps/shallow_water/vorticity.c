/* Vorticity zeta = dv/dx - du/dy and potential vorticity q = (f + zeta) / h at the corners.
 *
 * h at a corner is the mean of the cells around it that are sea (Sadourny 1975, eq. 2). At walls the velocities'
 * boundary conditions give zeta; at a coast inside the grid the velocity on land is zero, which gives half of the
 * no-slip value: `slip`, 2 or 0, makes it that of the deck. A corner amid land has q = f: nothing there looks at it. */
#include "shallow_water/model.h"

/* The corner's cells, from the north-east: (x, y), (x-1, y), (x, y-1), (x-1, y-1). */
SWE_BODY corners(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const double w = p->nonlinear;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double f = p->f0 + p->beta * (p->south + y * p->dy - p->y0);
        double *restrict zeta = pel_row(arg[0], y, 0), *restrict q = pel_row(arg[1], y, 0);
        const double *u = pel_row(arg[2], y, 0), *us = pel_row(arg[2], y - 1, 0), *v = pel_row(arg[3], y, 0);
        const double *e = pel_row(arg[4], y, 0), *es = pel_row(arg[4], y - 1, 0);
        const double *d = swe_depth_row(&arg[5], p, y, varied), *ds = swe_depth_row(&arg[5], p, y - 1, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double east = (d[varied * x] + w * e[x]) + (ds[varied * x] + w * es[x]);
            const double west = (d[varied * (x - 1)] + w * e[x - 1]) + (ds[varied * (x - 1)] + w * es[x - 1]);
            const double z = (v[x] - v[x - 1]) * p->rdx - (u[x] - us[x]) * p->rdy;
            zeta[x] = z;
            q[x] = (f + w * z) / (0.25 * (west + east));
        }
    }
}
SWE_KERNEL(open_corners, corners, 20)

/* The factor of zeta at a corner with n cells of sea around it. */
static inline double slip_at(double n, double slip)
{
    return n == 4 ? 1 : n > 0 ? slip : 0;
}

SWE_BODY corners_with_land(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const double w = p->nonlinear;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double f = p->f0 + p->beta * (p->south + y * p->dy - p->y0);
        double *restrict zeta = pel_row(arg[0], y, 0), *restrict q = pel_row(arg[1], y, 0);
        const double *u = pel_row(arg[2], y, 0), *us = pel_row(arg[2], y - 1, 0), *v = pel_row(arg[3], y, 0);
        const double *e = pel_row(arg[4], y, 0), *es = pel_row(arg[4], y - 1, 0);
        const double *m = pel_row(arg[5], y, 0), *ms = pel_row(arg[5], y - 1, 0);
        const double *d = swe_depth_row(&arg[6], p, y, varied), *ds = swe_depth_row(&arg[6], p, y - 1, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double n = (m[x] + ms[x]) + (m[x - 1] + ms[x - 1]);
            const double east = m[x] * (d[varied * x] + w * e[x]) + ms[x] * (ds[varied * x] + w * es[x]);
            const double west =
                m[x - 1] * (d[varied * (x - 1)] + w * e[x - 1]) + ms[x - 1] * (ds[varied * (x - 1)] + w * es[x - 1]);
            const double z = slip_at(n, p->slip) * ((v[x] - v[x - 1]) * p->rdx - (u[x] - us[x]) * p->rdy);
            zeta[x] = z;
            q[x] = (f + w * z) / (n > 0 ? (west + east) / n : 1);
        }
    }
}
SWE_KERNEL(coastal_corners, corners_with_land, 28)

void swe_record_vorticity(const swe_model *model, pel_chain *chain, const pel_operand *state)
{
    const pel_arg zeta = pel_write(model->vorticity, 0), q = pel_write(model->potential_vorticity, 0);
    const pel_arg u = pel_read(state[SWE_U].field, state[SWE_U].level, PEL_BEHIND_Y(1));
    const pel_arg v = pel_read(state[SWE_V].field, state[SWE_V].level, PEL_BEHIND_X(1));
    const pel_arg eta = pel_read(state[SWE_ETA].field, state[SWE_ETA].level, PEL_BEHIND_X(1), PEL_BEHIND_Y(1));
    const pel_arg depth = pel_read(model->depth, 0, PEL_BEHIND_X(1), PEL_BEHIND_Y(1));
    const pel_arg wet = pel_read(model->wet, 0, PEL_BEHIND_X(1), PEL_BEHIND_Y(1));
    if (model->wet)
        swe_loop(model, chain, "vorticity", coastal_corners, PEL_EVERYTHING, zeta, q, u, v, eta, wet, depth);
    else swe_loop(model, chain, "vorticity", open_corners, PEL_EVERYTHING, zeta, q, u, v, eta, depth);
}

/* ---- the curl alone ---- */

static void curl(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const swe_constants *p = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict zeta = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *us = pel_row(arg[1], y - 1, 0), *v = pel_row(arg[2], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) zeta[x] = (v[x] - v[x - 1]) * p->rdx - (u[x] - us[x]) * p->rdy;
    }
}

static void slip(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const swe_constants *p = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict zeta = pel_row(arg[0], y, 0);
        const double *m = pel_row(arg[1], y, 0), *ms = pel_row(arg[1], y - 1, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            zeta[x] *= slip_at((m[x] + ms[x]) + (m[x - 1] + ms[x - 1]), p->slip);
    }
}

void swe_record_curl(const swe_model *model, pel_chain *chain, pel_field *u, pel_field *v, pel_field *zeta)
{
    const swe_constants *p = &model->constants;
    pel_chain_loop(chain, "curl", curl, p, sizeof *p, PEL_EVERYTHING, pel_write(zeta, 0),
                   pel_read(u, 0, PEL_BEHIND_Y(1)), pel_read(v, 0, PEL_BEHIND_X(1)));
    pel_chain_flops(chain, 5);
    if (!model->wet) return;
    pel_chain_loop(chain, "slip", slip, p, sizeof *p, PEL_EVERYTHING, pel_update(zeta, 0),
                   pel_read(model->wet, 0, PEL_BEHIND_X(1), PEL_BEHIND_Y(1)));
    pel_chain_flops(chain, 4);
}

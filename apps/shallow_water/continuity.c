/* Continuity: deta/dt = -dU/dx - dV/dy with U = (h)x u, V = (h)y v (Sadourny 1975, eq. 3). A cell that has run dry gets
 * a tendency that is not a number, so that the run stops there and says so: this model has no drying. */
#include <math.h>

#include "shallow_water/model.h"

SWE_BODY continuity_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    const double w = p->nonlinear, half_rdx = 0.5 * p->rdx, half_rdy = 0.5 * p->rdy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict deta = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *es = pel_row(arg[3], y - 1, 0), *e = pel_row(arg[3], y, 0), *en = pel_row(arg[3], y + 1, 0);
        const double *ds = swe_depth_row(&arg[4], p, y - 1, varied), *d = swe_depth_row(&arg[4], p, y, varied);
        const double *dn = swe_depth_row(&arg[4], p, y + 1, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const int l = varied * (x - 1), i = varied * x, r = varied * (x + 1);
            const double h_l = d[l] + w * e[x - 1], h = d[i] + w * e[x], h_r = d[r] + w * e[x + 1];
            const double hs = ds[i] + w * es[x], hn = dn[i] + w * en[x];
            const double along_x = ((h + h_r) * u[x + 1] - (h_l + h) * u[x]) * half_rdx;
            const double along_y = ((h + hn) * vn[x] - (hs + h) * v[x]) * half_rdy;
            deta[x] = h > 0 ? -(along_x + along_y) : (double)NAN;
        }
    }
}
SWE_KERNEL(continuity, continuity_body, 23)

void swe_record_continuity(const swe_model *model, pel_chain *chain, const pel_operand *state,
                           const pel_operand *tendency)
{
    const pel_operand eta = state[SWE_ETA], u = state[SWE_U], v = state[SWE_V];
    swe_loop(model, chain, "continuity", continuity, PEL_INTERIOR,
             pel_write(tendency[SWE_ETA].field, tendency[SWE_ETA].level), pel_read(u.field, u.level, PEL_AHEAD_X(1)),
             pel_read(v.field, v.level, PEL_AHEAD_Y(1)),
             pel_read(eta.field, eta.level, PEL_AROUND_X(1), PEL_AROUND_Y(1)),
             pel_read(model->depth, 0, PEL_AROUND_X(1), PEL_AROUND_Y(1)));
}

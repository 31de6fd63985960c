/* Momentum in vector-invariant form: du/dt = q V - dB/dx, dv/dt = -q U - dB/dy with the mass fluxes U = h u, V = h v.
 *
 * Sadourny, J. Atmos. Sci. 32 (1975) 680, with ( )x and ( )y the means of two neighbours in x and y:
 *
 *     energy      du/dt =  ((V)x q)y - dB/dx       dv/dt = -((U)y q)x - dB/dy       conserves energy
 *     enstrophy   du/dt =  (q)y ((V)x)y - dB/dx    dv/dt = -(q)x ((U)y)x - dB/dy    conserves potential enstrophy
 *
 *     U = (h)x u,   V = (h)y v,   B = g eta + ((u^2)x + (v^2)y) / 2,   q = (f + zeta) / ((h)x)y
 *
 * The linear equations are the energy scheme with h = H, q = f / H and B = g eta. */
#include "shallow_water/model.h"

/* q V between its value at the south and the north corner: `south` and `north` are 4 (V)x there. */
static inline double between(double q_south, double q_north, double south, double north, bool is_enstrophy)
{
    return is_enstrophy ? 0.0625 * ((q_south + q_north) * (south + north))
                        : 0.125 * (q_south * south + q_north * north);
}

SWE_BODY momentum_u(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied, bool is_enstrophy)
{
    const double w = p->nonlinear, g = p->gravity, half_ke = 0.25 * w;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict du = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *es = pel_row(arg[3], y - 1, 0), *e = pel_row(arg[3], y, 0), *en = pel_row(arg[3], y + 1, 0);
        const double *q = pel_row(arg[4], y, 0), *qn = pel_row(arg[4], y + 1, 0);
        const double *ds = swe_depth_row(&arg[5], p, y - 1, varied), *d = swe_depth_row(&arg[5], p, y, varied);
        const double *dn = swe_depth_row(&arg[5], p, y + 1, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const int i = varied * x, l = varied * (x - 1);
            const double hs = ds[i] + w * es[x], h = d[i] + w * e[x], hn = dn[i] + w * en[x];
            const double hs_l = ds[l] + w * es[x - 1], h_l = d[l] + w * e[x - 1], hn_l = dn[l] + w * en[x - 1];
            const double south = (hs_l + h_l) * v[x - 1] + (hs + h) * v[x];
            const double north = (h_l + hn_l) * vn[x - 1] + (h + hn) * vn[x];
            const double b_l = g * e[x - 1] + half_ke * ((u[x - 1] * u[x - 1] + u[x] * u[x]) +
                                                         (v[x - 1] * v[x - 1] + vn[x - 1] * vn[x - 1]));
            const double b = g * e[x] + half_ke * ((u[x] * u[x] + u[x + 1] * u[x + 1]) + (v[x] * v[x] + vn[x] * vn[x]));
            du[x] = between(q[x], qn[x], south, north, is_enstrophy) - (b - b_l) * p->rdx;
        }
    }
}

SWE_BODY momentum_v(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied, bool is_enstrophy)
{
    const double w = p->nonlinear, g = p->gravity, half_ke = 0.25 * w;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict dv = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *us = pel_row(arg[1], y - 1, 0);
        const double *vs = pel_row(arg[2], y - 1, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *es = pel_row(arg[3], y - 1, 0), *e = pel_row(arg[3], y, 0), *q = pel_row(arg[4], y, 0);
        const double *ds = swe_depth_row(&arg[5], p, y - 1, varied), *d = swe_depth_row(&arg[5], p, y, varied);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const int l = varied * (x - 1), i = varied * x, r = varied * (x + 1);
            const double h_l = d[l] + w * e[x - 1], h = d[i] + w * e[x], h_r = d[r] + w * e[x + 1];
            const double hs_l = ds[l] + w * es[x - 1], hs = ds[i] + w * es[x], hs_r = ds[r] + w * es[x + 1];
            const double west = (hs_l + hs) * us[x] + (h_l + h) * u[x];
            const double east = (hs + hs_r) * us[x + 1] + (h + h_r) * u[x + 1];
            const double b_s =
                g * es[x] + half_ke * ((us[x] * us[x] + us[x + 1] * us[x + 1]) + (vs[x] * vs[x] + v[x] * v[x]));
            const double b = g * e[x] + half_ke * ((u[x] * u[x] + u[x + 1] * u[x + 1]) + (v[x] * v[x] + vn[x] * vn[x]));
            dv[x] = -between(q[x], q[x + 1], west, east, is_enstrophy) - (b - b_s) * p->rdy;
        }
    }
}

SWE_BODY energy_u_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    momentum_u(box, arg, p, varied, false);
}
SWE_KERNEL(energy_u, energy_u_body, 48)

SWE_BODY energy_v_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    momentum_v(box, arg, p, varied, false);
}
SWE_KERNEL(energy_v, energy_v_body, 48)

SWE_BODY enstrophy_u_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    momentum_u(box, arg, p, varied, true);
}
SWE_KERNEL(enstrophy_u, enstrophy_u_body, 48)

SWE_BODY enstrophy_v_body(const pel_box *box, const pel_view *arg, const swe_constants *p, int varied)
{
    momentum_v(box, arg, p, varied, true);
}
SWE_KERNEL(enstrophy_v, enstrophy_v_body, 48)

void swe_record_momentum(const swe_model *model, pel_chain *chain, const pel_operand *state,
                         const pel_operand *tendency)
{
    const pel_operand eta = state[SWE_ETA], u = state[SWE_U], v = state[SWE_V];
    swe_loop(model, chain, "momentum u", model->is_enstrophy ? enstrophy_u : energy_u, PEL_INTERIOR,
             pel_write(tendency[SWE_U].field, tendency[SWE_U].level), pel_read(u.field, u.level, PEL_AROUND_X(1)),
             pel_read(v.field, v.level, PEL_BEHIND_X(1), PEL_AHEAD_Y(1)),
             pel_read(eta.field, eta.level, PEL_BEHIND_X(1), PEL_AROUND_Y(1)),
             pel_read(model->potential_vorticity, 0, PEL_AHEAD_Y(1)),
             pel_read(model->depth, 0, PEL_BEHIND_X(1), PEL_AROUND_Y(1)));
    swe_loop(model, chain, "momentum v", model->is_enstrophy ? enstrophy_v : energy_v, PEL_INTERIOR,
             pel_write(tendency[SWE_V].field, tendency[SWE_V].level),
             pel_read(u.field, u.level, PEL_AHEAD_X(1), PEL_BEHIND_Y(1)), pel_read(v.field, v.level, PEL_AROUND_Y(1)),
             pel_read(eta.field, eta.level, PEL_AROUND_X(1), PEL_BEHIND_Y(1)),
             pel_read(model->potential_vorticity, 0, PEL_AHEAD_X(1)),
             pel_read(model->depth, 0, PEL_AROUND_X(1), PEL_BEHIND_Y(1)));
}

/* Friction: nu lap(u) - nu4 lap(lap(u)), with the Laplacian as grad(div) - curl(zeta):
 *
 *     lap(u) = d(div)/dx - d(zeta)/dy,   lap(v) = d(div)/dy + d(zeta)/dx
 *
 * On the C-grid this is the five-point Laplacian, and the choice of slip at walls and coasts is all in zeta. */
#include "shallow_water/model.h"

typedef struct friction_params {
    double coefficient; /* of the Laplacian, m2 s-1 (hyperviscosity: m4 s-1, negative) */
    double rdx, rdy;
} friction_params;

static void laplacian_u(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const friction_params *p = params;
    const double rdx = p->rdx, rdy = p->rdy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict out = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *z = pel_row(arg[3], y, 0), *zn = pel_row(arg[3], y + 1, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double div_l = (u[x] - u[x - 1]) * rdx + (vn[x - 1] - v[x - 1]) * rdy;
            const double div = (u[x + 1] - u[x]) * rdx + (vn[x] - v[x]) * rdy;
            out[x] += p->coefficient * ((div - div_l) * rdx - (zn[x] - z[x]) * rdy);
        }
    }
}

static void laplacian_v(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const friction_params *p = params;
    const double rdx = p->rdx, rdy = p->rdy;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict out = pel_row(arg[0], y, 0);
        const double *u = pel_row(arg[1], y, 0), *us = pel_row(arg[1], y - 1, 0);
        const double *vs = pel_row(arg[2], y - 1, 0), *v = pel_row(arg[2], y, 0), *vn = pel_row(arg[2], y + 1, 0);
        const double *z = pel_row(arg[3], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double div_s = (us[x + 1] - us[x]) * rdx + (v[x] - vs[x]) * rdy;
            const double div = (u[x + 1] - u[x]) * rdx + (vn[x] - v[x]) * rdy;
            out[x] += p->coefficient * ((div - div_s) * rdy + (z[x + 1] - z[x]) * rdx);
        }
    }
}

/* Zeroes a field, so that a Laplacian can be added. */
static void clear(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *out = pel_row(arg[0], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) out[x] = 0;
    }
}

/* Adds coefficient * lap(u, v) to the tendencies. */
static void add_laplacian(const swe_model *model, pel_chain *chain, double coefficient, pel_operand u, pel_operand v,
                          pel_field *curl, pel_operand du, pel_operand dv)
{
    const friction_params p = {.coefficient = coefficient, .rdx = model->constants.rdx, .rdy = model->constants.rdy};
    pel_chain_loop(chain, "friction u", laplacian_u, &p, sizeof p, PEL_INTERIOR, pel_update(du.field, du.level),
                   pel_read(u.field, u.level, PEL_AROUND_X(1)),
                   pel_read(v.field, v.level, PEL_BEHIND_X(1), PEL_AHEAD_Y(1)), pel_read(curl, 0, PEL_AHEAD_Y(1)));
    pel_chain_flops(chain, 17);
    pel_chain_loop(chain, "friction v", laplacian_v, &p, sizeof p, PEL_INTERIOR, pel_update(dv.field, dv.level),
                   pel_read(u.field, u.level, PEL_AHEAD_X(1), PEL_BEHIND_Y(1)),
                   pel_read(v.field, v.level, PEL_AROUND_Y(1)), pel_read(curl, 0, PEL_AHEAD_X(1)));
    pel_chain_flops(chain, 17);
}

/* -nu4 lap(lap(u)): the inner Laplacian is a velocity with the same walls and coasts. */
static void add_bilaplacian(const swe_model *model, pel_chain *chain, const pel_operand *state,
                            const pel_operand *tendency)
{
    const pel_operand lu = {.field = model->laplacian_u}, lv = {.field = model->laplacian_v};
    pel_chain_loop(chain, "clear u", clear, NULL, 0, PEL_INTERIOR, pel_write(lu.field, 0));
    pel_chain_flops(chain, 0);
    pel_chain_loop(chain, "clear v", clear, NULL, 0, PEL_INTERIOR, pel_write(lv.field, 0));
    pel_chain_flops(chain, 0);
    add_laplacian(model, chain, 1, state[SWE_U], state[SWE_V], model->vorticity, lu, lv);
    swe_record_coasts(model, chain, lu, lv);
    swe_record_curl(model, chain, lu.field, lv.field, model->laplacian_curl);
    add_laplacian(model, chain, -model->hyperviscosity, lu, lv, model->laplacian_curl, tendency[SWE_U],
                  tendency[SWE_V]);
}

void swe_record_dissipation(const swe_model *model, pel_chain *chain, const pel_operand *state,
                            const pel_operand *tendency)
{
    if (model->viscosity > 0)
        add_laplacian(model, chain, model->viscosity, state[SWE_U], state[SWE_V], model->vorticity, tendency[SWE_U],
                      tendency[SWE_V]);
    if (model->hyperviscosity > 0) add_bilaplacian(model, chain, state, tendency);
}

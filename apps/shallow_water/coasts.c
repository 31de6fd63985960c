/* Coasts: no flow through a face that has land on either side. */
#include "shallow_water/model.h"

static void coast_u(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict u = pel_row(arg[0], y, 0);
        const double *wet = pel_row(arg[1], y, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) u[x] *= wet[x - 1] * wet[x];
    }
}

static void coast_v(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        double *restrict v = pel_row(arg[0], y, 0);
        const double *wet = pel_row(arg[1], y, 0), *south = pel_row(arg[1], y - 1, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) v[x] *= south[x] * wet[x];
    }
}

void swe_record_coasts(const swe_model *model, pel_chain *chain, pel_operand u, pel_operand v)
{
    if (!model->wet) return;
    pel_chain_loop(chain, "coast u", coast_u, NULL, 0, PEL_INTERIOR, pel_update(u.field, u.level),
                   pel_read(model->wet, 0, PEL_BEHIND_X(1)));
    pel_chain_flops(chain, 2);
    pel_chain_loop(chain, "coast v", coast_v, NULL, 0, PEL_INTERIOR, pel_update(v.field, v.level),
                   pel_read(model->wet, 0, PEL_BEHIND_Y(1)));
    pel_chain_flops(chain, 2);
}

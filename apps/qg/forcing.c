/* A random forcing, white in time, on a ring of wavenumbers |K - K_f| <= width / 2 of one layer.
 *
 * Each step begins with increments dq^ = a(K) sqrt(dt) exp(i theta), theta keyed by (run.seed, wavenumber, step): the
 * same draws on any thread and after any resume. The mean of the energy E = -1/2 sum_i h_i <psi_i q_i> grows by that of
 * -1/2 h_f <dpsi dq>, for the cross terms have none: by
 *
 *     1/2 sum_K a^2 G(K) dt,      G = h_f sum_m e_m(f) h_f e_m(f) / (K^2 + lambda_m),
 *
 * the sum over all wavenumbers, which this file makes epsilon dt with the same energy for each: a^2 G is one number.
 * Not forced are the mean and the largest wavenumber of an even number of cells, which have no free phase. */
#include <math.h>
#include <string.h>

#include "qg/model.h"
#include "qg/phase.h"

typedef struct increments {
    uint64_t seed;
    int cells;
} increments;

/* G(K): twice the energy of a unit of q^ at K in the layer, s2 (m2 s-2). */
static double energy_of(const qg_layers *layers, int layer, double square)
{
    double sum = 0;
    for (int m = 0; m < layers->count; m++)
        sum += layers->projection[m][layer] * layers->projection[m][layer] / (square + layers->lambda[m]);
    return sum;
}

/* Whether the wavenumber of indices k and l is forced. */
static bool is_ring(const qg_model *model, int k, int l)
{
    const int *n = model->constants.cells;
    const double kx = pel_space_wavenumber(model->space, 0, k), ly = pel_space_wavenumber(model->space, 1, l);
    const double from_middle = sqrt(kx * kx + ly * ly) - model->forcing.wavenumber;
    return 2 * k != n[0] && 2 * l != n[1] && (k > 0 || l > 0) && fabs(from_middle) <= model->forcing.width / 2;
}

/* How many wavenumbers of the whole plane the ring has. */
static long count_ring(const qg_model *model)
{
    long count = 0;
    for (int k = 0; k <= model->constants.cells[0] / 2; k++)
        for (int l = 0; l < model->constants.cells[1]; l++)
            count += is_ring(model, k, l) ? pel_space_weight(model->space, k) : 0;
    return count;
}

pel_status qg_setup_forcing(const pel_params *params, qg_model *model)
{
    qg_forcing *forcing = &model->forcing;
    if (!(forcing->injection > 0)) return PEL_OK;
    if (count_ring(model) == 0)
        pel_params_error(params, "physics.forcing.wavenumber",
                         "physics.forcing.wavenumber is %g rad m-1, and no wavenumber of the grid lies within half "
                         "of physics.forcing.width of it; make the ring wider, or the grid finer",
                         forcing->wavenumber);
    const pel_field_spec spec = {.along = PEL_ALONG_X | PEL_ALONG_Y, .role = PEL_CONSTANT, .units = "s-1.5"};
    return pel_field_declare(pel_space_grid(model->space), "forcing", &spec, &forcing->amplitude);
}

void qg_fill_forcing(qg_model *model)
{
    const qg_forcing *forcing = &model->forcing;
    const pel_view view = pel_field_view(forcing->amplitude, 0);
    const double each = 2 * forcing->injection / (double)count_ring(model);
    for (int k = 0; k <= model->constants.cells[0] / 2; k++)
        for (int l = 0; l < model->constants.cells[1]; l++) {
            const double kx = pel_space_wavenumber(model->space, 0, k), ly = pel_space_wavenumber(model->space, 1, l);
            const bool is_forced = is_ring(model, k, l);
            const double energy =
                is_forced ? energy_of(&model->constants.layers, forcing->layer, kx * kx + ly * ly) : 1;
            *pel_at(view, l, k, 0) = is_forced ? sqrt(each / energy) : 0;
        }
    pel_field_mark_set(forcing->amplitude, 0);
}

/* Views: q^, amplitude. */
static void add_increments(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const increments *p = params;
    const double root = sqrt(step->dt);
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double complex *q = pel_row_complex(arg[0], y, z);
            const double *amplitude = pel_row(arg[1], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                if (amplitude[x] == 0) continue;
                const int l = 2 * x <= p->cells ? x : x - p->cells;
                const double angle = qg_phase(p->seed, QG_PHASE_FORCING, (uint64_t)step->index, y, l);
                q[x] += root * amplitude[x] * CMPLX(cos(angle), sin(angle));
            }
        }
}

/* The part of the points of a box that is forced. */
static double share_of_ring(const qg_model *model, const pel_box *box)
{
    long count = 0;
    for (int k = box->lo[1]; k < box->hi[1]; k++)
        for (int l = box->lo[0]; l < box->hi[0]; l++) count += is_ring(model, k, l);
    return (double)count / (double)pel_box_count(*box);
}

void qg_record_forcing(const qg_model *model, pel_chain *chain)
{
    const int *n = model->constants.cells, layer = model->forcing.layer;
    const increments params = {model->seed, n[1]};
    const double step = pel_space_wavenumber(model->space, 0, 1);
    const int last = (int)fmin((model->forcing.wavenumber + model->forcing.width / 2) / step + 1, n[0] / 2);
    const pel_box ring = {{0, 0, layer}, {n[1], last + 1, layer + 1}};
    pel_chain_loop(chain, "forcing", add_increments, &params, sizeof params, PEL_BOX(ring), pel_update(model->q_hat, 0),
                   pel_read(model->forcing.amplitude, 0));
    pel_chain_flops(chain, 8 * share_of_ring(model, &ring));
}

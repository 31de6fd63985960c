/* Lagrangian drifters: x' = u(x, t) + U, in one layer.
 *
 * The velocities are those of the state that a step begins with, which the product leaves in the fields u and v, at the
 * drifter by cubic interpolation through the 4 x 4 cells around it. In time Adams-Bashforth of second order for steps
 * that may differ,
 *
 *     x += dt ((1 + r/2) u - r/2 u_before),   r = dt / dt_before
 *
 * (Hairer, Norsett & Wanner, Solving ODEs I (1993), sec. III.5); the first step, without a step before, is Euler's.
 * Positions are not wrapped: what a drifter has travelled can be told. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "qg/model.h"
#include "qg/phase.h"

enum { X, Y, U, V, STEP, LAYER, COLUMNS };

static const pel_column_spec columns[] = {
    {.name = "x", .units = "m", .long_name = "eastward position of the drifter, not wrapped"},
    {.name = "y", .units = "m", .long_name = "northward position of the drifter, not wrapped"},
    {.name = "u", .units = "m s-1", .long_name = "eastward velocity of the drifter in the latest step"},
    {.name = "v", .units = "m s-1", .long_name = "northward velocity of the drifter in the latest step"},
    {.name = "step", .units = "s", .is_internal = true},
    {.name = "layer", .type = PEL_INT32, .long_name = "layer of the drifter, from the top"},
};

typedef struct drift_params {
    pel_table *table; /* its rows are the call's to change; their number stays */
    int layer, cells[2];
    double flow, spacing[2], start[2];
} drift_params;

typedef struct job {
    const drift_params *drift;
    const pel_call *call;
    double *column[LAYER];
} job;

/* ---- velocities at a point ---- */

/* Lagrange's cubic through points -1, 0, 1, 2 at s in [0, 1). */
static void cubic_weights(double s, double weight[4])
{
    weight[0] = -s * (s - 1) * (s - 2) / 6;
    weight[1] = (s + 1) * (s - 1) * (s - 2) / 2;
    weight[2] = -(s + 1) * s * (s - 2) / 2;
    weight[3] = (s + 1) * s * (s - 1) / 6;
}

static int wrap(int i, int n)
{
    return i < 0 ? i + n : i >= n ? i - n : i;
}

/* The cells around a coordinate along d, and their weights. */
static void find_cells(const drift_params *drift, int d, double coordinate, int cell[4], double weight[4])
{
    const int n = drift->cells[d];
    const double at = (coordinate - drift->start[d]) / drift->spacing[d] - 0.5;
    const double around = at - n * floor(at / n); /* in [0, n] */
    const int first = (int)around;
    cubic_weights(around - first, weight);
    for (int i = 0; i < 4; i++) cell[i] = wrap(wrap(first - 1 + i, n), n);
}

static double interpolate(pel_view field, int layer, int cell[2][4], double weight[2][4])
{
    double sum = 0;
    for (int j = 0; j < 4; j++) {
        const double *row = pel_row(field, cell[1][j], layer);
        double along = 0;
        for (int i = 0; i < 4; i++) along += weight[0][i] * row[cell[0][i]];
        sum += weight[1][j] * along;
    }
    return sum;
}

/* ---- moving ---- */

static void move_one(const job *j, long row)
{
    const drift_params *drift = j->drift;
    int cell[2][4];
    double weight[2][4], *const *c = j->column;
    find_cells(drift, 0, c[X][row], cell[0], weight[0]);
    find_cells(drift, 1, c[Y][row], cell[1], weight[1]);
    const double u = interpolate(j->call->arg[0], drift->layer, cell, weight) + drift->flow;
    const double v = interpolate(j->call->arg[1], drift->layer, cell, weight);
    const double dt = j->call->step->dt, half = c[STEP][row] > 0 ? dt / c[STEP][row] / 2 : 0;
    c[X][row] += dt * ((1 + half) * u - half * c[U][row]);
    c[Y][row] += dt * ((1 + half) * v - half * c[V][row]);
    c[U][row] = u;
    c[V][row] = v;
    c[STEP][row] = dt;
}

static void move_share(int thread, int threads, void *data)
{
    const job *j = data;
    long lo, hi;
    pel_team_share(pel_table_rows(j->drift->table), thread, threads, &lo, &hi);
    for (long row = lo; row < hi; row++) move_one(j, row);
}

static pel_status move(const pel_call *call)
{
    job j = {call->params, call, {0}};
    for (int c = 0; c < LAYER; c++) j.column[c] = pel_table_values(j.drift->table, c);
    pel_team_run(call->team, move_share, &j);
    return PEL_OK;
}

void qg_record_drifters(qg_model *model, pel_chain *chain)
{
    const qg_drifters *drifters = &model->drifters;
    drift_params params = {
        .table = drifters->table, .layer = drifters->layer, .flow = model->constants.flow[drifters->layer]};
    for (int d = 0; d < 2; d++) {
        params.cells[d] = model->constants.cells[d];
        params.spacing[d] = model->constants.spacing[d];
        params.start[d] = model->initial.shape.start[d];
    }
    pel_chain_call(chain, "drifters", move, &params, sizeof params, pel_read(model->u, 0), pel_read(model->v, 0));
    pel_chain_flops(chain, 138.0 * (double)drifters->count); /* 22 a weight, 40 an interpolation, 14 the move */
}

/* ---- step 0 ---- */

pel_status qg_setup_drifters(pel_component *component, qg_model *model)
{
    if (model->drifters.count == 0) return PEL_OK;
    PEL_TRY(pel_table_create("drifters", columns, COLUMNS, &model->drifters.table));
    return pel_component_table(component, model->drifters.table);
}

/* The place of a drifter as fractions of the grid: in rows and columns as square as can be, or anywhere. */
static void place(const qg_model *model, long id, double fraction[2])
{
    const qg_drifters *drifters = &model->drifters;
    const long across = (long)ceil(sqrt((double)drifters->count)), up = (drifters->count + across - 1) / across;
    const pel_random_key key = {model->seed, (uint64_t)id, 0, QG_DRAW_X},
                         other = {model->seed, (uint64_t)id, 0, QG_DRAW_Y};
    fraction[0] = drifters->is_random ? pel_random_uniform(key) : ((double)(id % across) + 0.5) / (double)across;
    fraction[1] = drifters->is_random ? pel_random_uniform(other) : ((double)(id / across) + 0.5) / (double)up;
}

pel_status qg_fill_drifters(qg_model *model)
{
    const qg_drifters *drifters = &model->drifters;
    if (drifters->count == 0) return PEL_OK;
    int64_t *ids = NULL;
    PEL_TRY(pel_memory_new((size_t)drifters->count, sizeof *ids, &ids));
    for (long i = 0; i < drifters->count; i++) ids[i] = i;
    const pel_status status = pel_table_resize(drifters->table, drifters->count, ids);
    free(ids);
    PEL_TRY(status);
    const qg_shape *grid = &model->initial.shape;
    double *x = pel_table_values(drifters->table, X), *y = pel_table_values(drifters->table, Y);
    int32_t *layer = pel_table_values(drifters->table, LAYER);
    for (long i = 0; i < drifters->count; i++) {
        double fraction[2];
        layer[i] = drifters->layer + 1;
        place(model, i, fraction);
        x[i] = grid->start[0] + fraction[0] * (grid->end[0] - grid->start[0]);
        y[i] = grid->start[1] + fraction[1] * (grid->end[1] - grid->start[1]);
    }
    return PEL_OK;
}

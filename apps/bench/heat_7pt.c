/* heat-7pt: explicit diffusion with constant coefficients, seven points, two time levels:
 *
 *     T(n+1) = (1 - 6 b) T + b (T(x-1) + T(x+1) + T(y-1) + T(y+1) + T(z-1) + T(z+1)),    b = kappa dt / h^2 = 0.1
 *
 * 8 operations and 16 bytes a cell (24 where a cache reads a line before it writes it): memory limits it wherever the
 * grid does not fit a cache. */
#include "bench/cases.h"

typedef struct weights {
    double centre, side;
} weights;

static const weights heat = {1 - 6 * 0.1, 0.1};

static inline void heat_row(weights w, const double *t, const double *south, const double *north, const double *below,
                            const double *above, double *restrict next, int lo, int hi)
{
#pragma omp simd
    for (int x = lo; x < hi; x++)
        next[x] = w.centre * t[x] + w.side * (t[x - 1] + t[x + 1] + (south[x] + north[x]) + (below[x] + above[x]));
}

static void diffuse(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const weights w = *(const weights *)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            heat_row(w, pel_row(arg[0], y, z), pel_row(arg[0], y - 1, z), pel_row(arg[0], y + 1, z),
                     pel_row(arg[0], y, z - 1), pel_row(arg[0], y, z + 1), pel_row(arg[1], y, z), box->lo[0],
                     box->hi[0]);
}

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "temperature", &(pel_field_spec){.levels = 2}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "diffuse", diffuse, &heat, sizeof heat, PEL_INTERIOR,
                   pel_read(p->field[0], 0, PEL_AROUND(1)), pel_write(p->field[0], 1));
    return PEL_OK;
}

/* Three planes of a block of rows stay in cache while z goes on. */
static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    const pel_view now = pel_field_view(p->field[0], 0), next = pel_field_view(p->field[0], 1);
    const ptrdiff_t row = now.stride[1], plane = now.stride[2];
    const int block = bench_block_rows(p, 4), ny = p->cells[1];
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int y_lo = 0; y_lo < ny; y_lo += block)
        for (int z = z_lo; z < z_hi; z++)
            for (int y = y_lo; y < bench_least(y_lo + block, ny); y++) {
                const double *t = pel_row(now, y, z);
                heat_row(heat, t, t - row, t + row, t - plane, t + plane, pel_row(next, y, z), 0, p->cells[0]);
            }
}

const bench_case bench_heat_7pt = {
    .name = "heat-7pt",
    .summary = "diffusion, 7 points, constant coefficients, two levels",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 48,
    .flops = 8,
    .declare = declare,
    .hand = hand,
    .sweeps = 1,
};

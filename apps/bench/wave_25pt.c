/* wave-25pt: the acoustic wave equation with a speed that varies, second order in time, eighth in space: the kernel of
 * seismic imaging.
 *
 *     p(n+1) = 2 p(n) - p(n-1) + s lap p(n),    s = (c dt / h)^2
 *     h^2 d2p/dx2 = -205/72 p(0) + 8/5 p(+-1) - 1/5 p(+-2) + 8/315 p(+-3) - 1/560 p(+-4)    (Fornberg 1988, table 1)
 *
 * Two levels serve: p(n+1) is written over p(n-1), which is read at the same cell alone. 34 operations and 32 bytes a
 * cell (p(n), p(n-1) in and p(n+1) out, s). Stable for s < 4 / (3 x 6.51) = 0.205. */
#include "bench/cases.h"

enum { RADIUS = 4 };
static const double weight[RADIUS + 1] = {-205.0 / 72, 8.0 / 5, -1.0 / 5, 8.0 / 315, -1.0 / 560};

/* A row of p and those up to four away: s to the south, n to the north in y; b below, a above in z. */
static inline void wave_row(const double *p, ptrdiff_t row, ptrdiff_t plane, const double *speed, double *restrict next,
                            int lo, int hi)
{
    const double *s1 = p - row, *s2 = s1 - row, *s3 = s2 - row, *s4 = s3 - row;
    const double *n1 = p + row, *n2 = n1 + row, *n3 = n2 + row, *n4 = n3 + row;
    const double *b1 = p - plane, *b2 = b1 - plane, *b3 = b2 - plane, *b4 = b3 - plane;
    const double *a1 = p + plane, *a2 = a1 + plane, *a3 = a2 + plane, *a4 = a3 + plane;
#pragma omp simd
    for (int x = lo; x < hi; x++) {
        const double lap = 3 * weight[0] * p[x] +
                           weight[1] * (((p[x - 1] + p[x + 1]) + (s1[x] + n1[x])) + (b1[x] + a1[x])) +
                           weight[2] * (((p[x - 2] + p[x + 2]) + (s2[x] + n2[x])) + (b2[x] + a2[x])) +
                           weight[3] * (((p[x - 3] + p[x + 3]) + (s3[x] + n3[x])) + (b3[x] + a3[x])) +
                           weight[4] * (((p[x - 4] + p[x + 4]) + (s4[x] + n4[x])) + (b4[x] + a4[x]));
        next[x] = 2 * p[x] - next[x] + speed[x] * lap;
    }
}

static void propagate(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            wave_row(pel_row(arg[0], y, z), arg[0].stride[1], arg[0].stride[2], pel_row(arg[1], y, z),
                     pel_row(arg[2], y, z), box->lo[0], box->hi[0]);
}

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "pressure", &(pel_field_spec){.levels = 2}, (bench_values){-1, 1, 0}));
    PEL_TRY(bench_field(p, "speed", &(pel_field_spec){.role = PEL_CONSTANT}, (bench_values){0.05, 0.15, 0}));
    pel_chain_loop(p->chain, "propagate", propagate, NULL, 0, PEL_INTERIOR,
                   pel_read(p->field[0], 0, PEL_AROUND(RADIUS)), pel_read(p->field[1], 0), pel_update(p->field[0], 1));
    return PEL_OK;
}

/* Nine planes of a block of rows stay in cache while z goes on. */
static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    const pel_view now = pel_field_view(p->field[0], 0), next = pel_field_view(p->field[0], 1);
    const pel_view speed = pel_field_view(p->field[1], 0);
    const int block = bench_block_rows(p, 2 * RADIUS + 3), ny = p->cells[1];
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int y_lo = 0; y_lo < ny; y_lo += block)
        for (int z = z_lo; z < z_hi; z++)
            for (int y = y_lo; y < bench_least(y_lo + block, ny); y++)
                wave_row(pel_row(now, y, z), now.stride[1], now.stride[2], pel_row(speed, y, z), pel_row(next, y, z), 0,
                         p->cells[0]);
}

const bench_case bench_wave_25pt = {
    .name = "wave-25pt",
    .summary = "acoustic waves, 25 points, variable speed, second order in time, in place",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 48,
    .flops = 34,
    .declare = declare,
    .hand = hand,
    .sweeps = 1,
};

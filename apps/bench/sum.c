/* sum: the correctly rounded sum over a field against a plain one, whose bits depend on the order.
 *
 * The values are multiples of 2^-20 below 1, so that up to 2^33 of them add up without rounding in any order: here the
 * plain sum is exact too, and must have the same bits. */
#include "bench/cases.h"

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *q = pel_row(arg[0], y, z);
            double *restrict to = pel_row(arg[1], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) to[x] = q[x];
        }
}

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "q", &(pel_field_spec){0}, (bench_values){0, 1, 0x1p-20}));
    pel_chain_reduce(p->chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &p->reduced,
                     pel_read(p->field[0], 0));
    return PEL_OK;
}

/* A compiler must keep the order of a sum; `simd` allows it another. */
static double row_sum(const double *q, int count)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int x = 0; x < count; x++) sum += q[x];
    return sum;
}

static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    const pel_view q = pel_field_view(p->field[0], 0);
    double sum = 0;
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int z = z_lo; z < z_hi; z++)
        for (int y = 0; y < p->cells[1]; y++) sum += row_sum(pel_row(q, y, z), p->cells[0]);
    *bench_partial(p, thread) = sum;
}

const bench_case bench_sum = {
    .name = "sum",
    .summary = "the exact sum over a field",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 8,
    .flops = 1,
    .is_stationary = true,
    .is_sum = true,
    .declare = declare,
    .hand = hand,
    .sweeps = 1,
};

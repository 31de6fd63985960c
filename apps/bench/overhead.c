/* overhead: what a step costs beyond its kernel, on a grid so small that nothing else counts.
 *
 * Five-point diffusion with a source and two time levels. The loops written by hand are one thread's calls of the same
 * kernel, with neither a team nor anything to wait for; what the executors take longer than that is what a step of
 * theirs costs. */
#include "bench/cases.h"

static const double source = 0x1p-10; /* against decay into numbers too small for the processor's fast path */

static void smooth_rows(const pel_box *box, pel_view now, pel_view next)
{
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *q = pel_row(now, y, 0), *south = pel_row(now, y - 1, 0), *north = pel_row(now, y + 1, 0);
        double *restrict to = pel_row(next, y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            to[x] = source + 0.5 * q[x] + 0.125 * ((q[x - 1] + q[x + 1]) + (south[x] + north[x]));
    }
}

static void smooth(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    smooth_rows(box, arg[0], arg[1]);
}

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "q", &(pel_field_spec){.levels = 2}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "smooth", smooth, NULL, 0, PEL_INTERIOR,
                   pel_read(p->field[0], 0, PEL_AROUND_X(1), PEL_AROUND_Y(1)), pel_write(p->field[0], 1));
    return PEL_OK;
}

static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep, (void)thread, (void)threads; /* one thread does all */
    const pel_box all = {{0, 0, 0}, {p->cells[0], p->cells[1], 1}};
    smooth_rows(&all, pel_field_view(p->field[0], 0), pel_field_view(p->field[0], 1));
}

const bench_case bench_overhead = {
    .name = "overhead",
    .summary = "what a step of a small chain costs beyond its kernel",
    .dimensions = 2,
    .cells = {32, 32, 1},
    .steps = 20000,
    .flops = 7,
    .is_overhead = true,
    .declare = declare,
    .hand = hand,
    .sweeps = 1,
};

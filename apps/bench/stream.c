/* stream and copy: how much of the memory's bandwidth a recorded loop gets, and a plain loop on the same memory. The
 * triad is that of McCalpin's STREAM, a = b + 3 c, 24 declared bytes a cell; the copy, c = a, declares 16. */
#include "bench/cases.h"
#include "machine/kernels.h"

/* ---- triad ---- */

static void triad(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const double scalar = *(const double *)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *b = pel_row(arg[0], y, z), *c = pel_row(arg[1], y, z);
            double *restrict a = pel_row(arg[2], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) a[x] = b[x] + scalar * c[x];
        }
}

static pel_status declare_triad(bench_problem *p)
{
    const double scalar = 3;
    for (int i = 0; i < 3; i++)
        PEL_TRY(bench_field(p, (const char *const[]){"b", "c", "a"}[i], &(pel_field_spec){0}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "triad", triad, &scalar, sizeof scalar, PEL_INTERIOR, pel_read(p->field[0], 0),
                   pel_read(p->field[1], 0), pel_write(p->field[2], 0));
    return PEL_OK;
}

static void hand_triad(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int z = z_lo; z < z_hi; z++)
        for (int y = 0; y < p->cells[1]; y++)
            pel_triad(pel_row(pel_field_view(p->field[2], 0), y, z), pel_row(pel_field_view(p->field[0], 0), y, z),
                      pel_row(pel_field_view(p->field[1], 0), y, z), 3, 0, (size_t)p->cells[0]);
}

const bench_case bench_stream = {
    .name = "stream",
    .summary = "STREAM's triad, a = b + 3 c",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 8,
    .flops = 2,
    .is_stationary = true,
    .declare = declare_triad,
    .hand = hand_triad,
    .sweeps = 1,
};

/* ---- copy ---- */

static void copy(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            pel_copy(pel_row(arg[1], y, z), pel_row(arg[0], y, z), (size_t)box->lo[0], (size_t)box->hi[0]);
}

static pel_status declare_copy(bench_problem *p)
{
    PEL_TRY(bench_field(p, "a", &(pel_field_spec){0}, (bench_values){0, 1, 0}));
    PEL_TRY(bench_field(p, "c", &(pel_field_spec){0}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "copy", copy, NULL, 0, PEL_INTERIOR, pel_read(p->field[0], 0), pel_write(p->field[1], 0));
    return PEL_OK;
}

static void hand_copy(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int z = z_lo; z < z_hi; z++)
        for (int y = 0; y < p->cells[1]; y++)
            pel_copy(pel_row(pel_field_view(p->field[1], 0), y, z), pel_row(pel_field_view(p->field[0], 0), y, z), 0,
                     (size_t)p->cells[0]);
}

const bench_case bench_copy = {
    .name = "copy",
    .summary = "STREAM's copy, c = a",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 8,
    .is_stationary = true,
    .declare = declare_copy,
    .hand = hand_copy,
    .sweeps = 1,
};

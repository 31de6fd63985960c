/* heat-7pt-variable: a seven-point stencil whose seven coefficients are fields, as an implicit solver's smoother or
 * diffusion in an uneven medium has:
 *
 *     T(n+1) = c0 T + c1 T(x-1) + c2 T(x+1) + c3 T(y-1) + c4 T(y+1) + c5 T(z-1) + c6 T(z+1)
 *
 * 13 operations and 72 bytes a cell. The coefficients are near 1/7, so that values neither grow nor vanish. */
#include "bench/cases.h"

enum { COEFFICIENTS = 7, T = COEFFICIENTS };

static inline void weigh_row(const double *const c[COEFFICIENTS], const double *t, const double *south,
                             const double *north, const double *below, const double *above, double *restrict next,
                             int lo, int hi)
{
    const double *c0 = c[0], *c1 = c[1], *c2 = c[2], *c3 = c[3], *c4 = c[4], *c5 = c[5], *c6 = c[6];
#pragma omp simd
    for (int x = lo; x < hi; x++)
        next[x] = c0[x] * t[x] + (c1[x] * t[x - 1] + c2[x] * t[x + 1]) + (c3[x] * south[x] + c4[x] * north[x]) +
                  (c5[x] * below[x] + c6[x] * above[x]);
}

static void diffuse(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            const double *c[COEFFICIENTS];
            for (int i = 0; i < COEFFICIENTS; i++) c[i] = pel_row(arg[i], y, z);
            weigh_row(c, pel_row(arg[T], y, z), pel_row(arg[T], y - 1, z), pel_row(arg[T], y + 1, z),
                      pel_row(arg[T], y, z - 1), pel_row(arg[T], y, z + 1), pel_row(arg[T + 1], y, z), box->lo[0],
                      box->hi[0]);
        }
}

static pel_status declare(bench_problem *p)
{
    const pel_field_spec coefficient = {.role = PEL_CONSTANT};
    for (int i = 0; i < COEFFICIENTS; i++) {
        const char name[] = {'c', (char)('0' + i), '\0'};
        PEL_TRY(bench_field(p, name, &coefficient, (bench_values){0.99 / 7, 1.01 / 7, 0}));
    }
    PEL_TRY(bench_field(p, "temperature", &(pel_field_spec){.levels = 2}, (bench_values){0, 1, 0}));
    pel_field **f = p->field;
    pel_chain_loop(p->chain, "diffuse", diffuse, NULL, 0, PEL_INTERIOR, pel_read(f[0], 0), pel_read(f[1], 0),
                   pel_read(f[2], 0), pel_read(f[3], 0), pel_read(f[4], 0), pel_read(f[5], 0), pel_read(f[6], 0),
                   pel_read(f[T], 0, PEL_AROUND(1)), pel_write(f[T], 1));
    return PEL_OK;
}

static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    (void)sweep;
    pel_view c[COEFFICIENTS];
    for (int i = 0; i < COEFFICIENTS; i++) c[i] = pel_field_view(p->field[i], 0);
    const pel_view now = pel_field_view(p->field[T], 0), next = pel_field_view(p->field[T], 1);
    const ptrdiff_t row = now.stride[1], plane = now.stride[2];
    const int block = bench_block_rows(p, 3 + 1 + COEFFICIENTS), ny = p->cells[1];
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int y_lo = 0; y_lo < ny; y_lo += block)
        for (int z = z_lo; z < z_hi; z++)
            for (int y = y_lo; y < bench_least(y_lo + block, ny); y++) {
                const double *t = pel_row(now, y, z), *rows[COEFFICIENTS];
                for (int i = 0; i < COEFFICIENTS; i++) rows[i] = pel_row(c[i], y, z);
                weigh_row(rows, t, t - row, t + row, t - plane, t + plane, pel_row(next, y, z), 0, p->cells[0]);
            }
}

const bench_case bench_heat_7pt_variable = {
    .name = "heat-7pt-variable",
    .summary = "diffusion, 7 points, 7 coefficient fields, two levels",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 48,
    .flops = 13,
    .declare = declare,
    .hand = hand,
    .sweeps = 1,
};

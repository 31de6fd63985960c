/* maxwell: Yee's scheme (1966) in vacuum, leapfrog of E and H in place, in units where c = 1 and both fields have one
 * size. E lies on the edges, H on the faces of a cell:
 *
 *     E += S curl H, with differences to the cell behind;    H -= S curl E, with differences to the cell ahead
 *
 * S = dt / h = 0.5 < 1 / sqrt(3). 36 operations and 144 bytes a cell and step. All six are declared alike, index (x, y,
 * z) standing for each one's place on the cell: so one loop steps three components, as a person would write it. With
 * zero beyond the walls the high sides conduct perfectly (tangential E is 0 there), the low ones are their magnetic
 * counterpart. */
#include "bench/cases.h"

enum { EX, EY, EZ, HX, HY, HZ };
static const double courant = 0.5;

/* E += S curl H along the row (y, z): _s are rows behind in y (south), _b rows behind in z (below). */
static inline void electric_row(double s, const pel_view v[HZ + 1], int y, int z, int lo, int hi)
{
    double *restrict ex = pel_row(v[EX], y, z), *restrict ey = pel_row(v[EY], y, z),
                     *restrict ez = pel_row(v[EZ], y, z);
    const double *hx = pel_row(v[HX], y, z), *hx_s = pel_row(v[HX], y - 1, z), *hx_b = pel_row(v[HX], y, z - 1);
    const double *hy = pel_row(v[HY], y, z), *hy_b = pel_row(v[HY], y, z - 1);
    const double *hz = pel_row(v[HZ], y, z), *hz_s = pel_row(v[HZ], y - 1, z);
#pragma omp simd
    for (int x = lo; x < hi; x++) {
        ex[x] += s * ((hz[x] - hz_s[x]) - (hy[x] - hy_b[x]));
        ey[x] += s * ((hx[x] - hx_b[x]) - (hz[x] - hz[x - 1]));
        ez[x] += s * ((hy[x] - hy[x - 1]) - (hx[x] - hx_s[x]));
    }
}

/* H -= S curl E along the row (y, z): _n are rows ahead in y (north), _a rows ahead in z (above). */
static inline void magnetic_row(double s, const pel_view v[HZ + 1], int y, int z, int lo, int hi)
{
    double *restrict hx = pel_row(v[HX], y, z), *restrict hy = pel_row(v[HY], y, z),
                     *restrict hz = pel_row(v[HZ], y, z);
    const double *ex = pel_row(v[EX], y, z), *ex_n = pel_row(v[EX], y + 1, z), *ex_a = pel_row(v[EX], y, z + 1);
    const double *ey = pel_row(v[EY], y, z), *ey_a = pel_row(v[EY], y, z + 1);
    const double *ez = pel_row(v[EZ], y, z), *ez_n = pel_row(v[EZ], y + 1, z);
#pragma omp simd
    for (int x = lo; x < hi; x++) {
        hx[x] -= s * ((ez_n[x] - ez[x]) - (ey_a[x] - ey[x]));
        hy[x] -= s * ((ex_a[x] - ex[x]) - (ez[x + 1] - ez[x]));
        hz[x] -= s * ((ey[x + 1] - ey[x]) - (ex_n[x] - ex[x]));
    }
}

static void electric(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            electric_row(*(const double *)params, arg, y, z, box->lo[0], box->hi[0]);
}

static void magnetic(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            magnetic_row(*(const double *)params, arg, y, z, box->lo[0], box->hi[0]);
}

static pel_status declare(bench_problem *p)
{
    static const char *const names[] = {"Ex", "Ey", "Ez", "Hx", "Hy", "Hz"};
    for (int i = EX; i <= HZ; i++) PEL_TRY(bench_field(p, names[i], &(pel_field_spec){0}, (bench_values){-1, 1, 0}));
    pel_field **f = p->field;
    pel_chain_loop(p->chain, "electric", electric, &courant, sizeof courant, PEL_INTERIOR, pel_update(f[EX], 0),
                   pel_update(f[EY], 0), pel_update(f[EZ], 0), pel_read(f[HX], 0, PEL_BEHIND_Y(1), PEL_BEHIND_Z(1)),
                   pel_read(f[HY], 0, PEL_BEHIND_X(1), PEL_BEHIND_Z(1)),
                   pel_read(f[HZ], 0, PEL_BEHIND_X(1), PEL_BEHIND_Y(1)));
    pel_chain_loop(p->chain, "magnetic", magnetic, &courant, sizeof courant, PEL_INTERIOR,
                   pel_read(f[EX], 0, PEL_AHEAD_Y(1), PEL_AHEAD_Z(1)),
                   pel_read(f[EY], 0, PEL_AHEAD_X(1), PEL_AHEAD_Z(1)),
                   pel_read(f[EZ], 0, PEL_AHEAD_X(1), PEL_AHEAD_Y(1)), pel_update(f[HX], 0), pel_update(f[HY], 0),
                   pel_update(f[HZ], 0));
    return PEL_OK;
}

/* Two planes of each field of a block of rows stay in cache while z goes on. */
static void hand(const bench_problem *p, int sweep, int thread, int threads)
{
    pel_view v[HZ + 1];
    for (int i = EX; i <= HZ; i++) v[i] = pel_field_view(p->field[i], 0);
    const int block = bench_block_rows(p, 9), ny = p->cells[1];
    int z_lo, z_hi;
    bench_planes(p, thread, threads, &z_lo, &z_hi);
    for (int y_lo = 0; y_lo < ny; y_lo += block)
        for (int z = z_lo; z < z_hi; z++)
            for (int y = y_lo; y < bench_least(y_lo + block, ny); y++)
                (sweep == 0 ? electric_row : magnetic_row)(courant, v, y, z, 0, p->cells[0]);
}

const bench_case bench_maxwell = {
    .name = "maxwell",
    .summary = "Yee's scheme: E and H, 6 staggered fields, leapfrog in place",
    .dimensions = 3,
    .cells = {256, 256, 256},
    .steps = 32,
    .flops = 36,
    .declare = declare,
    .hand = hand,
    .sweeps = 2,
};

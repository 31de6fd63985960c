/* Verification by hashes of the whole state: two contenders agree if every bit of every field does. */
#include "bench/verify.h"

#include <fftw3.h>
#include <math.h>

/* Steps on the small grid: more than a tile grows, so that growing and shrinking parts and a partial block occur. */
enum { SMALL_STEPS = 7 };

/* Odd sizes that no tile divides and that FFTW does well (spectral/lengths.h); z long enough for a halo of four, y for
 * several of the smallest tiles. */
static const int small_3d[3] = {35, 63, 25}, small_2d[3] = {55, 91, 1};

static const bench_contender reference = {.name = "reference", .options = {.executor = PEL_EXECUTOR_REFERENCE}};
static const bench_contender checked = {.name = "the access checker", .options = {.check_access = true}};
static const bench_contender by_hand = {.name = "hand", .is_hand = true};
static const bench_contender executors[] = {
    {.name = "spatial", .options = {.executor = PEL_EXECUTOR_SPATIAL}},
    {.name = "spatial with small tiles", .options = {.executor = PEL_EXECUTOR_SPATIAL, .tile = {9, 5, 2}, .order = 3}},
    {.name = "temporal", .options = {.executor = PEL_EXECUTOR_TEMPORAL}},
    {.name = "temporal with the least pitch",
     .options = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 2, .chunk = 3, .row = 5}},
    {.name = "temporal in another order",
     .options = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 1, .chunk = 1, .order = 7}},
};
enum { EXECUTORS = sizeof executors / sizeof *executors };

/* From step 0 on; the hash of what comes out. */
static pel_status answer(bench_problem *p, const bench_contender *by, long steps, uint64_t *hash)
{
    PEL_TRY(bench_fill(p));
    PEL_TRY(bench_run(p, by, steps));
    *hash = bench_hash(p);
    return PEL_OK;
}

static pel_status compare(bench_problem *p, const bench_contender *by, const bench_contender *with, uint64_t wanted,
                          long steps)
{
    uint64_t found;
    PEL_TRY(answer(p, by, steps, &found));
    if (found == wanted) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "case %s on %d x %d x %d cells%s with %d threads: after %ld steps, %s has not the bits of %s; no "
                    "rate is worth anything until it does",
                    p->which->name, p->cells[0], p->cells[1], p->cells[2], p->is_periodic ? ", periodic" : "",
                    pel_team_threads(p->team), steps, by->name, with->name);
}

/* ---- rivals ---- */

/* What a transform of n points may be off by, relative, in the root of the sum of squares: log2(n) eta, with eta =
 * u + gamma_4 (sqrt 2 + u) for twiddle factors right to the last bit (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd ed., theorem 24.2). Both answers are off. */
static double round_off(const bench_problem *p, const bench_rival *rival)
{
    const double u = 0x1p-53, eta = u + 4 * u / (1 - 4 * u) * (M_SQRT2 + u);
    return 2 * rival->transforms * eta * log2(bench_cells(p));
}

pel_status bench_verify_rival(bench_problem *p, const bench_contender *by)
{
    PEL_TRY(bench_fill(p));
    PEL_TRY(by->rival->load(p, by->state));
    PEL_TRY(bench_run(p, &executors[0], 1));
    PEL_TRY(by->rival->step(by->state));
    const double found = by->rival->difference(p, by->state), most = round_off(p, by->rival);
    if (found <= most) return PEL_OK; /* false for NaN */
    return pel_fail(PEL_ERR_NUMERICS,
                    "case %s on %d x %d x %d cells with %d threads: %s and Pelagos differ by %.2g of their values, and "
                    "round-off explains %.2g; no rate is worth anything until they agree",
                    p->which->name, p->cells[0], p->cells[1], p->cells[2], pel_team_threads(p->team), by->name, found,
                    most);
}

static pel_status compare_rival(bench_problem *p, const char *name, const bench_rival *rival)
{
    bench_contender by = {.name = name, .rival = rival};
    if (!rival) return PEL_OK;
    PEL_TRY(rival->begin(p, FFTW_ESTIMATE, &by.state));
    const pel_status status = bench_verify_rival(p, &by);
    rival->end(by.state);
    return status;
}

/* ---- on a small grid ---- */

static pel_status compare_all(bench_problem *p)
{
    uint64_t wanted, unused;
    PEL_TRY(answer(p, &reference, SMALL_STEPS, &wanted));
    PEL_TRY(answer(p, &checked, 1, &unused));
    for (int i = 0; i < EXECUTORS; i++) PEL_TRY(compare(p, &executors[i], &reference, wanted, SMALL_STEPS));
    if (bench_has_hand(p)) PEL_TRY(compare(p, &by_hand, &reference, wanted, SMALL_STEPS));
    PEL_TRY(compare_rival(p, "transforms alone", p->which->part));
    return compare_rival(p, "raw FFTW", p->which->rival);
}

static pel_status verify_on_team(const bench_case *which, pel_team *team, bench_apps apps)
{
    for (int periodic = which->is_periodic; periodic < 2; periodic++) {
        bench_problem *p = NULL;
        PEL_TRY(bench_problem_create(which, which->dimensions == 3 ? small_3d : small_2d, periodic, team, apps, &p));
        const pel_status status = compare_all(p);
        bench_problem_destroy(p);
        PEL_TRY(status);
    }
    return PEL_OK;
}

pel_status bench_verify_small(const bench_case *which, int threads, bench_apps apps)
{
    const int sizes[] = {1, threads};
    for (int i = 0; i < (threads > 1 ? 2 : 1); i++) {
        pel_team *team = NULL;
        PEL_TRY(pel_team_create(&(pel_team_spec){.threads = sizes[i], .is_quiet = true}, &team));
        const pel_status status = verify_on_team(which, team, apps);
        pel_team_destroy(team);
        PEL_TRY(status);
    }
    return PEL_OK;
}

pel_status bench_verify_full(bench_problem *p, const bench_contender *contenders, int count, long steps)
{
    uint64_t wanted;
    PEL_TRY(answer(p, &contenders[0], steps, &wanted));
    for (int i = 1; i < count; i++) PEL_TRY(compare(p, &contenders[i], &contenders[0], wanted, steps));
    return PEL_OK;
}

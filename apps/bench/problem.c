/* A case made ready to run.
 *
 * All contenders run on the same fields, one after the other: what placement of pages, huge pages or cache sets do to
 * one they do to all. Boundaries are walls of kind none around halos that stay zero, which costs nobody anything, or
 * periodic, where there is no hand-written rival. */
#include "bench/problem.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "exec/field_hash.h"

enum { SEED = 20, APART = 8 }; /* doubles between the numbers of two threads: a cache line */

/* ---- making and ending ---- */

static void take_from_rehearsal(bench_problem *p)
{
    p->chain = pel_rehearsal_chain(p->rehearsal);
    p->grid = pel_rehearsal_grid(p->rehearsal);
    for (int d = 0; d < 3; d++) p->cells[d] = pel_grid_cells(p->grid, d);
}

static pel_status set_up_app(bench_problem *p, bench_apps apps)
{
    pel_text deck = {0};
    p->which->deck(p->cells, p->is_periodic, &deck);
    const pel_status status =
        pel_rehearsal_create_text(pel_text_get(&deck), p->which->name, apps.app, apps.count, p->team, &p->rehearsal);
    pel_text_free(&deck);
    PEL_TRY(status);
    take_from_rehearsal(p);
    return PEL_OK;
}

/* Memory is given out freely and found missing when it is touched: too late for a sentence. */
static pel_status check_memory(const bench_problem *p)
{
    const double most = (double)pel_topology_memory_bytes(pel_team_topology(p->team));
    double bytes = 0;
    for (int i = 0; i < p->field_count; i++) bytes += (double)pel_field_bytes(p->field[i]);
    for (int i = 0; i < p->spectral_count; i++) bytes += (double)pel_field_bytes(p->spectral[i]);
    if (p->which->rival) bytes *= 3; /* raw FFTW's arrays, planned either way */
    if (most == 0 || bytes < 0.9 * most) return PEL_OK;
    char needed[32], there[32];
    return pel_fail(PEL_ERR_MEMORY, "case %s needs %sB for its fields, and the machine has %sB; give a smaller --size",
                    p->which->name, pel_text_si(bytes, needed), pel_text_si(most, there));
}

static pel_status set_up_fields(bench_problem *p)
{
    pel_grid_spec spec = {.dimensions = p->which->dimensions};
    for (int d = 0; d < 3; d++) {
        spec.cells[d] = p->cells[d];
        spec.is_periodic[d] = p->is_periodic;
    }
    PEL_TRY(pel_grid_create(&spec, &p->grid));
    const pel_chain_kind kind = p->which->is_stationary ? PEL_CHAIN_PLAIN : PEL_CHAIN_STEPPER;
    PEL_TRY(pel_chain_create(p->which->name, kind, &p->chain));
    PEL_TRY(p->which->declare(p));
    PEL_TRY(pel_commit_plan(&p->chain, 1));
    PEL_TRY(check_memory(p));
    pel_grid *const grids[] = {p->grid, p->space ? pel_space_grid(p->space) : NULL};
    return pel_commit(p->team, grids, p->space ? 2 : 1, &p->chain, 1);
}

pel_status bench_problem_create(const bench_case *which, const int cells[3], bool is_periodic, pel_team *team,
                                bench_apps apps, bench_problem **problem)
{
    bench_problem *p = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *p, &p));
    *p = (bench_problem){.which = which, .is_periodic = is_periodic || which->is_periodic, .team = team};
    for (int d = 0; d < 3; d++) p->cells[d] = d < which->dimensions ? cells[d] : 1;
    const size_t cache = pel_topology_cache_bytes(pel_team_topology(team), 0, 2);
    p->cache_bytes = cache > 0 ? (double)cache : 1 << 20;
    pel_status status = pel_memory_new((size_t)pel_team_threads(team) * APART, sizeof(double), &p->partials);
    if (status == PEL_OK) status = which->app ? set_up_app(p, apps) : set_up_fields(p);
    if (status == PEL_OK) *problem = p;
    else bench_problem_destroy(p);
    return status;
}

pel_status bench_problem_from_deck(const char *deck_path, const char *const *sets, int set_count, pel_team *team,
                                   bench_apps apps, bench_problem **problem)
{
    static const bench_case deck = {.name = "deck", .steps = 16};
    bench_problem *p = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *p, &p));
    *p = (bench_problem){.which = &deck, .team = team};
    const pel_status status =
        pel_rehearsal_create(deck_path, sets, set_count, apps.app, apps.count, team, &p->rehearsal);
    if (status == PEL_OK) take_from_rehearsal(p), *problem = p;
    else bench_problem_destroy(p);
    return status;
}

void bench_problem_destroy(bench_problem *p)
{
    if (!p) return;
    if (p->rehearsal) {
        pel_rehearsal_destroy(p->rehearsal);
    } else {
        pel_chain_destroy(p->chain);
        pel_elliptic_destroy(p->solver);
        pel_space_destroy(p->space);
        pel_grid_destroy(p->grid);
    }
    free(p->partials);
    free(p);
}

pel_status bench_field(bench_problem *p, const char *name, const pel_field_spec *spec, bench_values values)
{
    if (p->field_count == BENCH_MOST_FIELDS)
        return pel_fail(PEL_ERR_ARGUMENT, "case %s has more than %d fields; raise BENCH_MOST_FIELDS in bench/problem.h",
                        p->which->name, BENCH_MOST_FIELDS);
    p->values[p->field_count] = values;
    return pel_field_declare(p->grid, name, spec, &p->field[p->field_count++]);
}

pel_status bench_space(bench_problem *p, const pel_space_spec *spec)
{
    pel_space_spec with_grid = *spec;
    with_grid.grid = p->grid;
    return pel_space_create(&with_grid, &p->space);
}

pel_status bench_spectral_field(bench_problem *p, const char *name, const pel_field_spec *spec)
{
    if (p->spectral_count == BENCH_MOST_FIELDS)
        return pel_fail(PEL_ERR_ARGUMENT, "case %s has more than %d spectral fields; raise BENCH_MOST_FIELDS",
                        p->which->name, BENCH_MOST_FIELDS);
    return pel_space_field(p->space, name, spec, &p->spectral[p->spectral_count++]);
}

/* ---- filling ---- */

typedef struct filling {
    pel_field *field;
    bench_values values;
    int level;
} filling;

static double draw(const bench_values *v, uint64_t key, uint64_t index)
{
    const double uniform = (double)(pel_hash_mix(key, index) >> 11) * 0x1p-53;
    const double value = v->low + (v->high - v->low) * uniform;
    return v->grain > 0 ? v->grain * (double)(long)(value / v->grain) : value;
}

static void fill_rows(int thread, int threads, void *data)
{
    const filling *f = data;
    const pel_box points = pel_field_points(f->field);
    const pel_view view = pel_field_view(f->field, f->level);
    const uint64_t key = pel_hash_mix(pel_hash_text(pel_field_name(f->field)), (uint64_t)(SEED + f->level));
    long lo, hi;
    pel_team_share(pel_field_rows(f->field), thread, threads, &lo, &hi);
    for (long row = lo; row < hi; row++) {
        double *values = pel_row(view, (int)(row % points.hi[1]), (int)(row / points.hi[1]));
        for (int x = 0; x < points.hi[0]; x++)
            values[x] = draw(&f->values, key, (uint64_t)row * (uint64_t)points.hi[0] + (uint64_t)x);
    }
}

/* A field of two levels begins with both: a kernel that steps in place reads the older one too. */
static void fill_field(bench_problem *p, int i)
{
    pel_field_set_rotations(p->field[i], 0);
    for (int level = 0; level < pel_field_spec_of(p->field[i])->levels; level++) {
        filling f = {p->field[i], p->values[i], level};
        pel_team_run(p->team, fill_rows, &f);
        pel_field_mark_set(p->field[i], level);
    }
}

static void clear_rows(int thread, int threads, void *data)
{
    pel_field *field = data;
    const pel_box points = pel_field_points(field);
    const pel_view view = pel_field_view(field, 0);
    long lo, hi;
    pel_team_share(pel_field_rows(field), thread, threads, &lo, &hi);
    for (long row = lo; row < hi; row++)
        memset(pel_row_complex(view, (int)(row % points.hi[1]), (int)(row / points.hi[1])), 0,
               sizeof(double _Complex) * (size_t)points.hi[0]);
}

pel_status bench_fill(bench_problem *p)
{
    if (p->rehearsal) return pel_rehearsal_restart(p->rehearsal);
    for (int i = 0; i < p->field_count; i++) fill_field(p, i);
    for (int i = 0; i < p->spectral_count; i++) pel_team_run(p->team, clear_rows, p->spectral[i]);
    p->reduced = (pel_reduced){0};
    p->now = (pel_step){.dt = 1};
    return PEL_OK;
}

/* ---- running ---- */

typedef struct sweeping {
    const bench_problem *p;
    int sweep;
} sweeping;

static void sweep_share(int thread, int threads, void *data)
{
    const sweeping *s = data;
    s->p->which->hand(s->p, s->sweep, thread, threads);
}

/* A reduction's threads each leave a number; the sum of the grains that they add up is exact. */
static void add_up_partials(bench_problem *p)
{
    p->reduced = (pel_reduced){.count = (long)bench_cells(p)};
    for (int t = 0; t < pel_team_threads(p->team); t++) p->reduced.value += *bench_partial(p, t);
}

static void run_sweep(sweeping *s)
{
    if (s->p->which->is_overhead) sweep_share(0, 1, s);
    else pel_team_run(s->p->team, sweep_share, s);
}

static void run_hand(bench_problem *p, long steps)
{
    sweeping s = {.p = p};
    for (long n = 0; n < steps; n++) {
        for (s.sweep = 0; s.sweep < p->which->sweeps; s.sweep++) run_sweep(&s);
        for (int i = 0; i < p->field_count && !p->which->is_stationary; i++)
            pel_field_set_rotations(p->field[i], pel_field_rotations(p->field[i]) + 1);
    }
    if (p->which->is_sum) add_up_partials(p);
}

/* A stretch finds out the sum of its last step only: a sum a step takes stretches of one. */
static pel_status run_chain(bench_problem *p, const pel_run_options *options, long steps)
{
    if (!p->which->is_sum) return pel_chain_run(p->chain, p->team, options, p->now, steps);
    pel_step at = p->now;
    for (long n = 0; n < steps; n++, at = pel_step_next(at)) PEL_TRY(pel_chain_run(p->chain, p->team, options, at, 1));
    return PEL_OK;
}

pel_status bench_run(bench_problem *p, const bench_contender *by, long steps)
{
    if (by->rival) {
        for (long n = 0; n < steps; n++) PEL_TRY(by->rival->step(by->state));
        return PEL_OK;
    }
    if (p->rehearsal) return pel_rehearsal_run(p->rehearsal, &by->options, steps);
    if (by->is_hand) run_hand(p, steps);
    else PEL_TRY(run_chain(p, &by->options, steps));
    for (long n = 0; n < steps; n++) p->now = pel_step_next(p->now);
    return PEL_OK;
}

/* ---- looking at the state ---- */

static uint64_t hash_grid(const bench_problem *p, const pel_grid *grid)
{
    uint64_t sum = 0;
    for (int i = 0; i < pel_grid_field_count(grid); i++) {
        const pel_field *field = pel_grid_field(grid, i);
        if (pel_field_spec_of(field)->role != PEL_WORK) sum += pel_field_hash_by_team(p->team, field);
    }
    return sum;
}

uint64_t bench_hash(const bench_problem *p)
{
    if (p->rehearsal) return pel_rehearsal_hash(p->rehearsal); /* of all grids of the app */
    const uint64_t sum = hash_grid(p, p->grid) + (p->space ? hash_grid(p, pel_space_grid(p->space)) : 0);
    uint64_t bits;
    memcpy(&bits, &p->reduced.value, sizeof bits);
    return sum + pel_hash_mix(bits, (uint64_t)p->reduced.count);
}

bool bench_has_hand(const bench_problem *p)
{
    return p->which->hand && (!p->is_periodic || p->which->is_stationary);
}

double bench_difference(const bench_apart *sums)
{
    return sums->all > 0 ? sqrt(sums->apart / sums->all) : INFINITY;
}

double bench_cells(const bench_problem *p)
{
    return (double)pel_box_count(pel_grid_owned(p->grid));
}

double bench_bytes_a_step(const bench_problem *p)
{
    double updates, bytes;
    pel_chain_predict(p->chain, &updates, &bytes);
    return bytes;
}

/* ---- for the loops written by hand ---- */

void bench_planes(const bench_problem *p, int thread, int threads, int *lo, int *hi)
{
    long from, to;
    pel_team_share(p->cells[2], thread, threads, &from, &to);
    *lo = (int)from, *hi = (int)to;
}

double *bench_partial(const bench_problem *p, int thread)
{
    return &p->partials[thread * APART];
}

int bench_block_rows(const bench_problem *p, int planes)
{
    const double rows = 0.5 * p->cache_bytes / (8.0 * p->cells[0] * planes);
    return rows < 4 ? 4 : rows > p->cells[1] ? p->cells[1] : (int)rows;
}

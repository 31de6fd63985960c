/* Measuring a machine: by number of threads, each level of memory, peak arithmetic, and what handing out work costs.
 *
 * Rates are the best of several rounds: whatever disturbs a round makes it slower, never faster (STREAM's rule).
 * Latencies are medians over batches: they have a tail that a mean would follow, and a best that nobody gets.
 *
 * A fork is pel_team_run() of nothing: waking all threads up and waiting for the last. A task is an empty piece of a
 * chain (pel_chain_tiles()), as the spatial executor hands it out: the time of all threads over the number of pieces.
 */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/bandwidth.h"
#include "exec/chain.h"
#include "exec/machine_figures.h"
#include "machine/affinity.h"
#include "machine/grant.h"

enum { BATCHES = 41, FORKS = 25, PIECES = 16384, STEPS = 4, TASK_BATCHES = 11 };

static const double longest_seconds = 0.3; /* of one latency: threads that take turns are slow */

/* ---- latencies ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void nothing(int thread, int threads, void *data)
{
    (void)thread, (void)threads, (void)data;
}

static double fork_seconds(pel_team *team)
{
    double seconds[BATCHES];
    int count = 0;
    const double began = pel_clock_seconds();
    pel_team_run(team, nothing, NULL);
    while (count < BATCHES && (count == 0 || pel_clock_seconds() - began < longest_seconds)) {
        const double start = pel_clock_seconds();
        for (int i = 0; i < FORKS; i++) pel_team_run(team, nothing, NULL);
        seconds[count++] = (pel_clock_seconds() - start) / FORKS;
    }
    return median(seconds, count);
}

static void empty_piece(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)piece, (void)arg, (void)step, (void)params;
}

/* A grid of one field, and a chain of nothing but empty pieces. */
typedef struct pieces {
    pel_grid *grid;
    pel_chain *chain;
} pieces;

static pel_status make_pieces(pel_team *team, pieces *p)
{
    pel_field *field;
    PEL_TRY(pel_grid_create(&(pel_grid_spec){.name = "", .dimensions = 1, .cells = {16}}, &p->grid));
    PEL_TRY(pel_field_declare(p->grid, "f", &(pel_field_spec){.levels = 1}, &field));
    PEL_TRY(pel_chain_create("pieces", PEL_CHAIN_PLAIN, &p->chain));
    pel_chain_tiles(p->chain, "empty", PIECES, empty_piece, NULL, 0, pel_read(field, 0));
    return pel_commit(team, &p->grid, 1, &p->chain, 1);
}

static pel_status time_pieces(pel_team *team, const pieces *p, double *task)
{
    const pel_run_options spatial = {.executor = PEL_EXECUTOR_SPATIAL};
    double seconds[TASK_BATCHES];
    int count = 0;
    const double began = pel_clock_seconds();
    PEL_TRY(pel_chain_run(p->chain, team, &spatial, (pel_step){.dt = 1}, STEPS));
    while (count < TASK_BATCHES && (count == 0 || pel_clock_seconds() - began < longest_seconds)) {
        const double start = pel_clock_seconds();
        PEL_TRY(pel_chain_run(p->chain, team, &spatial, (pel_step){.dt = 1}, STEPS));
        seconds[count++] = (pel_clock_seconds() - start) * pel_team_threads(team) / ((double)PIECES * STEPS);
    }
    *task = median(seconds, count);
    return PEL_OK;
}

static pel_status task_seconds(pel_team *team, double *task)
{
    pieces p = {0};
    pel_status status = make_pieces(team, &p);
    if (status == PEL_OK) status = time_pieces(team, &p, task);
    pel_chain_destroy(p.chain);
    pel_grid_destroy(p.grid);
    return status;
}

/* ---- all of it ---- */

/* What is measured of a number of threads, and how far one is. */
typedef struct measuring {
    pel_figures_progress *progress;
    int threads, done, all;
} measuring;

static void tell(measuring *m, const char *what)
{
    if (m->progress) m->progress(m->threads, what, (double)m->done / m->all);
    m->done++;
}

enum { PARTS = PEL_MEMORY_LEVELS + 3 };

static pel_status measure_row(pel_team *team, measuring *m, pel_figures_row *row)
{
    for (int level = 0; level < PEL_LEVEL_MEMORY; level++) {
        tell(m, pel_memory_level_name((pel_memory_level)level));
        PEL_TRY(pel_bandwidth_cache(team, level + 1, &row->bandwidth[level]));
    }
    tell(m, pel_memory_level_name(PEL_LEVEL_MEMORY));
    PEL_TRY(pel_bandwidth_triad(team, &row->bandwidth[PEL_LEVEL_MEMORY]));
    tell(m, "peak arithmetic");
    PEL_TRY(pel_peak_measure(team, &row->peak));
    tell(m, "forks");
    row->fork = fork_seconds(team);
    tell(m, "tasks");
    return task_seconds(team, &row->task);
}

static pel_status measure_threads(measuring *m, pel_figures_row *row)
{
    pel_team *team = NULL;
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = m->threads, .is_quiet = true}, &team));
    row->threads = pel_team_threads(team); /* OpenMP may give fewer */
    const pel_status status = measure_row(team, m, row);
    pel_team_destroy(team);
    return status;
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* 1, 2, 4, ... up to `granted`, that number, and `further`; ascending, none twice. @return how many */
static int choose_threads(int granted, int further, int chosen[PEL_FIGURES_MOST])
{
    int all[PEL_FIGURES_MOST], count = 0, kept = 0;
    for (int n = 1; n < granted && count < PEL_FIGURES_MOST - 2; n *= 2) all[count++] = n;
    all[count++] = granted;
    if (further > 0) all[count++] = further;
    qsort(all, (size_t)count, sizeof *all, by_number);
    for (int i = 0; i < count; i++)
        if (kept == 0 || all[i] != chosen[kept - 1]) chosen[kept++] = all[i];
    return kept;
}

pel_status pel_figures_measure(int threads, pel_figures_progress *progress, pel_figures *figures)
{
    int chosen[PEL_FIGURES_MOST];
    pel_grant grant;
    pel_affinity_restore();
    pel_grant_read("", &grant);
    const int count = choose_threads(grant.processors, threads, chosen);
    measuring m = {.progress = progress, .all = count * PARTS};
    pel_figures found = {.others = NAN};
    pel_status status = PEL_OK;
    for (int i = 0; i < count && status == PEL_OK; i++) {
        pel_figures_row *row = &found.row[found.count];
        m.threads = chosen[i];
        status = measure_threads(&m, row);
        if (found.count == 0 || row->threads > row[-1].threads) found.count++;
    }
    pel_affinity_restore(); /* or whoever looks next would see one processor */
    found.measured = floor(pel_clock_epoch());
    if (status == PEL_OK) *figures = found;
    return status;
}

void pel_figures_notes(const pel_topology *here, pel_text *text)
{
    const size_t cache = pel_topology_cache_bytes(here, 0, 3);
    if (!pel_bandwidth_leaves_caches(here, pel_topology_cores(here)))
        pel_text_add(
            text,
            "The memory's figures may be too high: the L3 has %zu MiB, and the arrays that stand for memory, less than "
            "four times as large, may come from it in part.\n",
            cache >> 20);
    if (cache > 0 && pel_machine_is_virtual())
        pel_text_add(text, "This is a virtual machine: what it sees as its L3 may be shared with others, so that both "
                           "the L3 and the memory are what they leave.\n");
}

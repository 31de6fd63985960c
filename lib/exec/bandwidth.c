/* The triad, and peak arithmetic, on the team.
 *
 * Every thread goes over arrays of its own, which it touched first: in memory that means its own domain, in a cache its
 * own part of it. How large they are decides which level they come from.
 *
 * A level counts as reached by arrays well within a thread's share of it and well beyond its share of the level below:
 * of L1 half is taken, of L2 and L3 the geometric mean of the two shares. A level less than four times as large as the
 * one below has no such size, and no figure. Arrays in memory are four times the L3 each, STREAM's own rule, where that
 * does not need more than people have (most_array_bytes).
 *
 * In a cache a round is many passes, so that the fork does not count; it is timed as a whole. */
#include "exec/bandwidth.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/team_inside.h"
#include "machine/kernels.h"

enum { ROUNDS = 7, LINE = 64, PAGE = 4096, ARRAYS = 3, LEVEL_RATIO = 4 };

/* For one L3; a machine with several has as many times that. */
static const double least_array_bytes = 64 << 20, most_array_bytes = 256 << 20;
static const double memory_share = 0.125; /* of the machine's memory that all arrays take at most */
static const double round_bytes = 128e6;  /* that a thread goes over in a round, or once its arrays */
static const double least_seconds = 0.1;  /* of all rounds: short ones are many, so that some are undisturbed */
static const long peak_iterations = 250000;

/* Arrays of all threads in one piece of memory. Within a thread's part they begin a page and 21 lines apart: loads and
 * stores at equal offsets in pages would wait for each other. */
typedef struct triad {
    char *memory;
    size_t stride; /* bytes from array to array */
    size_t count;  /* elements of an array */
    long passes;   /* a round */
} triad;

static double *array_of(const triad *t, int thread, int which)
{
    return (double *)(void *)(t->memory + (size_t)(ARRAYS * thread + which) * t->stride);
}

static void run_round(int thread, int threads, void *data)
{
    (void)threads;
    const triad *t = data;
    double *a = array_of(t, thread, 0), *b = array_of(t, thread, 1), *c = array_of(t, thread, 2);
    for (long pass = 0; pass < t->passes; pass++) pel_triad(a, b, c, 3.0, 0, t->count);
}

static void touch(int thread, int threads, void *data)
{
    (void)threads;
    const triad *t = data;
    double *a = array_of(t, thread, 0), *b = array_of(t, thread, 1), *c = array_of(t, thread, 2);
    for (size_t i = 0; i < t->count; i++) a[i] = 1, b[i] = 2, c[i] = 3;
}

/* The first round warms up. */
static double best_rate(pel_team *team, pel_team_work *work, void *data, double amount)
{
    double best = 0;
    const double began = pel_clock_seconds();
    for (int round = 0; round < ROUNDS || pel_clock_seconds() - began < least_seconds; round++) {
        const double start = pel_clock_seconds();
        pel_team_run(team, work, data);
        const double rate = amount / (pel_clock_seconds() - start);
        if (round > 0 && rate > best) best = rate;
    }
    return best;
}

/* The triad over arrays of `array_bytes` a thread. */
static pel_status measure(pel_team *team, double array_bytes, double *bytes_per_second)
{
    const int threads = pel_team_threads(team);
    triad t = {.count = (size_t)(array_bytes / sizeof(double))};
    t.stride = (t.count * sizeof(double) + PAGE - 1) / PAGE * PAGE + 21 * LINE;
    t.passes = (long)fmax(1, round_bytes / (ARRAYS * array_bytes));
    const size_t bytes = ARRAYS * t.stride * (size_t)threads;
    void *memory = NULL;
    PEL_TRY(pel_memory_map(bytes, &memory));
    t.memory = memory;
    pel_team_run(team, touch, &t);
    const double moved = (double)PEL_TRIAD_BYTES * (double)t.count * (double)t.passes * threads;
    *bytes_per_second = best_rate(team, run_round, &t, moved);
    pel_memory_unmap(memory, bytes);
    return PEL_OK;
}

/* ---- how large ---- */

/* What a thread may take of the cache that its core sees. */
static double share_of(const pel_team *team, int level)
{
    const pel_topology *topology = pel_team_topology(team);
    const int threads = pel_team_threads(team), cores = pel_topology_cores(topology);
    const int sharers = pel_topology_cache_sharers(topology, 0, level), a_core = (threads + cores - 1) / cores;
    if (sharers == 0) return 0;
    return (double)pel_team_cache_bytes(team, level) / ((sharers < threads ? sharers : threads) * a_core);
}

/* Bytes of a thread's three arrays that come from a cache; 0 where no size tells it from the level below. */
static double set_in_cache(const pel_team *team, int level)
{
    const double share = share_of(team, level);
    if (level == 1) return share / 2;
    const double below = share_of(team, level - 1);
    return below > 0 && share >= LEVEL_RATIO * below ? sqrt(below * share) : 0;
}

/* How many L3 so many threads can have, at most one a thread. */
static int caches_of(const pel_topology *topology, int threads)
{
    const int sharers = pel_topology_cache_sharers(topology, 0, 3);
    const int all = sharers > 0 ? pel_topology_cores(topology) / sharers : 1;
    return all < 1 ? 1 : all < threads ? all : threads;
}

/* Of one of the three arrays, all threads together. */
static double array_in_memory(const pel_topology *topology, int threads)
{
    const double cache = 4 * (double)pel_topology_cache_bytes(topology, 0, 3);
    const double bytes = fmin(fmax(cache, least_array_bytes), most_array_bytes) * caches_of(topology, threads);
    const double memory = memory_share / ARRAYS * (double)pel_topology_memory_bytes(topology);
    return memory > 0 ? fmax(least_array_bytes, fmin(bytes, memory)) : bytes;
}

/* ---- what others ask for ---- */

pel_status pel_bandwidth_triad(pel_team *team, double *bytes_per_second)
{
    const int threads = pel_team_threads(team);
    PEL_TRY(measure(team, array_in_memory(pel_team_topology(team), threads) / threads, bytes_per_second));
    pel_team_set_memory_rate(team, *bytes_per_second);
    return PEL_OK;
}

pel_status pel_bandwidth_cache(pel_team *team, int level, double *bytes_per_second)
{
    const double set = set_in_cache(team, level);
    *bytes_per_second = NAN;
    return set > 0 ? measure(team, set / ARRAYS, bytes_per_second) : PEL_OK;
}

bool pel_bandwidth_leaves_caches(const pel_topology *topology, int threads)
{
    const double caches = (double)pel_topology_cache_bytes(topology, 0, 3) * caches_of(topology, threads);
    return array_in_memory(topology, threads) >= 4 * caches;
}

static void fma_share(int thread, int threads, void *data)
{
    (void)threads;
    double *results = data;
    pel_fma_loop(peak_iterations, &results[thread]);
}

pel_status pel_peak_measure(pel_team *team, double *flops_per_second)
{
    double *results = NULL, unused;
    PEL_TRY(pel_memory_new((size_t)pel_team_threads(team), sizeof *results, &results));
    const double operations = pel_fma_loop(1, &unused) * (double)peak_iterations * pel_team_threads(team);
    *flops_per_second = best_rate(team, fma_share, results, operations);
    free(results);
    return PEL_OK;
}

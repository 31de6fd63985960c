/* The triad on the team, arrays first touched by the threads that run it. */
#include "exec/bandwidth.h"

#include "base/clock.h"
#include "base/memory.h"
#include "exec/team_inside.h"
#include "machine/kernels.h"

enum { ROUNDS = 7 };

typedef struct triad {
    double *a, *b, *c;
    long count;
} triad;

static void run_share(int thread, int threads, void *data)
{
    const triad *t = data;
    long lo, hi;
    pel_team_share(t->count, thread, threads, &lo, &hi);
    pel_triad(t->a, t->b, t->c, 3.0, (size_t)lo, (size_t)hi);
}

static void touch_share(int thread, int threads, void *data)
{
    const triad *t = data;
    long lo, hi;
    pel_team_share(t->count, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) t->a[i] = 1, t->b[i] = 2, t->c[i] = 3;
}

static long array_bytes(const pel_team *team)
{
    const long least = 64L << 20, most = 256L << 20;
    const long wanted = 4 * (long)pel_team_cache_bytes(team, 3);
    return wanted < least ? least : wanted > most ? most : wanted;
}

static double best_round(pel_team *team, triad *t)
{
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = pel_clock_seconds();
        pel_team_run(team, run_share, t);
        const double rate = PEL_TRIAD_BYTES * (double)t->count / (pel_clock_seconds() - start);
        if (round > 0 && rate > best) best = rate;
    }
    return best;
}

pel_status pel_bandwidth_triad(pel_team *team, double *bytes_per_second)
{
    const size_t bytes = (size_t)array_bytes(team);
    void *arrays[3] = {0};
    pel_status status = PEL_OK;
    for (int i = 0; i < 3 && status == PEL_OK; i++) status = pel_memory_map(bytes, &arrays[i]);
    if (status == PEL_OK) {
        triad t = {arrays[0], arrays[1], arrays[2], (long)(bytes / sizeof(double))};
        pel_team_run(team, touch_share, &t);
        *bytes_per_second = best_round(team, &t);
        pel_team_set_memory_rate(team, *bytes_per_second);
    }
    for (int i = 0; i < 3; i++) pel_memory_unmap(arrays[i], bytes);
    return status;
}

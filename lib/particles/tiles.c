/* Tiles of rows: who computes which rows, and what that takes.
 *
 * Each thread begins with a run of neighbouring tiles, so that it finds in its cache what it had there before, as long
 * as others of about the same cost; when it is done it helps others, nearest first. Costs are measured where it pays
 * (forces), so that a slab in vacuum is shared as evenly as a liquid. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/counters.h"
#include "particles/system_inside.h"

void pel_row_tiles_free(pel_row_tiles *tiles)
{
    free(tiles->cost);
    free(tiles->share);
    free(tiles->turn);
    *tiles = (pel_row_tiles){0};
}

static long tile_size(long rows, int threads)
{
    const long size = rows / ((long)threads * PEL_TILES_A_THREAD);
    return size < PEL_FEWEST_ROWS ? PEL_FEWEST_ROWS : size > PEL_MOST_ROWS ? PEL_MOST_ROWS : size;
}

static pel_status reserve(pel_row_tiles *tiles, long count, int threads)
{
    pel_row_tiles_free(tiles);
    PEL_TRY(pel_memory_new((size_t)count + 1, sizeof *tiles->cost, &tiles->cost));
    PEL_TRY(pel_memory_new((size_t)threads + 1, sizeof *tiles->share, &tiles->share));
    tiles->turn = aligned_alloc(PEL_CACHE_LINE, (size_t)threads * sizeof *tiles->turn);
    if (!tiles->turn) return pel_fail(PEL_ERR_MEMORY, "out of memory for the tiles of %d threads", threads);
    for (int h = 0; h < threads; h++) tiles->turn[h].busy = 0;
    return PEL_OK;
}

pel_status pel_row_tiles_cut(pel_row_tiles *tiles, long rows, int threads)
{
    const long size = tile_size(rows, threads), count = (rows + size - 1) / size;
    if (count != tiles->count || threads != tiles->threads || !tiles->cost) PEL_TRY(reserve(tiles, count, threads));
    tiles->rows = rows;
    tiles->size = size;
    tiles->count = count;
    tiles->threads = threads;
    for (long t = 0; t < count; t++) tiles->cost[t] = (double)(t < count - 1 ? size : rows - t * size);
    pel_row_tiles_balance(tiles);
    return PEL_OK;
}

void pel_row_tiles_balance(pel_row_tiles *tiles)
{
    double total = 0, sum = 0;
    long t = 0;
    for (long i = 0; i < tiles->count; i++) total += tiles->cost[i];
    tiles->share[0] = 0;
    for (int h = 1; h <= tiles->threads; h++) {
        /* a tile goes to the thread in whose part of the whole its middle lies */
        while (t < tiles->count && (sum + tiles->cost[t] / 2) * tiles->threads < total * h) sum += tiles->cost[t++];
        tiles->share[h] = t;
    }
    tiles->share[tiles->threads] = tiles->count;
}

typedef struct turns {
    pel_row_tiles *tiles;
    pel_team *team;
    pel_row_work *work;
    void *data;
    bool is_measured;
} turns;

static void take_turn(const turns *t, long tile, int thread, bool is_stolen)
{
    const pel_row_tiles *tiles = t->tiles;
    const long lo = tile * tiles->size, hi = lo + tiles->size < tiles->rows ? lo + tiles->size : tiles->rows;
    const bool is_counted = is_stolen && pel_team_is_counting(t->team);
    const double start = t->is_measured || is_counted ? pel_clock_seconds() : 0;
    t->work(tile, lo, hi, thread, t->data);
    if (!t->is_measured && !is_counted) return;
    const double seconds = pel_clock_seconds() - start;
    if (is_counted) pel_team_count_stolen(t->team, thread, seconds);
    if (!t->is_measured) return;
    tiles->cost[tile] = seconds;
    tiles->turn[thread].busy += seconds;
}

/* The team may have been resized since the tiles were cut: threads that it lacks have theirs done by others, and those
 * that it has more have no place in anybody's arrays and do nothing. */
static void work_of_thread(int thread, int threads, void *data)
{
    (void)threads;
    const turns *t = data;
    const pel_row_tiles *tiles = t->tiles;
    for (int i = 0; i < tiles->threads && thread < tiles->threads; i++) {
        const int victim = (thread + i) % tiles->threads;
        for (;;) {
            const long tile = atomic_fetch_add_explicit(&tiles->turn[victim].next, 1, memory_order_relaxed);
            if (tile >= tiles->share[victim + 1]) break;
            take_turn(t, tile, thread, victim != thread);
        }
    }
}

void pel_row_tiles_run(pel_row_tiles *tiles, pel_team *team, pel_row_work *work, void *data, bool is_measured)
{
    turns t = {tiles, team, work, data, is_measured};
    for (int h = 0; h < tiles->threads; h++) {
        atomic_store_explicit(&tiles->turn[h].next, tiles->share[h], memory_order_relaxed);
        tiles->turn[h].busy = 0;
    }
    pel_team_run(team, work_of_thread, &t);
}

double pel_row_tiles_imbalance(const pel_row_tiles *tiles)
{
    double sum = 0, most = 0;
    for (int h = 0; h < tiles->threads; h++) {
        sum += tiles->turn[h].busy;
        most = tiles->turn[h].busy > most ? tiles->turn[h].busy : most;
    }
    return sum > 0 ? most * tiles->threads / sum : 1;
}

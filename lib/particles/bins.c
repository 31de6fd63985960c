/* Sorting rows by a small key (a counting sort): count, add up, place, and put the few rows of each bin in order, so
 * that the outcome does not depend on which thread placed first. */
#include "particles/system_inside.h"

#include <stdlib.h>

#include "base/memory.h"

typedef struct sorting {
    pel_bins *bins;
    const int32_t *key;
} sorting;

static void clear(int thread, int threads, void *data)
{
    const sorting *s = data;
    long lo, hi;
    pel_team_share(s->bins->bins, thread, threads, &lo, &hi);
    for (long b = lo; b < hi; b++) atomic_store_explicit(&s->bins->cursor[b], 0, memory_order_relaxed);
}

static void count(int thread, int threads, void *data)
{
    const sorting *s = data;
    long lo, hi;
    pel_team_share(s->bins->rows, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) atomic_fetch_add_explicit(&s->bins->cursor[s->key[i]], 1, memory_order_relaxed);
}

static void add_up(pel_bins *bins)
{
    int32_t sum = 0;
    for (long b = 0; b < bins->bins; b++) {
        const int32_t here = atomic_load_explicit(&bins->cursor[b], memory_order_relaxed);
        bins->first[b] = sum;
        atomic_store_explicit(&bins->cursor[b], sum, memory_order_relaxed);
        sum += here;
    }
    bins->first[bins->bins] = sum;
}

static void place(int thread, int threads, void *data)
{
    const sorting *s = data;
    long lo, hi;
    pel_team_share(s->bins->rows, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const int at = atomic_fetch_add_explicit(&s->bins->cursor[s->key[i]], 1, memory_order_relaxed);
        s->bins->row[at] = (int32_t)i;
    }
}

/* By insertion: with one thread, and mostly with several, they are in order already. */
static void order(int thread, int threads, void *data)
{
    const pel_bins *bins = ((const sorting *)data)->bins;
    long lo, hi;
    pel_team_share(bins->bins, thread, threads, &lo, &hi);
    for (long b = lo; b < hi; b++)
        for (int32_t i = bins->first[b] + 1; i < bins->first[b + 1]; i++) {
            const int32_t row = bins->row[i];
            int32_t at = i;
            for (; at > bins->first[b] && bins->row[at - 1] > row; at--) bins->row[at] = bins->row[at - 1];
            bins->row[at] = row;
        }
}

pel_status pel_bins_sort(pel_bins *bins, pel_team *team, long bin_count, long rows, const int32_t *key)
{
    if ((size_t)bin_count + 1 > bins->bin_capacity) {
        free(bins->cursor);
        free(bins->first);
        bins->cursor = NULL;
        bins->first = NULL;
        bins->bin_capacity = 0;
        PEL_TRY(pel_memory_new((size_t)bin_count + 1, sizeof *bins->cursor, &bins->cursor));
        PEL_TRY(pel_memory_new((size_t)bin_count + 1, sizeof *bins->first, &bins->first));
        bins->bin_capacity = (size_t)bin_count + 1;
    }
    PEL_TRY(pel_memory_grow(&bins->row, &bins->row_capacity, (size_t)rows, sizeof *bins->row));
    bins->bins = bin_count;
    bins->rows = rows;
    sorting s = {bins, key};
    pel_team_run(team, clear, &s);
    pel_team_run(team, count, &s);
    add_up(bins);
    pel_team_run(team, place, &s);
    pel_team_run(team, order, &s);
    return PEL_OK;
}

void pel_bins_free(pel_bins *bins)
{
    free(bins->cursor);
    free(bins->first);
    free(bins->row);
    *bins = (pel_bins){0};
}

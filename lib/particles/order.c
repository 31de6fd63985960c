/* The order of storage: along a Hilbert curve, so that atoms that are near in space are near in memory, in all
 * directions, and what a tile of atoms reads stays in the cache of its core.
 *
 * The curve's index of a cell is Skilling's transform (AIP Conf. Proc. 707 (2004) 381). Cells hold about 4 atoms. As a
 * box need not be a cube, cells are ranked by their index once; the ranks are kept while the counts of cells stay. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/system_inside.h"

enum { ATOMS_A_CELL = 4, MOST_CELLS_A_SIDE = 1 << 16 };

/* The index of a cell along the curve through a cube of 2^bits cells a side. */
static uint64_t hilbert_index(const int cell[3], int bits)
{
    uint32_t x[3] = {(uint32_t)cell[0], (uint32_t)cell[1], (uint32_t)cell[2]};
    for (uint32_t q = (uint32_t)1 << (bits - 1); q > 1; q >>= 1)
        for (int d = 0; d < 3; d++) {
            if (x[d] & q) x[0] ^= q - 1; /* invert */
            else { /* exchange */ const uint32_t t = (x[0] ^ x[d]) & (q - 1);
                x[0] ^= t;
                x[d] ^= t;
            }
        }
    for (int d = 1; d < 3; d++) x[d] ^= x[d - 1]; /* Gray code */
    uint32_t t = 0;
    for (uint32_t q = (uint32_t)1 << (bits - 1); q > 1; q >>= 1)
        if (x[2] & q) t ^= q - 1;
    for (int d = 0; d < 3; d++) x[d] ^= t;
    uint64_t index = 0;
    for (int b = bits - 1; b >= 0; b--)
        for (int d = 0; d < 3; d++) index = index << 1 | (x[d] >> b & 1);
    return index;
}

typedef struct ranked {
    uint64_t index;
    int32_t cell;
} ranked;

static int by_index(const void *a, const void *b)
{
    const uint64_t i = ((const ranked *)a)->index, j = ((const ranked *)b)->index;
    return (i > j) - (i < j);
}

static void rank_cells(const int count[3], ranked *list, int32_t *rank)
{
    int most = 2, bits = 1;
    for (int d = 0; d < 3; d++) most = count[d] > most ? count[d] : most;
    while (1 << bits < most) bits++;
    const long cells = (long)count[0] * count[1] * count[2];
    for (long c = 0; c < cells; c++) {
        const int at[3] = {(int)(c % count[0]), (int)(c / count[0] % count[1]), (int)(c / count[0] / count[1])};
        list[c] = (ranked){hilbert_index(at, bits), (int32_t)c};
    }
    qsort(list, (size_t)cells, sizeof *list, by_index);
    for (long r = 0; r < cells; r++) rank[list[r].cell] = (int32_t)r;
}

/* Ranks for another number of cells. */
static pel_status renew_ranks(pel_curve *curve, const int count[3])
{
    if (memcmp(curve->count, count, sizeof curve->count) == 0) return PEL_OK;
    const size_t cells = (size_t)count[0] * (size_t)count[1] * (size_t)count[2];
    ranked *list = NULL;
    PEL_TRY(pel_memory_grow(&curve->rank, &curve->capacity, cells, sizeof *curve->rank));
    PEL_TRY(pel_memory_new(cells, sizeof *list, &list));
    rank_cells(count, list, curve->rank);
    free(list);
    memcpy(curve->count, count, sizeof curve->count);
    return PEL_OK;
}

static void choose_cells(pel_system *system)
{
    pel_curve *curve = &system->curve;
    double volume = 1;
    pel_system_extent(system, curve->lo, curve->length);
    for (int d = 0; d < 3; d++) volume *= curve->length[d];
    curve->width = cbrt(volume * ATOMS_A_CELL / (double)system->atoms.count);
    for (int d = 0; d < 3; d++) {
        const double n = ceil(curve->length[d] / curve->width);
        curve->wanted[d] = n < 1 ? 1 : n > MOST_CELLS_A_SIDE ? MOST_CELLS_A_SIDE : (int)n;
    }
}

static void find_keys(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    (void)data;
    const pel_curve *curve = &system->curve;
    for (long i = lo; i < hi; i++) {
        long cell = 0;
        for (int d = 2; d >= 0; d--) {
            int at = (int)((system->atoms.position[i][d] - curve->lo[d]) / curve->width);
            at = at < 0 ? 0 : at >= curve->count[d] ? curve->count[d] - 1 : at;
            cell = cell * curve->count[d] + at;
        }
        system->key[i] = curve->rank[cell];
    }
}

typedef struct permuting {
    pel_system *system;
    const char *from;
    char *to;
    size_t size;
} permuting;

static void copy_rows(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    const permuting *p = data;
    const int32_t *row = system->curve.bins.row;
    for (long i = lo; i < hi; i++) memcpy(p->to + (size_t)i * p->size, p->from + (size_t)row[i] * p->size, p->size);
}

static void copy_back(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)system;
    (void)thread;
    const permuting *p = data;
    memcpy(p->to + (size_t)lo * p->size, p->from + (size_t)lo * p->size, (size_t)(hi - lo) * p->size);
}

static void permute(pel_system *system, void *array, size_t size)
{
    permuting out = {system, array, (char *)system->spare, size},
              back = {system, (const char *)system->spare, array, size};
    pel_system_each(system, copy_rows, &out);
    pel_system_each(system, copy_back, &back);
}

pel_status pel_system_sort(pel_system *system)
{
    pel_atoms *a = &system->atoms;
    pel_curve *curve = &system->curve;
    choose_cells(system);
    PEL_TRY(renew_ranks(curve, curve->wanted));
    pel_system_each(system, find_keys, NULL);
    const long cells = (long)curve->count[0] * curve->count[1] * curve->count[2];
    PEL_TRY(pel_bins_sort(&curve->bins, system->team, cells, a->count, system->key));
    permute(system, a->position, sizeof *a->position);
    permute(system, a->velocity, sizeof *a->velocity);
    permute(system, a->type, sizeof *a->type);
    permute(system, a->image, sizeof *a->image);
    permute(system, a->place, sizeof *a->place);
    permute(system, a->id, sizeof *a->id);
    return PEL_OK;
}

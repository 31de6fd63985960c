/* Neighbour lists: all rows are binned into cells; the neighbours of an atom lie in 9 runs of cells, which are
 * contiguous in the order of the bins; the runs are searched in single precision, with a reach that makes up for its
 * rounding.
 *
 * Lists may hold more than they must: what is beyond the cutoff adds nothing to any sum. So lists, their order and when
 * they are built have no influence on results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "particles/system_inside.h"

enum { RUNS_ALONG_X = 4, BLOCK_ENTRIES = 1 << 20, MOST_CELLS_A_ROW = 4, FEWEST_CELLS = 1024 };

/* ---- cells ---- */

static void choose_cells(pel_system *system, double reach)
{
    pel_cells *cells = &system->cells;
    double length[3], total = 1, largest = 0;
    pel_system_extent(system, cells->lo, length);
    for (int d = 0; d < 3; d++) {
        if (system->box.is_periodic[d]) {
            cells->lo[d] -= reach;
            length[d] += 2 * reach;
        }
        cells->width[d] = d == 0 ? reach / RUNS_ALONG_X : reach;
        total *= fmax(length[d] / cells->width[d], 1);
        largest = fmax(largest, length[d]);
    }
    /* few atoms in much space: larger cells */
    const double most = (double)(system->atoms.count + system->atoms.images) * MOST_CELLS_A_ROW + FEWEST_CELLS;
    const double wider = total > most ? cbrt(total / most) : 1;
    for (int d = 0; d < 3; d++) {
        const double n = floor(length[d] / (cells->width[d] * wider));
        cells->count[d] = n < 1 ? 1 : (int)fmin(n, most);
        cells->width[d] = length[d] / cells->count[d];
        cells->per_width[d] = 1 / cells->width[d];
        cells->origin[d] = cells->lo[d] + length[d] / 2;
    }
    /* a float near x is within 2^-24 |x| of it; two of them in a difference, and as much again for the squares */
    const double slack = reach + largest * 0x1p-20;
    cells->reach2 = (float)(slack * slack * (1 + 0x1p-20));
}

static int cell_along(const pel_cells *cells, int d, double x)
{
    const double at = (x - cells->lo[d]) * cells->per_width[d];
    return at < 0 ? 0 : at >= cells->count[d] ? cells->count[d] - 1 : (int)at;
}

static void find_keys(int thread, int threads, void *data)
{
    pel_system *system = data;
    const pel_cells *cells = &system->cells;
    long lo, hi;
    pel_team_share(system->atoms.count + system->atoms.images, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const double *x = system->atoms.position[i];
        const int at[3] = {cell_along(cells, 0, x[0]), cell_along(cells, 1, x[1]), cell_along(cells, 2, x[2])};
        system->key[i] = (at[2] * cells->count[1] + at[1]) * cells->count[0] + at[0];
    }
}

static void fill_floats(int thread, int threads, void *data)
{
    pel_system *system = data;
    pel_cells *cells = &system->cells;
    long lo, hi;
    pel_team_share(cells->bins.rows, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const double *x = system->atoms.position[cells->bins.row[i]];
        cells->x[i] = (float)(x[0] - cells->origin[0]);
        cells->y[i] = (float)(x[1] - cells->origin[1]);
        cells->z[i] = (float)(x[2] - cells->origin[2]);
    }
}

static pel_status reserve_floats(pel_cells *cells, size_t rows)
{
    size_t x = cells->capacity, y = x, z = x;
    PEL_TRY(pel_memory_grow(&cells->x, &x, rows, sizeof *cells->x));
    PEL_TRY(pel_memory_grow(&cells->y, &y, rows, sizeof *cells->y));
    PEL_TRY(pel_memory_grow(&cells->z, &z, rows, sizeof *cells->z));
    cells->capacity = x;
    return PEL_OK;
}

static pel_status fill_cells(pel_system *system, double reach)
{
    pel_cells *cells = &system->cells;
    const long rows = system->atoms.count + system->atoms.images;
    choose_cells(system, reach);
    pel_team_run(system->team, find_keys, system);
    PEL_TRY(pel_bins_sort(&cells->bins, system->team, (long)cells->count[0] * cells->count[1] * cells->count[2], rows,
                          system->key));
    PEL_TRY(reserve_floats(cells, (size_t)rows + PEL_LIST_LANES));
    pel_team_run(system->team, fill_floats, system);
    return PEL_OK;
}

/* ---- memory of lists ---- */

/* Room for `entries` more in the arena; cache-line aligned. NULL: out of memory. */
static int32_t *arena_room(pel_list_arena *arena, size_t entries)
{
    if (arena->count > 0 && arena->used + entries <= BLOCK_ENTRIES) return arena->block[arena->current] + arena->used;
    const size_t next = arena->count > 0 ? arena->current + 1 : 0;
    if (next == arena->count) {
        void *block = NULL;
        if (pel_memory_grow(&arena->block, &arena->capacity, next + 1, sizeof *arena->block) != PEL_OK ||
            pel_memory_map(BLOCK_ENTRIES * sizeof **arena->block, &block) != PEL_OK)
            return NULL;
        arena->block[arena->count++] = block;
    }
    arena->current = next;
    arena->used = 0;
    return arena->block[next];
}

static void free_arena(pel_list_arena *arena)
{
    for (size_t b = 0; b < arena->count; b++) pel_memory_unmap(arena->block[b], BLOCK_ENTRIES * sizeof **arena->block);
    free(arena->block);
    *arena = (pel_list_arena){0};
}

static pel_status reset_arenas(pel_system *system)
{
    const int threads = pel_team_threads(system->team);
    if (threads > system->arena_count) {
        size_t capacity = (size_t)system->arena_count;
        PEL_TRY(pel_memory_grow(&system->arenas, &capacity, (size_t)threads, sizeof *system->arenas));
        system->arena_count = (int)capacity;
    }
    for (int h = 0; h < system->arena_count; h++) system->arenas[h].current = system->arenas[h].used = 0;
    return PEL_OK;
}

/* ---- lists ---- */

typedef struct building {
    pel_system *system;
    double reach;
    atomic_long crowded;  /* a row with too many neighbours; -1 */
    atomic_bool is_short; /* of memory */
} building;

/* The neighbours of row i into `out`; more than PEL_NEIGHBOURS_MOST if there are too many. */
static int find_neighbours(const pel_system *system, long i, double reach, int32_t *out)
{
    const pel_cells *c = &system->cells;
    const double *x = system->atoms.position[i];
    const int x_lo = cell_along(c, 0, x[0] - reach), x_hi = cell_along(c, 0, x[0] + reach);
    const int y_lo = cell_along(c, 1, x[1] - reach), y_hi = cell_along(c, 1, x[1] + reach);
    const int z_lo = cell_along(c, 2, x[2] - reach), z_hi = cell_along(c, 2, x[2] + reach);
    const float at[3] = {(float)(x[0] - c->origin[0]), (float)(x[1] - c->origin[1]), (float)(x[2] - c->origin[2])};
    int count = 0;
    for (int z = z_lo; z <= z_hi; z++)
        for (int y = y_lo; y <= y_hi; y++) {
            const long row = ((long)z * c->count[1] + y) * c->count[0];
            const long begin = c->bins.first[row + x_lo], end = c->bins.first[row + x_hi + 1];
            if (count > PEL_NEIGHBOURS_MOST) return count;
            count += pel_list_scan(c, begin, end, at, (int32_t)i, out + count, PEL_NEIGHBOURS_MOST + 1 - count);
        }
    return count;
}

/* The row of an atom with too many neighbours: of those found, the one with the lowest id. */
static void note_crowd(building *b, long i)
{
    const int64_t *id = b->system->atoms.id;
    long known = atomic_load(&b->crowded);
    while ((known < 0 || id[i] < id[known]) && !atomic_compare_exchange_weak(&b->crowded, &known, i)) continue;
}

static void build_tile(long tile, long lo, long hi, int thread, void *data)
{
    building *b = data;
    pel_system *system = b->system;
    pel_list_arena *arena = &system->arenas[thread];
    const int32_t nowhere = (int32_t)(system->atoms.count + system->atoms.images);
    double entries = 0;
    for (long i = lo; i < hi; i++) {
        int32_t *out = arena_room(arena, PEL_NEIGHBOURS_MOST + 1 + PEL_LIST_LANES);
        if (!out) {
            atomic_store(&b->is_short, true);
            return;
        }
        const int count = find_neighbours(system, i, b->reach, out);
        if (count > PEL_NEIGHBOURS_MOST) {
            note_crowd(b, i);
            continue;
        }
        const int padded = pel_neighbours_padded(count);
        for (int k = count; k < padded; k++) out[k] = nowhere;
        system->first[i] = out;
        system->near_count[i] = count;
        arena->used += ((size_t)padded + 15) / 16 * 16;
        entries += count;
    }
    system->force_tiles.cost[tile] = entries + (double)(hi - lo);
}

static pel_status report_crowd(const pel_system *system, long i, double reach)
{
    char what[128];
    snprintf(what, sizeof what, "the density is too high for neighbour lists, more than %d atoms within %g of one",
             PEL_NEIGHBOURS_MOST, reach);
    return pel_system_blame(system, i, what, "look for atoms that have come together, or take a shorter cutoff");
}

pel_status pel_system_make_lists(pel_system *system, double reach)
{
    building b = {.system = system, .reach = reach};
    atomic_store(&b.crowded, -1);
    PEL_TRY(fill_cells(system, reach));
    PEL_TRY(reset_arenas(system));
    pel_row_tiles_run(&system->force_tiles, system->team, build_tile, &b, false);
    if (atomic_load(&b.is_short)) return pel_fail(PEL_ERR_MEMORY, "out of memory for neighbour lists");
    if (atomic_load(&b.crowded) >= 0) return report_crowd(system, atomic_load(&b.crowded), reach);
    system->cost.list_pairs = -(double)system->atoms.count;
    for (long t = 0; t < system->force_tiles.count; t++) system->cost.list_pairs += system->force_tiles.cost[t];
    pel_row_tiles_balance(&system->force_tiles);
    system->neighbours = (pel_neighbours){(const int32_t *const *)system->first, system->near_count};
    return PEL_OK;
}

void pel_system_free_lists(pel_system *system)
{
    for (int h = 0; h < system->arena_count; h++) free_arena(&system->arenas[h]);
    free(system->arenas);
    free(system->cells.x);
    free(system->cells.y);
    free(system->cells.z);
    pel_bins_free(&system->cells.bins);
}

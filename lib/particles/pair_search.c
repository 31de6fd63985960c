/* Cells at least as wide as the reach; the pairs of an atom lie in its own and the neighbouring ones.
 *
 * Differences are taken from the lower row to the higher, and across a periodic side by whole box lengths, so that a
 * pair looks the same whichever thread comes upon it. */
#include "particles/pair_search.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "particles/system_inside.h"

enum { MOST_CELLS_A_SIDE = 512, NEAR_CELLS = 27 };

typedef struct pair_cells {
    const pel_configuration *atoms;
    double lo[3], length[3], reach2;
    int count[3];
    int32_t *key; /* [atoms]: the cell */
    pel_bins bins;
    pel_pair_visit *visit;
    void *data;
} pair_cells;

/* Where atoms are: the box where it is periodic, else from the lowest to the highest. */
static void find_extent(pair_cells *cells, int d)
{
    const pel_configuration *atoms = cells->atoms;
    double lo = atoms->box.lo[d], hi = lo + atoms->box.length[d];
    if (!atoms->box.is_periodic[d]) {
        lo = INFINITY;
        hi = -INFINITY;
        for (long i = 0; i < atoms->count; i++) {
            lo = fmin(lo, atoms->position[i][d]);
            hi = fmax(hi, atoms->position[i][d]);
        }
    }
    cells->lo[d] = lo;
    cells->length[d] = hi - lo;
}

static int cell_along(const pair_cells *cells, int d, double x)
{
    const double at = cells->length[d] > 0 ? (x - cells->lo[d]) / cells->length[d] * cells->count[d] : 0;
    const int cell = at > 0 ? (int)fmin(at, MOST_CELLS_A_SIDE) : 0;
    return cell < cells->count[d] ? cell : cells->count[d] - 1;
}

static int32_t cell_at(const pair_cells *cells, const int at[3])
{
    return (at[2] * cells->count[1] + at[1]) * cells->count[0] + at[0];
}

static pel_status make_cells(pair_cells *cells, pel_team *team, double reach)
{
    const pel_configuration *atoms = cells->atoms;
    const double most = fmin(MOST_CELLS_A_SIDE, cbrt((double)atoms->count) + 1);
    long total = 1;
    for (int d = 0; d < 3; d++) {
        find_extent(cells, d);
        cells->count[d] = (int)fmax(1, fmin(most, floor(cells->length[d] / reach)));
        total *= cells->count[d];
    }
    PEL_TRY(pel_memory_new((size_t)atoms->count, sizeof *cells->key, &cells->key));
    for (long i = 0; i < atoms->count; i++) {
        int at[3];
        for (int d = 0; d < 3; d++) at[d] = cell_along(cells, d, atoms->position[i][d]);
        cells->key[i] = cell_at(cells, at);
    }
    return pel_bins_sort(&cells->bins, team, total, atoms->count, cells->key);
}

/* Steps to the cells along a dimension that may hold neighbours, each cell once. @return how many */
static int find_steps(const pair_cells *cells, int d, int at, int to[3])
{
    const int n = cells->count[d];
    const bool goes_round = cells->atoms->box.is_periodic[d] && n > 2; /* of two cells, both are found anyway */
    int found = 0;
    for (int c = at - 1; c <= at + 1; c++)
        if (goes_round || (c >= 0 && c < n)) to[found++] = (c + n) % n;
    return found;
}

/* The cells around one, itself among them. @return how many */
static int find_near(const pair_cells *cells, int32_t cell, int32_t near[NEAR_CELLS])
{
    const int *n = cells->count, at[3] = {cell % n[0], cell / n[0] % n[1], cell / n[0] / n[1]};
    int to[3][3], steps[3], found = 0;
    for (int d = 0; d < 3; d++) steps[d] = find_steps(cells, d, at[d], to[d]);
    for (int z = 0; z < steps[2]; z++)
        for (int y = 0; y < steps[1]; y++)
            for (int x = 0; x < steps[0]; x++) near[found++] = cell_at(cells, (int[]){to[0][x], to[1][y], to[2][z]});
    return found;
}

static void meet(const pair_cells *cells, long i, long j, int thread)
{
    const pel_configuration *atoms = cells->atoms;
    double apart[3], r2 = 0;
    for (int d = 0; d < 3; d++) {
        const double length = atoms->box.length[d];
        apart[d] = atoms->position[i][d] - atoms->position[j][d];
        if (atoms->box.is_periodic[d] && apart[d] > length / 2) apart[d] -= length;
        else if (atoms->box.is_periodic[d] && apart[d] < -length / 2) apart[d] += length;
        r2 += apart[d] * apart[d];
    }
    if (r2 < cells->reach2) cells->visit(i, j, apart, r2, thread, cells->data);
}

static void search_cell(const pair_cells *cells, int32_t cell, int thread)
{
    const pel_bins *bins = &cells->bins;
    int32_t near[NEAR_CELLS];
    const int count = find_near(cells, cell, near);
    for (int32_t a = bins->first[cell]; a < bins->first[cell + 1]; a++)
        for (int k = 0; k < count; k++)
            for (int32_t b = bins->first[near[k]]; b < bins->first[near[k] + 1]; b++)
                if (bins->row[a] < bins->row[b]) meet(cells, bins->row[a], bins->row[b], thread);
}

static void search(int thread, int threads, void *data)
{
    const pair_cells *cells = data;
    for (long cell = thread; cell < cells->bins.bins; cell += threads) search_cell(cells, (int32_t)cell, thread);
}

static pel_status check(const pel_configuration *atoms, double reach)
{
    if (!(reach > 0 && reach < INFINITY))
        return pel_fail(PEL_ERR_ARGUMENT, "a distance of %g between pairs; it must be greater than 0", reach);
    for (int d = 0; d < 3; d++)
        if (atoms->box.is_periodic[d] && reach > atoms->box.length[d] / 2)
            return pel_fail(PEL_ERR_ARGUMENT,
                            "pairs up to %g apart in a periodic box of length %g; take a distance up to half of it",
                            reach, atoms->box.length[d]);
    return PEL_OK;
}

pel_status pel_pair_search(pel_team *team, const pel_configuration *atoms, double reach, pel_pair_visit *visit,
                           void *data)
{
    pair_cells cells = {.atoms = atoms, .reach2 = reach * reach, .visit = visit, .data = data};
    PEL_TRY(check(atoms, reach));
    if (atoms->count < 2) return PEL_OK;
    const pel_status status = make_cells(&cells, team, reach);
    if (status == PEL_OK) pel_team_run(team, search, &cells);
    pel_bins_free(&cells.bins);
    free(cells.key);
    return status;
}

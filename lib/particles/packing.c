/* Random sequential addition.
 *
 * An atom is put at a random place; if another is too near, at the next random place, and so on. Spheres put so fill at
 * most 0.3841 of space (Zhang & Torquato, Phys. Rev. E 88 (2013) 053312), and long before that the tries become many;
 * denser liquids begin from a lattice that is melted, or from a smaller least distance and a minimisation.
 *
 * The places of an atom depend on the seed, its id and the number of the try only. Atoms that are there already are
 * found through cells at least as wide as the least distance. */
#include "particles/packing.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"

static const double densest = 0.3841;
enum { MOST_TRIES = 20000, MOST_CELLS = 1 << 24 };

/* The atoms of each cell, as chains of rows. */
typedef struct cell_list {
    int cells[3];
    long *head; /* [cells]: the row that came last, + 1; 0: none */
    long *next; /* [rows]: the row that came before it, + 1 */
} cell_list;

/* ---- cells ---- */

static pel_status make_cells(const pel_simulation_box *box, double width, long count, cell_list *list)
{
    const double most = cbrt(fmin(4.0 * (double)count + 64, MOST_CELLS));
    size_t cells = 1;
    for (int d = 0; d < 3; d++) {
        const double fit = width > 0 ? floor(box->length[d] / width) : most;
        list->cells[d] = (int)fmax(1, fmin(fit, most));
        cells *= (size_t)list->cells[d];
    }
    PEL_TRY(pel_memory_new(cells, sizeof *list->head, &list->head));
    return pel_memory_new((size_t)count, sizeof *list->next, &list->next);
}

static void find_cell(const cell_list *list, const pel_simulation_box *box, const double position[3], int at[3])
{
    for (int d = 0; d < 3; d++) {
        const int c = (int)(position[d] / box->length[d] * list->cells[d]);
        at[d] = c < list->cells[d] ? c : list->cells[d] - 1;
    }
}

static long *head_of(const cell_list *list, const int at[3])
{
    return &list->head[((long)at[2] * list->cells[1] + at[1]) * list->cells[0] + at[0]];
}

/* ---- looking around ---- */

static double distance2(const pel_simulation_box *box, const double a[3], const double b[3])
{
    double sum = 0;
    for (int d = 0; d < 3; d++) {
        double apart = fabs(a[d] - b[d]);
        if (box->is_periodic[d]) apart = fmin(apart, box->length[d] - apart);
        sum += apart * apart;
    }
    return sum;
}

static bool is_near_any(const cell_list *list, const pel_configuration *atoms, const int at[3], const double place[3],
                        double least2)
{
    for (long row = *head_of(list, at); row; row = list->next[row - 1])
        if (distance2(&atoms->box, atoms->position[row - 1], place) < least2) return true;
    return false;
}

/* The cell that lies `shift` (-1 to 1 each) from `at`, across periodic sides. @return whether there is one */
static bool find_neighbour(const cell_list *list, const pel_simulation_box *box, const int at[3], int shift,
                           int cell[3])
{
    const int shifts[3] = {shift % 3 - 1, shift / 3 % 3 - 1, shift / 9 - 1};
    for (int d = 0; d < 3; d++) {
        const int n = list->cells[d], c = at[d] + shifts[d];
        if ((c < 0 || c >= n) && !box->is_periodic[d]) return false;
        cell[d] = (c + n) % n;
    }
    return true;
}

static bool is_free(const cell_list *list, const pel_configuration *atoms, const double place[3], double least)
{
    int at[3], cell[3];
    find_cell(list, &atoms->box, place, at);
    for (int shift = 0; shift < 27; shift++)
        if (find_neighbour(list, &atoms->box, at, shift, cell) && is_near_any(list, atoms, cell, place, least * least))
            return false;
    return true;
}

/* ---- placing ---- */

static pel_status no_place(const pel_packing *packing, long id, long count)
{
    if (id == 1)
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "the regions of the packing hold none of %d places in the box; they must overlap, and fill more "
            "of it",
            MOST_TRIES);
    return pel_fail(PEL_ERR_ARGUMENT,
                    "atom %ld of %ld finds no place %g away from the others in %d tries; take a lower density, a "
                    "smaller least distance, or a lattice",
                    id, count, packing->least_distance, MOST_TRIES);
}

static pel_status place(const pel_packing *packing, cell_list *list, int type, long count, pel_configuration *to)
{
    const uint64_t seed = pel_hash_mix(packing->seed, pel_hash_text("packing")), id = (uint64_t)to->count + 1;
    for (uint64_t try = 0; try < MOST_TRIES; try++) {
        double at[3];
        int cell[3];
        for (uint64_t d = 0; d < 3; d++)
            at[d] = pel_random_uniform((pel_random_key){seed, id, try, d}) * to->box.length[d];
        if (!pel_region_contains(packing->regions, packing->region_count, at)) continue;
        if (!is_free(list, to, at, packing->least_distance)) continue;
        find_cell(list, &to->box, at, cell);
        list->next[to->count] = *head_of(list, cell);
        PEL_TRY(pel_configuration_add(to, type, at));
        *head_of(list, cell) = to->count;
        return PEL_OK;
    }
    return no_place(packing, (long)id, count);
}

static pel_status place_all(const pel_packing *packing, cell_list *list, long count, pel_configuration *to)
{
    for (int type = 1; type <= to->types; type++)
        for (long i = 0; i < packing->count[type - 1]; i++) PEL_TRY(place(packing, list, type, count, to));
    return PEL_OK;
}

/* ---- the box ---- */

static pel_status count_atoms(const pel_packing *packing, const pel_configuration *to, long *count)
{
    *count = 0;
    if (to->count || to->types < 1)
        return pel_fail(PEL_ERR_ARGUMENT, "a packing fills a configuration that has types and no atoms");
    for (int t = 0; t < to->types; t++) {
        if (packing->count[t] < 0)
            return pel_fail(PEL_ERR_ARGUMENT, "%ld atoms of type %d; it cannot be negative", packing->count[t], t + 1);
        *count += packing->count[t];
    }
    return *count ? PEL_OK : pel_fail(PEL_ERR_ARGUMENT, "a packing of no atoms; give it at least 1");
}

static pel_status set_box(const pel_packing *packing, long count, pel_simulation_box *box)
{
    const bool has_length = packing->length[0] != 0 || packing->length[1] != 0 || packing->length[2] != 0;
    if (has_length == (packing->density != 0) || !(packing->density >= 0))
        return pel_fail(PEL_ERR_ARGUMENT, "a packing needs either a density greater than 0 or the lengths of its box");
    for (int d = 0; d < 3; d++) {
        box->lo[d] = 0;
        box->length[d] = has_length ? packing->length[d] : cbrt((double)count / packing->density);
        box->is_periodic[d] = !packing->is_open[d];
        if (!(box->length[d] > 0 && box->length[d] < INFINITY))
            return pel_fail(PEL_ERR_ARGUMENT, "length[%d] is %g; it must be greater than 0", d, box->length[d]);
        if (box->is_periodic[d] && count > 1 && box->length[d] < packing->least_distance)
            return pel_fail(PEL_ERR_ARGUMENT, "length[%d] is %g, less than the least distance %g", d, box->length[d],
                            packing->least_distance);
    }
    return PEL_OK;
}

/* Whether the spheres fill more of the box than they ever can. Open sides and regions are left to the tries. */
static pel_status check_density(const pel_packing *packing, long count, const pel_simulation_box *box)
{
    const double sphere = M_PI / 6 * pow(packing->least_distance, 3),
                 volume = box->length[0] * box->length[1] * box->length[2];
    const bool is_closed = box->is_periodic[0] && box->is_periodic[1] && box->is_periodic[2];
    if (!(packing->least_distance >= 0))
        return pel_fail(PEL_ERR_ARGUMENT, "the least distance is %g; it cannot be negative", packing->least_distance);
    if (!is_closed || count < 100 || (double)count * sphere < densest * volume) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "%ld atoms %g apart would fill %.3g of the box; placed at random they fill at most %g: take a "
                    "least distance below %.4g, or a lattice",
                    count, packing->least_distance, (double)count * sphere / volume, densest,
                    cbrt(densest * volume / (double)count * 6 / M_PI));
}

pel_status pel_packing_fill(const pel_packing *packing, pel_configuration *to)
{
    long count;
    cell_list list = {.head = NULL};
    PEL_TRY(count_atoms(packing, to, &count));
    PEL_TRY(set_box(packing, count, &to->box));
    PEL_TRY(check_density(packing, count, &to->box));
    PEL_TRY(pel_configuration_reserve(to, count));
    pel_status status = make_cells(&to->box, packing->least_distance, count, &list);
    if (status == PEL_OK) status = place_all(packing, &list, count, to);
    if (status == PEL_OK) pel_configuration_wrap(to); /* a draw of nearly 1 may have rounded to the high side */
    free(list.next);
    free(list.head);
    return status;
}

/* The schedule: diamonds along one dimension, a wavefront along another.
 *
 * Steps are cut into blocks of `height`. At the start of block k the dimension of the diamonds (y, as a rule) is cut at
 * boundaries `pitch` apart; every other block has them half a pitch further. From step to step of a block each piece
 * loses at its edges what its reads need (slopes.c): it *shrinks*. What it leaves between two neighbours around a
 * boundary *grows*, and is computed by the tile of the next row that stands on it: a tile is the growing part of block
 * k - 1 around the boundaries inside its base, then the shrinking part of block k over its base.
 *
 *        row 2    \______/\______/\____         each \__/ shrinks over its base,
 *        row 1   __/    \__/    \__/            each /  \ is the growing part below it
 *        row 0     \______/\______/
 *
 * The tiles that it stands on are its parents; with those finished it can run, at any time, beside any other that is
 * ready. Pitch must be twice what a block grows by at its steeper side (a one-sided chain goes wrong below that).
 * Near a wall boundaries are left out, so that the wall's zone lies in one edge tile; in a periodic dimension they wrap
 * around.
 *
 * Inside a tile a wavefront runs along a second dimension (z, or x in two dimensions): it moves on by `chunk` points,
 * and at each place all stages of the tile run one after the other, each lagging the front by its cumulative reach.
 * What a tile has in hand at one time is so small enough for a core's cache. In a periodic dimension the front leaves
 * out a little on either side of the seam, which a last pass closes.
 *
 * Sources: diamonds with a wavefront are of Malas, Hager, Ltaief, Stengel, Wellein and Keyes (SIAM J. Sci. Comput. 37,
 * C439, 2015); unequal slopes a stage and the rules for walls and seams are worked out here. */
#include <limits.h>
#include <stdlib.h>

#include "base/memory.h"
#include "exec/schedule_inside.h"

enum { LEAST_PITCH = 4 };

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* ---- which dimensions ---- */

/* Whether tiles may end anywhere along d: no loop spans it, and what is written lies along it. */
static bool can_cut(const pel_chain *chain, size_t begin, size_t end, int d)
{
    for (size_t i = begin; i < end; i++) {
        const slot *s = &chain->plan.slots[i];
        if (s->range.whole >> d & 1) return false;
        for (int a = 0; a < s->arg_count; a++)
            if (s->args[a].access != PEL_READ && !(pel_field_spec_of(s->args[a].field)->along >> d & 1)) return false;
    }
    return true;
}

/* The first pair of dimensions that can be cut: diamonds in y before z, the wavefront in z before x. */
static bool choose_dimensions(schedule *s, size_t begin, size_t end)
{
    static const int pairs[][2] = {{1, 2}, {1, 0}, {2, 1}, {2, 0}, {1, -1}, {2, -1}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const int d = pairs[i][0], w = pairs[i][1];
        if (s->cells[d] == 1 || (w >= 0 && s->cells[w] == 1)) continue;
        if (!can_cut(s->chain, begin, end, d) || (w >= 0 && !can_cut(s->chain, begin, end, w))) continue;
        s->dimension = d, s->wave = w;
        return true;
    }
    return false;
}

static const char *find_obstacle(const pel_chain *chain, size_t begin, size_t end)
{
    const pel_grid *grid = NULL;
    for (size_t i = begin; i < end; i++) {
        const slot *s = &chain->plan.slots[i];
        if (s->kind == SLOT_EXCHANGE) return "the grid is cut into blocks";
        if (s->kind == SLOT_CALL) return "it has calls";
        if (s->kind == SLOT_TILES) return "it has pieces of other work";
        for (int a = 0; a < s->arg_count; a++) {
            const pel_grid *other = pel_field_grid(s->args[a].field);
            if (grid && other != grid) return "its loops are over several grids";
            grid = other;
        }
    }
    return grid ? NULL : "it has no loops";
}

/* ---- stages ---- */

/* Whether the slot runs inside tiles: images and what is filled once a stretch do not. */
static bool is_staged(const slot *s)
{
    if (s->is_prologue || s->arg_count == 0) return false;
    return s->kind != SLOT_BOUNDARY || !pel_grid_is_periodic(pel_field_grid(s->args[0].field), s->dimension);
}

static pel_status make_stages(schedule *s, size_t begin, size_t end)
{
    free(s->stages);
    s->stages = NULL;
    s->stage_count = 0;
    PEL_TRY(pel_memory_new((end - begin) * (size_t)s->height, sizeof *s->stages, &s->stages));
    for (int step = 0; step < s->height; step++)
        for (size_t i = begin; i < end; i++)
            if (is_staged(&s->chain->plan.slots[i])) s->stages[s->stage_count++] = (stage){.slot = i, .step = step};
    return s->stage_count > 0 ? pel_slopes_find(s) : PEL_OK;
}

static int steepest(const schedule *s)
{
    return larger(s->grows.left, s->grows.right);
}

/* A front needs room for what it leaves out at both sides of the seam, over the two blocks of a tile. */
static bool wave_fits(const schedule *s)
{
    if (s->wave < 0 || !s->is_periodic[s->wave]) return true;
    const int left_out = 2 * (s->grows.ahead + s->grows.behind) + 2 * pel_slopes_furthest(s->chain, s->wave);
    return s->cells[s->wave] > left_out;
}

static bool pitch_fits(const schedule *s, int pitch)
{
    return !s->is_periodic[s->dimension] || s->cells[s->dimension] >= 2 * pitch;
}

/* Stages for the height asked for, or the largest below it whose tiles have room. */
static pel_status fit_height(schedule *s, size_t begin, size_t end, const char **why)
{
    for (;; s->height--) {
        PEL_TRY(make_stages(s, begin, end));
        if (s->stage_count > 0 && !wave_fits(s) && s->height == 1) s->wave = -1;
        if (s->stage_count == 0 || (wave_fits(s) && pitch_fits(s, larger(2 * steepest(s), LEAST_PITCH)))) return PEL_OK;
        if (s->height == 1) break;
    }
    s->stage_count = 0;
    *why = "the grid is too narrow for its reaches";
    return PEL_OK;
}

static void fit_pitch(schedule *s, int wanted)
{
    const int least = larger(2 * steepest(s), LEAST_PITCH);
    s->pitch = larger(wanted, least);
    if (!pitch_fits(s, s->pitch)) s->pitch = larger(s->cells[s->dimension] / 2, least);
}

static void find_wave_range(schedule *s)
{
    s->wave_lo = INT_MAX, s->wave_hi = INT_MIN;
    for (int i = 0; i < s->stage_count && s->wave >= 0; i++) {
        const slot *of = &s->chain->plan.slots[s->stages[i].slot];
        const int margin =
            of->kind == SLOT_BOUNDARY ? larger(of->depth.side[s->wave][0], of->depth.side[s->wave][1]) + 1 : 0;
        const int lo = of->kind == SLOT_BOUNDARY ? -margin : of->box.lo[s->wave];
        const int hi = of->kind == SLOT_BOUNDARY ? s->cells[s->wave] + margin : of->box.hi[s->wave];
        s->wave_lo = smaller(s->wave_lo, lo), s->wave_hi = larger(s->wave_hi, hi);
    }
}

/* ---- rows of tiles ---- */

static pel_status make_walled_row(const schedule *s, int shift, tile_row *row)
{
    const int n = s->cells[s->dimension], d = s->dimension;
    const int margin =
        s->grows.left + s->grows.right + pel_slopes_wall_zone(s->chain, d) + pel_slopes_furthest(s->chain, d) + 1;
    PEL_TRY(pel_memory_new((size_t)(n / s->pitch) + 2, sizeof *row->bases, &row->bases));
    int from = INT_MIN;
    for (int at = shift; at <= n - margin; at += s->pitch) {
        if (at < margin) continue;
        row->bases[row->count++] = (base){from, at};
        from = at;
    }
    row->bases[row->count++] = (base){from, INT_MAX};
    return PEL_OK;
}

static pel_status make_periodic_row(const schedule *s, int shift, tile_row *row)
{
    const int n = s->cells[s->dimension];
    row->count = n / s->pitch; /* the last takes what is left over */
    PEL_TRY(pel_memory_new((size_t)row->count, sizeof *row->bases, &row->bases));
    for (int i = 0; i < row->count; i++)
        row->bases[i] = (base){shift + i * s->pitch, i + 1 < row->count ? shift + (i + 1) * s->pitch : shift + n};
    return PEL_OK;
}

static bool overlaps(const schedule *s, base a, base b)
{
    if (!s->is_periodic[s->dimension]) return a.lo < b.hi && b.lo < a.hi;
    const int n = s->cells[s->dimension];
    for (int turn = -n; turn <= n; turn += n)
        if (a.lo < b.hi + turn && b.lo + turn < a.hi) return true;
    return false;
}

static pel_status find_near(const schedule *s, tile_row *row, const tile_row *other)
{
    size_t capacity = 0;
    int found = 0;
    PEL_TRY(pel_memory_new((size_t)row->count + 1, sizeof(int), &row->near_first));
    for (int i = 0; i < row->count; i++) {
        row->near_first[i] = found;
        for (int j = 0; j < other->count; j++) {
            if (!overlaps(s, row->bases[i], other->bases[j])) continue;
            PEL_TRY(pel_memory_grow(&row->near, &capacity, (size_t)found + 1, sizeof(int)));
            row->near[found++] = j;
        }
    }
    row->near_first[row->count] = found;
    return PEL_OK;
}

static pel_status make_rows(schedule *s)
{
    for (int odd = 0; odd < 2; odd++) {
        const int shift = odd ? s->pitch / 2 : 0;
        if (s->is_periodic[s->dimension]) PEL_TRY(make_periodic_row(s, shift, &s->rows[odd]));
        else PEL_TRY(make_walled_row(s, shift, &s->rows[odd]));
    }
    PEL_TRY(find_near(s, &s->rows[0], &s->rows[1]));
    return find_near(s, &s->rows[1], &s->rows[0]);
}

static pel_status make(schedule *s, size_t begin, size_t end, const schedule_shape *shape, const char **why)
{
    PEL_TRY(fit_height(s, begin, end, why));
    if (s->stage_count == 0 && !*why) *why = "it has no loops"; /* images only, between two calls */
    if (*why) return PEL_OK;
    fit_pitch(s, shape->pitch);
    find_wave_range(s);
    s->chunk = shape->chunk > 0 ? shape->chunk : s->wave == 0 ? 512 : 8;
    return make_rows(s);
}

pel_status pel_schedule_make(const pel_chain *chain, size_t begin, size_t end, const schedule_shape *shape, long steps,
                             schedule *made, const char **why)
{
    *made = (schedule){.chain = chain};
    *why = find_obstacle(chain, begin, end);
    if (*why) return PEL_OK;
    const pel_grid *grid = pel_field_grid(chain->plan.slots[begin].args[0].field);
    for (int d = 0; d < 3; d++) {
        made->cells[d] = pel_grid_cells(grid, d);
        made->is_periodic[d] = pel_grid_is_periodic(grid, d);
    }
    made->height = (int)(shape->height > 0 ? (shape->height < steps ? shape->height : steps) : (steps < 4 ? steps : 4));
    if (!choose_dimensions(made, begin, end)) {
        *why = pel_grid_dimensions(grid) < 2 ? "the grid has one dimension" : "its loops span the dimensions";
        return PEL_OK;
    }
    const pel_status status = make(made, begin, end, shape, why);
    if (status != PEL_OK || *why) pel_schedule_free(made);
    return status;
}

void pel_schedule_free(schedule *s)
{
    free(s->stages);
    for (int odd = 0; odd < 2; odd++) {
        free(s->rows[odd].bases);
        free(s->rows[odd].near_first);
        free(s->rows[odd].near);
    }
    *s = (schedule){0};
}

/* ---- the boxes of a tile ---- */

enum { MOST_PIECES = 2, MOST_BOUNDARIES = 8 };

/* One tile being visited. */
typedef struct visiting {
    const schedule *s;
    base on;
    int boundaries[MOST_BOUNDARIES], boundary_count; /* of the block before, inside the base */
    int grow_steps, shrink_steps;
    int lag, lead; /* of the shrinking part behind the growing one along the wavefront, and what it leaves out before */
    pel_schedule_visit *visit;
    void *data;
} visiting;

/* An interval as one or two pieces inside [0, n), where it may lie across the seam. */
static int wrap(base of, int n, bool is_periodic, base pieces[MOST_PIECES])
{
    if (of.lo >= of.hi) return 0;
    pieces[0] = of;
    if (!is_periodic) return 1;
    const int turn = of.lo < 0 ? -n : of.lo >= n ? n : 0;
    pieces[0] = (base){of.lo - turn, smaller(of.hi - turn, n)};
    pieces[1] = (base){0, of.hi - turn - n};
    return pieces[1].hi > 0 ? 2 : 1;
}

static void visit_piece(const visiting *v, int i, bool is_next, base along, base front)
{
    const schedule *s = v->s;
    base across[MOST_PIECES], fronts[MOST_PIECES];
    const int count = wrap(along, s->cells[s->dimension], s->is_periodic[s->dimension], across);
    const int front_count = s->wave < 0 ? 1 : wrap(front, s->cells[s->wave], s->is_periodic[s->wave], fronts);
    for (int a = 0; a < count; a++)
        for (int f = 0; f < front_count; f++) {
            pel_box box = {{INT_MIN, INT_MIN, INT_MIN}, {INT_MAX, INT_MAX, INT_MAX}};
            box.lo[s->dimension] = across[a].lo, box.hi[s->dimension] = across[a].hi;
            if (s->wave >= 0) box.lo[s->wave] = fronts[f].lo, box.hi[s->wave] = fronts[f].hi;
            v->visit(s, i, is_next, &box, v->data);
        }
}

/* Where the wavefront stands: points [front, front + chunk), of stages that do not lag. */
typedef struct place {
    int front;
    bool is_first, is_last, is_seam;
} place;

/* What a stage computes along the wavefront at a place. */
static base front_of(const schedule *s, const place *at, int ahead, int behind)
{
    if (s->wave < 0) return (base){INT_MIN, INT_MAX};
    if (!s->is_periodic[s->wave])
        return (base){at->is_first ? INT_MIN : at->front - ahead, at->is_last ? INT_MAX : at->front + s->chunk - ahead};
    const int n = s->cells[s->wave];
    if (at->is_seam) return (base){n - ahead, n + behind};
    return (base){larger(at->front - ahead, behind), at->is_last ? n - ahead : at->front + s->chunk - ahead};
}

/* All stages of the tile at one place. */
static void visit_place(const visiting *v, const place *at)
{
    const schedule *s = v->s;
    for (int i = 0; i < s->stage_count && s->stages[i].step < v->grow_steps; i++) {
        const stage *g = &s->stages[i];
        const base front = front_of(s, at, g->ahead, g->behind);
        for (int b = 0; b < v->boundary_count; b++)
            visit_piece(v, i, false, (base){v->boundaries[b] - g->right, v->boundaries[b] + g->left}, front);
    }
    for (int i = 0; i < s->stage_count && s->stages[i].step < v->shrink_steps; i++) {
        const stage *g = &s->stages[i];
        const base along = {v->on.lo == INT_MIN ? INT_MIN : v->on.lo + g->left,
                            v->on.hi == INT_MAX ? INT_MAX : v->on.hi - g->right};
        visit_piece(v, i, true, along, front_of(s, at, v->lag + g->ahead, v->lead + g->behind));
    }
}

static void sweep(const visiting *v)
{
    const schedule *s = v->s;
    if (s->wave < 0) {
        visit_place(v, &(place){0});
        return;
    }
    const bool wraps = s->is_periodic[s->wave];
    const int most_lag = v->lag + s->grows.ahead, end = wraps ? s->cells[s->wave] : s->wave_hi + most_lag;
    for (int front = 0; front < end; front += s->chunk)
        visit_place(v, &(place){front, front == 0, front + s->chunk >= end, false});
    if (wraps) visit_place(v, &(place){.is_seam = true});
}

static void find_boundaries(visiting *v, const tile_row *before)
{
    const schedule *s = v->s;
    const bool wraps = s->is_periodic[s->dimension];
    const int n = wraps ? s->cells[s->dimension] : 0;
    for (int j = wraps ? 0 : 1; j < before->count; j++)
        for (int turn = -1; turn <= 1; turn++) {
            const int at = before->bases[j].lo + turn * n;
            if ((wraps || turn == 0) && at >= v->on.lo && at < v->on.hi) v->boundaries[v->boundary_count++] = at;
        }
}

void pel_schedule_tile(const schedule *s, long row, int tile, int grow_steps, int shrink_steps,
                       pel_schedule_visit *visit, void *data)
{
    visiting v = {.s = s,
                  .on = s->rows[row & 1].bases[tile],
                  .grow_steps = grow_steps,
                  .shrink_steps = shrink_steps,
                  .visit = visit,
                  .data = data};
    if (grow_steps > 0) {
        v.lag = s->grows.ahead, v.lead = s->grows.behind;
        find_boundaries(&v, &s->rows[(row + 1) & 1]);
    }
    sweep(&v);
}

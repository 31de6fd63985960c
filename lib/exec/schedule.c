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
        s->dimension = d, s->waves[INNER].dimension = w;
        const bool has_rows = d != 0 && w != 0 && s->cells[0] > 1 && can_cut(s->chain, begin, end, 0);
        s->waves[OUTER].dimension = has_rows ? 0 : -1;
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
static bool wave_fits(const schedule *s, int w)
{
    const int d = s->waves[w].dimension;
    if (d < 0 || !s->is_periodic[d]) return true;
    return s->cells[d] > 2 * (s->grows.ahead[w] + s->grows.behind[w]) + 2 * pel_slopes_furthest(s->chain, d);
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
        if (s->stage_count == 0) return PEL_OK;
        if (!wave_fits(s, OUTER)) s->waves[OUTER].dimension = -1;
        if (!wave_fits(s, INNER) && s->height == 1) s->waves[INNER].dimension = -1;
        if (wave_fits(s, INNER) && pitch_fits(s, larger(2 * steepest(s), LEAST_PITCH))) return PEL_OK;
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

/* Beyond the last point that a slot computes along d. */
static int end_of(const slot *s, int d, int cells)
{
    return s->kind == SLOT_BOUNDARY ? cells + s->depth.side[d][1] + 1 : s->box.hi[d];
}

static void set_wave(schedule *s, int w, int wanted, int usual)
{
    wavefront *wave = &s->waves[w];
    wave->chunk = wanted > 0 ? wanted : usual;
    for (int i = 0; i < s->stage_count && wave->dimension >= 0; i++) {
        const int d = wave->dimension;
        wave->hi = larger(wave->hi, end_of(&s->chain->plan.slots[s->stages[i].slot], d, s->cells[d]));
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
    if (shape->row >= s->cells[0]) s->waves[OUTER].dimension = -1;
    set_wave(s, INNER, shape->chunk, s->waves[INNER].dimension == 0 ? 512 : 8);
    set_wave(s, OUTER, shape->row, 128);
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
    growth after; /* of the growing part: what the shrinking one lags and leaves out more; zero if nothing grows */
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

/* Where a wavefront stands: points [front, front + chunk), of stages that do not lag. */
typedef struct place {
    int front;
    bool is_first, is_last, is_seam;
} place;

/* What a stage computes along a wavefront at a place. */
static base front_of(const schedule *s, int w, const place *at, int ahead, int behind)
{
    const wavefront *wave = &s->waves[w];
    if (wave->dimension < 0) return (base){INT_MIN, INT_MAX};
    const int to = at->front + wave->chunk - ahead;
    if (!s->is_periodic[wave->dimension])
        return (base){at->is_first ? INT_MIN : at->front - ahead, at->is_last ? INT_MAX : to};
    const int n = s->cells[wave->dimension];
    if (at->is_seam) return (base){n - ahead, n + behind};
    return (base){larger(at->front - ahead, behind), at->is_last ? n - ahead : to};
}

/* A stage at a place of each wavefront: its boxes, cut at the seams. */
static void visit_stage(const visiting *v, int i, bool is_next, base along, const place at[2])
{
    const schedule *s = v->s;
    const stage *g = &s->stages[i];
    base pieces[3][MOST_PIECES];
    const int dimensions[3] = {s->dimension, s->waves[INNER].dimension, s->waves[OUTER].dimension};
    int count[3];
    count[0] = wrap(along, s->cells[s->dimension], s->is_periodic[s->dimension], pieces[0]);
    for (int w = 0; w < 2; w++) {
        const int d = dimensions[w + 1], more = is_next ? v->after.ahead[w] : 0,
                  less = is_next ? v->after.behind[w] : 0;
        const base front = front_of(s, w, &at[w], g->ahead[w] + more, g->behind[w] + less);
        count[w + 1] = wrap(front, d < 0 ? 0 : s->cells[d], d >= 0 && s->is_periodic[d], pieces[w + 1]);
    }
    for (int n = 0; n < count[0] * count[1] * count[2]; n++) {
        const int which[3] = {n % count[0], n / count[0] % count[1], n / count[0] / count[1]};
        pel_box box = {{INT_MIN, INT_MIN, INT_MIN}, {INT_MAX, INT_MAX, INT_MAX}};
        for (int k = 0; k < 3; k++)
            if (dimensions[k] >= 0)
                box.lo[dimensions[k]] = pieces[k][which[k]].lo, box.hi[dimensions[k]] = pieces[k][which[k]].hi;
        v->visit(s, i, is_next, &box, v->data);
    }
}

/* All stages of the tile at one place. */
static void visit_place(const visiting *v, const place at[2])
{
    const schedule *s = v->s;
    for (int i = 0; i < s->stage_count && s->stages[i].step < v->grow_steps; i++)
        for (int b = 0; b < v->boundary_count; b++) {
            const int edge = v->boundaries[b];
            visit_stage(v, i, false, (base){edge - s->stages[i].right, edge + s->stages[i].left}, at);
        }
    for (int i = 0; i < s->stage_count && s->stages[i].step < v->shrink_steps; i++) {
        const base along = {v->on.lo == INT_MIN ? INT_MIN : v->on.lo + s->stages[i].left,
                            v->on.hi == INT_MAX ? INT_MAX : v->on.hi - s->stages[i].right};
        visit_stage(v, i, true, along, at);
    }
}

/* Runs wavefront w, and inside each of its places the next one in. */
static void sweep(const visiting *v, int w, place at[2])
{
    const schedule *s = v->s;
    if (w < 0) {
        visit_place(v, at);
        return;
    }
    const wavefront *wave = &s->waves[w];
    at[w] = (place){0};
    if (wave->dimension < 0) {
        sweep(v, w - 1, at);
        return;
    }
    const bool wraps = s->is_periodic[wave->dimension];
    const int end = wraps ? s->cells[wave->dimension] : wave->hi + v->after.ahead[w] + s->grows.ahead[w];
    for (int front = 0; front < end; front += wave->chunk) {
        at[w] = (place){front, front == 0, front + wave->chunk >= end, false};
        sweep(v, w - 1, at);
    }
    if (!wraps) return;
    at[w] = (place){.is_seam = true};
    sweep(v, w - 1, at);
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
        v.after = s->grows;
        find_boundaries(&v, &s->rows[(row + 1) & 1]);
    }
    place at[2];
    sweep(&v, OUTER, at);
}

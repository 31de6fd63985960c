/* The temporal executor: runs the tiles of a schedule as they become ready.
 *
 * Every tile counts the parents that are not finished. Who finishes a tile takes one off each child's count, and
 * queues those that reach zero: no barrier, and no order but that of the dependences. Threads take their own newest
 * tile first, whose data is hot, then others' oldest (queues_inside.h). The counts are decremented with acquire and
 * release, so that a tile sees all that its parents wrote.
 *
 * A chain with calls is tiled between them, one step at a time. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "exec/queues_inside.h"
#include "exec/run_inside.h"
#include "exec/schedule_inside.h"

enum { MOST_TILES = 1 << 20, MOST_STEPS = 1 << 16 };

/* What one thread has at hand: the views of all stages of both blocks of its tile. */
typedef struct bench {
    _Alignas(64) pel_view *views;
    long taken;
} bench;

/* A run of steps over the tiles of one schedule. */
typedef struct span {
    const stretch *r;
    const schedule *s;
    images images;
    const slot_depth **image_of; /* of stage i, access a: image_of[first_view[i] + a]; NULL: none */
    int *first_view;             /* of stage i among the views of a block */
    int *row;                    /* of stage i: points of a row that are run at a time */
    int views;                   /* of a block */
    long from, steps, blocks;    /* steps from the start of the stretch */
    pel_step *at;                /* of each step */
    int widest;                  /* tiles in a row; tile t of row k is number k * widest + t */
    atomic_int *waiting_for;     /* parents of each tile that are not finished */
    atomic_long unfinished;
    pel_queues *queues;
    bench *benches;
} span;

/* ---- one tile ---- */

typedef struct tile_run {
    const span *p;
    long row;
    int thread;
    pel_view *views; /* of the growing block, then of the shrinking one */
} tile_run;

static long step_of(const span *p, long row, bool is_next, int i)
{
    return (row - !is_next) * p->s->height + p->s->stages[i].step;
}

static void copy_images(const tile_run *t, const slot *of, int i, const pel_view *views, const pel_box *box)
{
    const slot_depth *const *depth = t->p->image_of + t->p->first_view[i];
    for (int a = 0; a < of->arg_count; a++)
        if (depth[a]) pel_images_copy(of->args[a].field, depth[a], &views[a], box);
}

static void run_boundary(const tile_run *t, const slot *of, int i, const pel_view *view, const pel_box *part,
                         const pel_step *step)
{
    pel_boundary_fill(of, part, view, step);
    if (!t->p->image_of[t->p->first_view[i]]) return;
    for (int side = 0; side < 2; side++) {
        const pel_box box = pel_box_intersect(pel_boundary_side(of, side), *part);
        if (!pel_box_is_empty(box)) copy_images(t, of, i, view, &box);
    }
}

/* Rows that lie across the tile are run in pieces, so that the planes which a stencil looks at stay in the L1 cache. */
static void run_rows(const tile_run *t, slot *of, int i, const pel_box *box, pel_view *views, const pel_step *step,
                     long k)
{
    const int row = t->p->row[i];
    if (box->hi[0] - box->lo[0] <= row) {
        pel_slot_run_box(t->p->r, of, t->thread, box, views, step, k);
        return;
    }
    for (pel_box part = *box; part.lo[0] < box->hi[0]; part.lo[0] += row) {
        part.hi[0] = box->hi[0] - part.lo[0] > row ? part.lo[0] + row : box->hi[0];
        pel_slot_run_box(t->p->r, of, t->thread, &part, views, step, k);
    }
}

static void run_box(const schedule *s, int i, bool is_next, const pel_box *box, void *data)
{
    const tile_run *t = data;
    slot *of = &t->p->r->chain->plan.slots[s->stages[i].slot];
    const long k = step_of(t->p, t->row, is_next, i);
    pel_view *views = t->views + (is_next ? t->p->views : 0) + t->p->first_view[i];
    if (of->kind == SLOT_REDUCE && t->p->from + k != t->p->r->steps - 1) return; /* only the last step's counts */
    if (of->kind == SLOT_BOUNDARY) {
        run_boundary(t, of, i, views, box, &t->p->at[k]);
        return;
    }
    const pel_box part = pel_box_intersect(*box, of->box);
    if (pel_box_is_empty(part)) return;
    run_rows(t, of, i, &part, views, &t->p->at[k], t->p->from + k);
    copy_images(t, of, i, views, &part);
}

static void make_views(const tile_run *t, bool is_next, int steps)
{
    const schedule *s = t->p->s;
    for (int i = 0; i < s->stage_count && s->stages[i].step < steps; i++)
        pel_slot_views(s->chain, &s->chain->plan.slots[s->stages[i].slot],
                       t->p->from + step_of(t->p, t->row, is_next, i),
                       t->views + (is_next ? t->p->views : 0) + t->p->first_view[i]);
}

static void run_tile(const span *p, int thread, long number)
{
    tile_run t = {.p = p, .row = number / p->widest, .thread = thread, .views = p->benches[thread].views};
    const int grows = pel_schedule_steps_in(p->s, p->steps, t.row - 1),
              shrinks = pel_schedule_steps_in(p->s, p->steps, t.row);
    make_views(&t, false, grows);
    make_views(&t, true, shrinks);
    pel_schedule_tile(p->s, t.row, (int)(number % p->widest), grows, shrinks, run_box, &t);
}

/* ---- many tiles ---- */

/* The thread that has the middle of a tile's base in its part of the grid; its number in the team, as all here. */
static int home_of(const span *p, long row, int tile)
{
    const base on = p->s->rows[row & 1].bases[tile];
    const int n = p->s->cells[p->s->dimension], threads = p->r->threads;
    const long lo = on.lo < 0 ? 0 : on.lo, hi = on.hi > n ? n : on.hi;
    const long home = (lo + hi) / 2 * threads / n;
    return p->r->first_thread + (int)(home < threads ? home : threads - 1);
}

static void finish_tile(span *p, int thread, long number)
{
    const long row = number / p->widest;
    const tile_row *kind = &p->s->rows[row & 1];
    const int tile = (int)(number % p->widest);
    for (int i = kind->near_first[tile]; row < p->blocks && i < kind->near_first[tile + 1]; i++) {
        const long child = (row + 1) * p->widest + kind->near[i];
        if (atomic_fetch_sub_explicit(&p->waiting_for[child], 1, memory_order_acq_rel) != 1) continue;
        const int home = home_of(p, row + 1, kind->near[i]);
        const bool is_local = pel_team_domain(p->r->team, home) == pel_team_domain(p->r->team, thread);
        pel_queues_push(p->queues, is_local ? thread : home, child);
    }
    if (atomic_fetch_sub_explicit(&p->unfinished, 1, memory_order_acq_rel) == 1) pel_queues_close(p->queues);
}

/* A seeded number for the next choice of a tile; 0: the natural order. */
static long draw(const span *p, int thread)
{
    const long order = p->r->options->order;
    const uint64_t mixed = pel_hash_mix((uint64_t)order, (uint64_t)(thread + 64 * p->benches[thread].taken++));
    return order ? (long)(mixed >> 2) | 1 : 0;
}

static void work_tiles(int thread, int threads, void *data)
{
    (void)threads;
    span *p = data;
    double since = pel_note_now(p->r);
    long tile;
    int victim;
    while (pel_queues_wait(p->queues, thread, draw(p, thread), &tile, &victim)) {
        since = pel_note_wait(p->r, thread, since);
        run_tile(p, thread, tile);
        since = pel_note_tile(p->r, thread, p->r->chain->name, since, victim != thread);
        finish_tile(p, thread, tile);
    }
    pel_note_wait(p->r, thread, since);
}

/* ---- a span ---- */

static pel_status lay_out_views(span *p)
{
    const schedule *s = p->s;
    const slot *slots = s->chain->plan.slots;
    PEL_TRY(pel_memory_new((size_t)s->stage_count, sizeof(int), &p->first_view));
    for (int i = 0; i < s->stage_count; i++) {
        p->first_view[i] = p->views;
        p->views += slots[s->stages[i].slot].arg_count + 1; /* a reduction's own */
    }
    PEL_TRY(pel_memory_new((size_t)p->views, sizeof *p->image_of, &p->image_of));
    for (int i = 0; i < s->stage_count; i++) {
        const slot *of = &slots[s->stages[i].slot];
        for (int a = 0; a < of->arg_count; a++)
            if (of->args[a].access != PEL_READ)
                p->image_of[p->first_view[i] + a] = pel_images_depth(&p->images, of->args[a].field);
    }
    return PEL_OK;
}

enum { SHORTEST_ROW = 64 };

/* Points of a row of which all planes that the slot looks at, as wide as a tile, fill three quarters of the L1. */
static int row_of(const span *p, const slot *of)
{
    const schedule *s = p->s;
    double bytes = 1;
    if (s->waves[INNER].dimension == 0 || s->cells[2] == 1 || of->range.whole & 1) return INT_MAX;
    for (int a = 0; a < of->arg_count; a++) {
        const pel_field_spec *spec = pel_field_spec_of(of->args[a].field);
        const int planes = 1 + of->args[a].reach.hi[2] - of->args[a].reach.lo[2];
        if (spec->along & 1) bytes += (double)pel_type_bytes(spec->type) * spec->components * planes * s->pitch;
    }
    const double points = 0.75 * (double)pel_team_cache_bytes(p->r->team, 1) / bytes;
    return points < SHORTEST_ROW ? SHORTEST_ROW : (int)points / 8 * 8;
}

static pel_status lay_out_rows(span *p)
{
    PEL_TRY(pel_memory_new((size_t)p->s->stage_count, sizeof(int), &p->row));
    for (int i = 0; i < p->s->stage_count; i++) p->row[i] = row_of(p, &p->s->chain->plan.slots[p->s->stages[i].slot]);
    return PEL_OK;
}

static pel_status make_benches(span *p)
{
    const int threads = pel_team_threads(p->r->team);
    p->benches = aligned_alloc(64, (size_t)threads * sizeof(bench));
    if (!p->benches) return pel_fail(PEL_ERR_MEMORY, "no memory for the tiles of %d threads", threads);
    memset(p->benches, 0, (size_t)threads * sizeof(bench));
    for (int t = 0; t < threads; t++)
        PEL_TRY(pel_memory_new(2 * (size_t)p->views, sizeof(pel_view), &p->benches[t].views));
    return PEL_OK;
}

static pel_status make_counts(span *p)
{
    const tile_row *rows = p->s->rows;
    p->widest = rows[0].count > rows[1].count ? rows[0].count : rows[1].count;
    const size_t tiles = (size_t)(p->blocks + 1) * (size_t)p->widest;
    PEL_TRY(pel_memory_new(tiles, sizeof *p->waiting_for, &p->waiting_for));
    long count = rows[0].count;
    for (long k = 1; k <= p->blocks; k++) {
        const tile_row *row = &rows[k & 1];
        count += row->count;
        for (int t = 0; t < row->count; t++)
            atomic_init(&p->waiting_for[k * p->widest + t], row->near_first[t + 1] - row->near_first[t]);
    }
    atomic_init(&p->unfinished, count);
    return PEL_OK;
}

static pel_status make_queues(span *p)
{
    const int threads = pel_team_threads(p->r->team);
    int *domains = NULL;
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *domains, &domains));
    for (int t = 0; t < threads; t++) domains[t] = pel_team_domain(p->r->team, t);
    /* tile t of the even rows depends on tile t of the even row before, and so for the odd rows: one of each is ready
     */
    const pel_status status = pel_queues_create(threads, domains, 2L * p->widest, &p->queues);
    free(domains);
    PEL_TRY(status);
    for (int t = p->s->rows[0].count - 1; t >= 0; t--) pel_queues_push(p->queues, home_of(p, 0, t), t);
    return PEL_OK;
}

static pel_status prepare(span *p, size_t begin, size_t end, const pel_step *first)
{
    p->blocks = (p->steps + p->s->height - 1) / p->s->height;
    PEL_TRY(pel_memory_new((size_t)p->steps, sizeof *p->at, &p->at));
    p->at[0] = *first;
    for (long k = 1; k < p->steps; k++) p->at[k] = pel_step_next(p->at[k - 1]);
    PEL_TRY(pel_images_find(p->s->chain, begin, end, &p->images));
    PEL_TRY(lay_out_views(p));
    PEL_TRY(lay_out_rows(p));
    PEL_TRY(make_benches(p));
    PEL_TRY(make_counts(p));
    return make_queues(p);
}

static void release(span *p)
{
    for (int t = 0; p->benches && t < pel_team_threads(p->r->team); t++) free(p->benches[t].views);
    free(p->benches);
    pel_queues_destroy(p->queues);
    free(p->waiting_for);
    free(p->image_of);
    free(p->first_view);
    free(p->row);
    free(p->images.list);
    free(p->at);
}

/* Another executor may have taken the steps before: their parts of a sum do not count. */
static void reset_reductions(const stretch *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (int t = 0; r->chain->plan.slots[i].kind == SLOT_REDUCE && t < pel_team_threads(r->team); t++)
            pel_reduce_reset(&r->chain->plan.slots[i], t);
}

/* Runs steps [from, from + steps) of the stretch; *at moves on to the step after. */
static pel_status run_span(const stretch *r, const schedule *s, size_t begin, size_t end, long from, long steps,
                           pel_step *at)
{
    span p = {.r = r, .s = s, .from = from, .steps = steps};
    const pel_status status = prepare(&p, begin, end, at);
    if (status == PEL_OK) {
        reset_reductions(r, begin, end);
        pel_images_fill(r->chain, &p.images, begin, end, at);
        pel_team_run(r->team, work_tiles, &p);
        *at = pel_step_next(p.at[steps - 1]);
    }
    release(&p);
    return status;
}

/* As many steps as their tiles can be counted. */
static long most_steps(const schedule *s)
{
    const int widest = s->rows[0].count > s->rows[1].count ? s->rows[0].count : s->rows[1].count;
    const long most = (MOST_TILES / widest + 1) * (long)s->height;
    return most < MOST_STEPS ? most : MOST_STEPS;
}

static pel_status run_all(const stretch *r, const schedule *s, long from, long to, pel_step *at)
{
    const long most = most_steps(s);
    for (; from < to; from += most)
        PEL_TRY(run_span(r, s, 0, r->chain->plan.count, from, to - from < most ? to - from : most, at));
    return PEL_OK;
}

pel_status pel_temporal_run_steps(const stretch *r, const pel_plan *plan, long from, long to, pel_step *at)
{
    schedule s;
    const char *why;
    const schedule_shape shape = pel_schedule_shape_of(plan);
    PEL_TRY(pel_schedule_make(r->chain, 0, r->chain->plan.count, &shape, to - from, &s, &why));
    if (why) return pel_fail(PEL_ERR_ARGUMENT, "chain %s cannot be tiled in time: %s", r->chain->name, why);
    const pel_status status = run_all(r, &s, from, to, at);
    pel_schedule_free(&s);
    return status;
}

pel_status pel_temporal_run_slots(const stretch *r, size_t begin, size_t end, long k, const pel_step *step,
                                  bool *is_done)
{
    schedule s;
    const char *why;
    const schedule_shape shape = {
        .pitch = r->options->pitch, .height = 1, .chunk = r->options->chunk, .row = r->options->row};
    pel_step at = *step;
    *is_done = false;
    PEL_TRY(pel_schedule_make(r->chain, begin, end, &shape, 1, &s, &why));
    if (why) return PEL_OK;
    const pel_status status = run_span(r, &s, begin, end, k, 1, &at);
    pel_schedule_free(&s);
    *is_done = status == PEL_OK;
    return status;
}

/* ---- for a group of the team ---- */

/* A whole stretch, kept while a group is at it. */
typedef struct kept_span {
    span span; /* first: a pointer to one is a pointer to the other */
    schedule schedule;
    stretch r;
} kept_span;

static void work_in_group(int thread, int threads, void *data)
{
    const span *p = data;
    work_tiles(p->r->first_thread + thread, threads, data);
}

static void end_kept(void *data)
{
    kept_span *kept = data;
    release(&kept->span);
    pel_schedule_free(&kept->schedule);
    free(kept);
}

static pel_status keep_span(kept_span *kept, const pel_plan *plan, bool *is_made)
{
    const stretch *r = &kept->r;
    const size_t end = r->chain->plan.count;
    const char *why;
    const schedule_shape shape = pel_schedule_shape_of(plan);
    kept->span = (span){.r = r, .s = &kept->schedule, .steps = r->steps};
    PEL_TRY(pel_schedule_make(r->chain, 0, end, &shape, r->steps, &kept->schedule, &why));
    *is_made = !why && r->steps <= most_steps(&kept->schedule);
    if (!*is_made) return PEL_OK;
    PEL_TRY(prepare(&kept->span, 0, end, &r->first));
    reset_reductions(r, 0, end);
    pel_images_fill(r->chain, &kept->span.images, 0, end, &r->first);
    return PEL_OK;
}

pel_status pel_temporal_crew(const stretch *r, const pel_plan *plan, crew *made)
{
    kept_span *kept = NULL;
    bool is_made = false;
    PEL_TRY(pel_memory_new(1, sizeof *kept, &kept));
    kept->r = *r;
    const pel_status status = keep_span(kept, plan, &is_made);
    if (is_made && status == PEL_OK)
        *made = (crew){.work = work_in_group, .help = work_tiles, .end = end_kept, .data = kept};
    else end_kept(kept);
    return status;
}

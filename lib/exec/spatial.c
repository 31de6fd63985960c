/* The spatial executor: each loop in tiles, one loop after the other.
 *
 * The team stays in one region for as many steps as there is nothing serial in between, unless steps are so short that
 * the calling thread does them sooner (alone.c); each slot's box is cut into tiles (tiles.c), each thread takes those
 * of its own share and then helps others with theirs; a barrier stands before a slot that needs what earlier ones
 * computed. */
#include <stdlib.h>

#include "base/hash.h"
#include "exec/run_inside.h"

enum { FEWEST_STEPS = 4 };

/* What the team runs without returning: steps [from, to), of each the slots [begin, end). */
typedef struct region {
    const stretch *r;
    long from, to; /* from 0 at the start of the stretch */
    pel_step at;   /* the step `from` */
    size_t begin, end;
    pel_barrier *barrier;
    tiling *shares; /* of slot i and thread t: at [(i - begin) * threads + t]; NULL: made when they are needed */
} region;

/* The number in the team of a thread of the group that runs the region. */
static int in_team(const region *g, int thread)
{
    return g->r->first_thread + thread;
}

/* Which tile comes `i`-th of `count`: the i-th, or in a seeded order some other. */
static long nth_tile(long i, long count, long order, const slot *s, long k)
{
    if (!order || count < 2) return i;
    const uint64_t mixed = pel_hash_mix(pel_hash_mix((uint64_t)order, pel_hash_text(s->name)), (uint64_t)k);
    long stride = 1 + (long)(mixed % (uint64_t)(count - 1));
    for (long a = count, b = stride; b;) { /* a stride without common factor visits all */
        const long rest = a % b;
        a = b, b = rest;
        if (b == 0 && a != 1) stride = stride % (count - 1) + 1, a = count, b = stride;
    }
    return (long)((mixed >> 32) % (uint64_t)count + (uint64_t)i * (uint64_t)stride) % count;
}

/* ---- shares ---- */

/* What falls to a thread of a slot's tiles; of a boundary slot, the part whose sides it fills. */
static tiling make_share(const stretch *r, const slot *s, int thread, int threads)
{
    if (s->kind == SLOT_BOUNDARY) return (tiling){.share = pel_tiling_part(s, thread, threads)};
    if (s->kind != SLOT_LOOP && s->kind != SLOT_REDUCE) return (tiling){0};
    return pel_tiling_make(s, r->options, r->cache_bytes, thread, threads);
}

/* Shares are the same in every step: made once, where there are steps enough. Without memory they are made each time.
 */
static void keep_shares(region *g, int threads)
{
    const size_t count = g->end - g->begin;
    if (g->to - g->from < FEWEST_STEPS) return;
    g->shares = malloc(count * (size_t)threads * sizeof *g->shares);
    for (size_t i = 0; g->shares && i < count; i++)
        for (int t = 0; t < threads; t++)
            g->shares[i * (size_t)threads + (size_t)t] =
                make_share(g->r, &g->r->chain->plan.slots[g->begin + i], t, threads);
}

static tiling share_of(const region *g, const slot *s, int thread, int threads)
{
    if (!g->shares) return make_share(g->r, s, thread, threads);
    const size_t i = (size_t)(s - g->r->chain->plan.slots) - g->begin;
    return g->shares[i * (size_t)threads + (size_t)thread];
}

/* ---- one slot ---- */

/* Takes tiles of `owner`'s share until none is left. */
static void take_tiles(const region *g, slot *s, int owner, int thread, int threads, long k, pel_view *views,
                       const pel_step *step)
{
    const tiling t = share_of(g, s, owner, threads);
    const long count = pel_tiling_count(&t);
    atomic_long *taken = &s->taken[owner].count[k & 1];
    const bool is_stolen = owner != thread;
    double start = pel_note_slot_now(g->r);
    for (long i; (i = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed)) < count;) {
        const pel_box box = pel_tiling_box(&t, nth_tile(i, count, g->r->options->order, s, k));
        if (is_stolen && start == 0) start = pel_note_now(g->r); /* there is something to steal */
        pel_slot_run_box(g->r, s, thread, &box, views, step, k);
        start = pel_note_slot(g->r, s, in_team(g, thread), start, is_stolen);
    }
}

static void share_loop(const region *g, slot *s, int thread, int threads, long k, pel_view *views, const pel_step *step)
{
    if (s->kind == SLOT_REDUCE) pel_reduce_reset(s, thread);
    for (int i = 0; i < threads; i++) take_tiles(g, s, (thread + i) % threads, thread, threads, k, views, step);
}

static void share_pieces(const region *g, slot *s, int thread, long k, const pel_view *views, const pel_step *step)
{
    atomic_long *taken = &s->taken[0].count[k & 1];
    double start = pel_note_slot_now(g->r);
    for (long i; (i = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed)) < s->piece_count;) {
        const long nth = nth_tile(i, s->piece_count, g->r->options->order, s, k);
        pel_slot_run_piece(s, s->piece_order[nth], views, step);
        start = pel_note_slot(g->r, s, in_team(g, thread), start, false);
    }
}

/* The thread's part of the sides. */
static void share_boundary(const region *g, const slot *s, int thread, int threads, const pel_view *view,
                           const pel_step *step)
{
    const double start = pel_note_slot_now(g->r);
    const pel_box part = share_of(g, s, thread, threads).share;
    pel_boundary_fill(s, &part, view, step);
    pel_note_slot(g->r, s, in_team(g, thread), start, false);
}

static void run_probe(const region *g, slot *s, long k, pel_view *views, const pel_step *step)
{
    const double start = pel_note_slot_now(g->r);
    pel_slot_run_box(g->r, s, 0, &s->box, views, step, k);
    pel_note_slot(g->r, s, in_team(g, 0), start, false);
}

static void share_slot(const region *g, slot *s, int thread, int threads, long k, const pel_step *step)
{
    pel_view views[MOST_ARGS + 1];
    pel_slot_views(g->r->chain, s, k, views);
    /* the other step's counter: a barrier lies between its last use and now, another before its next */
    atomic_store_explicit(&s->taken[thread].count[(k + 1) & 1], 0, memory_order_relaxed);
    if (s->kind == SLOT_LOOP || s->kind == SLOT_REDUCE) share_loop(g, s, thread, threads, k, views, step);
    else if (s->kind == SLOT_BOUNDARY) share_boundary(g, s, thread, threads, &views[0], step);
    else if (s->kind == SLOT_TILES) share_pieces(g, s, thread, k, views, step);
    else if (s->kind == SLOT_PROBE && thread == 0) run_probe(g, s, k, views, step);
}

/* The clock is read while there is time: who comes last waits for nobody, and all others begin to wait first. */
static void wait_for_others(const region *g, int thread, int threads)
{
    unsigned seen;
    const bool is_waiting = pel_barrier_come(g->barrier, threads, &seen);
    if (!is_waiting && !g->r->options->trace) return;
    const double start = pel_note_now(g->r);
    if (is_waiting) pel_news_wait(&g->barrier->phase, seen);
    pel_note_wait(g->r, in_team(g, thread), start);
}

/* ---- a region ---- */

/* One thread's way through the present region. */
static void work_region(int thread, int threads, void *data)
{
    const region *g = data;
    pel_step step = g->at;
    for (long k = g->from; k < g->to; k++, step = pel_step_next(step)) {
        if (k > g->from) wait_for_others(g, thread, threads);
        for (size_t i = g->begin; i < g->end; i++) {
            slot *s = &g->r->chain->plan.slots[i];
            if (s->is_prologue && k > 0) continue;
            if (s->waits && i > g->begin) wait_for_others(g, thread, threads);
            if (!pel_slot_is_idle(g->r, s, k)) share_slot(g, s, thread, threads, k, &step);
        }
    }
    if (g->r->options->trace) wait_for_others(g, thread, threads); /* else the team's end is waited for unseen */
}

/* Another executor may have taken the steps before. */
static void reset_taken(const stretch *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        for (int t = 0; t < pel_team_threads(r->team); t++) r->chain->plan.slots[i].taken[t] = (slot_taken){{0}};
}

static void run_region(const stretch *r, long from, long to, const pel_step *at, size_t begin, size_t end)
{
    reset_taken(r, begin, end);
    pel_barrier barrier = {0};
    region g = {.r = r, .from = from, .to = to, .at = *at, .begin = begin, .end = end, .barrier = &barrier};
    keep_shares(&g, r->threads);
    pel_team_run(r->team, work_region, &g);
    free(g.shares);
}

/* The region of a whole stretch, kept while a group is at it. */
typedef struct kept_region {
    region region; /* first: a pointer to one is a pointer to the other */
    stretch r;
    pel_barrier barrier;
} kept_region;

static void end_kept(void *data)
{
    kept_region *kept = data;
    free(kept->region.shares);
    free(kept);
}

pel_status pel_spatial_crew(const stretch *r, crew *made)
{
    kept_region *kept = aligned_alloc(64, (sizeof *kept + 63) / 64 * 64);
    if (!kept) return pel_fail(PEL_ERR_MEMORY, "no memory for the barrier of %d threads", r->threads);
    *kept = (kept_region){.r = *r};
    kept->region =
        (region){.r = &kept->r, .to = r->steps, .at = r->first, .end = r->chain->plan.count, .barrier = &kept->barrier};
    keep_shares(&kept->region, r->threads);
    *made = (crew){.work = work_region, .end = end_kept, .data = kept};
    return PEL_OK;
}

/* ---- a stretch ---- */

static bool is_serial(const slot *s)
{
    return s->kind == SLOT_CALL || s->kind == SLOT_EXCHANGE;
}

/* One call, on the calling thread: the team is its. */
static pel_status run_call(const stretch *r, const slot *s, long k, const pel_step *step)
{
    pel_view views[MOST_ARGS];
    pel_slot_views(r->chain, s, k, views);
    const double start = pel_note_slot_now(r);
    PEL_TRY(s->call(&(pel_call){.team = r->team, .arg = views, .step = step, .params = s->params}));
    pel_note_slot(r, s, 0, start, false);
    return PEL_OK;
}

/* One exchange, of all blocks at once. */
static pel_status run_exchange(const stretch *r, int count, size_t i, long k)
{
    const double start = pel_note_slot_now(&r[0]);
    PEL_TRY(pel_slot_exchange(r, count, i, k));
    pel_note_slot(&r[0], &r[0].chain->plan.slots[i], 0, start, false);
    return PEL_OK;
}

/* Slots of one step with nothing serial among them. */
static pel_status run_slots(const stretch *r, size_t begin, size_t end, long k, const pel_step *step)
{
    bool is_done = false;
    if (r->options->executor == PEL_EXECUTOR_TEMPORAL && end > begin)
        PEL_TRY(pel_temporal_run_slots(r, begin, end, k, step, &is_done));
    if (!is_done && end > begin) run_region(r, k, k + 1, step, begin, end);
    return PEL_OK;
}

/* One step, from serial slot to serial slot, the chains of all blocks in turn. */
static pel_status run_step(const stretch *r, int count, long k, const pel_step *step)
{
    const slot_list *plan = &r[0].chain->plan;
    for (size_t i = 0; i < plan->count;) {
        size_t end = i;
        while (end < plan->count && !is_serial(&plan->slots[end])) end++;
        for (int b = 0; b < count; b++) PEL_TRY(run_slots(&r[b], i, end, k, step));
        i = end + 1;
        if (end == plan->count || (plan->slots[end].is_prologue && k > 0)) continue;
        if (plan->slots[end].kind == SLOT_EXCHANGE) PEL_TRY(run_exchange(r, count, end, k));
        else
            for (int b = 0; b < count; b++) PEL_TRY(run_call(&r[b], &r[b].chain->plan.slots[end], k, step));
    }
    return PEL_OK;
}

pel_status pel_spatial_run(const stretch *r, int count)
{
    pel_step step = r[0].first;
    for (long k = 0; k < r[0].steps; k++, step = pel_step_next(step)) PEL_TRY(run_step(r, count, k, &step));
    return PEL_OK;
}

pel_status pel_spatial_run_steps(const stretch *r, long from, long to, pel_step *at)
{
    from = pel_alone_run_steps(r, from, to, at);
    if (from < to) run_region(r, from, to, at, 0, r->chain->plan.count);
    for (long k = from; k < to; k++) *at = pel_step_next(*at);
    return PEL_OK;
}

/* Running a chain: the reference executor and the spatial one.
 *
 * Both go through the plan slot by slot, step by step. `reference` runs each slot on one thread over its whole box.
 * `spatial` keeps the team in one region for as many steps as there is nothing serial in between; each slot's box is
 * cut into tiles, each thread takes those of its own share and then helps others with theirs; a barrier stands before a
 * slot that needs what earlier ones computed. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "exec/chain_inside.h"
#include "exec/team_inside.h"

enum { MOST_ARGS = 64 };

/* One stretch of one chain. */
typedef struct stretch {
    pel_chain *chain;
    pel_team *team;
    const pel_run_options *options;
    pel_step first; /* of the stretch */
    long steps;
    long from, to;     /* the steps of the present region, from 0 */
    pel_step at;       /* the step `from` */
    size_t begin, end; /* the slots of the present region */
    size_t cache_bytes;
} stretch;

pel_step pel_step_next(pel_step step)
{
    return (pel_step){.index = step.index + 1, .time = step.time + step.dt, .dt = step.dt};
}

/* ---- one slot ---- */

static void make_views(const pel_chain *chain, const slot *s, long rotated, pel_view *views)
{
    for (int a = 0; a < s->arg_count; a++) {
        const pel_field *field = s->args[a].field;
        const long more = pel_chain_rotates(chain, field) ? rotated : 0;
        views[a] = pel_field_view_at(field, s->args[a].level, pel_field_rotations(field) + more);
    }
}

static void run_probe(slot *s, const pel_view *view, long row)
{
    const pel_box owned = pel_field_owned(s->args[0].field);
    for (int i = 0; i < s->cell_count; i++) {
        const int *at = s->cells[i];
        const pel_box cell = {{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}};
        if (pel_box_contains(owned, cell)) s->probed[row * s->cell_count + i] = *pel_at(*view, at[0], at[1], at[2]);
    }
}

static void run_box(slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step)
{
    if (s->kind == SLOT_REDUCE) pel_reduce_box(s, thread, box, views, step);
    else s->kernel(box, views, step, s->params);
}

static void run_piece(slot *s, long piece, const pel_view *views, const pel_step *step)
{
    const double start = pel_clock_seconds();
    s->tiles(piece, views, step, s->params);
    s->piece_cost[piece] = pel_clock_seconds() - start;
}

/* The whole slot on one thread. */
static pel_status run_whole(const stretch *r, slot *s, long k, const pel_step *step)
{
    pel_view views[MOST_ARGS + 1];
    make_views(r->chain, s, k, views);
    const pel_box all = pel_tiling_part(s, 0, 1);
    switch (s->kind) {
    case SLOT_LOOP:
    case SLOT_REDUCE:
        if (s->kind == SLOT_REDUCE) pel_reduce_reset(s, 0);
        if (r->options->check_access) PEL_TRY(pel_check_slot(s, views, step));
        if (!pel_box_is_empty(s->box)) run_box(s, 0, &s->box, views, step);
        break;
    case SLOT_BOUNDARY:
        pel_boundary_fill(s, &all, &views[0], step);
        break;
    case SLOT_TILES:
        for (long i = 0; i < s->piece_count; i++) run_piece(s, i, views, step);
        break;
    case SLOT_PROBE:
        run_probe(s, &views[0], k);
        break;
    case SLOT_CALL:
        return s->call(&(pel_call){.team = r->team, .arg = views, .step = step, .params = s->params});
    case SLOT_EXCHANGE:
        break; /* see run_exchange() */
    }
    return PEL_OK;
}

/* ---- sharing a slot among the threads ---- */

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

/* Takes tiles of `owner`'s share until none is left. */
static void take_tiles(const stretch *r, slot *s, int owner, int thread, int threads, long k, pel_view *views,
                       const pel_step *step)
{
    const tiling t = pel_tiling_make(s, r->options, r->cache_bytes, owner, threads);
    const long count = pel_tiling_count(&t);
    atomic_long *taken = &s->taken[owner].count[k & 1];
    for (long i; (i = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed)) < count;) {
        const pel_box box = pel_tiling_box(&t, nth_tile(i, count, r->options->order, s, k));
        run_box(s, thread, &box, views, step);
    }
}

static void share_loop(const stretch *r, slot *s, int thread, int threads, long k, pel_view *views,
                       const pel_step *step)
{
    if (s->kind == SLOT_REDUCE) pel_reduce_reset(s, thread);
    for (int i = 0; i < threads; i++) take_tiles(r, s, (thread + i) % threads, thread, threads, k, views, step);
}

static void share_pieces(slot *s, long k, const pel_view *views, const pel_step *step)
{
    atomic_long *taken = &s->taken[0].count[k & 1];
    for (long i; (i = atomic_fetch_add_explicit(taken, 1, memory_order_relaxed)) < s->piece_count;)
        run_piece(s, s->piece_order[i], views, step);
}

static void share_slot(const stretch *r, slot *s, int thread, int threads, long k, const pel_step *step)
{
    pel_view views[MOST_ARGS + 1];
    make_views(r->chain, s, k, views);
    const pel_box part = pel_tiling_part(s, thread, threads);
    /* the other step's counter: a barrier lies between its last use and now, another before its next */
    atomic_store_explicit(&s->taken[thread].count[(k + 1) & 1], 0, memory_order_relaxed);
    if (s->kind == SLOT_LOOP || s->kind == SLOT_REDUCE) share_loop(r, s, thread, threads, k, views, step);
    else if (s->kind == SLOT_BOUNDARY) pel_boundary_fill(s, &part, &views[0], step);
    else if (s->kind == SLOT_TILES) share_pieces(s, k, views, step);
    else if (s->kind == SLOT_PROBE && thread == 0) run_probe(s, &views[0], k);
}

/* One thread's way through the present region. */
static void work_region(int thread, int threads, void *data)
{
    const stretch *r = data;
    pel_step step = r->at;
    for (long k = r->from; k < r->to; k++, step = pel_step_next(step)) {
        if (k > r->from) pel_team_barrier(threads);
        for (size_t i = r->begin; i < r->end; i++) {
            slot *s = &r->chain->plan.slots[i];
            if (s->is_prologue && k > 0) continue;
            if (s->waits && i > r->begin) pel_team_barrier(threads);
            share_slot(r, s, thread, threads, k, &step);
        }
    }
}

/* ---- stretches ---- */

pel_executor pel_executor_chosen(const pel_run_options *options)
{
    const bool is_reference = options->check_access || options->executor == PEL_EXECUTOR_REFERENCE;
    return is_reference ? PEL_EXECUTOR_REFERENCE : PEL_EXECUTOR_SPATIAL;
}

/* All steps in one region of the team. */
static void run_in_one_region(stretch *r)
{
    r->from = 0, r->to = r->steps;
    r->at = r->first;
    r->begin = 0, r->end = r->chain->plan.count;
    pel_team_run(r->team, work_region, r);
}

/* One slot of one step of one chain, exchanges excepted. */
static pel_status run_slot(stretch *r, size_t i, long k, const pel_step *step)
{
    slot *s = &r->chain->plan.slots[i];
    if (s->kind == SLOT_CALL || pel_executor_chosen(r->options) == PEL_EXECUTOR_REFERENCE)
        return run_whole(r, s, k, step);
    r->from = k, r->to = k + 1;
    r->at = *step;
    r->begin = i, r->end = i + 1;
    pel_team_run(r->team, work_region, r);
    return PEL_OK;
}

/* A block's exchange works on the field as it is now: the rotation that the step stands at. */
static pel_status run_exchange(stretch *r, int count, size_t i, long k)
{
    for (int phase = 0; phase < 2; phase++)
        for (int b = 0; b < count; b++) {
            const slot *s = &r[b].chain->plan.slots[i];
            pel_field *field = s->args[0].field;
            const long rotations = pel_field_rotations(field);
            if (pel_chain_rotates(r[b].chain, field)) pel_field_set_rotations(field, rotations + k);
            const pel_exchange *exchange = r[b].options->exchange;
            const pel_status status = phase == 0 ? pel_halo_send(s, exchange) : pel_halo_receive(s, exchange);
            pel_field_set_rotations(field, rotations);
            PEL_TRY(status);
        }
    return PEL_OK;
}

/* Step by step and slot by slot, the chains of all blocks in turn. */
static pel_status run_in_turn(stretch *r, int count)
{
    pel_step step = r[0].first;
    for (long k = 0; k < r[0].steps; k++, step = pel_step_next(step))
        for (size_t i = 0; i < r[0].chain->plan.count; i++) {
            const slot *s = &r[0].chain->plan.slots[i];
            if (s->is_prologue && k > 0) continue;
            if (s->kind == SLOT_EXCHANGE) PEL_TRY(run_exchange(r, count, i, k));
            else
                for (int b = 0; b < count; b++) PEL_TRY(run_slot(&r[b], i, k, &step));
        }
    return PEL_OK;
}

/* ---- before and after ---- */

static int by_cost(const void *a, const void *b, void *costs)
{
    const long i = *(const long *)a, j = *(const long *)b;
    const double *cost = costs;
    if (cost[i] != cost[j]) return cost[i] < cost[j] ? 1 : -1;
    return i < j ? -1 : 1;
}

static pel_status prepare_slot(slot *s, int threads, long steps)
{
    free(s->taken);
    free(s->partials);
    s->taken = NULL, s->partials = NULL;
    void *lines = aligned_alloc(64, (size_t)threads * sizeof(slot_taken));
    if (!lines) return pel_fail(PEL_ERR_MEMORY, "no memory for the counters of %d threads", threads);
    memset(lines, 0, (size_t)threads * sizeof(slot_taken));
    s->taken = lines;
    if (s->kind == SLOT_REDUCE) {
        s->partials = aligned_alloc(64, (size_t)threads * sizeof(slot_partial));
        if (!s->partials) return pel_fail(PEL_ERR_MEMORY, "no memory for the sums of %d threads", threads);
    }
    if (s->kind == SLOT_TILES && !s->piece_cost) {
        PEL_TRY(pel_memory_new((size_t)s->piece_count, sizeof(double), &s->piece_cost));
        PEL_TRY(pel_memory_new((size_t)s->piece_count, sizeof(long), &s->piece_order));
        for (long i = 0; i < s->piece_count; i++) s->piece_order[i] = i;
    }
    if (s->kind == SLOT_TILES) qsort_r(s->piece_order, (size_t)s->piece_count, sizeof(long), by_cost, s->piece_cost);
    free(s->probed); /* of a stretch that failed */
    s->probed = NULL;
    if (s->kind == SLOT_PROBE)
        PEL_TRY(pel_memory_new((size_t)steps * (size_t)s->cell_count, sizeof(double), &s->probed));
    for (int t = 0; s->partials && t < threads; t++) pel_reduce_reset(s, t);
    return PEL_OK;
}

/* A level that nothing has written may not be read. */
static pel_status check_levels(const pel_chain *chain)
{
    for (size_t i = 0; i < chain->recorded.count; i++) {
        const slot *s = &chain->recorded.slots[i];
        for (int a = 0; a < s->arg_count; a++) {
            const pel_arg *arg = &s->args[a];
            bool is_set = arg->access == PEL_WRITE || pel_field_is_set(arg->field, arg->level);
            for (size_t j = 0; j < i && !is_set; j++)
                for (int b = 0; b < chain->recorded.slots[j].arg_count; b++) {
                    const pel_arg *other = &chain->recorded.slots[j].args[b];
                    is_set = is_set ||
                             (other->access != PEL_READ && other->field == arg->field && other->level == arg->level);
                }
            if (!is_set)
                return pel_fail(PEL_ERR_ARGUMENT, "chain %s: %s reads level %d of %s, which nothing has written",
                                chain->name, s->name, arg->level, pel_field_name(arg->field));
        }
    }
    return PEL_OK;
}

static pel_status prepare(const stretch *r)
{
    pel_chain *chain = r->chain;
    if (!chain->is_planned) return pel_fail(PEL_ERR_ARGUMENT, "chain %s is run before pel_commit()", chain->name);
    PEL_TRY(check_levels(chain));
    pel_chain_mark_waits(chain, pel_team_threads(r->team));
    for (size_t i = 0; i < chain->plan.count; i++) {
        slot *s = &chain->plan.slots[i];
        if (s->arg_count > MOST_ARGS)
            return pel_fail(PEL_ERR_ARGUMENT, "%s has %d accesses; %d are allowed", s->name, s->arg_count, MOST_ARGS);
        if (s->kind == SLOT_EXCHANGE && !r->options->exchange)
            return pel_fail(PEL_ERR_ARGUMENT, "chain %s runs on a cut grid: it needs an exchange", chain->name);
        PEL_TRY(prepare_slot(s, pel_team_threads(r->team), r->steps));
    }
    return PEL_OK;
}

/* Levels, once set, move with the rotation; reductions and probes give what they found. */
static void finish(const stretch *r)
{
    pel_chain *chain = r->chain;
    for (size_t i = 0; i < chain->rotated_count; i++) {
        pel_field *field = chain->rotated[i];
        const long start = pel_field_rotations(field);
        for (long k = 0; k < r->steps && k < 8; k++) { /* 8: more steps than levels set nothing new */
            pel_field_set_rotations(field, start + k);
            for (size_t j = 0; j < chain->recorded.count; j++) {
                const slot *s = &chain->recorded.slots[j];
                for (int a = 0; a < s->arg_count; a++)
                    if (s->args[a].field == field && s->args[a].access != PEL_READ)
                        pel_field_mark_set(field, s->args[a].level);
            }
        }
        pel_field_set_rotations(field, start + r->steps);
    }
    for (size_t i = 0; i < chain->plan.count; i++) {
        slot *s = &chain->plan.slots[i];
        for (int a = 0; a < s->arg_count; a++)
            if (s->args[a].access != PEL_READ && !pel_chain_rotates(chain, s->args[a].field))
                pel_field_mark_set(s->args[a].field, s->args[a].level);
        if (s->kind == SLOT_REDUCE) pel_reduce_finish(s, pel_team_threads(r->team));
        if (s->kind == SLOT_PROBE && s->sink) s->sink(s->sink_data, r->first.index, r->steps, s->cell_count, s->probed);
        free(s->probed);
        s->probed = NULL;
    }
}

static void add_cost(const stretch *r, double seconds)
{
    pel_chain_cost *cost = &r->chain->cost;
    cost->seconds += seconds;
    cost->steps += r->steps;
    cost->updates += r->chain->updates_a_step * (double)r->steps;
    cost->bytes += r->chain->bytes_a_step * (double)r->steps;
}

pel_status pel_chain_run_blocks(pel_chain *const *chains, int count, pel_team *team, const pel_run_options *options,
                                pel_step first, long steps)
{
    if (steps <= 0) return PEL_OK;
    stretch *r = NULL;
    PEL_TRY(pel_memory_new((size_t)count, sizeof *r, &r));
    pel_status status = PEL_OK;
    for (int b = 0; b < count && status == PEL_OK; b++) {
        r[b] = (stretch){.chain = chains[b], .team = team, .options = options, .first = first, .steps = steps};
        r[b].cache_bytes = pel_team_cache_bytes(team, 2);
        status = prepare(&r[b]);
    }
    const double start = pel_clock_seconds();
    if (status == PEL_OK) {
        if (count == 1 && !chains[0]->has_serial && pel_executor_chosen(r->options) == PEL_EXECUTOR_SPATIAL)
            run_in_one_region(r);
        else status = run_in_turn(r, count);
    }
    for (int b = 0; b < count && status == PEL_OK; b++) {
        finish(&r[b]);
        add_cost(&r[b], pel_clock_seconds() - start);
    }
    free(r);
    return status;
}

pel_status pel_chain_run(pel_chain *chain, pel_team *team, const pel_run_options *options, pel_step first, long steps)
{
    return pel_chain_run_blocks(&chain, 1, team, options, first, steps);
}

pel_chain_cost pel_chain_cost_so_far(const pel_chain *chain)
{
    return chain->cost;
}

void pel_chain_predict(const pel_chain *chain, double *updates, double *bytes)
{
    *updates = chain->updates_a_step;
    *bytes = chain->bytes_a_step;
}

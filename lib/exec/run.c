/* Running a chain for a stretch of steps: what comes before and after, whichever executor does it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/run_inside.h"

pel_step pel_step_next(pel_step step)
{
    return (pel_step){.index = step.index + 1, .time = step.time + step.dt, .dt = step.dt};
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

stretch pel_stretch_of(pel_chain *chain, pel_team *team, const pel_run_options *options, pel_step first, long steps)
{
    return (stretch){.chain = chain,
                     .team = team,
                     .options = options,
                     .first = first,
                     .steps = steps,
                     .cache_bytes = pel_team_cache_bytes(team, 2),
                     .threads = pel_team_threads(team),
                     .counters = pel_team_counting(team)};
}

pel_status pel_stretch_prepare(const stretch *r)
{
    pel_chain *chain = r->chain;
    if (!chain->is_planned) return pel_fail(PEL_ERR_ARGUMENT, "chain %s is run before pel_commit()", chain->name);
    if (!pel_team_can_run(r->team))
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "chain %s: its team stands for a machine given as text, with %d threads; it can be planned for, "
            "but not run on",
            chain->name, pel_team_threads(r->team));
    PEL_TRY(check_levels(chain));
    atomic_init(&chain->failure.state, 0);
    pel_chain_mark_waits(chain, r->threads);
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
        if (s->kind == SLOT_PROBE && s->sink) s->sink(s->sink_data, r->first.index, r->steps, s->cell_count, s->probed);
        free(s->probed);
        s->probed = NULL;
    }
}

/* A reduction is over the whole grid: over the chains of all its blocks. */
static pel_status finish_reductions(const stretch *r, int count)
{
    slot **blocks = NULL;
    PEL_TRY(pel_memory_new((size_t)count, sizeof *blocks, &blocks));
    for (size_t i = 0; i < r[0].chain->plan.count; i++) {
        for (int b = 0; b < count; b++) blocks[b] = &r[b].chain->plan.slots[i];
        if (blocks[0]->kind == SLOT_REDUCE) pel_reduce_finish(blocks, count, pel_team_threads(r[0].team));
    }
    free(blocks);
    return PEL_OK;
}

static void add_cost(const stretch *r, double seconds)
{
    pel_chain_cost *cost = &r->chain->cost;
    cost->seconds += seconds;
    cost->steps += r->steps;
    cost->updates += r->chain->updates_a_step * (double)r->steps;
    cost->bytes += r->chain->bytes_a_step * (double)r->steps;
    cost->flops += r->chain->flops_a_step * (double)r->steps;
    r->chain->thread_seconds_a_step = seconds * r->threads / (double)r->steps;
}

/* What the access checker found in the chains of any of the blocks. */
static pel_status give_failure(const stretch *r, int count)
{
    for (int b = 0; b < count; b++) {
        const first_failure *failure = &r[b].chain->failure;
        if (atomic_load_explicit(&failure->state, memory_order_acquire))
            return pel_fail(failure->status, "%s", failure->sentence);
    }
    return PEL_OK;
}

pel_status pel_stretch_finish(const stretch *r, int count, double seconds)
{
    PEL_TRY(give_failure(r, count));
    PEL_TRY(finish_reductions(r, count));
    for (int b = 0; b < count; b++) {
        finish(&r[b]);
        add_cost(&r[b], seconds);
    }
    return PEL_OK;
}

static pel_status execute(const stretch *r, int count)
{
    if (r->options->executor == PEL_EXECUTOR_REFERENCE) {
        r->chain->used = (pel_plan){.executor = PEL_EXECUTOR_REFERENCE, .dimension = -1, .wave = -1};
        return pel_reference_run(r, count);
    }
    if (count == 1 && !r->chain->has_serial) return pel_auto_run(r);
    int plans;
    PEL_TRY(pel_plan_candidates(r->chain, r->team, r->options, r->steps, &r->chain->used, 1, &plans));
    return pel_spatial_run(r, count);
}

pel_status pel_chain_run_blocks(pel_chain *const *chains, int count, pel_team *team, const pel_run_options *options,
                                pel_step first, long steps)
{
    if (steps <= 0) return PEL_OK;
    stretch *r = NULL;
    PEL_TRY(pel_memory_new((size_t)count, sizeof *r, &r));
    pel_status status = PEL_OK;
    for (int b = 0; b < count && status == PEL_OK; b++) {
        r[b] = pel_stretch_of(chains[b], team, options, first, steps);
        status = pel_stretch_prepare(&r[b]);
    }
    const double start = pel_clock_seconds();
    if (status == PEL_OK) status = execute(r, count);
    if (status == PEL_OK) status = pel_stretch_finish(r, count, pel_clock_seconds() - start);
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

void pel_chain_cost_reset(pel_chain *chain)
{
    chain->cost = (pel_chain_cost){0};
}

void pel_chain_predict(const pel_chain *chain, double *updates, double *bytes)
{
    *updates = chain->updates_a_step;
    *bytes = chain->bytes_a_step;
}

pel_plan pel_chain_plan_used(const pel_chain *chain)
{
    return chain->used;
}

/* Chains beside each other on one team.
 *
 * An atmosphere beside an ocean: neither touches what the other writes, and neither has work enough for all threads, or
 * each would lose time at its own barriers. The team is cut into groups of neighbouring threads, one a chain. All go
 * into one piece of team work, where each thread finds its group and runs the stretch of its chain with the group's
 * numbers, shares and barrier, as if the group were a team. So nothing is new for the executors, but that they must be
 * able to make a stretch ready for a group (a *crew*).
 *
 * Threads are dealt by need: each group gets one, and the next goes to the group that would otherwise end last. The
 * need of a stretch is threads times seconds as measured in the chain's latest stretch; before all have been measured,
 * the bytes that their declarations imply. A thread whose group ends early helps another group if its executor takes
 * help; else it waits with the others at the end.
 *
 * What does not fit runs one chain after the other, with the same bits: see pel_chain_run_beside(). */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/run_inside.h"

typedef struct group {
    stretch r;
    crew crew;
} group;

typedef struct beside {
    group *groups;
    int count;
    double *ended; /* when each thread had done the work of its own group */
} beside;

/* ---- may they run at the same time? ---- */

static bool touches(const pel_chain *chain, const pel_field *field)
{
    for (size_t i = 0; i < chain->recorded.count; i++)
        for (int a = 0; a < chain->recorded.slots[i].arg_count; a++)
            if (chain->recorded.slots[i].args[a].field == field) return true;
    return false;
}

/* A field that `writer` writes and `other` touches; NULL if there is none. */
static const pel_field *shared_field(const pel_chain *writer, const pel_chain *other)
{
    for (size_t i = 0; i < writer->recorded.count; i++) {
        const slot *s = &writer->recorded.slots[i];
        for (int a = 0; a < s->arg_count; a++)
            if (s->args[a].access != PEL_READ && touches(other, s->args[a].field)) return s->args[a].field;
    }
    return NULL;
}

static pel_status check_pair(const pel_chain *writer, const pel_chain *other)
{
    if (writer == other)
        return pel_fail(PEL_ERR_ARGUMENT, "chain %s is to run beside itself; give each chain once", writer->name);
    const pel_field *field = shared_field(writer, other);
    if (!field) return PEL_OK;
    return pel_fail(
        PEL_ERR_ARGUMENT,
        "chain %s writes field %s, which chain %s touches: they cannot run beside each other; run one after "
        "the other",
        writer->name, pel_field_name(field), other->name);
}

static pel_status check_independent(pel_chain *const *chains, int count)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            if (i != j) PEL_TRY(check_pair(chains[i], chains[j]));
    return PEL_OK;
}

/* Whether a boundary slot of one chain fills the halo of a field that the other reads. */
static bool fills_halo_of(const pel_chain *chain, const pel_chain *other)
{
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot *s = &chain->plan.slots[i];
        if (s->kind == SLOT_BOUNDARY && touches(other, s->args[0].field)) return true;
    }
    return false;
}

/* Whether the chain can have a group of its own beside the groups there are. */
static bool fits_beside(const pel_chain *chain, const beside *b)
{
    if (chain->has_serial) return false;
    for (int i = 0; i < b->count; i++)
        if (fills_halo_of(chain, b->groups[i].r.chain) || fills_halo_of(b->groups[i].r.chain, chain)) return false;
    return true;
}

/* ---- who gets how many threads ---- */

static void find_needs(const beside *b, double *need)
{
    bool is_measured = true;
    for (int i = 0; i < b->count; i++) is_measured = is_measured && b->groups[i].r.chain->thread_seconds_a_step > 0;
    for (int i = 0; i < b->count; i++) {
        const stretch *r = &b->groups[i].r;
        const double a_step = is_measured ? r->chain->thread_seconds_a_step : r->chain->bytes_a_step;
        need[i] = a_step * (double)r->steps;
    }
}

static int last_to_end(const double *need, const int *dealt, int count)
{
    int last = 0;
    for (int i = 1; i < count; i++)
        if (need[i] / dealt[i] > need[last] / dealt[last]) last = i;
    return last;
}

void pel_beside_deal(const double *need, int count, int threads, int *dealt)
{
    for (int i = 0; i < count; i++) dealt[i] = 1;
    for (int left = threads - count; left > 0; left--) dealt[last_to_end(need, dealt, count)]++;
}

static pel_status deal_threads(beside *b, int threads)
{
    double *need = NULL;
    int *dealt = NULL, first = 0;
    pel_status status = pel_memory_new((size_t)b->count, sizeof *need, &need);
    if (status == PEL_OK) status = pel_memory_new((size_t)b->count, sizeof *dealt, &dealt);
    if (status == PEL_OK) {
        find_needs(b, need);
        pel_beside_deal(need, b->count, threads, dealt);
        for (int i = 0; i < b->count; first += dealt[i++]) {
            b->groups[i].r.first_thread = first;
            b->groups[i].r.threads = dealt[i];
        }
    }
    free(dealt);
    free(need);
    return status;
}

/* ---- at the same time ---- */

static int group_of(const beside *b, int thread)
{
    int i = 0;
    while (i + 1 < b->count && thread >= b->groups[i + 1].r.first_thread) i++;
    return i;
}

static void work_beside(int thread, int threads, void *data)
{
    beside *b = data;
    const int own = group_of(b, thread);
    const group *g = &b->groups[own];
    g->crew.work(thread - g->r.first_thread, g->r.threads, g->crew.data);
    b->ended[thread] = pel_clock_seconds();
    for (int i = 1; i < b->count; i++) {
        const crew *other = &b->groups[(own + i) % b->count].crew;
        if (other->help) other->help(thread, threads, other->data);
    }
}

static double latest_end(const beside *b, const stretch *r)
{
    double latest = 0;
    for (int t = r->first_thread; t < r->first_thread + r->threads; t++)
        if (b->ended[t] > latest) latest = b->ended[t];
    return latest;
}

/* As the planner expects it to be fastest; there are no trials, as the other groups would disturb them. */
static pel_status make_crew(group *g)
{
    pel_plan *plan = &g->r.chain->used;
    int plans;
    PEL_TRY(pel_plan_candidates(g->r.chain, g->r.team, g->r.options, g->r.steps, plan, 1, &plans));
    if (plan->executor == PEL_EXECUTOR_TEMPORAL) PEL_TRY(pel_temporal_crew(&g->r, plan, &g->crew));
    return g->crew.work ? PEL_OK : pel_spatial_crew(&g->r, &g->crew);
}

static pel_status prepare_groups(beside *b, int threads)
{
    PEL_TRY(deal_threads(b, threads));
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *b->ended, &b->ended));
    for (int i = 0; i < b->count; i++) {
        PEL_TRY(pel_stretch_prepare(&b->groups[i].r));
        PEL_TRY(make_crew(&b->groups[i]));
    }
    return PEL_OK;
}

static pel_status run_groups(beside *b, pel_team *team)
{
    pel_status status = prepare_groups(b, pel_team_threads(team));
    const double start = pel_clock_seconds();
    if (status == PEL_OK) pel_team_run(team, work_beside, b);
    for (int i = 0; i < b->count; i++) {
        const group *g = &b->groups[i];
        if (status == PEL_OK) status = pel_stretch_finish(&g->r, 1, latest_end(b, &g->r) - start);
        if (g->crew.end) g->crew.end(g->crew.data);
    }
    free(b->ended);
    return status;
}

/* ---- all together ---- */

/* Puts the chains that can run at the same time into groups, and marks them. */
static void choose_groups(beside *b, const stretch *all, int count, bool *is_beside)
{
    for (int i = 0; i < count; i++) {
        is_beside[i] = all[i].steps > 0 && fits_beside(all[i].chain, b);
        if (is_beside[i]) b->groups[b->count++] = (group){.r = all[i]};
    }
}

static pel_status run_all(const stretch *all, int count, group *groups, bool *is_beside)
{
    beside b = {.groups = groups};
    pel_team *team = all[0].team;
    choose_groups(&b, all, count, is_beside);
    const bool is_split =
        b.count > 1 && b.count <= pel_team_threads(team) && all[0].options->executor != PEL_EXECUTOR_REFERENCE;
    if (is_split) PEL_TRY(run_groups(&b, team));
    for (int i = 0; i < count; i++)
        if (!is_split || !is_beside[i])
            PEL_TRY(pel_chain_run(all[i].chain, team, all[i].options, all[i].first, all[i].steps));
    return PEL_OK;
}

pel_status pel_chain_run_beside(pel_chain *const *chains, const pel_step *first, const long *steps, int count,
                                pel_team *team, const pel_run_options *options)
{
    if (count <= 0) return PEL_OK;
    PEL_TRY(check_independent(chains, count));
    stretch *all = NULL;
    group *groups = NULL;
    bool *is_beside = NULL;
    pel_status status = pel_memory_new((size_t)count, sizeof *all, &all);
    if (status == PEL_OK) status = pel_memory_new((size_t)count, sizeof *groups, &groups);
    if (status == PEL_OK) status = pel_memory_new((size_t)count, sizeof *is_beside, &is_beside);
    for (int i = 0; i < count && status == PEL_OK; i++)
        all[i] = pel_stretch_of(chains[i], team, options, first[i], steps[i]);
    if (status == PEL_OK) status = run_all(all, count, groups, is_beside);
    free(is_beside);
    free(groups);
    free(all);
    return status;
}

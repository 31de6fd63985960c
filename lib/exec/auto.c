/* Choosing while running: the ways that the planner expects to be best take turns over the first steps of a run, each
 * for some steps at a time, and the one that proves fastest does the rest. No step is done twice, and since all ways
 * give the same bits nobody can tell which step was done how. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exec/run_inside.h"

enum { ROUNDS = 2, MOST_PLANS = 1024 };

static const double trial_seconds = 0.05; /* as long as this at least, if the stretch has steps enough */
static const double worth_trying = 0.4;   /* of the rate of what is expected to be best */

static pel_status run_plan(const stretch *r, const pel_plan *plan, long from, long to, pel_step *at)
{
    if (plan->executor == PEL_EXECUTOR_TEMPORAL) return pel_temporal_run_steps(r, plan, from, to, at);
    return pel_spatial_run_steps(r, from, to, at);
}

/* Whether the choice made before still holds: for this team, these options, and a stretch as long. */
static bool is_same_question(const tuner *t, const stretch *r)
{
    const pel_run_options *a = &t->options, *b = r->options;
    return t->threads == r->threads && a->executor == b->executor && a->pitch == b->pitch && a->height == b->height &&
           a->chunk == b->chunk && a->row == b->row && (r->steps >= t->steps || t->steps >= 64) &&
           r->steps < 16 * t->steps;
}

typedef enum family { SPATIAL, WHOLE_ROWS, PIECES_OF_ROWS, FAMILIES } family;

static family family_of(const pel_plan *plan)
{
    if (plan->executor != PEL_EXECUTOR_TEMPORAL) return SPATIAL;
    return plan->row > 0 ? PIECES_OF_ROWS : WHOLE_ROWS;
}

/* The best of each family: what the prediction gets wrong it gets wrong for all of a family. */
static void choose_trials(tuner *t, const pel_plan *plans, int count)
{
    static const int most[FAMILIES] = {[SPATIAL] = 1, [WHOLE_ROWS] = 4, [PIECES_OF_ROWS] = 2};
    int taken[FAMILIES] = {0};
    for (int i = 0; i < count && t->count < MOST_TRIALS; i++) {
        if (plans[i].updates_per_second < worth_trying * plans[0].updates_per_second) break;
        if (2L * plans[i].height > t->steps) continue; /* too short a stretch to see what it is worth */
        if (taken[family_of(&plans[i])]++ < most[family_of(&plans[i])]) t->plans[t->count++] = plans[i];
    }
    if (t->count == 0) t->plans[t->count++] = plans[0];
    t->is_settled = t->count == 1;
}

static pel_status ask_planner(tuner *t, const stretch *r)
{
    pel_plan *plans = NULL;
    int count;
    *t = (tuner){.threads = r->threads, .options = *r->options, .steps = r->steps};
    PEL_TRY(pel_memory_new(MOST_PLANS, sizeof *plans, &plans));
    const pel_status status = pel_plan_candidates(r->chain, r->team, r->options, r->steps, plans, MOST_PLANS, &count);
    if (status == PEL_OK) choose_trials(t, plans, count);
    free(plans);
    return status;
}

/* The best so far, by what was measured; else as expected. */
static int best_of(const tuner *t)
{
    int best = -1;
    for (int i = 0; i < t->count; i++)
        if (t->seconds_a_step[i] > 0 && (best < 0 || t->seconds_a_step[i] < t->seconds_a_step[best])) best = i;
    return best < 0 ? 0 : best;
}

static long trial_steps(const tuner *t, const pel_plan *plan, long left)
{
    long steps = plan->executor == PEL_EXECUTOR_TEMPORAL ? 2L * plan->height : 2;
    const double known = t->seconds_a_step[t->next];
    const double step = known > 0 ? known : t->updates_a_step / (plan->updates_per_second + 1);
    if (step > 0 && steps * step < trial_seconds) steps = (long)(trial_seconds / step) + 1;
    return steps < left ? steps : left;
}

static void next_trial(tuner *t)
{
    t->next = (t->next + 1) % t->count;
    if (t->next == 0 && ++t->rounds == ROUNDS) t->is_settled = true;
}

/* One trial over the next steps; where the stretch has too few to tell, it counts as one that told nothing. */
static pel_status try_next(const stretch *r, tuner *t, long *from, pel_step *at)
{
    const pel_plan *plan = &t->plans[t->next];
    const long steps = trial_steps(t, plan, r->steps - *from);
    const bool is_telling = plan->executor != PEL_EXECUTOR_TEMPORAL || steps >= 2L * plan->height;
    const double start = pel_clock_seconds();
    PEL_TRY(run_plan(r, plan, *from, *from + steps, at));
    const double seconds = (pel_clock_seconds() - start) / (double)steps;
    *from += steps;
    double *known = &t->seconds_a_step[t->next];
    if (is_telling && (*known == 0 || seconds < *known)) *known = seconds;
    next_trial(t);
    return PEL_OK;
}

pel_status pel_auto_run(const stretch *r)
{
    tuner *t = &r->chain->tuner;
    pel_step at = r->first;
    long from = 0;
    if (!is_same_question(t, r)) PEL_TRY(ask_planner(t, r));
    t->updates_a_step = r->chain->updates_a_step;
    while (!t->is_settled && from < r->steps) PEL_TRY(try_next(r, t, &from, &at));
    r->chain->used = t->plans[best_of(t)];
    return from < r->steps ? run_plan(r, &r->chain->used, from, r->steps, &at) : PEL_OK;
}

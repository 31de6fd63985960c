/* The search.
 *
 * Every candidate begins from step 0, so that all see the same state; two rounds through all of them, of which the
 * better counts, are enough to sort a hundred. The spread of such short spans is larger than the differences at the
 * top, so the fastest three run again in turns with the planner's choice, and medians decide. */
#include "bench/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bench/verify.h"

enum { ROUNDS = 2, FEWEST_STEPS = 24, MOST_STEPS = 5000 };

/* ---- what is tried ---- */

pel_status bench_candidates(const bench_problem *p, long steps, pel_run_options *options, int most, int *count)
{
    pel_plan *plans = NULL;
    PEL_TRY(pel_memory_new((size_t)most, sizeof *plans, &plans));
    const pel_status status = pel_plan_candidates(p->chain, p->team, &(pel_run_options){0}, steps, plans, most, count);
    for (int i = 0; i < *count && status == PEL_OK; i++) options[i] = bench_options_of(&plans[i]);
    free(plans);
    return status;
}

void bench_describe_options(const pel_run_options *o, pel_text *text)
{
    pel_text_add(text, "%s", pel_executor_name(o->executor));
    if (o->pitch > 0) pel_text_add(text, " pitch %d", o->pitch);
    if (o->height > 0) pel_text_add(text, " height %d", o->height);
    if (o->chunk > 0) pel_text_add(text, " chunk %d", o->chunk);
    if (o->row > 0) pel_text_add(text, " row %d", o->row);
}

/* ---- the first round ---- */

typedef struct searching {
    const bench_search_request *request;
    bench_search *search;
    bench_problem *problem;
} searching;

/* Cells a second in one span from the present state. */
static pel_status time_span(const searching *s, const pel_run_options *options, long steps, double *updates)
{
    const bench_contender by = {.options = *options};
    const double start = pel_clock_seconds();
    PEL_TRY(bench_run(s->problem, &by, steps));
    *updates = bench_cells(s->problem) * (double)steps / (pel_clock_seconds() - start);
    return PEL_OK;
}

static pel_status choose_steps(const searching *s)
{
    bench_search *search = s->search;
    search->steps = s->request->steps;
    if (search->steps > 0) return PEL_OK;
    double updates;
    const pel_run_options spatial = {.executor = PEL_EXECUTOR_SPATIAL};
    PEL_TRY(time_span(s, &spatial, 4, &updates)); /* the first touches caches and pages */
    PEL_TRY(time_span(s, &spatial, 8, &updates));
    const double wanted = 0.1 * updates / bench_cells(s->problem);
    search->steps = wanted < FEWEST_STEPS ? FEWEST_STEPS : wanted > MOST_STEPS ? MOST_STEPS : (long)wanted;
    return PEL_OK;
}

static pel_status time_candidate(const searching *s, bench_candidate *candidate)
{
    double updates;
    PEL_TRY(bench_fill(s->problem));
    PEL_TRY(time_span(s, &candidate->options, s->search->steps, &updates));
    if (updates > candidate->updates) candidate->updates = updates;
    return PEL_OK;
}

static int fastest_first(const void *a, const void *b)
{
    const double x = ((const bench_candidate *)a)->updates, y = ((const bench_candidate *)b)->updates;
    return (x < y) - (x > y);
}

static pel_status list_candidates(const searching *s)
{
    bench_search *search = s->search;
    bench_candidate_function *list = s->request->candidates ? s->request->candidates : bench_candidates;
    pel_run_options *options = NULL;
    PEL_TRY(pel_memory_new(BENCH_MOST_CANDIDATES, sizeof *options, &options));
    const pel_status status = list(s->problem, search->steps, options, BENCH_MOST_CANDIDATES, &search->count);
    for (int i = 0; i < search->count && status == PEL_OK; i++)
        search->candidates[i] = (bench_candidate){.options = options[i]};
    free(options);
    return status;
}

static pel_status time_all(const searching *s)
{
    bench_search *search = s->search;
    PEL_TRY(list_candidates(s));
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < search->count; i++) PEL_TRY(time_candidate(s, &search->candidates[i]));
    qsort(search->candidates, (size_t)search->count, sizeof *search->candidates, fastest_first);
    return PEL_OK;
}

/* ---- the finalists ---- */

/* The fastest, and last what the planner has chosen when it has settled. */
static pel_status list_finalists(const searching *s, bench_contender *finalists)
{
    bench_search *search = s->search;
    search->finalists = search->count < BENCH_FINALISTS ? search->count : BENCH_FINALISTS;
    for (int i = 0; i < search->finalists; i++)
        finalists[i] = (bench_contender){.name = "a finalist", .options = search->candidates[i].options};
    bench_contender *choice = &finalists[search->finalists];
    *choice = (bench_contender){.name = "the planner's choice"};
    PEL_TRY(bench_settle(s->problem, choice, search->steps));
    search->choice = choice->options;
    return PEL_OK;
}

static void compare_rates(const searching *s, int count, const double *seconds)
{
    bench_search *search = s->search;
    const int turns = search->repetitions;
    double values[BENCH_MOST_REPETITIONS];
    for (int i = 0; i < count; i++) {
        for (int r = 0; r < turns; r++)
            values[r] = bench_cells(s->problem) * (double)search->steps / seconds[i * turns + r];
        search->updates[i] = bench_spread_of(values, turns);
        if (i < search->finalists && search->updates[i].median > search->updates[search->best].median) search->best = i;
    }
    for (int r = 0; r < turns; r++)
        values[r] = seconds[search->best * turns + r] / seconds[search->finalists * turns + r];
    search->auto_over_best = bench_spread_of(values, turns);
}

static pel_status run_finalists(const searching *s)
{
    bench_contender finalists[BENCH_FINALISTS + 1];
    bench_search *search = s->search;
    PEL_TRY(list_finalists(s, finalists));
    const int count = search->finalists + 1;
    PEL_TRY(bench_verify_full(s->problem, finalists, count, search->steps));
    double *seconds = NULL;
    PEL_TRY(pel_memory_new((size_t)(count * search->repetitions), sizeof *seconds, &seconds));
    const pel_status status =
        bench_take_turns(s->problem, finalists, count, search->steps, search->repetitions, seconds);
    if (status == PEL_OK) compare_rates(s, count, seconds);
    free(seconds);
    return status;
}

static pel_status search_on_team(searching *s, pel_team *team)
{
    const bench_search_request *q = s->request;
    bench_search *search = s->search;
    search->threads = pel_team_threads(team);
    PEL_TRY(bench_problem_from_deck(q->deck_path, q->sets, q->set_count, team, q->apps, &s->problem));
    memcpy(search->cells, s->problem->cells, sizeof search->cells);
    search->dimensions = pel_grid_dimensions(s->problem->grid);
    pel_status status = choose_steps(s);
    if (status == PEL_OK) status = time_all(s);
    if (status == PEL_OK) status = run_finalists(s);
    bench_problem_destroy(s->problem);
    return status;
}

pel_status bench_search_deck(const bench_search_request *request, bench_search *search)
{
    searching s = {.request = request, .search = search};
    *search = (bench_search){.deck_path = request->deck_path,
                             .repetitions = request->repetitions > 0 ? request->repetitions : 5};
    pel_team *team = NULL;
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = request->threads}, &team));
    const pel_status status = search_on_team(&s, team);
    pel_team_destroy(team);
    return status;
}

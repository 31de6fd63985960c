/* The search.
 *
 * Every candidate begins from step 0, so that all see the same state, and its better span of two counts: enough to sort
 * hundreds of them. The spread of such short spans is larger than the differences at the top, so the fastest three run
 * again in turns with the planner's choice, and medians decide. */
#include "bench/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bench/verify.h"

enum { SPANS = 2, FEWEST_STEPS = 24, MOST_STEPS = 5000 };

/* ---- what is tried ---- */

static void add(pel_run_options *options, int most, int *count, pel_run_options one)
{
    if (*count < most) options[(*count)++] = one;
}

int bench_candidates(const bench_problem *p, pel_run_options *options, int most)
{
    static const int heights[] = {1, 2, 3, 4, 6, 8, 12, 16}; /* a pitch of 1 is raised to the least that is legal */
    static const int pitches[] = {1, 12, 16, 24, 32, 48, 64, 96, 128};
    static const int planes[] = {2, 4, 8, 16}, columns[] = {64, 256, 1024, 4096};
    const int *chunks = p->cells[2] > 1 ? planes : columns;
    int count = 0;
    add(options, most, &count, (pel_run_options){.executor = PEL_EXECUTOR_SPATIAL});
    for (size_t h = 0; h < sizeof heights / sizeof *heights; h++)
        for (size_t d = 0; d < sizeof pitches / sizeof *pitches; d++)
            for (size_t c = 0; c < 4 && (pitches[d] == 1 || pitches[d] >= 2 * heights[h]); c++)
                add(options, most, &count,
                    (pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL,
                                      .pitch = pitches[d],
                                      .height = heights[h],
                                      .chunk = chunks[c]});
    return count;
}

void bench_describe_options(const pel_run_options *o, pel_text *text)
{
    static const char *const names[] = {"auto", "reference", "spatial", "temporal"};
    pel_text_add(text, "%s", names[o->executor]);
    if (o->executor != PEL_EXECUTOR_TEMPORAL) return;
    if (o->pitch == 1) pel_text_add(text, " pitch least");
    else pel_text_add(text, " pitch %d", o->pitch);
    pel_text_add(text, " height %d chunk %d", o->height, o->chunk);
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
    PEL_TRY(bench_fill(s->problem));
    for (int i = 0; i < SPANS; i++) {
        double updates;
        PEL_TRY(time_span(s, &candidate->options, s->search->steps, &updates));
        if (updates > candidate->updates) candidate->updates = updates;
    }
    return PEL_OK;
}

static int fastest_first(const void *a, const void *b)
{
    const double x = ((const bench_candidate *)a)->updates, y = ((const bench_candidate *)b)->updates;
    return (x < y) - (x > y);
}

static pel_status time_all(const searching *s)
{
    bench_search *search = s->search;
    bench_candidate_function *list = s->request->candidates ? s->request->candidates : bench_candidates;
    pel_run_options *options = NULL;
    PEL_TRY(pel_memory_new(BENCH_MOST_CANDIDATES, sizeof *options, &options));
    search->count = list(s->problem, options, BENCH_MOST_CANDIDATES);
    pel_status status = PEL_OK;
    for (int i = 0; i < search->count && status == PEL_OK; i++) {
        search->candidates[i] = (bench_candidate){.options = options[i]};
        status = time_candidate(s, &search->candidates[i]);
    }
    free(options);
    qsort(search->candidates, (size_t)search->count, sizeof *search->candidates, fastest_first);
    return status;
}

/* ---- the finalists ---- */

/* The fastest, and last the planner's choice. */
static int list_finalists(bench_search *search, bench_contender *finalists)
{
    search->finalists = search->count < BENCH_FINALISTS ? search->count : BENCH_FINALISTS;
    for (int i = 0; i < search->finalists; i++)
        finalists[i] = (bench_contender){.name = "a finalist", .options = search->candidates[i].options};
    finalists[search->finalists] = (bench_contender){.name = "the planner's choice"};
    return search->finalists + 1;
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
    const int count = list_finalists(search, finalists);
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

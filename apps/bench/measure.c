/* Measuring a case.
 *
 * The machine drifts: clocks, neighbours, the pages that a process happens to get. So contenders take turns on the same
 * memory, and a ratio is that of two rates within one turn; its median over the turns stands for it, and its range is
 * shown. The verification at full size, which every contender goes through first, is the warm-up. What the planner
 * would try in the course of a run is tried before: its choice is measured, not its trials. */
#include "bench/measure.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "bench/fftw.h"
#include "bench/verify.h"
#include "exec/bandwidth.h"
#include "exec/machine_figures.h"

/* ---- medians ---- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bench_spread bench_spread_of(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    const double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    return (bench_spread){.median = median, .min = values[0], .max = values[count - 1]};
}

/* ---- the machine's limits ---- */

/* Bandwidth drifts with the neighbours and is measured beside each case; the peak is the processor's. */
pel_status bench_measure_limits(pel_team *team, bench_limits *limits)
{
    const pel_figures *kept = pel_team_figures(team);
    limits->peak = kept ? pel_figures_peak(kept, pel_team_threads(team)) : 0;
    limits->is_kept = limits->peak > 0;
    if (!limits->is_kept) PEL_TRY(pel_peak_measure(team, &limits->peak));
    return pel_bandwidth_triad(team, &limits->triad);
}

/* ---- turns ---- */

pel_status bench_take_turns(bench_problem *p, const bench_contender *contenders, int count, long steps, int repetitions,
                            double *seconds)
{
    for (int r = 0; r < repetitions; r++)
        for (int c = 0; c < count; c++) {
            const double start = pel_clock_seconds();
            PEL_TRY(bench_run(p, &contenders[c], steps));
            seconds[c * repetitions + r] = pel_clock_seconds() - start;
        }
    return PEL_OK;
}

/* ---- the planner's choice ---- */

enum { SETTLING_STRETCHES = 3 };
static const double settling_seconds = 1; /* the planner's trials are over by then */

pel_run_options bench_options_of(const pel_plan *plan)
{
    return (pel_run_options){.executor = plan->executor,
                             .pitch = plan->pitch,
                             .height = plan->height,
                             .chunk = plan->chunk,
                             .row = plan->row};
}

pel_status bench_settle(bench_problem *p, bench_contender *contender, long steps)
{
    const pel_executor executor = contender->options.executor;
    if (contender->is_hand || contender->rival || executor == PEL_EXECUTOR_SPATIAL ||
        executor == PEL_EXECUTOR_REFERENCE)
        return PEL_OK;
    PEL_TRY(bench_fill(p));
    const double start = pel_clock_seconds();
    for (int i = 0; i < SETTLING_STRETCHES || pel_clock_seconds() - start < settling_seconds; i++)
        PEL_TRY(bench_run(p, contender, steps));
    const pel_plan plan = pel_chain_plan_used(p->chain);
    contender->options = bench_options_of(&plan);
    return PEL_OK;
}

/* ---- a case ---- */

/* A case on its way: who takes part, and how long each took in each turn. */
typedef struct measuring {
    const bench_request *request;
    bench_result *result;
    bench_problem *problem;
    bench_contender contenders[BENCH_MOST_CONTENDERS];
    int count;
    double *seconds;
} measuring;

static void add_executor(measuring *m, pel_executor executor)
{
    bench_contender c = {.name = pel_executor_name(executor), .options = m->request->options};
    c.options.executor = executor;
    m->contenders[m->count++] = c;
}

/* Whether steps build on each other and look at neighbours alone; a transform looks at the whole field. */
static bool can_tile_in_time(const bench_case *which)
{
    return !which->is_stationary && !which->rival;
}

/* Spatial first: the others are compared with it. */
static void choose_contenders(measuring *m)
{
    if (m->request->is_one) {
        add_executor(m, m->request->options.executor);
    } else {
        add_executor(m, PEL_EXECUTOR_SPATIAL);
        if (m->problem->which->is_overhead) add_executor(m, PEL_EXECUTOR_AUTO);
        else if (can_tile_in_time(m->problem->which)) add_executor(m, PEL_EXECUTOR_TEMPORAL);
    }
    if (bench_has_hand(m->problem)) m->contenders[m->count++] = (bench_contender){.name = "hand", .is_hand = true};
}

static const char part_name[] = "transforms", fftw_name[] = "raw FFTW", measured_fftw_name[] = "FFTW_MEASURE";

static pel_status add_rival(measuring *m, const char *name, const bench_rival *rival, unsigned effort)
{
    bench_contender *c = &m->contenders[m->count];
    *c = (bench_contender){.name = name, .rival = rival};
    PEL_TRY(rival->begin(m->problem, effort, &c->state));
    m->count++;
    return bench_verify_rival(m->problem, c);
}

/* Measured plans last: all that is planned by estimate has its plans by now. */
static pel_status add_rivals(measuring *m)
{
    const bench_case *which = m->problem->which;
    if (which->part) PEL_TRY(add_rival(m, part_name, which->part, FFTW_ESTIMATE));
    if (which->rival) PEL_TRY(add_rival(m, fftw_name, which->rival, FFTW_ESTIMATE));
    return which->rival ? add_rival(m, measured_fftw_name, which->rival, FFTW_MEASURE) : PEL_OK;
}

static void end_rivals(measuring *m)
{
    for (int i = 0; i < m->count; i++)
        if (m->contenders[i].rival) m->contenders[i].rival->end(m->contenders[i].state);
}

/* At full size every contender is held against spatial, whether that takes part or not. */
static pel_status verify(const measuring *m)
{
    bench_contender all[BENCH_MOST_CONTENDERS + 1] = {
        {.name = "spatial", .options = {.executor = PEL_EXECUTOR_SPATIAL}}};
    memcpy(all + 1, m->contenders, sizeof m->contenders);
    const int skipped = m->contenders[0].options.executor == PEL_EXECUTOR_SPATIAL ? 1 : 0;
    return bench_verify_full(m->problem, all + skipped, m->count + 1 - skipped, m->result->steps);
}

static double seconds_of(const measuring *m, int contender, int turn)
{
    return m->seconds[contender * m->result->repetitions + turn];
}

static int find(const measuring *m, const char *name)
{
    for (int i = 0; i < m->count; i++)
        if (strcmp(m->contenders[i].name, name) == 0) return i;
    return -1;
}

/* Rate of one contender over the rate of the faster of two (`other` may be -1), turn by turn. */
static bench_ratio ratio(const measuring *m, int contender, int rival, int other)
{
    double values[BENCH_MOST_REPETITIONS];
    if (contender < 0 || rival < 0) return (bench_ratio){0};
    for (int r = 0; r < m->result->repetitions; r++) {
        double best = seconds_of(m, rival, r);
        if (other >= 0 && seconds_of(m, other, r) < best) best = seconds_of(m, other, r);
        values[r] = best / seconds_of(m, contender, r);
    }
    return (bench_ratio){.is_known = true, .of = bench_spread_of(values, m->result->repetitions)};
}

/* Seconds a step that a contender takes longer than the rival, turn by turn. */
static bench_ratio excess(const measuring *m, int contender, int rival)
{
    double values[BENCH_MOST_REPETITIONS];
    if (rival < 0 || contender == rival) return (bench_ratio){0};
    for (int r = 0; r < m->result->repetitions; r++)
        values[r] = (seconds_of(m, contender, r) - seconds_of(m, rival, r)) / (double)m->result->steps;
    return (bench_ratio){.is_known = true, .of = bench_spread_of(values, m->result->repetitions)};
}

static bench_figures figures_of(const measuring *m, int contender)
{
    double values[BENCH_MOST_REPETITIONS];
    const double cells = bench_cells(m->problem), steps = (double)m->result->steps;
    for (int r = 0; r < m->result->repetitions; r++) values[r] = cells * steps / seconds_of(m, contender, r);
    bench_figures f = {.name = m->contenders[contender].name,
                       .is_hand = m->contenders[contender].is_hand,
                       .is_rival = m->contenders[contender].rival != NULL,
                       .options = m->contenders[contender].options,
                       .updates = bench_spread_of(values, m->result->repetitions)};
    f.bytes = f.is_rival ? 0 : f.updates.median * m->result->bytes_a_cell;
    f.flops = f.updates.median * m->problem->which->flops;
    if (m->problem->which->is_overhead) f.beyond = excess(m, contender, find(m, "hand"));
    return f;
}

static void evaluate(measuring *m)
{
    bench_result *result = m->result;
    const int temporal = find(m, "temporal"), spatial = find(m, "spatial"), hand = find(m, "hand");
    for (int i = 0; i < m->count; i++) result->figures[i] = figures_of(m, i);
    result->count = m->count;
    result->temporal_over_spatial = ratio(m, temporal, spatial, -1);
    result->temporal_over_hand = ratio(m, temporal, hand, -1);
    result->temporal_over_better = ratio(m, temporal, spatial, hand);
    result->spatial_over_hand = ratio(m, spatial, hand, -1);
    result->over_part = ratio(m, 0, find(m, part_name), -1);
    result->over_fftw = ratio(m, 0, find(m, fftw_name), -1);
    result->over_measured_fftw = ratio(m, 0, find(m, measured_fftw_name), -1);
}

static pel_status run_turns(measuring *m)
{
    choose_contenders(m);
    for (int i = 0; i < m->count; i++) PEL_TRY(bench_settle(m->problem, &m->contenders[i], m->result->steps));
    m->result->bytes_a_cell = bench_bytes_a_step(m->problem) / bench_cells(m->problem);
    PEL_TRY(verify(m));
    PEL_TRY(add_rivals(m));
    PEL_TRY(pel_memory_new((size_t)(m->count * m->result->repetitions), sizeof *m->seconds, &m->seconds));
    PEL_TRY(
        bench_take_turns(m->problem, m->contenders, m->count, m->result->steps, m->result->repetitions, m->seconds));
    evaluate(m);
    return PEL_OK;
}

static pel_status measure_on_team(const bench_case *which, const bench_request *request, pel_team *team,
                                  bench_result *result)
{
    measuring m = {.request = request, .result = result};
    PEL_TRY(bench_measure_limits(team, &result->limits));
    PEL_TRY(bench_problem_create(which, result->cells, result->is_periodic, team, request->apps, &m.problem));
    const pel_status status = run_turns(&m);
    end_rivals(&m);
    free(m.seconds);
    bench_problem_destroy(m.problem);
    return status;
}

/* One number stands for all dimensions. */
static void choose_size(const bench_case *which, const bench_request *request, int cells[3])
{
    for (int d = 0; d < 3; d++) {
        const int wanted = request->cells[d] > 0 ? request->cells[d] : request->cells[0];
        cells[d] = wanted > 0 ? wanted : which->cells[d];
        if (d >= which->dimensions) cells[d] = 1;
    }
}

pel_status bench_measure(const bench_case *which, const bench_request *request, bench_result *result)
{
    *result = (bench_result){.which = which,
                             .is_periodic = request->is_periodic || which->is_periodic,
                             .steps = request->steps > 0 ? request->steps : which->steps,
                             .repetitions = request->repetitions > 0 ? request->repetitions : 5};
    choose_size(which, request, result->cells);
    PEL_TRY(bench_fftw_prepare());
    pel_team *team = NULL;
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = request->threads}, &team));
    result->threads = pel_team_threads(team);
    pel_team_destroy(team);
    PEL_TRY(bench_verify_small(which, result->threads > 1 ? result->threads : 3, request->apps));
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = request->threads}, &team));
    const pel_status status = measure_on_team(which, request, team, result);
    pel_team_destroy(team);
    return status;
}

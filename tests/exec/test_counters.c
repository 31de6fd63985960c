/* Counters of a team: what is busy, what waits, and that nothing is lost between them. Work is made to differ by
 * arithmetic of known amount, and times are compared with each other in ways that no clock or scheduler can upset. */
#include "exec/counters.h"

#include <math.h>
#include <omp.h>

#include "base/clock.h"
#include "exec/chain.h"
#include "support/test.h"

enum { CELLS = 64 };

/* Work for about so long. */
static void work_for(double seconds)
{
    const double end = pel_clock_seconds() + seconds;
    while (pel_clock_seconds() < end) continue;
}

static pel_team *counting_team(int threads)
{
    pel_team *team;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    CHECK_STATUS(pel_team_counters_make(team));
    pel_team_counters_switch(team, true);
    return team;
}

static pel_team_counts counts_of(const pel_team *team)
{
    pel_team_counts counts;
    CU_ASSERT_TRUE(pel_team_counters_read(team, &counts));
    return counts;
}

/* All threads' times in the team's regions: busy and waiting are within threads times the regions' time, and every
 * thread has been at most as long in a region as the region lasted. */
static void check_adds_up(const pel_team *team)
{
    const pel_team_counts counts = counts_of(team);
    double sum = 0;
    for (int t = 0; t < counts.threads; t++) {
        const pel_thread_counts of = pel_team_thread_counts(team, t);
        CU_ASSERT_TRUE(of.busy >= 0 && of.waiting >= 0 && of.stolen >= 0);
        CU_ASSERT_TRUE(of.stolen <= of.busy);
        CU_ASSERT_TRUE(of.busy + of.waiting <= counts.region_seconds * (1 + 1e-9));
        sum += of.busy + of.waiting;
    }
    CU_ASSERT_TRUE(sum <= counts.thread_seconds * (1 + 1e-9));
    CU_ASSERT_TRUE(counts.thread_seconds <= counts.threads * counts.region_seconds * (1 + 1e-9));
}

/* ---- regions ---- */

static const double long_work = 0.02;

static void work_on_the_last(int thread, int threads, void *data)
{
    (void)data;
    if (thread == threads - 1) work_for(long_work);
}

TEST(others_wait_for_the_thread_that_works)
{
    pel_team *team = counting_team(3);
    for (int i = 0; i < 3; i++) pel_team_run(team, work_on_the_last, NULL);
    const pel_thread_counts worker = pel_team_thread_counts(team, 2);
    CU_ASSERT_EQUAL(counts_of(team).regions, 3);
    CU_ASSERT_EQUAL(counts_of(team).threads, 3);
    CU_ASSERT_TRUE(counts_of(team).region_seconds >= 3 * long_work);
    CU_ASSERT_TRUE(worker.busy >= 3 * long_work);
    for (int t = 0; t < 2; t++) { /* each at most begins late, by what is then overhead, and has nothing to do */
        const pel_thread_counts idle = pel_team_thread_counts(team, t);
        CU_ASSERT_TRUE(idle.busy < worker.busy);
        CU_ASSERT_TRUE(idle.waiting + idle.busy <= counts_of(team).region_seconds);
    }
    CU_ASSERT_TRUE(pel_team_thread_counts(team, 0).waiting > worker.waiting);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(a_team_of_one_never_waits)
{
    pel_team *team = counting_team(1);
    pel_team_run(team, work_on_the_last, NULL);
    CU_ASSERT_EQUAL(pel_team_thread_counts(team, 0).waiting, 0);
    CU_ASSERT_TRUE(pel_team_thread_counts(team, 0).busy >= long_work);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(nothing_is_counted_that_is_not_asked_for)
{
    pel_team *team;
    pel_team_counts counts;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    pel_team_counters_switch(team, true); /* there are none */
    pel_team_run(team, work_on_the_last, NULL);
    CU_ASSERT_FALSE(pel_team_counters_read(team, &counts));
    CU_ASSERT_EQUAL(counts.regions, 0);
    CHECK_STATUS(pel_team_counters_make(team)); /* switched off */
    pel_team_run(team, work_on_the_last, NULL);
    pel_team_note_file(team, NULL, "series", pel_clock_seconds() - 1);
    CU_ASSERT_FALSE(pel_team_is_counting(team));
    CU_ASSERT_EQUAL(counts_of(team).regions, 0);
    CU_ASSERT_EQUAL(counts_of(team).file_seconds, 0);
    CU_ASSERT_EQUAL(pel_team_thread_counts(team, 1).busy, 0);
    pel_team_destroy(team);
}

TEST(a_file_is_noted_once_for_trace_and_counters)
{
    pel_team *team = counting_team(1);
    pel_trace *trace;
    CHECK_STATUS(pel_trace_create(1, 10, &trace));
    pel_team_note_file(team, trace, "series", pel_clock_seconds() - 1);
    CU_ASSERT_TRUE(counts_of(team).file_seconds >= 1);
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).files, counts_of(team).file_seconds);
    pel_trace_destroy(trace);
    pel_team_destroy(team);
}

TEST(a_reset_begins_anew)
{
    pel_team *team = counting_team(2);
    pel_team_run(team, work_on_the_last, NULL);
    pel_team_note_file(team, NULL, "series", pel_clock_seconds() - 1);
    pel_team_counters_reset(team);
    CU_ASSERT_EQUAL(counts_of(team).regions, 0);
    CU_ASSERT_EQUAL(counts_of(team).region_seconds, 0);
    CU_ASSERT_EQUAL(counts_of(team).file_seconds, 0);
    for (int t = 0; t < 2; t++) {
        CU_ASSERT_EQUAL(pel_team_thread_counts(team, t).busy, 0);
        CU_ASSERT_EQUAL(pel_team_thread_counts(team, t).waiting, 0);
    }
    pel_team_run(team, work_on_the_last, NULL);
    CU_ASSERT_EQUAL(counts_of(team).regions, 1);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(a_team_that_grows_keeps_its_figures)
{
    pel_team *team = counting_team(1);
    pel_team_run(team, work_on_the_last, NULL);
    const double busy = pel_team_thread_counts(team, 0).busy;
    CHECK_STATUS(pel_team_resize(team, 4));
    CU_ASSERT_EQUAL(pel_team_thread_counts(team, 0).busy, busy);
    CU_ASSERT_EQUAL(counts_of(team).threads, 1);
    pel_team_run(team, work_on_the_last, NULL);
    CU_ASSERT_EQUAL(counts_of(team).threads, 4);
    CU_ASSERT_TRUE(pel_team_thread_counts(team, 3).busy >= long_work);
    check_adds_up(team);
    pel_team_destroy(team);
}

enum { MOST_THREADS = 4 };

/* What threads know of a region from within: when each came, and when it went. */
typedef struct visit {
    double came[MOST_THREADS], went[MOST_THREADS];
} visit;

static void visit_region(int thread, int threads, void *data)
{
    visit *v = data;
    v->came[thread] = pel_clock_seconds();
    if (thread == threads - 1) work_for(1e-4);
    v->went[thread] = pel_clock_seconds();
}

/* Adds to `least` how long each thread was in a region at the least: until the last one went. */
static void run_visits(pel_team *team, int count, double least[MOST_THREADS])
{
    for (int i = 0; i < count; i++) {
        visit v;
        double last = 0;
        pel_team_run(team, visit_region, &v);
        for (int t = 0; t < pel_team_threads(team); t++) last = fmax(last, v.went[t]);
        for (int t = 0; t < pel_team_threads(team); t++) least[t] += last - v.came[t];
    }
}

static void check_at_least(const pel_team *team, const double least[MOST_THREADS])
{
    for (int t = 0; t < MOST_THREADS; t++) {
        const pel_thread_counts of = pel_team_thread_counts(team, t);
        CU_ASSERT_TRUE(of.busy + of.waiting >= least[t] * (1 - 1e-9));
    }
    check_adds_up(team);
}

TEST(no_wait_is_lost_in_many_regions)
{
    double least[MOST_THREADS] = {0};
    pel_team *team = counting_team(2);
    run_visits(team, 300, least);
    CU_ASSERT_EQUAL(counts_of(team).regions, 300);
    check_at_least(team, least);
    pel_team_destroy(team);
}

TEST(no_wait_is_lost_where_a_team_shrinks_and_grows)
{
    static const int threads[] = {3, 2, 4, 1, 3};
    double least[MOST_THREADS] = {0};
    pel_team *team = counting_team(1);
    for (int i = 0; i < 5; i++) {
        CHECK_STATUS(pel_team_resize(team, threads[i]));
        run_visits(team, 20, least);
    }
    CU_ASSERT_EQUAL(counts_of(team).regions, 100);
    CU_ASSERT_EQUAL(counts_of(team).threads, 4);
    check_at_least(team, least);
    pel_team_destroy(team);
}

/* ---- chains ---- */

/* Cells of the lower half of the grid cost a lot, those of the upper half next to nothing. */
static void lopsided(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *a = pel_row(arg[0], y, 0);
        double *b = pel_row(arg[1], y, 0);
        if (y < CELLS / 2) work_for(2e-4);
        for (int x = box->lo[0]; x < box->hi[0]; x++) b[x] = 0.25 * (a[x - 1] + a[x + 1]) + 0.5 * a[x];
    }
}

static void uneven(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)arg, (void)step, (void)params;
    if (piece == 0) work_for(2e-3);
}

static double wave(int x, int y)
{
    return sin(0.3 * x) + cos(0.7 * y);
}

/* Runs some steps, counted or not. @return the sum of what the field then is; the team is for pel_team_destroy() */
static double run_lopsided(pel_executor executor, bool is_counted, bool has_pieces, pel_trace *trace, pel_team **team)
{
    pel_grid *grid;
    pel_field *field;
    pel_chain *chain;
    *team = counting_team(2);
    pel_team_counters_switch(*team, is_counted);
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.name = "", .dimensions = 2, .cells = {CELLS, CELLS}}, &grid));
    CHECK_STATUS(pel_field_declare(grid, "t", &(pel_field_spec){.levels = 2}, &field));
    CHECK_STATUS(pel_chain_create("step", PEL_CHAIN_STEPPER, &chain));
    pel_chain_loop(chain, "lopsided", lopsided, NULL, 0, PEL_INTERIOR, pel_read(field, 0, PEL_AROUND_X(1)),
                   pel_write(field, 1));
    if (has_pieces) pel_chain_tiles(chain, "pieces", 2, uneven, NULL, 0, pel_read(field, 1));
    CHECK_STATUS(pel_commit(*team, &grid, 1, &chain, 1));
    pel_team_counters_reset(*team);
    for (int y = 0; y < CELLS; y++)
        for (int x = 0; x < CELLS; x++) *pel_at(pel_field_view(field, 0), x, y, 0) = wave(x, y);
    pel_field_mark_set(field, 0);
    const pel_run_options options = {
        .executor = executor, .tile = {CELLS, 1, 1}, .pitch = 8, .height = 2, .trace = trace};
    CHECK_STATUS(pel_chain_run(chain, *team, &options, (pel_step){.dt = 1}, 4));
    double sum = 0;
    for (int y = 0; y < CELLS; y++)
        for (int x = 0; x < CELLS; x++) sum += (x + 1) * *pel_at(pel_field_view(field, 0), x, y, 0);
    pel_chain_destroy(chain);
    pel_grid_destroy(grid);
    return sum;
}

TEST(counting_changes_no_bits)
{
    const pel_executor executors[] = {PEL_EXECUTOR_REFERENCE, PEL_EXECUTOR_SPATIAL, PEL_EXECUTOR_TEMPORAL};
    for (int i = 0; i < 3; i++) {
        pel_team *plain, *counted;
        const double expected = run_lopsided(executors[i], false, false, NULL, &plain);
        CU_ASSERT_EQUAL(counts_of(plain).regions, 0);
        CU_ASSERT_EQUAL(run_lopsided(executors[i], true, false, NULL, &counted), expected);
        pel_team_destroy(plain);
        pel_team_destroy(counted);
    }
}

TEST(tiles_that_are_taken_from_another_are_counted)
{
    pel_team *team;
    run_lopsided(PEL_EXECUTOR_SPATIAL, true, false, NULL, &team);
    const double stolen = pel_team_thread_counts(team, 0).stolen + pel_team_thread_counts(team, 1).stolen;
    CU_ASSERT_TRUE(stolen > 2e-4); /* a row of the costly half at the least: its owner has 32 of them a step */
    CU_ASSERT_TRUE(counts_of(team).regions >= 1);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(waits_within_a_region_are_no_work)
{
    pel_team *team;
    run_lopsided(PEL_EXECUTOR_SPATIAL, true, true, NULL, &team);
    const pel_thread_counts first = pel_team_thread_counts(team, 0), second = pel_team_thread_counts(team, 1);
    CU_ASSERT_TRUE(first.busy + second.busy >= 4 * (32 * 2e-4 + 2e-3)); /* all there is to do */
    CU_ASSERT_TRUE(first.waiting + second.waiting > 0);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(tiles_in_time_are_counted_too)
{
    pel_team *team;
    run_lopsided(PEL_EXECUTOR_TEMPORAL, true, false, NULL, &team);
    const pel_thread_counts first = pel_team_thread_counts(team, 0), second = pel_team_thread_counts(team, 1);
    CU_ASSERT_TRUE(first.busy + second.busy >= 4 * 32 * 2e-4);
    check_adds_up(team);
    pel_team_destroy(team);
}

TEST(the_reference_runs_outside_regions)
{
    pel_team *team;
    run_lopsided(PEL_EXECUTOR_REFERENCE, true, false, NULL, &team);
    CU_ASSERT_EQUAL(counts_of(team).regions, 0);
    CU_ASSERT_EQUAL(pel_team_thread_counts(team, 0).busy, 0);
    pel_team_destroy(team);
}

/* Counters and trace are told the same. What a trace has as work or waits is the least that counters have; tiles of
 * others are the same to the last nanosecond. */
static void check_against_trace(pel_executor executor, bool has_pieces)
{
    pel_team *team;
    pel_trace *trace;
    double busy = 0, waiting = 0, stolen = 0;
    CHECK_STATUS(pel_trace_create(2, 1000, &trace));
    run_lopsided(executor, true, has_pieces, trace, &team);
    for (int t = 0; t < 2; t++) {
        const pel_thread_counts of = pel_team_thread_counts(team, t);
        busy += of.busy, waiting += of.waiting, stolen += of.stolen;
    }
    const pel_trace_summary sum = pel_trace_summarise(trace);
    CU_ASSERT_TRUE(sum.busy > 0 && sum.waiting > 0);
    CU_ASSERT_TRUE(busy >= sum.busy * (1 - 1e-9));
    CU_ASSERT_TRUE(waiting >= sum.waiting * (1 - 1e-9));
    CU_ASSERT_DOUBLE_EQUAL(stolen, sum.stolen, 1e-9);
    check_adds_up(team);
    pel_trace_destroy(trace);
    pel_team_destroy(team);
}

TEST(counters_have_what_the_trace_has)
{
    check_against_trace(PEL_EXECUTOR_SPATIAL, false);
    check_against_trace(PEL_EXECUTOR_SPATIAL, true);
    check_against_trace(PEL_EXECUTOR_TEMPORAL, false);
}

/* ---- groups of a team ---- */

/* By thread of the team: seconds in pieces. */
static double spent[MOST_THREADS];

static void note_uneven(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    const double start = pel_clock_seconds();
    uneven(piece, arg, step, params);
    spent[omp_get_thread_num()] += pel_clock_seconds() - start;
}

static pel_chain *make_pieces(const char *name, pel_grid **grid)
{
    pel_field *field;
    pel_chain *chain;
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.name = "", .dimensions = 1, .cells = {CELLS}}, grid));
    CHECK_STATUS(pel_field_declare(*grid, name, &(pel_field_spec){.levels = 1}, &field));
    CHECK_STATUS(pel_chain_create(name, PEL_CHAIN_PLAIN, &chain));
    pel_chain_tiles(chain, name, 2, note_uneven, NULL, 0, pel_read(field, 0));
    return chain;
}

/* In each group one thread waits while the other is at the long piece; a wait that another group's thread got would be
 * taken from its work. */
TEST(waits_in_a_group_are_those_of_its_own_threads)
{
    pel_grid *grids[2];
    pel_team *team = counting_team(MOST_THREADS);
    pel_chain *chains[] = {make_pieces("one", &grids[0]), make_pieces("other", &grids[1])};
    const pel_step first[] = {{.dt = 1}, {.dt = 1}};
    const long steps[] = {5, 5};
    CHECK_STATUS(pel_commit(team, grids, 2, chains, 2));
    pel_team_counters_reset(team);
    for (int t = 0; t < MOST_THREADS; t++) spent[t] = 0;
    CHECK_STATUS(
        pel_chain_run_beside(chains, first, steps, 2, team, &(pel_run_options){.executor = PEL_EXECUTOR_SPATIAL}));
    CU_ASSERT_EQUAL(counts_of(team).regions, 1);
    for (int t = 0; t < MOST_THREADS; t++)
        CU_ASSERT_TRUE(pel_team_thread_counts(team, t).busy >= spent[t] * (1 - 1e-9));
    check_adds_up(team);
    for (int i = 0; i < 2; i++) pel_chain_destroy(chains[i]);
    for (int i = 0; i < 2; i++) pel_grid_destroy(grids[i]);
    pel_team_destroy(team);
}

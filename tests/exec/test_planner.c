/* The planner: what it expects of machines that nobody here owns, and why it does not tile in time where it does not.
 */
#include "exec/planner.h"

#include <math.h>

#include "support/test.h"

#define NODE "pack:2 numa:4 l3:1(size=32MiB) core:16 l2:1(size=1MiB) pu:1" /* 128 cores in eight domains */

enum { MOST = 1024 };
static const double l2 = 1 << 20;

/* Diffusion, planned but never run: seven points, from one time level to the next. */
typedef struct diffusion {
    pel_grid *grid;
    pel_field *field;
    pel_chain *chain;
} diffusion;

static void never_run(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)box, (void)arg, (void)step, (void)params;
}

static pel_status never_called(const pel_call *call)
{
    (void)call;
    return PEL_OK;
}

static void make(diffusion *p, int dimensions, int cells, unsigned whole, bool has_call)
{
    const pel_grid_spec spec = {.dimensions = dimensions, .cells = {cells, cells, cells}};
    CHECK_STATUS(pel_grid_create(&spec, &p->grid));
    CHECK_STATUS(pel_field_declare(p->grid, "q", &(pel_field_spec){.levels = 2}, &p->field));
    CHECK_STATUS(pel_chain_create("step", PEL_CHAIN_STEPPER, &p->chain));
    pel_chain_loop(p->chain, "diffuse", never_run, NULL, 0, PEL_WHOLE(whole), pel_read(p->field, 0, PEL_AROUND(1)),
                   pel_write(p->field, 1));
    if (has_call) pel_chain_call(p->chain, "solve", never_called, NULL, 0, pel_read(p->field, 1));
    CHECK_STATUS(pel_commit_plan(&p->chain, 1));
}

static void end(diffusion *p)
{
    pel_chain_destroy(p->chain);
    pel_grid_destroy(p->grid);
}

static pel_team *node(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.machine = NODE, .threads = threads}, &team));
    return team;
}

/* The plans of the chain on a team; the best stands first. */
static int plans_of(const diffusion *p, const pel_team *team, const pel_run_options *options, pel_plan *plans)
{
    int count = 0;
    CHECK_STATUS(pel_plan_candidates(p->chain, team, options, 1000, plans, MOST, &count));
    return count;
}

static const char *reason(const diffusion *p, const pel_run_options *options)
{
    pel_plan plans[MOST];
    pel_team *team = node(2);
    const int count = plans_of(p, team, options, plans);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(plans[0].executor, PEL_EXECUTOR_SPATIAL);
    pel_team_destroy(team);
    return plans[0].why_not ? plans[0].why_not : "";
}

TEST(on_a_node_of_128_cores_a_large_grid_is_tiled_in_time_in_what_an_l2_of_one_megabyte_holds)
{
    diffusion p;
    pel_plan plans[MOST];
    pel_team *team = node(0);
    make(&p, 3, 4096, 0, false);
    const int count = plans_of(&p, team, &(pel_run_options){0}, plans);
    CU_ASSERT_EQUAL(pel_team_threads(team), 128);
    CU_ASSERT_TRUE(count > 1);
    CU_ASSERT_EQUAL(plans[0].executor, PEL_EXECUTOR_TEMPORAL);
    CU_ASSERT_TRUE(plans[0].working_set <= l2);
    for (int i = 0; i < count; i++) {
        CU_ASSERT_TRUE(i == 0 || plans[i].updates_per_second <= plans[i - 1].updates_per_second);
        if (plans[i].executor != PEL_EXECUTOR_TEMPORAL) continue;
        CU_ASSERT_TRUE(plans[i].pitch >= 2 * plans[i].height); /* one point a step to either side */
        CU_ASSERT_TRUE(4096 >= 3 * plans[i].pitch * 128);      /* three pitches a core */
    }
    end(&p);
    pel_team_destroy(team);
}

TEST(more_cores_are_expected_to_be_faster_but_not_beyond_their_number)
{
    diffusion p;
    pel_plan few[MOST], many[MOST];
    pel_team *small = node(8), *large = node(64);
    make(&p, 3, 4096, 0, false);
    plans_of(&p, small, &(pel_run_options){0}, few);
    plans_of(&p, large, &(pel_run_options){0}, many);
    CU_ASSERT_TRUE(many[0].updates_per_second > few[0].updates_per_second);
    CU_ASSERT_TRUE(many[0].updates_per_second <= 8.001 * few[0].updates_per_second);
    end(&p);
    pel_team_destroy(small);
    pel_team_destroy(large);
}

TEST(a_higher_tile_of_the_same_pitch_brings_less_from_memory)
{
    diffusion p;
    pel_plan low[MOST], high[MOST];
    pel_team *team = node(2);
    make(&p, 3, 1024, 0, false);
    const pel_run_options two = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 8, .height = 2, .chunk = 4, .row = 64};
    const pel_run_options four = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 8, .height = 4, .chunk = 4, .row = 64};
    CU_ASSERT_EQUAL(plans_of(&p, team, &two, low), 1);
    CU_ASSERT_EQUAL(plans_of(&p, team, &four, high), 1);
    CU_ASSERT_TRUE(high[0].bytes_an_update < low[0].bytes_an_update);
    CU_ASSERT_TRUE(low[0].bytes_an_update < 24); /* a spatial step: one array read, one read and written back */
    end(&p);
    pel_team_destroy(team);
}

TEST(options_stay_as_they_are_given_but_a_pitch_below_what_the_reaches_need)
{
    diffusion p;
    pel_plan plans[MOST];
    pel_team *team = node(2);
    make(&p, 3, 256, 0, false);
    const pel_run_options given = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 3, .height = 5, .chunk = 7, .row = 40};
    CU_ASSERT_EQUAL(plans_of(&p, team, &given, plans), 1);
    CU_ASSERT_EQUAL(plans[0].pitch, 10); /* twice what a block of five steps leans */
    CU_ASSERT_EQUAL(plans[0].height, 5);
    CU_ASSERT_EQUAL(plans[0].chunk, 7);
    CU_ASSERT_EQUAL(plans[0].row, 40);
    end(&p);
    pel_team_destroy(team);
}

TEST(what_is_not_tiled_in_time_says_why)
{
    diffusion p;
    make(&p, 3, 8, 0, false);
    CU_ASSERT_STRING_EQUAL(reason(&p, &(pel_run_options){0}), "the grid has fewer than three pitches a thread");
    end(&p);
    make(&p, 1, 4096, 0, false);
    CU_ASSERT_STRING_EQUAL(reason(&p, &(pel_run_options){0}), "the grid has one dimension");
    end(&p);
    make(&p, 2, 4096, PEL_ALONG_Y, false);
    CU_ASSERT_STRING_EQUAL(reason(&p, &(pel_run_options){0}), "its loops span the dimensions");
    end(&p);
    make(&p, 2, 4096, 0, true);
    CU_ASSERT_STRING_EQUAL(reason(&p, &(pel_run_options){0}), "it has calls");
    CU_ASSERT_STRING_EQUAL(reason(&p, &(pel_run_options){.executor = PEL_EXECUTOR_SPATIAL}),
                           "it was asked for spatial tiles");
    end(&p);
}

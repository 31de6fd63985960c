/* Where the threads of a team really sit, as the system has it. */
#include <sched.h>

#include "exec/team.h"
#include "machine/grant.h"
#include "support/test.h"

enum { MOST = 16 };

static cpu_set_t at_first; /* where the process might run before it had a team */

__attribute__((constructor)) static void note_first_mask(void)
{
    if (sched_getaffinity(0, sizeof at_first, &at_first) != 0) CPU_ZERO(&at_first);
}

static void note_mask(int thread, int threads, void *data)
{
    (void)threads;
    sched_getaffinity(0, sizeof(cpu_set_t), (cpu_set_t *)data + thread);
}

static pel_team *make_team(int threads, pel_team_places places, cpu_set_t masks[MOST])
{
    pel_team *team = NULL;
    const pel_team_spec spec = {.threads = threads, .places = places, .is_quiet = true};
    CHECK_STATUS(pel_team_create(&spec, &team));
    CU_ASSERT_EQUAL_FATAL(pel_team_threads(team), threads);
    pel_team_run(team, note_mask, masks);
    return team;
}

/* Each thread may run on the processor of the plan, and on no other. */
static void check_bound(int threads, pel_team_places places)
{
    cpu_set_t masks[MOST];
    pel_team *team = make_team(threads, places, masks);
    for (int i = 0; i < threads; i++) {
        const int processor = pel_placement_processor(pel_team_placement(team), i);
        CU_ASSERT_FATAL(processor >= 0);
        CU_ASSERT_EQUAL(CPU_COUNT(&masks[i]), 1);
        CU_ASSERT(CPU_ISSET((size_t)processor, &masks[i]));
    }
    pel_team_destroy(team);
}

static int most_threads(void)
{
    pel_grant grant;
    pel_grant_read("", &grant);
    return grant.processors < MOST ? grant.processors : MOST;
}

TEST(compact_and_spread_threads_sit_where_the_plan_says)
{
    for (int threads = 1; threads <= most_threads(); threads++) {
        check_bound(threads, PEL_TEAM_COMPACT);
        check_bound(threads, PEL_TEAM_SPREAD);
    }
}

/* Which core thread 1 of 2 gets on a machine of two packages with 4 cores each. */
static int second_core(pel_team_places places)
{
    pel_team *team = NULL;
    const pel_team_spec spec = {.threads = 2, .places = places, .is_quiet = true, .machine = "pack:2 core:4 pu:1"};
    CHECK_STATUS(pel_team_create(&spec, &team));
    const int core = pel_placement_core(pel_team_placement(team), 1);
    pel_team_destroy(team);
    return core;
}

TEST(compact_threads_sit_side_by_side_and_spread_ones_far_apart)
{
    CU_ASSERT_EQUAL(second_core(PEL_TEAM_COMPACT), 1);
    CU_ASSERT_EQUAL(second_core(PEL_TEAM_SPREAD), 4);
}

TEST(more_threads_than_processors_share_them_but_stay_bound)
{
    if (most_threads() < MOST) check_bound(most_threads() + 1, PEL_TEAM_COMPACT);
}

TEST(one_thread_alone_is_bound_too)
{
    cpu_set_t mask[MOST];
    pel_team *team = make_team(1, PEL_TEAM_COMPACT, mask);
    CU_ASSERT_EQUAL(CPU_COUNT(&mask[0]), 1);
    pel_team_destroy(team);
}

TEST(unplaced_threads_may_run_wherever_the_process_may)
{
    cpu_set_t masks[MOST];
    const int threads = most_threads() < 2 ? 1 : 2;
    pel_team *team = make_team(threads, PEL_TEAM_UNPLACED, masks);
    for (int i = 0; i < threads; i++) CU_ASSERT(CPU_EQUAL(&at_first, &masks[i]));
    pel_team_destroy(team);
}

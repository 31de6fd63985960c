/* Which arrays stand for which level of memory, on machines given as text; and that there is a rate where there is one.
 */
#include "exec/bandwidth.h"

#include <math.h>

#include "support/test.h"

static pel_team *team_on(const char *machine, int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.machine = machine, .threads = threads, .is_quiet = true}, &team));
    return team;
}

static double rate_of(const char *machine, int threads, int level)
{
    pel_team *team = team_on(machine, threads);
    double rate = -1;
    CHECK_STATUS(pel_bandwidth_cache(team, level, &rate));
    pel_team_destroy(team);
    return rate;
}

TEST(a_cache_much_larger_than_the_one_below_has_a_rate)
{
    const char *machine = "pack:1 l3:1(size=8MiB) core:2 l2:1(size=256KiB) l1d:1(size=32KiB) pu:1";
    CU_ASSERT(rate_of(machine, 2, 1) > 0);
    CU_ASSERT(rate_of(machine, 2, 2) > 0);
    CU_ASSERT(rate_of(machine, 1, 3) > 0);
}

TEST(a_cache_that_is_not_there_has_none)
{
    CU_ASSERT(isnan(rate_of("pack:1 core:2 l1d:1(size=32KiB) pu:1", 2, 2)));
    CU_ASSERT(isnan(rate_of("pack:1 core:2 l2:1(size=256KiB) l1d:1(size=32KiB) pu:1", 2, 3)));
}

/* Two threads have 768 KiB of the L3 each, three times their L2; one has all of it. */
TEST(a_thread_s_share_must_leave_the_cache_below)
{
    const char *machine = "pack:1 l3:1(size=1536KiB) core:2 l2:1(size=256KiB) l1d:1(size=32KiB) pu:1";
    CU_ASSERT(isnan(rate_of(machine, 2, 3)));
    CU_ASSERT(rate_of(machine, 1, 3) > 0);
}

/* Two threads a core have half of its L2 each, which is still eight times half of its L1. */
TEST(threads_of_one_core_share_its_caches)
{
    const char *machine = "pack:1 core:1 l2:1(size=256KiB) l1d:1(size=32KiB) pu:2";
    CU_ASSERT(rate_of(machine, 2, 1) > 0);
    CU_ASSERT(rate_of(machine, 2, 2) > 0);
}

static bool leaves_caches(const char *machine, int threads)
{
    pel_topology *topology = NULL;
    CHECK_STATUS(pel_topology_load(machine, &topology));
    const bool leaves = pel_bandwidth_leaves_caches(topology, threads);
    pel_topology_free(topology);
    return leaves;
}

TEST(arrays_in_memory_leave_all_caches_but_the_largest)
{
    CU_ASSERT(leaves_caches("pack:1 core:4 pu:1", 4));
    CU_ASSERT(leaves_caches("pack:1 numa:1(memory=64GiB) l3:1(size=32MiB) core:8 pu:1", 8));
    CU_ASSERT(leaves_caches("pack:2 numa:4(memory=64GiB) l3:2(size=32MiB) core:8 pu:1", 128));
    CU_ASSERT_FALSE(leaves_caches("pack:1 numa:1(memory=64GiB) l3:1(size=260MiB) core:2 pu:1", 2));
}

/* 16 caches of 32 MiB ask for 6 GiB of arrays: more than an eighth of 16 GiB. */
TEST(arrays_leave_most_of_the_memory_to_others)
{
    CU_ASSERT_FALSE(leaves_caches("pack:2 numa:4(memory=2GiB) l3:2(size=32MiB) core:8 pu:1", 128));
    CU_ASSERT(leaves_caches("pack:2 numa:4(memory=2GiB) l3:2(size=32MiB) core:8 pu:1", 2));
}

TEST(the_peak_is_positive)
{
    pel_team *team = team_on(NULL, 2);
    double peak = 0;
    CHECK_STATUS(pel_peak_measure(team, &peak));
    CU_ASSERT(peak > 0);
    pel_team_destroy(team);
}

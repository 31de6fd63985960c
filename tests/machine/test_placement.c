/* Placement of threads, planned on machines given as text; binding on this one. */
#include "machine/placement.h"

#include <pthread.h>
#include <sched.h>

#include "machine/grant.h"
#include "support/test.h"

static const char *const node = "pack:2 numa:4 core:16 pu:1"; /* 128 cores in eight domains */
static const char *const hyperthreaded = "pack:2 numa:1 core:4 pu:2";

static pel_placement *plan(const char *synthetic, int threads, pel_placement_kind kind)
{
    pel_topology *topology = NULL;
    pel_placement *placement = NULL;
    CHECK_STATUS(pel_topology_load(synthetic, &topology));
    CHECK_STATUS(pel_placement_plan(topology, threads, kind, &placement));
    pel_topology_free(topology);
    return placement;
}

/* The threads of each core, at most `cores` of them. */
static void count_threads(const pel_placement *placement, int threads, int *count, int cores)
{
    memset(count, 0, (size_t)cores * sizeof *count);
    for (int i = 0; i < threads; i++) count[pel_placement_core(placement, i)]++;
}

TEST(compact_fills_the_first_domains)
{
    pel_placement *placement = plan(node, 20, PEL_PLACEMENT_COMPACT);
    for (int i = 0; i < 20; i++) {
        CU_ASSERT_EQUAL(pel_placement_processor(placement, i), i);
        CU_ASSERT_EQUAL(pel_placement_domain(placement, i), i / 16);
    }
    CU_ASSERT_STRING_EQUAL(pel_placement_warning(placement), "");
    pel_placement_free(placement);
}

TEST(spread_gives_every_domain_its_share)
{
    for (int each = 1; each <= 16; each++) {
        const int threads = 8 * each;
        pel_placement *placement = plan(node, threads, PEL_PLACEMENT_SPREAD);
        for (int i = 0; i < threads; i++) CU_ASSERT_EQUAL(pel_placement_domain(placement, i), i / each);
        pel_placement_free(placement);
    }
}

TEST(no_core_has_two_threads_before_all_have_one)
{
    const pel_placement_kind kinds[] = {PEL_PLACEMENT_COMPACT, PEL_PLACEMENT_SPREAD};
    for (int k = 0; k < 2; k++) {
        for (int threads = 1; threads <= 40; threads++) {
            int count[8];
            pel_placement *placement = plan(hyperthreaded, threads, kinds[k]);
            count_threads(placement, threads, count, 8);
            for (int core = 0; core < 8; core++)
                CU_ASSERT(count[core] == threads / 8 || count[core] == (threads + 7) / 8);
            CU_ASSERT_EQUAL(pel_placement_shares_cores(placement), threads > 8);
            CU_ASSERT_EQUAL(pel_placement_outnumbers(placement), threads > 16);
            pel_placement_free(placement);
        }
    }
}

TEST(as_many_threads_as_processors_use_each_once)
{
    pel_placement *placement = plan(hyperthreaded, 16, PEL_PLACEMENT_SPREAD);
    for (int i = 0; i < 16; i++) {
        CU_ASSERT_EQUAL(pel_placement_processor(placement, i), i);
        CU_ASSERT_EQUAL(pel_placement_core(placement, i), i / 2);
    }
    pel_placement_free(placement);
}

TEST(warnings_say_what_is_wrong_and_what_to_do)
{
    pel_placement *placement = plan(hyperthreaded, 12, PEL_PLACEMENT_COMPACT);
    CU_ASSERT_STRING_EQUAL(pel_placement_warning(placement),
                           "12 threads on 8 cores: some share a core, which seldom helps; try 8");
    pel_placement_free(placement);
    placement = plan("core:1 pu:1", 2, PEL_PLACEMENT_SPREAD);
    CU_ASSERT_STRING_EQUAL(pel_placement_warning(placement),
                           "2 threads, but this process may use 1 processor: threads take turns; use 1 or fewer");
    CU_ASSERT_EQUAL(pel_placement_processor(placement, 1), 0);
    CHECK_STATUS(pel_placement_bind(placement, 1)); /* not this machine: nothing happens */
    pel_placement_free(placement);
}

TEST(unplaced_threads_still_have_a_likely_domain)
{
    pel_placement *placement = plan(node, 16, PEL_PLACEMENT_NONE);
    for (int i = 0; i < 16; i++) {
        CU_ASSERT_EQUAL(pel_placement_processor(placement, i), -1);
        CU_ASSERT_EQUAL(pel_placement_core(placement, i), -1);
        CU_ASSERT_EQUAL(pel_placement_domain(placement, i), i / 2);
    }
    pel_placement_free(placement);
}

TEST(no_threads_cannot_be_placed)
{
    pel_topology *topology = NULL;
    pel_placement *placement = NULL;
    CHECK_STATUS(pel_topology_load(node, &topology));
    CHECK_FAILS(pel_placement_plan(topology, 0, PEL_PLACEMENT_SPREAD, &placement), PEL_ERR_ARGUMENT, "0 threads");
    CU_ASSERT_PTR_NULL(placement);
    pel_topology_free(topology);
}

static void forget_user_binding(void)
{
    unsetenv("OMP_PROC_BIND"), unsetenv("OMP_PLACES"), unsetenv("GOMP_CPU_AFFINITY");
}

TEST(the_users_own_binding_is_respected)
{
    forget_user_binding();
    setenv("OMP_PROC_BIND", "spread", 1);
    pel_placement *placement = plan(NULL, 1, PEL_PLACEMENT_COMPACT);
    CU_ASSERT_EQUAL(pel_placement_get_kind(placement), PEL_PLACEMENT_NONE);
    CU_ASSERT_STRING_EQUAL(pel_placement_kind_name(pel_placement_get_kind(placement)), "none");
    pel_placement_free(placement);
    forget_user_binding();
    placement = plan(NULL, 1, PEL_PLACEMENT_COMPACT);
    CU_ASSERT_EQUAL(pel_placement_get_kind(placement), PEL_PLACEMENT_COMPACT);
    pel_placement_free(placement);
}

/* In a thread of its own, which takes its mask with it. */
static void *bind_and_look(void *placement)
{
    static int processor;
    processor = pel_placement_bind(placement, 0) == PEL_OK ? sched_getcpu() : -1;
    return &processor;
}

TEST(a_bound_thread_runs_on_its_processor)
{
    forget_user_binding();
    pel_placement *placement = plan(NULL, 1, PEL_PLACEMENT_SPREAD);
    pthread_t thread;
    void *processor = NULL;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, bind_and_look, placement), 0);
    pthread_join(thread, &processor);
    CU_ASSERT_EQUAL(*(int *)processor, pel_placement_processor(placement, 0));
    pel_placement_free(placement);
}

static void *plan_within_one_processor(void *failed)
{
    cpu_set_t mask;
    sched_getaffinity(0, sizeof mask, &mask);
    int last = -1;
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &mask)) last = i;
    CPU_ZERO(&mask);
    CPU_SET(last, &mask);
    sched_setaffinity(0, sizeof mask, &mask);
    pel_placement *placement = plan(NULL, 2, PEL_PLACEMENT_SPREAD);
    *(int *)failed = pel_placement_processor(placement, 0) != last || pel_placement_processor(placement, 1) != last ||
                     !pel_placement_outnumbers(placement);
    pel_placement_free(placement);
    return NULL;
}

TEST(only_processors_of_the_mask_are_used)
{
    forget_user_binding();
    int failed = 1;
    pthread_t thread;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, plan_within_one_processor, &failed), 0);
    pthread_join(thread, NULL);
    CU_ASSERT_FALSE(failed);
}

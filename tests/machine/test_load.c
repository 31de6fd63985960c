/* What else keeps the processors busy: from made-up counters of /proc/stat. */
#include "machine/load.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"

/* A tree whose proc/stat is `text`. */
static const char *tree(const char *name, const char *text)
{
    const char *root = test_path(name);
    char path[512];
    snprintf(path, sizeof path, "%s/proc", root);
    mkdir(root, 0777);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return root;
}

static double ticks(double count)
{
    return count / (double)sysconf(_SC_CLK_TCK);
}

TEST(work_of_users_and_of_the_kernel_is_busy_and_idling_and_waiting_for_disks_is_not)
{
    const pel_load load = pel_load_read(tree("all", "cpu  9 9 9 9 9 9 9 9 9 9\n"
                                                    "cpu0 1 20 300 4000 50000 600000 7000000 80000000 5 6\n"
                                                    "intr 12345\nctxt 1\nbtime 2\n"));
    CU_ASSERT_EQUAL(load.processors, 1);
    CU_ASSERT_DOUBLE_EQUAL(load.busy, ticks(1 + 20 + 300 + 600000 + 7000000), 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(load.stolen, ticks(80000000), 1e-6);
}

TEST(processors_add_up_without_the_line_of_all)
{
    const pel_load load = pel_load_read(tree("three", "cpu  99 0 0 0 0 0 0 99\n"
                                                      "cpu0 1 0 0 5 0 0 0 7\ncpu1 2 0 0 5 0 0 0 7\n"
                                                      "cpu12 4 0 0 5 0 0 0 7\n"));
    CU_ASSERT_EQUAL(load.processors, 3);
    CU_ASSERT_DOUBLE_EQUAL(load.busy, ticks(7), 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(load.stolen, ticks(21), 1e-12);
}

TEST(kernels_without_steal_stole_nothing)
{
    const pel_load load = pel_load_read(tree("old", "cpu  1 2 3 4\ncpu0 1 2 3 4\n"));
    CU_ASSERT_EQUAL(load.processors, 1);
    CU_ASSERT_DOUBLE_EQUAL(load.busy, ticks(6), 1e-12);
    CU_ASSERT_EQUAL(load.stolen, 0);
}

TEST(without_counters_nothing_is_known)
{
    const pel_load nowhere = pel_load_read(test_path("nowhere")), empty = pel_load_read(tree("empty", ""));
    CU_ASSERT_EQUAL(nowhere.processors, 0);
    CU_ASSERT_EQUAL(empty.processors, 0);
    CU_ASSERT(isnan(pel_load_of_others(nowhere, empty, 0)));
    CU_ASSERT(isnan(pel_load_steal(nowhere, empty)));
}

TEST(others_are_what_is_busy_beyond_ones_own)
{
    const pel_load from = {.busy = 100, .stolen = 10, .clock = 50, .processors = 4};
    const pel_load to = {.busy = 112, .stolen = 11, .clock = 54, .processors = 4};
    CU_ASSERT_DOUBLE_EQUAL(pel_load_of_others(from, to, 8), 1, 1e-12); /* 12 s busy, 8 its own, in 4 s */
    CU_ASSERT_DOUBLE_EQUAL(pel_load_steal(from, to), 1.0 / 16, 1e-12); /* 1 s of 4 s on 4 processors */
    CU_ASSERT_EQUAL(pel_load_of_others(from, to, 12.01), 0);           /* ticks are coarse */
}

TEST(processors_that_come_or_go_in_between_leave_nothing_to_compare)
{
    const pel_load from = {.busy = 100, .clock = 50, .processors = 4};
    const pel_load to = {.busy = 90, .clock = 54, .processors = 3}, same = from;
    CU_ASSERT(isnan(pel_load_of_others(from, to, 0)));
    CU_ASSERT(isnan(pel_load_steal(from, to)));
    CU_ASSERT(isnan(pel_load_of_others(from, same, 0))); /* no time has passed */
}

TEST(this_machine_counts_the_processors_that_this_process_may_use)
{
    const pel_load load = pel_load_read("");
    CU_ASSERT(load.processors >= 1);
    CU_ASSERT(load.busy > 0 && load.clock > 0);
}

/* What a process is granted, read from made-up trees of cgroup files. */
#include "machine/grant.h"

#include <sys/stat.h>

#include "support/test.h"

/* Writes `text` to `name` below the tree, making the folders on the way. */
static void put(const char *tree, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", tree, name);
    for (char *at = path + strlen(test_folder()); (at = strchr(at + 1, '/'));) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    fclose(file);
}

TEST(without_cgroups_nothing_is_limited)
{
    const char *tree = test_path("none");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 0);
    CU_ASSERT_EQUAL(pel_grant_cpuset(tree), 0);
    pel_grant grant;
    pel_grant_read(tree, &grant);
    CU_ASSERT(grant.processors >= 1);
    CU_ASSERT_EQUAL(grant.processors, grant.mask);
}

TEST(a_v2_quota_is_read)
{
    const char *tree = test_path("v2");
    put(tree, "proc/self/cgroup", "0::/job\n");
    put(tree, "sys/fs/cgroup/job/cpu.max", "150000 100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 1.5);
    pel_grant grant;
    pel_grant_read(tree, &grant);
    CU_ASSERT_EQUAL(grant.quota, 1.5);
    CU_ASSERT_EQUAL(grant.processors, grant.mask < 2 ? grant.mask : 2); /* 1.5 is nearest to 2 */
}

TEST(max_is_no_quota)
{
    const char *tree = test_path("max");
    put(tree, "proc/self/cgroup", "0::/\n");
    put(tree, "sys/fs/cgroup/cpu.max", "max 100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 0);
}

TEST(a_fraction_of_a_processor_is_one)
{
    const char *tree = test_path("fraction");
    put(tree, "proc/self/cgroup", "0::/\n");
    put(tree, "sys/fs/cgroup/cpu.max", "20000 100000\n");
    pel_grant grant;
    pel_grant_read(tree, &grant);
    CU_ASSERT_EQUAL(grant.quota, 0.2);
    CU_ASSERT_EQUAL(grant.processors, 1);
}

TEST(the_tightest_group_on_the_way_up_counts)
{
    const char *tree = test_path("nested");
    put(tree, "proc/self/cgroup", "0::/user/job/step\n");
    put(tree, "sys/fs/cgroup/user/cpu.max", "300000 100000\n");
    put(tree, "sys/fs/cgroup/user/job/cpu.max", "100000 50000\n");
    put(tree, "sys/fs/cgroup/user/job/step/cpu.max", "max 100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 2);
}

TEST(a_path_that_a_container_does_not_see_leads_to_its_top)
{
    const char *tree = test_path("container");
    put(tree, "proc/self/cgroup", "0::/kubepods/pod1/abc\n");
    put(tree, "sys/fs/cgroup/cpu.max", "400000 100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 4);
}

TEST(a_v1_quota_is_read_under_either_name_of_its_mount)
{
    const char *one = test_path("v1"), *both = test_path("v1both");
    put(one, "proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/job\n3:cpuset:/\n");
    put(one, "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "250000\n");
    put(one, "sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(one), 2.5);
    put(both, "proc/self/cgroup", "4:cpu,cpuacct:/\n");
    put(both, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "100000\n");
    put(both, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(both), 1);
}

TEST(minus_one_is_no_v1_quota)
{
    const char *tree = test_path("v1free");
    put(tree, "proc/self/cgroup", "4:cpu:/\n0::/\n");
    put(tree, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    put(tree, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 0);
}

TEST(a_cpuset_is_counted)
{
    const char *v2 = test_path("set2"), *v1 = test_path("set1");
    put(v2, "proc/self/cgroup", "0::/job\n");
    put(v2, "sys/fs/cgroup/job/cpuset.cpus.effective", "0-3,8,10-11\n");
    CU_ASSERT_EQUAL(pel_grant_cpuset(v2), 7);
    put(v1, "proc/self/cgroup", "4:cpuacct:/a\n3:cpuset:/job\n");
    put(v1, "sys/fs/cgroup/cpuset/job/cpuset.cpus", "5\n");
    put(v1, "sys/fs/cgroup/cpuset/cpuset.cpus", "0-63\n");
    CU_ASSERT_EQUAL(pel_grant_cpuset(v1), 1);
    pel_grant grant;
    pel_grant_read(v1, &grant);
    CU_ASSERT_EQUAL(grant.processors, 1);
}

TEST(nonsense_in_the_files_limits_nothing)
{
    const char *tree = test_path("nonsense");
    put(tree, "proc/self/cgroup", "what\n0:\n0::/job\n");
    put(tree, "sys/fs/cgroup/job/cpu.max", "plenty\n");
    put(tree, "sys/fs/cgroup/cpu.max", "100000 0\n");
    put(tree, "sys/fs/cgroup/job/cpuset.cpus.effective", "\n");
    CU_ASSERT_EQUAL(pel_grant_quota(tree), 0);
    CU_ASSERT_EQUAL(pel_grant_cpuset(tree), 0);
}

TEST(this_process_may_use_a_processor)
{
    pel_grant grant;
    pel_grant_read("", &grant);
    CU_ASSERT(grant.processors >= 1);
    CU_ASSERT(grant.processors <= grant.mask);
}

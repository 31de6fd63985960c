/* Energy meters on made-up powercap trees. */
#include "machine/energy.h"

#include "support/powercap.h"
#include "support/test.h"

TEST(packages_and_memory_are_counted_and_nothing_twice)
{
    const char *tree = test_path("two");
    const char *const zones[][2] = {{"intel-rapl:0", "package-0"}, {"intel-rapl:0:0", "core"},
                                    {"intel-rapl:0:1", "dram"},    {"intel-rapl:1", "package-1"},
                                    {"intel-rapl:2", "psys"},      {"intel-rapl-mmio:0", "package-0"}};
    for (int i = 0; i < 6; i++) test_put_zone(tree, zones[i][0], zones[i][1], 1000, 1ul << 40);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    for (int i = 0; i < 6; i++) test_put_zone(tree, zones[i][0], zones[i][1], 1000 + 2000000, 1ul << 40);
    double joules = -1;
    CHECK_STATUS(pel_energy_read(meter, &joules));
    CU_ASSERT_DOUBLE_EQUAL(joules, 3 * 2.0, 1e-9);
    pel_energy_close(meter);
}

TEST(a_counter_that_wraps_goes_on)
{
    const char *tree = test_path("wrap");
    const unsigned long range = 262143328850;
    test_put_zone(tree, "intel-rapl:0", "package-0", range - 5000000, range);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    double joules;
    CHECK_STATUS(pel_energy_read(meter, &joules));
    CU_ASSERT_EQUAL(joules, 0);
    for (int turn = 1; turn <= 3; turn++) {
        test_put_zone(tree, "intel-rapl:0", "package-0", 3000000, range);
        CHECK_STATUS(pel_energy_read(meter, &joules));
        CU_ASSERT_DOUBLE_EQUAL(joules, 8 + (turn - 1) * 262143.328850, 1e-6);
        test_put_zone(tree, "intel-rapl:0", "package-0", range - 5000000, range);
        CHECK_STATUS(pel_energy_read(meter, &joules));
        CU_ASSERT_DOUBLE_EQUAL(joules, turn * 262143.328850, 1e-6);
    }
    pel_energy_close(meter);
}

TEST(a_machine_without_counters_says_so)
{
    pel_energy *meter = NULL;
    CHECK_FAILS(pel_energy_open(test_path("empty"), &meter), PEL_ERR_SYSTEM, "energy counters are not available");
    test_put_zone(test_path("psys"), "intel-rapl:0", "psys", 1, 2);
    CHECK_FAILS(pel_energy_open(test_path("psys"), &meter), PEL_ERR_SYSTEM, "no package");
    CU_ASSERT_PTR_NULL(meter);
}

TEST(a_counter_that_vanishes_is_an_error)
{
    const char *tree = test_path("gone");
    test_put_zone(tree, "intel-rapl:0", "package-0", 1, 1000);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    remove(test_path("gone/sys/class/powercap/intel-rapl:0/energy_uj"));
    double joules = 7;
    CHECK_FAILS(pel_energy_read(meter, &joules), PEL_ERR_SYSTEM, "energy_uj");
    CU_ASSERT_EQUAL(joules, 7);
    pel_energy_close(meter);
}

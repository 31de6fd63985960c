/* Energy meters on made-up powercap trees. */
#include "machine/energy.h"

#include <sys/stat.h>

#include "support/test.h"

/* Makes one zone of the tree, as Linux shows it. */
static void put_zone(const char *tree, const char *zone, const char *name, unsigned long energy, unsigned long range)
{
    char path[512];
    snprintf(path, sizeof path, "%s/sys/class/powercap/%s/", tree, zone);
    for (char *at = path + strlen(test_folder()); (at = strchr(at + 1, '/'));) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
    const struct {
        const char *file;
        unsigned long value;
    } numbers[] = {{"energy_uj", energy}, {"max_energy_range_uj", range}};
    for (int i = 0; i < 3; i++) {
        char full[600];
        snprintf(full, sizeof full, "%s%s", path, i < 2 ? numbers[i].file : "name");
        FILE *file = fopen(full, "w");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        if (i < 2) fprintf(file, "%lu\n", numbers[i].value);
        else fprintf(file, "%s\n", name);
        fclose(file);
    }
}

TEST(packages_and_memory_are_counted_and_nothing_twice)
{
    const char *tree = test_path("two");
    const char *const zones[][2] = {{"intel-rapl:0", "package-0"}, {"intel-rapl:0:0", "core"},
                                    {"intel-rapl:0:1", "dram"},    {"intel-rapl:1", "package-1"},
                                    {"intel-rapl:2", "psys"},      {"intel-rapl-mmio:0", "package-0"}};
    for (int i = 0; i < 6; i++) put_zone(tree, zones[i][0], zones[i][1], 1000, 1ul << 40);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    for (int i = 0; i < 6; i++) put_zone(tree, zones[i][0], zones[i][1], 1000 + 2000000, 1ul << 40);
    double joules = -1;
    CHECK_STATUS(pel_energy_read(meter, &joules));
    CU_ASSERT_DOUBLE_EQUAL(joules, 3 * 2.0, 1e-9);
    pel_energy_close(meter);
}

TEST(a_counter_that_wraps_goes_on)
{
    const char *tree = test_path("wrap");
    const unsigned long range = 262143328850;
    put_zone(tree, "intel-rapl:0", "package-0", range - 5000000, range);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    double joules;
    CHECK_STATUS(pel_energy_read(meter, &joules));
    CU_ASSERT_EQUAL(joules, 0);
    for (int turn = 1; turn <= 3; turn++) {
        put_zone(tree, "intel-rapl:0", "package-0", 3000000, range);
        CHECK_STATUS(pel_energy_read(meter, &joules));
        CU_ASSERT_DOUBLE_EQUAL(joules, 8 + (turn - 1) * 262143.328850, 1e-6);
        put_zone(tree, "intel-rapl:0", "package-0", range - 5000000, range);
        CHECK_STATUS(pel_energy_read(meter, &joules));
        CU_ASSERT_DOUBLE_EQUAL(joules, turn * 262143.328850, 1e-6);
    }
    pel_energy_close(meter);
}

TEST(a_machine_without_counters_says_so)
{
    pel_energy *meter = NULL;
    CHECK_FAILS(pel_energy_open(test_path("empty"), &meter), PEL_ERR_SYSTEM, "energy counters are not available");
    put_zone(test_path("psys"), "intel-rapl:0", "psys", 1, 2);
    CHECK_FAILS(pel_energy_open(test_path("psys"), &meter), PEL_ERR_SYSTEM, "no package");
    CU_ASSERT_PTR_NULL(meter);
}

TEST(a_counter_that_vanishes_is_an_error)
{
    const char *tree = test_path("gone");
    put_zone(tree, "intel-rapl:0", "package-0", 1, 1000);
    pel_energy *meter = NULL;
    CHECK_STATUS(pel_energy_open(tree, &meter));
    remove(test_path("gone/sys/class/powercap/intel-rapl:0/energy_uj"));
    double joules = 7;
    CHECK_FAILS(pel_energy_read(meter, &joules), PEL_ERR_SYSTEM, "energy_uj");
    CU_ASSERT_EQUAL(joules, 7);
    pel_energy_close(meter);
}

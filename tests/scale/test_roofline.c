/* Rooflines: which level of memory bounds a chain, and that its figures are of all samples together. */
#include "scale/roofline.h"

#include <math.h>

#include "support/test.h"

/* Two threads: 20 GB/s of memory, 100, 200 and 400 GB/s of caches, 50 Gflop/s. */
static const pel_figures figures = {
    .count = 2,
    .row = {{.threads = 1, .bandwidth = {200e9, 100e9, 50e9, 15e9}, .peak = 25e9},
            {.threads = 2, .bandwidth = {400e9, 200e9, 100e9, 20e9}, .peak = 50e9}},
};

static scale_point point_of(scale_sample *samples, int count)
{
    return (scale_point){.threads = 2, .sample_count = count, .samples = samples};
}

/* A chain that has asked for `bytes` and done `flops` in a second, of a sample of two. */
static scale_position position_of(double bytes, double flops)
{
    scale_sample sample = {.seconds = 2, .chain_count = 1};
    sample.chains[0] = (scale_chain){.name = "step", .seconds = 1, .updates = 1e9, .bytes = bytes, .flops = flops};
    const scale_point point = point_of(&sample, 1);
    return scale_position_of(&point, 0, &figures);
}

static void check_roof(scale_position p, const char *level, double roof, bool is_memory_bound)
{
    CU_ASSERT_STRING_EQUAL(p.level, level);
    CU_ASSERT_DOUBLE_EQUAL(p.roof, roof, 1e-6 * roof);
    CU_ASSERT_EQUAL(p.is_memory_bound, is_memory_bound);
}

TEST(few_operations_a_byte_are_bound_by_the_bandwidth_and_many_by_arithmetic)
{
    check_roof(position_of(10e9, 5e9), "memory", 10e9, true);   /* 0.5 x 20 GB/s */
    check_roof(position_of(10e9, 40e9), "memory", 50e9, false); /* 4 x 20 GB/s is beyond the peak */
}

TEST(what_asks_for_more_than_memory_gives_lives_on_the_slowest_cache_that_can)
{
    check_roof(position_of(21e9, 2.1e9), "memory", 2e9, true); /* within two measurements of the same */
    check_roof(position_of(23e9, 2.3e9), "L3", 10e9, true);
    check_roof(position_of(150e9, 15e9), "L2", 20e9, true);
    check_roof(position_of(300e9, 30e9), "L1", 40e9, true);
    check_roof(position_of(900e9, 90e9), "L1", 40e9, true);
}

TEST(figures_are_a_second_an_update_and_a_byte)
{
    const scale_position p = position_of(16e9, 4e9);
    CU_ASSERT_DOUBLE_EQUAL(p.share, 0.5, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(p.updates_a_second, 1e9, 1);
    CU_ASSERT_DOUBLE_EQUAL(p.bytes_an_update, 16, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(p.flops_an_update, 4, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(p.intensity, 0.25, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(p.flops_a_second, 4e9, 1);
}

TEST(a_chain_is_summed_over_the_samples_by_its_name)
{
    scale_sample samples[2] = {{.seconds = 4, .chain_count = 2}, {.seconds = 6, .chain_count = 2}};
    const scale_chain step = {
        .name = "step", .executor = "spatial", .seconds = 2, .updates = 10, .bytes = 80, .flops = 20};
    const scale_chain fast = {
        .name = "fast", .executor = "temporal", .seconds = 1, .updates = 5, .bytes = 10, .flops = 5};
    samples[0].chains[0] = samples[1].chains[1] = step;
    samples[0].chains[1] = samples[1].chains[0] = fast;
    samples[1].chains[1].seconds = 3;
    const scale_point point = point_of(samples, 2);
    CU_ASSERT_EQUAL(scale_position_count(&point), 2);
    const scale_position p = scale_position_of(&point, 0, &figures);
    CU_ASSERT_STRING_EQUAL(p.name, "step");
    CU_ASSERT_STRING_EQUAL(p.executor, "spatial");
    CU_ASSERT_DOUBLE_EQUAL(p.share, 0.5, 1e-12);          /* 5 of 10 s */
    CU_ASSERT_DOUBLE_EQUAL(p.updates_a_second, 4, 1e-12); /* 20 in 5 s */
    CU_ASSERT_DOUBLE_EQUAL(p.flops_a_second, 8, 1e-12);   /* 40 in 5 s */
    CU_ASSERT_DOUBLE_EQUAL(p.bytes_an_update, 8, 1e-12);
}

TEST(without_operations_or_figures_there_is_no_roof)
{
    scale_position p = position_of(10e9, NAN);
    CU_ASSERT(isnan(p.roof) && isnan(p.intensity) && isnan(p.flops_a_second));
    CU_ASSERT_PTR_NULL(p.level);
    CU_ASSERT_DOUBLE_EQUAL(p.updates_a_second, 1e9, 1);
    scale_sample sample = {.seconds = 2, .chain_count = 1};
    sample.chains[0] = (scale_chain){.name = "step", .seconds = 1, .updates = 1, .bytes = 8, .flops = 2};
    const scale_point point = point_of(&sample, 1), none = point_of(NULL, 0);
    p = scale_position_of(&point, 0, &(pel_figures){0});
    CU_ASSERT(isnan(p.roof));
    CU_ASSERT_PTR_NULL(p.level);
    CU_ASSERT_EQUAL(scale_position_count(&none), 0);
}

/* Factors of efficiency: each sees its own kind of loss and no other, and together they are the efficiency. */
#include <math.h>

#include "scale/factors.h"
#include "support/test.h"

/* A point on 4 threads whose sample took 100 steps and 10 s. */
static scale_point point_of(scale_sample *sample)
{
    sample->steps = 100;
    sample->seconds = 10;
    sample->work = 1e6;
    return (scale_point){.mode = SCALE_STRONG, .threads = 4, .work_a_step = 1e4, .sample_count = 1, .samples = sample};
}

static scale_point base_of(scale_sample *sample, double useful)
{
    *sample = (scale_sample){.steps = 100, .seconds = useful, .work = 1e6, .busy = useful, .busiest = useful};
    sample->busy_of_first = useful;
    return (scale_point){.mode = SCALE_STRONG, .threads = 1, .work_a_step = 1e4, .sample_count = 1, .samples = sample};
}

static void check_factors(scale_sample sample, double load_balance, double serialisation, double transfer)
{
    const scale_point point = point_of(&sample);
    const scale_factors f = scale_factors_of(&point, NULL);
    CU_ASSERT_DOUBLE_EQUAL(f.load_balance, load_balance, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.serialisation, serialisation, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.transfer, transfer, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.parallel, load_balance * serialisation * transfer, 1e-12);
    CU_ASSERT(isnan(f.computation) && isnan(f.global));
}

TEST(threads_that_never_wait_have_factors_of_one)
{
    check_factors((scale_sample){.busy = 40, .busiest = 10, .busy_of_first = 10}, 1, 1, 1);
}

TEST(uneven_work_lowers_the_load_balance_alone)
{
    check_factors((scale_sample){.busy = 28, .busiest = 10, .busy_of_first = 6, .waiting = 12}, 0.7, 1, 1);
}

TEST(waits_that_all_share_lower_the_serialisation_alone)
{
    check_factors((scale_sample){.busy = 32, .busiest = 8, .busy_of_first = 8, .waiting = 8}, 1, 0.8, 1);
}

TEST(handing_out_work_lowers_the_transfer_alone)
{
    check_factors((scale_sample){.busy = 30, .busiest = 7.5, .busy_of_first = 7.5}, 1, 1, 0.75);
}

TEST(a_serial_part_lowers_the_load_balance)
{
    /* 2 s of thread 0 alone, then 8 s of all */
    check_factors((scale_sample){.busy = 32, .busiest = 8, .busy_of_first = 8, .serial = 2}, 34.0 / 4 / 10, 1, 1);
}

TEST(the_busiest_thread_may_be_another_than_the_first_with_its_serial_part)
{
    check_factors((scale_sample){.busy = 30, .busiest = 9, .busy_of_first = 6, .serial = 1, .waiting = 7}, 31.0 / 36,
                  0.9, 1);
}

TEST(the_same_work_in_more_thread_time_lowers_computation)
{
    scale_sample of_base, sample = {.busy = 40, .busiest = 10, .busy_of_first = 10};
    const scale_point base = base_of(&of_base, 30), point = point_of(&sample);
    const scale_factors f = scale_factors_of(&point, &base);
    CU_ASSERT_DOUBLE_EQUAL(f.computation, 0.75, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.global, 0.75, 1e-12);
}

TEST(computation_of_weak_points_is_a_unit_of_work)
{
    scale_sample of_base, sample = {.busy = 40, .busiest = 10, .busy_of_first = 10};
    const scale_point base = base_of(&of_base, 8);
    scale_point point = point_of(&sample);
    point.mode = SCALE_WEAK;
    sample.work = 4e6;
    CU_ASSERT_DOUBLE_EQUAL(scale_factors_of(&point, &base).computation, 0.8, 1e-12);
}

TEST(factors_are_of_the_round_whose_speed_up_is_the_median)
{
    /* times of 10, 30 and 11 s beside 10, 10 and 22 s: the middle ratio, 1, is that of round 0 */
    scale_sample of_base[3], of_point[3];
    scale_point base = base_of(&of_base[0], 10), point = point_of(&of_point[0]);
    const double base_seconds[] = {10, 10, 22}, seconds[] = {10, 30, 11};
    for (int i = 0; i < 3; i++) {
        of_base[i] = (scale_sample){.round = i, .steps = 100, .seconds = base_seconds[i], .work = 1e6};
        of_base[i].busy = of_base[i].busiest = of_base[i].busy_of_first = base_seconds[i];
        of_point[i] = (scale_sample){.round = i, .steps = 100, .seconds = seconds[i], .work = 1e6};
        of_point[i].busy = 4 * seconds[i], of_point[i].busiest = of_point[i].busy_of_first = seconds[i];
    }
    base.sample_count = point.sample_count = 3;
    CU_ASSERT_DOUBLE_EQUAL(scale_factors_of(&point, &base).global, 10.0 / 40, 1e-12);
}

TEST(shares_of_the_time_add_up)
{
    scale_sample sample = {.busy = 24, .busiest = 8, .busy_of_first = 6, .serial = 1, .waiting = 6, .files = 0.5};
    sample.stolen = 6;
    const scale_point point = point_of(&sample);
    const scale_shares s = scale_shares_of(&point, NULL);
    CU_ASSERT_DOUBLE_EQUAL(s.busy, 25.0 / 40, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.waiting, 9.0 / 40, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.overhead, 6.0 / 40, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.serial, 0.1, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.files, 0.05, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.imbalance, (8 - 25.0 / 4) / 10, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(s.stolen, 0.25, 1e-12);
}

TEST(what_is_not_counted_is_not_known)
{
    scale_sample sample = {.busy = NAN, .busiest = NAN, .busy_of_first = NAN, .waiting = NAN, .serial = NAN};
    const scale_point point = point_of(&sample);
    const scale_factors f = scale_factors_of(&point, &point);
    CU_ASSERT(isnan(f.global) && isnan(f.parallel) && isnan(f.load_balance));
    CU_ASSERT(isnan(f.serialisation) && isnan(f.transfer) && isnan(f.computation));
    const scale_shares s = scale_shares_of(&point, NULL);
    CU_ASSERT(isnan(s.busy) && isnan(s.waiting) && isnan(s.overhead) && isnan(s.serial) && isnan(s.imbalance));
    CU_ASSERT(isnan(scale_traffic_of(&point, NULL).declared));
}

TEST(medians_are_a_step_and_pass_over_what_is_not_known)
{
    scale_sample samples[4] = {{.steps = 100, .seconds = 3, .busy = NAN, .start_up = 1, .load = NAN},
                               {.steps = 200, .seconds = 2, .busy = 8, .start_up = 3, .load = NAN},
                               {.steps = 100, .seconds = 2, .busy = 2, .start_up = 2, .load = NAN},
                               {.steps = 100, .seconds = 9, .busy = 6, .start_up = 9, .load = NAN}};
    const scale_point point = {.threads = 4, .sample_count = 4, .samples = samples};
    const scale_sample median = scale_median_sample(&point);
    CU_ASSERT_EQUAL(median.steps, 1);
    CU_ASSERT_DOUBLE_EQUAL(median.seconds, 0.025, 1e-12); /* of 0.01, 0.02, 0.03, 0.09 */
    CU_ASSERT_DOUBLE_EQUAL(median.busy, 0.04, 1e-12);     /* of 0.02, 0.04, 0.06 */
    CU_ASSERT_DOUBLE_EQUAL(median.start_up, 2.5, 1e-12);
    CU_ASSERT(isnan(median.load));
}

TEST(traffic_is_that_of_all_chains)
{
    scale_sample sample = {.chain_count = 3,
                           .chains = {{.bytes = 2e9, .moved = 1e9}, {.bytes = 3e9, .moved = NAN}, {.bytes = NAN}}};
    sample.chains[2].moved = NAN;
    const scale_point point = point_of(&sample);
    const scale_traffic t = scale_traffic_of(&point, NULL);
    CU_ASSERT_DOUBLE_EQUAL(t.declared, 5e8, 1);
    CU_ASSERT_DOUBLE_EQUAL(t.moved, 4e8, 1);
    CU_ASSERT(isnan(scale_traffic_of(&(scale_point){.threads = 1}, NULL).moved));
}

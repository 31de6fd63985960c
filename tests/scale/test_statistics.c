/* Statistics of a study: medians, intervals that hold the truth as often as they say, speed-ups taken within rounds. */
#include "scale/statistics.h"
#include "scale/synthetic.h"
#include "support/test.h"

enum { DRAWS = 200, SEED = 6 };

static synthetic_study study;

static scale_estimates estimate_last(const synthetic_spec *spec)
{
    const scale_point *base = scale_find_base(study.points, spec->points, spec->mode, PEL_PLACEMENT_COMPACT);
    scale_estimates e;
    CHECK_STATUS(scale_estimate_point(&study.points[spec->points - 1], base, &e));
    return e;
}

static scale_estimates estimate_draw(const synthetic_spec *spec, int draw)
{
    synthetic_make(spec, draw, &study);
    return estimate_last(spec);
}

static synthetic_spec strong(int points, int rounds)
{
    return (synthetic_spec){.mode = SCALE_STRONG,
                            .law = synthetic_amdahl,
                            .parameter = {0.1},
                            .points = points,
                            .rounds = rounds,
                            .noise = 0.03,
                            .seed = SEED};
}

static bool holds(scale_estimate e, double truth)
{
    return e.low <= truth && truth <= e.high;
}

static void check_near(scale_estimate e, double value)
{
    CU_ASSERT_DOUBLE_EQUAL(e.value, value, 1e-12 * fabs(value));
}

/* ---- medians ---- */

TEST(a_median_is_in_the_middle)
{
    CU_ASSERT_EQUAL(scale_median((double[]){5, 1, 3}, 3), 3);
    CU_ASSERT_EQUAL(scale_median((double[]){4, 1, 3, 2}, 4), 2.5);
    CU_ASSERT_EQUAL(scale_median((double[]){7}, 1), 7);
    CU_ASSERT(isnan(scale_median(NULL, 0)));
}

TEST(one_value_has_no_interval)
{
    scale_estimate e;
    CHECK_STATUS(scale_bootstrap_median((double[]){2}, 1, &e));
    check_near(e, 2);
    CU_ASSERT(isnan(e.low) && isnan(e.high));
    CHECK_STATUS(scale_bootstrap_median((double[]){2}, 0, &e));
    CU_ASSERT(isnan(e.value));
}

TEST(five_values_lie_about_their_median)
{
    const double values[5] = {1.1, 1.0, 1.2, 1.05, 1.01};
    scale_estimate e;
    CHECK_STATUS(scale_bootstrap_median(values, 5, &e));
    check_near(e, 1.05);
    CU_ASSERT(e.low >= 1.0 - 1e-12 && e.low < 1.05 && e.high > 1.05 && e.high <= 1.2 + 1e-12);
}

TEST(the_same_values_give_the_same_bits)
{
    const double values[7] = {1.1, 1.0, 1.2, 1.05, 1.01, 1.3, 1.04};
    scale_estimate first, second;
    CHECK_STATUS(scale_bootstrap_median(values, 7, &first));
    CHECK_STATUS(scale_bootstrap_median(values, 7, &second));
    CU_ASSERT_EQUAL(memcmp(&first, &second, sizeof first), 0);
}

TEST(an_interval_of_the_inverse_is_the_inverse_interval)
{
    double values[6] = {1.1, 1.0, 1.2, 1.05, 1.01, 1.3};
    scale_estimate e, inverse;
    CHECK_STATUS(scale_bootstrap_median(values, 6, &e));
    for (int i = 0; i < 6; i++) values[i] = 1 / values[i];
    CHECK_STATUS(scale_bootstrap_median(values, 6, &inverse));
    CU_ASSERT_DOUBLE_EQUAL(inverse.value * e.value, 1, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(inverse.low * e.high, 1, 0.01); /* the percentiles of finitely many resamples */
    CU_ASSERT_DOUBLE_EQUAL(inverse.high * e.low, 1, 0.01);
}

/* ---- coverage ---- */

/* Intervals of the time and the speed-up on 2 threads hold the truth in 90 to 99 % of the draws. */
static void check_coverage(int rounds, double outliers)
{
    synthetic_spec spec = strong(2, rounds);
    const double seconds = synthetic_amdahl(2, spec.parameter), speedup = synthetic_amdahl(1, spec.parameter) / seconds;
    int of_seconds = 0, of_speedup = 0;
    spec.outliers = outliers;
    for (int draw = 0; draw < DRAWS; draw++) {
        const scale_estimates e = estimate_draw(&spec, draw);
        if (holds(e.seconds_a_step, seconds)) of_seconds++;
        if (holds(e.speedup, speedup)) of_speedup++;
    }
    const bool is_well = of_seconds >= 0.9 * DRAWS && of_seconds <= 0.99 * DRAWS && of_speedup >= 0.9 * DRAWS &&
                         of_speedup <= 0.99 * DRAWS;
    if (!is_well) printf("\n%d rounds: %d, %d covered\n", rounds, of_seconds, of_speedup);
    CU_ASSERT(is_well);
}

TEST(intervals_of_three_rounds_hold_the_truth)
{
    check_coverage(3, 0);
}

TEST(intervals_of_five_rounds_hold_the_truth)
{
    check_coverage(5, 0);
    check_coverage(5, 0.05);
}

TEST(intervals_of_nine_rounds_hold_the_truth)
{
    check_coverage(9, 0);
}

/* ---- points ---- */

TEST(strong_points_are_compared_with_the_fewest_threads)
{
    synthetic_spec spec = strong(4, 5);
    spec.noise = 0;
    const scale_estimates e = estimate_draw(&spec, 0);
    const double ratio = 0.1 + 0.9 / 8;
    check_near(e.seconds_a_step, 0.02 * ratio);
    check_near(e.rate, 1000 / (0.02 * ratio));
    check_near(e.speedup, 1 / ratio);
    check_near(e.efficiency, 1 / ratio / 8);
    check_near(e.karp_flatt, 0.1);
    CU_ASSERT(holds(e.karp_flatt, e.karp_flatt.value));
}

TEST(weak_points_are_compared_by_the_work_of_a_thread)
{
    synthetic_spec spec = strong(4, 5);
    spec.mode = SCALE_WEAK;
    spec.law = synthetic_gustafson;
    spec.noise = 0;
    const scale_estimates e = estimate_draw(&spec, 0);
    check_near(e.speedup, 8 - 0.1 * 7);
    check_near(e.efficiency, (8 - 0.1 * 7) / 8);
    check_near(e.rate, 8000 / (0.02 * 8 / 7.3));
    check_near(e.karp_flatt, (1 / 7.3 - 1 / 8.0) / (1 - 1 / 8.0));
}

TEST(the_serial_fraction_is_that_of_one_thread_even_if_the_base_has_two)
{
    synthetic_spec spec = strong(4, 5);
    spec.noise = 0;
    synthetic_make(&spec, 0, &study);
    study.points[0].sample_count = 0;
    const scale_estimates e = estimate_last(&spec);
    CU_ASSERT_DOUBLE_EQUAL(e.karp_flatt.value, 0.1, 1e-9);
    check_near(e.speedup, 0.55 / 0.2125);
    check_near(e.efficiency, 0.55 / 0.2125 / 4);
}

TEST(the_base_has_a_speed_up_of_one)
{
    const synthetic_spec spec = strong(1, 5);
    const scale_estimates e = estimate_draw(&spec, 0);
    CU_ASSERT_EQUAL(e.speedup.value, 1);
    CU_ASSERT_EQUAL(e.speedup.low, 1);
    CU_ASSERT_EQUAL(e.efficiency.high, 1);
    CU_ASSERT(isnan(e.karp_flatt.value));
}

TEST(without_a_base_there_are_times_but_no_ratios)
{
    const synthetic_spec spec = strong(2, 5);
    scale_estimates e;
    synthetic_make(&spec, 0, &study);
    CHECK_STATUS(scale_estimate_point(&study.points[1], NULL, &e));
    CU_ASSERT(e.rate.low < e.rate.value && e.rate.value < e.rate.high);
    CU_ASSERT(isnan(e.speedup.value) && isnan(e.efficiency.low) && isnan(e.karp_flatt.high));
}

TEST(the_base_is_of_the_same_mode_and_places_and_was_measured)
{
    const synthetic_spec spec = strong(4, 5);
    synthetic_make(&spec, 0, &study);
    study.points[0].sample_count = 0;
    study.points[1].places = PEL_PLACEMENT_SPREAD;
    study.points[3].mode = SCALE_WEAK;
    CU_ASSERT_PTR_EQUAL(scale_find_base(study.points, 4, SCALE_STRONG, PEL_PLACEMENT_COMPACT), &study.points[2]);
    CU_ASSERT_PTR_EQUAL(scale_find_base(study.points, 4, SCALE_STRONG, PEL_PLACEMENT_SPREAD), &study.points[1]);
    CU_ASSERT_PTR_NULL(scale_find_base(study.points, 4, SCALE_WEAK, PEL_PLACEMENT_SPREAD));
}

/* ---- rounds ---- */

TEST(what_slows_a_whole_round_drops_out_of_ratios)
{
    synthetic_spec spec = strong(3, 5);
    const scale_estimates still = estimate_draw(&spec, 0);
    spec.drift = 0.5;
    const scale_estimates drifting = estimate_draw(&spec, 0);
    CU_ASSERT_DOUBLE_EQUAL(drifting.speedup.value, still.speedup.value, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(drifting.speedup.low, still.speedup.low, 1e-9);
    CU_ASSERT(drifting.seconds_a_step.high - drifting.seconds_a_step.low >
              2 * (still.seconds_a_step.high - still.seconds_a_step.low));
}

TEST(rounds_that_lack_a_point_are_left_out_of_its_ratios)
{
    const synthetic_spec spec = strong(2, 6);
    const scale_estimates whole = estimate_draw(&spec, 0);
    study.points[1].sample_count = 5;
    study.samples[0][5].seconds *= 10;
    const scale_estimates cut = estimate_last(&spec);
    study.points[0].sample_count = 5;
    const scale_estimates without = estimate_last(&spec);
    CU_ASSERT_EQUAL(memcmp(&cut.speedup, &without.speedup, sizeof cut.speedup), 0);
    CU_ASSERT_NOT_EQUAL(cut.speedup.value, whole.speedup.value);
}

TEST(points_without_a_common_round_have_a_ratio_but_no_interval)
{
    synthetic_spec spec = strong(2, 3);
    spec.noise = 0;
    synthetic_make(&spec, 0, &study);
    for (int i = 0; i < 3; i++) study.samples[1][i].round += 3;
    const scale_estimates e = estimate_last(&spec);
    check_near(e.speedup, 1 / 0.55);
    CU_ASSERT(isnan(e.speedup.low) && isnan(e.speedup.high));
}

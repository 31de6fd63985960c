/* Laws of scaling: their intervals hold the truth as often as they say, and what cannot be fitted is said so. */
#include "scale/laws.h"
#include "scale/synthetic.h"
#include "support/test.h"

enum { DRAWS = 200, SEED = 6 };

static synthetic_study study;

static scale_fit fit_points(scale_law law, const synthetic_spec *spec)
{
    scale_fit fit;
    CHECK_STATUS(scale_law_fit(law, study.points, spec->points, spec->mode, PEL_PLACEMENT_COMPACT, &fit));
    return fit;
}

static scale_fit fit_draw(scale_law law, const synthetic_spec *spec, int draw)
{
    synthetic_make(spec, draw, &study);
    return fit_points(law, spec);
}

static synthetic_spec strong(synthetic_law *law, double a, double b)
{
    return (synthetic_spec){.mode = SCALE_STRONG,
                            .law = law,
                            .parameter = {a, b},
                            .points = 5,
                            .rounds = 5,
                            .noise = 0.02,
                            .drift = 0.05,
                            .seed = SEED};
}

static synthetic_spec weak(synthetic_law *law, double a, double b)
{
    synthetic_spec spec = strong(law, a, b);
    spec.mode = SCALE_WEAK;
    return spec;
}

/* ---- coverage ---- */

static void count_covered(scale_law law, const synthetic_spec *spec, int covered[SCALE_MOST_PARAMETERS])
{
    for (int draw = 0; draw < DRAWS; draw++) {
        const scale_fit fit = fit_draw(law, spec, draw);
        for (int k = 0; k < fit.parameter_count; k++) {
            const scale_estimate e = fit.parameters[k].of;
            CU_ASSERT(e.low <= e.value && e.value <= e.high);
            if (e.low <= spec->parameter[k] && spec->parameter[k] <= e.high) covered[k]++;
        }
    }
}

/* In 90 to 99 % of the draws, under noise of 1 and 5 %, and of 2 % with one sample in 20 slow by half. */
static void check_coverage(scale_law law, synthetic_spec spec, double most)
{
    const double noise[3] = {0.01, 0.05, 0.02}, outliers[3] = {0, 0, 0.05};
    const int parameters = law == SCALE_USL ? 2 : 1;
    for (int i = 0; i < 3; i++) {
        int covered[SCALE_MOST_PARAMETERS] = {0};
        spec.noise = noise[i];
        spec.outliers = outliers[i];
        spec.seed++;
        count_covered(law, &spec, covered);
        for (int k = 0; k < parameters; k++) {
            const bool is_well = covered[k] >= 0.9 * DRAWS && covered[k] <= most * DRAWS;
            if (!is_well) printf("\n%s, parameter %d, noise %d: %d covered\n", scale_law_name(law), k, i, covered[k]);
            CU_ASSERT(is_well);
        }
    }
}

TEST(intervals_of_amdahls_serial_fraction_hold_the_truth)
{
    check_coverage(SCALE_AMDAHL, strong(synthetic_amdahl, 0.001, 0), 0.99);
    check_coverage(SCALE_AMDAHL, strong(synthetic_amdahl, 0.05, 0), 0.99);
    check_coverage(SCALE_AMDAHL, strong(synthetic_amdahl, 0.3, 0), 0.99);
}

/* A truth at the bound can be missed on one side alone: the interval holds it more often than it says. */
TEST(intervals_hold_a_serial_fraction_of_zero)
{
    check_coverage(SCALE_AMDAHL, strong(synthetic_amdahl, 0, 0), 1);
}

TEST(intervals_of_gustafsons_serial_fraction_hold_the_truth)
{
    check_coverage(SCALE_GUSTAFSON, weak(synthetic_gustafson, 0.1, 0), 0.99);
}

TEST(intervals_of_contention_and_coherency_hold_the_truth)
{
    synthetic_spec spec = strong(synthetic_usl, 0.05, 0.001);
    check_coverage(SCALE_USL, spec, 0.99);
    spec.points = 6;
    check_coverage(SCALE_USL, spec, 0.99);
    check_coverage(SCALE_USL, weak(synthetic_weak_usl, 0.05, 0.001), 0.99);
}

/* ---- values ---- */

TEST(times_without_noise_give_the_parameters)
{
    synthetic_spec spec = strong(synthetic_usl, 0.05, 0.001);
    spec.noise = spec.drift = 0;
    const scale_fit usl = fit_draw(SCALE_USL, &spec, 0);
    CU_ASSERT_DOUBLE_EQUAL(usl.parameters[0].of.value, 0.05, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(usl.parameters[1].of.value, 0.001, 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(usl.seconds_on_one, 0.02, 1e-7);
    CU_ASSERT(usl.residual < 1e-6);
    CU_ASSERT_EQUAL(usl.samples, 25);
    CU_ASSERT_DOUBLE_EQUAL(scale_law_peak(&usl), sqrt(0.95 / 0.001), 1e-2);
    CU_ASSERT_DOUBLE_EQUAL(scale_law_speedup(&usl, 1, 10), 10 / (1 + 0.05 * 9 + 0.001 * 90), 1e-5);
}

TEST(each_law_gives_its_speed_up)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.2, 0);
    spec.noise = 0;
    scale_fit fit = fit_draw(SCALE_AMDAHL, &spec, 0);
    CU_ASSERT_DOUBLE_EQUAL(scale_law_speedup(&fit, 1, 8), 1 / (0.2 + 0.8 / 8), 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(scale_law_speedup(&fit, 2, 8), (0.2 + 0.4) / (0.2 + 0.1), 1e-5);
    CU_ASSERT(isnan(scale_law_peak(&fit)));
    spec = weak(synthetic_gustafson, 0.1, 0);
    spec.noise = 0;
    fit = fit_draw(SCALE_GUSTAFSON, &spec, 0);
    CU_ASSERT_DOUBLE_EQUAL(scale_law_speedup(&fit, 1, 8), 8 - 0.1 * 7, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(fit.seconds_on_one / 0.02, 1, 0.2); /* a drift of 5 % a round */
}

static double slower_with_threads(double p, const double parameter[2])
{
    return 0.02 * pow(p, parameter[0]);
}

TEST(parameters_stay_within_their_bounds)
{
    synthetic_spec spec = strong(slower_with_threads, 0.5, 0);
    const scale_fit slower = fit_draw(SCALE_AMDAHL, &spec, 0);
    CU_ASSERT_EQUAL(slower.parameters[0].of.value, 1);
    CU_ASSERT_EQUAL(slower.parameters[0].of.high, 1);
    spec = strong(slower_with_threads, -1.2, 0); /* faster than ideal, as with caches */
    const scale_fit faster = fit_draw(SCALE_USL, &spec, 0);
    for (int k = 0; k < 2; k++) {
        CU_ASSERT_EQUAL(faster.parameters[k].of.value, 0);
        CU_ASSERT_EQUAL(faster.parameters[k].of.low, 0);
        CU_ASSERT(faster.parameters[k].of.high >= 0);
    }
    CU_ASSERT(isinf(scale_law_peak(&faster)));
}

TEST(the_peak_is_on_one_thread_where_a_second_only_disturbs)
{
    synthetic_spec spec = strong(synthetic_usl, 1.5, 0.1);
    const scale_fit fit = fit_draw(SCALE_USL, &spec, 0);
    CU_ASSERT_EQUAL(scale_law_peak(&fit), 1);
}

/* ---- which samples count ---- */

TEST(a_drift_of_the_machine_drops_out)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    spec.drift = 0;
    const scale_estimate still = fit_draw(SCALE_AMDAHL, &spec, 0).parameters[0].of;
    spec.drift = 0.3;
    const scale_estimate drifting = fit_draw(SCALE_AMDAHL, &spec, 0).parameters[0].of;
    CU_ASSERT_DOUBLE_EQUAL(drifting.value, still.value, 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(drifting.low, still.low, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(drifting.high, still.high, 1e-5);
}

TEST(one_wild_sample_moves_little)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    synthetic_make(&spec, 0, &study);
    const scale_estimate before = fit_points(SCALE_AMDAHL, &spec).parameters[0].of;
    study.samples[4][2].seconds *= 20;
    const scale_estimate after = fit_points(SCALE_AMDAHL, &spec).parameters[0].of;
    CU_ASSERT(fabs(after.value - before.value) < 0.5 * (before.high - before.low));
}

TEST(points_with_more_threads_than_processors_are_left_out)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    synthetic_make(&spec, 0, &study);
    const scale_fit of_all = fit_points(SCALE_AMDAHL, &spec);
    study.points[4].is_oversubscribed = true;
    const scale_fit fit = fit_points(SCALE_AMDAHL, &spec);
    CU_ASSERT_EQUAL(of_all.samples, 25);
    CU_ASSERT_EQUAL(fit.samples, 20);
}

TEST(rounds_cut_short_are_used_as_far_as_they_compare)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    synthetic_make(&spec, 0, &study);
    for (int i = 1; i < spec.points; i++) study.points[i].sample_count = 4; /* the last round has one point */
    study.points[4].sample_count = 3;
    CU_ASSERT_EQUAL(fit_points(SCALE_AMDAHL, &spec).samples, 4 * 5 - 1);
}

TEST(a_study_need_not_begin_at_one_thread)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    spec.noise = 0;
    synthetic_make(&spec, 0, &study);
    study.points[0].sample_count = 0;
    const scale_fit fit = fit_points(SCALE_AMDAHL, &spec);
    CU_ASSERT_DOUBLE_EQUAL(fit.parameters[0].of.value, 0.05, 1e-6);
}

/* ---- lack of fit ---- */

static int count_refused(scale_law law, const synthetic_spec *spec)
{
    int refused = 0;
    for (int draw = 0; draw < DRAWS; draw++)
        if (fit_draw(law, spec, draw).p_value < 0.05) refused++;
    return refused;
}

TEST(a_law_that_holds_is_seldom_refused)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    CU_ASSERT(count_refused(SCALE_AMDAHL, &spec) <= 0.1 * DRAWS);
    spec.outliers = 0.05;
    CU_ASSERT(count_refused(SCALE_AMDAHL, &spec) <= 0.1 * DRAWS);
}

TEST(a_law_that_does_not_hold_is_refused)
{
    const synthetic_spec spec = strong(synthetic_usl, 0, 0.01);
    CU_ASSERT(count_refused(SCALE_AMDAHL, &spec) >= 0.95 * DRAWS);
    CU_ASSERT(count_refused(SCALE_USL, &spec) <= 0.1 * DRAWS);
}

TEST(two_thread_counts_cannot_refuse_a_law)
{
    synthetic_spec spec = strong(synthetic_amdahl, 0.05, 0);
    spec.points = 2;
    CU_ASSERT(isnan(fit_draw(SCALE_AMDAHL, &spec, 0).p_value));
}

/* ---- too little ---- */

static void check_refused(scale_law law, const synthetic_spec *spec, const char *why)
{
    const scale_fit fit = fit_draw(law, spec, 0);
    if (!strstr(fit.why_not, why)) fprintf(stderr, "\n%s\n", fit.why_not);
    CU_ASSERT_PTR_NOT_NULL(strstr(fit.why_not, why));
    CU_ASSERT(isnan(fit.parameters[0].of.value));
    CU_ASSERT(isnan(scale_law_speedup(&fit, 1, 2)));
    CU_ASSERT(isnan(scale_law_peak(&fit)));
}

TEST(too_little_for_a_law_is_said)
{
    synthetic_spec spec = strong(synthetic_usl, 0.05, 0.001);
    spec.points = 2;
    check_refused(SCALE_USL, &spec, "needs 3 thread counts");
    spec.points = 1;
    check_refused(SCALE_AMDAHL, &spec, "needs 2 thread counts");
    spec.points = 2;
    spec.rounds = 1;
    check_refused(SCALE_AMDAHL, &spec, "needs more samples");
    spec.rounds = 0;
    check_refused(SCALE_AMDAHL, &spec, "needs 2 thread counts");
}

TEST(laws_speak_of_their_modes)
{
    CU_ASSERT(scale_law_applies(SCALE_AMDAHL, SCALE_STRONG) && !scale_law_applies(SCALE_AMDAHL, SCALE_WEAK));
    CU_ASSERT(!scale_law_applies(SCALE_GUSTAFSON, SCALE_STRONG) && scale_law_applies(SCALE_GUSTAFSON, SCALE_WEAK));
    CU_ASSERT(scale_law_applies(SCALE_USL, SCALE_STRONG) && scale_law_applies(SCALE_USL, SCALE_WEAK));
    CU_ASSERT_STRING_EQUAL(scale_law_name(SCALE_AMDAHL), "amdahl");
}

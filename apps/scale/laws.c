/* Laws of scaling.
 *
 * Each is fitted as a robust regression of the logarithms of times on threads (regression.c). Of weak points, it is the
 * time over the growth of the work: so T / T1 is one over the speed-up in either mode.
 *
 * Of 1500 draws (1 to 16 or 32 threads, 5 rounds, noise of 1 to 5 %, drift of 5 %, no sample or one in 20 slow by half)
 * the intervals held the truth in 94 to 96 %; with a parameter within the noise of its bound in up to 97 %; both
 * parameters of 3 thread counts in 3 rounds in 90 %. tests/scale/test_laws.c measures it again with fewer draws.
 *
 * They take the noise for equal at all thread counts (were it 3 times as large at the most threads as at the fewest,
 * they would hold the truth in 90 to 96 %), and the law for true: where the test of lack of fit refuses it, they say
 * little. */
#include "scale/laws.h"

#include <math.h>
#include <stdio.h>

#include "scale/regression.h"
#include "scale/statistics.h"

/* ---- laws ---- */

static double log_amdahl(double p, scale_shape s, double slope[SCALE_MOST_SHAPE])
{
    const double share = s.value[0] + (1 - s.value[0]) / p;
    slope[0] = (1 - 1 / p) / share;
    return log(share);
}

static double log_gustafson(double p, scale_shape alpha, double slope[SCALE_MOST_SHAPE])
{
    const double share = 1 - alpha.value[0] * (1 - 1 / p);
    slope[0] = (1 - 1 / p) / share;
    return -log(p * share);
}

static double log_usl(double p, scale_shape sigma_kappa, double slope[SCALE_MOST_SHAPE])
{
    const double delay = 1 + sigma_kappa.value[0] * (p - 1) + sigma_kappa.value[1] * p * (p - 1);
    slope[0] = (p - 1) / delay;
    slope[1] = p * (p - 1) / delay;
    return log(delay / p);
}

static const struct law {
    const char *name;
    bool is_strong, is_weak;
    scale_log_shape *log_shape;
    int parameters;
    struct {
        const char *name, *symbol;
    } parameter[SCALE_MOST_PARAMETERS];
    scale_shape most, start;
} laws[SCALE_LAW_COUNT] = {
    [SCALE_AMDAHL] = {"amdahl", true, false, log_amdahl, 1, {{"serial fraction", "s"}}, {{1}}, {{0.05}}},
    [SCALE_GUSTAFSON] = {"gustafson", false, true, log_gustafson, 1, {{"serial fraction", "alpha"}}, {{1}}, {{0.05}}},
    [SCALE_USL] = {"usl",
                   true,
                   true,
                   log_usl,
                   2,
                   {{"contention", "sigma"}, {"coherency", "kappa"}},
                   {{INFINITY, INFINITY}},
                   {{0.05, 0}}},
};

const char *scale_law_name(scale_law law)
{
    return laws[law].name;
}

bool scale_law_applies(scale_law law, scale_mode mode)
{
    return mode == SCALE_STRONG ? laws[law].is_strong : laws[law].is_weak;
}

/* ---- what is fitted to ---- */

static bool is_fitted(const scale_point *p, scale_mode mode, pel_placement_kind places)
{
    return p->mode == mode && p->places == places && !p->is_oversubscribed;
}

static void add_samples_of_round(scale_regression *r, const scale_point *p, int round)
{
    const double growth = p->mode == SCALE_WEAK ? p->threads : 1;
    for (int i = 0; i < p->sample_count; i++) {
        const scale_sample *s = &p->samples[i];
        if (s->round != round) continue;
        scale_regression_add(r, (scale_observation){p->threads, log(s->seconds / s->steps / growth)});
    }
}

static void gather(scale_regression *r, const scale_point *points, int count, scale_mode mode,
                   pel_placement_kind places, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < count; i++)
            if (is_fitted(&points[i], mode, places)) add_samples_of_round(r, &points[i], round);
        scale_regression_end_round(r);
    }
}

static int count_rounds(const scale_point *points, int count)
{
    int rounds = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < points[i].sample_count; k++)
            if (points[i].samples[k].round >= rounds) rounds = points[i].samples[k].round + 1;
    return rounds;
}

static int count_samples(const scale_point *points, int count)
{
    int samples = 0;
    for (int i = 0; i < count; i++) samples += points[i].sample_count;
    return samples;
}

/* ---- a fit ---- */

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

/* What is lacking for a fit, if anything. */
static void say_why_not(const scale_regression *r, scale_fit *fit)
{
    const int wanted = r->parameters + 1; /* a count that stands alone in its round is no observation */
    if (scale_regression_thread_counts(r) < wanted)
        snprintf(
            fit->why_not, sizeof fit->why_not,
            "needs %d thread counts within the processors granted, measured in the same rounds; the study has fewer",
            wanted);
    else if (scale_regression_degrees(r) < 1)
        snprintf(fit->why_not, sizeof fit->why_not,
                 "needs more samples: %d in %d round%s leave nothing to tell noise from the law; repeat the points",
                 r->count, r->rounds, plural(r->rounds));
}

static void report_fit(scale_regression *r, scale_fit *fit)
{
    scale_regression_fit(r, laws[fit->law].start);
    fit->samples = r->count;
    fit->residual = scale_regression_residual(r);
    fit->p_value = scale_regression_p_value(r);
    fit->seconds_on_one = exp(scale_regression_location(r));
    for (int k = 0; k < r->parameters; k++) fit->parameters[k].of = scale_regression_interval(r, k);
}

static scale_fit empty_fit(scale_law law, scale_mode mode, pel_placement_kind places)
{
    scale_fit fit = {.law = law,
                     .mode = mode,
                     .places = places,
                     .parameter_count = laws[law].parameters,
                     .seconds_on_one = NAN,
                     .residual = NAN,
                     .p_value = NAN};
    for (int k = 0; k < fit.parameter_count; k++)
        fit.parameters[k] =
            (scale_parameter){laws[law].parameter[k].name, laws[law].parameter[k].symbol, scale_estimate_none};
    return fit;
}

pel_status scale_law_fit(scale_law law, const scale_point *points, int count, scale_mode mode,
                         pel_placement_kind places, scale_fit *fit)
{
    *fit = empty_fit(law, mode, places);
    scale_regression r = {.log_shape = laws[law].log_shape, .parameters = laws[law].parameters, .most = laws[law].most};
    const int rounds = count_rounds(points, count);
    const pel_status status = scale_regression_allocate(&r, count_samples(points, count), rounds);
    if (status == PEL_OK) {
        gather(&r, points, count, mode, places, rounds);
        say_why_not(&r, fit);
        if (!fit->why_not[0]) report_fit(&r, fit);
    }
    scale_regression_free(&r);
    return status;
}

/* ---- what a fit says ---- */

double scale_law_speedup(const scale_fit *fit, double base, double threads)
{
    scale_shape theta = {{0}};
    double unused[SCALE_MOST_SHAPE];
    scale_log_shape *const log_shape = laws[fit->law].log_shape;
    for (int k = 0; k < fit->parameter_count; k++) theta.value[k] = fit->parameters[k].of.value;
    return exp(log_shape(base, theta, unused) - log_shape(threads, theta, unused));
}

/* Where the derivative of X(p) is zero (Gunther 2007, Guerrilla Capacity Planning, section 4.4.2); one thread at least.
 */
double scale_law_peak(const scale_fit *fit)
{
    if (fit->law != SCALE_USL || fit->why_not[0]) return NAN;
    const double sigma = fit->parameters[0].of.value, kappa = fit->parameters[1].of.value;
    if (sigma >= 1) return 1;
    return kappa > 0 ? fmax(1, sqrt((1 - sigma) / kappa)) : INFINITY;
}

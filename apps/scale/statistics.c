/* Medians of few samples, and how well they are known.
 *
 * A study has 3 to 9 rounds. Times are positive and their noise multiplies, so all is done with their logarithms: the
 * interval of a rate is the inverse of that of the time. (Of an even number of samples, the median is therefore the
 * geometric mean of the middle two.) A machine that drifts moves all points of a round together; ratios are taken
 * within rounds and whole rounds are resampled, with the same draws for every point.
 *
 * Percentiles of the bootstrap are too narrow for so few: no resample has a median beyond the extremes, which hold the
 * true median in 1 - 2^(1-n) of all cases, 75 % for n = 3. So
 *
 *     n >= 5    percentiles, moved outwards to where Student's t stands for the normal distribution, at
 *               Phi(-sqrt(n / (n - 1)) t_{n-1}) (Hesterberg 2015, The American Statistician 69, 371, section 4.3)
 *     n < 5     bootstrap-t with resamples drawn from a normal distribution (Efron & Tibshirani 1993, An Introduction
 *               to the Bootstrap, sections 6.5 and 12.5): median -+ c s, s the standard deviation of the logarithms and
 *               c the 95 % point of |median| / s of n normal numbers
 *
 * How often they hold the true median, in percent of 2000 draws each, of samples and of ratios of two
 * (tests/scale/test_statistics.c measures a part of it again):
 *
 *     noise                                   n = 2     3     4     5     7     9    15
 *     normal, 3 %                  samples      94.6  94.9  94.3  94.1  98.7  96.2  96.6
 *                                  ratios       95.4  94.9  94.7  93.8  98.4  96.3  96.7
 *     normal, 2 %, and one in 20   samples      95.3  95.5  95.3  94.2  98.8  96.8  96.4
 *     slow by half                 ratios       95.7  96.9  96.7  93.8  98.6  97.0  97.0
 *     exponential, 3 %             samples      94.2  92.3  91.9  93.9  98.4  96.0  96.5
 *                                  ratios       96.5  96.4  96.7  94.0  98.6  96.2  96.8
 *
 * Under outliers the intervals of 2 to 4 samples grow wide before they grow wrong. */
#include "scale/statistics.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

const scale_estimate scale_estimate_none = {.value = NAN, .low = NAN, .high = NAN};

/* Chosen once; the third keeps resampling and normal numbers apart. */
enum { RESAMPLES = 3999, NORMAL_DRAWS = 9999, SEED = 20260, SEED_OF_NORMALS = 20261, FEWEST_TO_RESAMPLE = 5 };
static const double tail = 0.025; /* left out at either end of a 95 % interval */

/* ---- medians ---- */

double scale_median(double *values, int count)
{
    if (count == 0) return NAN;
    gsl_sort(values, 1, (size_t)count);
    return gsl_stats_median_from_sorted_data(values, 1, (size_t)count);
}

/* ---- five rounds and more ---- */

/* Which of `count` rounds takes place `place` of a resample: the same for every point of the study. */
static int drawn_round(int resample, int place, int count)
{
    const double u = pel_random_uniform(
        (pel_random_key){.seed = SEED, .id = (uint64_t)count, .step = (uint64_t)resample, .draw = (uint64_t)place});
    return (int)(u * count);
}

static void resample_medians(const double *logs, int count, double *room, double medians[RESAMPLES])
{
    for (int b = 0; b < RESAMPLES; b++) {
        for (int i = 0; i < count; i++) room[i] = logs[drawn_round(b, i, count)];
        medians[b] = scale_median(room, count);
    }
    gsl_sort(medians, 1, RESAMPLES);
}

static void expanded_percentiles(const double *logs, int count, double *room, scale_estimate *e)
{
    double medians[RESAMPLES];
    resample_medians(logs, count, room, medians);
    const double n = count, reach = sqrt(n / (n - 1)) * gsl_cdf_tdist_Qinv(tail, n - 1);
    const double share = gsl_cdf_ugaussian_Q(reach);
    e->low = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, share);
    e->high = gsl_stats_quantile_from_sorted_data(medians, 1, RESAMPLES, 1 - share);
}

/* ---- fewer ---- */

/* The 95 % point of |median| / s of `count` numbers from a normal distribution. */
static double studentised_reach(int count, double *room)
{
    double pivots[NORMAL_DRAWS];
    for (int b = 0; b < NORMAL_DRAWS; b++) {
        for (int i = 0; i < count; i++)
            room[i] = pel_random_normal((pel_random_key){
                .seed = SEED_OF_NORMALS, .id = (uint64_t)count, .step = (uint64_t)b, .draw = (uint64_t)i});
        const double s = gsl_stats_sd(room, 1, (size_t)count);
        pivots[b] = fabs(scale_median(room, count)) / s;
    }
    gsl_sort(pivots, 1, NORMAL_DRAWS);
    return gsl_stats_quantile_from_sorted_data(pivots, 1, NORMAL_DRAWS, 1 - 2 * tail);
}

static void bootstrap_t(const double *logs, int count, double *room, scale_estimate *e)
{
    const double half = studentised_reach(count, room) * gsl_stats_sd(logs, 1, (size_t)count);
    e->low = e->value - half;
    e->high = e->value + half;
}

/* ---- an estimate ---- */

static scale_estimate estimate_of_logs(const double *logs, int count, double *room)
{
    scale_estimate e = scale_estimate_none;
    memcpy(room, logs, (size_t)count * sizeof *logs);
    e.value = scale_median(room, count);
    if (count >= FEWEST_TO_RESAMPLE) expanded_percentiles(logs, count, room, &e);
    else if (count >= 2) bootstrap_t(logs, count, room, &e);
    return (scale_estimate){.value = exp(e.value), .low = exp(e.low), .high = exp(e.high)};
}

pel_status scale_bootstrap_median(const double *values, int count, scale_estimate *median)
{
    double *room = NULL;
    PEL_TRY(pel_memory_new(2 * (size_t)count + 1, sizeof *room, &room));
    double *logs = room + count;
    for (int i = 0; i < count; i++) logs[i] = log(values[i]);
    *median = estimate_of_logs(logs, count, room);
    free(room);
    return PEL_OK;
}

/* ---- points ---- */

const scale_point *scale_find_base(const scale_point *points, int count, scale_mode mode, pel_placement_kind places)
{
    const scale_point *base = NULL;
    for (int i = 0; i < count; i++) {
        const scale_point *p = &points[i];
        if (p->mode != mode || p->places != places || p->sample_count == 0) continue;
        if (!base || p->threads < base->threads) base = p;
    }
    return base;
}

static double seconds_a_step(const scale_sample *s)
{
    return s->seconds / s->steps;
}

static const scale_sample *sample_of_round(const scale_point *point, int round)
{
    for (int i = 0; i < point->sample_count; i++)
        if (point->samples[i].round == round) return &point->samples[i];
    return NULL;
}

/* Times a step of `point` over those of `base`, in the rounds that have both. @return how many */
static int ratios_within_rounds(const scale_point *point, const scale_point *base, double *ratios)
{
    int count = 0;
    for (int i = 0; i < point->sample_count; i++) {
        const scale_sample *s = &point->samples[i], *of_base = sample_of_round(base, s->round);
        if (of_base) ratios[count++] = seconds_a_step(s) / seconds_a_step(of_base);
    }
    return count;
}

static pel_status estimate_seconds(const scale_point *point, double *values, scale_estimate *seconds)
{
    for (int i = 0; i < point->sample_count; i++) values[i] = seconds_a_step(&point->samples[i]);
    return scale_bootstrap_median(values, point->sample_count, seconds);
}

/* Ratio of the median times, where no round has both points. */
static pel_status estimate_ratio_of_medians(const scale_point *point, const scale_point *base, double *values,
                                            scale_estimate *ratio)
{
    scale_estimate above = scale_estimate_none, below = scale_estimate_none;
    PEL_TRY(estimate_seconds(point, values, &above));
    PEL_TRY(estimate_seconds(base, values, &below));
    *ratio = scale_estimate_none;
    ratio->value = above.value / below.value;
    return PEL_OK;
}

static pel_status estimate_ratio(const scale_point *point, const scale_point *base, double *values,
                                 scale_estimate *ratio)
{
    if (point == base) {
        *ratio = (scale_estimate){.value = 1, .low = 1, .high = 1};
        return PEL_OK;
    }
    const int count = ratios_within_rounds(point, base, values);
    if (count > 0) return scale_bootstrap_median(values, count, ratio);
    return estimate_ratio_of_medians(point, base, values, ratio);
}

/* factor / e: the larger, the smaller. */
static scale_estimate inverse(double factor, scale_estimate e)
{
    return (scale_estimate){.value = factor / e.value, .low = factor / e.high, .high = factor / e.low};
}

/* The serial fraction of the time on one thread that makes p threads take `ratio` times as long as b (strong). */
static double serial_fraction(double ratio, double b, double p)
{
    const double parallel = (1 - 1 / p) - ratio * (1 - 1 / b);
    return parallel > 0 ? (ratio / b - 1 / p) / parallel : isnan(ratio) ? NAN : INFINITY;
}

static void derive(const scale_point *point, const scale_point *base, scale_estimate ratio, scale_estimates *e)
{
    const double b = base->threads, p = point->threads, q = p / b;
    const bool is_strong = point->mode == SCALE_STRONG;
    e->speedup = inverse(is_strong ? 1 : q, ratio);
    e->efficiency = inverse(is_strong ? 1 / q : 1, ratio);
    if (point->threads == base->threads) return;
    const double unit = is_strong ? 1 : 1 / q;
    e->karp_flatt = (scale_estimate){.value = serial_fraction(unit * ratio.value, b, p),
                                     .low = serial_fraction(unit * ratio.low, b, p),
                                     .high = serial_fraction(unit * ratio.high, b, p)};
}

static pel_status estimate(const scale_point *point, const scale_point *base, double *values, scale_estimates *e)
{
    PEL_TRY(estimate_seconds(point, values, &e->seconds_a_step));
    e->rate = inverse(point->work_a_step, e->seconds_a_step);
    if (!base) return PEL_OK;
    scale_estimate ratio;
    PEL_TRY(estimate_ratio(point, base, values, &ratio));
    derive(point, base, ratio, e);
    return PEL_OK;
}

pel_status scale_estimate_point(const scale_point *point, const scale_point *base, scale_estimates *estimates)
{
    *estimates = (scale_estimates){scale_estimate_none, scale_estimate_none, scale_estimate_none, scale_estimate_none,
                                   scale_estimate_none};
    const int of_base = base ? base->sample_count : 0;
    const int most = point->sample_count > of_base ? point->sample_count : of_base;
    double *values = NULL;
    PEL_TRY(pel_memory_new((size_t)most + 1, sizeof *values, &values));
    const pel_status status = estimate(point, base, values, estimates);
    free(values);
    return status;
}

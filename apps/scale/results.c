/* The results. Hashes come first: where two points differ in their bits, their times say nothing. */
#include "scale/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

static const double busy_processors = 0.1, noticed_steal = 0.01; /* beyond which others are worth a warning */
static const double short_step = 50e-6; /* seconds that handing out work makes a good part of */
static const double short_sample = 0.1, wide_interval = 0.2;

json_t *scale_text(const char *text)
{
    json_t *string = json_string(text);
    pel_text json = {0};
    if (string) return string;
    pel_text_add_json(&json, text);
    string = json_loads(pel_text_get(&json), JSON_DECODE_ANY, NULL);
    pel_text_free(&json);
    return string;
}

void scale_say(json_t *sentences, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *sentence = NULL;
    if (vasprintf(&sentence, format, arguments) >= 0) json_array_append_new(sentences, scale_text(sentence));
    va_end(arguments);
    free(sentence);
}

/* ---- the same bits? ---- */

/* All ways that run the same problem must agree, whatever their threads and places. */
static const scale_sample *first_of_problem(const scale_plan *plan, int factor)
{
    for (int i = 0; i < plan->way_count; i++)
        if (plan->ways[i].factor == factor && plan->ways[i].sample_count > 0) return plan->ways[i].samples;
    return NULL;
}

static bool check_way(scale_course *course, const scale_way *way)
{
    const scale_sample *first = first_of_problem(&course->plan, way->factor);
    for (int i = 0; i < way->sample_count; i++) {
        if (way->samples[i].hash == first->hash) continue;
        scale_say(course->errors,
                  "%s, sample %d: the state at step %ld is %016llx, not %016llx as that of the same problem elsewhere; "
                  "results must not depend on threads or places, so this is a bug: please report it with %s",
                  way->name, way->samples[i].round + 1, course->settings.common_step,
                  (unsigned long long)way->samples[i].hash, (unsigned long long)first->hash, course->folder.path);
        return false;
    }
    return true;
}

/* ---- points ---- */

static double joules_a_step(const scale_point *point)
{
    double total = 0, steps = 0;
    for (int i = 0; i < point->sample_count; i++) {
        total += point->samples[i].joules; /* NAN stays */
        steps += point->samples[i].steps;
    }
    return steps > 0 ? total / steps : NAN;
}

static pel_status find(const scale_course *course, scale_results *results, int i)
{
    const scale_plan *plan = &course->plan;
    const scale_point *point = &plan->points[i];
    const scale_point *base = scale_find_base(plan->points, plan->point_count, point->mode, point->places);
    scale_finding *f = &results->findings[i];
    PEL_TRY(scale_estimate_point(point, base, &f->estimates));
    f->factors = scale_factors_of(point, base);
    f->shares = scale_shares_of(point, base);
    f->traffic = scale_traffic_of(point, base);
    f->bandwidth =
        results->figures->count > 0 ? pel_figures_bandwidth(results->figures, PEL_LEVEL_MEMORY, point->threads) : NAN;
    f->joules_a_step = joules_a_step(point);
    return PEL_OK;
}

/* ---- curves ---- */

static pel_status fit_laws(const scale_plan *plan, scale_mode mode, pel_placement_kind places, scale_results *results,
                           const scale_fit **usl)
{
    for (int law = SCALE_AMDAHL; law < SCALE_LAW_COUNT; law++) {
        if (!scale_law_applies((scale_law)law, mode)) continue;
        scale_fit *fit = &results->fits[results->fit_count++];
        PEL_TRY(scale_law_fit((scale_law)law, plan->points, plan->point_count, mode, places, fit));
        if (law == SCALE_USL) *usl = fit;
    }
    return PEL_OK;
}

static pel_status judge_curve(const scale_plan *plan, scale_mode mode, pel_placement_kind places,
                              const double *bandwidth, scale_results *results)
{
    const scale_fit *usl = NULL;
    PEL_TRY(fit_laws(plan, mode, places, results, &usl));
    return scale_judge(plan->points, plan->point_count, bandwidth, usl, mode, places,
                       &results->verdicts[results->verdict_count++]);
}

static pel_status judge_curves(const scale_plan *plan, scale_results *results)
{
    double *bandwidth = NULL;
    PEL_TRY(pel_memory_new((size_t)plan->point_count, sizeof *bandwidth, &bandwidth));
    for (int i = 0; i < plan->point_count; i++) bandwidth[i] = results->findings[i].bandwidth;
    pel_status status = PEL_OK;
    for (int mode = SCALE_STRONG; mode <= SCALE_WEAK; mode++)
        for (int places = 0; places < 2 && status == PEL_OK; places++)
            if (plan->has_mode[mode] && plan->has_places[places])
                status = judge_curve(plan, (scale_mode)mode, (pel_placement_kind)places, bandwidth, results);
    free(bandwidth);
    return status;
}

/* ---- what to be wary of ---- */

static void warn_of_threads(scale_course *course)
{
    int most = 0;
    for (int i = 0; i < course->plan.thread_count; i++) most = course->plan.thread_counts[i];
    if (most > course->plan.granted)
        scale_say(course->warnings,
                  "%d threads are more than the %d processor%s that this process may use: they take turns; such points "
                  "are marked, and left out of fits and verdicts",
                  most, course->plan.granted, course->plan.granted == 1 ? "" : "s");
}

typedef struct disturbance {
    int samples, busy, stolen;
    double most_load, most_steal;
} disturbance;

static void warn_of_others(scale_course *course)
{
    disturbance d = {0};
    for (int i = 0; i < course->plan.way_count; i++)
        for (int k = 0; k < course->plan.ways[i].sample_count; k++) {
            const scale_sample *s = &course->plan.ways[i].samples[k];
            d.samples++;
            d.busy += s->load > busy_processors;
            d.stolen += s->steal > noticed_steal;
            d.most_load = fmax(d.most_load, s->load);
            d.most_steal = fmax(d.most_steal, s->steal);
        }
    if (d.busy > 0)
        scale_say(course->warnings,
                  "the machine was busy with something else: during %d of %d samples other processes took more than %g "
                  "processors, up to %.1f; repeat the study on a quiet machine, or trust its intervals only",
                  d.busy, d.samples, busy_processors, d.most_load);
    if (d.stolen > 0)
        scale_say(
            course->warnings,
            "the hypervisor gave time to other machines: more than %.0f %% during %d of %d samples, up to %.0f %%",
            100 * noticed_steal, d.stolen, d.samples, 100 * d.most_steal);
}

static const scale_point *smallest(const scale_plan *plan)
{
    const scale_point *point = scale_find_base(plan->points, plan->point_count, SCALE_STRONG, PEL_PLACEMENT_COMPACT);
    for (int i = 0; !point && i < plan->point_count; i++)
        if (plan->points[i].sample_count > 0) point = &plan->points[i];
    return point;
}

/* What else the machine does makes samples slower, never faster. */
static const scale_sample *fastest(const scale_point *point)
{
    const scale_sample *best = point->samples;
    for (int i = 1; i < point->sample_count; i++) {
        const scale_sample *s = &point->samples[i];
        if (s->seconds / s->steps < best->seconds / best->steps) best = s;
    }
    return best;
}

static void warn_of_size(scale_course *course)
{
    const scale_point *point = smallest(&course->plan);
    if (!point) return;
    const scale_sample *s = fastest(point);
    if (s->seconds / s->steps < short_step)
        scale_say(course->warnings,
                  "the problem is too small to measure: a step takes %.0f us on %d thread%s, hardly more than handing "
                  "it to threads; study a larger one",
                  1e6 * s->seconds / s->steps, point->threads, point->threads == 1 ? "" : "s");
    if (s->seconds < short_sample)
        scale_say(course->warnings, "samples of %.0f ms are too short to trust; give %s", 1e3 * s->seconds,
                  course->request->steps > 0 ? "--seconds in place of --steps, or more steps" : "more --seconds");
}

static void warn_of_spread(scale_course *course, const scale_results *results)
{
    int wide = 0;
    double widest = 0;
    for (int i = 0; i < course->plan.point_count; i++) {
        const scale_estimate *t = &results->findings[i].estimates.seconds_a_step;
        const double width = (t->high - t->low) / t->value;
        wide += width > wide_interval;
        widest = fmax(widest, width);
    }
    if (wide > 0)
        scale_say(course->warnings,
                  "times vary much: the intervals of %d point%s are wider than %.0f %%, up to %.0f %%; more rounds "
                  "(--repeat) or longer samples (--seconds) narrow them",
                  wide, wide == 1 ? "" : "s", 100 * wide_interval, 100 * widest);
}

static void warn(scale_course *course, const scale_results *results)
{
    warn_of_threads(course);
    warn_of_others(course);
    warn_of_size(course);
    warn_of_spread(course, results);
    if (course->plan.why_not_weak) scale_say(course->warnings, "no weak points: %s", course->plan.why_not_weak);
}

pel_status scale_results_make(scale_course *course, const pel_figures *figures, scale_results *results)
{
    scale_plan *plan = &course->plan;
    *results = (scale_results){.figures = figures};
    PEL_TRY(pel_memory_new((size_t)plan->point_count, sizeof *results->findings, &results->findings));
    scale_plan_connect(plan);
    for (int i = 0; i < plan->way_count; i++) {
        const bool is_same = check_way(course, &plan->ways[i]);
        results->differing += !is_same;
        for (int k = 0; k < plan->point_count; k++)
            if (plan->points[k].way == i) results->findings[k].has_same_hash = is_same;
    }
    for (int i = 0; i < plan->point_count; i++) PEL_TRY(find(course, results, i));
    PEL_TRY(judge_curves(plan, results));
    warn(course, results);
    return PEL_OK;
}

void scale_results_free(scale_results *results)
{
    free(results->findings);
    *results = (scale_results){0};
}

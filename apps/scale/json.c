/* scale.json: the study for programs. A number that is not known is null. docs/scaling.md has the format. */
#include <math.h>
#include <stdio.h>

#include "scale/command_line.h"
#include "scale/results.h"
#include "scale/roofline.h"
#include "sim/report.h"

/* ---- numbers ---- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *estimate(scale_estimate e)
{
    if (!isfinite(e.value)) return json_null();
    return json_pack("{s:o, s:o, s:o}", "value", number(e.value), "low", number(e.low), "high", number(e.high));
}

static const char *mode_name(scale_mode mode)
{
    return mode == SCALE_STRONG ? "strong" : "weak";
}

/* ---- the study ---- */

/* What repeats it. */
static json_t *command_line(const scale_course *c)
{
    scale_words words = {0};
    pel_text text = {0};
    scale_command_line_problem(c->request, &words);
    scale_command_line_points(c->request, &c->plan, &words);
    scale_command_line_samples(c->request, &words);
    pel_text_add(&text, "pelagos ");
    scale_words_print(&words, &text);
    json_t *line = scale_text(pel_text_get(&text));
    pel_text_free(&text);
    scale_words_free(&words);
    return line;
}

static json_t *names_of_modes(const scale_plan *plan)
{
    json_t *names = json_array();
    for (int mode = SCALE_STRONG; mode <= SCALE_WEAK; mode++)
        if (plan->has_mode[mode]) json_array_append_new(names, json_string(mode_name((scale_mode)mode)));
    return names;
}

static json_t *names_of_places(const scale_plan *plan)
{
    json_t *names = json_array();
    for (int places = 0; places < 2; places++)
        if (plan->has_places[places])
            json_array_append_new(names, json_string(pel_placement_kind_name((pel_placement_kind)places)));
    return names;
}

static json_t *thread_counts(const scale_plan *plan)
{
    json_t *counts = json_array();
    for (int i = 0; i < plan->thread_count; i++) json_array_append_new(counts, json_integer(plan->thread_counts[i]));
    return counts;
}

static json_t *sets_of(const scale_request *q)
{
    json_t *sets = json_array();
    for (int i = 0; i < q->set_count; i++) json_array_append_new(sets, scale_text(q->sets[i]));
    return sets;
}

static json_t *describe_study(const scale_course *c, bool is_finished)
{
    const scale_request *q = c->request;
    json_t *study =
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:I, s:s, s:s, s:s, s:s}", "deck", scale_text(q->deck_path),
                  "title", scale_text(c->subject.title), "app", c->subject.app, "sets", sets_of(q), "modes",
                  names_of_modes(&c->plan), "threads", thread_counts(&c->plan), "places", names_of_places(&c->plan),
                  "repeat", q->rounds, "steps", (json_int_t)c->settings.common_step, "unit", c->subject.unit, "grow",
                  c->plan.grow, "started", c->settings.started, "outcome", is_finished ? "finished" : "unfinished");
    json_object_set_new(study, "seconds", q->steps > 0 ? json_null() : json_real(q->seconds));
    json_object_set_new(study, "command", command_line(c));
    return study;
}

/* ---- points ---- */

static json_t *describe_sample(const scale_sample *s)
{
    char hash[32];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)s->hash);
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "round", s->round, "steps",
                     number(s->steps), "seconds", number(s->seconds), "seconds_per_step", number(s->seconds / s->steps),
                     "rate", number(s->work / s->seconds), "start_up", number(s->start_up), "warm_up",
                     number(s->warm_up), "load", number(s->load), "steal", number(s->steal), "joules",
                     number(s->joules), "peak_memory_bytes", number(s->peak_memory), "hash", hash);
}

static json_t *describe_samples(const scale_point *point)
{
    json_t *samples = json_array();
    for (int i = 0; i < point->sample_count; i++) json_array_append_new(samples, describe_sample(&point->samples[i]));
    return samples;
}

static json_t *describe_factors(const scale_factors *f)
{
    if (!isfinite(f->parallel)) return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "global", number(f->global), "parallel", number(f->parallel),
                     "load_balance", number(f->load_balance), "serialisation", number(f->serialisation), "transfer",
                     number(f->transfer), "computation", number(f->computation));
}

static json_t *describe_shares(const scale_shares *s)
{
    if (!isfinite(s->busy)) return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "busy", number(s->busy), "waiting", number(s->waiting),
                     "overhead", number(s->overhead), "serial", number(s->serial), "files", number(s->files), "stolen",
                     number(s->stolen), "imbalance", number(s->imbalance));
}

static json_t *describe_traffic(const scale_finding *f)
{
    if (!isfinite(f->traffic.declared)) return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "declared_bytes_per_second", number(f->traffic.declared),
                     "predicted_bytes_per_second", number(f->traffic.moved), "bandwidth", number(f->bandwidth),
                     "fraction", number(f->traffic.declared / f->bandwidth));
}

/* ---- chains ---- */

static json_t *describe_chain(const scale_position *p)
{
    json_t *bound = p->level ? json_string(p->is_memory_bound ? "memory" : "compute") : json_null();
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "chain", p->name, "executor",
                     p->executor, "share", number(p->share), "updates_per_second", number(p->updates_a_second),
                     "bytes_per_update", number(p->bytes_an_update), "flops_per_update", number(p->flops_an_update),
                     "intensity", number(p->intensity), "flops_per_second", number(p->flops_a_second), "roof",
                     number(p->roof), "roof_level", p->level ? json_string(p->level) : json_null(), "fraction_of_roof",
                     number(p->flops_a_second / p->roof), "bound", bound);
}

static json_t *describe_chains(const scale_point *point, const pel_figures *figures)
{
    json_t *chains = json_array();
    for (int i = 0; i < scale_position_count(point); i++) {
        const scale_position position = scale_position_of(point, i, figures);
        json_array_append_new(chains, describe_chain(&position));
    }
    return chains;
}

static json_t *hash_of(const scale_point *point, const scale_finding *f)
{
    char hash[32];
    if (point->sample_count == 0 || !f->has_same_hash) return json_null();
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)point->samples[0].hash);
    return json_string(hash);
}

static json_t *describe_point(const scale_course *c, const scale_results *r, int i)
{
    const scale_point *point = &c->plan.points[i];
    const scale_way *way = &c->plan.ways[point->way];
    const scale_finding *f = &r->findings[i];
    pel_text command = {0};
    scale_samples_command(c, way, &command);
    json_t *json = json_pack(
        "{s:s, s:i, s:s, s:b, s:s, s:o, s:o, s:o}", "mode", mode_name(point->mode), "threads", point->threads, "places",
        pel_placement_kind_name(point->places), "oversubscribed", point->is_oversubscribed, "size", way->size,
        "work_per_step", point->work_a_step > 0 ? json_integer((json_int_t)llround(point->work_a_step)) : json_null(),
        "samples", describe_samples(point), "command", scale_text(pel_text_get(&command)));
    pel_text_free(&command);
    json_object_set_new(json, "seconds_per_step", estimate(f->estimates.seconds_a_step));
    json_object_set_new(json, "rate", estimate(f->estimates.rate));
    json_object_set_new(json, "speedup", estimate(f->estimates.speedup));
    json_object_set_new(json, "efficiency", estimate(f->estimates.efficiency));
    json_object_set_new(json, "karp_flatt", estimate(f->estimates.karp_flatt));
    json_object_set_new(json, "pop", describe_factors(&f->factors));
    json_object_set_new(json, "time", describe_shares(&f->shares));
    json_object_set_new(json, "traffic", describe_traffic(f));
    json_object_set_new(json, "joules_per_step", number(f->joules_a_step));
    json_object_set_new(json, "chains", describe_chains(point, r->figures));
    json_object_set_new(json, "hash", hash_of(point, f));
    return json;
}

static json_t *describe_points(const scale_course *c, const scale_results *r)
{
    json_t *points = json_array();
    for (int i = 0; i < c->plan.point_count; i++) json_array_append_new(points, describe_point(c, r, i));
    return points;
}

/* ---- laws and verdicts ---- */

static json_t *describe_parameters(const scale_fit *fit)
{
    json_t *parameters = json_array();
    for (int i = 0; i < fit->parameter_count; i++) {
        const scale_parameter *p = &fit->parameters[i];
        json_array_append_new(parameters,
                              json_pack("{s:s, s:s, s:o, s:o, s:o}", "name", p->name, "symbol", p->symbol, "value",
                                        number(p->of.value), "low", number(p->of.low), "high", number(p->of.high)));
    }
    return parameters;
}

static json_t *describe_curve(const scale_plan *plan, const scale_fit *fit)
{
    enum { PLACES = 64 };
    const scale_point *base = scale_find_base(plan->points, plan->point_count, fit->mode, fit->places);
    const double from = base ? base->threads : NAN, to = plan->thread_counts[plan->thread_count - 1];
    json_t *threads = json_array(), *speedup = json_array();
    for (int i = 0; i < PLACES && !fit->why_not[0]; i++) {
        const double p = from * pow(to / from, (double)i / (PLACES - 1));
        json_array_append_new(threads, number(p));
        json_array_append_new(speedup, number(scale_law_speedup(fit, from, p)));
    }
    return json_pack("{s:o, s:o}", "threads", threads, "speedup", speedup);
}

static json_t *describe_fits(const scale_plan *plan, const scale_results *r)
{
    json_t *fits = json_array();
    for (int i = 0; i < r->fit_count; i++) {
        const scale_fit *fit = &r->fits[i];
        json_array_append_new(fits, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:o, s:o, s:o}", "mode",
                                              mode_name(fit->mode), "places", pel_placement_kind_name(fit->places),
                                              "law", scale_law_name(fit->law), "parameters", describe_parameters(fit),
                                              "residual", number(fit->residual), "p_value", number(fit->p_value),
                                              "samples", fit->samples, "peak_threads", number(scale_law_peak(fit)),
                                              "why_not", fit->why_not[0] ? json_string(fit->why_not) : json_null(),
                                              "curve", describe_curve(plan, fit)));
    }
    return fits;
}

static json_t *describe_verdicts(const scale_results *r)
{
    json_t *limits = json_array();
    for (int i = 0; i < r->verdict_count; i++) {
        const scale_verdict *v = &r->verdicts[i];
        json_array_append_new(limits, json_pack("{s:s, s:s, s:s, s:s}", "mode", mode_name(v->mode), "places",
                                                pel_placement_kind_name(v->places), "kind", scale_limit_name(v->kind),
                                                "sentence", v->sentence));
    }
    return limits;
}

json_t *scale_results_json(const scale_course *course, const scale_results *results, bool is_finished)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:O, s:O, s:O, s:o, s:o, s:o}", "format", "pelagos-scale-1", "version",
                     pel_build_version(), "revision", pel_build_revision(), "study",
                     describe_study(course, is_finished), "machine", course->machine, "warnings", course->warnings,
                     "errors", course->errors, "points", describe_points(course, results), "fits",
                     describe_fits(&course->plan, results), "limits", describe_verdicts(results));
}

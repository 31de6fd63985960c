/* The table of a study, for a person at a terminal. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scale/results.h"
#include "scale/roofline.h"

/* ---- cells ---- */

static void put_number(const char *format, int width, double value)
{
    if (isfinite(value)) printf(format, value);
    else printf("%*s", width, "-");
}

/* "1.92 [1.88, 1.95]" */
static void put_estimate(scale_estimate e)
{
    char text[64];
    if (!isfinite(e.value)) snprintf(text, sizeof text, "-");
    else if (!isfinite(e.low)) snprintf(text, sizeof text, "%.2f", e.value);
    else snprintf(text, sizeof text, "%.2f [%.2f, %.2f]", e.value, e.low, e.high);
    printf(" %18s", text);
}

static void put_seconds(double seconds)
{
    char text[32];
    if (!isfinite(seconds)) snprintf(text, sizeof text, "-");
    else if (seconds < 1e-3) snprintf(text, sizeof text, "%.3g us", 1e6 * seconds);
    else if (seconds < 1) snprintf(text, sizeof text, "%.3g ms", 1e3 * seconds);
    else snprintf(text, sizeof text, "%.3g s", seconds);
    printf(" %8s", text);
}

/* ---- rows ---- */

static void print_head(const char *unit)
{
    char rate[32];
    snprintf(rate, sizeof rate, "M%s-st/s", unit);
    printf(" %7s %15s %8s %10s %18s %5s %5s %5s %5s %5s %5s\n", "threads", "size", "a step", rate, "speed-up [95 %]",
           "eff.", "bal.", "ser.", "tran.", "comp.", "of BW");
}

static void print_point(const scale_course *course, const scale_point *point, const scale_finding *f)
{
    printf(" %6d%s %15s", point->threads, point->is_oversubscribed ? "*" : " ", course->plan.ways[point->way].size);
    put_seconds(f->estimates.seconds_a_step.value);
    printf(" ");
    put_number("%10.4g", 10, 1e-6 * f->estimates.rate.value);
    put_estimate(f->estimates.speedup);
    const double percents[] = {f->estimates.efficiency.value, f->factors.load_balance,
                               f->factors.serialisation,      f->factors.transfer,
                               f->factors.computation,        f->traffic.declared / f->bandwidth};
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        printf(" ");
        put_number("%5.1f", 5, 100 * percents[i]);
    }
    printf("\n");
}

/* ---- chains and energy ---- */

static const scale_point *largest_of(const scale_plan *plan, const scale_verdict *verdict)
{
    const scale_point *largest = NULL;
    for (int i = 0; i < plan->point_count; i++) {
        const scale_point *p = &plan->points[i];
        if (p->mode != verdict->mode || p->places != verdict->places || p->is_oversubscribed || p->sample_count == 0)
            continue;
        if (!largest || p->threads > largest->threads) largest = p;
    }
    return largest;
}

/* Of what takes a good part of the time. */
static void print_chains(const scale_point *point, const pel_figures *figures)
{
    for (int i = 0; point && i < scale_position_count(point); i++) {
        const scale_position p = scale_position_of(point, i, figures);
        if (!(p.share > 0.1)) continue;
        printf("  chain %s (%s) on %d thread%s: %.0f %% of the time", p.name, p.executor, point->threads,
               point->threads == 1 ? "" : "s", 100 * p.share);
        if (isfinite(p.intensity)) printf(", %.2f flop/B, %.2f Gflop/s", p.intensity, 1e-9 * p.flops_a_second);
        if (p.level)
            printf(", %.0f %% of the roof (%s)", 100 * p.flops_a_second / p.roof,
                   p.is_memory_bound ? p.level : "peak arithmetic");
        printf("\n");
    }
}

static void print_energy(const scale_course *course, const scale_results *results)
{
    bool is_known = false;
    for (int i = 0; i < course->plan.point_count; i++) is_known |= isfinite(results->findings[i].joules_a_step);
    if (!is_known) printf("energy a step: not available (no counters that may be read)\n");
    for (int i = 0; i < course->plan.point_count; i++)
        if (isfinite(results->findings[i].joules_a_step))
            printf("energy a step: %.3g J, %s\n", results->findings[i].joules_a_step,
                   course->plan.ways[course->plan.points[i].way].name);
}

/* ---- laws ---- */

static const double doubtful = 0.05; /* level of the test of lack of fit */

static void print_fit(const scale_fit *fit)
{
    static const char *const names[] = {"Amdahl", "Gustafson", "Universal Scalability"};
    printf("  %s:", names[fit->law]);
    if (fit->why_not[0]) printf(" %s", fit->why_not);
    for (int i = 0; i < fit->parameter_count && !fit->why_not[0]; i++) {
        const scale_parameter *p = &fit->parameters[i];
        printf("%s %s (%s) %.4f [%.4f, %.4f]", i > 0 ? "," : "", p->name, p->symbol, p->of.value, p->of.low,
               p->of.high);
    }
    if (fit->p_value < doubtful) printf("; it does not describe these samples (p = %.2g)", fit->p_value);
    printf("\n");
}

/* ---- all of it ---- */

static void print_curve(const scale_course *course, const scale_results *results, const scale_verdict *verdict)
{
    const scale_plan *plan = &course->plan;
    printf("\n%s scaling, %s places\n", verdict->mode == SCALE_STRONG ? "Strong" : "Weak",
           pel_placement_kind_name(verdict->places));
    print_head(course->subject.unit);
    for (int i = 0; i < plan->point_count; i++) {
        const scale_point *point = &plan->points[i];
        if (point->mode == verdict->mode && point->places == verdict->places)
            print_point(course, point, &results->findings[i]);
    }
    for (int i = 0; i < results->fit_count; i++)
        if (results->fits[i].mode == verdict->mode && results->fits[i].places == verdict->places)
            print_fit(&results->fits[i]);
    print_chains(largest_of(plan, verdict), results->figures);
    printf("  %s\n", verdict->sentence);
}

static void print_sentences(const char *kind, const json_t *sentences)
{
    for (size_t i = 0; i < json_array_size(sentences); i++)
        printf("%s: %s\n", kind, json_string_value(json_array_get(sentences, i)));
}

static const char legend[] =
    "In %: efficiency; its factors load balance, serialisation, transfer, and computation (which falls\n"
    "where the same work takes more thread time); and of BW, the bytes that the loops ask for over the\n"
    "memory bandwidth measured on as many threads (above 100 where caches serve them). A chain is the\n"
    "loops that are run together; its roof is what bandwidth or peak arithmetic allow it to reach.\n";

void scale_results_print(const scale_course *course, const scale_results *results)
{
    const char *title = course->subject.title;
    printf("%s%s%s (%s), %d round%s, %d of %d sample%s\n", course->request->deck_path, *title ? ": " : "", title,
           course->subject.app, course->request->rounds, course->request->rounds == 1 ? "" : "s", course->samples_there,
           course->samples_wanted, course->samples_wanted == 1 ? "" : "s");
    for (int i = 0; i < results->verdict_count; i++) print_curve(course, results, &results->verdicts[i]);
    printf("\n");
    fputs(legend, stdout);
    for (int i = 0; i < course->plan.thread_count; i++)
        if (course->plan.thread_counts[i] > course->plan.granted) {
            printf("*: more threads than processors\n");
            break;
        }
    print_energy(course, results);
    print_sentences("warning", course->warnings);
    print_sentences("error", course->errors);
    printf("report: %s/report.html\n", course->folder.path);
}

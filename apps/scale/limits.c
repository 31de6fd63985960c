/* What limits the scaling.
 *
 * On p threads a step of T seconds costs p T of thread time. Were the efficiency 1, all of it would be work that one
 * thread needs as well. What it is not divides without remainder (global = parallel x computation, factors.h):
 *
 *     1 - global  =  (p - 1) serial / (p T)            one thread works, the others wait
 *                  + waiting / (p T)                   in loops, for the last thread
 *                  + overhead / (p T)                  handing out work
 *                  + parallel (1 - computation)        work that is slower than on few threads
 *
 * The largest of these losses is what limits. Waits in regions of a few microseconds are counted with the overhead:
 * no distribution of the work would make them even. Slower work means memory bandwidth where the loops' traffic is
 * near what was measured at as many threads, and else contention for something else: caches, clock, processors.
 *
 * Without the team's counts, times alone are left: traffic near the bandwidth, a coherency of the Universal Scalability
 * Law that is surely above zero or more time than on the fewest threads, or else Karp and Flatt's serial fraction. */
#include "scale/limits.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scale/factors.h"
#include "scale/statistics.h"

/* From which point on something is worth a word. */
static const double good_efficiency = 0.9;
static const double near_bandwidth = 0.75;   /* of what STREAM's triad reaches: loops less simple than it get no more */
static const double beyond_bandwidth = 1.25; /* what asks for more gets it from caches */
static const double widest_interval = 0.4;   /* high over low of the efficiency, less 1, that still lets us judge */
static const double short_region = 50e-6;    /* s; a fork and join cost a few microseconds */
static const double explained = 0.25;        /* share of the lost efficiency that a cause must account for */
static const double much_steal = 0.02, much_load = 0.5;

/* ---- the evidence ---- */

/* What is known of the largest point that is not oversubscribed. */
typedef struct evidence {
    const scale_point *point, *base;
    scale_estimates estimates;
    scale_factors factors;
    scale_shares shares;
    scale_sample median;       /* a step */
    double traffic, bandwidth; /* bytes/s */
    bool is_planned;           /* the traffic is what the plan expects of memory, less than the loops ask for */
    int fastest;               /* threads of the point with the shortest step */
    const scale_fit *usl;      /* NULL: not fitted */
} evidence;

static bool is_judged(const scale_point *p, scale_mode mode, pel_placement_kind places)
{
    return p->mode == mode && p->places == places && !p->is_oversubscribed && p->sample_count > 0;
}

static int find_largest(const scale_point *points, int count, scale_mode mode, pel_placement_kind places)
{
    int largest = -1;
    for (int i = 0; i < count; i++)
        if (is_judged(&points[i], mode, places) && (largest < 0 || points[i].threads > points[largest].threads))
            largest = i;
    return largest;
}

/* The threads of the point with the shortest step. */
static int find_fastest(const scale_point *points, int count, scale_mode mode, pel_placement_kind places)
{
    double least = INFINITY;
    int threads = 0;
    for (int i = 0; i < count; i++) {
        if (!is_judged(&points[i], mode, places)) continue;
        const double seconds = scale_median_sample(&points[i]).seconds;
        if (seconds < least) threads = points[i].threads;
        if (seconds < least) least = seconds;
    }
    return threads;
}

static bool is_weak(const evidence *e)
{
    return e->point->mode == SCALE_WEAK;
}

static double efficiency(const evidence *e)
{
    return e->estimates.efficiency.value;
}

static bool is_counted(const evidence *e)
{
    return !isnan(e->factors.global);
}

static bool is_at_bandwidth(const evidence *e)
{
    return e->traffic >= near_bandwidth * e->bandwidth && e->traffic <= beyond_bandwidth * e->bandwidth;
}

static double region_seconds(const evidence *e)
{
    return (e->median.seconds - e->median.serial) / e->median.regions;
}

static bool has_short_regions(const evidence *e)
{
    return e->median.regions > 0 && region_seconds(e) < short_region;
}

/* Surely above zero, by its interval. */
static bool has_coherency(const evidence *e)
{
    return e->usl && e->usl->parameters[1].of.low > 0;
}

/* No serial part makes more threads slower than fewer. */
static bool is_slower_than_serial(const evidence *e)
{
    return e->estimates.karp_flatt.value > 1;
}

/* ---- what each cause loses, as a share of the thread time; NAN where not counted ---- */

static double lost_to_serial(const evidence *e)
{
    return e->shares.serial * (1 - 1.0 / e->point->threads);
}

static double lost_in_loops(const evidence *e)
{
    return e->shares.waiting - lost_to_serial(e);
}

static double lost_to_imbalance(const evidence *e)
{
    return has_short_regions(e) ? 0 : lost_in_loops(e);
}

static double lost_to_start_up(const evidence *e)
{
    return e->shares.overhead + (has_short_regions(e) ? lost_in_loops(e) : 0);
}

static double lost_to_slower_work(const evidence *e)
{
    return e->factors.parallel * (1 - e->factors.computation);
}

static double lost_to_bandwidth(const evidence *e)
{
    return is_at_bandwidth(e) ? lost_to_slower_work(e) : 0;
}

static double lost_to_contention(const evidence *e)
{
    return is_at_bandwidth(e) ? 0 : lost_to_slower_work(e);
}

/* ---- sentences ---- */

/* Appends to the sentence; what does not fit is cut off. */
__attribute__((format(printf, 2, 3))) static void say(scale_verdict *v, const char *format, ...)
{
    const size_t length = strlen(v->sentence);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(v->sentence + length, sizeof v->sentence - length, format, arguments);
    va_end(arguments);
}

/* A number as people read it: three digits that count, no exponent. */
typedef struct figure {
    char text[32];
} figure;

static figure figure_of(double value)
{
    figure f;
    snprintf(f.text, sizeof f.text, fabs(value) < 100 ? "%.3g" : "%.0f", value);
    return f;
}

static double percent(double share)
{
    return 100 * share;
}

/* A number of threads in words that follow "on". */
static const char *threads_text(int threads, char text[32])
{
    snprintf(text, 32, "%d", threads);
    return threads == 1 ? "one" : text;
}

/* How far the study got: the speed-up and the efficiency of the largest point. */
static void say_efficiency(const evidence *e, scale_verdict *v)
{
    char base[32];
    const scale_estimate speedup = e->estimates.speedup;
    const double grown = (double)e->point->threads / e->base->threads;
    if (is_weak(e))
        say(v, "On %d threads, with %s times the work, a step takes %.2f times as long as on %s", e->point->threads,
            figure_of(grown).text, grown / speedup.value, threads_text(e->base->threads, base));
    else
        say(v, "On %d threads the run is %s times as fast as on %s", e->point->threads, figure_of(speedup.value).text,
            threads_text(e->base->threads, base));
    say(v, " (efficiency %.0f %%", percent(efficiency(e)));
    if (!isnan(e->estimates.efficiency.low))
        say(v, ", %.0f to %.0f %%", percent(e->estimates.efficiency.low), percent(e->estimates.efficiency.high));
    say(v, "). ");
    if (!is_weak(e) && e->fastest != e->point->threads) say(v, "It is fastest on %s. ", threads_text(e->fastest, base));
}

static const char *demand(const evidence *e)
{
    return e->is_planned ? "by their plan the tiles move" : "the loops ask for";
}

static void say_traffic(const evidence *e, scale_verdict *v)
{
    say(v, "%s %s GB/s of the %s GB/s measured at as many threads", demand(e), figure_of(e->traffic / 1e9).text,
        figure_of(e->bandwidth / 1e9).text);
}

static void say_slower_work(const evidence *e, scale_verdict *v)
{
    char base[32];
    if (e->factors.computation < 1)
        say(v, "the same work takes %.2g times as much thread time as on %s", 1 / e->factors.computation,
            threads_text(e->base->threads, base));
    else say(v, "the work itself takes no more thread time than on %s", threads_text(e->base->threads, base));
}

/* The throughput's peak, where the law that was fitted is sure to have one. */
static void say_peak(const evidence *e, scale_verdict *v)
{
    if (!has_coherency(e)) return;
    const double peak = scale_law_peak(e->usl);
    say(v, " By the Universal Scalability Law (kappa %.2g) the run is fastest on about %.0f threads.",
        e->usl->parameters[1].of.value, peak);
}

static void say_none(const evidence *e, scale_verdict *v)
{
    say(v, "It scales well: no limit shows up to here.");
    if (e->estimates.efficiency.low > 1)
        say(v, " More than ideal means that a thread's part fits the caches better the smaller it is.");
    if (is_at_bandwidth(e)) {
        say(v, " But ");
        say_traffic(e, v);
        say(v, ": the memory bandwidth will be the next limit.");
    }
    if (is_counted(e))
        say(v, " Threads wait %.1f %% of the time, and handing out work takes %.1f %%.", percent(e->shares.waiting),
            percent(e->shares.overhead));
}

static void say_serial(const evidence *e, scale_verdict *v)
{
    const double files = e->shares.files;
    say(v, "The serial part limits: for %.0f %% of the time one thread works alone and %d wait%s",
        percent(e->shares.serial), e->point->threads - 1, e->point->threads == 2 ? "s" : "");
    if (files > 0.1 * e->shares.serial) say(v, "; reading and writing files is %.0f %%", percent(files));
    say(v, ". ");
    if (!is_weak(e))
        say(v, "With that part as it is, no number of threads makes the run more than %s times as fast as now. ",
            figure_of(1 / e->shares.serial).text);
    say(v, "Ask for less output and fewer diagnostics, or give each thread a larger problem.");
}

static void say_bandwidth(const evidence *e, scale_verdict *v)
{
    say(v, "The memory bandwidth limits: ");
    say_traffic(e, v);
    if (is_counted(e)) {
        say(v, ", and ");
        say_slower_work(e, v);
    }
    say(v, ". More threads on this memory will not help; less traffic will (tiling in time where the app allows it, "
           "fewer or smaller fields)");
    if (e->point->places == PEL_PLACEMENT_COMPACT)
        say(v, ", and so will the memory of more domains, if the machine has them (spread placement)");
    say(v, ".");
}

/* Who else may have had the processors; false: nobody to speak of. */
static bool say_who_else(const evidence *e, scale_verdict *v)
{
    if (e->median.steal > much_steal)
        say(v, " The hypervisor gave %.0f %% of the time to others: measure again on a machine of your own.",
            percent(e->median.steal));
    else if (e->median.load > much_load)
        say(v, " Other processes kept %.1f processors busy meanwhile: measure again on an idle machine.",
            e->median.load);
    else return false;
    return true;
}

/* By POP's factors: uneven work, or waits that even the busiest thread has part in. */
static void say_imbalance(const evidence *e, scale_verdict *v)
{
    say(v, "Imbalance limits: threads wait %.0f %% of the time within loops", percent(lost_in_loops(e)));
    if (e->factors.load_balance <= e->factors.serialisation)
        say(v,
            ", for the busiest of them works %.2f times as long as the mean. Smaller tiles or chunks even the work "
            "out; so does a larger problem.",
            1 / e->factors.load_balance);
    else
        say(v,
            " although their work is even in sum (load balance %.2f): they wait for each other in turns. Smaller "
            "tiles, or fewer loops that depend on each other, leave more to do meanwhile.",
            e->factors.load_balance);
    say_who_else(e, v); /* a thread that has lost its processor keeps the others waiting */
}

static void say_far_from_bandwidth(const evidence *e, scale_verdict *v)
{
    if (isnan(e->traffic) || isnan(e->bandwidth)) say(v, "; how near the memory bandwidth is, is not known");
    else if (e->traffic > e->bandwidth)
        say(v, ", and %s %s GB/s, more than the %s GB/s of memory: they live on caches", demand(e),
            figure_of(e->traffic / 1e9).text, figure_of(e->bandwidth / 1e9).text);
    else {
        say(v, ", though ");
        say_traffic(e, v);
    }
}

static void say_contention(const evidence *e, scale_verdict *v)
{
    say(v, "Contention limits: ");
    if (is_counted(e)) say_slower_work(e, v);
    else say(v, "the more threads, the more time a step takes beyond what a serial part explains");
    say_far_from_bandwidth(e, v);
    say(v, ". What threads share slows them down: caches, the clock frequency, or the processors themselves.");
    if (!say_who_else(e, v))
        say(v, " Fewer threads, spread placement, or tiles that fit a smaller share of the cache may be faster.");
    say_peak(e, v);
}

static void say_start_up(const evidence *e, scale_verdict *v)
{
    const double regions = e->median.regions;
    say(v, "The start-up of parallel regions limits: handing out work and waiting for its end take %.0f %% of the time",
        percent(lost_to_start_up(e)));
    if (regions > 0)
        say(v, ", %s of the %s microseconds of a region, of which a step has %s",
            figure_of(1e6 * lost_to_start_up(e) * e->median.seconds / regions).text,
            figure_of(1e6 * region_seconds(e)).text, figure_of(regions).text);
    say(v, ". The problem is too small for so many threads: use fewer, give each more cells or atoms, or let tiles "
           "take several steps at once where the app allows it.");
    say_who_else(e, v);
}

/* ---- the rules ---- */

/* A cause, what it loses, and how it is said. */
static const struct rule {
    scale_limit kind;
    double (*loss)(const evidence *);
    void (*say)(const evidence *, scale_verdict *);
} rules[] = {
    {SCALE_LIMIT_SERIAL, lost_to_serial, say_serial},
    {SCALE_LIMIT_BANDWIDTH, lost_to_bandwidth, say_bandwidth},
    {SCALE_LIMIT_IMBALANCE, lost_to_imbalance, say_imbalance},
    {SCALE_LIMIT_CONTENTION, lost_to_contention, say_contention},
    {SCALE_LIMIT_START_UP, lost_to_start_up, say_start_up},
};
enum { RULES = sizeof rules / sizeof *rules };

static void judge_by_counts(const evidence *e, scale_verdict *v)
{
    const struct rule *largest = &rules[0];
    for (int i = 1; i < RULES; i++)
        if (rules[i].loss(e) > largest->loss(e)) largest = &rules[i];
    if (largest->loss(e) < explained * (1 - efficiency(e))) {
        v->kind = SCALE_LIMIT_UNKNOWN;
        say(v, "What limits is not seen in what was counted: no cause takes more than %.0f %% of the threads' time.",
            percent(largest->loss(e)));
        return;
    }
    v->kind = largest->kind;
    largest->say(e, v);
}

static void say_serial_by_times(const evidence *e, scale_verdict *v)
{
    const scale_estimate s = e->estimates.karp_flatt;
    say(v, "As far as times alone tell, a serial part limits: a fraction of %.3f", s.value);
    if (s.high <= 1) say(v, " (%.3f to %.3f)", s.low, s.high);
    else if (!isnan(s.low)) say(v, " (%.3f or more)", s.low);
    say(v, " of the time on one thread that did not get shorter (Karp and Flatt). The threads' work and waits were "
           "not counted, so it may be overhead or imbalance as well.");
}

static void judge_by_times(const evidence *e, scale_verdict *v)
{
    if (is_at_bandwidth(e)) {
        v->kind = SCALE_LIMIT_BANDWIDTH;
        say_bandwidth(e, v);
    } else if (has_coherency(e) || is_slower_than_serial(e)) {
        v->kind = SCALE_LIMIT_CONTENTION;
        say_contention(e, v);
    } else {
        v->kind = SCALE_LIMIT_SERIAL;
        say_serial_by_times(e, v);
    }
}

/* ---- whether the study can tell ---- */

static bool is_too_vague(const evidence *e)
{
    const scale_estimate eff = e->estimates.efficiency;
    return eff.high / eff.low - 1 > widest_interval && eff.high >= good_efficiency && eff.low < good_efficiency;
}

static void say_too_vague(const evidence *e, scale_verdict *v)
{
    say(v, "That is too uncertain to tell what limits. Take more rounds (--repeat) or longer samples (--seconds)");
    if (e->median.load > much_load) say(v, ", on a machine without other work (%.1f processors were)", e->median.load);
    say(v, ".");
}

/* The process's own start is in no figure; where it weighs, the person should know. */
static void say_process_start(const evidence *e, scale_verdict *v)
{
    char duration[32];
    if (e->median.start_up > e->point->samples[0].seconds)
        say(v, " Before the first step the process takes %s, as long as %.0f steps, which no figure here includes.",
            pel_text_duration(e->median.start_up, duration), e->median.start_up / e->median.seconds);
}

static void judge(const evidence *e, scale_verdict *v)
{
    say_efficiency(e, v);
    if (is_too_vague(e)) {
        v->kind = SCALE_LIMIT_UNKNOWN;
        say_too_vague(e, v);
    } else if (efficiency(e) >= good_efficiency) {
        v->kind = SCALE_LIMIT_NONE;
        say_none(e, v);
    } else if (is_counted(e)) judge_by_counts(e, v);
    else judge_by_times(e, v);
    if (isnan(e->estimates.efficiency.low)) say(v, " Measured in one round alone: repeat to know how far to trust it.");
    say_process_start(e, v);
}

/* ---- for the caller ---- */

const char *scale_limit_name(scale_limit kind)
{
    static const char *const names[] = {[SCALE_LIMIT_NONE] = "none",
                                        [SCALE_LIMIT_SERIAL] = "serial",
                                        [SCALE_LIMIT_BANDWIDTH] = "bandwidth",
                                        [SCALE_LIMIT_IMBALANCE] = "imbalance",
                                        [SCALE_LIMIT_CONTENTION] = "contention",
                                        [SCALE_LIMIT_START_UP] = "start-up",
                                        [SCALE_LIMIT_UNKNOWN] = "unknown"};
    return names[kind];
}

static pel_status collect(const scale_point *point, const scale_point *base, double bandwidth, const scale_fit *usl,
                          evidence *e)
{
    const scale_traffic traffic = scale_traffic_of(point, base);
    *e = (evidence){.point = point,
                    .base = base,
                    .factors = scale_factors_of(point, base),
                    .shares = scale_shares_of(point, base),
                    .median = scale_median_sample(point),
                    .traffic = isnan(traffic.moved) ? traffic.declared : traffic.moved,
                    .bandwidth = bandwidth,
                    .is_planned = traffic.moved < traffic.declared,
                    .usl = usl && !usl->why_not[0] ? usl : NULL};
    return scale_estimate_point(point, base, &e->estimates);
}

pel_status scale_judge(const scale_point *points, int count, const double *bandwidth, const scale_fit *usl,
                       scale_mode mode, pel_placement_kind places, scale_verdict *verdict)
{
    *verdict = (scale_verdict){.mode = mode, .places = places, .kind = SCALE_LIMIT_UNKNOWN};
    const scale_point *base = scale_find_base(points, count, mode, places);
    const int largest = find_largest(points, count, mode, places);
    if (largest < 0 || points[largest].threads == base->threads) {
        say(verdict, "The study cannot tell what limits: it has %s thread count within the processors granted.",
            largest < 0 ? "no" : "only one");
        return PEL_OK;
    }
    evidence e;
    PEL_TRY(collect(&points[largest], base, bandwidth ? bandwidth[largest] : NAN, usl, &e));
    e.fastest = find_fastest(points, count, mode, places);
    judge(&e, verdict);
    return PEL_OK;
}

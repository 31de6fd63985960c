/* Where the threads' time goes.
 *
 * All follows from what the team counted in one sample, that of the round in which the point's time over the base's is
 * the middle one: so the figures add up, and together make the speed-up that the estimates have. In a wall time T, p
 * threads were busy for `busy` together within the team's work, and thread 0 alone for `serial` between its loops,
 * while p - 1 waited.
 *
 *     useful    = busy + serial             of the busiest thread: the most within the team, or thread 0 with `serial`
 *     waits     = waiting + (p - 1) serial
 *     overhead  = p T - useful - waits
 *
 * factors.h says what the factors are. */
#include "scale/factors.h"

#include <math.h>
#include <stddef.h>

#include "scale/scale.h"
#include "scale/statistics.h"

/* ---- medians over the samples ---- */

/* The fields of a sample that medians are taken of, and which of them grow with the steps. */
static const struct counted {
    size_t offset;
    bool is_a_step;
} counted[] = {
    {offsetof(scale_sample, seconds), true},       {offsetof(scale_sample, work), true},
    {offsetof(scale_sample, files), true},         {offsetof(scale_sample, serial), true},
    {offsetof(scale_sample, busy), true},          {offsetof(scale_sample, busiest), true},
    {offsetof(scale_sample, busy_of_first), true}, {offsetof(scale_sample, waiting), true},
    {offsetof(scale_sample, stolen), true},        {offsetof(scale_sample, regions), true},
    {offsetof(scale_sample, joules), true},        {offsetof(scale_sample, start_up), false},
    {offsetof(scale_sample, warm_up), false},      {offsetof(scale_sample, peak_memory), false},
    {offsetof(scale_sample, load), false},         {offsetof(scale_sample, steal), false},
};
enum { COUNTED = sizeof counted / sizeof *counted };

static double value_of(const scale_sample *sample, const struct counted *what)
{
    const double value = *(const double *)((const char *)sample + what->offset);
    return value / (what->is_a_step ? sample->steps : 1);
}

static double median_of(const scale_point *point, const struct counted *what)
{
    double known[SCALE_MOST_ROUNDS];
    int count = 0;
    for (int i = 0; i < point->sample_count; i++) {
        const double value = value_of(&point->samples[i], what);
        if (!isnan(value)) known[count++] = value;
    }
    return scale_median(known, count);
}

scale_sample scale_median_sample(const scale_point *point)
{
    scale_sample median = {.steps = 1};
    for (int i = 0; i < COUNTED; i++) *(double *)((char *)&median + counted[i].offset) = median_of(point, &counted[i]);
    return median;
}

/* ---- the typical sample ---- */

static double seconds_a_step(const scale_sample *sample)
{
    return sample->seconds / sample->steps;
}

static const scale_sample *of_round(const scale_point *point, int round)
{
    for (int i = 0; i < point->sample_count; i++)
        if (point->samples[i].round == round) return &point->samples[i];
    return NULL;
}

/* The time a step of the sample, over the base's of the same round where there is a base; NAN if that has none. */
static double time_ratio(const scale_sample *sample, const scale_point *base)
{
    const scale_sample *beside = base ? of_round(base, sample->round) : NULL;
    if (!base) return seconds_a_step(sample);
    return beside ? seconds_a_step(sample) / seconds_a_step(beside) : NAN;
}

/* How many samples have a lower ratio, or an equal one before them. */
static int rank_of(const scale_point *point, int which, const scale_point *base)
{
    const double ratio = time_ratio(&point->samples[which], base);
    int below = 0;
    for (int i = 0; i < point->sample_count; i++) {
        const double other = time_ratio(&point->samples[i], base);
        below += other < ratio || (other == ratio && i < which);
    }
    return below;
}

/* The sample in the middle; NULL if there is none. */
static const scale_sample *middle_sample(const scale_point *point, const scale_point *base)
{
    int known = 0;
    for (int i = 0; i < point->sample_count; i++) known += !isnan(time_ratio(&point->samples[i], base));
    for (int i = 0; i < point->sample_count; i++)
        if (!isnan(time_ratio(&point->samples[i], base)) && rank_of(point, i, base) == (known - 1) / 2)
            return &point->samples[i];
    return NULL;
}

/* Beside the base, where it is another point that has a round in common. */
static const scale_sample *typical_sample(const scale_point *point, const scale_point *base)
{
    const scale_sample *s = base && base->samples != point->samples ? middle_sample(point, base) : NULL;
    return s ? s : middle_sample(point, NULL);
}

/* ---- factors ---- */

/* How p threads spend the wall time of a step; NAN where not counted. */
typedef struct spending {
    double wall;              /* seconds, of one thread */
    double useful, busiest;   /* thread seconds; the busiest thread's */
    double waiting, overhead; /* thread seconds */
    double useful_a_work;     /* thread seconds a cell or atom */
} spending;

static spending spending_of(const scale_sample *s, double p)
{
    const double of_first = s->busy_of_first + s->serial;
    spending spent = {.wall = s->seconds,
                      .useful = s->busy + s->serial,
                      .busiest = s->busiest > of_first ? s->busiest : of_first,
                      .waiting = s->waiting + (p - 1) * s->serial};
    spent.overhead = p * spent.wall - spent.useful - spent.waiting;
    if (spent.overhead < 0) spent.overhead = 0; /* clocks read one after the other */
    spent.useful_a_work = spent.useful / s->work;
    return spent;
}

/* Of the base in the same round; if it lacks that, in its own middle one. */
static double useful_of_base(const scale_point *base, const scale_sample *beside)
{
    const scale_sample *s = of_round(base, beside->round);
    if (!s) s = middle_sample(base, NULL);
    return spending_of(s, base->threads).useful_a_work;
}

scale_factors scale_factors_of(const scale_point *point, const scale_point *base)
{
    const scale_sample *s = typical_sample(point, base);
    const double p = point->threads;
    if (!s) return (scale_factors){NAN, NAN, NAN, NAN, NAN, NAN};
    const spending spent = spending_of(s, p);
    scale_factors f = {.load_balance = spent.useful / p / spent.busiest,
                       .transfer = 1 - spent.overhead / (p * spent.wall),
                       .computation = NAN};
    f.serialisation = spent.busiest / (spent.wall * f.transfer);
    f.parallel = f.load_balance * f.serialisation * f.transfer;
    if (base) f.computation = useful_of_base(base, s) / spent.useful_a_work;
    f.global = f.parallel * f.computation;
    return f;
}

scale_shares scale_shares_of(const scale_point *point, const scale_point *base)
{
    const scale_sample *s = typical_sample(point, base);
    const double p = point->threads;
    if (!s) return (scale_shares){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    const spending spent = spending_of(s, p);
    const double all = spent.useful + spent.waiting + spent.overhead;
    return (scale_shares){.busy = spent.useful / all,
                          .waiting = spent.waiting / all,
                          .overhead = spent.overhead / all,
                          .serial = s->serial / spent.wall,
                          .files = s->files / spent.wall,
                          .imbalance = (spent.busiest - spent.useful / p) / spent.wall,
                          .stolen = s->stolen / s->busy};
}

/* ---- traffic ---- */

/* Of one sample; NAN where no chain says. What no plan foretells to move is taken as declared. */
static scale_traffic traffic_of_sample(const scale_sample *s)
{
    scale_traffic t = {NAN, NAN};
    for (int i = 0; i < s->chain_count; i++) {
        const scale_chain *c = &s->chains[i];
        const double declared = c->bytes / s->seconds, moved = (isnan(c->moved) ? c->bytes : c->moved) / s->seconds;
        if (!isnan(declared)) t.declared = (isnan(t.declared) ? 0 : t.declared) + declared;
        if (!isnan(moved)) t.moved = (isnan(t.moved) ? 0 : t.moved) + moved;
    }
    return t;
}

scale_traffic scale_traffic_of(const scale_point *point, const scale_point *base)
{
    const scale_sample *s = typical_sample(point, base);
    return s ? traffic_of_sample(s) : (scale_traffic){NAN, NAN};
}

/* Rooflines: sums over the samples of a point, then divided. */
#include "scale/roofline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double measured_within = 1.1; /* of a level's bandwidth: two measurements of it differ by so much */

/* Sums of the chain over the samples; *stepping is of the samples. */
static scale_chain sum_chain(const scale_point *point, int which, double *stepping)
{
    scale_chain sum = point->samples[0].chains[which];
    sum.seconds = sum.updates = sum.bytes = sum.moved = sum.flops = 0;
    *stepping = 0;
    for (int i = 0; i < point->sample_count; i++) {
        const scale_sample *sample = &point->samples[i];
        *stepping += sample->seconds;
        for (int k = 0; k < sample->chain_count; k++) {
            const scale_chain *c = &sample->chains[k];
            if (strcmp(c->name, sum.name) != 0) continue;
            sum.seconds += c->seconds, sum.updates += c->updates, sum.bytes += c->bytes;
            sum.moved += c->moved, sum.flops += c->flops;
        }
    }
    return sum;
}

/* The slowest level that can deliver `rate` to the threads. */
static pel_memory_level level_of(const pel_figures *figures, int threads, double rate)
{
    for (int level = PEL_LEVEL_MEMORY; level > PEL_LEVEL_L1; level--)
        if (rate <= measured_within * pel_figures_bandwidth(figures, (pel_memory_level)level, threads))
            return (pel_memory_level)level;
    return PEL_LEVEL_L1;
}

static void find_roof(const pel_figures *figures, int threads, double bytes_a_second, scale_position *p)
{
    p->roof = NAN;
    if (figures->count == 0 || !isfinite(p->intensity)) return;
    const pel_memory_level level = level_of(figures, threads, bytes_a_second);
    const double by_memory = p->intensity * pel_figures_bandwidth(figures, level, threads);
    const double peak = pel_figures_peak(figures, threads);
    if (!isfinite(by_memory) || !isfinite(peak)) return;
    p->roof = fmin(by_memory, peak);
    p->level = pel_memory_level_name(level);
    p->is_memory_bound = by_memory < peak;
}

int scale_position_count(const scale_point *point)
{
    return point->sample_count > 0 ? point->samples[0].chain_count : 0;
}

scale_position scale_position_of(const scale_point *point, int which, const pel_figures *figures)
{
    double stepping;
    const scale_chain c = sum_chain(point, which, &stepping);
    scale_position p = {.share = c.seconds / stepping,
                        .updates_a_second = c.updates / c.seconds,
                        .bytes_an_update = c.bytes / c.updates,
                        .flops_an_update = c.flops / c.updates,
                        .intensity = c.flops / c.bytes,
                        .flops_a_second = c.flops / c.seconds};
    snprintf(p.name, sizeof p.name, "%s", c.name);
    snprintf(p.executor, sizeof p.executor, "%s", c.executor);
    find_roof(figures, point->threads, c.bytes / c.seconds, &p);
    return p;
}

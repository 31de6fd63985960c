/* Reductions: the kernel writes the values of a few rows into scratch, which go into an exact sum, or are compared with
 * the extremum so far. Each thread has a part of its own; the parts are merged after the stretch. Exact sums and
 * extrema with their lowest place do not depend on who saw which point. */
#include <math.h>
#include <stdlib.h>

#include "exec/chain_inside.h"

enum { SCRATCH_VALUES = 4096 };

void pel_reduce_reset(slot *s, int thread)
{
    s->partials[thread] = (slot_partial){.extremum = {.value = s->reduction == PEL_MIN ? INFINITY : -INFINITY}};
}

static bool is_lower(const int a[3], const int b[3])
{
    for (int d = 2; d >= 0; d--)
        if (a[d] != b[d]) return a[d] < b[d];
    return false;
}

/* Whether candidate beats best: a value that is no number beats all others, ties go to the lowest place. */
static bool beats(pel_reduction reduction, const pel_reduced *candidate, const pel_reduced *best)
{
    if (best->count == 0) return true;
    if (isnan(candidate->value) != isnan(best->value)) return isnan(candidate->value);
    const double a = candidate->value, b = best->value;
    if (a == b || isnan(a)) return is_lower(candidate->at, best->at);
    return reduction == PEL_MIN ? a < b : a > b;
}

static void take_row(slot *s, slot_partial *part, const double *values, int count, int x, int y, int z)
{
    if (s->reduction == PEL_SUM) pel_sum_add_array(&part->sum, values, (size_t)count);
    for (int i = 0; s->reduction != PEL_SUM && i < count; i++) {
        const pel_reduced candidate = {.value = values[i], .at = {x + i, y, z}, .count = 1};
        if (beats(s->reduction, &candidate, &part->extremum)) part->extremum = candidate;
    }
}

/* One chunk of a row through the kernel. */
static void reduce_chunk(slot *s, slot_partial *part, const pel_box *chunk, pel_view *views, const pel_step *step)
{
    double scratch[SCRATCH_VALUES];
    const int count = chunk->hi[0] - chunk->lo[0];
    views[s->arg_count] =
        (pel_view){.origin = (void *)((uintptr_t)scratch - sizeof(double) * (uintptr_t)(intptr_t)chunk->lo[0]),
                   .stride = {1, 0, 0}};
    s->kernel(chunk, views, step, s->params);
    take_row(s, part, scratch, count, chunk->lo[0], chunk->lo[1], chunk->lo[2]);
}

void pel_reduce_box(slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step)
{
    slot_partial *part = &s->partials[thread];
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x += SCRATCH_VALUES) {
                const int end = box->hi[0] - x > SCRATCH_VALUES ? x + SCRATCH_VALUES : box->hi[0];
                const pel_box chunk = {{x, y, z}, {end, y + 1, z + 1}};
                reduce_chunk(s, part, &chunk, views, step);
                part->points += end - x;
            }
}

/* Takes in what the threads of one block found. */
static void merge_block(const slot *s, int threads, pel_sum *sum, pel_reduced *all, long *points)
{
    for (int t = 0; t < threads; t++) {
        const slot_partial *part = &s->partials[t];
        *points += part->points;
        if (s->reduction == PEL_SUM) pel_sum_merge(sum, &part->sum);
        else if (part->extremum.count && beats(s->reduction, &part->extremum, all)) *all = part->extremum;
    }
}

void pel_reduce_finish(slot *const *blocks, int count, int threads)
{
    const pel_reduction reduction = blocks[0]->reduction;
    pel_reduced all = {.value = reduction == PEL_MIN ? INFINITY : -INFINITY};
    pel_sum sum = {0};
    long points = 0;
    for (int b = 0; b < count; b++) merge_block(blocks[b], threads, &sum, &all, &points);
    if (reduction == PEL_SUM) all.value = pel_sum_round(&sum);
    all.count = points;
    for (int b = 0; b < count; b++) *blocks[b]->result = all;
}

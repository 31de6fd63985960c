/* Reductions: the kernel writes the values of a few rows into scratch, which go into an exact sum, or are compared with
 * the extremum so far. Rows are collected, as adding a few thousand values at once costs little more than adding a
 * hundred. Each thread has a part of its own; the parts are merged after the stretch. Exact sums and
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

/* The extremum of the values of a box, which lie in scratch row after row. */
static void take_extremum(slot *s, slot_partial *part, const double *values, const pel_box *box)
{
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                const pel_reduced candidate = {.value = *values++, .at = {x, y, z}, .count = 1};
                if (beats(s->reduction, &candidate, &part->extremum)) part->extremum = candidate;
            }
}

pel_view pel_reduce_view(double *scratch, const pel_box *box)
{
    const ptrdiff_t row = box->hi[0] - box->lo[0], plane = row * (box->hi[1] - box->lo[1]);
    const ptrdiff_t first = box->lo[0] + row * box->lo[1] + plane * box->lo[2];
    const uintptr_t origin = (uintptr_t)scratch - sizeof(double) * (uintptr_t)first;
    return (pel_view){.origin = (void *)origin, .stride = {1, row, plane}}; /* may point before scratch */
}

/* Where the box after this one begins in the first field, if it follows in y: for the memory to be at work while values
 * are added. */
static const void *next_of(const slot *s, const pel_view *view, const pel_box *box)
{
    const ptrdiff_t element =
        box->lo[0] * view->stride[0] + box->hi[1] * view->stride[1] + box->lo[2] * view->stride[2];
    const size_t bytes = pel_type_bytes(pel_field_spec_of(s->args[0].field)->type);
    return (const void *)((uintptr_t)view->origin + (uintptr_t)element * bytes);
}

/* A box of SCRATCH_VALUES points at most through the kernel. */
static void reduce_part(slot *s, slot_partial *part, const pel_box *box, pel_view *views, const pel_step *step)
{
    _Alignas(64) double scratch[SCRATCH_VALUES];
    const long count = pel_box_count(*box);
    views[s->arg_count] = pel_reduce_view(scratch, box);
    s->kernel(box, views, step, s->params);
    if (s->reduction == PEL_SUM)
        pel_sum_add_array_ahead(&part->sum, scratch, (size_t)count, next_of(s, &views[0], box));
    else take_extremum(s, part, scratch, box);
    part->points += count;
}

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

/* As many whole rows as scratch holds, or a piece of one; as many whole planes, or one. */
static void choose_part(const pel_box *box, int size[3])
{
    size[0] = at_most(box->hi[0] - box->lo[0], SCRATCH_VALUES);
    size[1] = at_most(box->hi[1] - box->lo[1], SCRATCH_VALUES / size[0]);
    size[2] =
        size[1] < box->hi[1] - box->lo[1] ? 1 : at_most(box->hi[2] - box->lo[2], SCRATCH_VALUES / (size[0] * size[1]));
}

/* The next piece from `lo` on, of size `size`, before `hi`. */
static int piece_end(int lo, int size, int hi)
{
    return hi - lo > size ? lo + size : hi;
}

void pel_reduce_box(slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step)
{
    if (pel_box_is_empty(*box)) return;
    int size[3];
    choose_part(box, size);
    pel_box part;
    for (part.lo[2] = box->lo[2]; part.lo[2] < box->hi[2]; part.lo[2] = part.hi[2]) {
        part.hi[2] = piece_end(part.lo[2], size[2], box->hi[2]);
        for (part.lo[1] = box->lo[1]; part.lo[1] < box->hi[1]; part.lo[1] = part.hi[1]) {
            part.hi[1] = piece_end(part.lo[1], size[1], box->hi[1]);
            for (part.lo[0] = box->lo[0]; part.lo[0] < box->hi[0]; part.lo[0] = part.hi[0]) {
                part.hi[0] = piece_end(part.lo[0], size[0], box->hi[0]);
                reduce_part(s, &s->partials[thread], &part, views, step);
            }
        }
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

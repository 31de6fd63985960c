/* Slopes: how far the points that a stage needs spread, stage by stage.
 *
 * Unrolled over a block of steps, a chain is a list of stages. A later stage j depends on an earlier i where both touch
 * one buffer (a field's time level) and one of them writes it; with [lo, hi] the reach of the read,
 *
 *     j reads what i wrote          points [lo, hi] around those of j must be there
 *     j overwrites what i has read  points [-hi, -lo] around those of j must have been read
 *     both write                    the point itself
 *
 * The cumulative reaches are longest paths from L = R = 0 at the block's first stage:
 *
 *     L[j] = max(L[j - 1], max over i of L[i] + max(0, -lo)),     R[j] likewise with hi,
 *
 * so that each stage gets only the slope that it needs. All blocks share them; what a block grows by is the least
 * distance that also satisfies the dependences of later blocks on this one.
 *
 * Slots at a wall of the tiles' dimension touch a thin zone that lies whole in the edge tile, where stages run in
 * order: along that dimension they are left out. Along the wavefront they stay in. */
#include <stdlib.h>

#include "base/memory.h"
#include "exec/schedule_inside.h"

/* How far a later slot depends on an earlier one; nothing if `is_any` is false. */
typedef struct need {
    bool is_any;
    int left, right;
} need;

typedef struct table {
    const schedule *s;
    int d;
    size_t slots;
    int farthest; /* steps apart that are looked at: beyond, what lies between implies it */
    need *needs;  /* [earlier][later][steps apart] */
} table;

static int larger(int a, int b)
{
    return a > b ? a : b;
}

bool pel_slot_is_at_wall(const slot *s, int d)
{
    return (s->kind == SLOT_BOUNDARY && s->dimension == d) ||
           (s->kind == SLOT_LOOP && s->range.kind == PEL_RANGE_SIDE && s->range.dimension == d);
}

/* Where a boundary slot looks from the points it fills: mirrored about the low wall ahead, about the high one behind.
 */
static pel_reach boundary_reach(const slot *s)
{
    const int d = s->dimension, *depth = s->depth.side[d];
    const int face = pel_field_has_face(s->args[0].field, d) ? 2 : 0;
    pel_reach reach = {{0}, {0}};
    reach.hi[d] = larger(2 * depth[0] - 1 + face, 0);
    reach.lo[d] = -larger(2 * depth[1] - 1 + face, 0);
    return reach;
}

static pel_reach reach_of(const slot *s, int a)
{
    return s->kind == SLOT_BOUNDARY ? boundary_reach(s) : s->args[a].reach;
}

static bool is_same_buffer(const pel_chain *chain, const pel_arg *earlier, const pel_arg *later, int apart)
{
    if (earlier->field != later->field) return false;
    const int levels = pel_field_spec_of(earlier->field)->levels;
    const int shift = pel_chain_rotates(chain, earlier->field) ? apart : 0;
    return (later->level + shift - earlier->level) % levels == 0;
}

static void widen(need *n, int left, int right)
{
    n->is_any = true;
    n->left = larger(n->left, left);
    n->right = larger(n->right, right);
}

static need need_between(const table *t, const slot *earlier, const slot *later, int apart)
{
    need n = {0};
    if (t->d == t->s->dimension && (pel_slot_is_at_wall(earlier, t->d) || pel_slot_is_at_wall(later, t->d))) return n;
    for (int a = 0; a < earlier->arg_count; a++)
        for (int b = 0; b < later->arg_count; b++) {
            const pel_arg *first = &earlier->args[a], *second = &later->args[b];
            if (!is_same_buffer(t->s->chain, first, second, apart)) continue;
            const pel_reach before = reach_of(earlier, a), after = reach_of(later, b);
            if (first->access != PEL_READ) widen(&n, -after.lo[t->d], after.hi[t->d]);
            if (second->access != PEL_READ) widen(&n, before.hi[t->d], -before.lo[t->d]);
        }
    return n;
}

static int most_levels(const pel_chain *chain)
{
    int most = 1;
    for (size_t i = 0; i < chain->plan.count; i++)
        for (int a = 0; a < chain->plan.slots[i].arg_count; a++)
            most = larger(most, pel_field_spec_of(chain->plan.slots[i].args[a].field)->levels);
    return most;
}

static pel_status make_table(table *t)
{
    const slot_list *plan = &t->s->chain->plan;
    t->slots = plan->count;
    t->farthest = most_levels(t->s->chain);
    PEL_TRY(pel_memory_new(t->slots * t->slots * (size_t)(t->farthest + 1), sizeof(need), &t->needs));
    need *n = t->needs;
    for (size_t a = 0; a < t->slots; a++)
        for (size_t b = 0; b < t->slots; b++)
            for (int apart = 0; apart <= t->farthest; apart++)
                *n++ = need_between(t, &plan->slots[a], &plan->slots[b], apart);
    return PEL_OK;
}

static need look_up(const table *t, const stage *earlier, const stage *later, int apart)
{
    if (apart > t->farthest) return (need){0};
    return t->needs[(earlier->slot * t->slots + later->slot) * (size_t)(t->farthest + 1) + (size_t)apart];
}

/* The longest paths within a block. */
static void spread(const table *t, int *left, int *right)
{
    const schedule *s = t->s;
    for (int j = 0; j < s->stage_count; j++) {
        left[j] = j ? left[j - 1] : 0;
        right[j] = j ? right[j - 1] : 0;
        for (int i = 0; i < j; i++) {
            const need n = look_up(t, &s->stages[i], &s->stages[j], s->stages[j].step - s->stages[i].step);
            if (!n.is_any) continue;
            left[j] = larger(left[j], left[i] + n.left);
            right[j] = larger(right[j], right[i] + n.right);
        }
    }
}

static int ceiling(int a, int b)
{
    return a <= 0 ? 0 : (a + b - 1) / b;
}

/* What a block grows by: its own reaches, and enough that later blocks keep their distance. */
static void close(const table *t, const int *left, const int *right, int *grow_left, int *grow_right)
{
    const schedule *s = t->s;
    const int last = s->stage_count - 1, blocks = t->farthest / s->height + 1;
    *grow_left = left[last], *grow_right = right[last];
    for (int m = 1; m <= blocks; m++)
        for (int i = 0; i <= last; i++)
            for (int j = 0; j <= last; j++) {
                const need n =
                    look_up(t, &s->stages[i], &s->stages[j], m * s->height + s->stages[j].step - s->stages[i].step);
                if (!n.is_any) continue;
                *grow_left = larger(*grow_left, ceiling(left[i] + n.left - left[j], m));
                *grow_right = larger(*grow_right, ceiling(right[i] + n.right - right[j], m));
            }
}

static pel_status find_along(schedule *s, int d, int *left, int *right, int *grow_left, int *grow_right)
{
    table t = {.s = s, .d = d};
    const pel_status status = make_table(&t);
    if (status == PEL_OK) {
        spread(&t, left, right);
        close(&t, left, right, grow_left, grow_right);
    }
    free(t.needs);
    return status;
}

/* Along one wavefront; `reaches` is room for two numbers a stage. */
static pel_status find_wave(schedule *s, int w, int *reaches)
{
    const int n = s->stage_count, d = s->waves[w].dimension;
    if (d < 0) return PEL_OK;
    PEL_TRY(find_along(s, d, reaches, reaches + n, &s->grows.behind[w], &s->grows.ahead[w]));
    for (int i = 0; i < n; i++) s->stages[i].behind[w] = reaches[i], s->stages[i].ahead[w] = reaches[n + i];
    return PEL_OK;
}

static pel_status find_all(schedule *s, int *reaches)
{
    const int n = s->stage_count;
    PEL_TRY(find_along(s, s->dimension, reaches, reaches + n, &s->grows.left, &s->grows.right));
    for (int i = 0; i < n; i++) s->stages[i].left = reaches[i], s->stages[i].right = reaches[n + i];
    PEL_TRY(find_wave(s, INNER, reaches));
    return find_wave(s, OUTER, reaches);
}

pel_status pel_slopes_find(schedule *s)
{
    int *reaches = NULL;
    PEL_TRY(pel_memory_new(2 * (size_t)s->stage_count, sizeof *reaches, &reaches));
    const pel_status status = find_all(s, reaches);
    free(reaches);
    return status;
}

int pel_slopes_furthest(const pel_chain *chain, int d)
{
    int most = 0;
    for (size_t i = 0; i < chain->plan.count; i++)
        for (int a = 0; a < chain->plan.slots[i].arg_count; a++) {
            const pel_reach *reach = &chain->plan.slots[i].args[a].reach;
            most = larger(most, larger(-reach->lo[d], reach->hi[d]));
        }
    return most;
}

int pel_slopes_wall_zone(const pel_chain *chain, int d)
{
    int zone = 0;
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot *s = &chain->plan.slots[i];
        if (!pel_slot_is_at_wall(s, d)) continue;
        if (s->kind == SLOT_BOUNDARY) zone = larger(zone, larger(s->depth.side[d][0], s->depth.side[d][1]) + 2);
        else zone = larger(zone, s->range.depth + 2 + pel_slopes_furthest(chain, d));
    }
    return zone;
}

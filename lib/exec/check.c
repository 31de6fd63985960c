/* The access checker: a kernel may depend on what it declared and write its box, and nothing else.
 *
 * The kernel is run on copies of its fields in which all that it did not declare is poison: once a NaN, once a huge
 * number. If the result differs from the one on true copies, it looked where it should not; then each cell near by is
 * poisoned alone, to find the field and the offset. Copies also show writes outside the box, and cells of the box left
 * unwritten. Checked are the whole box at once and, cell by cell, its corners and some keyed by step. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"
#include "exec/chain_inside.h"

enum { NEAR = 6, RANDOM_CELLS = 8, MOST_ARGS = 64, POISON_NAN = 0xFF, POISON_HUGE = 0x7B };

/* A copy of one level of a field: all stored points, all components. */
typedef struct shadow {
    const pel_field *field;
    pel_view truth, view;
    pel_box stored;
    size_t bytes, element;
    char *memory;
    int same_as; /* an earlier access to the same level, whose copy serves; or -1 */
} shadow;

typedef struct checker {
    const slot *s;
    const pel_step *step;
    shadow shadows[MOST_ARGS];
    char *truth[MOST_ARGS]; /* results on true copies, in the box */
    double *scratch, *true_scratch;
} checker;

static ptrdiff_t offset_of(const pel_view *view, int c, int x, int y, int z)
{
    return x * view->stride[0] + y * view->stride[1] + z * view->stride[2] + c * view->component;
}

static char *cell(const shadow *h, const pel_view *view, int c, int x, int y, int z)
{
    return (char *)((uintptr_t)view->origin + (uintptr_t)(offset_of(view, c, x, y, z) * (ptrdiff_t)h->element));
}

static pel_status make_shadow(shadow *h, const pel_arg *arg, const pel_view *view)
{
    const pel_field_spec *spec = pel_field_spec_of(arg->field);
    *h = (shadow){.field = arg->field, .truth = *view, .stored = pel_field_stored(arg->field), .same_as = -1};
    h->element = pel_type_bytes(spec->type);
    const ptrdiff_t first = offset_of(view, 0, h->stored.lo[0], h->stored.lo[1], h->stored.lo[2]);
    const ptrdiff_t last =
        offset_of(view, spec->components - 1, h->stored.hi[0] - 1, h->stored.hi[1] - 1, h->stored.hi[2] - 1);
    h->bytes = (size_t)(last - first + 1) * h->element;
    PEL_TRY(pel_memory_new(h->bytes, 1, &h->memory));
    h->view = *view;
    h->view.origin = (void *)((uintptr_t)h->memory - (uintptr_t)(first * (ptrdiff_t)h->element));
    return PEL_OK;
}

static void copy_truth(const shadow *h, pel_box box)
{
    box = pel_box_intersect(box, h->stored);
    if (pel_box_is_empty(box)) return;
    const size_t row = (size_t)(box.hi[0] - box.lo[0]) * h->element;
    for (int c = 0; c < pel_field_spec_of(h->field)->components; c++)
        for (int z = box.lo[2]; z < box.hi[2]; z++)
            for (int y = box.lo[1]; y < box.hi[1]; y++)
                memcpy(cell(h, &h->view, c, box.lo[0], y, z), cell(h, &h->truth, c, box.lo[0], y, z), row);
}

/* The box in the dimensions along which the field lies; index 0 in the others. */
static pel_box along(const shadow *h, pel_box box)
{
    for (int d = 0; d < 3; d++)
        if (!(pel_field_spec_of(h->field)->along >> d & 1)) box.lo[d] = 0, box.hi[d] = 1;
    return box;
}

static pel_box declared(const slot *s, const pel_arg *arg, const shadow *h, pel_box box)
{
    for (int d = 0; d < 3; d++) {
        box.lo[d] += arg->reach.lo[d];
        box.hi[d] += arg->reach.hi[d];
        if (s->range.whole >> d & 1) box.lo[d] = h->stored.lo[d], box.hi[d] = h->stored.hi[d];
    }
    return along(h, box);
}

static const shadow *shadow_of(const checker *k, int a)
{
    return k->shadows[a].same_as < 0 ? &k->shadows[a] : &k->shadows[k->shadows[a].same_as];
}

/* Runs the kernel on the copies as they are. */
static void run_on_shadows(const checker *k, const pel_box *box)
{
    pel_view views[MOST_ARGS + 1];
    for (int a = 0; a < k->s->arg_count; a++) views[a] = shadow_of(k, a)->view;
    if (k->s->kind != SLOT_REDUCE) {
        k->s->kernel(box, views, k->step, k->s->params);
        return;
    }
    pel_box row = *box; /* reductions see rows */
    row.hi[1] = row.lo[1] + 1, row.hi[2] = row.lo[2] + 1;
    if (row.hi[0] > row.lo[0] + 1) row.hi[0] = row.lo[0] + 1;
    views[k->s->arg_count] =
        (pel_view){.origin = (void *)((uintptr_t)k->scratch - sizeof(double) * (uintptr_t)(intptr_t)row.lo[0]),
                   .stride = {1, 0, 0}};
    k->s->kernel(&row, views, k->step, k->s->params);
}

static void fill_true(const checker *k)
{
    for (int a = 0; a < k->s->arg_count; a++) copy_truth(shadow_of(k, a), k->shadows[a].stored);
}

static void fill_poisoned(const checker *k, int poison, pel_box box)
{
    for (int a = 0; a < k->s->arg_count; a++)
        if (k->shadows[a].same_as < 0) memset(k->shadows[a].memory, poison, k->shadows[a].bytes);
    for (int a = 0; a < k->s->arg_count; a++)
        if (k->s->args[a].access != PEL_WRITE)
            copy_truth(shadow_of(k, a), declared(k->s, &k->s->args[a], &k->shadows[a], box));
}

/* Whether what the kernel wrote in the box equals, bit for bit, the result on true copies. */
static bool same_result(const checker *k, pel_box box, int *arg)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        if (k->s->args[a].access == PEL_READ) continue;
        const shadow *h = shadow_of(k, a);
        const size_t row = (size_t)(box.hi[0] - box.lo[0]) * h->element;
        const char *truth = k->truth[a];
        for (int c = 0; c < pel_field_spec_of(h->field)->components; c++)
            for (int z = box.lo[2]; z < box.hi[2]; z++)
                for (int y = box.lo[1]; y < box.hi[1]; y++, truth += row) {
                    *arg = a;
                    if (memcmp(cell(h, &h->view, c, box.lo[0], y, z), truth, row) != 0) return false;
                }
    }
    *arg = 0;
    return k->s->kind != SLOT_REDUCE || memcmp(k->scratch, k->true_scratch, sizeof(double)) == 0;
}

static pel_status keep_result(checker *k, pel_box box)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        free(k->truth[a]);
        k->truth[a] = NULL;
        if (k->s->args[a].access == PEL_READ) continue;
        const shadow *h = shadow_of(k, a);
        const int components = pel_field_spec_of(h->field)->components;
        const size_t row = (size_t)(box.hi[0] - box.lo[0]) * h->element;
        PEL_TRY(pel_memory_new((size_t)pel_box_count(box) * (size_t)components, h->element, &k->truth[a]));
        char *to = k->truth[a];
        for (int c = 0; c < components; c++)
            for (int z = box.lo[2]; z < box.hi[2]; z++)
                for (int y = box.lo[1]; y < box.hi[1]; y++, to += row)
                    memcpy(to, cell(h, &h->view, c, box.lo[0], y, z), row);
    }
    *k->true_scratch = *k->scratch;
    return PEL_OK;
}

/* ---- finding the culprit ---- */

/* Poisons one cell of one access alone, and sees whether the result changes. */
static bool depends_on(const checker *k, int a, const int at[3], pel_box box)
{
    const shadow *h = shadow_of(k, a);
    const pel_box one = {{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}};
    int which;
    if (!pel_box_contains(h->stored, one)) return false;
    for (int poison = 0; poison < 2; poison++) {
        fill_true(k);
        for (int c = 0; c < pel_field_spec_of(h->field)->components; c++)
            memset(cell(h, &h->view, c, at[0], at[1], at[2]), poison ? POISON_HUGE : POISON_NAN, h->element);
        run_on_shadows(k, &box);
        if (!same_result(k, box, &which)) return true;
    }
    return false;
}

static pel_status report_read(const checker *k, int a, const int offset[3], pel_box box)
{
    return pel_fail(PEL_ERR_ACCESS,
                    "kernel %s reads %s at offset (%d, %d, %d) from cell (%d, %d, %d), step %ld, which it does not "
                    "declare; widen the "
                    "reach of that read or correct the kernel",
                    k->s->name, pel_field_name(k->shadows[a].field), offset[0], offset[1], offset[2], box.lo[0],
                    box.lo[1], box.lo[2], k->step->index);
}

static pel_status find_read(const checker *k, pel_box box)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        const pel_box allowed = declared(k->s, &k->s->args[a], &k->shadows[a], box),
                      middle = along(&k->shadows[a], box);
        for (int z = -NEAR; z <= NEAR; z++)
            for (int y = -NEAR; y <= NEAR; y++)
                for (int x = -NEAR; x <= NEAR; x++) {
                    const int offset[3] = {x, y, z}, at[3] = {middle.lo[0] + x, middle.lo[1] + y, middle.lo[2] + z};
                    const pel_box one = {{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}};
                    if (k->s->args[a].access != PEL_WRITE && pel_box_contains(allowed, one)) continue;
                    if (depends_on(k, a, at, box)) return report_read(k, a, offset, box);
                }
    }
    return pel_fail(PEL_ERR_ACCESS,
                    "kernel %s at cell (%d, %d, %d), step %ld, depends on values that it does not declare", k->s->name,
                    box.lo[0], box.lo[1], box.lo[2], k->step->index);
}

static pel_status report_write(const checker *k, int a, int x, int y, int z)
{
    return pel_fail(PEL_ERR_ACCESS, "kernel %s writes %s at (%d, %d, %d), step %ld, outside its box or undeclared",
                    k->s->name, pel_field_name(k->shadows[a].field), x, y, z, k->step->index);
}

/* What is searched for stray writes: all that is stored, or the neighbourhood of one cell. */
static pel_box window_of(const shadow *h, pel_box box, bool is_single)
{
    if (!is_single) return h->stored;
    box = along(h, box);
    for (int d = 0; d < 3; d++) box.lo[d] -= NEAR, box.hi[d] += NEAR;
    return pel_box_intersect(box, h->stored);
}

/* Whether anything but the box of the written fields has changed against the true copies. */
static pel_status find_write(const checker *k, pel_box box, bool is_single)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        const shadow *h = &k->shadows[a];
        if (h->same_as >= 0) continue;
        bool is_written = false;
        for (int b = a; b < k->s->arg_count; b++)
            is_written = is_written || (shadow_of(k, b) == h && k->s->args[b].access != PEL_READ);
        const pel_box window = window_of(h, box, is_single);
        for (int z = window.lo[2]; z < window.hi[2]; z++)
            for (int y = window.lo[1]; y < window.hi[1]; y++)
                for (int x = window.lo[0]; x < window.hi[0]; x++) {
                    const pel_box one = {{x, y, z}, {x + 1, y + 1, z + 1}};
                    if (is_written && pel_box_contains(along(h, box), one)) continue;
                    if (memcmp(cell(h, &h->view, 0, x, y, z), cell(h, &h->truth, 0, x, y, z), h->element) != 0)
                        return report_write(k, a, x, y, z);
                }
    }
    return PEL_OK;
}

/* ---- one box, one slot ---- */

static pel_status check_box(checker *k, pel_box box, bool is_single)
{
    fill_true(k);
    run_on_shadows(k, &box);
    PEL_TRY(keep_result(k, box));
    PEL_TRY(find_write(k, box, is_single));
    for (int poison = 0; poison < 2; poison++) {
        fill_poisoned(k, poison ? POISON_HUGE : POISON_NAN, box);
        run_on_shadows(k, &box);
        int which;
        if (same_result(k, box, &which)) continue;
        if (is_single) return find_read(k, box);
        return pel_fail(PEL_ERR_ACCESS,
                        "kernel %s, step %ld: the values of %s depend on what it does not declare, or are not written "
                        "in all of its box",
                        k->s->name, k->step->index, pel_field_name(k->shadows[which].field));
    }
    return PEL_OK;
}

/* The i-th cell to look at: corners of the box first, then cells keyed by loop and step. */
static pel_box sample(const checker *k, int i)
{
    pel_box box = k->s->box;
    for (int d = 0; d < 3; d++) {
        if (k->s->range.whole >> d & 1) continue;
        const int n = box.hi[d] - box.lo[d];
        const pel_random_key key = {.seed = pel_hash_text(k->s->name),
                                    .id = (uint64_t)i,
                                    .step = (uint64_t)k->step->index,
                                    .draw = (uint64_t)d};
        int at = i < 8 ? (i >> d & 1) * (n - 1) : (int)(pel_random_uniform(key) * n);
        box.lo[d] += at;
        box.hi[d] = box.lo[d] + 1;
    }
    return box;
}

static pel_status check_all(checker *k, const pel_view *views)
{
    PEL_TRY(pel_memory_new(1, sizeof(double), &k->scratch));
    PEL_TRY(pel_memory_new(1, sizeof(double), &k->true_scratch));
    for (int a = 0; a < k->s->arg_count; a++) {
        PEL_TRY(make_shadow(&k->shadows[a], &k->s->args[a], &views[a]));
        for (int b = 0; b < a && k->shadows[a].same_as < 0; b++)
            if (k->s->args[b].field == k->s->args[a].field && k->s->args[b].level == k->s->args[a].level)
                k->shadows[a].same_as = b;
    }
    for (int i = 0; i < 8 + RANDOM_CELLS; i++) PEL_TRY(check_box(k, sample(k, i), true));
    return k->s->kind == SLOT_REDUCE ? PEL_OK : check_box(k, k->s->box, false);
}

pel_status pel_check_slot(const slot *s, const pel_view *views, const pel_step *step)
{
    if (pel_box_is_empty(s->box)) return PEL_OK;
    checker k = {.s = s, .step = step};
    const pel_status status = check_all(&k, views);
    for (int a = 0; a < s->arg_count; a++) {
        free(k.shadows[a].memory);
        free(k.truth[a]);
    }
    free(k.scratch);
    free(k.true_scratch);
    return status;
}

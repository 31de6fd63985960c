/* The access checker: a kernel may depend on what it declared and write its box, and nothing else.
 *
 * Before a box is run, its kernel is run on copies of its fields in which only what it declared is true, and all else
 * is poison: NaN, then a huge number, then a hugely negative one. If the results differ, the kernel looked where it
 * should not, or left cells of its box unwritten. What the copies hold outside the box shows stray writes. The cell
 * that differs first is then looked at alone, and each undeclared cell near it poisoned anew, to find the field and the
 * offset.
 *
 * Looking at boxes is enough: an undeclared offset leads out of the declared points from some cell at the box's edge.
 * Only declared points are copied, so that boxes may be checked while other threads write elsewhere; nothing is shared
 * between checks. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/chain_inside.h"

enum { NEAR = 6, MOST_ARGS = 64, POISONS = 3 };

/* Every byte of a value: of what is undeclared, and of what the kernel is to overwrite. */
static const int poisons[POISONS] = {0xFF, 0x7B, 0xFB}, unwritten[POISONS] = {0xFE, 0x7C, 0xFC};

/* A copy of one level of a field with room around what is stored, of which only the window has been touched: a look far
 * off the mark is harmless. */
typedef struct shadow {
    const pel_field *field;
    pel_view truth, view;
    pel_box stored, room, window;
    size_t bytes, element;
    char *memory;
    int same_as; /* an earlier access to the same level, whose copy serves; or -1 */
} shadow;

typedef struct checker {
    const slot *s;
    const pel_step *step;
    pel_box box;
    shadow shadows[MOST_ARGS];
    char *results[POISONS]; /* what the kernel wrote in the box, access after access, row after row */
    char *of_all;           /* the same of the whole box, while a cell of it is looked at */
    size_t result_bytes;
    double *scratch; /* values of a reduction */
    char *row;       /* what one row of a window should hold */
} checker;

static ptrdiff_t offset_of(const pel_view *view, int c, int x, int y, int z)
{
    return x * view->stride[0] + y * view->stride[1] + z * view->stride[2] + c * view->component;
}

static char *cell(const shadow *h, const pel_view *view, int c, int x, int y, int z)
{
    return (char *)((uintptr_t)view->origin + (uintptr_t)(offset_of(view, c, x, y, z) * (ptrdiff_t)h->element));
}

static int components_of(const shadow *h)
{
    return pel_field_spec_of(h->field)->components;
}

static const shadow *shadow_of(const checker *k, int a)
{
    return k->shadows[a].same_as < 0 ? &k->shadows[a] : &k->shadows[k->shadows[a].same_as];
}

/* ---- which points ---- */

/* The box in the dimensions along which the field lies; index 0 in the others. */
static pel_box along(const shadow *h, pel_box box)
{
    for (int d = 0; d < 3; d++)
        if (!(pel_field_spec_of(h->field)->along >> d & 1)) box.lo[d] = 0, box.hi[d] = 1;
    return box;
}

/* The points around the box in the reach of the access; along whole dimensions all there are. */
static pel_box around(const slot *s, const shadow *h, pel_box box, const pel_reach *reach, int more)
{
    const pel_box most = more ? h->room : h->stored;
    for (int d = 0; d < 3; d++) {
        box.lo[d] += reach->lo[d] - more;
        box.hi[d] += reach->hi[d] + more;
        if (s->range.whole >> d & 1) box.lo[d] = most.lo[d], box.hi[d] = most.hi[d];
    }
    return pel_box_intersect(along(h, box), most);
}

static pel_box declared(const checker *k, int a)
{
    return around(k->s, shadow_of(k, a), k->box, &k->s->args[a].reach, 0);
}

/* Where a write of the level of `h` may fall. */
static bool may_write(const checker *k, const shadow *h, pel_box *where)
{
    const pel_reach here = {{0}, {0}};
    for (int a = 0; a < k->s->arg_count; a++)
        if (shadow_of(k, a) == h && k->s->args[a].access != PEL_READ) {
            *where = around(k->s, h, k->box, &here, 0);
            return true;
        }
    return false;
}

static void choose_windows(checker *k)
{
    pel_reach most = {{0}, {0}};
    for (int a = 0; a < k->s->arg_count; a++)
        for (int d = 0; d < 3; d++) {
            const pel_reach *reach = &k->s->args[a].reach;
            if (reach->lo[d] < most.lo[d]) most.lo[d] = reach->lo[d];
            if (reach->hi[d] > most.hi[d]) most.hi[d] = reach->hi[d];
        }
    for (int a = 0; a < k->s->arg_count; a++) k->shadows[a].window = around(k->s, &k->shadows[a], k->box, &most, NEAR);
}

/* ---- copies ---- */

/* What a row of the window should hold before the kernel runs, and outside the box after it. */
static void expected_row(const checker *k, const shadow *h, int poison, int c, int y, int z)
{
    const pel_box *w = &h->window;
    memset(k->row, poisons[poison], (size_t)(w->hi[0] - w->lo[0]) * h->element);
    for (int pass = 0; pass < 2; pass++) /* what a read declares is true, though a write has the same points */
        for (int a = 0; a < k->s->arg_count; a++) {
            const bool is_overwritten = k->s->args[a].access == PEL_WRITE;
            if (shadow_of(k, a) != h || is_overwritten != (pass == 0)) continue;
            const pel_box here = {{w->lo[0], y, z}, {w->hi[0], y + 1, z + 1}};
            const pel_box part = pel_box_intersect(declared(k, a), here);
            if (pel_box_is_empty(part)) continue;
            char *to = k->row + (size_t)(part.lo[0] - w->lo[0]) * h->element;
            const size_t bytes = (size_t)(part.hi[0] - part.lo[0]) * h->element;
            if (is_overwritten) memset(to, unwritten[poison], bytes);
            else memcpy(to, cell(h, &h->truth, c, part.lo[0], y, z), bytes);
        }
}

static void fill(const checker *k, int poison)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        const shadow *h = &k->shadows[a];
        const pel_box *w = &h->window;
        if (h->same_as >= 0 || pel_box_is_empty(*w)) continue;
        for (int c = 0; c < components_of(h); c++)
            for (int z = w->lo[2]; z < w->hi[2]; z++)
                for (int y = w->lo[1]; y < w->hi[1]; y++) {
                    expected_row(k, h, poison, c, y, z);
                    memcpy(cell(h, &h->view, c, w->lo[0], y, z), k->row, (size_t)(w->hi[0] - w->lo[0]) * h->element);
                }
    }
    if (k->scratch) memset(k->scratch, unwritten[poison], (size_t)pel_box_count(k->box) * sizeof *k->scratch);
}

/* Runs the kernel on the copies as they are. */
static void run_on_shadows(const checker *k)
{
    pel_view views[MOST_ARGS + 1];
    for (int a = 0; a < k->s->arg_count; a++) views[a] = shadow_of(k, a)->view;
    if (k->s->kind == SLOT_REDUCE) views[k->s->arg_count] = pel_reduce_view(k->scratch, &k->box);
    k->s->kernel(&k->box, views, k->step, k->s->params);
}

/* Bytes of what the kernel writes in the box. */
static void measure_results(checker *k)
{
    const size_t points = (size_t)pel_box_count(k->box);
    k->result_bytes = k->s->kind == SLOT_REDUCE ? points * sizeof(double) : 0;
    for (int a = 0; a < k->s->arg_count; a++)
        if (k->s->args[a].access != PEL_READ)
            k->result_bytes += points * (size_t)components_of(&k->shadows[a]) * k->shadows[a].element;
}

/* Calls `visit` for each row that the kernel writes in the box, in the order of the results, until it is false. */
typedef bool row_visit(const checker *k, int a, char *row, size_t bytes, char *result, int c, int y, int z, void *data);
static bool visit_results(const checker *k, char *result, row_visit *visit, void *data)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        if (k->s->args[a].access == PEL_READ) continue;
        const shadow *h = shadow_of(k, a);
        const size_t row = (size_t)(k->box.hi[0] - k->box.lo[0]) * h->element;
        for (int c = 0; c < components_of(h); c++)
            for (int z = k->box.lo[2]; z < k->box.hi[2]; z++)
                for (int y = k->box.lo[1]; y < k->box.hi[1]; y++, result += row)
                    if (!visit(k, a, cell(h, &h->view, c, k->box.lo[0], y, z), row, result, c, y, z, data))
                        return false;
    }
    return true;
}

static bool keep_row(const checker *k, int a, char *row, size_t bytes, char *result, int c, int y, int z, void *data)
{
    (void)k, (void)a, (void)c, (void)y, (void)z, (void)data;
    memcpy(result, row, bytes);
    return true;
}

static void keep_results(const checker *k, char *result)
{
    if (k->scratch) memcpy(result, k->scratch, k->result_bytes);
    else visit_results(k, result, keep_row, NULL);
}

/* ---- stray writes ---- */

static pel_status report_write(const checker *k, const shadow *h, int c, int x, int y, int z)
{
    const char *name = pel_field_name(h->field);
    if (components_of(h) > 1)
        return pel_fail(PEL_ERR_ACCESS,
                        "kernel %s writes component %d of %s at (%d, %d, %d), step %ld, outside its box or undeclared; "
                        "a kernel writes the cells of its box only",
                        k->s->name, c, name, x, y, z, k->step->index);
    return pel_fail(PEL_ERR_ACCESS,
                    "kernel %s writes %s at (%d, %d, %d), step %ld, outside its box or undeclared; a kernel writes the "
                    "cells of its box only",
                    k->s->name, name, x, y, z, k->step->index);
}

/* The first point of the row that is neither what it should be nor where the kernel may write; or the row's end. */
static int find_stray(const checker *k, const shadow *h, int c, int y, int z)
{
    const pel_box *w = &h->window;
    const char *got = cell(h, &h->view, c, w->lo[0], y, z);
    if (memcmp(got, k->row, (size_t)(w->hi[0] - w->lo[0]) * h->element) == 0) return w->hi[0];
    pel_box may;
    const bool is_written = may_write(k, h, &may);
    for (int x = w->lo[0]; x < w->hi[0]; x++) {
        const pel_box one = {{x, y, z}, {x + 1, y + 1, z + 1}};
        const size_t at = (size_t)(x - w->lo[0]) * h->element;
        if (memcmp(got + at, k->row + at, h->element) != 0 && !(is_written && pel_box_contains(may, one))) return x;
    }
    return w->hi[0];
}

static pel_status find_write(const checker *k, int poison)
{
    for (int a = 0; a < k->s->arg_count; a++) {
        const shadow *h = &k->shadows[a];
        const pel_box *w = &h->window;
        if (h->same_as >= 0 || pel_box_is_empty(*w)) continue;
        for (int c = 0; c < components_of(h); c++)
            for (int z = w->lo[2]; z < w->hi[2]; z++)
                for (int y = w->lo[1]; y < w->hi[1]; y++) {
                    expected_row(k, h, poison, c, y, z);
                    const int x = find_stray(k, h, c, y, z);
                    if (x < w->hi[0]) return report_write(k, h, c, x, y, z);
                }
    }
    return PEL_OK;
}

/* ---- finding the culprit of a difference ---- */

/* Where two results differ first. */
typedef struct difference {
    const char *first, *other;
    int number; /* of the other's poison */
    int at[3], arg;
    bool is_unwritten; /* both are the poison that was there */
} difference;

static bool is_all(const char *bytes, size_t count, int byte)
{
    for (size_t i = 0; i < count; i++)
        if ((unsigned char)bytes[i] != byte) return false;
    return true;
}

static void note(difference *d, const char *first, const char *other, size_t element, int arg, const int at[3])
{
    d->arg = arg;
    memcpy(d->at, at, sizeof d->at);
    d->is_unwritten = is_all(first, element, unwritten[0]) && is_all(other, element, unwritten[d->number]);
}

static bool compare_row(const checker *k, int a, char *row, size_t bytes, char *result, int c, int y, int z, void *data)
{
    (void)row, (void)c;
    difference *d = data;
    const char *other = d->other + (result - d->first);
    const size_t element = shadow_of(k, a)->element;
    for (size_t i = 0; i < bytes; i += element)
        if (memcmp(result + i, other + i, element) != 0) {
            note(d, result + i, other + i, element, a, (const int[3]){k->box.lo[0] + (int)(i / element), y, z});
            return false;
        }
    return true;
}

static void find_difference(const checker *k, int other, difference *d)
{
    *d = (difference){.first = k->results[0], .other = k->results[other], .number = other};
    if (!k->scratch) {
        visit_results(k, k->results[0], compare_row, d);
        return;
    }
    long i = 0;
    while (memcmp(d->first + i * 8, d->other + i * 8, 8) == 0) i++;
    const int nx = k->box.hi[0] - k->box.lo[0], ny = k->box.hi[1] - k->box.lo[1];
    const int at[3] = {k->box.lo[0] + (int)(i % nx), k->box.lo[1] + (int)(i / nx % ny),
                       k->box.lo[2] + (int)(i / nx / ny)};
    note(d, d->first + i * 8, d->other + i * 8, sizeof(double), 0, at);
}

static bool is_declared(const checker *k, const shadow *h, pel_box one)
{
    for (int a = 0; a < k->s->arg_count; a++)
        if (shadow_of(k, a) == h && k->s->args[a].access != PEL_WRITE && pel_box_contains(declared(k, a), one))
            return true;
    return false;
}

/* Poisons one undeclared cell anew, and sees whether the result changes. */
static bool depends_on(const checker *k, const shadow *h, const int at[3])
{
    for (int other = 1; other < POISONS; other++) {
        fill(k, 0);
        for (int c = 0; c < components_of(h); c++)
            memset(cell(h, &h->view, c, at[0], at[1], at[2]), poisons[other], h->element);
        run_on_shadows(k);
        keep_results(k, k->results[other]);
        if (memcmp(k->results[0], k->results[other], k->result_bytes) != 0) return true;
    }
    return false;
}

static pel_status report_read(const checker *k, const shadow *h, const int at[3])
{
    const pel_box middle = along(h, k->box);
    return pel_fail(PEL_ERR_ACCESS,
                    "kernel %s reads %s at offset (%d, %d, %d) from cell (%d, %d, %d), step %ld, which it does not "
                    "declare; widen the reach of that read or correct the kernel",
                    k->s->name, pel_field_name(h->field), at[0] - middle.lo[0], at[1] - middle.lo[1],
                    at[2] - middle.lo[2], k->box.lo[0], k->box.lo[1], k->box.lo[2], k->step->index);
}

/* Tries the cells around k->box, a single cell (or a line of them along whole dimensions). */
static bool find_read(checker *k, const shadow **which, int at[3])
{
    choose_windows(k);
    fill(k, 0);
    run_on_shadows(k);
    keep_results(k, k->results[0]);
    for (int a = 0; a < k->s->arg_count; a++) {
        const shadow *h = *which = &k->shadows[a];
        const pel_box middle = along(h, k->box);
        if (h->same_as >= 0) continue;
        for (int i = 0; i < (2 * NEAR + 1) * (2 * NEAR + 1) * (2 * NEAR + 1); i++) {
            at[0] = middle.lo[0] + i % (2 * NEAR + 1) - NEAR;
            at[1] = middle.lo[1] + i / (2 * NEAR + 1) % (2 * NEAR + 1) - NEAR;
            at[2] = middle.lo[2] + i / (2 * NEAR + 1) / (2 * NEAR + 1) - NEAR;
            const pel_box one = {{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}};
            if (pel_box_contains(h->window, one) && !is_declared(k, h, one) && depends_on(k, h, at)) return true;
        }
    }
    return false;
}

static pel_status find_culprit(checker *k, int other)
{
    difference d;
    const shadow *h;
    int at[3];
    find_difference(k, other, &d);
    const char *field = pel_field_name(k->shadows[d.arg].field);
    if (d.is_unwritten && k->scratch)
        return pel_fail(PEL_ERR_ACCESS, "kernel %s gives no value at (%d, %d, %d), step %ld; it must for all its box",
                        k->s->name, d.at[0], d.at[1], d.at[2], k->step->index);
    if (d.is_unwritten)
        return pel_fail(PEL_ERR_ACCESS,
                        "kernel %s does not write %s at (%d, %d, %d), step %ld; write all cells of the box, or declare "
                        "an update",
                        k->s->name, field, d.at[0], d.at[1], d.at[2], k->step->index);
    for (int e = 0; e < 3; e++)
        if (!(k->s->range.whole >> e & 1)) k->box.lo[e] = d.at[e], k->box.hi[e] = d.at[e] + 1;
    measure_results(k);
    if (find_read(k, &h, at)) return report_read(k, h, at);
    return pel_fail(PEL_ERR_ACCESS,
                    "kernel %s at (%d, %d, %d), step %ld, depends on values that it does not declare, or on the box "
                    "that it is given",
                    k->s->name, d.at[0], d.at[1], d.at[2], k->step->index);
}

/* ---- one box ---- */

static pel_status compare_poisons(checker *k)
{
    for (int i = 0; i < POISONS; i++) {
        fill(k, i);
        run_on_shadows(k);
        keep_results(k, k->results[i]);
        PEL_TRY(find_write(k, i));
        if (memcmp(k->results[0], k->results[i], k->result_bytes) != 0) return find_culprit(k, i);
    }
    return PEL_OK;
}

/* Whether each result of k->box, in k->results, is that of the same point of the `whole` box, in k->of_all. */
static bool same_in_box(const checker *k, const pel_box *whole, int at[3])
{
    const char *cells = k->results[0], *all = k->of_all;
    const long nx = whole->hi[0] - whole->lo[0], ny = whole->hi[1] - whole->lo[1];
    for (int a = 0; a < (k->scratch ? 1 : k->s->arg_count); a++) {
        if (!k->scratch && k->s->args[a].access == PEL_READ) continue;
        const size_t element = k->scratch ? sizeof(double) : k->shadows[a].element;
        const int components = k->scratch ? 1 : components_of(&k->shadows[a]);
        for (int c = 0; c < components; c++, all += (size_t)pel_box_count(*whole) * element)
            for (at[2] = k->box.lo[2]; at[2] < k->box.hi[2]; at[2]++)
                for (at[1] = k->box.lo[1]; at[1] < k->box.hi[1]; at[1]++)
                    for (at[0] = k->box.lo[0]; at[0] < k->box.hi[0]; at[0]++, cells += element) {
                        const long row = (at[2] - whole->lo[2]) * ny + at[1] - whole->lo[1];
                        if (memcmp(cells, all + (size_t)(row * nx + at[0] - whole->lo[0]) * element, element) != 0)
                            return false;
                    }
    }
    return true;
}

/* The middle, the first and the last cell of the box, each alone. */
static pel_status check_cells(checker *k)
{
    static const int order[] = {1, 0, 2};
    const pel_box whole = k->box;
    char *of_all = k->results[0];
    k->results[0] = k->of_all, k->of_all = of_all;
    for (int n = 0; n < 3; n++) {
        const int i = order[n];
        int at[3];
        for (int d = 0; d < 3; d++) {
            if (k->s->range.whole >> d & 1) continue;
            k->box.lo[d] = whole.lo[d] + (whole.hi[d] - 1 - whole.lo[d]) * i / 2;
            k->box.hi[d] = k->box.lo[d] + 1;
        }
        if (i != 1) choose_windows(k); /* the middle one shows what looks far */
        measure_results(k);
        PEL_TRY(compare_poisons(k));
        if (!same_in_box(k, &whole, at))
            return pel_fail(PEL_ERR_ACCESS,
                            "kernel %s gives another value at (%d, %d, %d), step %ld, when its box is another; a value "
                            "may depend on the declared reads, the step and the place alone",
                            k->s->name, at[0], at[1], at[2], k->step->index);
    }
    return PEL_OK;
}

static pel_status make_room(shadow *h)
{
    const pel_field_spec *spec = pel_field_spec_of(h->field);
    ptrdiff_t count = 1;
    h->room = h->stored;
    for (int d = 0; d < 3; d++) {
        const bool lies_along = (spec->along >> d & 1) != 0;
        if (lies_along) h->room.lo[d] -= NEAR, h->room.hi[d] += NEAR;
        h->view.stride[d] = lies_along ? count : 0;
        count *= h->room.hi[d] - h->room.lo[d];
    }
    h->view.component = count;
    h->bytes = (size_t)(count * spec->components) * h->element;
    void *memory = NULL;
    PEL_TRY(pel_memory_map(h->bytes, &memory));
    h->memory = memory;
    const ptrdiff_t first = offset_of(&h->view, 0, h->room.lo[0], h->room.lo[1], h->room.lo[2]);
    h->view.origin = (void *)((uintptr_t)memory - (uintptr_t)(first * (ptrdiff_t)h->element));
    return PEL_OK;
}

static pel_status make_shadow(checker *k, int a, const pel_view *view)
{
    const pel_arg *arg = &k->s->args[a];
    shadow *h = &k->shadows[a];
    *h = (shadow){.field = arg->field, .truth = *view, .stored = pel_field_stored(arg->field), .same_as = -1};
    h->element = pel_type_bytes(pel_field_spec_of(arg->field)->type);
    for (int b = 0; b < a && h->same_as < 0; b++)
        if (k->s->args[b].field == arg->field && k->s->args[b].level == arg->level) h->same_as = b;
    if (h->same_as >= 0) return PEL_OK;
    return make_room(h);
}

static pel_status make_copies(checker *k, const pel_view *views)
{
    size_t longest = 0;
    for (int a = 0; a < k->s->arg_count; a++) PEL_TRY(make_shadow(k, a, &views[a]));
    choose_windows(k);
    for (int a = 0; a < k->s->arg_count; a++) {
        const shadow *h = &k->shadows[a];
        const size_t row = (size_t)(h->window.hi[0] - h->window.lo[0]) * h->element;
        if (!pel_box_is_empty(h->window) && row > longest) longest = row;
    }
    measure_results(k);
    PEL_TRY(pel_memory_new(longest, 1, &k->row));
    for (int i = 0; i < POISONS; i++) PEL_TRY(pel_memory_new(k->result_bytes, 1, &k->results[i]));
    PEL_TRY(pel_memory_new(k->result_bytes, 1, &k->of_all));
    if (k->s->kind == SLOT_REDUCE) PEL_TRY(pel_memory_new((size_t)pel_box_count(k->box), sizeof(double), &k->scratch));
    return PEL_OK;
}

pel_status pel_check_box(const slot *s, const pel_box *box, const pel_view *views, const pel_step *step)
{
    if (pel_box_is_empty(*box) || (s->kind != SLOT_LOOP && s->kind != SLOT_REDUCE)) return PEL_OK;
    checker k = {.s = s, .step = step, .box = *box};
    pel_status status = make_copies(&k, views);
    if (status == PEL_OK) status = compare_poisons(&k);
    if (status == PEL_OK) status = check_cells(&k);
    for (int a = 0; a < s->arg_count; a++) pel_memory_unmap(k.shadows[a].memory, k.shadows[a].bytes);
    for (int i = 0; i < POISONS; i++) free(k.results[i]);
    free(k.of_all);
    free(k.scratch);
    free(k.row);
    return status;
}

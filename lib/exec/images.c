/* Periodic images under the temporal executor. The tiles of a periodic dimension have no beginning, so there is no
 * moment at which a boundary slot could fill the halo; instead each box, once computed, is copied to its images. Values
 * in the halo are then as old as the points they are images of, and dependences around the seam are those anywhere. */
#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "exec/schedule_inside.h"

static bool is_periodic_along(const pel_field *field, int d)
{
    return pel_grid_is_periodic(pel_field_grid(field), d) && pel_field_spec_of(field)->along >> d & 1;
}

static bool has_images(const pel_field *field)
{
    return is_periodic_along(field, 0) || is_periodic_along(field, 1) || is_periodic_along(field, 2);
}

static image *find(const images *all, const pel_field *field)
{
    for (int i = 0; i < all->count; i++)
        if (all->list[i].field == field) return &all->list[i];
    return NULL;
}

const slot_depth *pel_images_depth(const images *all, const pel_field *field)
{
    const image *m = find(all, field);
    return m ? &m->depth : NULL;
}

static pel_status find_or_add(images *all, pel_field *field, image **found)
{
    *found = find(all, field);
    if (*found) return PEL_OK;
    size_t capacity = (size_t)all->capacity;
    PEL_TRY(pel_memory_grow(&all->list, &capacity, (size_t)all->count + 1, sizeof *all->list));
    all->capacity = (int)capacity;
    *found = &all->list[all->count++];
    **found = (image){.field = field};
    return PEL_OK;
}

pel_status pel_images_find(const pel_chain *chain, size_t begin, size_t end, images *found)
{
    for (size_t i = begin; i < end; i++) {
        const slot *s = &chain->plan.slots[i];
        if (s->kind != SLOT_BOUNDARY || s->is_prologue || !has_images(s->args[0].field)) continue;
        image *m = NULL;
        PEL_TRY(find_or_add(found, s->args[0].field, &m));
        for (int d = 0; d < 3; d++)
            for (int side = 0; side < 2; side++)
                if (s->depth.side[d][side] > m->depth.side[d][side]) m->depth.side[d][side] = s->depth.side[d][side];
    }
    return PEL_OK;
}

static void fill_levels(const image *m, int d, const pel_step *step)
{
    const pel_box all = {{INT_MIN, INT_MIN, INT_MIN}, {INT_MAX, INT_MAX, INT_MAX}};
    pel_arg arg = {.field = m->field, .access = PEL_UPDATE};
    const slot filling = {.kind = SLOT_BOUNDARY, .args = &arg, .arg_count = 1, .dimension = d, .depth = m->depth};
    for (int level = 0; level < pel_field_spec_of(m->field)->levels; level++) {
        const pel_view view = pel_field_view_at(m->field, level, 0);
        pel_boundary_fill(&filling, &all, &view, step);
    }
}

void pel_images_fill(const pel_chain *chain, const images *all, size_t begin, size_t end, const pel_step *step)
{
    const pel_box everywhere = {{INT_MIN, INT_MIN, INT_MIN}, {INT_MAX, INT_MAX, INT_MAX}};
    for (size_t i = begin; i < end; i++) {
        const slot *s = &chain->plan.slots[i];
        if (s->kind != SLOT_BOUNDARY || !s->is_prologue) continue;
        const pel_view view = pel_field_view(s->args[0].field, s->args[0].level);
        pel_boundary_fill(s, &everywhere, &view, step);
    }
    for (int m = 0; m < all->count; m++)
        for (int d = 0; d < 3; d++)
            if (is_periodic_along(all->list[m].field, d)) fill_levels(&all->list[m], d, step);
}

/* Copies the box to where it lies `shift` points on along d. */
static void copy_box(const pel_field *field, const pel_view *view, const pel_box *box, int d, int shift)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    const ptrdiff_t bytes = (ptrdiff_t)pel_type_bytes(spec->type);
    const ptrdiff_t away = shift * view->stride[d] * bytes;
    const size_t row = (size_t)(box->hi[0] - box->lo[0]) * (size_t)bytes;
    for (int c = 0; c < spec->components; c++)
        for (int z = box->lo[2]; z < box->hi[2]; z++)
            for (int y = box->lo[1]; y < box->hi[1]; y++) {
                const ptrdiff_t at =
                    box->lo[0] * view->stride[0] + y * view->stride[1] + z * view->stride[2] + c * view->component;
                char *from = (char *)((uintptr_t)view->origin + (uintptr_t)(at * bytes));
                memcpy(from + away, from, row);
            }
}

/* The box's images along the dimensions from d on; images of images are the corners. */
static void copy_from(const pel_field *field, const slot_depth *depth, const pel_view *view, pel_box box, int d)
{
    const pel_grid *grid = pel_field_grid(field);
    for (; d < pel_grid_dimensions(grid); d++) {
        if (!is_periodic_along(field, d)) continue;
        const int n = pel_grid_cells(grid, d);
        for (int side = 0; side < 2; side++) {
            pel_box part = box; /* what has an image beyond the low side lies at the high one */
            if (side == 0 && part.lo[d] < n - depth->side[d][0]) part.lo[d] = n - depth->side[d][0];
            if (side == 1 && part.hi[d] > depth->side[d][1]) part.hi[d] = depth->side[d][1];
            if (pel_box_is_empty(part)) continue;
            const int shift = side == 0 ? -n : n;
            copy_box(field, view, &part, d, shift);
            part.lo[d] += shift, part.hi[d] += shift;
            copy_from(field, depth, view, part, d + 1);
        }
    }
}

void pel_images_copy(const pel_field *field, const slot_depth *depth, const pel_view *view, const pel_box *box)
{
    copy_from(field, depth, view, *box, 0);
}

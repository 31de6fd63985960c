/* Boundary slots: periodic images and boundary conditions on one level of one field, normal to one dimension.
 *
 * With n points across (n cells, or faces 0 .. n between walls) and w the wall: the mirror of cell -1 - i is cell i, of
 * cell n + i cell n - 1 - i; of face -i face i, of face n + i face n - i. The mirror of a cell lies 2 i + 1 spacings
 * away. */
#include <string.h>

#include "exec/chain_inside.h"

/* The halo of dimensions that come later, where it is a loop of the app's own that fills it: it has images too. */
static pel_box with_open_sides(const slot *s, pel_box box, int later)
{
    const pel_field *field = s->args[0].field;
    const pel_boundary *boundary = pel_field_spec_of(field)->boundary[later];
    const pel_box points = pel_field_points(field);
    if (pel_grid_is_periodic(pel_field_grid(field), later)) return box;
    if (boundary[0].kind == PEL_BOUNDARY_NONE && box.lo[later] == points.lo[later])
        box.lo[later] -= s->depth.side[later][0];
    if (boundary[1].kind == PEL_BOUNDARY_NONE && box.hi[later] == points.hi[later])
        box.hi[later] += s->depth.side[later][1];
    return box;
}

/* The points that a slot fills on one side, on this process; empty if it does not touch that side. */
pel_box pel_boundary_side(const slot *s, int side)
{
    const pel_field *field = s->args[0].field;
    const pel_grid *grid = pel_field_grid(field);
    const pel_box points = pel_field_points(field), owned = pel_field_owned(field);
    const int d = s->dimension, depth = s->depth.side[d][side];
    const int face = pel_field_has_face(field, d) && !pel_grid_is_periodic(grid, d) ? 1 : 0;
    pel_box box = owned;
    for (int e = 0; e < d; e++) { /* the halos of earlier dimensions are there: corners */
        box.lo[e] -= s->depth.side[e][0];
        box.hi[e] += s->depth.side[e][1];
    }
    for (int e = d + 1; e < 3 && pel_grid_is_periodic(grid, d); e++) box = with_open_sides(s, box, e);
    const bool is_edge = side == 0 ? owned.lo[d] == points.lo[d] : owned.hi[d] == points.hi[d];
    if (side == 0) {
        box.lo[d] = -depth;
        box.hi[d] = face;
    } else {
        box.lo[d] = points.hi[d] - face;
        box.hi[d] = points.hi[d] + depth;
    }
    if (!is_edge) box.hi[d] = box.lo[d];
    return box;
}

/* ---- periodic ---- */

/* Copies the image, n cells away along d, of every point of the box. */
static void fill_image(const slot *s, const pel_box *box, int shift, const pel_view *view)
{
    const pel_field_spec *spec = pel_field_spec_of(s->args[0].field);
    const ptrdiff_t bytes = (ptrdiff_t)pel_type_bytes(spec->type);
    const uintptr_t origin = (uintptr_t)view->origin;
    const ptrdiff_t away = shift * view->stride[s->dimension] * bytes;
    for (int c = 0; c < spec->components; c++)
        for (int z = box->lo[2]; z < box->hi[2]; z++)
            for (int y = box->lo[1]; y < box->hi[1]; y++) {
                const ptrdiff_t at =
                    (box->lo[0] * view->stride[0] + y * view->stride[1] + z * view->stride[2] + c * view->component);
                char *to = (char *)(origin + (uintptr_t)(at * bytes));
                memcpy(to, to + away, (size_t)(box->hi[0] - box->lo[0]) * (size_t)bytes);
            }
}

/* ---- conditions ---- */

/* One side's condition, ready to be applied point by point. */
typedef struct condition {
    const pel_boundary *boundary;
    const pel_grid *grid;
    int dimension, side, is_face;
    int count; /* cells of the dimension: the high wall stands at `count` */
    double spacing;
    bool is_odd; /* mirrored with the sign changed */
    double value;
} condition;

static condition prepare(const slot *s, int side)
{
    const pel_field *field = s->args[0].field;
    const pel_grid *grid = pel_field_grid(field);
    const pel_boundary *boundary = &pel_field_spec_of(field)->boundary[s->dimension][side];
    condition c = {.boundary = boundary,
                   .grid = grid,
                   .dimension = s->dimension,
                   .side = side,
                   .is_face = pel_field_has_face(field, s->dimension),
                   .count = pel_grid_cells(grid, s->dimension),
                   .spacing = pel_grid_spacing(grid, s->dimension),
                   .value = boundary->value};
    const bool is_slip = boundary->kind == PEL_BOUNDARY_FREE_SLIP, is_still = boundary->kind == PEL_BOUNDARY_NO_SLIP;
    if (is_slip || is_still) c.value = 0;
    c.is_odd = boundary->kind == PEL_BOUNDARY_VALUE || is_still || (is_slip && c.is_face);
    return c;
}

/* Index of the point from which point i takes its value. */
static int source_of(const condition *c, int i)
{
    const int wall = c->side == 0 ? 0 : c->count;
    if (c->is_face && !c->is_odd) return c->side == 0 ? 1 : c->count - 1; /* extrapolated from the next face */
    return c->is_face ? 2 * wall - i : 2 * wall - 1 - i;
}

static double apply(const condition *c, int i, int source, double inside, double value)
{
    const int wall = c->side == 0 ? 0 : c->count;
    if (c->is_odd && c->is_face && i == wall) return value;
    if (c->is_odd) return 2 * value - inside;
    return inside + (i - source) * c->spacing * value;
}

static double value_at(const condition *c, int x, int y, int z, const pel_step *step)
{
    if (!c->boundary->function) return c->value;
    int at[3] = {x, y, z};
    for (int d = 0; d < 3; d++) /* at an image, what holds at the point itself */
        if (pel_grid_is_periodic(c->grid, d)) at[d] = (at[d] + pel_grid_cells(c->grid, d)) % pel_grid_cells(c->grid, d);
    return c->boundary->function(at[0], at[1], at[2], step, c->boundary->params);
}

/* Where the condition is the same at all points of a row of the box, the row is computed at once. */
static void fill_constant(const condition *c, const pel_box *box, double *row, ptrdiff_t away, int i, int source)
{
    const int wall = c->side == 0 ? 0 : c->count;
    const double odd = 2 * c->value, slope = (i - source) * c->spacing * c->value;
    if (c->is_odd && c->is_face && i == wall)
        for (int x = box->lo[0]; x < box->hi[0]; x++) row[x] = c->value;
    else if (c->is_odd)
        for (int x = box->lo[0]; x < box->hi[0]; x++) row[x] = odd - row[x + away];
    else
        for (int x = box->lo[0]; x < box->hi[0]; x++) row[x] = row[x + away] + slope;
}

static void fill_varying(const condition *c, const pel_box *box, double *row, int y, int z, ptrdiff_t away, int i,
                         int source, const pel_step *step)
{
    for (int x = box->lo[0]; x < box->hi[0]; x++)
        row[x] = apply(c, i, source, row[x + away], value_at(c, x, y, z, step));
}

/* One row at index i of the condition's dimension; along x the row is one point. */
static void fill_row(const condition *c, const pel_box *box, int component, int y, int z, int i, const pel_view *view,
                     const pel_step *step)
{
    double *row = pel_row_c(*view, component, y, z);
    const int source = source_of(c, i);
    const ptrdiff_t away = (source - i) * view->stride[c->dimension];
    if (c->boundary->function) fill_varying(c, box, row, y, z, away, i, source, step);
    else fill_constant(c, box, row, away, i, source);
}

static void fill_condition(const slot *s, const condition *c, const pel_box *box, const pel_view *view,
                           const pel_step *step)
{
    const pel_field_spec *spec = pel_field_spec_of(s->args[0].field);
    for (int component = 0; component < spec->components; component++)
        for (int z = box->lo[2]; z < box->hi[2]; z++)
            for (int y = box->lo[1]; y < box->hi[1]; y++) {
                if (c->dimension != 0) {
                    fill_row(c, box, component, y, z, c->dimension == 1 ? y : z, view, step);
                    continue;
                }
                pel_box point = *box;
                for (point.lo[0] = box->lo[0]; point.lo[0] < box->hi[0]; point.lo[0]++) {
                    point.hi[0] = point.lo[0] + 1;
                    fill_row(c, &point, component, y, z, point.lo[0], view, step);
                }
            }
}

void pel_boundary_fill(const slot *s, const pel_box *part, const pel_view *view, const pel_step *step)
{
    const pel_field *field = s->args[0].field;
    const pel_grid *grid = pel_field_grid(field);
    for (int side = 0; side < 2; side++) {
        const pel_box box = pel_box_intersect(pel_boundary_side(s, side), *part);
        if (pel_box_is_empty(box)) continue;
        if (pel_grid_is_periodic(grid, s->dimension)) {
            const int n = pel_grid_cells(grid, s->dimension);
            fill_image(s, &box, side == 0 ? n : -n, view);
            continue;
        }
        const condition c = prepare(s, side);
        if (c.boundary->kind != PEL_BOUNDARY_NONE) fill_condition(s, &c, &box, view, step);
    }
}

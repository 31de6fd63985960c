/* Coordinates by the conventions of CF 1.10, section 4: units, axis, and a standard name where the table has one
 * (lengths along x and y of a plane; nothing fits a bare z). Of dimensions with names of their own only those along z,
 * layers, are an axis of space. */
#include "sim/coordinates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const char letters[3] = {'x', 'y', 'z'};

bool pel_coordinates_has(const pel_field *field, int d)
{
    return d < pel_grid_dimensions(pel_field_grid(field)) && pel_field_spec_of(field)->along & 1u << d;
}

static bool is_face(const pel_field *field, int d)
{
    return pel_field_spec_of(field)->centring & 1u << d;
}

pel_points pel_coordinates_points(const pel_field *field, int d, const pel_extract *extract)
{
    const pel_box all = pel_field_points(field);
    pel_points points = {.first = all.lo[d], .stride = extract->stride[d] > 0 ? extract->stride[d] : 1};
    int end = all.hi[d];
    if (extract->grid && pel_field_grid(field) != extract->grid)
        return (pel_points){.first = all.lo[d], .count = end - all.lo[d], .stride = 1};
    if (pel_coordinates_has(field, d) && extract->cells.hi[d] > 0) {
        points.first = extract->cells.lo[d];
        end = extract->cells.hi[d] + is_face(field, d);
        if (end > all.hi[d]) end = all.hi[d];
    }
    points.count = (end - points.first + points.stride - 1) / points.stride;
    return points;
}

void pel_coordinates_name(const pel_field *field, int d, char name[PEL_COORDINATES_NAME])
{
    const pel_grid *grid = pel_field_grid(field);
    const char *prefix = pel_grid_name(grid), *axis = pel_grid_axis(grid, d), *face = is_face(field, d) ? "_face" : "";
    if (axis) snprintf(name, PEL_COORDINATES_NAME, "%s%s", axis, face);
    else snprintf(name, PEL_COORDINATES_NAME, "%s%s%c%s", prefix, *prefix ? "_" : "", letters[d], face);
}

static double coordinate(const pel_field *field, int d, int i)
{
    const pel_grid *grid = pel_field_grid(field);
    return is_face(field, d) ? pel_grid_face(grid, d, i) : pel_grid_centre(grid, d, i);
}

/* The coordinates of the stored points, for free(). */
static pel_status find_values(const pel_field *field, int d, pel_points points, double **values)
{
    PEL_TRY(pel_memory_new((size_t)points.count, sizeof **values, values));
    for (int i = 0; i < points.count; i++) (*values)[i] = coordinate(field, d, points.first + i * points.stride);
    return PEL_OK;
}

/* Of a dimension with a name of its own. */
static pel_status describe_named(pel_file *file, const char *name, const pel_field *field, int d)
{
    const pel_grid *grid = pel_field_grid(field);
    PEL_TRY(pel_file_put_text(file, name, "long_name", pel_grid_axis(grid, d)));
    PEL_TRY(pel_file_put_text(file, name, "units", pel_grid_axis_unit(grid, d)));
    return d == 2 ? pel_file_put_text(file, name, "axis", "Z") : PEL_OK;
}

static pel_status describe(pel_file *file, const char *name, const pel_field *field, int d)
{
    const char *unit = pel_grid_axis_unit(pel_field_grid(field), d);
    char text[64];
    if (pel_grid_axis(pel_field_grid(field), d)) return describe_named(file, name, field, d);
    snprintf(text, sizeof text, "%c coordinate of cell %s", letters[d], is_face(field, d) ? "faces" : "centres");
    PEL_TRY(pel_file_put_text(file, name, "long_name", text));
    PEL_TRY(pel_file_put_text(file, name, "units", unit));
    snprintf(text, sizeof text, "%c", letters[d] - 'x' + 'X');
    PEL_TRY(pel_file_put_text(file, name, "axis", text));
    if (d == 2) return pel_file_put_text(file, name, "positive", "up");
    if (strcmp(unit, "1") == 0) return PEL_OK; /* the standard names are of lengths */
    snprintf(text, sizeof text, "projection_%c_coordinate", letters[d]);
    return pel_file_put_text(file, name, "standard_name", text);
}

bool pel_coordinates_clash(const pel_field *field, int d, const pel_field *other, int e, const pel_extract *extract)
{
    char name[PEL_COORDINATES_NAME], another[PEL_COORDINATES_NAME];
    pel_coordinates_name(field, d, name);
    pel_coordinates_name(other, e, another);
    if (strcmp(name, another) != 0) return false;
    const pel_points a = pel_coordinates_points(field, d, extract), b = pel_coordinates_points(other, e, extract);
    if (a.count != b.count) return true;
    for (int i = 0; i < a.count; i++)
        if (coordinate(field, d, a.first + i * a.stride) != coordinate(other, e, b.first + i * b.stride)) return true;
    return false;
}

pel_status pel_coordinates_define(pel_file *file, const pel_field *field, int d, const pel_extract *extract)
{
    char name[PEL_COORDINATES_NAME];
    pel_coordinates_name(field, d, name);
    if (pel_file_has(file, name)) return PEL_OK;
    const pel_points points = pel_coordinates_points(field, d, extract);
    double *values = NULL;
    PEL_TRY(find_values(field, d, points, &values));
    pel_status status = pel_file_define_dimension(file, name, points.count, values);
    if (status == PEL_OK) status = describe(file, name, field, d);
    free(values);
    return status;
}

static pel_status differs(const pel_file *file, const char *name)
{
    return pel_fail(PEL_ERR_MISMATCH, "%s: the dimension %s is another than the deck's", pel_file_path(file), name);
}

pel_status pel_coordinates_check(const pel_file *file, const pel_field *field, int d, const pel_extract *extract)
{
    char name[PEL_COORDINATES_NAME];
    pel_coordinates_name(field, d, name);
    const pel_points points = pel_coordinates_points(field, d, extract);
    int rank = 0;
    long shape[5] = {0};
    if (pel_file_array_info(file, name, NULL, &rank, shape) != PEL_OK || rank != 1 || shape[0] != points.count)
        return differs(file, name);
    double *values = NULL, *stored = NULL;
    pel_status status = find_values(field, d, points, &values);
    if (status == PEL_OK) status = pel_memory_new((size_t)points.count, sizeof *stored, &stored);
    if (status == PEL_OK) status = pel_file_read_box(file, name, PEL_IO_DOUBLE, (long[]){0}, shape, stored);
    if (status == PEL_OK && memcmp(values, stored, (size_t)points.count * sizeof *values) != 0)
        status = differs(file, name);
    free(stored);
    free(values);
    return status;
}

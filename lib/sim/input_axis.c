/* Coordinates of foreign files. Points may lie outside the file's range by half of its last cell, where the nearest value
 * serves; along a periodic dimension, values that span just one period are joined at their ends. */
#include "sim/input_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "deck/units.h"
#include "io/scale.h"
#include "sim/calendar.h"

static const double snap = 1e-9; /* of a cell of the file: rounding of coordinates, not a distance */

/* ---- coordinates ---- */

/* A dimension of netCDF without a variable is a scale too, of meaningless values; its title says so (netCDF-4 format). */
static bool is_empty_scale(const pel_file *file, const char *scale)
{
    char *title = NULL;
    if (!pel_file_has_attribute(file, scale, "NAME") || pel_file_get_text(file, scale, "NAME", &title) != PEL_OK) return false;
    const bool is_empty = strncmp(title, "This is a netCDF dimension but not a netCDF variable", 52) == 0;
    free(title);
    return is_empty;
}

/* The coordinates along a dimension of the array, and their scale's name; both NULL where there are none. For free(). */
static pel_status read_coordinates(const pel_file *file, const char *array, int at, long length, char **scale, double **values)
{
    char *name = NULL;
    PEL_TRY(pel_file_scale(file, array, at, &name));
    int rank = 0;
    long shape[5] = {0};
    if (!name || is_empty_scale(file, name) || pel_file_array_info(file, name, NULL, &rank, shape) != PEL_OK || rank != 1 ||
        shape[0] != length) {
        free(name);
        return PEL_OK;
    }
    pel_status status = pel_memory_new((size_t)length, sizeof **values, values);
    if (status == PEL_OK) status = pel_file_read_box(file, name, PEL_IO_DOUBLE, (long[]){0}, &length, *values);
    if (status == PEL_OK) {
        *scale = name;
        return PEL_OK;
    }
    free(*values);
    *values = NULL;
    free(name);
    return status;
}

static pel_status get_unit(const pel_file *file, const char *scale, char **unit)
{
    *unit = NULL;
    return pel_file_has_attribute(file, scale, "units") ? pel_file_get_text(file, scale, "units", unit) : PEL_OK;
}

static pel_status convert_lengths(const pel_file *file, const char *scale, const char *wanted, long count, double *values)
{
    char *unit = NULL;
    PEL_TRY(get_unit(file, scale, &unit));
    pel_status status = PEL_OK;
    for (long i = 0; unit && strcmp(unit, wanted) != 0 && status == PEL_OK && i < count; i++)
        status = pel_units_convert(values[i], unit, wanted, &values[i]);
    free(unit);
    return status == PEL_OK ? PEL_OK : pel_fail_within(status, "%s: the coordinate %s: ", pel_file_path(file), scale);
}

/* +1 rising, -1 falling, 0 neither. */
static int direction(const double *values, long count)
{
    int sign = count > 1 && values[1] < values[0] ? -1 : 1;
    for (long i = 1; i < count; i++)
        if (!(sign * (values[i] - values[i - 1]) > 0)) return 0;
    return isfinite(values[0]) && isfinite(values[count - 1]) ? sign : 0;
}

static pel_status check_direction(const pel_file *file, const char *scale, int sign)
{
    if (sign) return PEL_OK;
    return pel_fail(PEL_ERR_MISMATCH, "%s: the coordinate %s neither rises nor falls throughout; sort the file", pel_file_path(file),
                    scale);
}

/* ---- points ---- */

static pel_status new_axis(long length, int count, pel_axis *axis)
{
    axis->length = length;
    axis->count = count;
    PEL_TRY(pel_memory_new((size_t)count, sizeof *axis->low, &axis->low));
    PEL_TRY(pel_memory_new((size_t)count, sizeof *axis->high, &axis->high));
    return pel_memory_new((size_t)count, sizeof *axis->weight, &axis->weight);
}

pel_status pel_axis_make_single(pel_axis *axis)
{
    axis->is_single = true;
    return new_axis(1, 1, axis);
}

void pel_axis_free(pel_axis *axis)
{
    free(axis->low);
    free(axis->high);
    free(axis->weight);
    *axis = (pel_axis){0};
}

/* Coordinates in rising order, whichever way they stand in the file. */
typedef struct ruler {
    const double *values;
    long count;
    bool is_falling;
    double period; /* 0: not periodic, or the values do not span one period */
} ruler;

static long stored_index(const ruler *r, long i)
{
    return r->is_falling ? r->count - 1 - i : i;
}

static double value_at(const ruler *r, long i)
{
    return r->values[stored_index(r, i)];
}

static void set_point(pel_axis *axis, int i, long low, long high, double weight)
{
    if (weight > 1 - snap) low = high, weight = 0;
    if (weight < snap) high = low, weight = 0;
    axis->low[i] = low, axis->high[i] = high, axis->weight[i] = weight;
}

/* The last value at or below `at`; the values at the ends are on both sides. */
static long find_interval(const ruler *r, double at)
{
    long low = 0, high = r->count - 1;
    while (high - low > 1) {
        const long middle = (low + high) / 2;
        if (value_at(r, middle) <= at) low = middle;
        else high = middle;
    }
    return low;
}

/* Places point i beyond the ends of the file. @return whether it is near enough */
static bool place_outside(pel_axis *axis, const ruler *r, int i, double at)
{
    const long last = r->count - 1;
    const bool is_below = at < value_at(r, 0);
    if (r->period > 0) {
        const double low = value_at(r, last) - (is_below ? r->period : 0), high = value_at(r, 0) + (is_below ? 0 : r->period);
        set_point(axis, i, stored_index(r, last), stored_index(r, 0), (at - low) / (high - low));
        return true;
    }
    const double half = is_below ? value_at(r, 1) - value_at(r, 0) : value_at(r, last) - value_at(r, last - 1);
    const double distance = is_below ? value_at(r, 0) - at : at - value_at(r, last);
    const long nearest = stored_index(r, is_below ? 0 : last);
    set_point(axis, i, nearest, nearest, 0);
    return distance <= half * (0.5 + snap);
}

static bool place(pel_axis *axis, const ruler *r, int i, double at)
{
    if (r->count == 1) {
        set_point(axis, i, 0, 0, 0);
        return true;
    }
    if (at < value_at(r, 0) || at > value_at(r, r->count - 1)) return place_outside(axis, r, i, at);
    const long low = find_interval(r, at);
    const double a = value_at(r, low), b = value_at(r, low + 1);
    set_point(axis, i, stored_index(r, low), stored_index(r, low + 1), (at - a) / (b - a));
    return true;
}

static double coordinate(const pel_field *field, int d, int i)
{
    const pel_grid *grid = pel_field_grid(field);
    return pel_field_has_face(field, d) ? pel_grid_face(grid, d, i) : pel_grid_centre(grid, d, i);
}

static ruler make_ruler(const pel_field *field, int d, const double *values, long count, int sign)
{
    ruler r = {.values = values, .count = count, .is_falling = sign < 0};
    const pel_grid *grid = pel_field_grid(field);
    if (count < 2 || !pel_grid_is_periodic(grid, d)) return r;
    const double period = pel_grid_cells(grid, d) * pel_grid_spacing(grid, d), cell = value_at(&r, 1) - value_at(&r, 0);
    const double spanned = value_at(&r, count - 1) - value_at(&r, 0) + cell;
    if (fabs(spanned - period) < 1e-6 * period) r.period = period;
    return r;
}

static pel_status place_points(const pel_file *file, const char *array, const char *scale, const ruler *r, const pel_field *field,
                               int d, pel_axis *axis)
{
    const char *unit = pel_grid_length_unit(pel_field_grid(field));
    for (int i = 0; i < axis->count; i++) {
        if (place(axis, r, i, coordinate(field, d, i))) continue;
        return pel_fail(PEL_ERR_MISMATCH,
                        "%s: %s covers %s = %g to %g %s, but the field %s has points from %g to %g %s; a file must reach to within "
                        "half of its cell of every point",
                        pel_file_path(file), array, scale, value_at(r, 0), value_at(r, r->count - 1), unit, pel_field_name(field),
                        coordinate(field, d, 0), coordinate(field, d, axis->count - 1), unit);
    }
    return PEL_OK;
}

/* Whole numbers are not interpolated: the nearer value counts. */
static void round_weights(pel_axis *axis)
{
    for (int i = 0; i < axis->count; i++) set_point(axis, i, axis->low[i], axis->high[i], axis->weight[i] < 0.5 ? 0 : 1);
}

static pel_status place_by_index(long length, pel_axis *axis)
{
    if (length != axis->count) return PEL_ERR_NAME;
    for (int i = 0; i < axis->count; i++) set_point(axis, i, i, i, 0);
    return PEL_OK;
}

static pel_status place_by_coordinates(const pel_file *file, const char *array, const char *scale, double *values,
                                       const pel_field *field, int d, pel_axis *axis)
{
    PEL_TRY(convert_lengths(file, scale, pel_grid_length_unit(pel_field_grid(field)), axis->length, values));
    const int sign = direction(values, axis->length);
    PEL_TRY(check_direction(file, scale, sign));
    const ruler r = make_ruler(field, d, values, axis->length, sign);
    axis->is_falling = r.is_falling;
    PEL_TRY(place_points(file, array, scale, &r, field, d, axis));
    const pel_type type = pel_field_spec_of(field)->type;
    if (type == PEL_INT32 || type == PEL_INT64) round_weights(axis);
    return PEL_OK;
}

pel_status pel_axis_make(const pel_file *file, const char *array, int at, long length, const pel_field *field, int d,
                         pel_axis *axis)
{
    const pel_box points = pel_field_points(field);
    char *scale = NULL;
    double *values = NULL;
    PEL_TRY(new_axis(length, points.hi[d] - points.lo[d], axis));
    PEL_TRY(read_coordinates(file, array, at, length, &scale, &values));
    const pel_status status = values ? place_by_coordinates(file, array, scale, values, field, d, axis) : place_by_index(length, axis);
    free(values);
    free(scale);
    return status;
}

/* ---- time ---- */

static void warn_of_calendar(const pel_file *file, const char *scale, const char *calendar)
{
    char *there = NULL;
    if (!pel_file_has_attribute(file, scale, "calendar") || pel_file_get_text(file, scale, "calendar", &there) != PEL_OK) return;
    if (!pel_calendar_is_same(there, calendar))
        pel_log_warning("%s: %s is in the calendar %s, the run in %s; its days are counted as they are", pel_file_path(file), scale,
                        there, calendar);
    free(there);
}

static pel_status convert_times(const pel_file *file, const char *scale, long count, const char *calendar, const char *reference,
                                double *times)
{
    char *unit = NULL;
    double factor = 1, offset = 0;
    PEL_TRY(check_direction(file, scale, direction(times, count) > 0));
    PEL_TRY(get_unit(file, scale, &unit));
    const pel_status status = unit ? pel_calendar_axis(unit, calendar, reference, &factor, &offset) : PEL_OK;
    free(unit);
    if (status != PEL_OK) return pel_fail_within(status, "%s: the units of %s: ", pel_file_path(file), scale);
    for (long i = 0; i < count; i++) times[i] = factor * times[i] + offset;
    warn_of_calendar(file, scale, calendar);
    return PEL_OK;
}

pel_status pel_axis_times(const pel_file *file, const char *array, long count, const char *calendar, const char *reference,
                          double *times)
{
    char *scale = NULL;
    double *values = NULL;
    if (count == 1) return PEL_OK;
    PEL_TRY(read_coordinates(file, array, 0, count, &scale, &values));
    if (!values)
        return pel_fail(PEL_ERR_MISMATCH, "%s: %s has %ld records, but the file does not say at what times; add a coordinate of time",
                        pel_file_path(file), array, count);
    const pel_status status = convert_times(file, scale, count, calendar, reference, values);
    if (status == PEL_OK) memcpy(times, values, (size_t)count * sizeof *times);
    free(values);
    free(scale);
    return status;
}

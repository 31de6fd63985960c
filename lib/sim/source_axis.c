/* Coordinates of foreign files. Points may lie outside the file's range by half of its last cell, where the nearest
 * value serves; along a periodic dimension, values that span just one period are joined at their ends. */
#include "sim/source_axis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "deck/units.h"
#include "sim/calendar.h"

static const double snap = 1e-9; /* of a cell of the file: rounding of coordinates, not a distance */

/* ---- coordinates ---- */

/* A copy of the coordinates in the grid's unit, for free(). */
static pel_status copy_lengths(const pel_input_dimension *dimension, const char *wanted, double **copy)
{
    double *values = NULL;
    PEL_TRY(pel_memory_new((size_t)dimension->length, sizeof *values, &values));
    memcpy(values, dimension->coordinates, (size_t)dimension->length * sizeof *values);
    const bool is_other = *dimension->units && strcmp(dimension->units, wanted) != 0;
    pel_status status = PEL_OK;
    for (long i = 0; is_other && status == PEL_OK && i < dimension->length; i++)
        status = pel_units_convert(values[i], dimension->units, wanted, &values[i]);
    if (status == PEL_OK) *copy = values;
    else free(values);
    return status == PEL_OK ? PEL_OK : pel_fail_within(status, "coordinate %s: ", dimension->name);
}

/* +1 rising, -1 falling, 0 neither. */
static int direction(const double *values, long count)
{
    int sign = count > 1 && values[1] < values[0] ? -1 : 1;
    for (long i = 1; i < count; i++)
        if (!(sign * (values[i] - values[i - 1]) > 0)) return 0;
    return isfinite(values[0]) && isfinite(values[count - 1]) ? sign : 0;
}

static pel_status fail_direction(const pel_input_dimension *dimension, const char *needed)
{
    return pel_fail(PEL_ERR_MISMATCH, "the coordinate %s must %s throughout; sort the file", dimension->name, needed);
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
        const double low = value_at(r, last) - (is_below ? r->period : 0),
                     high = value_at(r, 0) + (is_below ? 0 : r->period);
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

static pel_status place_points(const pel_input_dimension *dimension, const ruler *r, const pel_field *field, int d,
                               pel_axis *axis)
{
    const char *unit = pel_grid_length_unit(pel_field_grid(field));
    for (int i = 0; i < axis->count; i++) {
        if (place(axis, r, i, coordinate(field, d, i))) continue;
        return pel_fail(PEL_ERR_MISMATCH,
                        "the file covers %s = %g to %g %s, but the field %s has points from %g to %g %s; it must reach "
                        "to within half "
                        "of its cell of every point",
                        dimension->name, value_at(r, 0), value_at(r, r->count - 1), unit, pel_field_name(field),
                        coordinate(field, d, 0), coordinate(field, d, axis->count - 1), unit);
    }
    return PEL_OK;
}

/* Whole numbers are not interpolated: the nearer value counts. */
static void round_weights(pel_axis *axis)
{
    for (int i = 0; i < axis->count; i++)
        set_point(axis, i, axis->low[i], axis->high[i], axis->weight[i] < 0.5 ? 0 : 1);
}

static pel_status place_by_index(pel_axis *axis)
{
    if (axis->length != axis->count) return PEL_ERR_NAME;
    for (int i = 0; i < axis->count; i++) set_point(axis, i, i, i, 0);
    return PEL_OK;
}

static pel_status place_by_coordinates(const pel_input_dimension *dimension, const pel_field *field, int d,
                                       pel_axis *axis)
{
    double *values = NULL;
    PEL_TRY(copy_lengths(dimension, pel_grid_length_unit(pel_field_grid(field)), &values));
    const int sign = direction(values, axis->length);
    const ruler r = make_ruler(field, d, values, axis->length, sign);
    axis->is_falling = r.is_falling;
    const pel_status status =
        sign ? place_points(dimension, &r, field, d, axis) : fail_direction(dimension, "rise or fall");
    free(values);
    const pel_type type = pel_field_spec_of(field)->type;
    if (status == PEL_OK && (type == PEL_INT32 || type == PEL_INT64)) round_weights(axis);
    return status;
}

pel_status pel_axis_make(const pel_input_dimension *dimension, const pel_field *field, int d, pel_axis *axis)
{
    const pel_box points = pel_field_points(field);
    PEL_TRY(new_axis(dimension->length, points.hi[d] - points.lo[d], axis));
    return dimension->coordinates ? place_by_coordinates(dimension, field, d, axis) : place_by_index(axis);
}

/* ---- time ---- */

pel_status pel_axis_times(const pel_input_dimension *dimension, const char *calendar, const char *reference,
                          double *times)
{
    double factor = 1, offset = 0;
    if (!dimension->coordinates)
        return pel_fail(PEL_ERR_MISMATCH,
                        "there are %ld records, but the file does not say at what times; add a coordinate of time",
                        dimension->length);
    if (direction(dimension->coordinates, dimension->length) <= 0) return fail_direction(dimension, "rise");
    const char *units = *dimension->units ? dimension->units : "s";
    const pel_status status = pel_calendar_axis(units, calendar, reference, &factor, &offset);
    if (status != PEL_OK) return pel_fail_within(status, "units of %s: ", dimension->name);
    for (long i = 0; i < dimension->length; i++) times[i] = factor * dimension->coordinates[i] + offset;
    if (*dimension->calendar && !pel_calendar_is_same(dimension->calendar, calendar))
        pel_log_warning(
            "the times of a forcing file are in the calendar %s, the run in %s; its days are counted as they are",
            dimension->calendar, calendar);
    return PEL_OK;
}

/* From arrays of foreign files to fields. Along each dimension the points of the field know their two neighbours in the
 * file and a weight; rows of the file go through two windows of at most WINDOW_BYTES, one for each of the two planes in
 * z that a point lies between. */
#include "sim/source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "deck/units.h"
#include "io/input.h"
#include "sim/source_axis.h"

enum { WINDOW_BYTES = 8 << 20, MOST_RANK = 5 };

/* Rows [first, first + count) of one plane of the file. */
typedef struct window {
    long plane, first, count;
    double *values;
} window;

struct pel_source {
    pel_input *input;
    char *path, *variable;
    bool has_time;
    long records;
    double *times; /* NULL where nothing depends on time */
    pel_axis axes[3];
    double factor, offset; /* from the file's unit to the field's */
    window windows[2];
    long most_rows; /* of a window */
    long record;    /* that the windows hold */
};

/* ---- opening ---- */

static bool lies_along(const pel_field *field, int d)
{
    return d < pel_grid_dimensions(pel_field_grid(field)) && pel_field_spec_of(field)->along & 1u << d;
}

static int dimensions_of(const pel_field *field)
{
    return lies_along(field, 0) + lies_along(field, 1) + lies_along(field, 2);
}

/* "20 x 30": of the array, and of the field, slowest first. */
static void add_shapes(const pel_source *source, const pel_field *field, pel_text *there, pel_text *wanted)
{
    const pel_box points = pel_field_points(field);
    const int rank = pel_input_rank(source->input);
    for (int k = 0; k < rank; k++)
        pel_text_add(there, "%s%ld", k ? " x " : "", pel_input_dimension_get(source->input, k)->length);
    for (int d = 2; d >= 0; d--)
        if (lies_along(field, d))
            pel_text_add(wanted, "%s%d", wanted->length ? " x " : "", points.hi[d] - points.lo[d]);
}

static pel_status wrong_shape(const pel_source *source, const pel_field *field)
{
    pel_text there = {0}, wanted = {0};
    add_shapes(source, field, &there, &wanted);
    const pel_status status = pel_fail(PEL_ERR_MISMATCH,
                                       "its shape is [%s] (slowest first), but the field %s has [%s] points; give it "
                                       "these dimensions (and one of time before "
                                       "them, if it varies), with coordinates if their lengths differ",
                                       pel_text_get(&there), pel_field_name(field), pel_text_get(&wanted));
    pel_text_free(&there);
    pel_text_free(&wanted);
    return status;
}

static pel_status find_shape(pel_source *source, const pel_field *field)
{
    const int rank = pel_input_rank(source->input), spatial = dimensions_of(field);
    source->has_time = rank == spatial + 1;
    source->records = source->has_time ? pel_input_dimension_get(source->input, 0)->length : 1;
    return rank < spatial || rank > spatial + 1 || source->records < 1 ? wrong_shape(source, field) : PEL_OK;
}

static pel_status find_unit(pel_source *source, const pel_field *field)
{
    const char *there = pel_input_units(source->input), *wanted = pel_field_spec_of(field)->units;
    double zero = 0, one = 1;
    if (*there && strcmp(there, wanted) != 0) {
        pel_status status = pel_units_convert(0, there, wanted, &zero);
        if (status == PEL_OK) status = pel_units_convert(1, there, wanted, &one);
        if (status != PEL_OK) return pel_fail_within(status, "its units: ");
    }
    source->factor = one - zero;
    source->offset = zero;
    return PEL_OK;
}

static pel_status make_axes(pel_source *source, const pel_field *field)
{
    int at = source->has_time;
    for (int d = 2; d >= 0; d--) {
        if (!lies_along(field, d)) {
            PEL_TRY(pel_axis_make_single(&source->axes[d]));
            continue;
        }
        const pel_status status =
            pel_axis_make(pel_input_dimension_get(source->input, at++), field, d, &source->axes[d]);
        if (status == PEL_ERR_NAME) return wrong_shape(source, field);
        PEL_TRY(status);
    }
    return PEL_OK;
}

static pel_status make_times(pel_source *source, const pel_source_spec *spec)
{
    if (source->records < 2) return PEL_OK;
    PEL_TRY(pel_memory_new((size_t)source->records, sizeof *source->times, &source->times));
    return pel_axis_times(pel_input_dimension_get(source->input, 0), spec->calendar, spec->reference, source->times);
}

static pel_status set_up(pel_source *source, const pel_source_spec *spec, const pel_field *field)
{
    PEL_TRY(pel_text_copy(spec->path, &source->path));
    PEL_TRY(pel_text_copy(spec->variable, &source->variable));
    PEL_TRY(pel_input_open(spec->path, spec->variable, &source->input));
    pel_status status = find_shape(source, field);
    if (status == PEL_OK) status = find_unit(source, field);
    if (status == PEL_OK) status = make_axes(source, field);
    if (status == PEL_OK) status = make_times(source, spec);
    return status == PEL_OK ? PEL_OK : pel_fail_within(status, "%s: %s: ", spec->path, spec->variable);
}

pel_status pel_source_open(const pel_source_spec *spec, const pel_field *field, pel_source **source)
{
    if (pel_field_spec_of(field)->components != 1 || pel_field_spec_of(field)->type == PEL_COMPLEX)
        return pel_fail(PEL_ERR_ARGUMENT, "the field %s has several components and cannot come from a file",
                        pel_field_name(field));
    pel_source *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = set_up(fresh, spec, field);
    if (status == PEL_OK) *source = fresh;
    else pel_source_close(fresh);
    return status;
}

static void free_windows(pel_source *source)
{
    for (int i = 0; i < 2; i++) {
        free(source->windows[i].values);
        source->windows[i] = (window){0};
    }
}

void pel_source_close(pel_source *source)
{
    if (!source) return;
    free_windows(source);
    for (int d = 0; d < 3; d++) pel_axis_free(&source->axes[d]);
    free(source->times);
    pel_input_close(source->input);
    free(source->path);
    free(source->variable);
    free(source);
}

long pel_source_records(const pel_source *source)
{
    return source->records;
}

double pel_source_time(const pel_source *source, long record)
{
    return source->times ? source->times[record] : 0;
}

/* ---- reading ---- */

static pel_status make_windows(pel_source *source)
{
    const long nx = source->axes[0].length, ny = source->axes[1].length;
    const long fit = WINDOW_BYTES / (8 * nx) > 3 ? WINDOW_BYTES / (8 * nx) : 3;
    source->most_rows = ny < fit ? ny : fit;
    for (int i = 0; i < 2; i++)
        PEL_TRY(pel_memory_new((size_t)(source->most_rows * nx), sizeof(double), &source->windows[i].values));
    return PEL_OK;
}

/* Reads rows around `row` of `plane`: ahead in the direction in which the field's rows use them, and one behind. */
static pel_status fill_window(pel_source *source, window *w, long plane, long row)
{
    const long nx = source->axes[0].length, ny = source->axes[1].length;
    long first = source->axes[1].is_falling ? row + 2 - source->most_rows : row - 1;
    if (first > ny - source->most_rows) first = ny - source->most_rows;
    if (first < 0) first = 0;
    *w = (window){.plane = plane, .first = first, .count = source->most_rows, .values = w->values};
    const long lows[3] = {0, first, plane}, counts[3] = {nx, w->count, 1};
    long start[MOST_RANK] = {source->record}, count[MOST_RANK] = {1};
    int rank = source->has_time;
    for (int d = 2; d >= 0; d--) {
        if (source->axes[d].is_single) continue;
        start[rank] = lows[d];
        count[rank++] = counts[d];
    }
    return pel_input_read(source->input, start, count, w->values);
}

static pel_status find_row(pel_source *source, int slot, long plane, long row, const double **values)
{
    window *w = &source->windows[slot];
    if (w->count == 0 || w->plane != plane || row < w->first || row >= w->first + w->count)
        PEL_TRY(fill_window(source, w, plane, row));
    *values = w->values + (row - w->first) * source->axes[0].length;
    return PEL_OK;
}

/* A value that the model cannot use: missing, or infinite. */
static pel_status unusable(const pel_source *source, double value, long x, long y, long z)
{
    pel_text place = {0};
    const long at[3] = {x, y, z};
    if (source->has_time) pel_text_add(&place, "%ld, ", source->record);
    for (int d = 2; d >= 0; d--)
        if (!source->axes[d].is_single) pel_text_add(&place, "%ld%s", at[d], d ? ", " : "");
    const pel_status status =
        pel_fail(PEL_ERR_MISMATCH, "%s: %s[%s] is %s, and the model needs one there; fill it in the file", source->path,
                 source->variable, pel_text_get(&place), isnan(value) ? "a missing value" : "no finite value");
    pel_text_free(&place);
    return status;
}

static inline double between(double a, double b, double weight)
{
    return weight == 0 ? a : a + weight * (b - a);
}

/* One row of the file at the field's points in x. */
static pel_status interpolate_row(pel_source *source, int slot, long plane, long row, double *result)
{
    const pel_axis *x = &source->axes[0];
    const double *from = NULL;
    PEL_TRY(find_row(source, slot, plane, row, &from));
    for (int i = 0; i < x->count; i++) {
        const double a = from[x->low[i]], b = from[x->high[i]];
        if (!isfinite(a)) return unusable(source, a, x->low[i], row, plane);
        if (x->weight[i] != 0 && !isfinite(b)) return unusable(source, b, x->high[i], row, plane);
        result[i] = between(a, b, x->weight[i]);
    }
    return PEL_OK;
}

/* Rows of the field on their way: those at the neighbours in y of each of the neighbours in z. */
typedef struct rows {
    double *at[2][2]; /* [z][y] */
    double *result;
} rows;

static pel_status interpolate_point_row(pel_source *source, int y, int z, rows *r)
{
    const pel_axis *ay = &source->axes[1], *az = &source->axes[2];
    const double wy = ay->weight[y], wz = az->weight[z];
    const long planes[2] = {az->low[z], az->high[z]}, lines[2] = {ay->low[y], ay->high[y]};
    for (int k = 0; k < 1 + (wz != 0); k++)
        for (int j = 0; j < 1 + (wy != 0); j++) PEL_TRY(interpolate_row(source, k, planes[k], lines[j], r->at[k][j]));
    for (int i = 0; i < source->axes[0].count; i++) {
        const double low = between(r->at[0][0][i], r->at[0][1][i], wy),
                     high = between(r->at[1][0][i], r->at[1][1][i], wy);
        r->result[i] = between(low, high, wz);
    }
    if (source->factor == 1 && source->offset == 0) return PEL_OK;
    for (int i = 0; i < source->axes[0].count; i++) r->result[i] = source->factor * r->result[i] + source->offset;
    return PEL_OK;
}

/* Stores a row of doubles in the type of the field. */
static void put_row(pel_field *field, pel_box box, const double *values, void *converted)
{
    const int n = box.hi[0] - box.lo[0];
    switch (pel_field_spec_of(field)->type) {
    case PEL_FLOAT:
        for (int i = 0; i < n; i++) ((float *)converted)[i] = (float)values[i];
        break;
    case PEL_INT32:
        for (int i = 0; i < n; i++) ((int32_t *)converted)[i] = (int32_t)lrint(values[i]);
        break;
    case PEL_INT64:
        for (int i = 0; i < n; i++) ((int64_t *)converted)[i] = (int64_t)llrint(values[i]);
        break;
    default:
        memcpy(converted, values, (size_t)n * sizeof *values);
        break;
    }
    pel_field_put(field, 0, 0, box, converted);
}

static pel_status read_rows(pel_source *source, pel_field *field, rows *r, double *converted)
{
    const pel_box owned = pel_field_owned(field);
    for (int z = owned.lo[2]; z < owned.hi[2]; z++) {
        for (int y = owned.lo[1]; y < owned.hi[1]; y++) {
            PEL_TRY(interpolate_point_row(source, y, z, r));
            const pel_box box = {{owned.lo[0], y, z}, {owned.hi[0], y + 1, z + 1}};
            put_row(field, box, r->result + owned.lo[0], converted);
        }
    }
    return PEL_OK;
}

pel_status pel_source_read(pel_source *source, long record, pel_field *field)
{
    const size_t n = (size_t)source->axes[0].count;
    double *memory = NULL;
    PEL_TRY(pel_memory_new(6 * n, sizeof *memory, &memory));
    rows r = {{{memory, memory + n}, {memory + 2 * n, memory + 3 * n}}, memory + 4 * n};
    pel_status status = make_windows(source);
    source->record = record;
    if (status == PEL_OK) status = read_rows(source, field, &r, memory + 5 * n);
    free_windows(source);
    free(memory);
    return status;
}

/* From arrays of foreign files to fields. Along each dimension the points of the field know their two neighbours in the file
 * and a weight; rows of the file go through two windows of at most WINDOW_BYTES, one for each of the two planes in z that a
 * point lies between. */
#include "sim/input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "deck/units.h"
#include "io/file.h"
#include "sim/calendar.h"
#include "sim/input_axis.h"

enum { WINDOW_BYTES = 8 << 20, MOST_RANK = 5 };

/* Rows [first, first + count) of one plane of the file, as they are there. */
typedef struct window {
    long plane, first, count;
    double *values;
} window;

struct pel_input {
    pel_file *file;
    char *variable;
    int rank;           /* of the variable */
    long shape[MOST_RANK];
    bool has_time;
    long records;
    double *times;      /* NULL where there is no time */
    pel_axis axes[3];
    double factor, offset; /* value = factor * stored + offset */
    double fill[2];     /* what stands for a missing value */
    int fills;
    window windows[2];
    long most_rows;     /* of a window */
    long record;        /* that the windows hold */
};

/* ---- opening ---- */

static bool lies_along(const pel_field *field, int d)
{
    return d < pel_grid_dimensions(pel_field_grid(field)) && pel_field_spec_of(field)->along & 1u << d;
}

static void add_shape(pel_text *text, const long *sizes, int count)
{
    for (int i = 0; i < count; i++) pel_text_add(text, "%s%ld", i ? " x " : "", sizes[i]);
    if (count == 0) pel_text_add(text, "one value");
}

/* The sizes of `field` in the order of files: z, y, x. */
static int field_shape(const pel_field *field, long sizes[3])
{
    const pel_box points = pel_field_points(field);
    int count = 0;
    for (int d = 2; d >= 0; d--)
        if (lies_along(field, d)) sizes[count++] = points.hi[d] - points.lo[d];
    return count;
}

static pel_status wrong_shape(const pel_input *input, const pel_field *field)
{
    long sizes[3];
    pel_text there = {0}, wanted = {0};
    add_shape(&there, input->shape, input->rank);
    add_shape(&wanted, sizes, field_shape(field, sizes));
    const pel_status status =
        pel_fail(PEL_ERR_MISMATCH,
                 "%s: %s is %s (slowest first), but the field %s is %s, with at most one dimension of time before it; where the file "
                 "has no coordinates to interpolate by, the numbers must be the same",
                 pel_file_path(input->file), input->variable, pel_text_get(&there), pel_field_name(field), pel_text_get(&wanted));
    pel_text_free(&there);
    pel_text_free(&wanted);
    return status;
}

static pel_status open_variable(const pel_input_source *source, const pel_field *field, pel_input *input)
{
    long sizes[3];
    PEL_TRY(pel_file_open(source->path, PEL_FILE_READ, &input->file));
    PEL_TRY(pel_text_copy(source->variable, &input->variable));
    pel_io_type type;
    PEL_TRY(pel_file_array_info(input->file, input->variable, &type, &input->rank, input->shape));
    const int spatial = field_shape(field, sizes);
    input->has_time = input->rank == spatial + 1;
    input->records = input->has_time ? input->shape[0] : 1;
    if (type == PEL_IO_COMPLEX || (input->rank != spatial && !input->has_time) || input->records < 1)
        return wrong_shape(input, field);
    return PEL_OK;
}

static void read_fills(pel_input *input)
{
    static const char *const names[] = {"_FillValue", "missing_value"};
    for (int i = 0; i < 2; i++)
        if (pel_file_has_attribute(input->file, input->variable, names[i]) &&
            pel_file_get_real(input->file, input->variable, names[i], &input->fill[input->fills]) == PEL_OK)
            input->fills++;
}

/* From what is stored to the unit of the field: packed data (CF 8.1), then the unit. */
static pel_status read_units(pel_input *input, const pel_field *field)
{
    const pel_file *file = input->file;
    input->factor = 1;
    if (pel_file_has_attribute(file, input->variable, "scale_factor"))
        PEL_TRY(pel_file_get_real(file, input->variable, "scale_factor", &input->factor));
    if (pel_file_has_attribute(file, input->variable, "add_offset"))
        PEL_TRY(pel_file_get_real(file, input->variable, "add_offset", &input->offset));
    const char *wanted = pel_field_spec_of(field)->units;
    char *unit = NULL;
    if (!pel_file_has_attribute(file, input->variable, "units")) return PEL_OK;
    PEL_TRY(pel_file_get_text(file, input->variable, "units", &unit));
    double zero = 0, one = 1;
    pel_status status = PEL_OK;
    if (strcmp(unit, wanted) != 0) {
        status = pel_units_convert(0, unit, wanted, &zero);
        if (status == PEL_OK) status = pel_units_convert(1, unit, wanted, &one);
        if (status != PEL_OK) pel_fail_within(status, "%s: units of %s: ", pel_file_path(file), input->variable);
    }
    free(unit);
    input->factor *= one - zero;
    input->offset = (one - zero) * input->offset + zero;
    return status;
}

static pel_status make_axes(pel_input *input, const pel_field *field)
{
    int at = input->has_time;
    for (int d = 2; d >= 0; d--) {
        if (!lies_along(field, d)) {
            PEL_TRY(pel_axis_make_single(&input->axes[d]));
            continue;
        }
        const pel_status status = pel_axis_make(input->file, input->variable, at, input->shape[at], field, d, &input->axes[d]);
        if (status == PEL_ERR_NAME) return wrong_shape(input, field);
        PEL_TRY(status);
        at++;
    }
    return PEL_OK;
}

static pel_status make_times(pel_input *input, const pel_input_source *source)
{
    if (!input->has_time) return PEL_OK;
    PEL_TRY(pel_memory_new((size_t)input->records, sizeof *input->times, &input->times));
    return pel_axis_times(input->file, input->variable, input->records, source->calendar, source->reference, input->times);
}

static pel_status make_windows(pel_input *input)
{
    const long nx = input->axes[0].length, ny = input->axes[1].length;
    const long fit = WINDOW_BYTES / (8 * nx) > 2 ? WINDOW_BYTES / (8 * nx) : 2;
    input->most_rows = ny < fit ? ny : fit;
    input->record = -1;
    for (int i = 0; i < 2; i++)
        PEL_TRY(pel_memory_new((size_t)(input->most_rows * nx), sizeof(double), &input->windows[i].values));
    return PEL_OK;
}

static pel_status set_up(pel_input *input, const pel_input_source *source, const pel_field *field)
{
    PEL_TRY(open_variable(source, field, input));
    read_fills(input);
    PEL_TRY(read_units(input, field));
    PEL_TRY(make_axes(input, field));
    return make_times(input, source);
}

pel_status pel_input_open(const pel_input_source *source, const pel_field *field, pel_input **input)
{
    if (pel_field_spec_of(field)->components != 1)
        return pel_fail(PEL_ERR_ARGUMENT, "the field %s has several components and cannot come from a file", pel_field_name(field));
    pel_input *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = set_up(fresh, source, field);
    if (status == PEL_OK) *input = fresh;
    else pel_input_close(fresh);
    return status;
}

static void free_windows(pel_input *input)
{
    for (int i = 0; i < 2; i++) {
        free(input->windows[i].values);
        input->windows[i] = (window){0};
    }
}

void pel_input_close(pel_input *input)
{
    if (!input) return;
    free_windows(input);
    for (int d = 0; d < 3; d++) pel_axis_free(&input->axes[d]);
    free(input->times);
    free(input->variable);
    if (input->file) pel_file_close(input->file); /* it was only read */
    free(input);
}

long pel_input_records(const pel_input *input)
{
    return input->records;
}

double pel_input_time(const pel_input *input, long record)
{
    return input->times ? input->times[record] : 0;
}

/* ---- reading ---- */

/* Reads rows around `row` of `plane`: ahead in the direction in which the field's rows use them, and one behind. */
static pel_status fill_window(pel_input *input, window *w, long plane, long row)
{
    const long nx = input->axes[0].length, ny = input->axes[1].length;
    long first = input->axes[1].is_falling ? row + 2 - input->most_rows : row - 1;
    if (first > ny - input->most_rows) first = ny - input->most_rows;
    if (first < 0) first = 0;
    *w = (window){.plane = plane, .first = first, .count = input->most_rows, .values = w->values};
    const long lows[3] = {0, first, plane}, counts[3] = {nx, w->count, 1};
    long start[MOST_RANK] = {input->record}, count[MOST_RANK] = {1};
    int rank = input->has_time;
    for (int d = 2; d >= 0; d--) {
        if (input->axes[d].is_single) continue;
        start[rank] = lows[d];
        count[rank++] = counts[d];
    }
    return pel_file_read_box(input->file, input->variable, PEL_IO_DOUBLE, start, count, w->values);
}

static pel_status find_row(pel_input *input, int slot, long plane, long row, const double **values)
{
    window *w = &input->windows[slot];
    if (w->count == 0 || w->plane != plane || row < w->first || row >= w->first + w->count)
        PEL_TRY(fill_window(input, w, plane, row));
    *values = w->values + (row - w->first) * input->axes[0].length;
    return PEL_OK;
}

static bool is_missing(const pel_input *input, double value)
{
    if (isnan(value)) return true;
    for (int i = 0; i < input->fills; i++)
        if (value == input->fill[i]) return true;
    return false;
}

static pel_status missing(const pel_input *input, long x, long y, long z)
{
    pel_text place = {0};
    const long at[3] = {x, y, z};
    if (input->has_time) pel_text_add(&place, "%ld, ", input->record);
    for (int d = 2; d >= 0; d--)
        if (!input->axes[d].is_single) pel_text_add(&place, "%ld%s", at[d], d ? ", " : "");
    const pel_status status = pel_fail(PEL_ERR_MISMATCH,
                                       "%s: %s[%s] is a missing value, and the model needs one there; fill it in the file",
                                       pel_file_path(input->file), input->variable, pel_text_get(&place));
    pel_text_free(&place);
    return status;
}

static inline double between(double a, double b, double weight)
{
    return weight == 0 ? a : a + weight * (b - a);
}

/* One row of the file at the field's points in x. */
static pel_status interpolate_row(pel_input *input, int slot, long plane, long row, double *result)
{
    const pel_axis *x = &input->axes[0];
    const double *from = NULL;
    PEL_TRY(find_row(input, slot, plane, row, &from));
    for (int i = 0; i < x->count; i++) {
        const double a = from[x->low[i]], b = from[x->high[i]];
        if (is_missing(input, a)) return missing(input, x->low[i], row, plane);
        if (x->weight[i] != 0 && is_missing(input, b)) return missing(input, x->high[i], row, plane);
        result[i] = between(a, b, x->weight[i]);
    }
    return PEL_OK;
}

/* Rows of the field on their way: those at the neighbours in y of each of the neighbours in z. */
typedef struct rows {
    double *at[2][2]; /* [z][y] */
    double *result;
} rows;

static pel_status interpolate_point_row(pel_input *input, int y, int z, rows *r)
{
    const pel_axis *ay = &input->axes[1], *az = &input->axes[2];
    const double wy = ay->weight[y], wz = az->weight[z];
    const long planes[2] = {az->low[z], az->high[z]}, lines[2] = {ay->low[y], ay->high[y]};
    for (int k = 0; k < 1 + (wz != 0); k++)
        for (int j = 0; j < 1 + (wy != 0); j++) PEL_TRY(interpolate_row(input, k, planes[k], lines[j], r->at[k][j]));
    for (int i = 0; i < input->axes[0].count; i++) {
        const double low = between(r->at[0][0][i], r->at[0][1][i], wy), high = between(r->at[1][0][i], r->at[1][1][i], wy);
        r->result[i] = between(low, high, wz);
    }
    if (input->factor == 1 && input->offset == 0) return PEL_OK;
    for (int i = 0; i < input->axes[0].count; i++) r->result[i] = input->factor * r->result[i] + input->offset;
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
    default: memcpy(converted, values, (size_t)n * sizeof *values); break;
    }
    pel_field_put(field, 0, 0, box, converted);
}

static pel_status read_rows(pel_input *input, pel_field *field, rows *r, double *converted)
{
    const pel_box owned = pel_field_owned(field);
    for (int z = owned.lo[2]; z < owned.hi[2]; z++) {
        for (int y = owned.lo[1]; y < owned.hi[1]; y++) {
            PEL_TRY(interpolate_point_row(input, y, z, r));
            const pel_box box = {{owned.lo[0], y, z}, {owned.hi[0], y + 1, z + 1}};
            put_row(field, box, r->result + owned.lo[0], converted);
        }
    }
    return PEL_OK;
}

pel_status pel_input_read(pel_input *input, long record, pel_field *field)
{
    const size_t n = (size_t)input->axes[0].count;
    double *memory = NULL;
    PEL_TRY(pel_memory_new(6 * n, sizeof *memory, &memory));
    rows r = {{{memory, memory + n}, {memory + 2 * n, memory + 3 * n}}, memory + 4 * n};
    pel_status status = make_windows(input);
    input->record = record;
    if (status == PEL_OK) status = read_rows(input, field, &r, memory + 5 * n);
    free_windows(input);
    free(memory);
    return status;
}

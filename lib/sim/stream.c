/* One growing netCDF-4 file. Large fields go through a bounce buffer of at most SLAB_BYTES, in boxes that are
 * contiguous in the file; a record is complete with pel_file_sync(), as one step. */
#include "sim/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"

enum { SLAB_BYTES = 16 << 20 };

/* ---- variables ---- */

void pel_stream_free(pel_stream *stream)
{
    for (size_t i = 0; i < stream->count; i++) {
        free(stream->variables[i].name);
        free(stream->variables[i].units);
        free(stream->variables[i].long_name);
    }
    free(stream->variables);
    free(stream->name);
    *stream = (pel_stream){0};
}

pel_status pel_stream_add(pel_stream *stream, const pel_stream_variable *variable)
{
    PEL_TRY(pel_memory_grow(&stream->variables, &stream->capacity, stream->count + 1, sizeof *variable));
    pel_stream_variable *fresh = &stream->variables[stream->count++];
    *fresh = *variable;
    fresh->name = fresh->units = fresh->long_name = NULL;
    PEL_TRY(pel_text_copy(variable->name, &fresh->name));
    PEL_TRY(pel_text_copy(variable->units, &fresh->units));
    return pel_text_copy(variable->long_name, &fresh->long_name);
}

static pel_io_type io_type(pel_type type)
{
    switch (type) {
    case PEL_FLOAT:
        return PEL_IO_FLOAT;
    case PEL_COMPLEX:
        return PEL_IO_COMPLEX;
    case PEL_INT32:
        return PEL_IO_INT32;
    case PEL_INT64:
        return PEL_IO_INT64;
    default:
        return PEL_IO_DOUBLE;
    }
}

static pel_io_type memory_type(const pel_stream_variable *variable)
{
    if (variable->table) return io_type(pel_table_column(variable->table, variable->column)->type);
    return variable->field ? io_type(pel_field_spec_of(variable->field)->type) : PEL_IO_DOUBLE;
}

/* Scalars and curves are kept as they are; they take no room. */
static bool is_array(const pel_stream_variable *variable)
{
    return variable->field || variable->table;
}

static pel_io_type file_type(const pel_stream *stream, const pel_stream_variable *variable)
{
    const pel_io_type type = memory_type(variable);
    return type == PEL_IO_DOUBLE && is_array(variable) && stream->is_single ? PEL_IO_FLOAT : type;
}

/* ---- definition ---- */

static const char *cf_calendar(const char *calendar)
{
    if (strcmp(calendar, "365_day") == 0) return "noleap";
    if (strcmp(calendar, "366_day") == 0) return "all_leap";
    return calendar;
}

/* CF 4.4 wants a date in the units of the standard name; times of atoms have none. */
static pel_status define_time_unit(pel_file *file, const pel_stream_head *head)
{
    char units[128];
    if (!head->reference) return pel_file_put_text(file, "time", "units", *head->time_unit ? head->time_unit : "1");
    snprintf(units, sizeof units, "seconds since %s", head->reference);
    PEL_TRY(pel_file_put_text(file, "time", "standard_name", "time"));
    PEL_TRY(pel_file_put_text(file, "time", "units", units));
    return pel_file_put_text(file, "time", "calendar", cf_calendar(head->calendar));
}

static pel_status define_time(pel_file *file, const pel_stream *stream, const pel_stream_head *head)
{
    PEL_TRY(pel_file_define_dimension(file, "time", 0, NULL));
    PEL_TRY(define_time_unit(file, head));
    PEL_TRY(pel_file_put_text(file, "time", "long_name", stream->has_bounds ? "end of the interval" : "model time"));
    PEL_TRY(pel_file_put_text(file, "time", "axis", "T"));
    const pel_array_spec step = {
        .name = "step", .memory_type = PEL_IO_INT64, .file_type = PEL_IO_INT64, .rank = 1, .dimensions = {"time"}};
    PEL_TRY(pel_file_define_array(file, &step));
    PEL_TRY(pel_file_put_text(file, "step", "long_name", "number of steps since the start"));
    PEL_TRY(pel_file_put_text(file, "step", "units", "1"));
    if (!stream->has_bounds) return PEL_OK;
    PEL_TRY(pel_file_put_text(file, "time", "bounds", "time_bnds"));
    PEL_TRY(pel_file_define_dimension(file, "bnds", 2, NULL));
    const pel_array_spec bounds = {.name = "time_bnds", .rank = 2, .dimensions = {"time", "bnds"}};
    return pel_file_define_array(file, &bounds);
}

/* ---- the dimension of a table ---- */

static void table_name(const pel_stream_variable *variable, char name[PEL_COORDINATES_NAME])
{
    const char *prefix = variable->component->name;
    snprintf(name, PEL_COORDINATES_NAME, "%s%s%s", prefix, *prefix ? "_" : "", pel_table_name(variable->table));
}

static uint64_t hash_ids(const pel_table *table)
{
    return pel_hash_bytes(pel_table_ids(table), (size_t)pel_table_rows(table) * sizeof(int64_t));
}

/* The ids as coordinates, for free(). */
static pel_status find_ids(const pel_table *table, double **values)
{
    const long rows = pel_table_rows(table);
    if (rows == 0)
        return pel_fail(PEL_ERR_MISMATCH,
                        "the table %s has no rows, and cannot be written with the snapshots; leave it out of tables",
                        pel_table_name(table));
    PEL_TRY(pel_memory_new((size_t)rows, sizeof **values, values));
    for (long i = 0; i < rows; i++) (*values)[i] = (double)pel_table_ids(table)[i];
    return PEL_OK;
}

static pel_status define_rows(pel_file *file, const pel_stream_variable *variable, const char *name)
{
    double *ids = NULL;
    char text[PEL_COORDINATES_NAME + 16];
    if (pel_file_has(file, name)) return PEL_OK;
    PEL_TRY(find_ids(variable->table, &ids));
    const pel_status status = pel_file_define_dimension(file, name, pel_table_rows(variable->table), ids);
    free(ids);
    PEL_TRY(status);
    snprintf(text, sizeof text, "id in %s", name);
    PEL_TRY(pel_file_put_text(file, name, "long_name", text));
    return pel_file_put_text(file, name, "units", "1");
}

/* Whether the ids in the file are those of the table now. */
static pel_status check_rows(const pel_file *file, const pel_stream_variable *variable, bool *are_same)
{
    char name[PEL_COORDINATES_NAME];
    double *ids = NULL, *stored = NULL;
    int rank = 0;
    long shape[5] = {0};
    const long start = 0;
    table_name(variable, name);
    *are_same = false;
    PEL_TRY(pel_file_array_info(file, name, NULL, &rank, shape));
    if (rank != 1 || shape[0] != pel_table_rows(variable->table)) return PEL_OK;
    PEL_TRY(find_ids(variable->table, &ids));
    pel_status status = pel_memory_new((size_t)shape[0], sizeof *stored, &stored);
    if (status == PEL_OK) status = pel_file_read_box(file, name, PEL_IO_DOUBLE, &start, shape, stored);
    *are_same = status == PEL_OK && memcmp(ids, stored, (size_t)shape[0] * sizeof *ids) == 0;
    free(stored);
    free(ids);
    return status;
}

/* ---- the dimension of curves ---- */

static const pel_curve *curve_of(const pel_stream_variable *variable)
{
    return &variable->curves->curves[variable->curve];
}

static bool lies_along_axis(const pel_stream_variable *variable)
{
    return variable->curves && !curve_of(variable)->is_number;
}

static pel_status define_axis(pel_file *file, const pel_curves *curves)
{
    if (pel_file_has(file, curves->axis)) return PEL_OK;
    PEL_TRY(pel_file_define_dimension(file, curves->axis, curves->points, curves->coordinates));
    PEL_TRY(pel_file_put_text(file, curves->axis, "long_name", curves->axis_long_name));
    return pel_file_put_text(file, curves->axis, "units", curves->axis_units);
}

static pel_status check_axis(const pel_file *file, const pel_curves *curves, bool *is_same)
{
    const size_t points = (size_t)curves->points;
    double *stored = NULL;
    int rank = 0;
    long shape[5] = {0};
    *is_same = false;
    PEL_TRY(pel_file_array_info(file, curves->axis, NULL, &rank, shape));
    if (rank != 1 || shape[0] != curves->points) return PEL_OK;
    PEL_TRY(pel_memory_new(points, sizeof *stored, &stored));
    const pel_status status = pel_file_read_box(file, curves->axis, PEL_IO_DOUBLE, (long[]){0}, shape, stored);
    *is_same = status == PEL_OK && memcmp(stored, curves->coordinates, points * sizeof *stored) == 0;
    free(stored);
    return status;
}

static pel_status define_variable(pel_file *file, const pel_stream *stream, pel_stream_variable *variable)
{
    pel_array_spec spec = {.name = variable->name,
                           .memory_type = memory_type(variable),
                           .file_type = file_type(stream, variable),
                           .rank = 1,
                           .dimensions = {"time"},
                           .deflate = is_array(variable) ? stream->deflate : 0};
    char names[3][PEL_COORDINATES_NAME];
    for (int d = 2; variable->field && d >= 0; d--) {
        if (!pel_coordinates_has(variable->field, d)) continue;
        PEL_TRY(pel_coordinates_define(file, variable->field, d, &stream->extract));
        pel_coordinates_name(variable->field, d, names[d]);
        spec.dimensions[spec.rank++] = names[d];
    }
    if (variable->table) {
        variable->ids = hash_ids(variable->table);
        table_name(variable, names[0]);
        PEL_TRY(define_rows(file, variable, names[0]));
        spec.dimensions[spec.rank++] = names[0];
    }
    if (lies_along_axis(variable)) {
        PEL_TRY(define_axis(file, variable->curves));
        spec.dimensions[spec.rank++] = variable->curves->axis;
    }
    PEL_TRY(pel_file_define_array(file, &spec));
    PEL_TRY(pel_file_put_text(file, variable->name, "long_name", variable->long_name));
    PEL_TRY(pel_file_put_text(file, variable->name, "units", variable->units));
    if (variable->standard_name)
        PEL_TRY(pel_file_put_text(file, variable->name, "standard_name", variable->standard_name));
    if (!variable->cell_methods) return PEL_OK;
    return pel_file_put_text(file, variable->name, "cell_methods", variable->cell_methods);
}

static pel_status define(pel_file *file, pel_stream *stream, const pel_stream_head *head)
{
    PEL_TRY(pel_file_put_text(file, "", "Conventions", "CF-1.10"));
    PEL_TRY(pel_file_put_text(file, "", "title", head->title));
    PEL_TRY(pel_file_put_text(file, "", "source", "Pelagos " PELAGOS_VERSION));
    PEL_TRY(define_time(file, stream, head));
    for (size_t i = 0; i < stream->count; i++) PEL_TRY(define_variable(file, stream, &stream->variables[i]));
    return pel_file_sync(file);
}

static pel_status make_path(const pel_stream *stream, const char *folder, char **path)
{
    if (asprintf(path, "%s/%s.nc", folder, stream->name) >= 0) return PEL_OK;
    return pel_fail(PEL_ERR_MEMORY, "no memory for the name of a file; use a larger machine");
}

pel_status pel_stream_create(pel_stream *stream, const char *folder, const pel_stream_head *head)
{
    char *path = NULL;
    PEL_TRY(make_path(stream, folder, &path));
    pel_status status = pel_file_create(path, &stream->file);
    free(path);
    PEL_TRY(status);
    stream->records = 0;
    return define(stream->file, stream, head);
}

bool pel_stream_exists(const pel_stream *stream, const char *folder)
{
    char *path = NULL;
    if (make_path(stream, folder, &path) != PEL_OK) return false;
    const bool exists = access(path, F_OK) == 0;
    free(path);
    return exists;
}

/* ---- going on with a file ---- */

static pel_status differs(const pel_stream *stream, const char *variable, const char *how)
{
    return pel_fail(
        PEL_ERR_MISMATCH,
        "%s: %s %s; fields, precision, stride and box of a stream cannot change on resume: give the stream another "
        "name in the deck, or put it back as it was",
        pel_file_path(stream->file), variable, how);
}

static pel_status check_variable(const pel_stream *stream, pel_stream_variable *variable)
{
    pel_io_type type;
    int rank = 0, wanted = 1;
    long shape[5];
    if (!pel_file_has(stream->file, variable->name)) return differs(stream, variable->name, "is not in the file");
    PEL_TRY(pel_file_array_info(stream->file, variable->name, &type, &rank, shape));
    for (int d = 2; variable->field && d >= 0; d--) {
        if (!pel_coordinates_has(variable->field, d)) continue;
        if (pel_coordinates_check(stream->file, variable->field, d, &stream->extract) != PEL_OK)
            return differs(stream, variable->name, "lies at other points");
        if (wanted >= rank || shape[wanted] != pel_coordinates_points(variable->field, d, &stream->extract).count)
            return differs(stream, variable->name, "has another shape");
        wanted++;
    }
    if (variable->table) {
        bool are_same;
        PEL_TRY(check_rows(stream->file, variable, &are_same));
        if (!are_same) return differs(stream, variable->name, "has other rows");
        variable->ids = hash_ids(variable->table);
        wanted++;
    }
    if (lies_along_axis(variable)) {
        bool is_same;
        PEL_TRY(check_axis(stream->file, variable->curves, &is_same));
        if (!is_same) return differs(stream, variable->name, "lies at other points");
        wanted++;
    }
    if (rank != wanted) return differs(stream, variable->name, "has another shape");
    if (type != file_type(stream, variable)) return differs(stream, variable->name, "has another precision");
    return PEL_OK;
}

static bool lies_along(const pel_stream_variable *variable, const char *name)
{
    char dimension[PEL_COORDINATES_NAME];
    if (variable->curves) return strcmp(name, variable->curves->axis) == 0;
    if (variable->table) {
        table_name(variable, dimension);
        return strcmp(name, dimension) == 0;
    }
    for (int d = 0; variable->field && d < 3; d++) {
        pel_coordinates_name(variable->field, d, dimension);
        if (pel_coordinates_has(variable->field, d) && strcmp(name, dimension) == 0) return true;
    }
    return false;
}

static bool is_known(const pel_stream *stream, const char *name)
{
    static const char *const own[] = {"time", "step", "time_bnds", "bnds"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0) return true;
    for (size_t i = 0; i < stream->count; i++)
        if (strcmp(name, stream->variables[i].name) == 0 || lies_along(&stream->variables[i], name)) return true;
    return false;
}

static pel_status check_member(void *context, const char *name, bool is_group)
{
    const pel_stream *stream = context;
    return is_group || is_known(stream, name) ? PEL_OK : differs(stream, name, "is in the file, but not in the deck");
}

static pel_status check(pel_stream *stream)
{
    for (size_t i = 0; i < stream->count; i++) PEL_TRY(check_variable(stream, &stream->variables[i]));
    return pel_file_list(stream->file, "", check_member, stream);
}

/* The number of records up to step `now`; steps rise. */
static pel_status count_until(const pel_stream *stream, long now, long *records)
{
    while (*records > 0) {
        int64_t step = 0;
        PEL_TRY(pel_file_read_box(stream->file, "step", PEL_IO_INT64, (long[]){*records - 1}, (long[]){1}, &step));
        if (step <= now) break;
        --*records;
    }
    return PEL_OK;
}

static pel_status cut_back(pel_stream *stream, long records, long now)
{
    long there = pel_file_records(stream->file, "time");
    if (there < 0) return PEL_ERR_FILE;
    if (records < 0) PEL_TRY(count_until(stream, now, &there));
    else if (there < records)
        return pel_fail(PEL_ERR_CORRUPT,
                        "%s: %ld of the %ld records that the checkpoint knows are missing; move the file away to "
                        "go on with a new one",
                        pel_file_path(stream->file), records - there, records);
    stream->records = records < 0 ? there : records;
    return pel_file_truncate_records(stream->file, "time", stream->records);
}

pel_status pel_stream_reopen(pel_stream *stream, const char *folder, long records, long now)
{
    char *path = NULL;
    PEL_TRY(make_path(stream, folder, &path));
    const pel_status status = pel_file_open(path, PEL_FILE_APPEND, &stream->file);
    free(path);
    PEL_TRY(status);
    PEL_TRY(check(stream));
    return cut_back(stream, records, now);
}

/* ---- records ---- */

/* Copies the rows [y, y + ny) of the planes [z, z + nz), counted in stored points, to `slab`. */
static void fetch(const pel_stream_variable *variable, const pel_points at[3], int y, int ny, int z, int nz, char *row,
                  char *slab)
{
    const size_t size = pel_type_bytes(pel_field_spec_of(variable->field)->type);
    pel_box box = {{at[0].first, at[1].first + y, at[2].first + z},
                   {at[0].first + (at[0].count - 1) * at[0].stride + 1, at[1].first + y + ny, at[2].first + z + nz}};
    if (at[0].stride == 1 && at[1].stride == 1 && at[2].stride == 1) {
        pel_field_get(variable->field, 0, variable->plane, box, slab);
        return;
    }
    for (int k = z; k < z + nz; k++) {
        for (int j = y; j < y + ny; j++) {
            box.lo[1] = at[1].first + j * at[1].stride, box.hi[1] = box.lo[1] + 1;
            box.lo[2] = at[2].first + k * at[2].stride, box.hi[2] = box.lo[2] + 1;
            pel_field_get(variable->field, 0, variable->plane, box, row);
            for (int i = 0; i < at[0].count; i++, slab += size)
                memcpy(slab, row + (size_t)i * (size_t)at[0].stride * size, size);
        }
    }
}

static pel_status append_slab(const pel_stream *stream, const pel_stream_variable *variable, int y, int ny, int z,
                              int nz, int nx, double samples, void *slab)
{
    long start[3], count[3];
    const long lows[3] = {0, y, z}, counts[3] = {nx, ny, nz};
    int rank = 0;
    for (int d = 2; d >= 0; d--) {
        if (!pel_coordinates_has(variable->field, d)) continue;
        start[rank] = lows[d];
        count[rank++] = counts[d];
    }
    double *values = slab;
    const long n = (long)nx * ny * nz;
    for (long i = 0; variable->is_divided && i < n; i++) values[i] /= samples;
    return pel_file_append_box(stream->file, variable->name, stream->records, memory_type(variable), start, count,
                               slab);
}

static pel_status append_slabs(const pel_stream *stream, const pel_stream_variable *variable, const pel_points at[3],
                               double samples, int most_rows, char *row, char *slab)
{
    const int dy = most_rows < at[1].count ? most_rows : at[1].count;
    const int dz = most_rows / at[1].count > 1 ? most_rows / at[1].count : 1;
    for (int z = 0; z < at[2].count; z += dz) {
        const int nz = at[2].count - z < dz ? at[2].count - z : dz;
        for (int y = 0; y < at[1].count; y += dy) {
            const int ny = at[1].count - y < dy ? at[1].count - y : dy;
            fetch(variable, at, y, ny, z, nz, row, slab);
            PEL_TRY(append_slab(stream, variable, y, ny, z, nz, at[0].count, samples, slab));
        }
    }
    return PEL_OK;
}

static pel_status append_field(pel_stream *stream, const pel_stream_variable *variable, double samples)
{
    const size_t size = pel_type_bytes(pel_field_spec_of(variable->field)->type);
    pel_points at[3];
    for (int d = 0; d < 3; d++) at[d] = pel_coordinates_points(variable->field, d, &stream->extract);
    const size_t row_bytes = (size_t)at[0].count * size, rows = (size_t)at[1].count * (size_t)at[2].count;
    const size_t fit = row_bytes < SLAB_BYTES ? SLAB_BYTES / row_bytes : 1, most_rows = rows < fit ? rows : fit;
    char *slab = NULL, *row = NULL;
    pel_status status = pel_memory_new(most_rows, row_bytes, &slab);
    if (status == PEL_OK) status = pel_memory_new((size_t)at[0].count * (size_t)at[0].stride, size, &row);
    if (status == PEL_OK) status = append_slabs(stream, variable, at, samples, (int)most_rows, row, slab);
    free(row);
    free(slab);
    stream->bytes += (double)(row_bytes * rows);
    return status;
}

static pel_status append_scalar(pel_stream *stream, const pel_stream_variable *variable)
{
    const pel_component *component = variable->component;
    const double value = pel_component_series_value(component, variable->series);
    stream->bytes += sizeof value;
    return pel_file_append_box(stream->file, variable->name, stream->records, PEL_IO_DOUBLE, NULL, NULL, &value);
}

/* A plane of a column, gathered; the rows are small beside fields. */
static pel_status append_column(pel_stream *stream, const pel_stream_variable *variable)
{
    const pel_column_spec *column = pel_table_column(variable->table, variable->column);
    const size_t size = pel_type_bytes(column->type), rows = (size_t)pel_table_rows(variable->table);
    if (hash_ids(variable->table) != variable->ids)
        return pel_fail(PEL_ERR_MISMATCH,
                        "%s: the table %s has other rows than when the file began (now %zu); a table whose rows come "
                        "and go cannot be written with the snapshots, leave it out of tables",
                        pel_file_path(stream->file), pel_table_name(variable->table), rows);
    const char *values = pel_table_values(variable->table, variable->column);
    char *plane = NULL;
    PEL_TRY(pel_memory_new(rows, size, &plane));
    for (size_t i = 0; i < rows; i++)
        memcpy(plane + i * size, values + (i * (size_t)column->components + (size_t)variable->plane) * size, size);
    const pel_status status =
        pel_file_append_box(stream->file, variable->name, stream->records, memory_type(variable), NULL, NULL, plane);
    free(plane);
    stream->bytes += (double)(rows * size);
    return status;
}

static pel_status append_curve(pel_stream *stream, const pel_stream_variable *variable)
{
    const pel_curve *curve = curve_of(variable);
    stream->bytes += (double)(curve->is_number ? 1 : variable->curves->points) * (double)sizeof *curve->values;
    return pel_file_append_box(stream->file, variable->name, stream->records, PEL_IO_DOUBLE, NULL, NULL, curve->values);
}

static pel_status append_variable(pel_stream *stream, const pel_stream_variable *variable, double samples)
{
    if (variable->curves) return append_curve(stream, variable);
    if (variable->table) return append_column(stream, variable);
    return variable->field ? append_field(stream, variable, samples) : append_scalar(stream, variable);
}

static pel_status append_time(const pel_stream *stream, pel_step now, double since)
{
    const int64_t step = now.index;
    const double bounds[2] = {since, now.time};
    PEL_TRY(pel_file_append_box(stream->file, "time", stream->records, PEL_IO_DOUBLE, NULL, NULL, &now.time));
    PEL_TRY(pel_file_append_box(stream->file, "step", stream->records, PEL_IO_INT64, NULL, NULL, &step));
    if (!stream->has_bounds) return PEL_OK;
    return pel_file_append_box(stream->file, "time_bnds", stream->records, PEL_IO_DOUBLE, NULL, NULL, bounds);
}

pel_status pel_stream_append(pel_stream *stream, pel_step now, double since, double samples)
{
    PEL_TRY(append_time(stream, now, since));
    for (size_t i = 0; i < stream->count; i++) PEL_TRY(append_variable(stream, &stream->variables[i], samples));
    PEL_TRY(pel_file_sync(stream->file));
    stream->records++;
    return PEL_OK;
}

pel_status pel_stream_close(pel_stream *stream)
{
    pel_file *file = stream->file;
    stream->file = NULL;
    return pel_file_close(file);
}

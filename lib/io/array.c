/* Moving boxes between memory and arrays, and what an array is. */
#include <string.h>

#include "base/text.h"
#include "io/handle.h"

/* An open array with what a transfer needs of it. */
typedef struct open_array {
    hid_t dataset, space;
    int rank;
    hsize_t shape[PEL_IO_MAX_RANK];
} open_array;

static pel_status close_array(const pel_file *file, const char *name, pel_status status, open_array *array)
{
    status = pel_io_close(file, name, status, array->space);
    return pel_io_close(file, name, status, array->dataset);
}

static pel_status find_extent(const pel_file *file, const char *name, open_array *array)
{
    array->space = H5Dget_space(array->dataset);
    array->rank = array->space < 0 ? -1 : H5Sget_simple_extent_ndims(array->space);
    if (array->rank < 0) return pel_io_fail(file, name, "cannot be looked up");
    if (array->rank > PEL_IO_MAX_RANK)
        return pel_fail(PEL_ERR_MISMATCH, "%s: %s has %d dimensions; %d at most are supported", file->path, name,
                        array->rank, PEL_IO_MAX_RANK);
    if (H5Sget_simple_extent_dims(array->space, array->shape, NULL) < 0)
        return pel_io_fail(file, name, "cannot be looked up");
    return PEL_OK;
}

static pel_status open_array_named(const pel_file *file, const char *name, open_array *array)
{
    *array = (open_array){.dataset = H5I_INVALID_HID, .space = H5I_INVALID_HID};
    PEL_TRY(pel_io_open_dataset(file, name, &array->dataset));
    const pel_status status = find_extent(file, name, array);
    return status == PEL_OK ? PEL_OK : close_array(file, name, status, array);
}

/* ---- transfers ---- */

static pel_status select_box(const pel_file *file, const char *name, const open_array *array, const long start[],
                             const long count[], hid_t *memory)
{
    hsize_t from[PEL_IO_MAX_RANK], length[PEL_IO_MAX_RANK];
    for (int d = 0; d < array->rank; d++) {
        from[d] = (hsize_t)start[d], length[d] = (hsize_t)count[d];
        if (start[d] < 0 || count[d] < 0 || from[d] + length[d] > array->shape[d])
            return pel_fail(PEL_ERR_ARGUMENT, "%s: %s has length %lld in dimension %d; [%ld, %ld) lies outside",
                            file->path, name, (long long)array->shape[d], d, start[d], start[d] + count[d]);
    }
    *memory = array->rank ? H5Screate_simple(array->rank, length, NULL) : H5Screate(H5S_SCALAR);
    if (*memory < 0) return pel_io_fail(file, name, "cannot be cut to a box");
    if (array->rank && H5Sselect_hyperslab(array->space, H5S_SELECT_SET, from, NULL, length, NULL) < 0)
        return pel_io_fail(file, name, "cannot be cut to a box");
    return PEL_OK;
}

static pel_status write_selected(const pel_file *file, const char *name, const open_array *array, hid_t memory,
                                 hid_t type, const void *data)
{
    if (type < 0 || H5Dwrite(array->dataset, type, memory, array->space, H5P_DEFAULT, data) < 0)
        return pel_io_fail(file, name, "cannot be written");
    return PEL_OK;
}

static pel_status write_open(const pel_file *file, const char *name, const open_array *array, pel_io_type type,
                             const long start[], const long count[], const void *data)
{
    hid_t memory = H5I_INVALID_HID;
    pel_status status = select_box(file, name, array, start, count, &memory);
    const hid_t memory_type = pel_io_memory_type(type);
    if (status == PEL_OK) status = write_selected(file, name, array, memory, memory_type, data);
    status = pel_io_close(file, name, status, memory_type);
    return pel_io_close(file, name, status, memory);
}

pel_status pel_file_write_box(pel_file *file, const char *name, pel_io_type type, const long start[],
                              const long count[], const void *data)
{
    open_array array;
    PEL_TRY(pel_io_check_writable(file, name));
    PEL_TRY(open_array_named(file, name, &array));
    const pel_status status = write_open(file, name, &array, type, start, count, data);
    PEL_TRY(close_array(file, name, status, &array));
    return pel_io_check(file, name);
}

/* Bytes that the file no longer understands (a filter fails, an address lies outside) are damage, not a system's no. */
static pel_status read_selected(const pel_file *file, const char *name, const open_array *array, hid_t memory,
                                hid_t type, void *data)
{
    if (type >= 0 && H5Dread(array->dataset, type, memory, array->space, H5P_DEFAULT, data) >= 0) return PEL_OK;
    pel_io_fail(file, name, "cannot be read");
    return PEL_ERR_CORRUPT;
}

pel_status pel_file_read_box(const pel_file *file, const char *name, pel_io_type type, const long start[],
                             const long count[], void *data)
{
    open_array array;
    PEL_TRY(pel_io_check(file, name));
    PEL_TRY(open_array_named(file, name, &array));
    hid_t memory = H5I_INVALID_HID;
    pel_status status = select_box(file, name, &array, start, count, &memory);
    const hid_t memory_type = pel_io_memory_type(type);
    if (status == PEL_OK) status = read_selected(file, name, &array, memory, memory_type, data);
    status = pel_io_close(file, name, status, memory_type);
    status = pel_io_close(file, name, status, memory);
    return close_array(file, name, status, &array);
}

pel_status pel_file_write_array(pel_file *file, const char *name, pel_io_type type, int rank, const long shape[],
                                const void *data)
{
    pel_array_spec spec = {.name = name, .memory_type = type, .file_type = type, .rank = rank};
    const long start[PEL_IO_MAX_RANK] = {0};
    bool is_empty = false;
    for (int d = 0; d < rank && d < PEL_IO_MAX_RANK; d++) {
        spec.shape[d] = shape[d];
        is_empty = is_empty || shape[d] == 0; /* of the first dimension: would be unlimited, and stays empty */
    }
    PEL_TRY(pel_file_define_array(file, &spec));
    return is_empty ? PEL_OK : pel_file_write_box(file, name, type, start, shape, data);
}

/* ---- what an array is ---- */

static pel_status find_type(const pel_file *file, const char *name, hid_t dataset, pel_io_type *type)
{
    if (!type) return PEL_OK;
    const hid_t id = H5Dget_type(dataset);
    pel_status status = PEL_OK;
    if (id < 0) status = pel_io_fail(file, name, "cannot be looked up");
    else if (!pel_io_find_type(id, type))
        status = pel_fail(PEL_ERR_MISMATCH, "%s: %s does not hold numbers", file->path, name);
    return pel_io_close(file, name, status, id);
}

pel_status pel_file_array_info(const pel_file *file, const char *name, pel_io_type *type, int *rank, long shape[5])
{
    open_array array;
    PEL_TRY(open_array_named(file, name, &array));
    const pel_status status = find_type(file, name, array.dataset, type);
    if (rank) *rank = array.rank;
    for (int d = 0; shape && d < array.rank; d++) shape[d] = (long)array.shape[d];
    return close_array(file, name, status, &array);
}

/* ---- records ---- */

/* Makes room for `record`, the next one at most. */
static pel_status reach_record(const pel_file *file, const char *name, open_array *array, long record)
{
    if (array->rank < 1 || record < 0 || (hsize_t)record > array->shape[0])
        return pel_fail(PEL_ERR_ARGUMENT, "%s: record %ld of %s would leave a gap after its %lld records", file->path,
                        record, name, (long long)(array->rank < 1 ? 0 : array->shape[0]));
    if ((hsize_t)record < array->shape[0]) return PEL_OK;
    array->shape[0] = (hsize_t)record + 1;
    if (H5Dset_extent(array->dataset, array->shape) < 0) return pel_io_fail(file, name, "cannot take more records");
    const hid_t space = H5Dget_space(array->dataset);
    if (space < 0) return pel_io_fail(file, name, "cannot be looked up");
    const pel_status status = pel_io_close(file, name, PEL_OK, array->space);
    array->space = space;
    return status;
}

/* Takes the extent back where the box cannot be written, so that the record does not exist. */
static pel_status append_open(const pel_file *file, const char *name, open_array *array, long record, pel_io_type type,
                              const long start[], const long count[], const void *data)
{
    long from[PEL_IO_MAX_RANK] = {record}, length[PEL_IO_MAX_RANK] = {1};
    const hsize_t before = array->rank ? array->shape[0] : 0;
    PEL_TRY(reach_record(file, name, array, record));
    for (int d = 1; d < array->rank; d++) {
        from[d] = start ? start[d - 1] : 0;
        length[d] = count ? count[d - 1] : (long)array->shape[d];
    }
    const pel_status status = write_open(file, name, array, type, from, length, data);
    array->shape[0] = before;
    if (status == PEL_ERR_ARGUMENT && H5Dset_extent(array->dataset, array->shape) < 0)
        return pel_io_fail(file, name, "cannot be cut back");
    return status;
}

pel_status pel_file_append_box(pel_file *file, const char *name, long record, pel_io_type type, const long start[],
                               const long count[], const void *data)
{
    open_array array;
    PEL_TRY(pel_io_check_writable(file, name));
    PEL_TRY(open_array_named(file, name, &array));
    const pel_status status = append_open(file, name, &array, record, type, start, count, data);
    PEL_TRY(close_array(file, name, status, &array));
    return pel_io_check(file, name);
}

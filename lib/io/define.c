/* Defining dimensions and arrays, in netCDF-4 form where they have dimensions.
 *
 * netCDF-4 keeps a dimension as an HDF5 dimension scale (H5DS): a one-dimensional array at the root, marked
 * CLASS=DIMENSION_SCALE, attached to the arrays along it, and numbered in _Netcdf4Dimid so that dimensions have an
 * order. A dimension without coordinates is a scale whose NAME says so (netCDF-4 file format specification, "Dimensions
 * without coordinate variables"). */
#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

#include "io/handle.h"

enum { CHUNK_BYTES = 1 << 20, SMALL_CHUNK_BYTES = 4096 };

/* What a spec comes to. */
typedef struct layout {
    int rank;
    hsize_t shape[PEL_IO_MAX_RANK], most[PEL_IO_MAX_RANK], chunk[PEL_IO_MAX_RANK];
    bool is_chunked, is_growing;
    pel_io_type type;
} layout;

/* ---- layout ---- */

static pel_status dimension_length(const pel_file *file, const char *name, hsize_t *length, hsize_t *most)
{
    hid_t scale = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_dataset(file, name, &scale));
    const hid_t space = H5Dget_space(scale);
    pel_status status = PEL_OK;
    if (H5DSis_scale(scale) <= 0) status = pel_fail(PEL_ERR_NAME, "%s: %s is not a dimension", file->path, name);
    else if (space < 0 || H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, length, most) < 0)
        status = pel_io_fail(file, name, "cannot be used as a dimension");
    status = pel_io_close(file, name, status, space);
    return pel_io_close(file, name, status, scale);
}

static pel_status find_shape(const pel_file *file, const pel_array_spec *spec, layout *out)
{
    for (int d = 0; d < spec->rank; d++) {
        if (spec->dimensions[d]) PEL_TRY(dimension_length(file, spec->dimensions[d], &out->shape[d], &out->most[d]));
        else out->shape[d] = (hsize_t)spec->shape[d], out->most[d] = spec->shape[d] ? out->shape[d] : H5S_UNLIMITED;
        const bool grows = out->most[d] == H5S_UNLIMITED;
        if ((grows && d > 0) || (!spec->dimensions[d] && spec->shape[d] < 0))
            return pel_fail(PEL_ERR_ARGUMENT, "%s: dimension %d of %s has length %ld; only the first may be unlimited",
                            file->path, d, spec->name, spec->dimensions[d] ? 0L : spec->shape[d]);
        out->is_growing = out->is_growing || grows;
    }
    if (out->is_growing) out->shape[0] = 0; /* every array begins empty, whatever the dimension has */
    return PEL_OK;
}

/* Whole rows, planes ... of the fastest dimensions, the slower ones cut until a chunk is about 1 MB: a box of whole
 * rows is then few chunks, each contiguous in memory. One record a chunk, unless records are tiny and not packed: HDF5
 * moves a packed chunk that grows, and what it leaves may be written over while readers still look there. */
static void choose_chunk(layout *out, const long wanted[], bool is_packed)
{
    size_t bytes = pel_io_type_bytes(out->type);
    for (int d = out->rank - 1; d >= 0; d--) {
        hsize_t length = out->shape[d];
        if (d == 0 && out->is_growing) length = bytes < SMALL_CHUNK_BYTES && !is_packed ? SMALL_CHUNK_BYTES / bytes : 1;
        else if (bytes * length > CHUNK_BYTES) length = CHUNK_BYTES / bytes;
        if (wanted[d] > 0) length = (hsize_t)wanted[d];
        if (out->most[d] != H5S_UNLIMITED && length > out->shape[d]) length = out->shape[d];
        out->chunk[d] = length ? length : 1;
        bytes *= out->chunk[d];
    }
}

static pel_io_type stored_type(const pel_array_spec *spec)
{
    const bool is_real = spec->file_type == PEL_IO_DOUBLE || spec->file_type == PEL_IO_FLOAT;
    if (spec->memory_type == PEL_IO_COMPLEX) return PEL_IO_COMPLEX;
    if ((spec->memory_type == PEL_IO_INT32 || spec->memory_type == PEL_IO_INT64) && is_real) return spec->memory_type;
    return spec->file_type;
}

static pel_status find_layout(const pel_file *file, const pel_array_spec *spec, layout *out)
{
    if (spec->rank < 0 || spec->rank > PEL_IO_MAX_RANK)
        return pel_fail(PEL_ERR_ARGUMENT, "%s: %s has rank %d; 0 to %d are possible", file->path, spec->name,
                        spec->rank, PEL_IO_MAX_RANK);
    *out = (layout){.rank = spec->rank, .type = stored_type(spec)};
    PEL_TRY(find_shape(file, spec, out));
    bool has_values = true; /* HDF5 cannot chunk nothing */
    for (int d = 0; d < spec->rank; d++) {
        out->is_chunked = out->is_chunked || spec->chunk[d] > 0;
        has_values = has_values && (out->shape[d] || out->most[d] == H5S_UNLIMITED);
    }
    out->is_chunked = spec->rank > 0 && (out->is_chunked || out->is_growing || (spec->deflate && has_values));
    choose_chunk(out, spec->chunk, spec->deflate > 0);
    return PEL_OK;
}

/* ---- creation ---- */

static bool set_fill(hid_t list, const pel_array_spec *spec)
{
    return !spec->has_fill || H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &spec->fill) >= 0;
}

static bool set_storage(hid_t list, const layout *of, int deflate)
{
    if (!of->is_chunked) return true;
    if (H5Pset_chunk(list, of->rank, of->chunk) < 0) return false;
    return !deflate || (H5Pset_shuffle(list) >= 0 && H5Pset_deflate(list, (unsigned)deflate) >= 0);
}

static hid_t dataset_list(const pel_array_spec *spec, const layout *of)
{
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    if (list >= 0 && H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_obj_track_times(list, 0) >= 0 && set_storage(list, of, spec->deflate) && set_fill(list, spec))
        return list;
    if (list >= 0) H5Pclose(list);
    return H5I_INVALID_HID;
}

static pel_status create_dataset(pel_file *file, const pel_array_spec *spec, const layout *of, hid_t *dataset)
{
    const hid_t type = pel_io_file_type(of->type), list = dataset_list(spec, of);
    const hid_t space = of->rank ? H5Screate_simple(of->rank, of->shape, of->most) : H5Screate(H5S_SCALAR);
    *dataset = H5I_INVALID_HID;
    if (type >= 0 && list >= 0 && space >= 0)
        *dataset = H5Dcreate2(file->id, spec->name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    pel_status status = *dataset < 0 ? pel_io_fail(file, spec->name, "cannot be created") : PEL_OK;
    status = pel_io_close(file, spec->name, status, space);
    status = pel_io_close(file, spec->name, status, list);
    return pel_io_close(file, spec->name, status, type);
}

static pel_status attach_scales(pel_file *file, const pel_array_spec *spec, hid_t dataset)
{
    for (int d = 0; d < spec->rank; d++) {
        if (!spec->dimensions[d]) continue;
        hid_t scale = H5I_INVALID_HID;
        PEL_TRY(pel_io_open_dataset(file, spec->dimensions[d], &scale));
        pel_status status = PEL_OK;
        if (H5DSattach_scale(dataset, scale, (unsigned)d) < 0)
            status = pel_io_fail(file, spec->name, "cannot be attached to a dimension");
        PEL_TRY(pel_io_close(file, spec->dimensions[d], status, scale));
    }
    return PEL_OK;
}

/* _FillValue must have the type of the array. */
static pel_status put_fill_attribute(pel_file *file, const pel_array_spec *spec, const layout *of, hid_t dataset)
{
    if (!spec->has_fill) return PEL_OK;
    const hid_t type = pel_io_file_type(of->type), space = H5Screate(H5S_SCALAR);
    const hid_t id = H5Acreate2(dataset, "_FillValue", type, space, H5P_DEFAULT, H5P_DEFAULT);
    pel_status status = PEL_OK;
    if (id < 0 || H5Awrite(id, H5T_NATIVE_DOUBLE, &spec->fill) < 0)
        status = pel_io_fail(file, spec->name, "cannot take its _FillValue");
    status = pel_io_close(file, spec->name, status, id);
    status = pel_io_close(file, spec->name, status, space);
    return pel_io_close(file, spec->name, status, type);
}

static pel_status check_free_name(pel_file *file, const char *name)
{
    PEL_TRY(pel_io_check_writable(file, name));
    if (!name[0] || pel_file_has(file, name)) return pel_fail(PEL_ERR_NAME, "%s: %s exists already", file->path, name);
    return pel_io_make_parents(file, name);
}

pel_status pel_file_define_array(pel_file *file, const pel_array_spec *spec)
{
    layout of;
    hid_t dataset = H5I_INVALID_HID;
    PEL_TRY(check_free_name(file, spec->name));
    PEL_TRY(find_layout(file, spec, &of));
    pel_status status = create_dataset(file, spec, &of, &dataset);
    if (status == PEL_OK) status = attach_scales(file, spec, dataset);
    if (status == PEL_OK) status = put_fill_attribute(file, spec, &of, dataset);
    status = pel_io_close(file, spec->name, status, dataset);
    return status != PEL_OK ? status : pel_io_check(file, spec->name);
}

/* ---- dimensions ---- */

static pel_status put_dimension_id(pel_file *file, const char *name, hid_t scale)
{
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t id = H5Acreate2(scale, "_Netcdf4Dimid", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    const int number = (int)file->dimensions;
    pel_status status = PEL_OK;
    if (id < 0 || H5Awrite(id, H5T_NATIVE_INT, &number) < 0) status = pel_io_fail(file, name, "cannot be numbered");
    else file->dimensions++;
    status = pel_io_close(file, name, status, id);
    return pel_io_close(file, name, status, space);
}

static pel_status mark_scale(pel_file *file, const char *name, long size, bool has_coordinates)
{
    char scale_name[128];
    if (has_coordinates) snprintf(scale_name, sizeof scale_name, "%s", name);
    else snprintf(scale_name, sizeof scale_name, "This is a netCDF dimension but not a netCDF variable. %10ld", size);
    hid_t scale = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_dataset(file, name, &scale));
    pel_status status = PEL_OK;
    if (H5DSset_scale(scale, scale_name) < 0) status = pel_io_fail(file, name, "cannot be made a dimension");
    if (status == PEL_OK) status = put_dimension_id(file, name, scale);
    return pel_io_close(file, name, status, scale);
}

pel_status pel_file_define_dimension(pel_file *file, const char *name, long size, const double *coordinates)
{
    if (strchr(name, '/') || size < 0)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "%s: %s of length %ld is not a dimension; it stands at the root, with a "
                        "length from 0",
                        file->path, name, size);
    const pel_array_spec spec = {
        .name = name, .rank = 1, .shape = {size}, .file_type = size && !coordinates ? PEL_IO_FLOAT : PEL_IO_DOUBLE};
    PEL_TRY(pel_file_define_array(file, &spec));
    PEL_TRY(mark_scale(file, name, size, size == 0 || coordinates));
    const long start = 0;
    if (size && coordinates) PEL_TRY(pel_file_write_box(file, name, PEL_IO_DOUBLE, &start, &size, coordinates));
    return pel_io_check(file, name);
}

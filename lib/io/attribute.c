/* Attributes: texts as netCDF has them (fixed length, UTF-8) or as h5py does (variable length), numbers as scalars or
 * short vectors. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/handle.h"

/* ---- writing ---- */

/* An attribute of the same type and size is written over, else it makes way: a resumed run keeps the order. */
static hid_t open_for_writing(hid_t object, const char *name, hid_t type, hid_t space)
{
    const htri_t there = H5Aexists(object, name);
    if (there < 0) return H5I_INVALID_HID;
    if (there > 0) {
        const hid_t old = H5Aopen(object, name, H5P_DEFAULT);
        const hid_t old_type = H5Aget_type(old), old_space = H5Aget_space(old);
        const bool fits = H5Tequal(old_type, type) > 0 && H5Sextent_equal(old_space, space) > 0;
        H5Sclose(old_space);
        H5Tclose(old_type);
        if (fits) return old;
        H5Aclose(old);
        if (H5Adelete(object, name) < 0) return H5I_INVALID_HID;
    }
    return H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
}

static pel_status put_values(pel_file *file, const char *object, const char *name, hid_t file_type, hid_t memory_type,
                             hid_t space, const void *values)
{
    hid_t owner = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_object(file, object, &owner));
    pel_status status = PEL_OK;
    const hid_t id = open_for_writing(owner, name, file_type, space);
    if (id < 0 || H5Awrite(id, memory_type, values) < 0) status = pel_io_fail(file, object, "cannot take an attribute");
    status = pel_io_close(file, object, status, id);
    return pel_io_close(file, object, status, owner);
}

/* Puts values of copied types into a scalar or a vector. The types and the space are closed here. */
static pel_status put(pel_file *file, const char *object, const char *name, hid_t file_type, hid_t memory_type,
                      long count, const void *values)
{
    const hsize_t length = (hsize_t)count;
    const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &length, NULL);
    pel_status status = pel_io_check_writable(file, object);
    if (status == PEL_OK && (file_type < 0 || memory_type < 0 || space < 0))
        status = pel_io_fail(file, object, "cannot take an attribute");
    if (status == PEL_OK && !pel_file_has(file, object)) status = pel_file_make_group(file, object);
    if (status == PEL_OK) status = put_values(file, object, name, file_type, memory_type, space, values);
    if (status == PEL_OK) status = pel_io_check(file, object);
    status = pel_io_close(file, object, status, space);
    status = pel_io_close(file, object, status, memory_type);
    return pel_io_close(file, object, status, file_type);
}

static hid_t text_type(size_t length)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && H5Tset_size(type, length ? length : 1) >= 0 && H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
        H5Tset_cset(type, H5T_CSET_UTF8) >= 0)
        return type;
    if (type >= 0) H5Tclose(type);
    return H5I_INVALID_HID;
}

pel_status pel_file_put_text(pel_file *file, const char *object, const char *name, const char *text)
{
    const size_t length = strlen(text);
    if (length > 60000) /* HDF5 keeps an attribute of the old format within 64 KB */
        return pel_fail(PEL_ERR_ARGUMENT, "%s: attribute %s is a text of %zu bytes; an attribute holds 60000",
                        file->path, name, length);
    return put(file, object, name, text_type(length), text_type(length), 1, text);
}

static hid_t string_type(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0) return type;
    if (type >= 0) H5Tclose(type);
    return H5I_INVALID_HID;
}

pel_status pel_file_put_strings(pel_file *file, const char *object, const char *name, long count,
                                const char *const *strings)
{
    return put(file, object, name, string_type(), string_type(), count, strings);
}

pel_status pel_file_put_reals(pel_file *file, const char *object, const char *name, long count, const double *values)
{
    return put(file, object, name, H5Tcopy(H5T_IEEE_F64LE), H5Tcopy(H5T_NATIVE_DOUBLE), count, values);
}

pel_status pel_file_put_ints(pel_file *file, const char *object, const char *name, long count, const long *values)
{
    bool fit = true;
    for (long i = 0; i < count; i++) fit = fit && values[i] >= INT32_MIN && values[i] <= INT32_MAX;
    return put(file, object, name, H5Tcopy(fit ? H5T_STD_I32LE : H5T_STD_I64LE), H5Tcopy(H5T_NATIVE_LONG), count,
               values);
}

/* ---- reading ---- */

bool pel_file_has_attribute(const pel_file *file, const char *object, const char *name)
{
    return pel_file_has(file, object) && H5Aexists_by_name(file->id, object[0] ? object : "/", name, H5P_DEFAULT) > 0;
}

static pel_status open_attribute(const pel_file *file, const char *object, const char *name, hid_t *id)
{
    if (!pel_file_has(file, object)) return pel_io_unknown_name(file, object);
    if (!pel_file_has_attribute(file, object, name))
        return pel_fail(PEL_ERR_NAME, "%s: %s has no attribute \"%s\"", file->path, object[0] ? object : "the file",
                        name);
    *id = H5Aopen_by_name(file->id, object[0] ? object : "/", name, H5P_DEFAULT, H5P_DEFAULT);
    return *id < 0 ? pel_io_fail(file, object, "has an attribute that cannot be opened") : PEL_OK;
}

static pel_status read_fixed_text(const pel_file *file, const char *object, hid_t id, hid_t type, char **text)
{
    char *bytes = NULL;
    PEL_TRY(pel_memory_new(H5Tget_size(type) + 1, 1, &bytes));
    if (H5Aread(id, type, bytes) < 0) {
        free(bytes);
        return pel_io_fail(file, object, "has an attribute that cannot be read");
    }
    *text = bytes;
    return PEL_OK;
}

static pel_status read_variable_text(const pel_file *file, const char *object, hid_t id, hid_t type, char **text)
{
    char *bytes = NULL;
    if (H5Aread(id, type, &bytes) < 0) return pel_io_fail(file, object, "has an attribute that cannot be read");
    const pel_status status = pel_text_copy(bytes ? bytes : "", text);
    if (bytes && H5free_memory(bytes) < 0 && status == PEL_OK) return pel_io_fail(file, object, "cannot be read");
    return status;
}

static long value_count(hid_t id)
{
    const hid_t space = H5Aget_space(id);
    const hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    if (space >= 0) H5Sclose(space);
    return (long)count;
}

pel_status pel_file_get_text(const pel_file *file, const char *object, const char *name, char **text)
{
    hid_t id = H5I_INVALID_HID;
    PEL_TRY(open_attribute(file, object, name, &id));
    const hid_t type = H5Aget_type(id);
    pel_status status;
    if (H5Tget_class(type) != H5T_STRING || value_count(id) != 1)
        status = pel_fail(PEL_ERR_MISMATCH, "%s: attribute %s of %s is not a text", file->path, name, object);
    else if (H5Tis_variable_str(type) > 0) status = read_variable_text(file, object, id, type, text);
    else status = read_fixed_text(file, object, id, type, text);
    status = pel_io_close(file, object, status, type);
    return pel_io_close(file, object, status, id);
}

/* Reads all numbers of an attribute, converted to `type` of 8 bytes, and keeps up to `capacity`. */
static pel_status get_numbers(const pel_file *file, const char *object, const char *name, hid_t type, long capacity,
                              void *values, long *count)
{
    hid_t id = H5I_INVALID_HID;
    PEL_TRY(open_attribute(file, object, name, &id));
    const hid_t file_type = H5Aget_type(id);
    const H5T_class_t kind = H5Tget_class(file_type);
    const long there = value_count(id);
    double *all = NULL;
    pel_status status = PEL_OK;
    if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || there < 1)
        status = pel_fail(PEL_ERR_MISMATCH, "%s: attribute %s of %s is not a number", file->path, name, object);
    if (status == PEL_OK) status = pel_memory_new((size_t)there, 8, &all);
    if (status == PEL_OK && H5Aread(id, type, all) < 0)
        status = pel_io_fail(file, object, "has an attribute that cannot be read");
    if (status == PEL_OK) {
        memcpy(values, all, 8 * (size_t)(there < capacity ? there : capacity));
        *count = there;
    }
    free(all);
    status = pel_io_close(file, object, status, file_type);
    return pel_io_close(file, object, status, id);
}

pel_status pel_file_get_reals(const pel_file *file, const char *object, const char *name, long capacity, double *values,
                              long *count)
{
    return get_numbers(file, object, name, H5T_NATIVE_DOUBLE, capacity, values, count);
}

pel_status pel_file_get_real(const pel_file *file, const char *object, const char *name, double *value)
{
    long count;
    return pel_file_get_reals(file, object, name, 1, value, &count);
}

pel_status pel_file_get_int(const pel_file *file, const char *object, const char *name, long *value)
{
    long count;
    int64_t wide;
    PEL_TRY(get_numbers(file, object, name, H5T_NATIVE_INT64, 1, &wide, &count));
    *value = (long)wide;
    return PEL_OK;
}

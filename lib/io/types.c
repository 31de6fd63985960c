/* Pelagos's types of values as HDF5 types, and back. */
#include <stdint.h>
#include <string.h>

#include "io/handle.h"

size_t pel_io_type_bytes(pel_io_type type)
{
    switch (type) {
    case PEL_IO_FLOAT:
    case PEL_IO_INT32:
        return 4;
    case PEL_IO_COMPLEX:
        return 16;
    default:
        return 8;
    }
}

/* Complex numbers as h5py and PyTables write them. */
static hid_t complex_type(hid_t part)
{
    const hid_t type = H5Tcreate(H5T_COMPOUND, 16);
    if (type < 0) return type;
    if (H5Tinsert(type, "r", 0, part) >= 0 && H5Tinsert(type, "i", 8, part) >= 0) return type;
    H5Tclose(type);
    return H5I_INVALID_HID;
}

hid_t pel_io_memory_type(pel_io_type type)
{
    switch (type) {
    case PEL_IO_FLOAT:
        return H5Tcopy(H5T_NATIVE_FLOAT);
    case PEL_IO_INT32:
        return H5Tcopy(H5T_NATIVE_INT32);
    case PEL_IO_INT64:
        return H5Tcopy(H5T_NATIVE_INT64);
    case PEL_IO_COMPLEX:
        return complex_type(H5T_NATIVE_DOUBLE);
    default:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    }
}

hid_t pel_io_file_type(pel_io_type type)
{
    switch (type) {
    case PEL_IO_FLOAT:
        return H5Tcopy(H5T_IEEE_F32LE);
    case PEL_IO_INT32:
        return H5Tcopy(H5T_STD_I32LE);
    case PEL_IO_INT64:
        return H5Tcopy(H5T_STD_I64LE);
    case PEL_IO_COMPLEX:
        return complex_type(H5T_IEEE_F64LE);
    default:
        return H5Tcopy(H5T_IEEE_F64LE);
    }
}

static bool is_complex(hid_t id)
{
    return H5Tget_nmembers(id) == 2 && H5Tget_member_index(id, "r") == 0 && H5Tget_member_index(id, "i") == 1 &&
           H5Tget_member_class(id, 0) == H5T_FLOAT && H5Tget_member_class(id, 1) == H5T_FLOAT;
}

bool pel_io_find_type(hid_t id, pel_io_type *type)
{
    const H5T_class_t kind = H5Tget_class(id);
    const size_t bytes = H5Tget_size(id);
    if (kind == H5T_FLOAT) *type = bytes > 4 ? PEL_IO_DOUBLE : PEL_IO_FLOAT;
    else if (kind == H5T_INTEGER) *type = bytes > 4 ? PEL_IO_INT64 : PEL_IO_INT32;
    else if (kind == H5T_COMPOUND && is_complex(id)) *type = PEL_IO_COMPLEX;
    else return false;
    return true;
}

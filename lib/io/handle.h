/**
 * @file
 * Private to lib/io: what a pel_file is, and how its calls of HDF5 fail and let go.
 */
#ifndef PELAGOS_IO_HANDLE_H
#define PELAGOS_IO_HANDLE_H

#include <hdf5.h>

#include "io/file.h"
#include "io/store.h"

struct pel_file {
    char *path;         /**< as messages name it: of a published file, the final path */
    char *partial_path; /**< of a published file: where it is until it is whole; else NULL */
    pel_store *store;
    hid_t id;
    bool is_writable;
    long dimensions; /**< dimension scales defined so far: the next _Netcdf4Dimid */
};

enum { PEL_IO_MAX_RANK = 5 };

/** Turns HDF5's own error printing off; every entry into the library calls it. */
void pel_io_begin(void);

/** A file handle without its HDF5 file yet. */
pel_status pel_io_new(const char *path, pel_file **file);
/** Creates the HDF5 file in the handle's store, with a user block of `user_block` bytes (0: none). */
pel_status pel_io_create(pel_file *file, hsize_t user_block);
/** Closes HDF5 and store without another commit, and frees the handle. */
pel_status pel_io_discard(pel_file *file);

/** A file access list whose driver reads and writes `store`; negative on failure. */
hid_t pel_io_access(pel_store *store);

/** Takes the end that HDF5 knows for the end of the last whole state, once a file is open to append. */
pel_status pel_io_adopt_end(const pel_file *file);

/**
 * Records "PATH: OBJECT WHAT: REASON", with the reason from the system where the file failed and else from the
 * innermost HDF5 error. `object` may be NULL or "". @return PEL_ERR_FILE
 */
pel_status pel_io_fail(const pel_file *file, const char *object, const char *what);
/** PEL_OK, or the failure of an earlier write, after which the file takes nothing more. */
pel_status pel_io_check(const pel_file *file, const char *object);
/** PEL_OK if the file is open for writing and no write failed. */
pel_status pel_io_check_writable(const pel_file *file, const char *object);
/** Lets go of any HDF5 id (negative: none). @return `status` if that is a failure already, else that of the close */
pel_status pel_io_close(const pel_file *file, const char *object, pel_status status, hid_t id);

/** Opens the dataset; an unknown name gets PEL_ERR_NAME, with the nearest name that exists. */
pel_status pel_io_open_dataset(const pel_file *file, const char *name, hid_t *id);
/** Opens group or dataset; "" and "/" are the root. */
pel_status pel_io_open_object(const pel_file *file, const char *name, hid_t *id);
/** Makes the groups above `name` ("a/b" for "a/b/c") where they are missing. */
pel_status pel_io_make_parents(pel_file *file, const char *name);
/** Fails with PEL_ERR_NAME, suggesting the nearest of the datasets of the file and listing them. */
pel_status pel_io_unknown_name(const pel_file *file, const char *name);

/** A fresh type of memory or of file for `type`; negative on failure. */
hid_t pel_io_memory_type(pel_io_type type);
hid_t pel_io_file_type(pel_io_type type);
/** The pel_io_type that holds values of `id`. @return whether there is one */
bool pel_io_find_type(hid_t id, pel_io_type *type);

/** Calls `visit` for every dataset of the file, groups entered in creation order. */
typedef pel_status (*pel_io_visitor)(pel_file *file, const char *path, hid_t dataset, void *context);
pel_status pel_io_visit_datasets(pel_file *file, pel_io_visitor visit, void *context);

/** The name (without its leading slash) of the scale of `dimension`, for free(); NULL where there is none. */
pel_status pel_io_scale_name(const pel_file *file, hid_t dataset, int dimension, char **name);

#endif

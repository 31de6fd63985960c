/**
 * @file
 * Checked HDF5 files: named arrays with boxes and attributes, records along an unlimited dimension.
 *
 * A file has one of two forms. A *growing* file (pel_file_create(), pel_file_open() to append) is in netCDF-4 form
 * where its arrays name dimensions; ncdump and xarray open it at any time. It changes only in pel_file_sync() and
 * pel_file_close(), in one step each: after a kill or on a full disk it is what it was at the last sync. A *published*
 * file (io/publish.h) appears under its name only when it is whole.
 *
 * Names of arrays and groups are paths below the root ("eta", "particles/all/position"). A failure is one sentence
 * with path, array and reason. After a failed write a file takes nothing more, and can only be closed.
 *
 * Not thread-safe: HDF5 is called from one thread.
 */
#ifndef PELAGOS_IO_FILE_H
#define PELAGOS_IO_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/** Types of values, in memory and in files (there always little-endian). */
typedef enum pel_io_type {
    PEL_IO_DOUBLE,
    PEL_IO_FLOAT,
    PEL_IO_INT32,
    PEL_IO_INT64,
    PEL_IO_COMPLEX, /**< two doubles; in files a compound (r, i), as h5py has it */
} pel_io_type;

/** Bytes of one value in memory. */
size_t pel_io_type_bytes(pel_io_type type);

typedef struct pel_file pel_file;

typedef enum pel_file_mode { PEL_FILE_READ, PEL_FILE_APPEND } pel_file_mode;

/* ---- files ---- */

/**
 * Creates a growing file. It is on disk as soon as pel_file_sync() has returned, and vanishes again if no sync is
 * ever reached.
 * @return PEL_OK, PEL_ERR_EXISTS if the path exists, or PEL_ERR_FILE
 */
pel_status pel_file_create(const char *path, pel_file **file);
/**
 * Opens a file to read, also while another process appends to it, or to append to it; the caller sees to it that no
 * other process writes (io/lock.h).
 * @return PEL_OK; PEL_ERR_FILE if it is missing or not HDF5; PEL_ERR_CORRUPT if it is truncated
 */
pel_status pel_file_open(const char *path, pel_file_mode mode, pel_file **file);
/** Makes all changes so far durable, as one step: call it after the last array of a record. */
pel_status pel_file_sync(pel_file *file);
/** Syncs, closes and frees; the handle is gone even where that fails. NULL does nothing. */
pel_status pel_file_close(pel_file *file);
/** The path, valid until the file is closed. */
const char *pel_file_path(const pel_file *file);

/* ---- attributes; `object` is "" for the file, or a group (made where missing) or an array ---- */

/** Sets a text attribute, replacing an older one of that name. */
pel_status pel_file_put_text(pel_file *file, const char *object, const char *name, const char *text);
/**
 * Sets an attribute of `count` texts (1: a scalar) of variable length: what h5py gives as str where a text of fixed
 * length, as netCDF has it, comes as bytes.
 */
pel_status pel_file_put_strings(pel_file *file, const char *object, const char *name, long count,
                                const char *const *strings);
/** Sets an attribute of `count` doubles (1: a scalar). */
pel_status pel_file_put_reals(pel_file *file, const char *object, const char *name, long count, const double *values);
/** Sets an attribute of `count` integers (1: a scalar), of 32 bits where all fit, else of 64. */
pel_status pel_file_put_ints(pel_file *file, const char *object, const char *name, long count, const long *values);

/** Reads a text attribute into a copy from the heap, for free(). @return PEL_ERR_NAME if there is none */
pel_status pel_file_get_text(const pel_file *file, const char *object, const char *name, char **text);
/** Reads a number; of several, the first. */
pel_status pel_file_get_real(const pel_file *file, const char *object, const char *name, double *value);
pel_status pel_file_get_int(const pel_file *file, const char *object, const char *name, long *value);
/** Reads up to `capacity` numbers; *count is how many there are. */
pel_status pel_file_get_reals(const pel_file *file, const char *object, const char *name, long capacity, double *values,
                              long *count);
bool pel_file_has_attribute(const pel_file *file, const char *object, const char *name);

/* ---- defining ---- */

/**
 * Defines a dimension of netCDF-4 at the root. With `size` 0 it is unlimited and has a coordinate array of doubles of
 * its name, filled by pel_file_append_box(). Otherwise `coordinates` are its `size` values (doubles), or NULL for a
 * dimension without coordinates. Units, standard_name, axis, calendar: pel_file_put_text() on `name`.
 * @return PEL_OK, PEL_ERR_NAME if the name is taken, or PEL_ERR_FILE
 */
pel_status pel_file_define_dimension(pel_file *file, const char *name, long size, const double *coordinates);

/** How an array is stored. Zero is a good default for all that is optional. */
typedef struct pel_array_spec {
    const char *name;        /**< its path; groups above it are made */
    pel_io_type memory_type; /**< what the caller has; used where file_type would lose complex or integer values */
    pel_io_type file_type;   /**< what is stored, say PEL_IO_FLOAT for doubles */
    int rank;                /**< 0 (a scalar) to 5 */
    const char
        *dimensions[5]; /**< slowest first, each defined before; the first may be unlimited. NULL: none, `shape` */
    long shape[5];      /**< where there is no dimension: the length; 0, for the first only: unlimited */
    long chunk[5];      /**< 0: chosen, about 1 MB and one record, or 4 KB of records where those are tiny */
    int deflate;        /**< 0 (none) to 9, with shuffle */
    bool has_fill;      /**< whether `fill` stands for "no value": also sets _FillValue */
    double fill;
} pel_array_spec;

/** Defines an array, with dimension scales where it names dimensions. @return PEL_OK, PEL_ERR_NAME or PEL_ERR_FILE */
pel_status pel_file_define_array(pel_file *file, const pel_array_spec *spec);
/** Makes a group, and those above it; an existing one is left as it is. */
pel_status pel_file_make_group(pel_file *file, const char *name);
/** Gives the array or group `target` a second name (a hard link), as H5MD does for shared step and time. */
pel_status pel_file_link(pel_file *file, const char *target, const char *name);

/* ---- values ---- */

/** Defines a plain array (no scales) and writes all of it, in one piece. Rank 0 is a scalar. */
pel_status pel_file_write_array(pel_file *file, const char *name, pel_io_type type, int rank, const long shape[],
                                const void *data);
/** Writes the box [start, start + count) of an array from contiguous memory of `type`, converting. */
pel_status pel_file_write_box(pel_file *file, const char *name, pel_io_type type, const long start[],
                              const long count[], const void *data);
/** Reads the box [start, start + count) into contiguous memory of `type`, converting. */
pel_status pel_file_read_box(const pel_file *file, const char *name, pel_io_type type, const long start[],
                             const long count[], void *data);

/** Type, rank and shape of an array; any of them may be NULL. @return PEL_ERR_NAME if there is no such array */
pel_status pel_file_array_info(const pel_file *file, const char *name, pel_io_type *type, int *rank, long shape[5]);
/** Whether an array or group of that path exists. */
bool pel_file_has(const pel_file *file, const char *name);
/** Called with the name (not the path) of a member of a group. A failure ends the listing. */
typedef pel_status (*pel_file_visitor)(void *context, const char *name, bool is_group);
/** Calls `visit` for the members of a group ("": the root), in the order of their creation. */
pel_status pel_file_list(const pel_file *file, const char *group, pel_file_visitor visit, void *context);

/* ---- records ---- */

/**
 * Writes a box of record `record` of an array whose first dimension is unlimited, making the array longer as needed.
 * @param start, count   the box in the other dimensions; both NULL for all of the record
 * @return PEL_OK; PEL_ERR_ARGUMENT if that would leave a gap or lies outside; PEL_ERR_FILE
 */
pel_status pel_file_append_box(pel_file *file, const char *name, long record, pel_io_type type, const long start[],
                               const long count[], const void *data);
/**
 * The number of records that every array along `dimension` has; NULL: every unlimited array without a dimension.
 * -1 on failure.
 */
long pel_file_records(pel_file *file, const char *dimension);
/** Cuts every array along `dimension` (NULL: as above) back to at most `records`; durable on return, with all
 * that was written before. */
pel_status pel_file_truncate_records(pel_file *file, const char *dimension, long records);

#endif

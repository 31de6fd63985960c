/* Records: how many there are, and cutting them back. The arrays along a dimension are found in the file itself. */
#include <hdf5_hl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/handle.h"

/* ---- the dimension of an array ---- */

static herr_t take_scale(hid_t dataset, unsigned dimension, hid_t scale, void *context)
{
    (void)dataset, (void)dimension;
    char name[512];
    if (H5Iget_name(scale, name, sizeof name) < 0) return -1;
    return pel_text_copy(name[0] == '/' ? name + 1 : name, context) == PEL_OK ? 1 : -1;
}

pel_status pel_io_scale_name(const pel_file *file, hid_t dataset, int dimension, char **name)
{
    *name = NULL;
    if (H5Aexists(dataset, "DIMENSION_LIST") <= 0) return PEL_OK;
    if (H5DSiterate_scales(dataset, (unsigned)dimension, NULL, take_scale, name) < 0) {
        free(*name);
        *name = NULL;
        return pel_io_fail(file, NULL, "has an array whose dimension cannot be found");
    }
    return PEL_OK;
}

/* The records of an array, or -1 if it cannot grow. */
static long record_count(hid_t dataset)
{
    hsize_t shape[H5S_MAX_RANK] = {0}, most[H5S_MAX_RANK] = {0};
    const hid_t space = H5Dget_space(dataset);
    const int rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, shape, most);
    if (space >= 0) H5Sclose(space);
    return rank >= 1 && most[0] == H5S_UNLIMITED ? (long)shape[0] : -1;
}

/* Whether the array grows along `wanted`: it is the dimension itself, is attached to it, or neither has a name. */
static pel_status grows_along(pel_file *file, const char *path, hid_t dataset, const char *wanted, bool *does)
{
    char *name = NULL;
    *does = false;
    if (record_count(dataset) < 0) return PEL_OK;
    PEL_TRY(pel_io_scale_name(file, dataset, 0, &name));
    const char *along = !name && H5DSis_scale(dataset) > 0 ? path : name;
    *does = wanted && along ? strcmp(wanted, along) == 0 : !wanted && !along;
    free(name);
    return PEL_OK;
}

/* ---- counting and cutting ---- */

typedef struct record_walk {
    const char *dimension;
    long records; /* found, or wanted */
    bool any;
} record_walk;

static pel_status count_records(pel_file *file, const char *path, hid_t dataset, void *context)
{
    record_walk *walk = context;
    bool does;
    PEL_TRY(grows_along(file, path, dataset, walk->dimension, &does));
    if (!does) return PEL_OK;
    const long records = record_count(dataset);
    if (!walk->any || records < walk->records) walk->records = records;
    walk->any = true;
    return PEL_OK;
}

long pel_file_records(pel_file *file, const char *dimension)
{
    record_walk walk = {dimension, 0, false};
    if (dimension && !pel_file_has(file, dimension)) return pel_io_unknown_name(file, dimension), -1;
    return pel_io_visit_datasets(file, count_records, &walk) == PEL_OK ? walk.records : -1;
}

static pel_status cut(pel_file *file, const char *path, hid_t dataset, long records)
{
    hsize_t shape[H5S_MAX_RANK];
    if (record_count(dataset) <= records) return PEL_OK;
    const hid_t space = H5Dget_space(dataset);
    pel_status status = PEL_OK;
    if (space < 0 || H5Sget_simple_extent_dims(space, shape, NULL) < 0)
        status = pel_io_fail(file, path, "cannot be looked up");
    shape[0] = (hsize_t)records;
    if (status == PEL_OK && H5Dset_extent(dataset, shape) < 0) status = pel_io_fail(file, path, "cannot be cut back");
    return pel_io_close(file, path, status, space);
}

static pel_status cut_records(pel_file *file, const char *path, hid_t dataset, void *context)
{
    const record_walk *walk = context;
    bool does;
    PEL_TRY(grows_along(file, path, dataset, walk->dimension, &does));
    return does ? cut(file, path, dataset, walk->records) : PEL_OK;
}

pel_status pel_file_truncate_records(pel_file *file, const char *dimension, long records)
{
    record_walk walk = {dimension, records < 0 ? 0 : records, false};
    PEL_TRY(pel_io_check_writable(file, dimension ? dimension : ""));
    if (dimension && !pel_file_has(file, dimension)) return pel_io_unknown_name(file, dimension);
    PEL_TRY(pel_file_sync(file)); /* what was appended before goes in by another order */
    PEL_TRY(pel_io_visit_datasets(file, cut_records, &walk));
    pel_store_will_cut(file->store);
    return pel_file_sync(file);
}

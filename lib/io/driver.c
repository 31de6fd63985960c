/* The HDF5 file driver over a store, and HDF5's errors as one sentence.
 *
 * Writes never fail towards HDF5: a library that was told of a full disk keeps its changes, tries again at every turn
 * and cannot close. The store remembers the failure instead, and every public call asks it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/handle.h"

typedef struct driver_info {
    pel_store *store;
} driver_info;

typedef struct driver_file {
    H5FD_t head; /* HDF5's own part; must come first */
    pel_store *store;
    haddr_t end; /* of allocated addresses */
} driver_file;

static H5FD_t *open_driver(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    (void)name, (void)flags, (void)most;
    const driver_info *info = H5Pget_driver_info(access);
    driver_file *file = info ? calloc(1, sizeof *file) : NULL;
    if (file) file->store = info->store;
    return (H5FD_t *)file;
}

static herr_t close_driver(H5FD_t *head)
{
    free(head);
    return 0;
}

static herr_t query_driver(const H5FD_t *head, unsigned long *flags)
{
    (void)head;
    /* No H5FD_FEAT_ACCUMULATE_METADATA: it would join what the store must tell apart; the store keeps it in memory. */
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA |
             H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t get_allocated(const H5FD_t *head, H5FD_mem_t kind)
{
    (void)kind;
    return ((const driver_file *)head)->end;
}

static herr_t set_allocated(H5FD_t *head, H5FD_mem_t kind, haddr_t end)
{
    (void)kind;
    ((driver_file *)head)->end = end;
    return 0;
}

static haddr_t get_end(const H5FD_t *head, H5FD_mem_t kind)
{
    (void)kind;
    return pel_store_end(((const driver_file *)head)->store);
}

/* What pel_io_adopt_end() asks for. */
static herr_t get_handle(H5FD_t *head, hid_t access, void **handle)
{
    (void)access;
    *handle = &((driver_file *)head)->end;
    return 0;
}

static herr_t read_driver(H5FD_t *head, H5FD_mem_t kind, hid_t transfer, haddr_t offset, size_t bytes, void *data)
{
    (void)kind, (void)transfer;
    return pel_store_read(((driver_file *)head)->store, offset, bytes, data) ? -1 : 0;
}

static pel_store_part part_of(H5FD_mem_t kind)
{
    switch (kind) {
    case H5FD_MEM_SUPER:
        return PEL_STORE_SUPERBLOCK;
    case H5FD_MEM_DRAW:
        return PEL_STORE_DATA;
    case H5FD_MEM_OHDR:
        return PEL_STORE_HEADER;
    default:
        return PEL_STORE_INDEX;
    }
}

static herr_t write_driver(H5FD_t *head, H5FD_mem_t kind, hid_t transfer, haddr_t offset, size_t bytes,
                           const void *data)
{
    (void)transfer;
    pel_store_write(((driver_file *)head)->store, offset, bytes, data, part_of(kind));
    return 0;
}

static herr_t truncate_driver(H5FD_t *head, hid_t transfer, hbool_t closing)
{
    (void)transfer, (void)closing;
    driver_file *file = (driver_file *)head;
    pel_store_set_end(file->store, file->end);
    return 0;
}

static const H5FD_class_t driver_class = {
    .name = "pelagos",
    .maxaddr = ((haddr_t)1 << 62) - 1,
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(driver_info),
    .open = open_driver,
    .close = close_driver,
    .query = query_driver,
    .get_eoa = get_allocated,
    .set_eoa = set_allocated,
    .get_eof = get_end,
    .get_handle = get_handle,
    .read = read_driver,
    .write = write_driver,
    .truncate = truncate_driver,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

hid_t pel_io_access(pel_store *store)
{
    static hid_t driver = H5I_INVALID_HID;
    if (driver < 0) driver = H5FDregister(&driver_class);
    const hid_t access = driver < 0 ? H5I_INVALID_HID : H5Pcreate(H5P_FILE_ACCESS);
    if (access < 0) return access;
    const driver_info info = {store};
    /* The oldest format that can hold the file: what every reader understands, live and after a kill. */
    if (H5Pset_driver(access, driver, &info) >= 0 && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) >= 0 &&
        H5Pset_file_locking(access, 0, 1) >= 0)
        return access;
    H5Pclose(access);
    return H5I_INVALID_HID;
}

pel_status pel_io_adopt_end(const pel_file *file)
{
    void *handle = NULL;
    if (H5Fget_vfd_handle(file->id, H5P_DEFAULT, &handle) < 0) return pel_io_fail(file, NULL, "cannot be opened");
    pel_store_adopt(file->store, *(const haddr_t *)handle);
    return PEL_OK;
}

void pel_io_begin(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* sentences come from pel_io_fail() */
}

/* ---- errors ---- */

typedef struct innermost {
    char text[512];
} innermost;

static herr_t take_first(unsigned at, const H5E_error2_t *error, void *context)
{
    (void)at;
    innermost *found = context;
    if (!found->text[0] && error->desc && error->desc[0]) snprintf(found->text, sizeof found->text, "%s", error->desc);
    return 0;
}

pel_status pel_io_fail(const pel_file *file, const char *object, const char *what)
{
    innermost reason = {{0}};
    const int error = file->store ? pel_store_error(file->store) : 0;
    if (error) snprintf(reason.text, sizeof reason.text, "%s", strerror(error));
    else H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take_first, &reason);
    H5Eclear2(H5E_DEFAULT);
    if (!reason.text[0]) snprintf(reason.text, sizeof reason.text, "HDF5 gives no reason");
    const bool is_named = object && object[0];
    return pel_fail(PEL_ERR_FILE, "%s: %s%s%s: %s", file->path, is_named ? object : "it", " ", what, reason.text);
}

pel_status pel_io_check(const pel_file *file, const char *object)
{
    return file->store && pel_store_error(file->store) ? pel_io_fail(file, object, "cannot be written") : PEL_OK;
}

pel_status pel_io_check_writable(const pel_file *file, const char *object)
{
    if (!file->is_writable)
        return pel_fail(PEL_ERR_ARGUMENT, "%s: %s cannot be written: the file was opened to read", file->path, object);
    return pel_io_check(file, object);
}

pel_status pel_io_close(const pel_file *file, const char *object, pel_status status, hid_t id)
{
    if (id < 0 || H5Idec_ref(id) >= 0 || status != PEL_OK) return status;
    return pel_io_fail(file, object, "cannot be closed");
}

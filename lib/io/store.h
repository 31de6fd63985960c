/**
 * @file
 * Private to lib/io: the bytes of one file, changed from one whole state to the next.
 *
 * HDF5 changes a file in place, a block here and a block there; a kill or a full disk in the middle of that leaves a
 * file that no reader understands. A store keeps every change to bytes that the last whole state holds in memory, and
 * lets only new bytes (beyond that state's end, where nothing points yet) through to the file. pel_store_commit() then
 * makes the changes one step: they go to a journal beside the file, and from there into the file; whoever opens the
 * file after a kill replays a complete journal and ignores an incomplete one. A write that fails is remembered and all
 * later ones are kept from the file, so that HDF5 can always close, and the file stays as it was at the last commit.
 */
#ifndef PELAGOS_IO_STORE_H
#define PELAGOS_IO_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef struct pel_store pel_store;

/** How a store treats its file. */
typedef enum pel_store_kind {
    PEL_STORE_GROWING,  /**< commits are one step each, whatever interrupts them */
    PEL_STORE_ONE_SHOT, /**< nothing is kept until the whole file is done: everything goes straight through */
    PEL_STORE_READ,     /**< a complete journal is seen through, never applied */
} pel_store_kind;

/** What bytes are to whoever reads the file: the order in which a commit changes them depends on it. */
typedef enum pel_store_part {
    PEL_STORE_SUPERBLOCK, /**< where the file ends */
    PEL_STORE_DATA,       /**< values */
    PEL_STORE_INDEX,      /**< what leads to values: trees, heaps */
    PEL_STORE_HEADER,     /**< of an object: how many values there are */
} pel_store_part;

/**
 * Creates the file. A growing one has its name with its first commit; until then it is hidden.
 * @return PEL_OK, PEL_ERR_EXISTS if the path exists, or PEL_ERR_FILE
 */
pel_status pel_store_create(const char *path, pel_store_kind kind, pel_store **store);
/** Opens an existing file, to read or to change; in the latter case a complete journal is applied first. */
pel_status pel_store_open(const char *path, pel_store_kind kind, pel_store **store);

/** Reads `bytes` at `offset`; what lies beyond the end is zero. @return 0, or the errno of the failure */
int pel_store_read(pel_store *store, uint64_t offset, size_t bytes, void *data);
/** Writes; a failure is remembered (pel_store_error()). All but data stays readable even then. */
void pel_store_write(pel_store *store, uint64_t offset, size_t bytes, const void *data, pel_store_part part);
/** The length that the file has, or is to have at the next commit. */
uint64_t pel_store_end(const pel_store *store);
void pel_store_set_end(pel_store *store, uint64_t end);
/** Declares `end` the end of the last whole state: an append that was cut short may have left bytes beyond it. */
void pel_store_adopt(pel_store *store, uint64_t end);
/** The errno of the first failed write, or 0. */
int pel_store_error(const pel_store *store);

/** Tells that the next commit takes values away: other readers must learn of it before the values go. */
void pel_store_will_cut(pel_store *store);
/** Makes all changes since the last commit durable, as one step. @return PEL_OK or PEL_ERR_FILE */
pel_status pel_store_commit(pel_store *store);
/**
 * Closes and frees the store. What was not committed is cut off; a created file that never reached a commit is removed.
 * NULL does nothing.
 */
pel_status pel_store_close(pel_store *store);

/** Writes all of `data` to `fd` at `offset`. @return 0, or the errno of the failure */
int pel_store_put(int fd, uint64_t offset, size_t bytes, const void *data);
/** Makes the folder that holds `path` durable: names created, renamed or removed in it. @return 0 or an errno */
int pel_store_sync_folder(const char *path);
/** How the hidden names of unfinished files end: what a killed run leaves of them, pel_publish_clean() removes. */
#define PEL_STORE_PARTIAL ".partial"
/** Where a file is until it is whole: ".<base>.<process>.partial" in its folder, for the caller to free(). */
pel_status pel_store_partial_path(const char *path, char **partial);
/** The name of a hidden file beside `path`: ".<base><suffix>" in its folder, for the caller to free(). */
pel_status pel_store_hidden_path(const char *path, const char *suffix, char **hidden);

#endif

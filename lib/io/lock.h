/**
 * @file
 * One run a folder: a lock that ends with its process, however that ends.
 */
#ifndef PELAGOS_IO_LOCK_H
#define PELAGOS_IO_LOCK_H

#include "base/status.h"

typedef struct pel_lock pel_lock;

/**
 * Takes the lock of a folder (flock on its hidden file `.lock`, which stays).
 * @return PEL_OK, PEL_ERR_BUSY naming process and host that hold it, or PEL_ERR_FILE
 */
pel_status pel_lock_take(const char *folder, pel_lock **lock);
/** Releases and frees the lock. NULL does nothing. */
void pel_lock_release(pel_lock *lock);

#endif

/**
 * @file
 * Published files: they appear under their name only when they are whole, and can be verified to the last bit.
 *
 * A published HDF5 file begins with a user block of 512 bytes that holds a magic word, the format's version, the
 * length and XXH3-128 of all that follows; HDF5 readers skip it. Until it is published a file is a hidden
 * `.NAME.PID.partial` in the same folder.
 */
#ifndef PELAGOS_IO_PUBLISH_H
#define PELAGOS_IO_PUBLISH_H

#include <stdbool.h>
#include <stdio.h>

#include "io/file.h"

/** Begins a file that pel_publish_end() will put at `path`; meanwhile it takes all that a created pel_file does. */
pel_status pel_publish_begin(const char *path, pel_file **file);
/**
 * Closes, hashes and publishes the file, replacing an older one of that name; durable on return. On failure the
 * unfinished file is removed and what stood at the path still does. The handle is gone either way.
 */
pel_status pel_publish_end(pel_file *file);
/** Removes an unfinished file and frees the handle. NULL does nothing. */
void pel_publish_abandon(pel_file *file);

/**
 * Reads the whole file against its hash.
 * @return PEL_OK; PEL_ERR_CORRUPT (truncated, damaged, not a published file, of a newer version); PEL_ERR_FILE
 */
pel_status pel_publish_verify(const char *path);

/** Removes what killed runs left unfinished in `folder`. Call it only where no other process publishes (io/lock.h). */
pel_status pel_publish_clean(const char *folder);

/**
 * Makes a folder and those above it.
 * @param is_made  receives whether it was not there
 * @return PEL_OK, PEL_ERR_FILE if it can neither be made nor is there, PEL_ERR_MEMORY
 */
pel_status pel_publish_folder(const char *path, bool *is_made);

/** Writes the content of a file to `file`, in any number of pieces; failures of `file` itself are seen afterwards. */
typedef pel_status pel_publish_writer(FILE *file, const void *data);
/** Writes what `write` gives as a file, whole or not at all, replacing an older one; durable on return. */
pel_status pel_publish_stream(const char *path, pel_publish_writer *write, const void *data);
/** Writes a small text file whole or not at all, replacing an older one; durable on return. */
pel_status pel_publish_text(const char *path, const char *text);

#endif

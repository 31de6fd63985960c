/* Publishing: hidden name, hash, fsync, rename, fsync of the folder. */
#include "io/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/handle.h"

enum { USER_BLOCK_BYTES = 512, BLOCK_BYTES = 4 << 20, VERSION = 1 };

static const char magic[8] = "pelagos\n";

/* The user block. Numbers are little-endian, the hash is in XXH3's canonical order, the rest is zero. */
typedef struct user_block {
    char magic[8];
    uint32_t version, zero;
    uint64_t length; /* of all that follows the block */
    XXH128_canonical_t hash;
    char rest[USER_BLOCK_BYTES - 40];
} user_block;

_Static_assert(sizeof(user_block) == USER_BLOCK_BYTES, "the user block has no padding");

/* ---- hashing ---- */

static pel_status hash_blocks(int fd, const char *path, char *buffer, XXH3_state_t *state, uint64_t *length)
{
    *length = 0;
    for (;;) {
        const ssize_t got = pread(fd, buffer, BLOCK_BYTES, (off_t)(USER_BLOCK_BYTES + *length));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return pel_fail(PEL_ERR_FILE, "%s cannot be read: %s", path, strerror(errno));
        if (got == 0) return PEL_OK;
        XXH3_128bits_update(state, buffer, (size_t)got);
        *length += (uint64_t)got;
    }
}

/* Length and hash of all that follows the user block, in blocks of a bounded size. */
static pel_status hash_file(int fd, const char *path, uint64_t *length, XXH128_canonical_t *hash)
{
    char *buffer = NULL;
    XXH3_state_t *state = XXH3_createState();
    pel_status status = state ? pel_memory_new(BLOCK_BYTES, 1, &buffer) : pel_fail(PEL_ERR_MEMORY, "out of memory");
    if (status == PEL_OK) {
        XXH3_128bits_reset(state);
        status = hash_blocks(fd, path, buffer, state, length);
        XXH128_canonicalFromHash(hash, XXH3_128bits_digest(state));
    }
    free(buffer);
    XXH3_freeState(state);
    return status;
}

/* ---- publishing ---- */

pel_status pel_publish_begin(const char *path, pel_file **file)
{
    pel_file *fresh = NULL;
    PEL_TRY(pel_io_new(path, &fresh));
    pel_status status = pel_store_partial_path(path, &fresh->partial_path);
    if (status == PEL_OK) {
        unlink(fresh->partial_path); /* ours alone: of an earlier failed attempt, or a dead process of our number */
        status = pel_store_create(fresh->partial_path, PEL_STORE_ONE_SHOT, &fresh->store);
    }
    if (status == PEL_OK) status = pel_io_create(fresh, USER_BLOCK_BYTES);
    if (status == PEL_OK) *file = fresh;
    else pel_io_discard(fresh);
    return status;
}

static pel_status seal(int fd, const char *path)
{
    user_block block = {.version = VERSION};
    memcpy(block.magic, magic, sizeof magic);
    PEL_TRY(hash_file(fd, path, &block.length, &block.hash));
    int error = pel_store_put(fd, 0, sizeof block, &block);
    if (!error && fsync(fd) != 0) error = errno;
    return error ? pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", path, strerror(error)) : PEL_OK;
}

static pel_status put_in_place(const char *partial, const char *path)
{
    int error = rename(partial, path) == 0 ? 0 : errno;
    if (!error) error = pel_store_sync_folder(path);
    return error ? pel_fail(PEL_ERR_FILE, "%s cannot be put in place: %s", path, strerror(error)) : PEL_OK;
}

static pel_status seal_and_place(const char *partial, const char *path)
{
    const int fd = open(partial, O_RDWR | O_CLOEXEC);
    if (fd < 0) return pel_fail(PEL_ERR_FILE, "%s cannot be opened: %s", partial, strerror(errno));
    pel_status status = seal(fd, path);
    if (close(fd) != 0 && status == PEL_OK)
        status = pel_fail(PEL_ERR_FILE, "%s cannot be closed: %s", path, strerror(errno));
    return status == PEL_OK ? put_in_place(partial, path) : status;
}

pel_status pel_publish_end(pel_file *file)
{
    char *partial = NULL, *path = NULL;
    pel_status status = pel_text_copy(file->partial_path, &partial);
    if (status == PEL_OK) status = pel_text_copy(file->path, &path);
    if (status != PEL_OK) pel_publish_abandon(file);
    else status = pel_file_close(file);
    if (status == PEL_OK) status = seal_and_place(partial, path);
    if (status != PEL_OK && partial) unlink(partial);
    free(partial);
    free(path);
    return status;
}

void pel_publish_abandon(pel_file *file)
{
    if (!file) return;
    char *partial = file->partial_path;
    file->partial_path = NULL;
    pel_io_discard(file);
    if (partial) unlink(partial);
    free(partial);
}

/* ---- verifying ---- */

static pel_status corrupt(const char *path, const char *why)
{
    return pel_fail(PEL_ERR_CORRUPT, "%s %s", path, why);
}

static pel_status check_head(const char *path, const user_block *block)
{
    static const char zeros[sizeof block->rest];
    if (memcmp(block->magic, magic, sizeof magic) != 0)
        return corrupt(path, "is not a published file of Pelagos, or its first bytes are damaged");
    if (block->version > VERSION)
        return pel_fail(PEL_ERR_CORRUPT, "%s has format version %u; this Pelagos knows up to %d: use a newer one", path,
                        block->version, VERSION);
    if (block->version < 1 || block->zero || memcmp(block->rest, zeros, sizeof zeros) != 0)
        return corrupt(path, "is damaged: its first 512 bytes hold what cannot be there");
    return PEL_OK;
}

static pel_status verify_open(int fd, const char *path)
{
    user_block block;
    struct stat file;
    if (fstat(fd, &file) != 0) return pel_fail(PEL_ERR_FILE, "%s cannot be read: %s", path, strerror(errno));
    if (file.st_size < USER_BLOCK_BYTES) return corrupt(path, "is truncated: it has less than 512 bytes");
    if (pread(fd, &block, sizeof block, 0) != (ssize_t)sizeof block)
        return pel_fail(PEL_ERR_FILE, "%s cannot be read: %s", path, strerror(errno));
    PEL_TRY(check_head(path, &block));
    const uint64_t there = (uint64_t)file.st_size - USER_BLOCK_BYTES;
    if (there != block.length)
        return pel_fail(PEL_ERR_CORRUPT, "%s %s: %llu bytes of data are there, %llu were written", path,
                        there < block.length ? "is truncated" : "is longer than it was", (unsigned long long)there,
                        (unsigned long long)block.length);
    uint64_t length;
    XXH128_canonical_t hash;
    PEL_TRY(hash_file(fd, path, &length, &hash));
    if (memcmp(&hash, &block.hash, sizeof hash) != 0)
        return corrupt(path, "is damaged: its bytes do not have the hash that was written with them");
    return PEL_OK;
}

pel_status pel_publish_verify(const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO would be waited for */
    if (fd < 0) return pel_fail(PEL_ERR_FILE, "%s cannot be opened: %s", path, strerror(errno));
    const pel_status status = verify_open(fd, path);
    close(fd);
    return status;
}

/* ---- folders ---- */

pel_status pel_publish_folder(const char *path, bool *is_made)
{
    char *part = NULL;
    PEL_TRY(pel_text_copy(path, &part));
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(part, 0777); /* what cannot be made here shows below */
        *slash = '/';
    }
    free(part);
    *is_made = mkdir(path, 0777) == 0;
    if (!*is_made && errno != EEXIST)
        return pel_fail(PEL_ERR_FILE, "the folder %s cannot be made: %s", path, strerror(errno));
    struct stat found;
    if (stat(path, &found) != 0 || !S_ISDIR(found.st_mode)) return pel_fail(PEL_ERR_FILE, "%s is not a folder", path);
    return PEL_OK;
}

/* ---- leftovers ---- */

static bool is_partial(const char *name)
{
    const size_t length = strlen(name), end = sizeof PEL_STORE_PARTIAL - 1;
    return name[0] == '.' && length > end + 1 && strcmp(name + length - end, PEL_STORE_PARTIAL) == 0;
}

pel_status pel_publish_clean(const char *folder)
{
    DIR *entries = opendir(folder);
    if (!entries) return pel_fail(PEL_ERR_FILE, "%s cannot be listed: %s", folder, strerror(errno));
    pel_status status = PEL_OK;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (is_partial(entry->d_name) && unlinkat(dirfd(entries), entry->d_name, 0) != 0 && status == PEL_OK)
            status = pel_fail(PEL_ERR_FILE, "%s/%s cannot be removed: %s", folder, entry->d_name, strerror(errno));
    closedir(entries);
    return status;
}

/* ---- texts ---- */

static pel_status write_stream(const char *partial, const char *path, pel_publish_writer *write, const void *data)
{
    FILE *file = fopen(partial, "we");
    if (!file) return pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", path, strerror(errno));
    errno = 0;
    const pel_status status = write(file, data);
    int error = 0;
    if (fflush(file) != 0 || ferror(file)) error = errno ? errno : EIO; /* of an earlier write: errno may be gone */
    if (!error && fsync(fileno(file)) != 0) error = errno;
    if (fclose(file) != 0 && !error) error = errno;
    if (status != PEL_OK) return status;
    return error ? pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", path, strerror(error)) : PEL_OK;
}

pel_status pel_publish_stream(const char *path, pel_publish_writer *write, const void *data)
{
    char *partial = NULL;
    PEL_TRY(pel_store_partial_path(path, &partial));
    pel_status status = write_stream(partial, path, write, data);
    if (status == PEL_OK) status = put_in_place(partial, path);
    if (status != PEL_OK) unlink(partial);
    free(partial);
    return status;
}

static pel_status write_text(FILE *file, const void *text)
{
    fputs(text, file); /* a failure stays with the file */
    return PEL_OK;
}

pel_status pel_publish_text(const char *path, const char *text)
{
    return pel_publish_stream(path, write_text, text);
}

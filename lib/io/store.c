/* A file that goes from one whole state to the next.
 *
 * Changed pages (4 KiB) live in memory, sorted by number. A commit is:
 *
 *     1. fsync: the new bytes beyond the committed end are durable; nothing in the file points to them yet
 *     2. journal: every changed page and the new end, closed by a hash; fsync
 *     3. the pages go into the file, the file gets its new end; fsync
 *     4. the journal is emptied
 *
 * A kill before the journal's hash is down leaves the state before, one after it the state after. Replaying twice does
 * no harm. Other readers of a live file, or of one whose writer was killed within step 3, do not know the journal. For
 * them the superblock, which tells the end of the file, goes first, and the rest from the end of the file to its
 * beginning: values before the headers that say how many there are, since headers were allocated first.
 */
#include "io/store.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/text.h"

enum { PAGE_BYTES = 4096 };

typedef struct page {
    uint64_t number;
    unsigned char *bytes;
} page;

struct pel_store {
    pel_store_kind kind;
    char *path, *journal_path;
    int fd;
    FILE *journal;
    uint64_t end;       /* what the file's length is to be */
    uint64_t committed; /* the end of the last whole state */
    bool is_new;        /* created here and not committed yet */
    int error;          /* errno of the first failed write */
    bool is_torn;       /* a commit failed while it was changing the file: only the journal has the whole state */
    page *pages;
    size_t count, capacity;
};

typedef struct journal_head {
    char magic[8];
    uint64_t count, end;
} journal_head;

static const char journal_magic[8] = "pel-jnl1";

/* ---- names and plain I/O ---- */

pel_status pel_store_hidden_path(const char *path, const char *suffix, char **hidden)
{
    pel_text text = {0};
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    pel_text_add(&text, "%.*s.%s%s", (int)(base - path), path, base, suffix);
    if (text.lost) {
        pel_text_free(&text);
        return pel_fail(PEL_ERR_MEMORY, "out of memory for the name of a file beside %s", path);
    }
    *hidden = text.bytes;
    return PEL_OK;
}

int pel_store_put(int fd, uint64_t offset, size_t bytes, const void *data)
{
    const char *from = data;
    while (bytes) {
        const ssize_t done = pwrite(fd, from, bytes, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return done < 0 ? errno : EIO;
        from += done, offset += (uint64_t)done, bytes -= (size_t)done;
    }
    return 0;
}

/* What lies beyond the end of the file reads as zero, as HDF5 expects of its drivers. */
static int get(int fd, uint64_t offset, size_t bytes, void *data)
{
    char *to = data;
    while (bytes) {
        const ssize_t done = pread(fd, to, bytes, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return errno;
        if (done == 0) {
            memset(to, 0, bytes);
            return 0;
        }
        to += done, offset += (uint64_t)done, bytes -= (size_t)done;
    }
    return 0;
}

int pel_store_sync_folder(const char *path)
{
    char *copy = strdup(path);
    if (!copy) return ENOMEM;
    int error = 0;
    const int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) error = errno;
    else if (fsync(fd) != 0 && errno != EINVAL) error = errno; /* EINVAL: a file system that has no such thing */
    if (fd >= 0) close(fd);
    free(copy);
    return error;
}

/* ---- changed pages ---- */

/* Where the page is, or would stand. */
static size_t find_page(const pel_store *store, uint64_t number)
{
    size_t low = 0, high = store->count;
    if (high && store->pages[high - 1].number < number) return high;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (store->pages[middle].number < number) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool has_page(const pel_store *store, size_t at, uint64_t number)
{
    return at < store->count && store->pages[at].number == number;
}

/* The page's bytes in memory, taken from the file at the first change. NULL when memory or the file fails. */
static unsigned char *change_page(pel_store *store, uint64_t number)
{
    const size_t at = find_page(store, number);
    if (has_page(store, at, number)) return store->pages[at].bytes;
    unsigned char *bytes = malloc(PAGE_BYTES);
    int error = bytes ? get(store->fd, number * PAGE_BYTES, PAGE_BYTES, bytes) : ENOMEM;
    if (!error && pel_memory_grow(&store->pages, &store->capacity, store->count + 1, sizeof(page)) != PEL_OK)
        error = ENOMEM;
    if (error) {
        free(bytes);
        if (!store->error) store->error = error;
        return NULL;
    }
    memmove(store->pages + at + 1, store->pages + at, (store->count - at) * sizeof(page));
    store->pages[at] = (page){number, bytes};
    store->count++;
    return bytes;
}

static void drop_pages(pel_store *store)
{
    for (size_t i = 0; i < store->count; i++) free(store->pages[i].bytes);
    store->count = 0;
}

/* ---- reading and writing ---- */

static size_t smaller(size_t a, uint64_t b)
{
    return a < b ? a : (size_t)b;
}

int pel_store_read(pel_store *store, uint64_t offset, size_t bytes, void *data)
{
    const int error = get(store->fd, offset, bytes, data);
    if (error) return error;
    const uint64_t stop = offset + bytes;
    for (size_t i = find_page(store, offset / PAGE_BYTES); i < store->count; i++) {
        const uint64_t start = store->pages[i].number * PAGE_BYTES;
        if (start >= stop) break;
        const uint64_t from = start > offset ? start : offset;
        const uint64_t to = start + PAGE_BYTES < stop ? start + PAGE_BYTES : stop;
        memcpy((char *)data + (from - offset), store->pages[i].bytes + (from - start), to - from);
    }
    return 0;
}

static bool must_stay_in_memory(const pel_store *store, uint64_t number)
{
    if (store->error || store->kind == PEL_STORE_READ || number * PAGE_BYTES < store->committed) return true;
    return store->count && has_page(store, find_page(store, number), number);
}

/* The length of the run of pages from `offset` on that share the fate of the first, up to `bytes`. */
static size_t run_length(const pel_store *store, uint64_t offset, size_t bytes, bool in_memory)
{
    size_t length = smaller(bytes, PAGE_BYTES - offset % PAGE_BYTES);
    if (in_memory) return length;
    if (!store->count) return bytes; /* all pages from here on lie beyond the committed end */
    while (length < bytes && !must_stay_in_memory(store, (offset + length) / PAGE_BYTES))
        length += smaller(bytes - length, PAGE_BYTES);
    return length;
}

void pel_store_write(pel_store *store, uint64_t offset, size_t bytes, const void *data, bool is_metadata)
{
    const char *from = data;
    if (offset + bytes > store->end) store->end = offset + bytes;
    while (bytes && (is_metadata || !store->error)) {
        const bool in_memory = must_stay_in_memory(store, offset / PAGE_BYTES);
        const size_t length = run_length(store, offset, bytes, in_memory);
        if (in_memory) {
            unsigned char *changed = change_page(store, offset / PAGE_BYTES);
            if (changed) memcpy(changed + offset % PAGE_BYTES, from, length);
        } else {
            store->error = pel_store_put(store->fd, offset, length, from);
            if (store->error) continue; /* once more, into memory if it is metadata */
        }
        from += length, offset += length, bytes -= length;
    }
}

uint64_t pel_store_end(const pel_store *store)
{
    return store->end;
}

void pel_store_set_end(pel_store *store, uint64_t end)
{
    store->end = end;
}

void pel_store_adopt(pel_store *store, uint64_t end)
{
    store->end = store->committed = end;
}

int pel_store_error(const pel_store *store)
{
    return store->error;
}

/* ---- the journal ---- */

static void journal_put(FILE *journal, XXH3_state_t *hash, const void *data, size_t bytes, int *error)
{
    XXH3_64bits_update(hash, data, bytes);
    if (!*error && fwrite(data, 1, bytes, journal) != bytes) *error = errno ? errno : EIO;
}

/* The journal stays open between commits and is emptied, not removed: its name needs to become durable only once. */
static int open_journal(pel_store *store)
{
    if (store->journal) return 0;
    store->journal = fopen(store->journal_path, "w+e");
    return store->journal ? pel_store_sync_folder(store->path) : errno;
}

static int write_journal(pel_store *store)
{
    int error = open_journal(store);
    if (error) return error;
    XXH3_state_t *hash = XXH3_createState();
    if (!hash) return ENOMEM;
    XXH3_64bits_reset(hash);
    journal_head head = {.count = store->count, .end = store->end};
    memcpy(head.magic, journal_magic, sizeof head.magic);
    journal_put(store->journal, hash, &head, sizeof head, &error);
    for (size_t i = 0; i < store->count && !error; i++) {
        journal_put(store->journal, hash, &store->pages[i].number, sizeof(uint64_t), &error);
        journal_put(store->journal, hash, store->pages[i].bytes, PAGE_BYTES, &error);
    }
    const uint64_t sum = XXH3_64bits_digest(hash);
    XXH3_freeState(hash);
    if (!error && fwrite(&sum, 1, sizeof sum, store->journal) != sizeof sum) error = errno;
    if (!error && fflush(store->journal) != 0) error = errno;
    if (!error && fsync(fileno(store->journal)) != 0) error = errno;
    return error;
}

static int empty_journal(pel_store *store)
{
    rewind(store->journal);
    return ftruncate(fileno(store->journal), 0) == 0 ? 0 : errno;
}

/* Reads pages and end of a complete journal into the store. @return whether it was complete */
static bool read_pages(pel_store *store, FILE *journal, XXH3_state_t *hash, const journal_head *head)
{
    for (uint64_t i = 0; i < head->count; i++) {
        uint64_t number;
        if (fread(&number, 1, sizeof number, journal) != sizeof number) return false;
        unsigned char *bytes = change_page(store, number);
        if (!bytes || fread(bytes, 1, PAGE_BYTES, journal) != PAGE_BYTES) return false;
        XXH3_64bits_update(hash, &number, sizeof number);
        XXH3_64bits_update(hash, bytes, PAGE_BYTES);
    }
    uint64_t sum;
    return fread(&sum, 1, sizeof sum, journal) == sizeof sum && sum == XXH3_64bits_digest(hash);
}

static bool read_journal(pel_store *store)
{
    FILE *journal = fopen(store->journal_path, "re");
    if (!journal) return false;
    journal_head head;
    XXH3_state_t *hash = XXH3_createState();
    bool complete = hash && fread(&head, 1, sizeof head, journal) == sizeof head &&
                    memcmp(head.magic, journal_magic, sizeof head.magic) == 0;
    if (complete) {
        XXH3_64bits_reset(hash);
        XXH3_64bits_update(hash, &head, sizeof head);
        complete = read_pages(store, journal, hash, &head);
    }
    if (complete) store->end = head.end;
    else drop_pages(store);
    XXH3_freeState(hash);
    fclose(journal);
    return complete;
}

/* ---- commit ---- */

static int apply_page(const pel_store *store, const page *changed)
{
    const uint64_t start = changed->number * PAGE_BYTES;
    if (start >= store->end) return 0;
    return pel_store_put(store->fd, start, smaller(PAGE_BYTES, store->end - start), changed->bytes);
}

static int apply_pages(pel_store *store)
{
    const bool has_superblock = store->count && store->pages[0].number == 0;
    int error = has_superblock ? apply_page(store, &store->pages[0]) : 0;
    for (size_t i = store->count; i > has_superblock && !error; i--) error = apply_page(store, &store->pages[i - 1]);
    if (!error && ftruncate(store->fd, (off_t)store->end) != 0) error = errno;
    if (!error && fsync(store->fd) != 0) error = errno;
    return error;
}

static int commit(pel_store *store)
{
    if (!store->count && store->end >= store->committed) {
        if (ftruncate(store->fd, (off_t)store->end) != 0) return errno;
        return fsync(store->fd) == 0 ? 0 : errno;
    }
    if (fsync(store->fd) != 0) return errno;
    int error = write_journal(store);
    if (error) return error;
    store->is_torn = true;
    error = apply_pages(store);
    if (!error) error = empty_journal(store);
    if (error) return error;
    store->is_torn = false;
    drop_pages(store);
    return 0;
}

pel_status pel_store_commit(pel_store *store)
{
    if (store->kind == PEL_STORE_READ) return PEL_OK;
    if (!store->error) store->error = commit(store);
    if (store->error)
        return pel_fail(PEL_ERR_FILE, "%s cannot be written: %s; it stays as it was at its last sync", store->path,
                        strerror(store->error));
    if (store->kind == PEL_STORE_GROWING) store->committed = store->end;
    store->is_new = false;
    return PEL_OK;
}

/* ---- open and close ---- */

static pel_status new_store(const char *path, pel_store_kind kind, pel_store **store)
{
    pel_store *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->kind = kind;
    fresh->fd = -1;
    pel_status status = pel_text_copy(path, &fresh->path);
    if (status == PEL_OK) status = pel_store_hidden_path(path, ".journal", &fresh->journal_path);
    if (status == PEL_OK) *store = fresh;
    else pel_store_close(fresh);
    return status;
}

pel_status pel_store_create(const char *path, pel_store_kind kind, pel_store **store)
{
    pel_store *fresh = NULL;
    PEL_TRY(new_store(path, kind, &fresh));
    fresh->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fresh->fd < 0) {
        const int error = errno;
        pel_store_close(fresh);
        if (error == EEXIST)
            return pel_fail(PEL_ERR_EXISTS, "%s exists already; move it away or choose another name", path);
        return pel_fail(PEL_ERR_FILE, "%s cannot be created: %s", path, strerror(error));
    }
    unlink(fresh->journal_path); /* left by an older file of that name */
    fresh->is_new = true;
    *store = fresh;
    return PEL_OK;
}

static int replay_journal(pel_store *store)
{
    if (!read_journal(store)) return store->error;
    const int error = store->kind == PEL_STORE_READ ? 0 : apply_pages(store);
    if (store->kind != PEL_STORE_READ) drop_pages(store);
    return error;
}

static int open_file(pel_store *store)
{
    store->fd = open(store->path, (store->kind == PEL_STORE_READ ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
    struct stat file;
    if (store->fd < 0 || fstat(store->fd, &file) != 0) return errno;
    if (S_ISDIR(file.st_mode)) return EISDIR;
    store->end = (uint64_t)file.st_size;
    const int error = replay_journal(store);
    store->committed = store->end;
    return error;
}

pel_status pel_store_open(const char *path, pel_store_kind kind, pel_store **store)
{
    pel_store *fresh = NULL;
    PEL_TRY(new_store(path, kind, &fresh));
    const int error = open_file(fresh);
    if (error) {
        fresh->kind = PEL_STORE_READ; /* nothing may be cut off */
        pel_store_close(fresh);
        return pel_fail(PEL_ERR_FILE, "%s cannot be opened: %s", path, strerror(error));
    }
    *store = fresh;
    return PEL_OK;
}

/* Takes off what lies beyond the last whole state, and the journal, unless the file needs it to be whole. */
static pel_status settle(pel_store *store)
{
    if (store->journal) fclose(store->journal); /* everything of worth was flushed and synced */
    if (store->is_torn) return PEL_OK;
    unlink(store->journal_path);
    if (store->is_new) {
        unlink(store->path);
        return PEL_OK;
    }
    if (store->kind == PEL_STORE_GROWING && ftruncate(store->fd, (off_t)store->committed) != 0)
        return pel_fail(PEL_ERR_FILE, "%s cannot be cut back: %s", store->path, strerror(errno));
    return PEL_OK;
}

pel_status pel_store_close(pel_store *store)
{
    if (!store) return PEL_OK;
    pel_status status = PEL_OK;
    if (store->fd >= 0) {
        if (store->kind != PEL_STORE_READ) status = settle(store);
        if (close(store->fd) != 0 && status == PEL_OK)
            status = pel_fail(PEL_ERR_FILE, "%s cannot be closed: %s", store->path, strerror(errno));
    }
    drop_pages(store);
    free(store->pages);
    free(store->path);
    free(store->journal_path);
    free(store);
    return status;
}

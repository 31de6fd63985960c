/* A file that goes from one whole state to the next.
 *
 * Changed pages (4 KiB) live in memory, sorted by number. A commit is:
 *
 *     1. fsync: the new bytes beyond the committed end are durable; nothing in the file points to them yet
 *     2. journal: every change and the new end, closed by a hash; fsync
 *     3. the changes go into the file, the file gets its new end; fsync
 *     4. the journal is emptied
 *
 * A kill before the journal's hash is down leaves the state before, one after it the state after. Replaying twice does
 * no harm.
 *
 * Other readers of a live file, or of one whose writer was killed within step 3, do not know the journal. For them a
 * change goes in before what makes it visible (Ganger and Patt, OSDI 1994: never point to a structure before it is
 * initialised, never reuse one before all pointers to it are gone):
 *
 *     the file's length, new bytes, the superblock that tells the length, data, trees from the root to the leaves,
 * headers of objects
 *
 * A tree goes in from its root because a node that splits gives entries to a new one, which its parent must know before
 * the old one loses them. Headers tell how many values there are; those of a file stand close together, and go in by
 * one write. A commit that takes values away has the headers first, the superblock and the data last.
 *
 * So the file is whole between any two writes. Only a kill in the midst of the one write of the headers, which the
 * kernel heeds between two pages, or a power failure, can leave it to the journal to mend.
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

enum {
    PAGE_BYTES = 4096,
    HEADER_GAP = 256 << 10, /* bytes between headers that are written once more for the sake of one write */
};

typedef struct page {
    uint64_t number;
    unsigned char *bytes;
} page;

/* Bytes to be changed in the file: what they are is in the pages. */
typedef struct change {
    uint64_t offset, end;
    pel_store_part part;
    int level; /* of a node of a tree above its leaves */
    int rank;  /* in a commit, the lowest goes first */
} change;

struct pel_store {
    pel_store_kind kind;
    char *path, *journal_path;
    char *partial_path; /* where a growing file is until its first commit */
    int fd;
    FILE *journal;
    uint64_t end;       /* what the file's length is to be */
    uint64_t committed; /* the end of the last whole state */
    bool is_new;        /* created here and not committed yet */
    int error;          /* errno of the first failed write */
    bool is_torn;       /* a commit failed while it was changing the file: only the journal has the whole state */
    bool will_cut;      /* the next commit takes values away */
    page *pages;
    size_t count, capacity;
    change *changes;
    size_t change_count, change_capacity;
};

typedef struct journal_head {
    char magic[8];
    uint64_t count, end;
} journal_head;

/* Followed by its bytes. */
typedef struct journal_entry {
    uint64_t offset, count;
} journal_entry;

static const char journal_magic[8] = "pel-jnl2";

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

static void drop_changes(pel_store *store)
{
    for (size_t i = 0; i < store->count; i++) free(store->pages[i].bytes);
    store->count = store->change_count = 0;
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

/* A node of a version 1 tree says "TREE", then its type and its level (HDF5 file format specification, III.A.1). */
static int level_of(const char *bytes, size_t count, pel_store_part part)
{
    return part == PEL_STORE_INDEX && count > 5 && memcmp(bytes, "TREE", 4) == 0 ? (unsigned char)bytes[5] : 0;
}

static bool is_beyond(const pel_store *store, const change *made)
{
    return made->offset >= store->committed;
}

static void note_change(pel_store *store, change made)
{
    change *last = store->change_count ? &store->changes[store->change_count - 1] : NULL;
    if (last && last->end == made.offset && last->part == made.part && last->level == made.level &&
        is_beyond(store, last) == is_beyond(store, &made)) {
        last->end = made.end;
        return;
    }
    if (pel_memory_grow(&store->changes, &store->change_capacity, store->change_count + 1, sizeof made) == PEL_OK)
        store->changes[store->change_count++] = made;
    else if (!store->error) store->error = ENOMEM;
}

static void keep_in_memory(pel_store *store, uint64_t offset, size_t bytes, const char *from)
{
    unsigned char *changed = change_page(store, offset / PAGE_BYTES);
    if (changed) memcpy(changed + offset % PAGE_BYTES, from, bytes);
}

void pel_store_write(pel_store *store, uint64_t offset, size_t bytes, const void *data, pel_store_part part)
{
    const char *from = data;
    const int level = level_of(from, bytes, part);
    if (offset + bytes > store->end) store->end = offset + bytes;
    while (bytes && (part != PEL_STORE_DATA || !store->error)) {
        const bool in_memory = must_stay_in_memory(store, offset / PAGE_BYTES);
        const size_t length = run_length(store, offset, bytes, in_memory);
        if (in_memory) {
            note_change(store, (change){.offset = offset, .end = offset + length, .part = part, .level = level});
            keep_in_memory(store, offset, length, from);
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

void pel_store_will_cut(pel_store *store)
{
    store->will_cut = true;
}

/* ---- the order of changes ---- */

/* New bytes are not pointed to yet, whatever they are. */
static int rank_of(const pel_store *store, const change *made)
{
    enum { LEVELS = 256 };
    const bool is_cut = store->will_cut;
    if (is_beyond(store, made)) return 0;
    switch (made->part) {
    case PEL_STORE_SUPERBLOCK:
        return is_cut ? LEVELS + 2 : 1;
    case PEL_STORE_DATA:
        return is_cut ? LEVELS + 3 : 2;
    case PEL_STORE_HEADER:
        return is_cut ? 1 : LEVELS + 3;
    default:
        return 2 + LEVELS - made->level;
    }
}

static int by_rank_and_offset(const void *a, const void *b)
{
    const change *left = a, *right = b;
    if (left->rank != right->rank) return left->rank < right->rank ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

/* What belongs together becomes one change. */
static void join_changes(pel_store *store)
{
    size_t joined = 0;
    for (size_t i = 1; i < store->change_count; i++) {
        change *last = &store->changes[joined], *next = &store->changes[i];
        const uint64_t gap = last->part == PEL_STORE_HEADER ? HEADER_GAP : 0;
        if (next->rank != last->rank || next->offset > last->end + gap) store->changes[++joined] = *next;
        else if (next->end > last->end) last->end = next->end;
    }
    if (store->change_count) store->change_count = joined + 1;
}

static void order_changes(pel_store *store)
{
    for (size_t i = 0; i < store->change_count; i++) store->changes[i].rank = rank_of(store, &store->changes[i]);
    qsort(store->changes, store->change_count, sizeof(change), by_rank_and_offset);
    join_changes(store);
}

/* The bytes that a change gives the file, up to the file's end, for the caller to free(). @return 0 or an errno */
static int take_bytes(pel_store *store, const change *made, size_t *count, char **bytes)
{
    const uint64_t end = made->end < store->end ? made->end : store->end;
    *count = end > made->offset ? (size_t)(end - made->offset) : 0;
    *bytes = malloc(*count ? *count : 1);
    if (!*bytes) return ENOMEM;
    return pel_store_read(store, made->offset, *count, *bytes);
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

static void journal_change(pel_store *store, const change *made, XXH3_state_t *hash, int *error)
{
    char *bytes = NULL;
    size_t count;
    *error = take_bytes(store, made, &count, &bytes);
    const journal_entry entry = {made->offset, count};
    if (!*error) journal_put(store->journal, hash, &entry, sizeof entry, error);
    if (!*error) journal_put(store->journal, hash, bytes, count, error);
    free(bytes);
}

static int write_journal(pel_store *store)
{
    int error = open_journal(store);
    if (error) return error;
    XXH3_state_t *hash = XXH3_createState();
    if (!hash) return ENOMEM;
    XXH3_64bits_reset(hash);
    journal_head head = {.count = store->change_count, .end = store->end};
    memcpy(head.magic, journal_magic, sizeof head.magic);
    journal_put(store->journal, hash, &head, sizeof head, &error);
    for (size_t i = 0; i < store->change_count && !error; i++) journal_change(store, &store->changes[i], hash, &error);
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

/* Reads the bytes of one change into the pages. */
static bool read_entry(pel_store *store, FILE *journal, XXH3_state_t *hash)
{
    journal_entry entry;
    char bytes[PAGE_BYTES];
    if (fread(&entry, 1, sizeof entry, journal) != sizeof entry || entry.offset + entry.count < entry.offset)
        return false;
    XXH3_64bits_update(hash, &entry, sizeof entry);
    const change made = {.offset = entry.offset, .end = entry.offset + entry.count};
    for (uint64_t at = made.offset; at < made.end;) {
        const size_t length = smaller(PAGE_BYTES - at % PAGE_BYTES, made.end - at);
        if (fread(bytes, 1, length, journal) != length) return false;
        XXH3_64bits_update(hash, bytes, length);
        keep_in_memory(store, at, length, bytes);
        at += length;
    }
    note_change(store, made);
    return !store->error;
}

/* Reads the changes of a complete journal into the store, in their order. @return whether it was complete */
static bool read_entries(pel_store *store, FILE *journal, XXH3_state_t *hash, const journal_head *head)
{
    for (uint64_t i = 0; i < head->count; i++)
        if (!read_entry(store, journal, hash)) return false;
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
        complete = read_entries(store, journal, hash, &head);
    }
    if (complete) store->end = head.end;
    else drop_changes(store);
    XXH3_freeState(hash);
    fclose(journal);
    return complete;
}

/* ---- commit ---- */

static int apply_change(pel_store *store, const change *made)
{
    char *bytes = NULL;
    size_t count;
    int error = take_bytes(store, made, &count, &bytes);
    if (!error && count) error = pel_store_put(store->fd, made->offset, count, bytes);
    free(bytes);
    return error;
}

/* A superblock may not tell of more bytes than the file has. */
static int make_room(const pel_store *store)
{
    struct stat file;
    if (fstat(store->fd, &file) != 0) return errno;
    if ((uint64_t)file.st_size >= store->end) return 0;
    return ftruncate(store->fd, (off_t)store->end) == 0 ? 0 : errno;
}

static int apply_changes(pel_store *store)
{
    int error = make_room(store);
    for (size_t i = 0; i < store->change_count && !error; i++) error = apply_change(store, &store->changes[i]);
    if (!error && ftruncate(store->fd, (off_t)store->end) != 0) error = errno;
    if (!error && fsync(store->fd) != 0) error = errno;
    return error;
}

/* All that the first state holds is in the file, as new bytes. */
static int publish(pel_store *store)
{
    if (!store->partial_path) return 0;
    if (access(store->path, F_OK) == 0) return EEXIST;
    if (rename(store->partial_path, store->path) != 0) return errno;
    free(store->partial_path);
    store->partial_path = NULL;
    return pel_store_sync_folder(store->path);
}

static int commit(pel_store *store)
{
    if (!store->count && store->end >= store->committed) {
        if (ftruncate(store->fd, (off_t)store->end) != 0) return errno;
        return fsync(store->fd) == 0 ? publish(store) : errno;
    }
    if (fsync(store->fd) != 0) return errno;
    order_changes(store);
    int error = write_journal(store);
    if (error) return error;
    store->is_torn = true;
    error = apply_changes(store);
    if (!error) error = empty_journal(store);
    if (error) return error;
    store->is_torn = false;
    drop_changes(store);
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
    store->is_new = store->will_cut = false;
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

pel_status pel_store_partial_path(const char *path, char **partial)
{
    char ending[48];
    snprintf(ending, sizeof ending, ".%ld%s", (long)getpid(), PEL_STORE_PARTIAL);
    return pel_store_hidden_path(path, ending, partial);
}

/* Whoever looks at the path before there is something to see finds nothing. */
static int create_file(pel_store *store)
{
    const char *path = store->partial_path ? store->partial_path : store->path;
    if (access(store->path, F_OK) == 0) return EEXIST;
    if (store->partial_path) unlink(path); /* ours alone: of a dead process of our number */
    store->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return store->fd < 0 ? errno : 0;
}

pel_status pel_store_create(const char *path, pel_store_kind kind, pel_store **store)
{
    pel_store *fresh = NULL;
    PEL_TRY(new_store(path, kind, &fresh));
    pel_status status = kind == PEL_STORE_GROWING ? pel_store_partial_path(path, &fresh->partial_path) : PEL_OK;
    const int error = status == PEL_OK ? create_file(fresh) : 0;
    if (status != PEL_OK || error) {
        pel_store_close(fresh);
        if (status != PEL_OK) return status;
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
    const int error = store->kind == PEL_STORE_READ ? 0 : apply_changes(store);
    if (store->kind != PEL_STORE_READ) drop_changes(store);
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
        unlink(store->partial_path ? store->partial_path : store->path);
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
    drop_changes(store);
    free(store->pages);
    free(store->changes);
    free(store->partial_path);
    free(store->path);
    free(store->journal_path);
    free(store);
    return status;
}

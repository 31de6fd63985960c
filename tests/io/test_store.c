/* The store under a growing file: a commit is one step, wherever it is interrupted. */
#include "io/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "support/test.h"

enum { BYTES = 20000 };

static void write_pattern(pel_store *store, unsigned char value)
{
    unsigned char block[3000];
    memset(block, value, sizeof block);
    pel_store_write(store, 500, sizeof block, block, PEL_STORE_HEADER);
    pel_store_write(store, 9000, sizeof block, block, PEL_STORE_DATA);
    pel_store_write(store, BYTES - sizeof block + value * 10, sizeof block, block, PEL_STORE_DATA);
}

/* Whether the bytes that write_pattern() changes are all `value`, through a store opened to read. */
static bool shows(const char *path, unsigned char value)
{
    pel_store *store = NULL;
    unsigned char block[3000];
    const uint64_t at[3] = {500, 9000, BYTES - sizeof block + value * 10};
    CHECK_STATUS(pel_store_open(path, PEL_STORE_READ, &store));
    bool good = pel_store_end(store) == BYTES + (uint64_t)value * 10;
    for (int i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(pel_store_read(store, at[i], sizeof block, block), 0);
        for (size_t b = 0; b < sizeof block; b++) good = good && block[b] == value;
    }
    CHECK_STATUS(pel_store_close(store));
    return good;
}

static long file_bytes(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 ? (long)file.st_size : -1;
}

TEST(changes_are_seen_by_the_writer_at_once_and_by_others_after_the_commit)
{
    char path[256];
    strcpy(path, test_path("steps"));
    pel_store *store = NULL;
    CHECK_STATUS(pel_store_create(path, PEL_STORE_GROWING, &store));
    write_pattern(store, 1);
    CHECK_STATUS(pel_store_commit(store));
    write_pattern(store, 2);
    unsigned char seen[3000];
    CU_ASSERT_EQUAL(pel_store_read(store, 500, sizeof seen, seen), 0);
    CU_ASSERT_TRUE(seen[0] == 2 && seen[2999] == 2);
    const int fd = open(path, O_RDONLY);
    CU_ASSERT_EQUAL(pread(fd, seen, sizeof seen, 500), (ssize_t)sizeof seen);
    close(fd);
    CU_ASSERT_TRUE(seen[0] == 1 && seen[2999] == 1);
    CHECK_STATUS(pel_store_commit(store));
    CU_ASSERT_TRUE(shows(path, 2));
    write_pattern(store, 3);
    CHECK_STATUS(pel_store_close(store)); /* without a commit */
    CU_ASSERT_TRUE(shows(path, 2));
    CU_ASSERT_EQUAL(file_bytes(path), BYTES + 20);
}

/* ---- a kill between journal and file ---- */

enum { PAGE = 4096 };

/* A journal that fills page 1 with `value` and gives the file 3 pages, as io/store.c describes it. */
static size_t make_journal(unsigned char *journal, unsigned char value)
{
    const uint64_t count = 1, end = 3 * PAGE, offset = PAGE, bytes = PAGE;
    memcpy(journal, "pel-jnl2", 8);
    memcpy(journal + 8, &count, 8);
    memcpy(journal + 16, &end, 8);
    memcpy(journal + 24, &offset, 8);
    memcpy(journal + 32, &bytes, 8);
    memset(journal + 40, value, PAGE);
    const uint64_t sum = pel_hash_bytes(journal, 40 + PAGE);
    memcpy(journal + 40 + PAGE, &sum, 8);
    return 48 + PAGE;
}

static void put_file(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_EQUAL(fwrite(bytes, 1, count, file), count);
    fclose(file);
}

static unsigned char byte_of(const char *path, pel_store_kind kind, uint64_t *end)
{
    pel_store *store = NULL;
    unsigned char byte = 0;
    CHECK_STATUS(pel_store_open(path, kind, &store));
    CU_ASSERT_EQUAL(pel_store_read(store, PAGE + 17, 1, &byte), 0);
    *end = pel_store_end(store);
    CHECK_STATUS(pel_store_close(store));
    return byte;
}

TEST(a_complete_journal_is_replayed)
{
    unsigned char journal[PAGE + 64], old[4 * PAGE];
    char path[256], hidden[256];
    uint64_t end;
    strcpy(path, test_path("replayed"));
    strcpy(hidden, test_path(".replayed.journal"));
    memset(old, 1, sizeof old);
    put_file(path, old, sizeof old);
    put_file(hidden, journal, make_journal(journal, 9));
    CU_ASSERT_TRUE(byte_of(path, PEL_STORE_READ, &end) == 9 && end == 3 * PAGE);
    CU_ASSERT_EQUAL(file_bytes(path), 4 * PAGE); /* a reader changes nothing */
    CU_ASSERT_TRUE(byte_of(path, PEL_STORE_GROWING, &end) == 9 && end == 3 * PAGE);
    CU_ASSERT_EQUAL(file_bytes(path), 3 * PAGE);
    CU_ASSERT_EQUAL(access(hidden, F_OK), -1);
    CU_ASSERT_EQUAL(byte_of(path, PEL_STORE_READ, &end), 9);
}

TEST(a_cut_or_damaged_journal_is_ignored)
{
    unsigned char journal[PAGE + 64], old[4 * PAGE];
    char path[256], hidden[256];
    uint64_t end;
    strcpy(path, test_path("ignored"));
    strcpy(hidden, test_path(".ignored.journal"));
    memset(old, 1, sizeof old);
    const size_t bytes = make_journal(journal, 9);
    for (size_t kept = 0; kept <= bytes; kept += 459) {
        put_file(path, old, sizeof old);
        put_file(hidden, journal, kept);
        CU_ASSERT_TRUE(byte_of(path, PEL_STORE_READ, &end) == 1 && end == 4 * PAGE);
        CU_ASSERT_TRUE(byte_of(path, PEL_STORE_GROWING, &end) == 1 && end == 4 * PAGE);
    }
    journal[1000] ^= 4;
    put_file(hidden, journal, bytes);
    CU_ASSERT_EQUAL(byte_of(path, PEL_STORE_READ, &end), 1);
}

/* What kills, full disks, flipped bits and second runs do to files: nothing that was good is lost. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "io/file.h"
#include "io/lock.h"
#include "io/publish.h"
#include "support/test.h"

enum { CELLS = 3000 };

static uint64_t draw(uint64_t id, uint64_t below)
{
    return pel_random_bits((pel_random_key){.seed = 7, .id = id}) % below;
}

/* ---- a growing file with a large, a packed and a tiny array ---- */

static pel_status define(pel_file *file)
{
    PEL_TRY(pel_file_define_dimension(file, "time", 0, NULL));
    PEL_TRY(pel_file_define_dimension(file, "x", CELLS, NULL));
    const pel_array_spec u = {.name = "u", .rank = 2, .dimensions = {"time", "x"}};
    const pel_array_spec v = {.name = "v", .rank = 2, .dimensions = {"time", "x"}, .deflate = 1};
    PEL_TRY(pel_file_define_array(file, &u));
    PEL_TRY(pel_file_define_array(file, &v));
    return pel_file_sync(file);
}

static void fill(double *values, long record)
{
    for (int i = 0; i < CELLS; i++) values[i] = (double)(record * 7919 + i * 31 % 1009);
}

static pel_status append(pel_file *file, long record)
{
    double values[CELLS];
    const double time = (double)record;
    fill(values, record);
    PEL_TRY(pel_file_append_box(file, "u", record, PEL_IO_DOUBLE, NULL, NULL, values));
    PEL_TRY(pel_file_append_box(file, "v", record, PEL_IO_DOUBLE, NULL, NULL, values));
    PEL_TRY(pel_file_append_box(file, "time", record, PEL_IO_DOUBLE, NULL, NULL, &time));
    return pel_file_sync(file);
}

/* The number of records, all of them right; -1 if any is not. */
static long good_records(const char *path)
{
    pel_file *file = NULL;
    double wanted[CELLS], found[CELLS];
    if (pel_file_open(path, PEL_FILE_READ, &file) != PEL_OK) return -1;
    const long records = pel_file_records(file, "time");
    long good = 0;
    for (const char *name = "u"; name; name = name[0] == 'u' ? "v" : NULL)
        for (long n = 0; n < records; n++) {
            const long start[2] = {n}, count[2] = {1, CELLS};
            fill(wanted, n);
            if (pel_file_read_box(file, name, PEL_IO_DOUBLE, start, count, found) == PEL_OK)
                good += memcmp(wanted, found, sizeof wanted) == 0;
        }
    return pel_file_close(file) == PEL_OK && good == 2 * records ? records : -1;
}

/* ---- kills ---- */

/* Appends for ever, telling each record that is synced through the pipe. */
static void append_until_killed(const char *path, int tell)
{
    pel_file *file = NULL;
    if (pel_file_open(path, PEL_FILE_APPEND, &file) != PEL_OK) _exit(1);
    for (long n = pel_file_records(file, "time"); append(file, n) == PEL_OK; n++)
        if (write(tell, &n, sizeof n) != sizeof n) break;
    _exit(1);
}

/* Kills the appending child some microseconds after it synced `enough` records. @return the last record it told */
static long kill_while_appending(const char *path, int enough, useconds_t after)
{
    int ends[2];
    if (pipe(ends) != 0) return -1;
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        append_until_killed(path, ends[1]);
    }
    close(ends[1]);
    long record = -1, last = -1;
    for (int i = 0; i < enough && read(ends[0], &record, sizeof record) == sizeof record; i++) last = record;
    usleep(after); /* the moment of the kill; nothing is waited for */
    kill(child, SIGKILL);
    while (read(ends[0], &record, sizeof record) == sizeof record) last = record;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return last;
}

TEST(fifty_kills_inside_appends_lose_no_synced_record)
{
    char path[256];
    strcpy(path, test_path("killed.nc"));
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(pel_file_close(file));
    for (int round = 0; round < 50; round++) {
        const long told = kill_while_appending(path, 1 + (int)draw((uint64_t)round, 3),
                                               (useconds_t)draw(100 + (uint64_t)round, 4000));
        CU_ASSERT_TRUE(told >= 0);
        const long records = good_records(path);
        CU_ASSERT_TRUE(records == told + 1 || records == told + 2);
        if (round % 5 != 4) continue; /* now and then, resume from an earlier moment */
        CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file));
        CHECK_STATUS(pel_file_truncate_records(file, "time", records / 2));
        CHECK_STATUS(append(file, records / 2));
        CHECK_STATUS(pel_file_close(file));
        CU_ASSERT_EQUAL(good_records(path), records / 2 + 1);
    }
}

/* ---- journals ---- */

static void copy_file(const char *from, const char *to)
{
    char command[600];
    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    CU_ASSERT_EQUAL(system(command), 0);
}

TEST(a_cut_journal_is_ignored_and_a_copy_of_a_live_file_is_whole)
{
    char path[256], hidden[256];
    strcpy(path, test_path("journalled.nc"));
    strcpy(hidden, test_path(".journalled.nc.journal"));
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(append(file, 0));
    CHECK_STATUS(pel_file_close(file));
    FILE *journal = fopen(hidden, "w"); /* what a kill inside the journal leaves */
    fputs("pel-jnl2 and then nothing", journal);
    fclose(journal);
    CU_ASSERT_EQUAL(good_records(path), 1);
    CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file));
    CHECK_STATUS(append(file, 1));
    copy_file(path, test_path("live.nc")); /* another reader's view, no journal beside it */
    CU_ASSERT_EQUAL(good_records(test_path("live.nc")), 2);
    CHECK_STATUS(pel_file_close(file));
    CU_ASSERT_EQUAL(access(hidden, F_OK), -1);
}

/* ---- a full disk ---- */

static bool mount_small_disk(const char *folder)
{
    if (mkdir(folder, 0777) == 0 && mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0) return true;
    printf("\n  (no small disk can be mounted: skipped) ");
    return false;
}

TEST(a_full_disk_keeps_every_earlier_record)
{
    char folder[256], path[300], other[300], command[700];
    strcpy(folder, test_path("disk"));
    if (!mount_small_disk(folder)) return;
    snprintf(path, sizeof path, "%s/full.nc", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(command, sizeof command, "head -c 300000 /dev/zero > '%s/filler'", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    long records = 0;
    while (append(file, records) == PEL_OK) records++;
    CU_ASSERT_TRUE(records > 10 && records < 50);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "No space left on device"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "full.nc"));
    CHECK_FAILS(append(file, records), PEL_ERR_FILE, "No space left");
    CU_ASSERT_EQUAL(good_records(path), records);
    CHECK_FAILS(pel_file_close(file), PEL_ERR_FILE, "No space left");
    CU_ASSERT_EQUAL(good_records(path), records);

    snprintf(command, sizeof command, "%s/filler", folder);
    CU_ASSERT_EQUAL(unlink(command), 0);
    CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file)); /* with room again, it goes on */
    CHECK_STATUS(pel_file_truncate_records(file, "time", 3));
    CHECK_STATUS(append(file, 3));
    CHECK_STATUS(pel_file_close(file));
    CU_ASSERT_EQUAL(good_records(path), 4);

    double values[CELLS] = {0};
    const long shape[2] = {100, CELLS};
    double *large = calloc(100, sizeof values);
    CHECK_STATUS(pel_publish_text(other, "before\n"));
    CHECK_STATUS(pel_publish_begin(other, &file));
    CHECK_FAILS(pel_file_write_array(file, "a", PEL_IO_DOUBLE, 2, shape, large), PEL_ERR_FILE, "No space left");
    CHECK_FAILS(pel_publish_end(file), PEL_ERR_FILE, "No space left");
    snprintf(command, sizeof command, "grep -q before '%s' && [ $(ls -A '%s' | wc -l) = 2 ]", other, folder);
    CU_ASSERT_EQUAL(system(command), 0);
    free(large);
    CU_ASSERT_EQUAL(umount(folder), 0);
}

TEST(a_disk_that_is_full_from_the_start_leaves_nothing)
{
    char folder[256], path[300], command[700];
    strcpy(folder, test_path("tiny"));
    if (!mount_small_disk(folder)) return;
    snprintf(path, sizeof path, "%s/new.nc", folder);
    snprintf(command, sizeof command, "head -c 2000000 /dev/zero > '%s/filler' 2>/dev/null", folder);
    CU_ASSERT_NOT_EQUAL(system(command), 0);
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CU_ASSERT_NOT_EQUAL(define(file), PEL_OK);
    CHECK_FAILS(pel_file_close(file), PEL_ERR_FILE, "No space left");
    CU_ASSERT_EQUAL(access(path, F_OK), -1);
    CHECK_FAILS(pel_publish_text(path, "text"), PEL_ERR_FILE, "No space left");
    CU_ASSERT_EQUAL(access(path, F_OK), -1);
    CU_ASSERT_EQUAL(umount(folder), 0);
}

/* Creates, appends and cuts on a disk with `free_bytes` of room, until it is full. @return whether all that was synced
 * is there, and nothing is where nothing was synced */
static bool survives(const char *folder, long free_bytes)
{
    char path[300], filler[300];
    snprintf(path, sizeof path, "%s/grown.nc", folder);
    snprintf(filler, sizeof filler, "%s/filler", folder);
    const int fd = open(filler, O_CREAT | O_WRONLY, 0666);
    const bool is_filled = fd >= 0 && posix_fallocate(fd, 0, (1 << 20) - free_bytes) == 0;
    close(fd);
    pel_file *file = NULL;
    long records = -1;
    if (pel_file_create(path, &file) == PEL_OK && define(file) == PEL_OK)
        for (records = 0; records < 6 && append(file, records) == PEL_OK;) records++;
    if (records == 6 && pel_file_truncate_records(file, "time", 4) == PEL_OK && pel_file_sync(file) == PEL_OK)
        for (records = 4; append(file, records) == PEL_OK;) records++;
    const bool is_told = pel_file_close(file) == PEL_ERR_FILE && strstr(pel_failure(), "No space left");
    const bool is_whole = records < 0 ? access(path, F_OK) != 0 : good_records(path) == records;
    unlink(path);
    unlink(filler);
    snprintf(path, sizeof path, "rm -f '%s'/.*.journal", folder);
    return is_filled && is_told && is_whole && system(path) == 0;
}

TEST(a_disk_may_be_full_at_any_moment)
{
    char folder[256];
    strcpy(folder, test_path("any"));
    if (!mount_small_disk(folder)) return;
    for (long pages = 3; pages < 120; pages++)
        if (!survives(folder, pages * 4096)) {
            printf("\n  with %ld pages of room: %s ", pages, pel_failure());
            CU_FAIL("a synced record was lost");
        }
    CU_ASSERT_EQUAL(umount(folder), 0);
}

/* ---- published files ---- */

static long publish(const char *path)
{
    pel_file *file = NULL;
    double values[CELLS];
    const long shape = CELLS, start = 0;
    fill(values, 1);
    CHECK_STATUS(pel_publish_begin(path, &file));
    CHECK_STATUS(pel_file_write_array(file, "state/eta", PEL_IO_DOUBLE, 1, &shape, values));
    CHECK_STATUS(pel_file_put_text(file, "", "deck", "app: heat"));
    CU_ASSERT_EQUAL(access(path, F_OK), -1);
    CHECK_STATUS(pel_publish_end(file));
    CHECK_STATUS(pel_publish_verify(path));
    double back[CELLS];
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    CHECK_STATUS(pel_file_read_box(file, "state/eta", PEL_IO_DOUBLE, &start, &shape, back));
    CU_ASSERT_EQUAL(memcmp(values, back, sizeof values), 0);
    CHECK_STATUS(pel_file_close(file));
    struct stat there;
    return stat(path, &there) == 0 ? (long)there.st_size : -1;
}

static void flip_bit(int fd, off_t at, int bit)
{
    unsigned char byte;
    CU_ASSERT_EQUAL(pread(fd, &byte, 1, at), 1);
    byte ^= (unsigned char)(1 << bit);
    CU_ASSERT_EQUAL(pwrite(fd, &byte, 1, at), 1);
}

TEST(any_flipped_bit_and_any_truncation_is_noticed)
{
    char path[256];
    strcpy(path, test_path("000100.h5"));
    const long bytes = publish(path);
    const int fd = open(path, O_RDWR);
    int noticed = 0;
    for (uint64_t i = 0; i < 200; i++) {
        const off_t at = (off_t)draw(i, i % 4 ? (uint64_t)bytes : 512);
        flip_bit(fd, at, (int)(i % 8));
        noticed += pel_publish_verify(path) == PEL_ERR_CORRUPT;
        flip_bit(fd, at, (int)(i % 8));
    }
    CU_ASSERT_EQUAL(noticed, 200);
    CHECK_STATUS(pel_publish_verify(path));
    for (uint64_t i = 0; i < 20; i++) {
        CU_ASSERT_EQUAL(ftruncate(fd, bytes - 1 - (long)draw(i, (uint64_t)bytes / 20) - (long)i * bytes / 21), 0);
        CHECK_FAILS(pel_publish_verify(path), PEL_ERR_CORRUPT, "truncated");
    }
    close(fd);
}

TEST(what_is_no_published_file_is_refused)
{
    pel_file *file = NULL;
    const uint32_t newer = 9;
    CHECK_STATUS(pel_file_create(test_path("plain.h5"), &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(pel_file_close(file));
    CHECK_FAILS(pel_publish_verify(test_path("plain.h5")), PEL_ERR_CORRUPT, "not a published file");
    CHECK_FAILS(pel_publish_verify(test_path("absent.h5")), PEL_ERR_FILE, "No such file");
    publish(test_path("newer.h5"));
    const int fd = open(test_path("newer.h5"), O_RDWR);
    CU_ASSERT_EQUAL(pwrite(fd, &newer, 4, 8), 4);
    close(fd);
    CHECK_FAILS(pel_publish_verify(test_path("newer.h5")), PEL_ERR_CORRUPT, "version 9");
}

TEST(unfinished_files_vanish)
{
    char folder[256], command[600];
    strcpy(folder, test_path("checkpoints"));
    CU_ASSERT_EQUAL(mkdir(folder, 0777), 0);
    pel_file *file = NULL;
    CHECK_STATUS(pel_publish_begin(test_path("checkpoints/1.h5"), &file));
    pel_publish_abandon(file);
    CU_ASSERT_EQUAL(rmdir(folder), 0); /* it is empty again */
    CU_ASSERT_EQUAL(mkdir(folder, 0777), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        pel_publish_begin(test_path("checkpoints/2.h5"), &file);
        kill(getpid(), SIGKILL);
    }
    waitpid(child, NULL, 0);
    CHECK_STATUS(pel_publish_text(test_path("checkpoints/kept"), "kept\n"));
    snprintf(command, sizeof command, "[ $(ls -A '%s' | wc -l) = 2 ]", folder);
    CU_ASSERT_EQUAL(system(command), 0);
    CHECK_STATUS(pel_publish_clean(folder));
    snprintf(command, sizeof command, "[ \"$(ls -A '%s')\" = kept ]", folder);
    CU_ASSERT_EQUAL(system(command), 0);
}

/* ---- locks ---- */

TEST(a_second_run_is_told_who_holds_the_folder)
{
    pel_lock *lock = NULL, *again = NULL;
    char who[64];
    CHECK_STATUS(pel_lock_take(test_folder(), &lock));
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        pel_lock *second = NULL;
        snprintf(who, sizeof who, "process %ld on ", (long)getppid());
        const pel_status status = pel_lock_take(test_folder(), &second);
        _exit(status == PEL_ERR_BUSY && strstr(pel_failure(), who) ? 0 : 1);
    }
    int code = -1;
    waitpid(child, &code, 0);
    CU_ASSERT_EQUAL(code, 0);
    CHECK_FAILS(pel_lock_take(test_folder(), &again), PEL_ERR_BUSY, "in use");
    pel_lock_release(lock);
    CHECK_STATUS(pel_lock_take(test_folder(), &lock));
    pel_lock_release(lock);
    CHECK_FAILS(pel_lock_take("/nowhere", &lock), PEL_ERR_FILE, "No such file");
}

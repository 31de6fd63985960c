/* What a reader that knows no journal finds, had the writer been killed between any two of its writes.
 *
 * This program's pwrite(), ftruncate() and rename() stand in front of the system's: after each of them, the bytes that
 * are in the file are kept, to be opened by HDF5 alone, as any other program would. */
#include <fcntl.h>
#include <hdf5.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/file.h"
#include "support/test.h"

/* ---- the file after every write ---- */

enum { MOST_FRAMES = 4096 };

typedef struct bytes {
    void *data; /* NULL: there is no file */
    size_t count;
} bytes;

static struct {
    const char *path; /* NULL: nothing is recorded */
    char journal[300];
    bytes file[MOST_FRAMES], log[MOST_FRAMES]; /* the file and its journal */
    int count;
} frames;

static bytes contents(const char *path)
{
    bytes found = {0};
    FILE *file = fopen(path, "r");
    if (!file) return found;
    fseek(file, 0, SEEK_END);
    found.count = (size_t)ftell(file);
    rewind(file);
    found.data = malloc(found.count + 1);
    CU_ASSERT_EQUAL_FATAL(fread(found.data, 1, found.count, file), found.count);
    fclose(file);
    return found;
}

static bool are_same(bytes a, bytes b)
{
    if (!a.data || !b.data) return a.data == b.data;
    return a.count == b.count && memcmp(a.data, b.data, a.count) == 0;
}

static void take_frame(void)
{
    if (!frames.path) return;
    const bytes now = contents(frames.path);
    if (frames.count && are_same(now, frames.file[frames.count - 1])) {
        free(now.data);
        return;
    }
    CU_ASSERT_FATAL(frames.count < MOST_FRAMES);
    frames.file[frames.count] = now;
    frames.log[frames.count++] = contents(frames.journal);
}

static void record(const char *path)
{
    const char *base = strrchr(path, '/') + 1;
    frames.path = path;
    snprintf(frames.journal, sizeof frames.journal, "%.*s.%s.journal", (int)(base - path), path, base);
    take_frame();
}

static void stop_recording(void)
{
    frames.path = NULL;
}

static void drop_frames(void)
{
    for (int i = 0; i < frames.count; i++) free(frames.file[i].data), free(frames.log[i].data);
    frames.count = 0;
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset)
{
    const ssize_t done = syscall(SYS_pwrite64, fd, data, count, offset);
    take_frame();
    return done;
}

int ftruncate(int fd, off_t length)
{
    const int failed = (int)syscall(SYS_ftruncate, fd, length);
    take_frame();
    return failed;
}

int rename(const char *from, const char *to)
{
    const int failed = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
    take_frame();
    return failed;
}

/* ---- a file like a run's: scalars that share a chunk, fields with a chunk a record, plain and packed ---- */

enum { CELLS = 600, SCALARS = 12 };

static const char *const fields[] = {"u", "v"};

static void name_scalar(int i, char name[16])
{
    if (i == 0) strcpy(name, "time");
    else snprintf(name, 16, "energy%d", i);
}

static double value_of(const char *name, long record, int cell)
{
    return (double)(record * 7919 + cell * 31 % 1009) + name[0] + 1;
}

static pel_status define(pel_file *file)
{
    char name[16];
    PEL_TRY(pel_file_define_dimension(file, "time", 0, NULL));
    PEL_TRY(pel_file_define_dimension(file, "x", CELLS, NULL));
    for (int f = 0; f < 2; f++) {
        const pel_array_spec spec = {.name = fields[f], .rank = 2, .dimensions = {"time", "x"}, .deflate = f};
        PEL_TRY(pel_file_define_array(file, &spec));
        PEL_TRY(pel_file_put_text(file, fields[f], "units", "m s-1"));
    }
    for (int i = 1; i < SCALARS; i++) {
        name_scalar(i, name);
        const pel_array_spec spec = {.name = name, .rank = 1, .dimensions = {"time"}};
        PEL_TRY(pel_file_define_array(file, &spec));
        PEL_TRY(pel_file_put_text(file, name, "long_name", "energy of one part of the whole"));
    }
    return pel_file_sync(file);
}

static pel_status append(pel_file *file, long record)
{
    double values[CELLS];
    char name[16];
    for (int f = 0; f < 2; f++) {
        for (int i = 0; i < CELLS; i++) values[i] = value_of(fields[f], record, i);
        PEL_TRY(pel_file_append_box(file, fields[f], record, PEL_IO_DOUBLE, NULL, NULL, values));
    }
    for (int i = 0; i < SCALARS; i++) {
        name_scalar(i, name);
        const double value = value_of(name, record, 0);
        PEL_TRY(pel_file_append_box(file, name, record, PEL_IO_DOUBLE, NULL, NULL, &value));
    }
    return PEL_OK;
}

/* ---- HDF5 alone ---- */

static hid_t open_image(bytes image)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1 << 16, 0);
    H5Pset_file_image(access, image.data, image.count);
    const hid_t file = H5Fopen("image", H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

/* The records of an array; -1 if it cannot be read or a value is not what was appended. */
static long right_records(hid_t file, const char *name)
{
    hsize_t shape[2] = {0, 1};
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    H5Sget_simple_extent_dims(space, shape, NULL);
    double *values = malloc((shape[0] * shape[1] + 1) * sizeof *values);
    long good = H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0 ? -1 : (long)shape[0];
    for (hsize_t r = 0; r < shape[0] && good >= 0; r++)
        for (hsize_t i = 0; i < shape[1]; i++)
            if (values[r * shape[1] + i] != value_of(name, (long)r, (int)i)) good = -1;
    free(values);
    H5Sclose(space);
    H5Dclose(dataset);
    return good;
}

/* The records that all arrays of a run's file have; -1 if it is not a whole beginning, -2 if there is no file. */
static long whole_records(bytes image)
{
    char name[16];
    if (!image.data) return -2;
    const hid_t file = open_image(image);
    if (file < 0) return -1;
    long records = right_records(file, "u");
    if (right_records(file, "v") != records) records = -1;
    for (int i = 0; i < SCALARS; i++) {
        name_scalar(i, name);
        if (right_records(file, name) != records) records = -1;
    }
    H5Fclose(file);
    return records;
}

/* Whether every frame has `before` records until it has `after`, and both are seen. */
static bool go_from_to(long before, long after)
{
    bool good = whole_records(frames.file[0]) == before && whole_records(frames.file[frames.count - 1]) == after;
    long last = before;
    for (int i = 0; i < frames.count; i++) {
        const long records = whole_records(frames.file[i]);
        const bool is_right = records == before ? last == before : records == after;
        if (!is_right)
            fprintf(stderr, "\nfrom %ld to %ld records: after write %d of %d there are %ld\n", before, after, i,
                    frames.count - 1, records);
        good = good && is_right;
        last = records;
    }
    return good;
}

/* ---- the tests ---- */

TEST(a_new_file_is_whole_from_its_first_byte)
{
    char path[256];
    strcpy(path, test_path("new.nc"));
    pel_file *file = NULL;
    record(path);
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(append(file, 0));
    CHECK_STATUS(pel_file_close(file));
    stop_recording();
    CU_ASSERT_TRUE(frames.count >= 3);
    CU_ASSERT_TRUE(whole_records(frames.file[0]) == -2 && whole_records(frames.file[1]) == 0);
    drop_frames();
    record(path);
    CU_ASSERT_EQUAL(whole_records(frames.file[0]), 1);
    stop_recording();
    drop_frames();
}

static void grow(const char *path, long from, long to)
{
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file));
    for (long n = from; n < to; n++) CHECK_STATUS(append(file, n));
    CHECK_STATUS(pel_file_close(file));
}

/* Around the 64 chunks that one node of a tree holds, the split of a leaf, and the 512 values of a scalar's chunk. */
TEST(every_write_of_an_append_leaves_a_whole_beginning)
{
    static const long spans[][2] = {{0, 3}, {62, 66}, {119, 124}, {510, 514}};
    char path[256];
    strcpy(path, test_path("appended.nc"));
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(pel_file_close(file));
    for (size_t s = 0; s < sizeof spans / sizeof *spans; s++) {
        if (s > 0) grow(path, spans[s - 1][1], spans[s][0]);
        CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file));
        for (long n = spans[s][0]; n < spans[s][1]; n++) {
            record(path);
            CHECK_STATUS(append(file, n));
            CHECK_STATUS(pel_file_sync(file));
            stop_recording();
            CU_ASSERT_TRUE(frames.count > 4 && go_from_to(n, n + 1));
            drop_frames();
        }
        CHECK_STATUS(pel_file_close(file));
    }
}

TEST(every_write_of_many_appends_at_once_and_of_a_cut_leaves_a_whole_beginning)
{
    static const long records[] = {0, 70, 65, 140, 3, 40};
    char path[256];
    strcpy(path, test_path("cut.nc"));
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(define(file));
    CHECK_STATUS(pel_file_close(file));
    for (size_t i = 1; i < sizeof records / sizeof *records; i++) {
        record(path);
        if (records[i] > records[i - 1]) {
            grow(path, records[i - 1], records[i]);
        } else {
            CHECK_STATUS(pel_file_open(path, PEL_FILE_APPEND, &file));
            CHECK_STATUS(pel_file_truncate_records(file, "time", records[i]));
            CHECK_STATUS(pel_file_close(file));
        }
        stop_recording();
        CU_ASSERT_TRUE(go_from_to(records[i - 1], records[i]));
        drop_frames();
    }
}

/* ---- trees of several levels ---- */

static long right_values(bytes image)
{
    const hid_t file = open_image(image);
    if (file < 0) return -1;
    const long good = right_records(file, "time");
    H5Fclose(file);
    return good;
}

/* A chunk a value: 64 values a leaf, some 60 leaves a node above. */
TEST(a_tree_of_chunks_grows_level_by_level_and_never_loses_a_record)
{
    static const long ends[] = {0, 100, 400, 3600, 3900};
    char path[256];
    strcpy(path, test_path("tree.nc"));
    const pel_array_spec spec = {.name = "time", .rank = 1, .shape = {0}, .chunk = {1}};
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(pel_file_define_array(file, &spec));
    CHECK_STATUS(pel_file_sync(file));
    for (int e = 1; e < 5; e++) {
        if (ends[e] - ends[e - 1] < 1000) record(path);
        for (long n = ends[e - 1]; n < ends[e]; n++) {
            const double value = value_of("time", n, 0);
            CHECK_STATUS(pel_file_append_box(file, "time", n, PEL_IO_DOUBLE, NULL, NULL, &value));
        }
        CHECK_STATUS(pel_file_sync(file));
        stop_recording();
        for (int i = 0; i < frames.count; i++) {
            const long records = right_values(frames.file[i]);
            CU_ASSERT_TRUE((i + 1 < frames.count && records == ends[e - 1]) || records == ends[e]);
        }
        drop_frames();
    }
    CHECK_STATUS(pel_file_close(file));
}

/* ---- a kill while a journal is replayed ---- */

static void put(const char *path, bytes content)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(content.data, 1, content.count, file), content.count);
    fclose(file);
}

TEST(every_write_of_a_replay_leaves_a_whole_beginning)
{
    enum { BEFORE = 64 };
    static bytes file[MOST_FRAMES], log[MOST_FRAMES];
    char path[256], hidden[256], other[256];
    strcpy(path, test_path("journalled.nc"));
    strcpy(other, test_path("replayed.nc"));
    strcpy(hidden, test_path(".replayed.nc.journal"));
    pel_file *growing = NULL;
    CHECK_STATUS(pel_file_create(path, &growing));
    CHECK_STATUS(define(growing));
    CHECK_STATUS(pel_file_close(growing));
    grow(path, 0, BEFORE);
    record(path);
    grow(path, BEFORE, BEFORE + 1);
    stop_recording();
    const int count = frames.count;
    memcpy(file, frames.file, sizeof file);
    memcpy(log, frames.log, sizeof log);
    frames.count = 0;
    int replayed = 0;
    for (int i = 0; i < count; i++) {
        put(other, file[i]);
        if (log[i].data) put(hidden, log[i]);
        record(other);
        CHECK_STATUS(pel_file_open(other, PEL_FILE_APPEND, &growing));
        CHECK_STATUS(pel_file_close(growing));
        stop_recording();
        const long after = whole_records(frames.file[frames.count - 1]), before = whole_records(frames.file[0]);
        CU_ASSERT_TRUE(go_from_to(before, after) && (after == BEFORE || after == BEFORE + 1) && before <= after);
        replayed += after > before;
        drop_frames();
        free(file[i].data), free(log[i].data);
    }
    CU_ASSERT_TRUE(replayed > 2);
}

/* Arrays, attributes and records of a growing file, as Pelagos and as foreign readers see them. */
#include "io/file.h"

#include <math.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

/* ---- helpers ---- */

/* Runs a command; its output goes to `out`. @return its exit code, 127 where it does not exist */
static int run(const char *command, char *out, size_t bytes)
{
    FILE *pipe = popen(command, "r");
    if (!pipe) return 127;
    const size_t got = fread(out, 1, bytes - 1, pipe);
    out[got] = 0;
    const int code = pclose(pipe);
    return WIFEXITED(code) ? WEXITSTATUS(code) : 126;
}

static bool has_tool(const char *probe, const char *name)
{
    char out[64];
    if (run(probe, out, sizeof out) == 0) return true;
    printf("\n  (%s is not there: skipped) ", name);
    return false;
}

static pel_file *create(const char *name)
{
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_create(test_path(name), &file));
    return file;
}

enum { NX = 6, NY = 4 };

/* A small ocean: time (unlimited), y, x and a dimension without coordinates. */
static void define_snapshots(pel_file *file)
{
    const double x[NX] = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5}, y[NY] = {10, 20, 30, 40};
    CHECK_STATUS(pel_file_define_dimension(file, "time", 0, NULL));
    CHECK_STATUS(pel_file_put_text(file, "time", "units", "seconds since 2000-01-01 00:00:00"));
    CHECK_STATUS(pel_file_put_text(file, "time", "calendar", "proleptic_gregorian"));
    CHECK_STATUS(pel_file_define_dimension(file, "y", NY, y));
    CHECK_STATUS(pel_file_define_dimension(file, "x", NX, x));
    CHECK_STATUS(pel_file_put_text(file, "x", "units", "m"));
    CHECK_STATUS(pel_file_define_dimension(file, "component", 2, NULL));
    const pel_array_spec eta = {.name = "eta",
                                .rank = 3,
                                .dimensions = {"time", "y", "x"},
                                .has_fill = true,
                                .fill = NAN,
                                .file_type = PEL_IO_FLOAT,
                                .deflate = 4};
    const pel_array_spec step = {.name = "step", .rank = 1, .dimensions = {"time"}, .memory_type = PEL_IO_INT64};
    const pel_array_spec pair = {.name = "wind", .rank = 2, .dimensions = {"component", "y"}};
    CHECK_STATUS(pel_file_define_array(file, &eta));
    CHECK_STATUS(pel_file_define_array(file, &step));
    CHECK_STATUS(pel_file_define_array(file, &pair));
    CHECK_STATUS(pel_file_put_text(file, "eta", "units", "m"));
    CHECK_STATUS(pel_file_put_text(file, "", "Conventions", "CF-1.10"));
}

static double eta_at(long record, int i)
{
    return (double)record + i / 32.0;
}

static pel_status append_record(pel_file *file, long record)
{
    double eta[NY * NX];
    const double time = 60.0 * (double)record;
    const int64_t step = 10 * record;
    for (int i = 0; i < NY * NX; i++) eta[i] = eta_at(record, i);
    PEL_TRY(pel_file_append_box(file, "time", record, PEL_IO_DOUBLE, NULL, NULL, &time));
    PEL_TRY(pel_file_append_box(file, "step", record, PEL_IO_INT64, NULL, NULL, &step));
    PEL_TRY(pel_file_append_box(file, "eta", record, PEL_IO_DOUBLE, NULL, NULL, eta));
    return pel_file_sync(file);
}

static bool record_is_good(pel_file *file, long record)
{
    double eta[NY * NX], time = -1;
    const long start[3] = {record}, count[3] = {1, NY, NX};
    if (pel_file_read_box(file, "eta", PEL_IO_DOUBLE, start, count, eta) != PEL_OK) return false;
    if (pel_file_read_box(file, "time", PEL_IO_DOUBLE, start, count, &time) != PEL_OK) return false;
    for (int i = 0; i < NY * NX; i++)
        if (eta[i] != eta_at(record, i)) return false;
    return time == 60.0 * (double)record;
}

/* ---- arrays and attributes ---- */

TEST(every_type_comes_back_as_it_was)
{
    pel_file *file = create("types.h5");
    const double reals[2] = {0.1, -1e300};
    const float floats[2] = {0.1f, 3};
    const int32_t ints[2] = {-5, INT32_MAX};
    const int64_t longs[2] = {INT64_MIN, 1};
    const long two = 2, zero = 0;
    const struct {
        const char *name;
        pel_io_type type;
        const void *data;
        long count;
    } arrays[] = {{"d", PEL_IO_DOUBLE, reals, 2},
                  {"f", PEL_IO_FLOAT, floats, 2},
                  {"i", PEL_IO_INT32, ints, 2},
                  {"deep/er/l", PEL_IO_INT64, longs, 2},
                  {"c", PEL_IO_COMPLEX, reals, 1}};
    for (int a = 0; a < 5; a++)
        CHECK_STATUS(pel_file_write_array(file, arrays[a].name, arrays[a].type, 1, &arrays[a].count, arrays[a].data));
    CHECK_STATUS(pel_file_write_array(file, "scalar", PEL_IO_DOUBLE, 0, NULL, reals));
    CHECK_STATUS(pel_file_write_array(file, "empty", PEL_IO_DOUBLE, 1, &zero, NULL));
    CHECK_STATUS(pel_file_close(file));
    CHECK_STATUS(pel_file_open(test_path("types.h5"), PEL_FILE_READ, &file));
    for (int a = 0; a < 5; a++) {
        char back[16];
        pel_io_type type;
        int rank;
        long shape[5];
        CHECK_STATUS(pel_file_array_info(file, arrays[a].name, &type, &rank, shape));
        CU_ASSERT_TRUE(type == arrays[a].type && rank == 1 && shape[0] == arrays[a].count);
        CHECK_STATUS(pel_file_read_box(file, arrays[a].name, type, &zero, &arrays[a].count, back));
        CU_ASSERT_EQUAL(memcmp(back, arrays[a].data, pel_io_type_bytes(type) * (size_t)arrays[a].count), 0);
    }
    double scalar, converted[2];
    CHECK_STATUS(pel_file_read_box(file, "scalar", PEL_IO_DOUBLE, NULL, NULL, &scalar));
    CHECK_STATUS(pel_file_read_box(file, "i", PEL_IO_DOUBLE, &zero, &two, converted));
    CU_ASSERT_TRUE(scalar == 0.1 && converted[0] == -5);
    CHECK_STATUS(pel_file_close(file));
}

TEST(boxes_and_chunks_make_up_the_whole)
{
    enum { N = 37, M = 23 };
    double whole[N * M], back[N * M];
    for (int i = 0; i < N * M; i++) whole[i] = sin(i);
    pel_file *file = create("boxes.h5");
    for (int deflate = 0; deflate < 2; deflate++) {
        const char *name = deflate ? "packed" : "plain";
        const pel_array_spec spec = {
            .name = name, .rank = 2, .shape = {N, M}, .chunk = {deflate ? 5 : 0, 7 * deflate}, .deflate = 6 * deflate};
        CHECK_STATUS(pel_file_define_array(file, &spec));
        for (long y = 0; y < N; y += 10) {
            const long start[2] = {y, 0}, count[2] = {y + 10 < N ? 10 : N - y, M};
            CHECK_STATUS(pel_file_write_box(file, name, PEL_IO_DOUBLE, start, count, whole + y * M));
        }
        const long start[2] = {0}, count[2] = {N, M}, outside[2] = {1, 0};
        CHECK_STATUS(pel_file_read_box(file, name, PEL_IO_DOUBLE, start, count, back));
        CU_ASSERT_EQUAL(memcmp(back, whole, sizeof whole), 0);
        CHECK_FAILS(pel_file_write_box(file, name, PEL_IO_DOUBLE, outside, count, whole), PEL_ERR_ARGUMENT, "outside");
    }
    CHECK_STATUS(pel_file_close(file));
}

TEST(attributes_come_back_and_can_be_replaced)
{
    pel_file *file = create("attributes.h5");
    const double three[3] = {1, 2, 0.1};
    const long big = 1L << 40;
    double back[3], real;
    long count, whole;
    char *text = NULL;
    CHECK_STATUS(pel_file_put_text(file, "a/b", "units", "m"));
    CHECK_STATUS(pel_file_put_text(file, "a/b", "units", "m s-1 \xc2\xb5"));
    CHECK_STATUS(pel_file_put_text(file, "", "empty", ""));
    CHECK_STATUS(pel_file_put_strings(file, "a/b", "long_name", 1, (const char *[]){"of any length"}));
    CHECK_STATUS(pel_file_put_strings(file, "a/b", "long_name", 1, (const char *[]){"replaced"}));
    CHECK_STATUS(pel_file_put_reals(file, "/", "three", 3, three));
    CHECK_STATUS(pel_file_put_ints(file, "/", "big", 1, &big));
    CHECK_STATUS(pel_file_get_text(file, "a/b", "units", &text));
    CU_ASSERT_STRING_EQUAL(text, "m s-1 \xc2\xb5");
    free(text);
    CHECK_STATUS(pel_file_get_text(file, "a/b", "long_name", &text));
    CU_ASSERT_STRING_EQUAL(text, "replaced");
    free(text);
    CHECK_STATUS(pel_file_get_text(file, "", "empty", &text));
    CU_ASSERT_STRING_EQUAL(text, "");
    free(text);
    CHECK_STATUS(pel_file_get_reals(file, "", "three", 3, back, &count));
    CU_ASSERT_TRUE(count == 3 && back[2] == 0.1);
    CHECK_STATUS(pel_file_get_int(file, "", "big", &whole));
    CHECK_STATUS(pel_file_get_real(file, "", "big", &real));
    CU_ASSERT_TRUE(whole == big && real == (double)big);
    CU_ASSERT_TRUE(pel_file_has_attribute(file, "a/b", "units") && !pel_file_has_attribute(file, "a", "units"));
    CHECK_FAILS(pel_file_get_real(file, "", "four", &real), PEL_ERR_NAME, "four");
    CHECK_FAILS(pel_file_get_real(file, "a/b", "units", &real), PEL_ERR_MISMATCH, "not a number");
    CHECK_STATUS(pel_file_close(file));
}

static pel_status add_name(void *context, const char *name, bool is_group)
{
    (void)is_group;
    strcat(context, name);
    return PEL_OK;
}

TEST(names_are_listed_in_order_of_creation)
{
    pel_file *file = create("order.h5");
    const char *names[] = {"z", "b", "a", "y"};
    char listed[32] = "";
    for (int i = 0; i < 4; i++) CHECK_STATUS(pel_file_write_array(file, names[i], PEL_IO_INT32, 0, NULL, &i));
    CHECK_STATUS(pel_file_list(file, "", add_name, listed));
    CU_ASSERT_STRING_EQUAL(listed, "zbay");
    CU_ASSERT_TRUE(pel_file_has(file, "z") && !pel_file_has(file, "q/r"));
    CHECK_FAILS(pel_file_array_info(file, "zz", NULL, NULL, NULL), PEL_ERR_NAME, "did you mean \"z\"");
    CHECK_STATUS(pel_file_close(file));
}

TEST(a_file_that_cannot_be_opened_says_why)
{
    pel_file *file = create("there.nc");
    define_snapshots(file);
    CHECK_STATUS(append_record(file, 0));
    CHECK_STATUS(pel_file_close(file));
    CHECK_FAILS(pel_file_create(test_path("there.nc"), &file), PEL_ERR_EXISTS, "exists already");
    CHECK_FAILS(pel_file_open(test_path("none.nc"), PEL_FILE_READ, &file), PEL_ERR_FILE, "No such file");
    CHECK_FAILS(pel_file_create(test_path("no/folder.nc"), &file), PEL_ERR_FILE, "No such file");
    CHECK_FAILS(pel_file_open(test_folder(), PEL_FILE_READ, &file), PEL_ERR_FILE, "directory");
    CU_ASSERT_EQUAL(truncate(test_path("there.nc"), 3000), 0);
    CHECK_FAILS(pel_file_open(test_path("there.nc"), PEL_FILE_APPEND, &file), PEL_ERR_CORRUPT, "truncated");
    FILE *text = fopen(test_path("text.nc"), "w");
    fputs("CDF\1 and more", text);
    fclose(text);
    CHECK_FAILS(pel_file_open(test_path("text.nc"), PEL_FILE_READ, &file), PEL_ERR_FILE, "nccopy -4");
    text = fopen(test_path("text.nc"), "w");
    fputs("hello", text);
    fclose(text);
    CHECK_FAILS(pel_file_open(test_path("text.nc"), PEL_FILE_READ, &file), PEL_ERR_FILE, "not an HDF5");
}

/* ---- records ---- */

TEST(records_are_appended_cut_back_and_continued)
{
    pel_file *file = create("records.nc");
    define_snapshots(file);
    for (long n = 0; n < 600; n++) CHECK_STATUS(append_record(file, n));
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 600);
    CHECK_STATUS(pel_file_close(file));
    CHECK_STATUS(pel_file_open(test_path("records.nc"), PEL_FILE_APPEND, &file));
    CHECK_STATUS(pel_file_truncate_records(file, "time", 311));
    for (long n = 311; n < 620; n++) CHECK_STATUS(append_record(file, n));
    CHECK_FAILS(append_record(file, 700), PEL_ERR_ARGUMENT, "gap");
    CHECK_STATUS(pel_file_close(file));
    CHECK_STATUS(pel_file_open(test_path("records.nc"), PEL_FILE_READ, &file));
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 620);
    CU_ASSERT_EQUAL(pel_file_records(file, "x"), 0);
    for (long n = 0; n < 620; n++) CU_ASSERT_TRUE(record_is_good(file, n));
    CHECK_STATUS(pel_file_close(file));
}

TEST(unequal_lengths_count_as_the_shortest_and_are_cut)
{
    pel_file *file = create("unequal.nc");
    define_snapshots(file);
    for (long n = 0; n < 3; n++) CHECK_STATUS(append_record(file, n));
    const double time = 180;
    CHECK_STATUS(pel_file_append_box(file, "time", 3, PEL_IO_DOUBLE, NULL, NULL, &time));
    CHECK_STATUS(pel_file_close(file));
    CHECK_STATUS(pel_file_open(test_path("unequal.nc"), PEL_FILE_APPEND, &file));
    CU_ASSERT_EQUAL(pel_file_records(file, "time"), 3);
    CHECK_STATUS(pel_file_truncate_records(file, "time", 3));
    CHECK_STATUS(append_record(file, 3));
    CU_ASSERT_TRUE(record_is_good(file, 3));
    CHECK_STATUS(pel_file_close(file));
}

TEST(records_without_a_dimension_can_be_linked_and_cut)
{
    pel_file *file = create("trajectory.h5");
    const pel_array_spec position = {.name = "particles/all/position/value", .rank = 3, .shape = {0, 5, 3}};
    const pel_array_spec step = {.name = "particles/all/position/step", .rank = 1, .memory_type = PEL_IO_INT64};
    double values[15] = {0};
    int64_t number = 0;
    CHECK_STATUS(pel_file_define_array(file, &position));
    CHECK_STATUS(pel_file_define_array(file, &step));
    CHECK_STATUS(pel_file_link(file, step.name, "particles/all/velocity/step"));
    for (long n = 0; n < 4; n++, number++) {
        CHECK_STATUS(pel_file_append_box(file, position.name, n, PEL_IO_DOUBLE, NULL, NULL, values));
        CHECK_STATUS(pel_file_append_box(file, step.name, n, PEL_IO_INT64, NULL, NULL, &number));
    }
    CU_ASSERT_EQUAL(pel_file_records(file, NULL), 4);
    CHECK_STATUS(pel_file_truncate_records(file, NULL, 2));
    long shape[5];
    CHECK_STATUS(pel_file_array_info(file, "particles/all/velocity/step", NULL, NULL, shape));
    CU_ASSERT_EQUAL(shape[0], 2);
    CHECK_STATUS(pel_file_close(file));
}

/* ---- foreign readers ---- */

TEST(ncdump_reads_a_growing_file)
{
    if (!has_tool("command -v ncdump", "ncdump")) return;
    pel_file *file = create("live.nc");
    char command[512], out[8192];
    define_snapshots(file);
    for (long n = 0; n < 3; n++) CHECK_STATUS(append_record(file, n));
    snprintf(command, sizeof command, "ncdump %s 2>&1", test_path("live.nc"));
    CU_ASSERT_EQUAL(run(command, out, sizeof out), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "time = UNLIMITED ; // (3 currently)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "component = 2 ;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "float eta(time, y, x) ;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "double wind(component, y) ;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "time:units = \"seconds since 2000-01-01 00:00:00\" ;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(out, "time = 0, 60, 120 ;"));
    CU_ASSERT_PTR_NULL(strstr(out, "double component"));
    CHECK_STATUS(pel_file_close(file));
}

TEST(xarray_reads_a_growing_file)
{
    const char *engines[] = {"netcdf4", "h5netcdf"};
    pel_file *file = create("xarray.nc");
    define_snapshots(file);
    for (long n = 0; n < 3; n++) CHECK_STATUS(append_record(file, n));
    for (int e = 0; e < 2; e++) {
        char command[2048], out[4096];
        snprintf(command, sizeof command, "/usr/bin/python3 -c 'import xarray, %s' 2>/dev/null",
                 e ? "h5netcdf" : "netCDF4");
        if (!has_tool(command, engines[e])) continue;
        snprintf(command, sizeof command,
                 "HDF5_USE_FILE_LOCKING=FALSE /usr/bin/python3 -c \"\n"
                 "import xarray, numpy\n"
                 "d = xarray.open_dataset('%s', engine='%s')\n"
                 "assert dict(d.sizes) == dict(time=3, y=4, x=6, component=2), d.sizes\n"
                 "assert d.eta.dims == ('time', 'y', 'x') and d.wind.dims == ('component', 'y'), d\n"
                 "assert set(d.coords) == {'time', 'y', 'x'}, d.coords\n"
                 "assert d.time.values[2] == numpy.datetime64('2000-01-01T00:02:00'), d.time\n"
                 "assert float(d.eta.sel(x=2.5, y=20)[2]) == 2 + 8 / 32, d.eta\n"
                 "assert d.eta.attrs['units'] == 'm' and d.attrs['Conventions'] == 'CF-1.10', d.attrs\n"
                 "assert d.encoding['unlimited_dims'] == {'time'}, d.encoding\n\" 2>&1",
                 test_path("xarray.nc"), engines[e]);
        const int code = run(command, out, sizeof out);
        if (code) printf("\n%s\n", out);
        CU_ASSERT_EQUAL(code, 0);
    }
    CHECK_STATUS(pel_file_close(file));
}

/* Reading arrays of foreign files. */
#include "io/input.h"

#include <math.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"
#include "support/test.h"

/* Runs Debian's Python. @return whether it could; missing packages skip the test */
static bool python(const char *script)
{
    char command[4096];
    snprintf(command, sizeof command, "/usr/bin/python3 -c \"\n%s\" 2>/dev/null", script);
    if (system(command) == 0) return true;
    printf("\n  (no Python with numpy and netCDF4: skipped) ");
    return false;
}

static bool make_foreign_file(const char *path, const char *format)
{
    char script[2048];
    snprintf(script, sizeof script,
             "import netCDF4, numpy\n"
             "d = netCDF4.Dataset('%s', 'w', format='%s')\n"
             "d.createDimension('time', None); d.createDimension('lat', 3); d.createDimension('n', 2)\n"
             "t = d.createVariable('time', 'f8', ('time',)); t.units = 'days since 1990-01-01'; t.calendar = 'noleap'\n"
             "y = d.createVariable('lat', 'f4', ('lat',)); y.units = 'degrees_north'; y[:] = [10, 20, 30]\n"
             "v = d.createVariable('temperature', 'i2', ('time', 'lat', 'n'), zlib=%s, fill_value=-999)\n"
             "v.scale_factor = 0.5; v.add_offset = 100.0; v.units = 'K'; v.set_auto_maskandscale(False)\n"
             "t[:] = [0, 1]; v[:] = numpy.arange(12).reshape(2, 3, 2); v[1, 2, 1] = -999\n"
             "d.close()\n",
             path, format, strcmp(format, "NETCDF4") ? "False" : "True");
    return python(script);
}

TEST(a_netcdf_array_comes_with_coordinates_and_units)
{
    pel_input *input = NULL;
    double values[12], record[6];
    const long start[3] = {0}, count[3] = {2, 3, 2};
    if (!make_foreign_file(test_path("foreign.nc"), "NETCDF4")) return;
    CHECK_STATUS(pel_input_open(test_path("foreign.nc"), "temperature", &input));
    CU_ASSERT_EQUAL_FATAL(pel_input_rank(input), 3);
    CU_ASSERT_STRING_EQUAL(pel_input_units(input), "K");
    const pel_input_dimension *time = pel_input_dimension_get(input, 0), *lat = pel_input_dimension_get(input, 1);
    const pel_input_dimension *n = pel_input_dimension_get(input, 2);
    CU_ASSERT_STRING_EQUAL(time->name, "time");
    CU_ASSERT_STRING_EQUAL(time->units, "days since 1990-01-01");
    CU_ASSERT_STRING_EQUAL(time->calendar, "noleap");
    CU_ASSERT_TRUE(time->is_time && time->length == 2 && time->coordinates[1] == 1);
    CU_ASSERT_STRING_EQUAL(lat->name, "lat");
    CU_ASSERT_TRUE(!lat->is_time && lat->length == 3 && lat->coordinates[2] == 30);
    CU_ASSERT_STRING_EQUAL(n->name, "n");
    CU_ASSERT_TRUE(n->length == 2 && !n->coordinates && !n->units[0]);
    CHECK_STATUS(pel_input_read(input, start, count, values));
    CU_ASSERT_TRUE(values[0] == 100 && values[10] == 105 && isnan(values[11]));
    CHECK_STATUS(pel_input_read_record(input, 1, record));
    CU_ASSERT_TRUE(record[0] == 103);
    CHECK_FAILS(pel_input_read_record(input, 2, record), PEL_ERR_ARGUMENT, "outside");
    pel_input_close(input);
    CHECK_STATUS(pel_input_open(test_path("foreign.nc"), "/lat", &input));
    CU_ASSERT_EQUAL(pel_input_dimension_get(input, 0)->coordinates[1], 20);
    pel_input_close(input);
}

TEST(a_wrong_name_gets_a_suggestion)
{
    pel_input *input = NULL;
    pel_file *file = NULL;
    const double value = 1;
    CHECK_STATUS(pel_file_create(test_path("names.h5"), &file));
    CHECK_STATUS(pel_file_write_array(file, "forcing/temperature", PEL_IO_DOUBLE, 0, NULL, &value));
    CHECK_STATUS(pel_file_write_array(file, "wind", PEL_IO_DOUBLE, 0, NULL, &value));
    CHECK_STATUS(pel_file_close(file));
    CHECK_FAILS(pel_input_open(test_path("names.h5"), "wnid", &input), PEL_ERR_NAME, "did you mean \"wind\"?");
    CHECK_FAILS(pel_input_open(test_path("names.h5"), "wnid", &input), PEL_ERR_NAME, "forcing/temperature, wind");
    CHECK_FAILS(pel_input_open(test_path("names.h5"), "forcing", &input), PEL_ERR_NAME, "not an array");
    CHECK_FAILS(pel_input_open(test_path("nothing.h5"), "wind", &input), PEL_ERR_FILE, "nothing.h5");
}

TEST(a_classic_file_is_refused_with_the_way_out)
{
    pel_input *input = NULL;
    if (!make_foreign_file(test_path("classic.nc"), "NETCDF3_64BIT_OFFSET")) return;
    CHECK_FAILS(pel_input_open(test_path("classic.nc"), "temperature", &input), PEL_ERR_FILE, "nccopy -4");
}

TEST(plain_arrays_have_dimensions_without_names)
{
    pel_input *input = NULL;
    pel_file *file = NULL;
    const float values[6] = {1, 2, 3, 4, 5, 6};
    const long shape[2] = {2, 3};
    double back[3];
    CHECK_STATUS(pel_file_create(test_path("plain.h5"), &file));
    CHECK_STATUS(pel_file_write_array(file, "a", PEL_IO_FLOAT, 2, shape, values));
    CHECK_STATUS(pel_file_close(file));
    CHECK_STATUS(pel_input_open(test_path("plain.h5"), "a", &input));
    CU_ASSERT_STRING_EQUAL(pel_input_dimension_get(input, 1)->name, "");
    CU_ASSERT_EQUAL(pel_input_dimension_get(input, 1)->length, 3);
    CHECK_STATUS(pel_input_read_record(input, 1, back));
    CU_ASSERT_EQUAL(back[2], 6);
    pel_input_close(input);
}

/* Overwrites the middle of the file, where the compressed values are. */
TEST(damaged_values_are_noticed)
{
    enum { N = 50000 };
    pel_file *file = NULL;
    pel_input *input = NULL;
    double *values = malloc(N * sizeof *values);
    for (int i = 0; i < N; i++) values[i] = sin(i);
    const pel_array_spec spec = {.name = "a", .rank = 2, .shape = {1, N}, .deflate = 4};
    const long start[2] = {0}, count[2] = {1, N};
    CHECK_STATUS(pel_file_create(test_path("damaged.h5"), &file));
    CHECK_STATUS(pel_file_define_array(file, &spec));
    CHECK_STATUS(pel_file_write_box(file, "a", PEL_IO_DOUBLE, start, count, values));
    CHECK_STATUS(pel_file_close(file));
    FILE *bytes = fopen(test_path("damaged.h5"), "r+");
    fseek(bytes, 100000, SEEK_SET);
    for (int i = 0; i < 5000; i++) fputc('x', bytes);
    fclose(bytes);
    CHECK_STATUS(pel_input_open(test_path("damaged.h5"), "a", &input));
    CHECK_FAILS(pel_input_read(input, start, count, values), PEL_ERR_CORRUPT, "damaged.h5: a cannot be read");
    pel_input_close(input);
    CU_ASSERT_EQUAL(truncate(test_path("damaged.h5"), 50000), 0);
    CHECK_FAILS(pel_input_open(test_path("damaged.h5"), "a", &input), PEL_ERR_CORRUPT, "truncated");
    free(values);
}

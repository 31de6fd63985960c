/* Output files through the eyes of others: ncdump and xarray, while the run goes on and after it. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "../sim/toy.h"

#define DECK                                                                                                           \
    "app: toy\ntitle: Seen by others\ngrid: {cells: [8, 6], extent: [80 km, 60 km], boundary: [periodic, wall]}\n"     \
    "time: {step: 1 hour, end: 10 days, calendar: 360_day, reference: \"1850-02-30 00:00:00\"}\n"                      \
    "output: {series: {every: 6 hours}, snapshots: {every: 1 day, fields: [q, u, v], precision: float, compress: 2}, " \
    "averages: {every: 2 days, fields: [q], variance: true}}"

/* Runs a shell command in the folder. @return its exit status */
static int run_there(const char *where, const char *command)
{
    pel_text line = {0};
    pel_text_add(&line, "cd '%s' && %s", where, command);
    const int status = system(pel_text_get(&line));
    pel_text_free(&line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs a script with a Python that has xarray; without one there is nothing to test. */
static void check_python(const char *where, const char *script)
{
    const char *python = getenv("PELAGOS_PYTHON") ? getenv("PELAGOS_PYTHON") : "/usr/bin/python3";
    pel_text line = {0};
    pel_text_add(&line, "%s -c 'import xarray, netCDF4, cftime' 2>/dev/null", python);
    if (run_there(where, pel_text_get(&line)) != 0) {
        printf("\n  (no Python with xarray and netCDF4: skipped) ");
    } else {
        pel_text_free(&line);
        pel_text_add(&line, "%s -W ignore -c '%s'", python, script);
        CU_ASSERT_EQUAL(run_there(where, pel_text_get(&line)), 0);
    }
    pel_text_free(&line);
}

static void check_ncdump(const char *where, const char *file, const char *pattern)
{
    pel_text line = {0};
    if (run_there(where, "command -v ncdump >/dev/null") != 0) {
        printf("\n  (no ncdump: skipped) ");
        return;
    }
    pel_text_add(&line, "ncdump -t %s | grep -q '%s'", file, pattern);
    CU_ASSERT_EQUAL(run_there(where, pel_text_get(&line)), 0);
    pel_text_free(&line);
}

static const char *folder(const char *name)
{
    const char *path = test_path(name);
    mkdir(path, 0777);
    return path;
}

TEST(files_of_a_running_run_open_in_other_programs)
{
    toy t;
    toy_begin(&t, DECK, folder("live"));
    toy_run(&t, 50, 100);
    const char *where = test_path("live");
    check_ncdump(where, "snapshots.nc", "time = UNLIMITED ; // (3 currently)");
    check_ncdump(where, "series.nc", "time = UNLIMITED ; // (9 currently)");
    check_python(where,
                 "import xarray; d = xarray.open_dataset(\"snapshots.nc\"); assert d.sizes[\"time\"] == 3, d.sizes");
    toy_run(&t, 100, 100);
    check_python(where,
                 "import xarray; d = xarray.open_dataset(\"snapshots.nc\"); assert d.sizes[\"time\"] == 5, d.sizes");
    toy_end(&t);
}

TEST(xarray_decodes_times_coordinates_and_attributes)
{
    toy t;
    toy_begin(&t, DECK, folder("decoded"));
    toy_run(&t, 240, 100);
    toy_end(&t);
    const char *where = test_path("decoded");
    check_python(where,
                 "import xarray, numpy, cftime\n"
                 "d = xarray.open_dataset(\"snapshots.nc\", use_cftime=True)\n"
                 "assert d.title == \"Seen by others\" and d.source.startswith(\"Pelagos \"), d.attrs\n"
                 "assert d.time.values[1] == cftime.Datetime360Day(1850, 3, 1), d.time.values\n"
                 "assert list(d.step.values) == list(range(0, 241, 24)), d.step.values\n"
                 "assert d.q.dims == (\"time\", \"y\", \"x\") and d.v.dims == (\"time\", \"y_face\", \"x\"), d\n"
                 "assert d.q.dtype == numpy.float32 and d.v.shape == (11, 7, 8), d\n"
                 "assert d.x.attrs[\"units\"] == \"m\" and d.x.values[0] == 5000, d.x\n"
                 "assert d.u.attrs[\"standard_name\"] == \"sea_water_temperature\"\n"
                 "assert numpy.allclose(d.u, 2 * d.q, rtol=1e-6)\n"
                 "s = xarray.open_dataset(\"series.nc\", use_cftime=True)\n"
                 "assert s[\"sum\"].dims == (\"time\",) and s[\"sum\"].attrs[\"long_name\"] == \"sum of q\", s\n"
                 "same = s[\"sum\"].sel(time=d.time).values\n"
                 "assert numpy.allclose(d.q.astype(float).sum((\"x\", \"y\")), same, rtol=1e-5, atol=1), same\n");
    check_python(where, "import xarray, cftime\n"
                        "d = xarray.open_dataset(\"averages.nc\", use_cftime=True)\n"
                        "assert d.time.attrs[\"bounds\"] == \"time_bnds\"\n"
                        "assert d.q.attrs[\"cell_methods\"] == \"time: mean\", d.q\n"
                        "assert d.q_variance.attrs[\"cell_methods\"] == \"time: variance\"\n"
                        "assert d.time_bnds.values[1][0] == cftime.Datetime360Day(1850, 3, 2), d.time_bnds.values\n"
                        "assert d.time_bnds.values[1][1] == d.time.values[1] and d.sizes[\"time\"] == 5\n");
    check_ncdump(where, "snapshots.nc", "1850-03-01");
}

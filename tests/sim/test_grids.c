/* Components with several grids, and tables in snapshots: the app of layers.h through whole runs. */
#include <sys/wait.h>

#include "io/file.h"
#include "layers.h"
#include "runs.h"
#include "sim/rehearsal.h"
#include "support/test.h"

static const pel_app *const apps[] = {&layers_app};

static const char *write_deck(const char *name, const char *more)
{
    static char path[512];
    snprintf(path, sizeof path, "%s", test_path(name));
    FILE *file = fopen(path, "w");
    fprintf(file,
            "app: layers\ngrid: {cells: [8, 6], extent: [80 m, 60 m], boundary: [periodic, wall]}\n"
            "time: {scheme: ab3, step: 0.02 s, end: 0.6 s}\nrun: {threads: 2, placement: none}\n%s",
            more);
    fclose(file);
    return path;
}

#define OUTPUT                                                                                                         \
    "output:\n  snapshots: [{every: 2 steps, fields: [q, energy], tables: [drifters]}]\n"                              \
    "  averages: [{every: 5 steps, fields: [q, energy]}]\n  checkpoints: {every: 5 steps, keep: 100}\n"

/* ---- bits ---- */

TEST(a_run_of_several_grids_resumes_to_the_bit)
{
    static const char *const ways[] = {"time.scheme=ab3", "time.scheme=ab3|time.start=euler", "time.scheme=rk4",
                                       "time.scheme=ab3|time.step=auto|time.step-every=4|time.safety=0.3",
                                       "time.scheme=euler|physics.layers=1|run.check-access=true"};
    const char *deck = write_deck("resume.yaml", OUTPUT);
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        char whole[256], parts[256];
        snprintf(whole, sizeof whole, "%s", test_path("whole"));
        snprintf(parts, sizeof parts, "%s", test_path("parts"));
        CHECK_STATUS(RUN(deck, whole, ways[w], .is_overwrite = true));
        CHECK_STATUS(RUN(deck, parts, ways[w], .is_overwrite = true, .steps = 1));
        const int stops[] = {2, 6, 13};
        for (int i = 0; i < 3; i++) CHECK_STATUS(RUN(deck, parts, ways[w], .is_resume = true, .steps = stops[i]));
        CHECK_STATUS(RUN(deck, parts, ways[w], .is_resume = true));
        CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(parts));
        check_same_files(whole, parts, "snapshots.nc averages.nc");
    }
}

/* The file has a record more than the checkpoint that the run goes on from. */
TEST(a_file_with_tables_is_cut_back)
{
    char whole[256], parts[256], newest[512];
    const char *deck = write_deck("cut.yaml", OUTPUT);
    snprintf(whole, sizeof whole, "%s", test_path("uncut"));
    snprintf(parts, sizeof parts, "%s", test_path("cut"));
    CHECK_STATUS(RUN(deck, whole, ""));
    CHECK_STATUS(RUN(deck, parts, ""));
    snprintf(newest, sizeof newest, "%s/checkpoints/0000000030.h5", parts);
    CU_ASSERT_EQUAL(remove(newest), 0);
    snprintf(newest, sizeof newest, "%s/report.json", parts);
    CU_ASSERT_EQUAL(remove(newest), 0);
    CHECK_STATUS(RUN(deck, parts, "", .is_resume = true));
    CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(parts));
    check_same_files(whole, parts, "snapshots.nc averages.nc");
}

/* With Runge-Kutta there are no first steps that would fill the integrating factors. */
TEST(a_rehearsal_of_several_grids_has_the_bits_of_a_run)
{
    static const char *const schemes[] = {"time.scheme=rk4", "time.scheme=ab3"};
    const char *deck = write_deck("rehearse.yaml", "");
    for (int s = 0; s < 2; s++) {
        pel_team *team = NULL;
        pel_rehearsal *r = NULL;
        char hash[32];
        const char *folder = test_path("rehearsed");
        CHECK_STATUS(RUN(deck, folder, schemes[s], .steps = 10, .is_overwrite = true));
        CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
        CHECK_STATUS(pel_rehearsal_create(deck, &schemes[s], 1, apps, 1, team, &r));
        for (int again = 0; again < 2; again++) {
            CHECK_STATUS(pel_rehearsal_restart(r));
            CHECK_STATUS(pel_rehearsal_run(r, pel_rehearsal_options(r), s == 0 ? 10 : 8));
            snprintf(hash, sizeof hash, "%016llx", (unsigned long long)pel_rehearsal_hash(r));
            CU_ASSERT_STRING_EQUAL(hash, final_state(folder));
        }
        pel_rehearsal_destroy(r);
        pel_team_destroy(team);
    }
}

/* The grids do not act on each other here. */
TEST(every_grid_counts_in_the_hash)
{
    const char *deck = write_deck("hash.yaml", ""), *folder = test_path("hash");
    CHECK_STATUS(RUN(deck, folder, "", .steps = 1));
    const char *hash = final_state(folder);
    CHECK_STATUS(RUN(deck, folder, "physics.mode=1.5", .steps = 1, .is_overwrite = true));
    CU_ASSERT_STRING_NOT_EQUAL(hash, final_state(folder));
    CHECK_STATUS(RUN(deck, folder, "", .steps = 1, .is_overwrite = true));
    CU_ASSERT_STRING_EQUAL(hash, final_state(folder));
}

/* ---- files ---- */

static void check_reals(const pel_file *file, const char *name, int rank, const long *start, const long *count,
                        const double *wanted)
{
    double values[64];
    long n = 1;
    for (int d = 0; d < rank; d++) n *= count[d];
    CHECK_STATUS(pel_file_read_box(file, name, PEL_IO_DOUBLE, start, count, values));
    for (long i = 0; i < n; i++) CU_ASSERT_DOUBLE_EQUAL(values[i], wanted[i], 1e-14);
}

TEST(checkpoints_keep_fields_of_one_name_apart)
{
    const char *deck = write_deck("apart.yaml", ""), *folder = test_path("apart");
    char path[512];
    CHECK_STATUS(RUN(deck, folder, "", .steps = 1));
    snprintf(path, sizeof path, "%s/checkpoints/0000000001.h5", folder);
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    pel_io_type type;
    CHECK_STATUS(pel_file_array_info(file, "fields/modes/q/level0", &type, NULL, NULL));
    CU_ASSERT_EQUAL(type, PEL_IO_COMPLEX);
    CHECK_STATUS(pel_file_array_info(file, "fields/q/level0", &type, NULL, NULL));
    CU_ASSERT_EQUAL(type, PEL_IO_DOUBLE);
    CU_ASSERT(pel_file_has(file, "fields/modes/rate") && !pel_file_has(file, "fields/spectrum"));
    CHECK_STATUS(pel_file_close(file));
}

/* Euler: the first mode does not decay, |q|^2 grows by 1 + (dt / 2)^2 a step. The first drifter goes by dt in the first
 * step, when the wind is 1. */
TEST(snapshots_hold_spectra_and_tables_with_their_coordinates)
{
    const char *deck = write_deck("snapshots.yaml", OUTPUT), *folder = test_path("snapshots");
    char path[512];
    CHECK_STATUS(RUN(deck, folder, "time.scheme=euler", .steps = 2));
    snprintf(path, sizeof path, "%s/snapshots.nc", folder);
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    check_reals(file, "layer", 1, (long[]){0}, (long[]){2}, (double[]){1, 2});
    check_reals(file, "wavenumber", 1, (long[]){0}, (long[]){4}, (double[]){0, 0.25, 0.5, 0.75});
    check_reals(file, "drifters", 1, (long[]){0}, (long[]){3}, (double[]){10, 20, 30});
    check_reals(file, "energy", 3, (long[]){0, 0, 0}, (long[]){1, 2, 4},
                (double[]){1, 4, 9, 16, 1.25, 4.25, 9.25, 16.25});
    check_reals(file, "energy", 3, (long[]){1, 0, 0}, (long[]){1, 1, 1}, (double[]){1.0001 * 1.0001});
    const double moved = 0.02 * (1 + cos(0.02));
    check_reals(file, "drifters_position_0", 2, (long[]){1, 0}, (long[]){1, 3},
                (double[]){1 + moved, 2 + moved, 3 + moved});
    check_reals(file, "drifters_position_1", 2, (long[]){1, 0}, (long[]){1, 3},
                (double[]){2 * moved, 2 * moved, 2 * moved});
    CU_ASSERT_FALSE(pel_file_has(file, "modes_x"));
    CHECK_STATUS(pel_file_close(file));
}

TEST(xarray_opens_layers_spectra_and_drifters)
{
    const char *deck = write_deck("xarray.yaml", OUTPUT), *folder = test_path("xarray");
    const char *python = getenv("PELAGOS_PYTHON") ? getenv("PELAGOS_PYTHON") : "/usr/bin/python3";
    char line[2048];
    CHECK_STATUS(RUN(deck, folder, "", .steps = 4));
    snprintf(line, sizeof line, "%s -c 'import xarray, netCDF4' 2>/dev/null", python);
    if (system(line) != 0) {
        printf("\n  (no Python with xarray and netCDF4: skipped) ");
        return;
    }
    snprintf(line, sizeof line,
             "cd '%s' && %s -W ignore -c '\n"
             "import xarray\n"
             "d = xarray.open_dataset(\"snapshots.nc\", decode_times=False)\n"
             "assert d.q.dims == (\"time\", \"layer\", \"y\", \"x\") and d.layer.axis == \"Z\", d\n"
             "assert list(d.layer.values) == [1, 2] and d.layer.units == \"1\", d.layer\n"
             "assert d.energy.dims == (\"time\", \"layer\", \"wavenumber\"), d.energy\n"
             "assert d.wavenumber.units == \"rad m-1\" and float(d.wavenumber[2]) == 0.5, d.wavenumber\n"
             "assert float(d.energy.sel(layer=2, wavenumber=0.5)[0]) == 9.25, d.energy\n"
             "assert d.drifters_age.dims == (\"time\", \"drifters\") and d.drifters_age.units == \"s\", d\n"
             "assert abs(float(d.drifters_age.sel(drifters=20)[2]) - 0.08) < 1e-6, d.drifters_age\n"
             "a = xarray.open_dataset(\"averages.nc\", decode_times=False)\n"
             "assert a.energy.dims == (\"time\", \"layer\", \"wavenumber\"), a'",
             folder, python);
    CU_ASSERT_EQUAL(system(line), 0);
}

/* One stride is for lengths; a stride along the layers too leaves them others than those of the spectrum. */
TEST(layers_are_cut_only_if_that_is_asked_for)
{
    const char *deck = write_deck("stride.yaml", "output: {snapshots: [{every: 2 steps, stride: [2]}]}\n");
    const char *folder = test_path("stride");
    char path[512];
    CHECK_STATUS(RUN(deck, folder, "", .steps = 1));
    snprintf(path, sizeof path, "%s/snapshots.nc", folder);
    pel_file *file = NULL;
    long shape[5];
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    CHECK_STATUS(pel_file_array_info(file, "q", NULL, NULL, shape));
    CU_ASSERT(shape[1] == 2 && shape[2] == 3 && shape[3] == 4);
    CHECK_STATUS(pel_file_close(file));
    deck = write_deck("cut_layers.yaml",
                      "output: {snapshots: [{every: 2 steps, fields: [q, energy], stride: [1, 1, 2]}]}\n");
    CHECK_FAILS(RUN(deck, test_path("never"), ""), PEL_ERR_DECK,
                "q and energy lie at other points along layer and cannot share a file");
}

/* ---- refusals ---- */

TEST(an_unknown_table_is_an_error_of_the_deck)
{
    const char *deck = write_deck("unknown.yaml", "output: {snapshots: [{every: 2 steps, tables: [drifter]}]}\n");
    CHECK_FAILS(RUN(deck, test_path("never"), ""), PEL_ERR_DECK,
                "there is no table drifter; did you mean drifters? There are: drifters");
}

/* The deck's grid has a field q too: the later one goes by the name of its grid. */
TEST(a_complex_field_cannot_be_named)
{
    const char *deck = write_deck("complex.yaml", "output: {snapshots: [{every: 2 steps, fields: [modes_q]}]}\n");
    CHECK_FAILS(RUN(deck, test_path("never"), ""), PEL_ERR_DECK, "snapshots: modes_q holds complex values");
}

TEST(a_table_whose_rows_change_cannot_be_written)
{
    const char *deck = write_deck("lose.yaml", OUTPUT);
    CHECK_FAILS(RUN(deck, test_path("lose"), "physics.lose=true"), PEL_ERR_MISMATCH,
                "the table drifters has other rows than when the file began (now 2)");
    const char *without = write_deck("lose_unseen.yaml", "");
    CHECK_STATUS(RUN(without, test_path("lose_unseen"), "physics.lose=true"));
}

TEST(a_bad_value_is_found_on_every_grid)
{
    const char *deck = write_deck("bad.yaml", "");
    CHECK_FAILS(RUN(deck, test_path("bad"), "physics.bad=true"), PEL_ERR_NUMERICS,
                "field q of grid modes is nan at cell (2, 1, 0), at (2.5, 1.5, 0.5) m, step 0");
}

TEST(a_scheme_that_takes_no_decay_is_an_error_of_the_deck)
{
    const char *deck = write_deck("scheme.yaml", "");
    CHECK_FAILS(RUN(deck, test_path("never"), "time.scheme=leapfrog"), PEL_ERR_DECK,
                "time.scheme leapfrog cannot take the linear decay of q");
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "choose ab3, rk4 or euler"));
}

/* The limit at time 0 is 0.065 s. */
TEST(a_step_beyond_a_sharp_limit_is_refused_before_anything_is_written)
{
    const char *deck = write_deck("sharp.yaml", "");
    CHECK_FAILS(RUN(deck, test_path("sharp"), "time.step=0.066 s"), PEL_ERR_DECK,
                "time.step is 0.066 s, beyond the stability limit of app layers for this deck, 0.065 s");
    CU_ASSERT_FALSE(exists(test_path("sharp"), ""));
    CHECK_STATUS(RUN(deck, test_path("blunt"), "time.step=0.065 s", .steps = 1));
}

TEST(grids_are_added_with_names_of_their_own)
{
    pel_component component = {.app = &layers_app, .name = (char *)(uintptr_t) ""};
    pel_grid *grid = NULL;
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {4}}, &grid));
    component.grids[component.grid_count++] = grid;
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {4}}, &grid));
    CHECK_FAILS(pel_component_add_grid(&component, grid), PEL_ERR_NAME, "adds a grid with the name \"\"");
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.name = "modes", .dimensions = 1, .cells = {4}}, &grid));
        if (i == 0) CHECK_STATUS(pel_component_add_grid(&component, grid));
        else CHECK_FAILS(pel_component_add_grid(&component, grid), PEL_ERR_NAME, "two grids with the name modes");
    }
    CU_ASSERT_EQUAL(component.grid_count, 2);
    for (int g = 0; g < component.grid_count; g++) pel_grid_destroy(component.grids[g]);
}

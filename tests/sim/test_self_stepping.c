/* Models without a grid that step themselves: same bits whatever stops and starts, their own files, samplings and
 * units, and how they fail. */
#include "oscillators.h"
#include "runs.h"
#include "support/test.h"

static const pel_app *const apps[] = {&oscillators_app};

static const char *write_deck(const char *name, const char *more)
{
    const char *path = test_path(name);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file, "app: oscillators\nrun: {threads: 2, placement: none}\n%s", more);
    fclose(file);
    return path;
}

#define TIME "time: {step: 0.125, end: 5}\n"
#define OUTPUT                                                                                                         \
    "output:\n  series: {every: 3 steps}\n  path: {every: 4 steps}\n  histogram: {sample: 0.25 tau}\n"                 \
    "  means: {sample: 2 steps, every: 6 steps}\n"                                                                     \
    "  snapshots: [{every: 5 steps, tables: [oscillators]}]\n  checkpoints: {every: 7 steps, keep: 100}\n"

TEST(a_run_stopped_and_resumed_anywhere_ends_with_the_same_bits_and_files)
{
    char deck[256], whole[256], parts[256];
    snprintf(deck, sizeof deck, "%s", write_deck("resume.yaml", TIME OUTPUT));
    snprintf(whole, sizeof whole, "%s", test_path("whole"));
    snprintf(parts, sizeof parts, "%s", test_path("parts"));
    CHECK_STATUS(RUN(deck, whole, ""));
    CHECK_STATUS(RUN(deck, parts, "", .steps = 1));
    const int stops[] = {2, 5, 12, 13, 29};
    for (int i = 0; i < 5; i++) CHECK_STATUS(RUN(deck, parts, "", .is_resume = true, .steps = stops[i]));
    CHECK_STATUS(RUN(deck, parts, "", .is_resume = true));
    CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(parts));
    check_same_files(whole, parts, "series.nc snapshots.nc means.nc path.h5 checkpoints/0000000040.h5");
}

/* Copies of the folder's oldest checkpoint and later files stand for a run that was killed. */
TEST(a_killed_run_is_cut_back_to_its_checkpoint)
{
    char deck[256], whole[256], killed[256], path[512];
    snprintf(deck, sizeof deck, "%s", write_deck("killed.yaml", TIME OUTPUT));
    snprintf(whole, sizeof whole, "%s", test_path("killed_whole"));
    snprintf(killed, sizeof killed, "%s", test_path("killed"));
    CHECK_STATUS(RUN(deck, whole, ""));
    CHECK_STATUS(RUN(deck, killed, "", .steps = 33));
    for (int step = 15; step <= 33; step++) {
        snprintf(path, sizeof path, "%s/checkpoints/%010d.h5", killed, step);
        unlink(path);
    }
    CHECK_STATUS(RUN(deck, killed, "", .is_resume = true));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(killed, "report.json"), "\"first_step\": 14,"));
    CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(killed));
    check_same_files(whole, killed, "series.nc snapshots.nc means.nc path.h5");
}

TEST(neither_stretches_nor_threads_nor_output_change_the_bits)
{
    static const char *const ways[] = {
        "run.threads=1",   "output.path.every=1 steps", "output.series.every=never",
        "output.means={}", "run.stretch=1e-9 s",        "output.checkpoints.every=1 steps"};
    char deck[256], folder[256], expected[32];
    snprintf(deck, sizeof deck, "%s", write_deck("ways.yaml", TIME OUTPUT));
    snprintf(folder, sizeof folder, "%s", test_path("ways"));
    CHECK_STATUS(RUN(deck, folder, ""));
    snprintf(expected, sizeof expected, "%s", final_state(folder));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        CHECK_STATUS(RUN(deck, folder, ways[i], .is_overwrite = true));
        CU_ASSERT_STRING_EQUAL(final_state(folder), expected);
    }
}

TEST(a_run_can_begin_from_a_checkpoint_of_another)
{
    char deck[256], whole[256], first[256], next[256], path[512];
    snprintf(deck, sizeof deck, "%s", write_deck("from.yaml", TIME OUTPUT));
    snprintf(whole, sizeof whole, "%s", test_path("from_whole"));
    snprintf(first, sizeof first, "%s", test_path("from_first"));
    snprintf(next, sizeof next, "%s", test_path("from_next"));
    CHECK_STATUS(RUN(deck, whole, "output.histogram.sample=never"));
    CHECK_STATUS(RUN(deck, first, "output.histogram.sample=never", .steps = 20));
    snprintf(path, sizeof path, "%s/checkpoints/0000000020.h5", first);
    CHECK_STATUS(RUN(deck, next, "output.histogram.sample=never", .from = path));
    CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(next));
}

TEST(samples_are_taken_at_their_moments_alone)
{
    const char *deck = write_deck("samples.yaml", TIME OUTPUT), *folder = test_path("samples");
    CHECK_STATUS(RUN(deck, folder, ""));
    char path[512];
    snprintf(path, sizeof path, "%s/checkpoints/0000000040.h5", folder);
    pel_file *file = NULL;
    double samples = 0, counts[BINS], sum = 0;
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    CHECK_STATUS(pel_file_get_real(file, "scalars", "samples", &samples));
    CHECK_STATUS(pel_file_read_box(file, "fields/bins/histogram/level0", PEL_IO_DOUBLE, (long[]){0, 0, 0, 0},
                                   (long[]){1, 1, 1, BINS}, counts));
    for (int i = 0; i < BINS; i++) sum += counts[i];
    CHECK_STATUS(pel_file_close(file));
    CU_ASSERT_EQUAL(samples, 21); /* at 0, 0.25, ... 5 */
    CU_ASSERT_EQUAL(sum, 21 * OSCILLATORS);
}

static void read_means(const char *folder, long record, double means[OSCILLATORS], double *samples, double bounds[2])
{
    char path[512];
    pel_file *file = NULL;
    snprintf(path, sizeof path, "%s/means.nc", folder);
    CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
    CHECK_STATUS(pel_file_read_box(file, "mean", PEL_IO_DOUBLE, (long[]){record, 0}, (long[]){1, OSCILLATORS}, means));
    CHECK_STATUS(pel_file_read_box(file, "samples", PEL_IO_DOUBLE, &record, (long[]){1}, samples));
    CHECK_STATUS(pel_file_read_box(file, "time_bnds", PEL_IO_DOUBLE, (long[]){record, 0}, (long[]){1, 2}, bounds));
    CHECK_STATUS(pel_file_close(file));
}

TEST(curves_stand_for_what_was_gathered_since_the_record_before)
{
    const char *deck = write_deck("curves.yaml", TIME OUTPUT), *folder = test_path("curves");
    double means[OSCILLATORS], samples, bounds[2];
    CHECK_STATUS(RUN(deck, folder, "output.means={sample: 1 steps, every: 2 steps}", .steps = 4));
    read_means(folder, 0, means, &samples, bounds);
    CU_ASSERT_TRUE(samples == 3 && bounds[0] == 0 && bounds[1] == 0.25); /* of steps 0, 1, 2 */
    read_means(folder, 1, means, &samples, bounds);
    CU_ASSERT_TRUE(samples == 2 && bounds[0] == 0.25 && bounds[1] == 0.5);
    /* Velocity Verlet is exact for cos(w t) with sin(w dt / 2) = dt / 2. */
    const double w = 2 * asin(0.0625);
    CU_ASSERT_DOUBLE_EQUAL(means[0] * 5, (cos(3 * w) + cos(4 * w)) / 2, 1e-12); /* its list is in reverse order */
    CU_ASSERT_DOUBLE_EQUAL(means[4], (cos(3 * w) + cos(4 * w)) / 2, 1e-12);
}

TEST(what_is_gathered_may_be_asked_for_later)
{
    const char *deck = write_deck("later.yaml", TIME OUTPUT), *folder = test_path("later");
    double means[OSCILLATORS], samples, bounds[2];
    CHECK_STATUS(RUN(deck, folder, "output.means={}", .steps = 7));
    CHECK_STATUS(RUN(deck, folder, "", .steps = 12, .is_resume = true));
    read_means(folder, 0, means, &samples, bounds);
    CU_ASSERT_TRUE(samples == 3 && bounds[0] == 0.875 && bounds[1] == 1.5); /* steps 8, 10, 12 after step 7 */
}

/* ---- units ---- */

TEST(times_are_in_the_unit_of_the_system)
{
    static const char *const sets[] = {"units=metal|time.step=1 fs|time.end=0.01", "units=real|time.step=1|time.end=10",
                                       "units=lj|time.step=0.001|time.end=0.01"};
    static const char *const units[] = {"ps", "fs", "1"}, *const said[] = {"time 10 fs (0.01", "time 10 fs (10 fs)",
                                                                           "time 0.01 tau (0.01"};
    char deck[256], folder[256], path[512];
    snprintf(deck, sizeof deck, "%s", write_deck("units.yaml", TIME "output: {series: {every: 2 steps}}\n"));
    snprintf(folder, sizeof folder, "%s", test_path("units"));
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(RUN(deck, folder, sets[i], .is_overwrite = true));
        CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), said[i]));
        CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"step\": 10,"));
        snprintf(path, sizeof path, "%s/series.nc", folder);
        pel_file *file = NULL;
        char *unit = NULL;
        CHECK_STATUS(pel_file_open(path, PEL_FILE_READ, &file));
        CHECK_STATUS(pel_file_get_text(file, "time", "units", &unit));
        CHECK_STATUS(pel_file_close(file));
        CU_ASSERT_STRING_EQUAL(unit, units[i]);
        free(unit);
    }
}

TEST(the_written_deck_gives_the_same_bits)
{
    static const char *const sets[] = {"units=lj", "units=metal|output.histogram.sample=250 fs|time.step=125 fs",
                                       "units=real|output.histogram.sample=0.00025 ps|physics.amplitude=0.1 nm"};
    for (int i = 0; i < 3; i++) {
        char deck[256], folder[256], second[256], written[512];
        snprintf(deck, sizeof deck, "%s", write_deck("again.yaml", TIME OUTPUT));
        snprintf(folder, sizeof folder, "%s", test_path("again"));
        snprintf(second, sizeof second, "%s", test_path("second"));
        CHECK_STATUS(RUN(deck, folder, sets[i], .is_overwrite = true));
        snprintf(written, sizeof written, "%s/deck.yaml", folder);
        CHECK_STATUS(RUN(written, second, "", .is_overwrite = true));
        CU_ASSERT_STRING_EQUAL(final_state(folder), final_state(second));
    }
}

TEST(reduced_numbers_are_plain)
{
    const char *deck = write_deck("plain.yaml", TIME), *folder = test_path("plain");
    CHECK_FAILS(RUN(deck, folder, "time.step=1 fs"), PEL_ERR_DECK, "with units: lj all numbers are plain");
    CHECK_FAILS(RUN(deck, folder, "physics.amplitude=1 angstrom"), PEL_ERR_DECK, "all numbers are plain");
    CHECK_FAILS(RUN(deck, folder, "output.series.every=1 ps"), PEL_ERR_DECK, "neither steps nor tau");
    CHECK_FAILS(RUN(deck, folder, "units=metal|output.series.every=1"), PEL_ERR_DECK, "does not say of what");
    CHECK_FAILS(RUN(deck, folder, "units=metal|time.step=1 angstrom"), PEL_ERR_DECK, "cannot be converted to ps");
}

TEST(decks_have_no_grid_and_no_scheme)
{
    const char *deck = write_deck("grid.yaml", TIME "grid: {cells: [4]}\n"), *folder = test_path("grid");
    CHECK_FAILS(RUN(deck, folder, ""), PEL_ERR_DECK, "grid is no parameter");
    deck = write_deck("scheme.yaml", TIME);
    CHECK_FAILS(RUN(deck, folder, "time.scheme=ab3"), PEL_ERR_DECK, "time.scheme is no parameter");
    CHECK_FAILS(RUN(deck, folder, "output.snapshots=[{every: 1 steps, stride: 2}]"), PEL_ERR_DECK, "no grid");
}

/* ---- failing ---- */

TEST(a_model_that_fails_says_how_and_leaves_its_state_and_the_good_checkpoints)
{
    const char *deck = write_deck("fail.yaml", TIME OUTPUT), *folder = test_path("fail");
    CHECK_FAILS(RUN(deck, folder, "physics.blow-up=2"), PEL_ERR_NUMERICS, "oscillator 3 has left at -0.139");
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "step 16, time 2 tau, is the latest complete one"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "fail/failed.h5"));
    CU_ASSERT(exists(folder, "failed.h5") && exists(folder, "checkpoints/0000000014.h5"));
    CU_ASSERT_FALSE(exists(folder, "report.json"));
    CHECK_STATUS(RUN(deck, folder, "physics.blow-up=0", .is_resume = true));
    CU_ASSERT_FALSE(exists(folder, "failed.h5"));
}

TEST(values_of_tables_must_be_finite)
{
    const char *deck = write_deck("nan.yaml", TIME), *folder = test_path("nan");
    CHECK_FAILS(RUN(deck, folder, "physics.nan=true"), PEL_ERR_NUMERICS,
                "column phase of table oscillators is inf for id 3, step 0");
    CU_ASSERT(exists(folder, "failed.h5"));
}

/* ---- saying ---- */

TEST(the_report_has_what_the_measured_steps_computed_and_moved)
{
    const char *deck = write_deck("work.yaml", TIME), *folder = test_path("work");
    CHECK_STATUS(RUN(deck, folder, "run.counters=true", .steps = 30, .warm_up_steps = 10));
    const char *plan = strstr(read_text(folder, "report.json"), "{\"chain\": \"dynamics\", \"executor\": \"tiles\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
    CU_ASSERT_PTR_NOT_NULL(strstr(plan, "\"steps\": 20,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(plan, "\"updates\": 100, \"declared_bytes\": 3200, \"flops\": 600,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(plan, "\"declared_bytes_per_update\": 32,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(plan, "\"counters\": {\"threads\": 2, \"wall_seconds\": "));
    CU_ASSERT_PTR_NOT_NULL(strstr(plan, "\"file_seconds\": "));
}

TEST(a_report_without_counters_says_so)
{
    const char *deck = write_deck("uncounted.yaml", TIME), *folder = test_path("uncounted");
    CHECK_STATUS(RUN(deck, folder, ""));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"counters\": null,"));
    CU_ASSERT_PTR_NULL(strstr(read_text(folder, "run.log"), "in regions"));
}

TEST(sizes_rates_and_figures_are_those_of_the_model)
{
    const char *deck = write_deck("say.yaml", TIME OUTPUT), *folder = test_path("say");
    CHECK_STATUS(RUN(deck, folder, "units=metal|output.histogram.sample=1 ps"));
    const char *report = read_text(folder, "report.json");
    CU_ASSERT_PTR_NOT_NULL(strstr(report, "\"oscillator_steps\": 200,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(report, "\"oscillator_steps_per_second\": "));
    CU_ASSERT_PTR_NOT_NULL(strstr(report, "\"time_units\": \"ps\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(report, "\"figures\": {\"last_energy\": "));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), "5 oscillators, 2 threads"));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), "oscillator-steps/s"));
    pel_text plan = {0};
    CHECK_STATUS(pel_run_plan(deck, NULL, 0, apps, 1, &plan));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&plan), "app oscillators"));
    pel_text_free(&plan);
}

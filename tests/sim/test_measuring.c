/* Measuring: a run whose times leave a warm-up out, and that ends by the clock, has the bits of a plain one. */
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "diffusion.h"
#include "oscillators.h"
#include "runs.h"
#include "sim/instruments.h"
#include "sim/measuring.h"
#include "support/powercap.h"
#include "support/test.h"

static const pel_app *const grid_apps[] = {&diffusion_app}, *const gridless_apps[] = {&oscillators_app};
static const pel_app *const *apps = grid_apps;

static const char *write_deck(const char *name, const char *text)
{
    static char path[256];
    snprintf(path, sizeof path, "%s", test_path(name));
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

#define GRID                                                                                                           \
    "app: diffusion\ngrid: {cells: [24, 16], extent: [1 m, 1 m], boundary: [periodic, wall]}\n"                        \
    "time: {step: 1e-4 s, end: 50e-4 s}\noutput: {series: {every: 3 steps}, checkpoints: {every: 5 steps}}\n"
#define GRIDLESS "app: oscillators\ntime: {step: 0.125, end: 5}\noutput: {series: {every: 3 steps}}\n"

static json_t *report_of(const char *folder)
{
    char path[512];
    snprintf(path, sizeof path, "%s/report.json", folder);
    json_t *report = json_load_file(path, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(report);
    return report;
}

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* What the report says of steps adds up: those of the warm-up, and those measured. */
static void check_steps(const char *folder, long steps, long warm_up)
{
    json_t *report = report_of(folder);
    CU_ASSERT_EQUAL(number(report, "step"), steps);
    CU_ASSERT_EQUAL(number(report, "warm_up_steps"), warm_up);
    CU_ASSERT_EQUAL(number(report, "measured_steps"), steps - warm_up);
    CU_ASSERT(number(report, "measured_seconds") > 0 && number(report, "start_up_seconds") > 0);
    CU_ASSERT(warm_up == 0 || number(report, "warm_up_seconds") > 0);
    json_decref(report);
}

/* ---- by steps ---- */

static void check_warm_up(const char *deck, const char *sets, long steps, long warm_up)
{
    char plain[256], measured[256];
    snprintf(plain, sizeof plain, "%s", test_path("plain"));
    snprintf(measured, sizeof measured, "%s", test_path("measured"));
    CHECK_STATUS(RUN(deck, plain, sets, .steps = steps, .is_overwrite = true));
    CHECK_STATUS(RUN(deck, measured, sets, .steps = steps, .warm_up_steps = warm_up, .is_overwrite = true));
    CU_ASSERT_STRING_EQUAL(final_state(plain), final_state(measured));
    check_steps(plain, steps, 0);
    check_steps(measured, steps, warm_up);
    check_same_files(plain, measured, "series.nc");
}

TEST(a_warm_up_changes_no_bit_and_is_left_out_to_the_step)
{
    const char *deck = write_deck("grid.yaml", GRID);
    apps = grid_apps;
    check_warm_up(deck, "run.threads=1", 40, 1);
    check_warm_up(deck, "run.threads=2|run.counters=true", 40, 13);
    check_warm_up(deck, "run.threads=3|time.scheme=ab3|run.tiling=temporal", 41, 40);
    check_warm_up(deck, "run.threads=2|time.step=auto|time.step-every=7|time.end=1 s", 40, 9);
    deck = write_deck("gridless.yaml", GRIDLESS);
    apps = gridless_apps;
    check_warm_up(deck, "run.threads=2", 40, 7);
}

/* Steps that the chains that step, or the model's own steps, have run by the report's plan. */
static double planned_steps(const json_t *report)
{
    const json_t *chain;
    double steps = 0;
    size_t i;
    json_array_foreach(json_object_get(report, "plan"), i, chain)
    {
        const char *name = json_string_value(json_object_get(chain, "chain"));
        if (!strcmp(name, "start") || !strcmp(name, "step") || !strcmp(name, "dynamics"))
            steps += number(chain, "steps");
    }
    return steps;
}

/* Of 41 steps, the last one measured: what chains and threads did in the other 40 is in no figure. */
static void check_last_step_alone(const char *deck, const char *sets)
{
    const char *folder = test_path("last");
    CHECK_STATUS(RUN(deck, folder, sets, .steps = 41, .is_overwrite = true));
    json_t *report = report_of(folder);
    const double regions = number(json_object_get(report, "counters"), "regions");
    CU_ASSERT_EQUAL(planned_steps(report), 41);
    json_decref(report);
    CHECK_STATUS(RUN(deck, folder, sets, .steps = 41, .warm_up_steps = 40, .is_overwrite = true));
    report = report_of(folder);
    CU_ASSERT_EQUAL(planned_steps(report), 1);
    CU_ASSERT(number(report, "stepping_seconds") <= number(report, "measured_seconds"));
    CU_ASSERT(2 * number(json_object_get(report, "counters"), "regions") <= regions);
    json_decref(report);
}

TEST(no_figure_holds_what_the_warm_up_did)
{
    apps = grid_apps;
    const char *deck = write_deck("grid.yaml", GRID);
    check_last_step_alone(deck, "run.threads=2|run.counters=true");
    check_last_step_alone(deck, "run.threads=2|run.counters=true|time.scheme=ab3");
    apps = gridless_apps;
    check_last_step_alone(write_deck("gridless.yaml", GRIDLESS), "run.threads=2|run.counters=true");
}

static void set_joules(const char *tree, unsigned long joules)
{
    test_put_zone(tree, "intel-rapl:0", "package-0", joules * 1000000, 1ul << 40);
}

TEST(energy_of_the_warm_up_is_left_out)
{
    const char *tree = test_path("energy");
    pel_instruments in = {.energy_read_at = pel_clock_seconds()};
    set_joules(tree, 100);
    CHECK_STATUS(pel_energy_open(tree, &in.energy));
    set_joules(tree, 105);
    pel_instruments_begin(&in);
    CU_ASSERT_EQUAL(in.joules, 0);
    set_joules(tree, 112);
    pel_instruments_finish(&in);
    CU_ASSERT_DOUBLE_EQUAL(in.joules, 7, 1e-9);
    set_joules(tree, 113); /* once more, as if all this had been the warm-up */
    pel_instruments_begin(&in);
    set_joules(tree, 116);
    pel_instruments_finish(&in);
    CU_ASSERT_DOUBLE_EQUAL(in.joules, 3, 1e-9);
    pel_instruments_release(&in);
}

TEST(a_run_that_ends_within_its_warm_up_reports_all_its_steps_and_says_so)
{
    const char *deck = write_deck("grid.yaml", GRID), *folder = test_path("short");
    const long warm_up[] = {50, 51}; /* the deck ends at step 50 */
    apps = grid_apps;
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(RUN(deck, folder, "output.enabled=false", .warm_up_steps = warm_up[i], .is_overwrite = true));
        check_steps(folder, 50, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), "ended within its warm-up"));
    }
    CHECK_STATUS(RUN(deck, folder, "output.enabled=false", .warm_up_steps = 49, .is_overwrite = true));
    check_steps(folder, 50, 49);
    CU_ASSERT_PTR_NULL(strstr(read_text(folder, "run.log"), "ended within its warm-up"));
}

/* ---- by the clock ---- */

/* A pause of a hundred seconds that never was: far more than this test takes. */
TEST(a_pause_is_part_of_neither_warm_up_nor_measurement)
{
    const pel_run_request plain = {.seconds = 50}, warm = {.warm_up_seconds = 50, .seconds = 50};
    const pel_step later = {.index = 1, .time = 1, .dt = 1};
    pel_measuring m = pel_measuring_start(&plain, (pel_step){.dt = 1});
    m.since -= 60;
    CU_ASSERT(pel_measuring_is_enough(&m, later));
    CU_ASSERT_FALSE(pel_measuring_is_enough(&m, m.from)); /* nothing to divide by */
    pel_measuring_leave_out(&m, 100);
    CU_ASSERT_FALSE(pel_measuring_is_enough(&m, later));
    m = pel_measuring_start(&warm, (pel_step){.dt = 1});
    m.began -= 60;
    CU_ASSERT(pel_measuring_is_due(&m, later));
    pel_measuring_leave_out(&m, 100);
    CU_ASSERT_FALSE(pel_measuring_is_due(&m, later));
    CU_ASSERT(pel_measuring_seconds(&m) < 0); /* where the run ends here, all of it is measured */
}

/* The state that a report has of `step`, passed on the way or the last; "none" if it is neither. */
static void state_at(const char *folder, long step, char hash[17])
{
    json_t *report = report_of(folder);
    const json_t *passed = json_object_get(report, "passed_state");
    const char *text = NULL;
    if (number(report, "step") == (double)step) text = json_string_value(json_object_get(report, "final_state"));
    else if (number(passed, "step") == (double)step) text = json_string_value(json_object_get(passed, "hash"));
    snprintf(hash, 17, "%s", text ? text : "none");
    json_decref(report);
}

/* A run of 20 ms has the states of plain runs: at the step that it was to pass, and at the last. */
static void check_clock(const char *deck, const char *sets, long passes)
{
    char folder[256], plain[256], passed[17];
    snprintf(folder, sizeof folder, "%s", test_path("by-the-clock"));
    snprintf(plain, sizeof plain, "%s", test_path("plain"));
    CHECK_STATUS(
        RUN(deck, folder, sets, .steps = passes, .warm_up_seconds = 0.01, .seconds = 0.02, .is_overwrite = true));
    json_t *report = report_of(folder);
    const long last = (long)number(report, "step");
    CU_ASSERT(last >= passes);
    CU_ASSERT(number(report, "measured_seconds") >= 0.02);
    CU_ASSERT(number(report, "warm_up_seconds") >= 0.01);
    CU_ASSERT_EQUAL(number(report, "warm_up_steps") + number(report, "measured_steps"), (double)last);
    json_decref(report);
    CHECK_STATUS(RUN(deck, plain, sets, .steps = passes, .is_overwrite = true));
    state_at(folder, passes, passed);
    CU_ASSERT_STRING_EQUAL(passed, final_state(plain));
    CHECK_STATUS(RUN(deck, plain, sets, .steps = last, .is_overwrite = true));
    CU_ASSERT_STRING_EQUAL(final_state(folder), final_state(plain));
}

TEST(a_run_that_ends_by_the_clock_passes_the_states_of_a_plain_one)
{
    static const char *const sets[] = {
        "output.enabled=false|run.threads=1", "output.enabled=false|run.threads=2|run.counters=true",
        "output.enabled=false|run.threads=3|time.scheme=ab3", "output.enabled=false|time.step=auto|time.step-every=7"};
    const char *deck = write_deck("grid.yaml", GRID);
    apps = grid_apps;
    for (int i = 0; i < 4; i++) check_clock(deck, sets[i], 33);
    deck = write_deck("gridless.yaml", GRIDLESS);
    apps = gridless_apps;
    check_clock(deck, "output.enabled=false|run.threads=1", 33);
    check_clock(deck, "output.enabled=false|run.threads=2", 1);
}

TEST(the_clock_goes_beyond_the_end_of_the_deck_but_not_before_the_step_to_pass)
{
    const char *deck = write_deck("grid.yaml", GRID), *folder = test_path("beyond");
    apps = grid_apps;
    CHECK_STATUS(RUN(deck, folder, "output.enabled=false|time.end=2e-4 s", .warm_up_steps = 9, .seconds = 1e-9));
    check_steps(folder, 10, 9); /* a step is measured, however short the time and slow the machine */
    CHECK_STATUS(RUN(deck, folder, "output.enabled=false", .seconds = 1e-9, .steps = 500, .is_overwrite = true));
    check_steps(folder, 500, 0);
}

/* ---- without output ---- */

TEST(without_output_only_deck_log_and_report_are_left)
{
    const char *deck = write_deck("grid.yaml", GRID), *folder = test_path("bare");
    apps = grid_apps;
    CHECK_STATUS(RUN(deck, folder, "output.enabled=false"));
    CU_ASSERT(exists(folder, "deck.yaml") && exists(folder, "run.log") && exists(folder, "report.json"));
    CU_ASSERT_FALSE(exists(folder, "series.nc") || exists(folder, "checkpoints/0000000050.h5"));
    check_steps(folder, 50, 0);
}

/* In a process of its own, which a signal reaches once the run has begun. */
TEST(a_signal_ends_it_without_a_checkpoint_and_the_report_says_stopped)
{
    const char *deck = write_deck("grid.yaml", GRID), *folder = test_path("signalled");
    apps = grid_apps;
    int pipe_ends[2], state;
    CU_ASSERT_EQUAL_FATAL(pipe(pipe_ends), 0);
    const pid_t child = fork();
    CU_ASSERT_FATAL(child >= 0);
    if (child == 0) {
        const pel_status status =
            RUN(deck, folder, "output.enabled=false|run.threads=1", .steps = 1000000000, .seconds = 60);
        const bool is_said = strstr(pel_failure(), "stopped by signal SIGTERM at step ") != NULL &&
                             strstr(pel_failure(), "there is no checkpoint, as output.enabled is false") != NULL;
        _exit(status == PEL_ERR_STOPPED && is_said ? 3 : 1);
    }
    while (!strstr(read_text(folder, "run.log"), "begins")) CU_ASSERT_EQUAL_FATAL(waitpid(child, &state, WNOHANG), 0);
    CU_ASSERT_EQUAL(kill(child, SIGTERM), 0);
    CU_ASSERT_EQUAL(waitpid(child, &state, 0), child);
    CU_ASSERT(WIFEXITED(state) && WEXITSTATUS(state) == 3);
    json_t *report = report_of(folder);
    CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(report, "outcome")), "stopped");
    CU_ASSERT(json_is_null(json_object_get(report, "passed_state"))); /* it was not there yet */
    json_decref(report);
    CU_ASSERT_FALSE(exists(folder, "series.nc"));
    close(pipe_ends[0]), close(pipe_ends[1]);
}

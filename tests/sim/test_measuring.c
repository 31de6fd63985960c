/* Measuring: a run whose times leave a warm-up out, and that ends by the clock, has the bits of a plain one. */
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>

#include "diffusion.h"
#include "oscillators.h"
#include "runs.h"
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

/* ---- by the clock ---- */

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
    CHECK_STATUS(RUN(deck, folder, "output.enabled=false|time.end=2e-4 s", .seconds = 0.02));
    json_t *report = report_of(folder);
    CU_ASSERT(number(report, "step") > 2);
    json_decref(report);
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
        const pel_status status = RUN(deck, folder, "output.enabled=false|run.threads=1", .seconds = 60);
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
    json_decref(report);
    CU_ASSERT_FALSE(exists(folder, "series.nc"));
    close(pipe_ends[0]), close(pipe_ends[1]);
}

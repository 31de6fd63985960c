/* The run loop from a deck to its end, over the tiny app of diffusion.h: same bits whatever stops and starts, and every
 * refusal. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "diffusion.h"
#include "io/compare.h"
#include "io/lock.h"
#include "runs.h"
#include "support/test.h"

static const pel_app *const apps[] = {&diffusion_app};

static const char *write_deck(const char *name, const char *more)
{
    const char *path = test_path(name);
    FILE *file = fopen(path, "w");
    fprintf(file,
            "app: diffusion\n"
            "grid: {cells: [24, 16], extent: [1 m, 1 m], boundary: [periodic, wall]}\n"
            "run: {threads: 2, placement: none}\n%s",
            more);
    fclose(file);
    return path;
}

#define FIXED "time: {step: 1e-4 s, end: 50e-4 s}\n"
#define OUTPUT                                                                                                         \
    "output:\n  series: {every: 3 steps}\n  snapshots: [{every: 7 steps}]\n"                                           \
    "  averages: [{every: 10 steps, sample: 2 steps}]\n  checkpoints: {every: 5 steps, keep: 100}\n"

TEST(a_run_writes_its_folder)
{
    const char *deck = write_deck("plain.yaml", FIXED OUTPUT), *folder = test_path("plain");
    CHECK_STATUS(RUN(deck, folder, ""));
    CU_ASSERT(exists(folder, "deck.yaml") && exists(folder, "run.log") && exists(folder, "series.nc"));
    CU_ASSERT(exists(folder, "snapshots.nc") && exists(folder, "averages.nc") && exists(folder, "report.json"));
    CU_ASSERT(exists(folder, "checkpoints/0000000050.h5"));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"step\": 50,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), "final state"));
}

TEST(a_run_stopped_and_resumed_anywhere_ends_with_the_same_bits_and_files)
{
    static const char *const schemes[] = {"time.scheme=ssp-rk3", "time.scheme=ab3", "time.scheme=leapfrog",
                                          "time.scheme=ab3|time.step=auto|time.step-every=7|time.end=2e-2 s"};
    char deck[256];
    snprintf(deck, sizeof deck, "%s", write_deck("resume.yaml", FIXED OUTPUT));
    for (int s = 0; s < 4; s++) {
        char whole[256], parts[256];
        snprintf(whole, sizeof whole, "%s", test_path("whole"));
        snprintf(parts, sizeof parts, "%s", test_path("parts"));
        CHECK_STATUS(RUN(deck, whole, schemes[s], .is_overwrite = true));
        CHECK_STATUS(RUN(deck, parts, schemes[s], .is_overwrite = true, .steps = 1));
        const int stops[] = {2, 5, 12, 13, 29};
        for (int i = 0; i < 5; i++) CHECK_STATUS(RUN(deck, parts, schemes[s], .is_resume = true, .steps = stops[i]));
        CHECK_STATUS(RUN(deck, parts, schemes[s], .is_resume = true));
        CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(parts));
        check_same_files(whole, parts, "series.nc snapshots.nc averages.nc");
    }
}

TEST(neither_threads_nor_tiles_nor_output_change_the_bits)
{
    static const char *const ways[] = {"run.threads=1",
                                       "run.threads=3",
                                       "run.tiling=reference",
                                       "run.tile=[5, 3]|run.tiling=spatial",
                                       "run.order=7|run.tiling=spatial",
                                       "output.series.every=1 steps",
                                       "output.snapshots.every=1 steps",
                                       "output.checkpoints.every=never",
                                       "run.stretch=1e-6 s"};
    const char *deck = write_deck("ways.yaml", FIXED OUTPUT), *folder = test_path("ways");
    CHECK_STATUS(RUN(deck, folder, ""));
    char expected[32];
    strcpy(expected, final_state(folder));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        CHECK_STATUS(RUN(deck, folder, ways[i], .is_overwrite = true));
        CU_ASSERT_STRING_EQUAL(final_state(folder), expected);
    }
}

TEST(the_written_deck_gives_the_same_bits)
{
    const char *deck = write_deck("again.yaml", FIXED OUTPUT), *folder = test_path("again"),
               *second = test_path("second");
    CHECK_STATUS(RUN(deck, folder, ""));
    char written[512];
    snprintf(written, sizeof written, "%s/deck.yaml", folder);
    CHECK_STATUS(RUN(written, second, ""));
    CU_ASSERT_STRING_EQUAL(final_state(folder), final_state(second));
}

/* ---- refusals ---- */

TEST(an_existing_run_is_not_touched_unless_told)
{
    const char *deck = write_deck("exists.yaml", FIXED), *folder = test_path("exists");
    CHECK_STATUS(RUN(deck, folder, ""));
    CHECK_FAILS(RUN(deck, folder, ""), PEL_ERR_EXISTS, "--resume");
    CHECK_STATUS(RUN(deck, folder, "", .is_resume = true)); /* finished: says so */
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "finished"));
    CHECK_STATUS(RUN(deck, folder, "time.end=60e-4 s", .is_resume = true));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"step\": 60,"));
}

TEST(overwriting_leaves_what_is_not_of_the_run)
{
    const char *deck = write_deck("over.yaml", FIXED OUTPUT), *folder = test_path("over");
    CHECK_STATUS(RUN(deck, folder, ""));
    char note[512];
    snprintf(note, sizeof note, "%s/notes.nc", folder);
    fclose(fopen(note, "w"));
    CHECK_FAILS(RUN(deck, folder, "time.step=oops", .is_overwrite = true), PEL_ERR_DECK, "time.step");
    CU_ASSERT(exists(folder, "checkpoints/0000000050.h5") && exists(folder, "series.nc"));
    CHECK_STATUS(RUN(deck, folder, "time.end=20e-4 s", .is_overwrite = true));
    CU_ASSERT(exists(folder, "notes.nc") && !exists(folder, "checkpoints/0000000050.h5"));
}

TEST(changed_physics_is_refused_on_resume_with_what_differs)
{
    const char *deck = write_deck("physics.yaml", FIXED OUTPUT), *folder = test_path("physics");
    CHECK_STATUS(RUN(deck, folder, "", .steps = 20));
    char before[32];
    strcpy(before, final_state(folder));
    CHECK_FAILS(RUN(deck, folder, "physics.diffusivity=2", .is_resume = true), PEL_ERR_MISMATCH, "physics.diffusivity");
    CU_ASSERT_STRING_EQUAL(final_state(folder), before);
}

TEST(all_errors_of_a_deck_come_together)
{
    const char *deck =
        write_deck("wrong.yaml", "time: {step: 1 K, end: 1 s, skeme: ab3}\nphysics: {diffusivity: -1}\n");
    CU_ASSERT_EQUAL(RUN(deck, test_path("wrong"), "grid.cells=[8, 8, 8]|grid.extent=[1, 1, 1]"), PEL_ERR_DECK);
    static const char *const parts[] = {"time.step", "skeme", "physics.diffusivity", "app diffusion needs 2"};
    for (int i = 0; i < 4; i++) CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), parts[i]));
    CU_ASSERT_FALSE(exists(test_folder(), "wrong"));
}

TEST(an_unknown_app_is_told_the_nearest)
{
    const char *deck = write_deck("app.yaml", FIXED);
    CHECK_FAILS(RUN(deck, test_path("app"), "app=difusion"), PEL_ERR_DECK, "did you mean diffusion");
}

TEST(two_runs_cannot_share_a_folder)
{
    const char *deck = write_deck("busy.yaml", FIXED), *folder = test_path("busy");
    mkdir(folder, 0777);
    const pid_t child = fork();
    if (child == 0) {
        pel_lock *lock;
        while (pel_lock_take(folder, &lock) != PEL_OK) usleep(1000);
        pause();
        _exit(1);
    }
    pel_status status = PEL_OK;
    for (int i = 0; i < 200 && status != PEL_ERR_BUSY; i++, usleep(10000))
        status = RUN(deck, folder, "", .is_overwrite = true);
    CU_ASSERT_EQUAL(status, PEL_ERR_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

TEST(a_folder_that_cannot_be_made_is_said_before_computing)
{
    const char *deck = write_deck("folder.yaml", FIXED);
    CHECK_FAILS(RUN(deck, "/proc/no/such", ""), PEL_ERR_FILE, "-o");
    CHECK_FAILS(RUN(deck, deck, ""), PEL_ERR_FILE, "not a folder");
}

/* ---- checkpoints ---- */

static void flip_bit(const char *folder, const char *name, long offset)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const int file = open(path, O_RDWR);
    unsigned char byte;
    CU_ASSERT_FATAL(file >= 0 && pread(file, &byte, 1, offset) == 1);
    byte ^= 4;
    CU_ASSERT_FATAL(pwrite(file, &byte, 1, offset) == 1);
    close(file);
}

TEST(a_damaged_checkpoint_is_skipped_for_the_one_before)
{
    const char *deck = write_deck("damaged.yaml", FIXED OUTPUT), *whole = test_path("damaged-whole"),
               *folder = test_path("damaged");
    CHECK_STATUS(RUN(deck, whole, ""));
    CHECK_STATUS(RUN(deck, folder, "", .steps = 30));
    flip_bit(folder, "checkpoints/0000000030.h5", 3000);
    char path[512];
    snprintf(path, sizeof path, "%s/checkpoints/0000000025.h5", folder);
    CU_ASSERT_EQUAL(truncate(path, 2000), 0);
    CHECK_STATUS(RUN(deck, folder, "", .is_resume = true));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"first_step\": 20,"));
    CU_ASSERT_STRING_EQUAL(final_state(folder), final_state(whole));
    check_same_files(folder, whole, "series.nc snapshots.nc averages.nc");
}

TEST(only_the_newest_checkpoints_are_kept)
{
    const char *deck = write_deck("keep.yaml", FIXED), *folder = test_path("keep");
    CHECK_STATUS(RUN(deck, folder, "output.checkpoints.every=5 steps|output.checkpoints.keep=2"));
    CU_ASSERT(exists(folder, "checkpoints/0000000050.h5") && exists(folder, "checkpoints/0000000045.h5"));
    CU_ASSERT_FALSE(exists(folder, "checkpoints/0000000040.h5"));
}

TEST(a_run_can_begin_from_a_checkpoint_of_another)
{
    const char *deck = write_deck("from.yaml", FIXED), *folder = test_path("from"), *next = test_path("from-next");
    CHECK_STATUS(RUN(deck, folder, "", .steps = 20));
    char path[512];
    snprintf(path, sizeof path, "%s/checkpoints/0000000020.h5", folder);
    CHECK_STATUS(RUN(deck, next, "physics.diffusivity=2", .from = path));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(next, "report.json"), "\"first_step\": 20,"));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(next, "run.log"), "physics.diffusivity"));
    CHECK_FAILS(RUN(deck, test_path("from-other"), "grid.cells=[12, 12]", .from = path), PEL_ERR_MISMATCH, "field q");
}

TEST(the_same_deck_from_a_checkpoint_gives_the_bits_of_a_run_never_stopped)
{
    const char *deck = write_deck("from2.yaml", FIXED), *whole = test_path("from2-whole"), *folder = test_path("from2");
    const char *next = test_path("from2-next");
    CHECK_STATUS(RUN(deck, whole, "time.scheme=ab3"));
    CHECK_STATUS(RUN(deck, folder, "time.scheme=ab3", .steps = 20));
    char path[512];
    snprintf(path, sizeof path, "%s/checkpoints/0000000020.h5", folder);
    CHECK_STATUS(RUN(deck, next, "time.scheme=ab3", .from = path));
    CU_ASSERT_STRING_EQUAL(final_state(whole), final_state(next));
}

/* ---- stopping ---- */

TEST(a_blown_up_state_ends_the_run_and_is_kept_for_inspection)
{
    const char *deck =
        write_deck("bad.yaml", "time: {step: 1e-4 s, end: 1 s}\noutput: {checkpoints: {every: 2 steps}}\n");
    const char *folder = test_path("bad");
    CHECK_FAILS(RUN(deck, folder, "physics.growth=1e4"), PEL_ERR_NUMERICS, "field q is");
    CU_ASSERT(exists(folder, "failed.h5"));
    CU_ASSERT_FALSE(exists(folder, "report.json"));
    CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "run.log"), "error: field q is"));
}

/* Sends this process a signal as soon as the run has written its deck; a forked child cannot itself run OpenMP. */
static pid_t signal_when_begun(int number, const char *folder)
{
    const pid_t child = fork();
    if (child != 0) return child;
    for (int wait = 0; wait < 1000 && !exists(folder, "deck.yaml"); wait++) usleep(10000);
    usleep(100000);
    kill(getppid(), number);
    _exit(0);
}

TEST(a_signal_stops_the_run_with_a_checkpoint)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGUSR1};
    const char *deck = write_deck("signal.yaml", "time: {step: 1e-7 s, end: 1e6 s}\n"), *folder = test_path("signal");
    for (int i = 0; i < 3; i++) {
        const pid_t child = signal_when_begun(signals[i], folder);
        CU_ASSERT_EQUAL(RUN(deck, folder, "run.stretch=0.05 s", .is_resume = true), PEL_ERR_STOPPED);
        waitpid(child, NULL, 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "\"outcome\": \"stopped\""));
        CU_ASSERT_PTR_NOT_NULL(strstr(read_text(folder, "report.json"), "signal SIG"));
    }
}

TEST(the_wall_limit_stops_the_run)
{
    const char *deck = write_deck("wall.yaml", "time: {step: 1e-7 s, end: 1e6 s}\n"), *folder = test_path("wall");
    CHECK_FAILS(RUN(deck, folder, "run.wall-limit=0.5 s|run.stretch=0.05 s"), PEL_ERR_STOPPED, "--resume");
}

/* Levels that have no values yet stay out of the state: leapfrog's history, in a checkpoint of step 0. */
TEST(a_checkpoint_of_step_0_gives_the_same_state)
{
    const char *deck = write_deck("at_zero.yaml", FIXED), *whole = test_path("at_zero_whole"),
               *parts = test_path("at_zero_parts");
    const char *sets = "time.scheme=leapfrog|run.wall-limit=1e-9 s";
    CHECK_STATUS(RUN(deck, whole, "time.scheme=leapfrog", .steps = 1));
    CU_ASSERT_EQUAL(RUN(deck, parts, sets, .steps = 1), PEL_ERR_STOPPED);
    CU_ASSERT(exists(parts, "checkpoints/0000000000.h5"));
    CHECK_STATUS(RUN(deck, parts, "time.scheme=leapfrog", .steps = 1, .is_resume = true));
    CU_ASSERT_STRING_EQUAL(final_state(parts), final_state(whole));
}

TEST(a_filter_of_zero_is_no_filter)
{
    const char *deck = write_deck("filter.yaml", FIXED), *none = test_path("filter_none"),
               *some = test_path("filter_some");
    CHECK_STATUS(RUN(deck, none, "time.scheme=leapfrog|time.filter=0"));
    CHECK_STATUS(RUN(deck, some, "time.scheme=leapfrog"));
    CU_ASSERT_STRING_NOT_EQUAL(final_state(none), final_state(some));
}

TEST(files_of_others_are_kept_and_make_no_run)
{
    const char *deck = write_deck("foreign.yaml", FIXED OUTPUT), *folder = test_path("foreign");
    mkdir(folder, 0777);
    FILE *file = fopen(test_path("foreign/series.nc"), "w");
    fputs("precious", file);
    fclose(file);
    CU_ASSERT_EQUAL(RUN(deck, folder, "", .steps = 1), PEL_ERR_EXISTS);
    CU_ASSERT(!exists(folder, "deck.yaml"));
    CU_ASSERT_STRING_EQUAL(read_text(folder, "series.nc"), "precious");
}

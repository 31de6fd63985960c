/* Rehearsals: a deck's step without a run around it has the bits of the run. */
#include "diffusion.h"
#include "sim/rehearsal.h"
#include "support/test.h"

static const pel_app *const apps[] = {&diffusion_app};

static const char *write_deck(const char *time)
{
    const char *path = test_path("deck.yaml");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file,
            "app: diffusion\ngrid: {cells: [24, 16], extent: [1 m, 1 m], boundary: [periodic, wall]}\n"
            "run: {threads: 2, placement: none}\n%s",
            time);
    fclose(file);
    return path;
}

/* The hash of the state after `steps` steps of a run. */
static uint64_t state_of_run(const char *deck, long steps)
{
    const pel_run_request request = {
        .deck_path = deck, .folder = test_path("run"), .steps = steps, .is_overwrite = true, .is_quiet = true};
    CHECK_STATUS(pel_run(&request, apps, 1));
    char path[512], text[65536];
    snprintf(path, sizeof path, "%s/report.json", test_path("run"));
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *at = strstr(text, "\"final_state\": \"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    return strtoull(at + strlen("\"final_state\": \""), NULL, 16);
}

static pel_rehearsal *rehearse(const char *deck, pel_team **team)
{
    pel_rehearsal *r = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .places = PEL_TEAM_UNPLACED, .is_quiet = true}, team));
    CHECK_STATUS(pel_rehearsal_create(deck, NULL, 0, apps, 1, *team, &r));
    return r;
}

/* Adams-Bashforth begins with two steps of another scheme, which the rehearsal has taken when it is there. */
TEST(a_rehearsal_has_the_bits_of_a_run)
{
    const char *deck = write_deck("time: {scheme: ab3, step: 1e-4 s, end: 1 s}\n");
    const uint64_t wanted = state_of_run(deck, 12);
    pel_team *team = NULL;
    pel_rehearsal *r = rehearse(deck, &team);
    CHECK_STATUS(pel_rehearsal_run(r, pel_rehearsal_options(r), 10));
    CU_ASSERT_EQUAL(pel_rehearsal_hash(r), wanted);
    pel_rehearsal_destroy(r);
    pel_team_destroy(team);
}

TEST(a_restart_gives_the_same_bits_by_any_executor)
{
    static const pel_executor executors[] = {PEL_EXECUTOR_REFERENCE, PEL_EXECUTOR_SPATIAL, PEL_EXECUTOR_TEMPORAL};
    const char *deck = write_deck("time: {scheme: leapfrog, step: 1e-5 s, end: 1 s}\n");
    const uint64_t wanted = state_of_run(deck, 10);
    pel_team *team = NULL;
    pel_rehearsal *r = rehearse(deck, &team);
    for (int i = 0; i < 3; i++) {
        CHECK_STATUS(pel_rehearsal_restart(r));
        CHECK_STATUS(pel_rehearsal_run(r, &(pel_run_options){.executor = executors[i], .height = 2}, 4));
        CHECK_STATUS(pel_rehearsal_run(r, &(pel_run_options){.executor = executors[i]}, 5));
        CU_ASSERT_EQUAL(pel_rehearsal_hash(r), wanted);
    }
    pel_rehearsal_destroy(r);
    pel_team_destroy(team);
}

TEST(a_deck_that_is_wrong_is_refused_with_all_its_errors)
{
    pel_team *team = NULL;
    pel_rehearsal *r = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .places = PEL_TEAM_UNPLACED, .is_quiet = true}, &team));
    CHECK_FAILS(pel_rehearsal_create_text("app: diffusion\ngrid: {cels: 3}\n", "text", apps, 1, team, &r), PEL_ERR_DECK,
                "did you mean");
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "time.end"));
    CU_ASSERT_PTR_NULL(r);
    pel_team_destroy(team);
}

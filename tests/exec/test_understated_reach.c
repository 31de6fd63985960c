/* The negative control of tiling in time: a kernel that looks one row further than its loop declares.
 *
 * A schedule that were too careful, or tests that never came near its limits, would not notice it. It must change the
 * bits under `temporal`, and the access checker must name it under every executor. */
#include "support/random_chain.h"
#include "support/test.h"

enum { NX = 40, NY = 96, STEPS = 12, ORDERS = 50 };

/* Two-level steps with reach 1; the kernel looks `beyond` further ahead in y. Rows near the wall are left out, so that
 * it never looks outside the field. */
static chain_case jacobi(int beyond)
{
    chain_case c = {.grid = {.dimensions = 2, .cells = {NX, NY, 1}, .spacing = {1, 1, 1}, .is_periodic = {true}},
                    .kind = PEL_CHAIN_STEPPER,
                    .field_count = 1,
                    .entry_count = 1,
                    .stretch_count = 1,
                    .stretches = {STEPS}};
    c.fields[0].spec = (pel_field_spec){.levels = 2, .components = 1, .along = PEL_ALONG_X | PEL_ALONG_Y};
    c.entries[0] = (entry_case){.kind = ENTRY_LOOP,
                                .range = PEL_BOX({{0, 4, 0}, {NX, NY - 4, 1}}),
                                .access_count = 2,
                                .beyond = {{0}, {0, beyond, 0}},
                                .is_star = true,
                                .salt = 7};
    c.entries[0].access[0] = (access_case){.access = PEL_READ, .reach = {{-1, -1, 0}, {1, 1, 0}}};
    c.entries[0].access[1] = (access_case){.level = 1, .access = PEL_WRITE};
    return c;
}

static void make_teams(pel_team **teams)
{
    for (int t = 0; t < MOST_THREADS; t++)
        CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = t + 1, .is_quiet = true}, &teams[t]));
}

static void destroy_teams(pel_team **teams)
{
    for (int t = 0; t < MOST_THREADS; t++) pel_team_destroy(teams[t]);
}

/* Of 50 orders of tiles, how many give other bits than `reference`. */
static int count_other_bits(const chain_case *c)
{
    pel_team *teams[MOST_THREADS];
    chain_outcome wanted, got;
    pel_text where = {0};
    int count = 0;
    make_teams(teams);
    run_case run = {.threads = 1, .options = {.executor = PEL_EXECUTOR_REFERENCE}};
    random_chain_run(c, &run, teams, &wanted, NULL);
    run.options = (pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 3, .chunk = 16};
    for (int order = 1; order <= ORDERS; order++) {
        run.options.order = order;
        run.threads = 1 + order % MOST_THREADS;
        random_chain_run(c, &run, teams, &got, NULL);
        CU_ASSERT_EQUAL(got.status, PEL_OK);
        count += random_outcomes_differ(c, &wanted, &got, &where);
        random_outcome_free(&got);
    }
    CU_ASSERT_EQUAL(wanted.status, PEL_OK);
    random_outcome_free(&wanted);
    pel_text_free(&where);
    destroy_teams(teams);
    return count;
}

TEST(a_true_reach_gives_the_bits_of_reference_in_fifty_orders)
{
    const chain_case c = jacobi(0);
    CU_ASSERT_EQUAL(count_other_bits(&c), 0);
}

TEST(a_reach_understated_by_one_changes_the_bits_under_temporal)
{
    const chain_case c = jacobi(1);
    CU_ASSERT(count_other_bits(&c) > 0);
}

TEST(the_checker_names_a_reach_understated_by_one_under_every_executor)
{
    static const pel_executor executors[] = {PEL_EXECUTOR_REFERENCE, PEL_EXECUTOR_SPATIAL, PEL_EXECUTOR_TEMPORAL};
    const chain_case c = jacobi(1);
    pel_team *teams[MOST_THREADS];
    make_teams(teams);
    for (int i = 0; i < 6; i++) {
        const run_case run = {.threads = i < 3 ? 1 : 3,
                              .options = {.executor = executors[i % 3], .check_access = true, .height = 3}};
        chain_outcome got;
        random_chain_run(&c, &run, teams, &got, NULL);
        CU_ASSERT_EQUAL(got.status, PEL_ERR_ACCESS);
        CU_ASSERT_PTR_NOT_NULL(strstr(got.failure, "reads a at offset ("));
        CU_ASSERT_PTR_NOT_NULL(strstr(got.failure, ", 2, 0) from cell"));
        random_outcome_free(&got);
    }
    destroy_teams(teams);
}

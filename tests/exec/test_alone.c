/* Chains too small for a team: the calling thread alone gives the bits of the team and of the reference. */
#include "base/hash.h"
#include "exec/run_inside.h"
#include "support/probe.h"
#include "support/test.h"

enum { NX = 13, NY = 9, STEPS = 100, COLUMNS = 5 };

/* Looks across a wall, a periodic border and into a field that never changes. */
static void mix(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[2], x, y, 0) = 0.4 * *pel_at(arg[0], x - 1, y, 0) + 0.5 * *pel_at(arg[0], x, y + 1, 0) +
                                       *pel_at(arg[1], x + 1, y, 0) / (double)(step->index + 7);
}

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0) + (double)step->index;
}

static void piece(long i, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    *pel_at(arg[0], (int)i, 0, 0) += 1.0 / (double)(i + 3);
}

typedef struct model {
    pel_grid *grid;
    pel_field *changing, *constant;
    pel_chain *chain;
    pel_reduced sum, least;
    uint64_t probed;
} model;

static void fill(pel_field *field, uint64_t key)
{
    for (int y = 0; y < NY; y++)
        for (int x = 0; x < NX; x++) {
            const double start = (double)(pel_hash_mix(key + (uint64_t)x, (uint64_t)y) >> 12) * 0x1p-52;
            pel_field_put(field, 0, 0, (pel_box){{x, y, 0}, {x + 1, y + 1, 1}}, &start);
        }
}

static void make(model *m, pel_team *team)
{
    static const int cells[2][3] = {{1, 2, 0}, {NX - 1, NY - 1, 0}};
    const pel_boundary mirror = {.kind = PEL_BOUNDARY_GRADIENT};
    *m = (model){0};
    CHECK_STATUS(
        pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NY}, .is_periodic = {true, false}}, &m->grid));
    CHECK_STATUS(pel_field_declare(m->grid, "changing", &(pel_field_spec){.levels = 2, .boundary[1] = {mirror, mirror}},
                                   &m->changing));
    CHECK_STATUS(pel_field_declare(m->grid, "constant", &(pel_field_spec){0}, &m->constant));
    CHECK_STATUS(pel_chain_create("mix", PEL_CHAIN_STEPPER, &m->chain));
    pel_chain_loop(m->chain, "mix", mix, NULL, 0, PEL_INTERIOR,
                   pel_read(m->changing, 0, PEL_BEHIND_X(1), PEL_AHEAD_Y(1)), pel_read(m->constant, 0, PEL_AHEAD_X(1)),
                   pel_write(m->changing, 1));
    pel_chain_tiles(m->chain, "pieces", COLUMNS, piece, NULL, 0, pel_update(m->changing, 1));
    pel_chain_reduce(m->chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->sum,
                     pel_read(m->changing, 1));
    pel_chain_reduce(m->chain, "least", PEL_MIN, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->least,
                     pel_read(m->changing, 1));
    pel_chain_probe(m->chain, m->changing, 1, cells, 2, probe_hash, &m->probed);
    CHECK_STATUS(pel_commit(team, &m->grid, 1, &m->chain, 1));
    fill(m->changing, 1);
    fill(m->constant, 1000);
}

/* Two stretches; `step_alone`: what a step on one thread is said to take, seconds. */
static void run(model *m, pel_team *team, pel_executor executor, double step_alone)
{
    make(m, team);
    m->chain->step_alone = step_alone;
    pel_step at = {.dt = 1};
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(pel_chain_run(m->chain, team, &(pel_run_options){.executor = executor}, at, STEPS));
        for (int k = 0; k < STEPS; k++) at = pel_step_next(at);
    }
}

static void end(model *m)
{
    pel_chain_destroy(m->chain);
    pel_grid_destroy(m->grid);
}

static void compare(const model *a, const model *b)
{
    double mine[NX * NY], theirs[NX * NY];
    pel_field_get(a->changing, 0, 0, pel_field_owned(a->changing), mine);
    pel_field_get(b->changing, 0, 0, pel_field_owned(b->changing), theirs);
    CU_ASSERT_EQUAL(memcmp(mine, theirs, sizeof mine), 0);
    CU_ASSERT_EQUAL(memcmp(&a->sum.value, &b->sum.value, sizeof(double)), 0);
    CU_ASSERT_EQUAL(a->sum.count, NX * NY);
    CU_ASSERT_EQUAL(b->sum.count, NX * NY);
    CU_ASSERT_EQUAL(a->least.value, b->least.value);
    CU_ASSERT_EQUAL(memcmp(a->least.at, b->least.at, sizeof a->least.at), 0);
    CU_ASSERT_EQUAL(a->probed, b->probed);
}

static void check_on_team(int threads, double step_alone)
{
    pel_team *team;
    model by_reference, by_spatial;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    run(&by_reference, team, PEL_EXECUTOR_REFERENCE, 0);
    run(&by_spatial, team, PEL_EXECUTOR_SPATIAL, step_alone);
    compare(&by_reference, &by_spatial);
    end(&by_reference);
    end(&by_spatial);
    pel_team_destroy(team);
}

TEST(a_step_too_short_for_a_team_gives_the_bits_of_the_reference)
{
    for (int threads = 1; threads <= 3; threads++) check_on_team(threads, 1e-9);
}

TEST(a_step_worth_a_team_gives_the_same_bits)
{
    for (int threads = 1; threads <= 3; threads++) check_on_team(threads, 1);
}

TEST(a_chain_that_is_still_to_be_tried_gives_the_same_bits)
{
    for (int threads = 1; threads <= 3; threads++) check_on_team(threads, 0);
}

static long calls;

static void count_calls(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    value(box, arg, step, params);
    calls += pel_box_count(*box);
}

TEST(a_reduction_is_taken_in_the_last_step_of_a_stretch_only)
{
    pel_team *team;
    pel_grid *grid;
    pel_field *q;
    pel_chain *chain;
    pel_reduced sum;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &team));
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NY}}, &grid));
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){0}, &q));
    CHECK_STATUS(pel_chain_create("sum", PEL_CHAIN_PLAIN, &chain));
    pel_chain_reduce(chain, "sum", PEL_SUM, count_calls, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &sum, pel_read(q, 0));
    CHECK_STATUS(pel_commit(team, &grid, 1, &chain, 1));
    calls = 0;
    const pel_run_options options = {.executor = PEL_EXECUTOR_SPATIAL};
    CHECK_STATUS(pel_chain_run(chain, team, &options, (pel_step){.dt = 1}, STEPS));
    CU_ASSERT_EQUAL(calls, NX * NY);
    CU_ASSERT_EQUAL(sum.value, (double)(NX * NY) * (STEPS - 1));
    pel_chain_destroy(chain);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}

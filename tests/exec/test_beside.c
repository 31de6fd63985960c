/* Chains beside each other give the bits of one after the other; chains that depend on each other are refused. */
#include <sched.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "exec/run_inside.h"
#include "support/probe.h"
#include "support/test.h"

enum { MOST = 3, N = 37, DEEP = 9 };

/* A chain of two loops, a reduction and a probe over two fields of its own; perhaps a call, or a mask that others read
 * as well. */
typedef struct model {
    pel_grid *grid;
    pel_field *a, *b, *mask;
    pel_chain *chain;
    pel_reduced sum;
    uint64_t probed;
    long steps;
    pel_step at;
} model;

typedef struct form {
    int rows;
    bool is_periodic, has_call;
    long steps;
} form;

static void average(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[1], x, y, 0) = 0.3 * *pel_at(arg[0], x - 1, y, 0) + 0.3 * *pel_at(arg[0], x + 1, y, 0) +
                                       0.2 * *pel_at(arg[0], x, y - 1, 0) + 0.2 * *pel_at(arg[0], x, y + 1, 0) +
                                       1e-4 * step->time;
}

static void blend(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[2], x, y, 0) += 0.9 * *pel_at(arg[0], x, y + 1, 0) * *pel_at(arg[1], x, y, 0);
}

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0);
}

static pel_status halve_corner(const pel_call *call)
{
    *pel_at(call->arg[0], 0, 0, 0) *= 0.5;
    return PEL_OK;
}

static void fill(pel_field *field, uint64_t salt)
{
    const pel_box owned = pel_field_owned(field);
    for (int y = owned.lo[1]; y < owned.hi[1]; y++)
        for (int x = owned.lo[0]; x < owned.hi[0]; x++) {
            const double start = (double)(pel_hash_mix((uint64_t)(x + N * y), salt) >> 12) * 0x1p-52;
            pel_field_put(field, 0, 0, (pel_box){{x, y, 0}, {x + 1, y + 1, 1}}, &start);
        }
}

static void declare(model *m, const form *f)
{
    pel_field_spec spec = {.levels = 1};
    for (int d = 0; d < 2; d++)
        for (int side = 0; side < 2; side++) spec.boundary[d][side].kind = PEL_BOUNDARY_GRADIENT;
    *m = (model){.steps = f->steps, .at = {.dt = 0.5}};
    CHECK_STATUS(pel_grid_create(
        &(pel_grid_spec){.dimensions = 2, .cells = {N, f->rows}, .is_periodic = {f->is_periodic, f->is_periodic}},
        &m->grid));
    CHECK_STATUS(pel_field_declare(m->grid, "a", &spec, &m->a));
    CHECK_STATUS(pel_field_declare(m->grid, "b", &spec, &m->b));
    CHECK_STATUS(pel_field_declare(m->grid, "mask", &spec, &m->mask));
}

/* `mask` may be another model's. */
static void record(model *m, const form *f, const char *name, pel_field *mask)
{
    static const int cells[2][3] = {{1, 2, 0}, {N - 1, 5, 0}};
    CHECK_STATUS(pel_chain_create(name, PEL_CHAIN_STEPPER, &m->chain));
    pel_chain_loop(m->chain, "average", average, NULL, 0, PEL_INTERIOR,
                   pel_read(m->a, 0, PEL_AROUND_X(1), PEL_AROUND_Y(1)), pel_write(m->b, 0));
    if (f->has_call) pel_chain_call(m->chain, "halve", halve_corner, NULL, 0, pel_update(m->b, 0));
    pel_chain_loop(m->chain, "blend", blend, NULL, 0, PEL_INTERIOR, pel_read(m->b, 0, PEL_AHEAD_Y(1)),
                   pel_read(mask, 0, PEL_BEHIND_X(1)), pel_update(m->a, 0));
    pel_chain_reduce(m->chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->sum, pel_read(m->a, 0));
    pel_chain_probe(m->chain, m->a, 0, cells, 2, probe_hash, &m->probed);
}

static void commit(model *m, pel_team *team, uint64_t salt)
{
    CHECK_STATUS(pel_commit(team, &m->grid, 1, &m->chain, 1));
    fill(m->a, salt), fill(m->b, salt + 1), fill(m->mask, salt + 2);
}

static void end(model *models, int count)
{
    for (int i = 0; i < count; i++) pel_chain_destroy(models[i].chain);
    for (int i = 0; i < count; i++) pel_grid_destroy(models[i].grid);
}

static void make_all(model *models, const form *forms, int count, bool is_mask_shared, pel_team *team)
{
    static const char *const names[MOST] = {"ocean", "ice", "air"};
    for (int i = 0; i < count; i++) declare(&models[i], &forms[i]);
    for (int i = 0; i < count; i++) {
        record(&models[i], &forms[i], names[i], models[is_mask_shared ? 0 : i].mask);
        commit(&models[i], team, (uint64_t)(10 * i));
    }
}

static void advance(model *m)
{
    for (long k = 0; k < m->steps; k++) m->at = pel_step_next(m->at);
}

static void run_in_turn(model *models, int count, pel_team *team)
{
    const pel_run_options options = {.executor = PEL_EXECUTOR_REFERENCE};
    for (int i = 0; i < count; i++) {
        CHECK_STATUS(pel_chain_run(models[i].chain, team, &options, models[i].at, models[i].steps));
        advance(&models[i]);
    }
}

static void run_beside(model *models, int count, pel_team *team, const pel_run_options *options)
{
    pel_chain *chains[MOST];
    pel_step first[MOST];
    long steps[MOST];
    for (int i = 0; i < count; i++) chains[i] = models[i].chain, first[i] = models[i].at, steps[i] = models[i].steps;
    CHECK_STATUS(pel_chain_run_beside(chains, first, steps, count, team, options));
    for (int i = 0; i < count; i++) advance(&models[i]);
}

static void compare(const model *m, const model *n)
{
    static double mine[N * 100], theirs[N * 100];
    const pel_box owned = pel_field_owned(m->a);
    const size_t bytes = sizeof(double) * (size_t)(owned.hi[0] * owned.hi[1]);
    pel_field_get(m->a, 0, 0, owned, mine);
    pel_field_get(n->a, 0, 0, owned, theirs);
    CU_ASSERT_EQUAL(memcmp(mine, theirs, bytes), 0);
    CU_ASSERT_EQUAL(memcmp(&m->sum, &n->sum, sizeof m->sum), 0);
    CU_ASSERT_EQUAL(m->probed, n->probed);
    CU_ASSERT_NOT_EQUAL(m->probed, 0);
}

/* Three stretches beside each other on every number of threads, against the reference in turn. */
static void check_beside(const form *forms, int count, bool is_mask_shared, const pel_run_options *options)
{
    for (int threads = 1; threads <= 4; threads++) {
        pel_team *team;
        model turns[MOST], sides[MOST];
        CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
        make_all(turns, forms, count, is_mask_shared, team);
        make_all(sides, forms, count, is_mask_shared, team);
        for (int round = 0; round < 3; round++) {
            run_in_turn(turns, count, team);
            run_beside(sides, count, team, options);
        }
        for (int i = 0; i < count; i++) {
            compare(&turns[i], &sides[i]);
            CU_ASSERT_EQUAL(pel_chain_cost_so_far(sides[i].chain).steps, 3 * forms[i].steps);
            CU_ASSERT_TRUE(pel_chain_cost_so_far(sides[i].chain).seconds > 0);
        }
        end(turns, count), end(sides, count);
        pel_team_destroy(team);
    }
}

static const pel_run_options spatial = {.executor = PEL_EXECUTOR_SPATIAL};

TEST(two_chains_beside_each_other_give_the_bits_of_one_after_the_other)
{
    const form forms[] = {{.rows = 41, .is_periodic = true, .steps = 7}, {.rows = 23, .steps = 11}};
    check_beside(forms, 2, false, &spatial);
    check_beside(forms, 2, false, &(pel_run_options){.executor = PEL_EXECUTOR_SPATIAL, .order = 77});
}

TEST(every_executor_runs_chains_beside_each_other)
{
    const form forms[] = {{.rows = 41, .is_periodic = true, .steps = 7}, {.rows = 23, .steps = 11}};
    check_beside(forms, 2, false, &(pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL});
    check_beside(forms, 2, false, &(pel_run_options){.executor = PEL_EXECUTOR_REFERENCE});
    check_beside(forms, 2, false, &(pel_run_options){.check_access = true});
}

/* Tiles in time beside each other; with one chain much shorter, whose threads then help the other. */
TEST(tiles_in_time_beside_each_other_give_the_same_bits)
{
    const form forms[] = {{.rows = 95, .is_periodic = true, .steps = 12}, {.rows = 64, .steps = 3}};
    for (long order = 0; order < 4; order++)
        check_beside(forms, 2, false,
                     &(pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 2, .order = order});
}

TEST(tiles_in_time_are_tiles_in_time_beside_others_too)
{
    pel_team *team;
    model m[2];
    const form forms[] = {{.rows = 95, .is_periodic = true, .steps = 12}, {.rows = 64, .steps = 3}};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 3, .is_quiet = true}, &team));
    make_all(m, forms, 2, false, team);
    run_beside(m, 2, team, &(pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 2});
    for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL(pel_chain_plan_used(m[i].chain).executor, PEL_EXECUTOR_TEMPORAL);
    end(m, 2);
    pel_team_destroy(team);
}

TEST(three_chains_of_which_one_calls_the_whole_team_give_the_same_bits)
{
    const form forms[] = {
        {.rows = 9, .steps = 5}, {.rows = 60, .has_call = true, .steps = 4}, {.rows = 90, .steps = 2}};
    check_beside(forms, 3, false, &spatial);
}

TEST(three_chains_on_fewer_or_more_threads_give_the_same_bits)
{
    const form forms[] = {
        {.rows = 9, .steps = 5}, {.rows = 60, .steps = 4}, {.rows = 90, .is_periodic = true, .steps = 2}};
    check_beside(forms, 3, false, &spatial);
}

/* Both fill the halo of the mask that both read. */
TEST(chains_that_read_one_field_beyond_its_edge_give_the_same_bits)
{
    const form forms[] = {{.rows = 30, .steps = 3}, {.rows = 30, .steps = 6}};
    check_beside(forms, 2, true, &spatial);
}

/* Each of two chains waits in its kernel for the other to come; gives up after many turns. */
static atomic_int arrived, gave_up;

static void meet(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    *pel_at(arg[0], box->lo[0], box->lo[1], 0) = 1;
    if (box->lo[0] > 0 || box->lo[1] > 0) return;
    atomic_fetch_add(&arrived, 1);
    for (long i = 0; atomic_load(&arrived) < 2; i++) {
        if (i == 10000000) {
            atomic_store(&gave_up, 1);
            return;
        }
        sched_yield();
    }
}

TEST(two_chains_run_at_the_same_time)
{
    pel_team *team;
    model m[2];
    const form forms[] = {{.rows = 12, .steps = 1}, {.rows = 12, .steps = 1}};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    for (int i = 0; i < 2; i++) {
        declare(&m[i], &forms[i]);
        CHECK_STATUS(pel_chain_create("meet", PEL_CHAIN_STEPPER, &m[i].chain));
        pel_chain_loop(m[i].chain, "meet", meet, NULL, 0, PEL_INTERIOR, pel_write(m[i].a, 0));
        commit(&m[i], team, 0);
    }
    atomic_store(&arrived, 0);
    atomic_store(&gave_up, 0);
    run_beside(m, 2, team, &spatial);
    CU_ASSERT_EQUAL(gave_up, 0);
    CU_ASSERT_EQUAL(arrived, 2);
    end(m, 2);
    pel_team_destroy(team);
}

static void check_deal(const double *need, int threads, const int *expected)
{
    int dealt[3];
    pel_beside_deal(need, 3, threads, dealt);
    CU_ASSERT_EQUAL(memcmp(dealt, expected, sizeof dealt), 0);
}

TEST(threads_are_dealt_by_need_and_at_least_one_each)
{
    check_deal((double[]){1, 1, 1}, 3, (int[]){1, 1, 1});
    check_deal((double[]){6, 3, 1}, 10, (int[]){6, 3, 1});
    check_deal((double[]){1000, 1, 0}, 5, (int[]){3, 1, 1});
    check_deal((double[]){2, 5, 2}, 4, (int[]){1, 2, 1});
    check_deal((double[]){0, 0, 0}, 4, (int[]){2, 1, 1});
}

static void look_left(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x - 1, y, 0);
}

TEST(the_checker_names_the_kernel_beside_others_too)
{
    pel_team *team;
    model m[2];
    const form forms[] = {{.rows = 12, .steps = 1}, {.rows = 12, .steps = 1}};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    for (int i = 0; i < 2; i++) declare(&m[i], &forms[i]);
    record(&m[0], &forms[0], "ocean", m[0].mask);
    CHECK_STATUS(pel_chain_create("ice", PEL_CHAIN_STEPPER, &m[1].chain));
    pel_chain_loop(m[1].chain, "look left", look_left, NULL, 0, PEL_INTERIOR, pel_read(m[1].a, 0),
                   pel_write(m[1].b, 0));
    for (int i = 0; i < 2; i++) commit(&m[i], team, 0);
    pel_chain *chains[] = {m[0].chain, m[1].chain};
    const pel_step first[2] = {{.dt = 1}, {.dt = 1}};
    CHECK_FAILS(pel_chain_run_beside(chains, first, (long[]){1, 1}, 2, team, &(pel_run_options){.check_access = true}),
                PEL_ERR_ACCESS, "look left");
    end(m, 2);
    pel_team_destroy(team);
}

TEST(a_chain_of_no_steps_is_left_out)
{
    pel_team *team;
    model m[2];
    const form forms[] = {{.rows = 12, .steps = 3}, {.rows = 12, .steps = 0}};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    make_all(m, forms, 2, false, team);
    run_beside(m, 2, team, &spatial);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(m[0].chain).steps, 3);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(m[1].chain).steps, 0);
    end(m, 2);
    pel_team_destroy(team);
}

TEST(a_chain_that_reads_what_another_writes_is_refused)
{
    pel_team *team;
    model m[2];
    const form forms[] = {{.rows = 12, .steps = 3}, {.rows = 12, .steps = 3}};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    for (int i = 0; i < 2; i++) declare(&m[i], &forms[i]);
    record(&m[0], &forms[0], "ocean", m[0].mask);
    record(&m[1], &forms[1], "ice", m[0].a);
    for (int i = 0; i < 2; i++) commit(&m[i], team, 0);
    pel_chain *chains[] = {m[1].chain, m[0].chain};
    const pel_step first[2] = {{.dt = 1}, {.dt = 1}};
    CHECK_FAILS(pel_chain_run_beside(chains, first, (long[]){1, 1}, 2, team, &spatial), PEL_ERR_ARGUMENT,
                "chain ocean writes field a, which chain ice touches");
    chains[1] = m[1].chain;
    CHECK_FAILS(pel_chain_run_beside(chains, first, (long[]){1, 1}, 2, team, &spatial), PEL_ERR_ARGUMENT,
                "chain ice is to run beside itself");
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(m[1].chain).steps, 0);
    end(m, 2);
    pel_team_destroy(team);
}

/* What running has cost, by what loops and calls declare: points, bytes and floating-point operations. */
#include <math.h>

#include "exec/chain.h"
#include "support/test.h"

enum { NX = 12, NY = 5, STEPS = 3 };

typedef struct setting {
    pel_team *team;
    pel_grid *grid;
    pel_field *a, *b;
    pel_chain *chain;
} setting;

static void copy(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) pel_row(arg[1], y, 0)[x] = pel_row(arg[0], y, 0)[x];
}

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    copy(box, arg, step, params);
}

static pel_status nothing(const pel_call *call)
{
    (void)call;
    return PEL_OK;
}

static void nothing_either(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)piece, (void)arg, (void)step, (void)params;
}

static setting begin(void)
{
    setting s;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &s.team));
    CHECK_STATUS(pel_grid_create(
        &(pel_grid_spec){.name = "", .dimensions = 2, .cells = {NX, NY}, .is_periodic = {true, true}}, &s.grid));
    CHECK_STATUS(pel_field_declare(s.grid, "a", &(pel_field_spec){0}, &s.a));
    CHECK_STATUS(pel_field_declare(s.grid, "b", &(pel_field_spec){.type = PEL_COMPLEX}, &s.b));
    CHECK_STATUS(pel_chain_create("chain", PEL_CHAIN_PLAIN, &s.chain));
    return s;
}

static void run(setting *s)
{
    CHECK_STATUS(pel_commit(s->team, &s->grid, 1, &s->chain, 1));
    pel_field_mark_set(s->a, 0);
    pel_field_mark_set(s->b, 0);
    CHECK_STATUS(pel_chain_run(s->chain, s->team, &(pel_run_options){0}, (pel_step){.dt = 1}, STEPS));
}

static void end(setting *s)
{
    pel_chain_destroy(s->chain);
    pel_grid_destroy(s->grid);
    pel_team_destroy(s->team);
}

/* A loop that looks around, so that boundary slots come with it. */
static void record_loop(setting *s, pel_field *to)
{
    pel_chain_loop(s->chain, "copy", copy, NULL, 0, PEL_INTERIOR, pel_read(s->a, 0, PEL_AROUND_X(1)), pel_write(to, 0));
}

static pel_field *third_field(setting *s)
{
    pel_field *c;
    CHECK_STATUS(pel_field_declare(s->grid, "c", &(pel_field_spec){0}, &c));
    return c;
}

TEST(operations_of_a_loop_are_those_of_its_points)
{
    setting s = begin();
    record_loop(&s, third_field(&s));
    pel_chain_flops(s.chain, 7);
    run(&s);
    const pel_chain_cost cost = pel_chain_cost_so_far(s.chain);
    CU_ASSERT_EQUAL(cost.updates, NX * NY * STEPS);
    CU_ASSERT_EQUAL(cost.flops, 7 * NX * NY * STEPS); /* boundaries are copies */
    CU_ASSERT_EQUAL(cost.bytes, 16 * NX * NY * STEPS);
    end(&s);
}

TEST(operations_of_calls_and_pieces_are_those_of_a_step)
{
    setting s = begin();
    pel_chain_call(s.chain, "solve", nothing, NULL, 0, pel_read(s.a, 0), pel_update(s.b, 0));
    pel_chain_flops(s.chain, 1000);
    pel_chain_tiles(s.chain, "pieces", 4, nothing_either, NULL, 0, pel_read(s.a, 0));
    pel_chain_flops(s.chain, 30);
    run(&s);
    const pel_chain_cost cost = pel_chain_cost_so_far(s.chain);
    CU_ASSERT_EQUAL(cost.updates, 0);
    CU_ASSERT_EQUAL(cost.flops, 1030 * STEPS);
    CU_ASSERT_EQUAL(cost.bytes, (8 + 2 * 16 + 8) * NX * NY * STEPS); /* a; b there and back; a */
    end(&s);
}

TEST(a_probe_computes_nothing_and_a_reduction_its_points)
{
    const int cells[1][3] = {{1, 1, 0}};
    pel_reduced result;
    setting s = begin();
    pel_chain_probe(s.chain, s.a, 0, cells, 1, NULL, NULL);
    pel_chain_reduce(s.chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &result, pel_read(s.a, 0));
    pel_chain_flops(s.chain, 2);
    run(&s);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).flops, 2 * NX * NY * STEPS);
    end(&s);
}

TEST(what_one_loop_does_not_declare_nobody_knows)
{
    setting s = begin();
    pel_field *c = third_field(&s);
    record_loop(&s, c);
    pel_chain_flops(s.chain, 7);
    record_loop(&s, c);
    run(&s);
    const pel_chain_cost cost = pel_chain_cost_so_far(s.chain);
    CU_ASSERT_TRUE(isnan(cost.flops));
    CU_ASSERT_EQUAL(cost.updates, 2 * NX * NY * STEPS);
    end(&s);
}

TEST(a_loop_without_operations_says_so)
{
    setting s = begin();
    record_loop(&s, third_field(&s));
    pel_chain_flops(s.chain, 0);
    run(&s);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).flops, 0);
    end(&s);
}

TEST(costs_begin_anew_after_a_warm_up)
{
    setting s = begin();
    record_loop(&s, third_field(&s));
    pel_chain_flops(s.chain, 7);
    run(&s);
    pel_chain_cost_reset(s.chain);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).steps, 0);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).flops, 0);
    CHECK_STATUS(pel_chain_run(s.chain, s.team, &(pel_run_options){0}, (pel_step){.dt = 1}, 1));
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).steps, 1);
    CU_ASSERT_EQUAL(pel_chain_cost_so_far(s.chain).flops, 7 * NX * NY);
    end(&s);
}

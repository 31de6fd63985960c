/* Chains: levels, reductions, calls, tiles, probes, mistakes in recording, and the access checker. */
#include "exec/chain.h"

#include <math.h>

#include "base/random.h"
#include "support/test.h"

enum { NX = 40, NY = 30 };

/* A periodic grid with one field of two levels, "a", and one of one, "b". */
typedef struct world {
    pel_team *team;
    pel_grid *grid;
    pel_field *a, *b;
    pel_chain *chain;
} world;

static world make(int threads, pel_chain_kind kind)
{
    world w;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &w.team));
    CHECK_STATUS(
        pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NY}, .is_periodic = {true, true}}, &w.grid));
    CHECK_STATUS(pel_field_declare(w.grid, "a", &(pel_field_spec){.levels = 2}, &w.a));
    CHECK_STATUS(pel_field_declare(w.grid, "b", &(pel_field_spec){0}, &w.b));
    CHECK_STATUS(pel_chain_create("test", kind, &w.chain));
    return w;
}

static void commit(world *w)
{
    CHECK_STATUS(pel_commit(w->team, &w->grid, 1, &w->chain, 1));
}

static pel_status run(world *w, const pel_run_options *options, long steps)
{
    return pel_chain_run(w->chain, w->team, options, (pel_step){.dt = 1}, steps);
}

static void end(world *w)
{
    pel_chain_destroy(w->chain);
    pel_grid_destroy(w->grid);
    pel_team_destroy(w->team);
}

static double at(const pel_field *field, int level, int x, int y)
{
    return *pel_at(pel_field_view(field, level), x, y, 0);
}

static void fill_random(pel_field *field)
{
    for (int y = 0; y < NY; y++)
        for (int x = 0; x < NX; x++)
            *pel_at(pel_field_view(field, 0), x, y, 0) =
                (pel_random_uniform((pel_random_key){.id = (uint64_t)(y * NX + x)}) - 0.5) * pow(10, (x % 30) - 15);
}

/* ---- kernels ---- */

static void add_one(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0) + 1;
}

static void ahead_in_x(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x + 1, y, 0);
}

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0);
}

static void writes_beside(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    value(box, arg, step, params);
    *pel_at(arg[1], box->hi[0], box->lo[1], 0) = 7;
}

static void leaves_out(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    pel_box most = *box;
    most.hi[0]--;
    value(&most, arg, step, params);
}

/* ---- levels ---- */

TEST(levels_rotate_once_a_step_of_a_stepper)
{
    world w = make(2, PEL_CHAIN_STEPPER);
    pel_chain_loop(w.chain, "add", add_one, NULL, 0, PEL_INTERIOR, pel_read(w.a, 0), pel_write(w.a, 1));
    commit(&w);
    CHECK_STATUS(run(&w, &(pel_run_options){0}, 3));
    CHECK_STATUS(run(&w, &(pel_run_options){0}, 4));
    CU_ASSERT_EQUAL(at(w.a, 0, 5, 5), 7);
    CU_ASSERT_EQUAL(pel_field_rotations(w.a), 7);
    end(&w);
}

TEST(a_plain_chain_does_not_rotate)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_chain_loop(w.chain, "add", add_one, NULL, 0, PEL_INTERIOR, pel_read(w.a, 0), pel_write(w.a, 1));
    commit(&w);
    CHECK_STATUS(run(&w, &(pel_run_options){0}, 3));
    CU_ASSERT_EQUAL(at(w.a, 0, 5, 5), 0);
    CU_ASSERT_EQUAL(at(w.a, 1, 5, 5), 1);
    end(&w);
}

TEST(a_level_that_nothing_wrote_cannot_be_read)
{
    world w = make(1, PEL_CHAIN_STEPPER);
    pel_chain_loop(w.chain, "add", add_one, NULL, 0, PEL_INTERIOR, pel_read(w.a, -1), pel_write(w.b, 0));
    commit(&w);
    CHECK_FAILS(run(&w, &(pel_run_options){0}, 1), PEL_ERR_ARGUMENT, "level -1 of a");
    end(&w);
}

/* ---- mistakes ---- */

TEST(a_loop_that_looks_around_in_what_it_writes_is_refused)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_chain_loop(w.chain, "bad", ahead_in_x, NULL, 0, PEL_INTERIOR, pel_read(w.b, 0, PEL_AHEAD_X(1)),
                   pel_update(w.b, 0));
    CHECK_FAILS(pel_commit(w.team, &w.grid, 1, &w.chain, 1), PEL_ERR_ARGUMENT, "looks around in b");
    end(&w);
}

TEST(a_loop_writes_one_centring_only)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_field *face;
    CHECK_STATUS(pel_field_declare(w.grid, "face", &(pel_field_spec){.centring = PEL_FACE_X}, &face));
    pel_chain_loop(w.chain, "bad", value, NULL, 0, PEL_INTERIOR, pel_write(w.b, 0), pel_write(face, 0));
    CHECK_FAILS(pel_commit(w.team, &w.grid, 1, &w.chain, 1), PEL_ERR_ARGUMENT, "differ in centring");
    end(&w);
}

TEST(a_level_beyond_those_declared_is_refused)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_chain_loop(w.chain, "bad", value, NULL, 0, PEL_INTERIOR, pel_read(w.a, -1), pel_write(w.a, 1));
    CHECK_FAILS(pel_commit(w.team, &w.grid, 1, &w.chain, 1), PEL_ERR_ARGUMENT, "2 levels");
    end(&w);
}

/* ---- reductions ---- */

static double reduce(int threads, pel_reduction reduction, pel_reduced *result)
{
    world w = make(threads, PEL_CHAIN_PLAIN);
    pel_chain_reduce(w.chain, "total", reduction, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, result, pel_read(w.b, 0));
    commit(&w);
    fill_random(w.b);
    *pel_at(pel_field_view(w.b, 0), 11, 13, 0) = *pel_at(pel_field_view(w.b, 0), 3, 20, 0) = 1e20;
    CHECK_STATUS(run(&w, &(pel_run_options){.tile = {7, 3, 1}, .order = 5}, 2));
    end(&w);
    return result->value;
}

TEST(a_sum_has_the_same_bits_on_any_threads_and_counts_its_points)
{
    pel_reduced result;
    const double wanted = reduce(1, PEL_SUM, &result);
    CU_ASSERT_EQUAL(result.count, NX * NY);
    for (int threads = 2; threads <= 4; threads++) CU_ASSERT_EQUAL(reduce(threads, PEL_SUM, &result), wanted);
}

TEST(a_maximum_names_its_lowest_place)
{
    for (int threads = 1; threads <= 4; threads++) {
        pel_reduced result;
        CU_ASSERT_EQUAL(reduce(threads, PEL_MAX, &result), 1e20);
        CU_ASSERT_EQUAL(result.at[0], 11);
        CU_ASSERT_EQUAL(result.at[1], 13);
    }
}

/* ---- calls, tiles, probes ---- */

static pel_status double_all(const pel_call *call)
{
    for (int y = 0; y < NY; y++)
        for (int x = 0; x < NX; x++) *pel_at(call->arg[0], x, y, 0) *= 2;
    return PEL_OK;
}

static void fill_row(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int x = 0; x < NX; x++) *pel_at(arg[0], x, (int)piece, 0) += (double)piece + (double)step->index;
}

TEST(calls_and_tiles_run_in_their_place)
{
    for (int threads = 1; threads <= 3; threads++) {
        world w = make(threads, PEL_CHAIN_PLAIN);
        pel_chain_tiles(w.chain, "rows", NY, fill_row, NULL, 0, pel_update(w.b, 0));
        pel_chain_call(w.chain, "double", double_all, NULL, 0, pel_update(w.b, 0));
        commit(&w);
        CHECK_STATUS(run(&w, &(pel_run_options){0}, 2));
        CU_ASSERT_EQUAL(at(w.b, 0, 4, 9), (9 * 2 + 9 + 1) * 2);
        end(&w);
    }
}

static void keep_probe(void *data, long first, long steps, int count, const double *values)
{
    double *kept = data;
    for (long s = 0; s < steps; s++)
        for (int i = 0; i < count; i++) kept[(first + s) * count + i] = values[s * count + i];
}

TEST(a_probe_sees_every_step_of_a_stretch)
{
    world w = make(2, PEL_CHAIN_STEPPER);
    const int cells[][3] = {{1, 2, 0}, {NX - 1, NY - 1, 0}};
    double kept[10] = {0};
    pel_chain_loop(w.chain, "add", add_one, NULL, 0, PEL_INTERIOR, pel_read(w.a, 0), pel_write(w.a, 1));
    pel_chain_probe(w.chain, w.a, 1, cells, 2, keep_probe, kept);
    commit(&w);
    CHECK_STATUS(run(&w, &(pel_run_options){0}, 5));
    for (int s = 0; s < 5; s++) CU_ASSERT(kept[2 * s] == s + 1 && kept[2 * s + 1] == s + 1);
    end(&w);
}

/* ---- the access checker ---- */

static pel_status check(pel_kernel *kernel, pel_reach reach)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_arg read = pel_read(w.a, 0);
    read.reach = reach;
    pel_chain_loop(w.chain, "suspect", kernel, NULL, 0, PEL_INTERIOR, read, pel_write(w.b, 0));
    pel_chain_loop(w.chain, "around", value, NULL, 0, PEL_INTERIOR, pel_read(w.a, 0, PEL_AROUND(2)), pel_write(w.a, 1));
    commit(&w);
    fill_random(w.a);
    const pel_status status = run(&w, &(pel_run_options){.check_access = true}, 1);
    end(&w);
    return status;
}

TEST(the_checker_passes_a_kernel_that_keeps_its_word)
{
    CHECK_STATUS(check(ahead_in_x, (pel_reach){.hi = {1}}));
    CHECK_STATUS(check(value, (pel_reach){0}));
}

TEST(the_checker_names_kernel_field_and_offset_of_an_undeclared_read)
{
    CHECK_FAILS(check(ahead_in_x, (pel_reach){.lo = {-2}}), PEL_ERR_ACCESS,
                "kernel suspect reads a at offset (1, 0, 0)");
}

TEST(the_checker_finds_writes_outside_the_box_and_cells_left_out)
{
    CHECK_FAILS(check(writes_beside, (pel_reach){0}), PEL_ERR_ACCESS, "suspect");
    CHECK_FAILS(check(leaves_out, (pel_reach){0}), PEL_ERR_ACCESS, "suspect");
}

TEST(a_halo_is_no_deeper_than_the_grid)
{
    world w = make(1, PEL_CHAIN_PLAIN);
    pel_chain_loop(w.chain, "far", ahead_in_x, NULL, 0, PEL_INTERIOR, pel_read(w.a, 0, PEL_AHEAD_X(NX + 1)),
                   pel_write(w.b, 0));
    CHECK_FAILS(pel_commit(w.team, &w.grid, 1, &w.chain, 1), PEL_ERR_ARGUMENT, "the grid has only 40 cells");
    end(&w);
}

/* ---- constant fields ---- */

/* Rows of the low quarter cost much, so that threads that are done help the first one. */
static void slowly_add(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            double value = *pel_at(arg[0], x, y, 0);
            for (int i = 0; i < (y < NY / 4 ? 400 : 1); i++) value = value * 0.999 + 0.001 * (0.5 + i % 3);
            *pel_at(arg[1], x, y, 0) = value + (double)(step->index % 7);
        }
}

/* arg: a constant, the field, the result. */
static void weigh_neighbours(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[2], x, y, 0) = *pel_at(arg[0], x - 1, y, 0) * *pel_at(arg[1], x + 1, y, 0) +
                                       *pel_at(arg[0], x, y - 1, 0) * *pel_at(arg[1], x - 1, y, 0);
}

/* The halo of a constant is filled once a stretch; that of the field must wait for the field in every step. */
static double sum_with_a_constant(int threads, pel_executor executor)
{
    world w = make(threads, PEL_CHAIN_PLAIN);
    pel_field *constant;
    pel_reduced sum;
    CHECK_STATUS(pel_field_declare(w.grid, "constant", &(pel_field_spec){.role = PEL_CONSTANT}, &constant));
    pel_chain_loop(w.chain, "slow", slowly_add, NULL, 0, PEL_INTERIOR, pel_read(w.b, 0), pel_write(w.a, 0));
    pel_chain_loop(w.chain, "weigh", weigh_neighbours, NULL, 0, PEL_INTERIOR,
                   pel_read(constant, 0, PEL_BEHIND_X(1), PEL_BEHIND_Y(1)), pel_read(w.a, 0, PEL_AROUND_X(1)),
                   pel_write(w.b, 0));
    pel_chain_reduce(w.chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &sum, pel_read(w.b, 0));
    commit(&w);
    fill_random(w.b);
    for (int y = 0; y < NY; y++)
        for (int x = 0; x < NX; x++) *pel_at(pel_field_view(constant, 0), x, y, 0) = 0.5 - 0.001 * (x % 3);
    CHECK_STATUS(run(&w, &(pel_run_options){.executor = executor}, 400));
    end(&w);
    return sum.value;
}

TEST(halos_wait_for_their_field_in_every_step_of_a_stretch)
{
    const double expected = sum_with_a_constant(1, PEL_EXECUTOR_REFERENCE);
    for (int round = 0; round < 4; round++) CU_ASSERT_EQUAL(sum_with_a_constant(4, PEL_EXECUTOR_SPATIAL), expected);
}

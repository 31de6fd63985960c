/* The access checker, under every executor: what it passes, and what it says of kernels that break their word. */
#include "exec/chain.h"

#include <math.h>

#include "support/test.h"

enum { NX = 48, NY = 40, STEPS = 3 };

/* A periodic grid with q of two levels, b, and pair of two components. */
typedef struct world {
    pel_grid *grid;
    pel_field *q, *b, *pair;
    pel_chain *chain;
    pel_reduced sum;
} world;

static double *at(const pel_view *view, int x, int y)
{
    return pel_at(*view, x, y, 0);
}

/* ---- kernels: arg 0 is read, arg 1 written ---- */

#define KERNEL(name) static void name(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
#define EACH_POINT                                                                                                     \
    (void)step, (void)params;                                                                                          \
    for (int y = box->lo[1]; y < box->hi[1]; y++)                                                                      \
        for (int x = box->lo[0]; x < box->hi[0]; x++)

KERNEL(average)
{
    EACH_POINT *at(&arg[1], x, y) =
        0.25 * (*at(&arg[0], x - 1, y) + *at(&arg[0], x + 1, y) + *at(&arg[0], x, y - 1) + *at(&arg[0], x, y + 1));
}

KERNEL(row_ahead)
{
    EACH_POINT *at(&arg[1], x, y) = *at(&arg[0], x, y) + *at(&arg[0], x, y + 2);
}

KERNEL(smallest_around)
{
    EACH_POINT *at(&arg[1], x, y) = fmin(*at(&arg[0], x, y), *at(&arg[0], x - 2, y));
}

KERNEL(own_old_value)
{
    EACH_POINT *at(&arg[1], x, y) = *at(&arg[0], x, y) + 0.5 * *at(&arg[1], x, y);
}

KERNEL(own_neighbour)
{
    EACH_POINT *at(&arg[1], x, y) = *at(&arg[0], x, y) + 0.5 * *at(&arg[1], x, y - 1);
}

KERNEL(leaves_one_out)
{
    EACH_POINT if (x != box->lo[0] || y != box->lo[1]) * at(&arg[1], x, y) = *at(&arg[0], x, y);
}

KERNEL(row_below)
{
    EACH_POINT
    {
        *at(&arg[1], x, y) = *at(&arg[0], x, y);
        if (y == box->lo[1]) *at(&arg[1], x, y - 1) = 1;
    }
}

KERNEL(input)
{
    EACH_POINT
    {
        *at(&arg[1], x, y) = *at(&arg[0], x, y);
        *at(&arg[0], x, y) = 1;
    }
}

KERNEL(second_component)
{
    EACH_POINT
    {
        for (int c = 0; c < 2; c++) pel_row_c(arg[1], c, y, 0)[x] = *at(&arg[0], x, y);
        if (x == box->lo[0]) pel_row_c(arg[1], 1, y, 0)[x - 1] = 1;
    }
}

KERNEL(place_in_the_box)
{
    EACH_POINT *at(&arg[1], x, y) = *at(&arg[0], x, y) + (y - box->lo[1]);
}

KERNEL(value_ahead)
{
    EACH_POINT pel_row(arg[1], y, 0)[x] = *at(&arg[0], x + 1, y);
}

KERNEL(value_here)
{
    EACH_POINT pel_row(arg[1], y, 0)[x] = *at(&arg[0], x, y);
}

KERNEL(columns)
{
    (void)step, (void)params;
    for (int x = box->lo[0]; x < box->hi[0]; x++) {
        double sum = 0;
        for (int y = 0; y < NY; y++) sum += *at(&arg[0], x, y);
        for (int y = 0; y < NY; y++) *at(&arg[1], x, y) = *at(&arg[0], x, y) - sum / NY;
    }
}

/* ---- running ---- */

static void make(world *w)
{
    CHECK_STATUS(
        pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NY}, .is_periodic = {true, true}}, &w->grid));
    CHECK_STATUS(pel_field_declare(w->grid, "q", &(pel_field_spec){.levels = 2}, &w->q));
    CHECK_STATUS(pel_field_declare(w->grid, "b", &(pel_field_spec){0}, &w->b));
    CHECK_STATUS(pel_field_declare(w->grid, "pair", &(pel_field_spec){.components = 2}, &w->pair));
    CHECK_STATUS(pel_chain_create("test", PEL_CHAIN_STEPPER, &w->chain));
    pel_chain_loop(w->chain, "average", average, NULL, 0, PEL_INTERIOR, pel_read(w->q, 0, PEL_AROUND(1)),
                   pel_write(w->q, 1));
}

static pel_status run(world *w, pel_executor executor, int threads)
{
    pel_team *team;
    const pel_run_options options = {.executor = executor, .check_access = true, .tile = {0, 7, 0}, .height = 2};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    CHECK_STATUS(pel_commit(team, &w->grid, 1, &w->chain, 1));
    for (int y = 0; y < NY; y++)
        for (int x = 0; x < NX; x++) *pel_at(pel_field_view(w->q, 0), x, y, 0) = 1 + (x * 31 + y * 17) % 101;
    const pel_status status = pel_chain_run(w->chain, team, &options, (pel_step){.dt = 1}, STEPS);
    pel_team_destroy(team);
    return status;
}

static void end(world *w)
{
    pel_chain_destroy(w->chain);
    pel_grid_destroy(w->grid);
}

typedef void record(world *w);

/* What the checker says of the chain, under every executor, on one thread and on three. */
static void expect(record *record_more, pel_status status, const char *text)
{
    static const pel_executor executors[] = {PEL_EXECUTOR_REFERENCE, PEL_EXECUTOR_SPATIAL, PEL_EXECUTOR_TEMPORAL};
    for (int i = 0; i < 6; i++) {
        world w;
        make(&w);
        record_more(&w);
        if (status == PEL_OK) CHECK_STATUS(run(&w, executors[i % 3], i < 3 ? 1 : 3));
        else CHECK_FAILS(run(&w, executors[i % 3], i < 3 ? 1 : 3), status, text);
        end(&w);
    }
}

/* A loop "suspect" that declares to read q here and to overwrite b. */
#define SUSPECT(kernel)                                                                                                \
    static void record_##kernel(world *w)                                                                              \
    {                                                                                                                  \
        pel_chain_loop(w->chain, "suspect", kernel, NULL, 0, PEL_INTERIOR, pel_read(w->q, 0), pel_write(w->b, 0));     \
    }
SUSPECT(row_ahead)
SUSPECT(smallest_around)
SUSPECT(own_old_value)
SUSPECT(own_neighbour)
SUSPECT(leaves_one_out)
SUSPECT(row_below)
SUSPECT(input)
SUSPECT(place_in_the_box)

TEST(an_undeclared_read_is_named_with_its_offset)
{
    expect(record_row_ahead, PEL_ERR_ACCESS, "suspect reads q at offset (0, 2, 0)");
    expect(record_smallest_around, PEL_ERR_ACCESS, "suspect reads q at offset (-2, 0, 0)");
}

TEST(a_field_that_is_overwritten_may_not_be_read)
{
    expect(record_own_old_value, PEL_ERR_ACCESS, "suspect reads b at offset (0, 0, 0)");
    expect(record_own_neighbour, PEL_ERR_ACCESS, "suspect reads b at offset (0, -1, 0)");
}

TEST(a_cell_left_out_is_named)
{
    expect(record_leaves_one_out, PEL_ERR_ACCESS, "suspect does not write b at (0, ");
}

TEST(a_write_outside_the_box_or_to_an_input_is_named)
{
    expect(record_row_below, PEL_ERR_ACCESS, "suspect writes b at (0, ");
    expect(record_input, PEL_ERR_ACCESS, "suspect writes q at (");
}

static void record_pair(world *w)
{
    pel_chain_loop(w->chain, "suspect", second_component, NULL, 0, PEL_INTERIOR, pel_read(w->q, 0),
                   pel_write(w->pair, 0));
}

TEST(a_stray_write_of_any_component_is_seen)
{
    expect(record_pair, PEL_ERR_ACCESS, "suspect writes component 1 of pair at (-1, ");
}

TEST(a_value_that_depends_on_the_box_is_named)
{
    expect(record_place_in_the_box, PEL_ERR_ACCESS, "suspect gives another value");
}

static void record_bad_sum(world *w)
{
    pel_chain_reduce(w->chain, "suspect", PEL_SUM, value_ahead, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &w->sum,
                     pel_read(w->q, 0));
}

TEST(a_reduction_that_looks_around_is_named)
{
    expect(record_bad_sum, PEL_ERR_ACCESS, "suspect reads q at offset (1, 0, 0)");
}

static void record_good(world *w)
{
    pel_chain_loop(w->chain, "columns", columns, NULL, 0, PEL_WHOLE(PEL_ALONG_Y), pel_read(w->q, 1),
                   pel_write(w->b, 0));
    pel_chain_loop(w->chain, "far", row_ahead, NULL, 0, PEL_INTERIOR, pel_read(w->q, 0, PEL_AHEAD_Y(2)),
                   pel_write(w->b, 0));
    pel_chain_loop(w->chain, "update", own_old_value, NULL, 0, PEL_INTERIOR, pel_read(w->q, 0), pel_update(w->b, 0));
    pel_chain_reduce(w->chain, "sum", PEL_SUM, value_here, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &w->sum,
                     pel_read(w->q, 0));
}

TEST(kernels_that_keep_their_word_pass)
{
    expect(record_good, PEL_OK, "");
}

/* Boundary conditions put the values of mesh/boundary.h beyond the wall, on every side and centring. */
#include "exec/chain.h"
#include "support/test.h"

enum { N = 8 };

typedef struct copied {
    int dimension, offset;
} copied;

/* to = from at `offset` along the dimension. */
static void shift(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const copied *p = params;
    (void)step;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            *pel_at(arg[1], x, y, 0) =
                *pel_at(arg[0], x + (p->dimension == 0) * p->offset, y + (p->dimension == 1) * p->offset, 0);
}

static double twice_time(int x, int y, int z, const struct pel_step *step, const void *params)
{
    (void)x, (void)y, (void)z, (void)params;
    return 2 * step->time;
}

/* Value of a field with q(i) = i + 1 along d at index `at` near a wall after its conditions were applied at time 5. */
static double beyond(int d, unsigned centring, pel_boundary low, pel_boundary high, int at)
{
    pel_grid *grid;
    pel_field *from, *to;
    pel_chain *chain;
    pel_team *team;
    pel_field_spec spec = {.centring = centring};
    spec.boundary[d][0] = low, spec.boundary[d][1] = high;
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {N, N}, .spacing = {0.5, 0.5}}, &grid));
    CHECK_STATUS(pel_field_declare(grid, "from", &spec, &from));
    CHECK_STATUS(pel_field_declare(grid, "to", &(pel_field_spec){.centring = centring}, &to));
    CHECK_STATUS(pel_chain_create("c", PEL_CHAIN_PLAIN, &chain));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    const copied p = {d, at < 2 ? -2 : 2};
    pel_arg read = pel_read(from, 0);
    read.reach.lo[d] = -2, read.reach.hi[d] = 2;
    pel_chain_loop(chain, "shift", shift, &p, sizeof p, PEL_EVERYTHING, read, pel_write(to, 0));
    CHECK_STATUS(pel_commit(team, &grid, 1, &chain, 1));
    const pel_box points = pel_field_points(from);
    for (int y = 0; y < points.hi[1]; y++)
        for (int x = 0; x < points.hi[0]; x++) {
            const double value = (d == 0 ? x : y) + 1;
            pel_field_put(from, 0, 0, (pel_box){{x, y, 0}, {x + 1, y + 1, 1}}, &value);
        }
    CHECK_STATUS(pel_chain_run(chain, team, &(pel_run_options){0}, (pel_step){.time = 5, .dt = 1}, 1));
    const int where = at < 2 ? at + 2 : at - 2;
    double value;
    pel_field_get(to, 0, 0,
                  d == 0 ? (pel_box){{where, 3, 0}, {where + 1, 4, 1}} : (pel_box){{3, where, 0}, {4, where + 1, 1}},
                  &value);
    pel_chain_destroy(chain);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
    return value;
}

#define VALUE(v) ((pel_boundary){.kind = PEL_BOUNDARY_VALUE, .value = (v)})
#define SLOPE(v) ((pel_boundary){.kind = PEL_BOUNDARY_GRADIENT, .value = (v)})
static const pel_boundary free_slip = {.kind = PEL_BOUNDARY_FREE_SLIP}, no_slip = {.kind = PEL_BOUNDARY_NO_SLIP};

TEST(a_value_at_the_wall_is_the_mean_across_it)
{
    for (int d = 0; d < 2; d++) {
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, VALUE(3), VALUE(3), -1), 2 * 3 - 1);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, VALUE(3), VALUE(3), -2), 2 * 3 - 2);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, VALUE(3), VALUE(4), N), 2 * 4 - N);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, VALUE(3), VALUE(4), N + 1), 2 * 4 - (N - 1));
    }
}

TEST(a_value_stands_on_the_face_at_the_wall_and_is_mirrored_beyond)
{
    for (int d = 0; d < 2; d++) {
        const unsigned face = d == 0 ? PEL_FACE_X : PEL_FACE_Y;
        CU_ASSERT_EQUAL(beyond(d, face, VALUE(3), VALUE(4), 0), 3);
        CU_ASSERT_EQUAL(beyond(d, face, VALUE(3), VALUE(4), -1), 2 * 3 - 2);
        CU_ASSERT_EQUAL(beyond(d, face, VALUE(3), VALUE(4), N), 4);
        CU_ASSERT_EQUAL(beyond(d, face, VALUE(3), VALUE(4), N + 2), 2 * 4 - (N - 1));
    }
}

TEST(a_gradient_gives_the_slope_across_the_wall)
{
    for (int d = 0; d < 2; d++) {
        /* spacing 0.5: cell -1 lies 0.5 below cell 0, cell -2 1.5 below cell 1 */
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, SLOPE(4), SLOPE(6), -1), 1 - 0.5 * 4);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, SLOPE(4), SLOPE(6), -2), 2 - 1.5 * 4);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, SLOPE(4), SLOPE(6), N), N + 0.5 * 6);
        const unsigned face = d == 0 ? PEL_FACE_X : PEL_FACE_Y;
        CU_ASSERT_EQUAL(beyond(d, face, SLOPE(4), SLOPE(6), 0), 2 - 0.5 * 4);
        CU_ASSERT_EQUAL(beyond(d, face, SLOPE(4), SLOPE(6), N + 1), N + 2 * 0.5 * 6);
    }
}

TEST(free_slip_mirrors_the_tangential_and_stops_the_normal_velocity)
{
    for (int d = 0; d < 2; d++) {
        const unsigned face = d == 0 ? PEL_FACE_X : PEL_FACE_Y;
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, free_slip, free_slip, -2), 2);
        CU_ASSERT_EQUAL(beyond(d, face, free_slip, free_slip, 0), 0);
        CU_ASSERT_EQUAL(beyond(d, face, free_slip, free_slip, -1), -2);
        CU_ASSERT_EQUAL(beyond(d, PEL_CENTRE, no_slip, no_slip, N), -N);
        CU_ASSERT_EQUAL(beyond(d, face, no_slip, no_slip, N), 0);
    }
}

TEST(a_function_gives_the_value_at_the_step_s_time)
{
    const pel_boundary moving = {.kind = PEL_BOUNDARY_VALUE, .function = twice_time};
    CU_ASSERT_EQUAL(beyond(0, PEL_CENTRE, moving, no_slip, -1), 2 * 10 - 1);
    CU_ASSERT_EQUAL(beyond(1, PEL_FACE_Y, moving, no_slip, 0), 10);
}

/* Heat: modes decay at their exact rate, to second order in space, in one, two and three dimensions and with every kind
 * of side. */
#include "solve.h"

static const char deck[] = "app: heat\n"
                           "grid: {cells: [16], extent: [1 m], boundary: [{value: 0}]}\n"
                           "physics: {diffusivity: 0.01 m2 s-1}\n"
                           "time: {scheme: rk4, end: 1 s}\n"
                           "output: {series: {every: 1 s}}\n";

/* The error after one second on n cells a dimension. */
static double error_on(const char *grid, int n, int dimensions, const char *boundary)
{
    char cells[96], extent[96], sides[160];
    const char *const counts[] = {"", "grid.cells=[%d]", "grid.cells=[%d, %d]", "grid.cells=[%d, %d, %d]"};
    const char *const extents[] = {"", "grid.extent=[1 m]", "grid.extent=[1 m, 2 m]", "grid.extent=[1 m, 2 m, 1.5 m]"};
    snprintf(cells, sizeof cells, counts[dimensions], n, n, n);
    snprintf(extent, sizeof extent, "%s", extents[dimensions]);
    snprintf(sides, sizeof sides, "grid.boundary=%s", boundary);
    solve(grid, deck, cells, extent, sides, set_number("time.step", 0.5 / n / n * 16), NULL);
    array error = read_series(grid, "series.nc", "error");
    const double last = error.values[error.nx - 1];
    free(error.values);
    return last;
}

static void check_second_order(int dimensions, const char *boundary)
{
    const double ratio = error_on("coarse", 16, dimensions, boundary) / error_on("fine", 32, dimensions, boundary);
    if (fabs(ratio - 4) > 0.2) fprintf(stderr, "\n%d dimensions, %s: ratio %g\n", dimensions, boundary, ratio);
    CU_ASSERT_DOUBLE_EQUAL(ratio, 4, 0.2);
}

TEST(modes_decay_at_their_rate_to_second_order_in_space)
{
    check_second_order(1, "[{value: 0}]");
    check_second_order(1, "[periodic]");
    check_second_order(2, "[wall, periodic]");
    check_second_order(3, "[{value: 0}, wall, periodic]");
}

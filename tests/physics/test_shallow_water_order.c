/* Shallow water: orders of convergence on a smooth nonlinear travelling wave. */
#include "solve.h"

static const char wave[] = "app: shallow-water\n"
                           "grid: {cells: [32, 32], extent: [1000 km, 1000 km], boundary: [periodic, periodic]}\n"
                           "physics: {depth: 100 m, coriolis: {f0: 1e-4 s-1}}\n"
                           "initial: {profile: poincare-wave, amplitude: 5 m, waves: [1, 1]}\n"
                           "time: {end: 1 year}\n"
                           "output: {snapshots: {every: 1000000 steps}}\n";

/* eta at the centres of 32 x 32 cells after 12000 s of a run on n x n: an odd multiple, so that centres coincide. */
static array on_grid(const char *name, int n)
{
    char cells[64];
    snprintf(cells, sizeof cells, "grid.cells=[%d, %d]", n, n);
    solve(name, wave, cells, "time.scheme=rk4", "time.step=60 s", "--steps=200", set_snapshots(200), NULL);
    array fine = read_record(name, "eta", -1), coarse = {malloc(32 * 32 * sizeof(double)), 32, 32};
    const int ratio = n / 32;
    for (int y = 0; y < 32; y++)
        for (int x = 0; x < 32; x++) coarse.values[y * 32 + x] = at(fine, x * ratio + ratio / 2, y * ratio + ratio / 2);
    free(fine.values);
    return coarse;
}

/* Errors of c / n^2, measured against the run on 288^2: (1/32^2 - 1/288^2) / (1/96^2 - 1/288^2) = 10. */
TEST(the_scheme_is_of_second_order_in_space)
{
    array coarse = on_grid("space-32", 32), middle = on_grid("space-96", 96), fine = on_grid("space-288", 288);
    const double ratio = largest_difference(coarse, fine) / largest_difference(middle, fine);
    if (!(fabs(ratio - 10) < 1)) fprintf(stderr, "\nratio %g\n", ratio);
    CU_ASSERT_DOUBLE_EQUAL(ratio, 10, 1);
    free(coarse.values);
    free(middle.values);
    free(fine.values);
}

static array in_steps(const char *name, const char *scheme, const char *start, long steps)
{
    solve(name, wave, scheme, start, set_number("time.step", 6000.0 / (double)steps), set_steps(steps),
          set_snapshots(steps), NULL);
    return read_record(name, "eta", -1);
}

static void check_order(const char *scheme, const char *start, double order)
{
    array exact = in_steps("time-exact", "time.scheme=rk4", "time.start=rk3", 1600);
    array coarse = in_steps("time-coarse", scheme, start, 100), fine = in_steps("time-fine", scheme, start, 200);
    const double measured = log2(largest_difference(coarse, exact) / largest_difference(fine, exact));
    if (!(fabs(measured - order) < 0.25)) fprintf(stderr, "\n%s %s: order %g\n", scheme, start, measured);
    CU_ASSERT_DOUBLE_EQUAL(measured, order, 0.25);
    free(exact.values);
    free(coarse.values);
    free(fine.values);
}

TEST(schemes_are_of_their_order_in_time)
{
    check_order("time.scheme=ssp-rk3", "time.start=rk3", 3);
    check_order("time.scheme=low-storage-rk3", "time.start=rk3", 3);
    check_order("time.scheme=ab3", "time.start=rk3", 3);
    check_order("time.scheme=ab3", "time.start=euler", 2);
    check_order("time.scheme=rk4", "time.start=rk3", 4);
}

/* Quasi-geostrophy: statistics of two layers, against the numbers of pyqg.
 *
 * The run is that of pyqg's test of its two-layer model (github.com/pyqg/pyqg, tests/test_qg.py): three years of 360
 * days of a flow that becomes turbulent. Rounding errors grow, hence a gate of 1 %. */
#include "qg.h"

static const char deck[] = "app: qg\n"
                           "grid: {cells: [32, 32], extent: [1000 km, 1000 km], boundary: [periodic, periodic]}\n"
                           "physics:\n"
                           "  model: two-layer\n"
                           "  thickness-ratio: 0.25\n"
                           "  deformation-radius: 30 km\n"
                           "  coriolis: {beta: 1.5e-11 m-1 s-1}\n"
                           "  flow: [0.05 m s-1, 0 m s-1]\n"
                           "  drag: {linear: 5.787e-7 s-1}\n"
                           "  filter: {kind: exponential, strength: 18.4}\n"
                           "initial: {profile: waves, ripple: [1e-6 s-1, 1e-7 s-1], waves: [5, 5], layer: 1}\n"
                           "time: {scheme: ab3, start: euler, step: 12800 s, end: 100 years}\n"
                           "output: {series: {every: 5 steps}, snapshots: {every: 7290 steps, fields: [q]}}\n";

static const double year = 360 * 86400.0;

/* The mean of a series from the second year on. */
static double mean_of(const char *variable)
{
    array time = read_series("layers", "series.nc", "time"), value = read_series("layers", "series.nc", variable);
    double sum = 0;
    long count = 0;
    for (long i = 0; i < time.nx; i++)
        if (time.values[i] >= year) sum += value.values[i], count++;
    free(time.values);
    free(value.values);
    return sum / (double)count;
}

TEST(two_layers_have_the_energy_and_enstrophy_of_pyqg)
{
    solve("layers", deck, "--steps=7290", NULL);
    check_near("sum q1^2", sum_of_squares("layers", "q", -1, 0, 2), 9.5614305e-8, 0.01);
    check_near("upper layer", mean_of("kinetic-energy-1"), 0.0081838, 0.01);
    check_near("lower layer", mean_of("kinetic-energy-2"), 0.00015617, 0.01);
}

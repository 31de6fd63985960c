/* Quasi-geostrophy: two barotropic vortices, against the numbers of pyqg.
 *
 * The run is that of pyqg's own test of its barotropic model (github.com/pyqg/pyqg, tests/test_bt.py and the example
 * "Barotropic model" of its documentation), which holds it to 1e-5; a rewrite of its equations in double precision
 * gives the digits below, to 1e-13. */
#include "qg.h"

static const char deck[] = "app: qg\n"
                           "grid: {cells: [64, 64], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
                           "physics: {model: barotropic, filter: {kind: exponential, strength: 23.6, cutoff: 0.65}}\n"
                           "initial: {profile: two-vortices, energy: 1 m2 s-2}\n"
                           "time: {scheme: ab3, start: euler, step: 0.0025 s, end: 1000 s}\n"
                           "output: {series: {every: 2000 steps}, snapshots: {every: 2000 steps, fields: [q, psi]}}\n";

TEST(two_vortices_merge_as_in_pyqg)
{
    solve("vortices", deck, "--steps=2000", NULL);
    check_near("sum q^2", sum_of_squares("vortices", "q", -1, 0, 1), 89101.74123876868, 1e-9);
    check_near("sum psi^2", sum_of_squares("vortices", "psi", -1, 0, 1), 1493.695583425703, 1e-9);
    check_near("kinetic energy", last_of("vortices", "kinetic-energy"), 0.99503602877600, 1e-9);
}

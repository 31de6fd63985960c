/* Quasi-geostrophy: without forcing, drag, filter and aliases, two layers keep their energy and the enstrophy of each
 * layer; what a scheme loses of them falls with the step. */
#include "qg.h"

static const char deck[] = "app: qg\n"
                           "grid: {cells: [48, 48], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
                           "physics: {model: two-layer, deformation-radius: 0.5 m, thickness-ratio: 0.5,\n"
                           "          filter: {kind: two-thirds}}\n"
                           "initial: {profile: random, peak: 3, slope: 8, energy: 0.5 m2 s-2, layer: 1}\n"
                           "time: {scheme: rk4, step: 0.005 s, end: 100 s}\n"
                           "output: {series: {every: 1 s}}\n";

static const char *const invariants[] = {"energy", "enstrophy-1", "enstrophy-2"};
enum { COUNT = 3 };

/* What is lost of each in a time of 2. */
static void lose(const char *scheme, double step, double lost[COUNT])
{
    solve("invariants", deck, scheme, set_number("time.step", step), set_steps(lrint(2 / step)), NULL);
    for (int i = 0; i < COUNT; i++) lost[i] = drift_of("invariants", invariants[i]);
}

static void check_order(const char *scheme, double step, double order)
{
    double coarse[COUNT], fine[COUNT];
    lose(scheme, step, coarse);
    lose(scheme, step / 2, fine);
    for (int i = 0; i < COUNT; i++) {
        const double measured = log2(coarse[i] / fine[i]);
        if (!(measured > order - 0.25))
            fprintf(stderr, "\n%s, %s: %g, %g, order %g\n", scheme, invariants[i], coarse[i], fine[i], measured);
        CU_ASSERT(measured > order - 0.25);
    }
}

/* At least: the first error of rk4 in quadratic invariants is of order 5, one more than its own. */
TEST(energy_and_enstrophy_drift_at_the_order_of_the_scheme)
{
    check_order("time.scheme=ssp-rk3", 0.02, 3);
    check_order("time.scheme=ab3", 0.008, 3);
    check_order("time.scheme=rk4", 0.02, 4);
}

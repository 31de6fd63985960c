/* Quasi-geostrophy: a Rossby wave alone solves the nonlinear equations, and moves at omega = -beta k / (K^2 + 1 / Rd^2)
 * (Vallis 2017, sec. 6.4), to the order of the scheme in time. */
#include "qg.h"

static const char deck[] =
    "app: qg\n"
    "grid: {cells: [16, 16], extent: [2000 km, 2000 km], boundary: [periodic, periodic]}\n"
    "physics: {model: equivalent-barotropic, deformation-radius: 200 km, coriolis: {beta: 2e-11 m-1 s-1},\n"
    "          filter: {kind: none}}\n"
    "initial: {profile: wave, amplitude: 10000 m2 s-1, waves: [2, 1]}\n"
    "time: {scheme: rk4, step: 1 day, end: 100 years}\n"
    "output: {snapshots: {every: 1000000 steps, fields: [psi]}}\n";

static const double length = 2e6, seconds = 60 * 86400.0;

/* The largest difference from the exact wave after 60 days in `steps` steps, as a fraction of its amplitude. */
static double error_of(const char *scheme, const char *start, long steps)
{
    solve("wave", deck, scheme, start, set_number("time.step", seconds / (double)steps), set_steps(steps),
          set_snapshots(steps), NULL);
    array psi = read_record("wave", "psi", -1);
    const double k = 2 * M_PI * 2 / length, l = 2 * M_PI / length;
    const double omega = -2e-11 * k / (k * k + l * l + 1 / (2e5 * 2e5));
    double most = 0;
    for (long y = 0; y < psi.ny; y++)
        for (long x = 0; x < psi.nx; x++) {
            const double at_x = ((double)x + 0.5) * length / 16, at_y = ((double)y + 0.5) * length / 16;
            most = fmax(most, fabs(at(psi, x, y) / 1e4 - cos(k * at_x + l * at_y - omega * seconds)));
        }
    free(psi.values);
    return most;
}

static void check_order(const char *scheme, const char *start, double order, long steps)
{
    const double coarse = error_of(scheme, start, steps), fine = error_of(scheme, start, 2 * steps);
    if (!(fabs(log2(coarse / fine) - order) < 0.1)) fprintf(stderr, "\n%s: %g, %g\n", scheme, coarse, fine);
    CU_ASSERT_DOUBLE_EQUAL(log2(coarse / fine), order, 0.1);
    CU_ASSERT(fine < 1e-3);
}

TEST(a_rossby_wave_keeps_its_phase_to_the_order_of_the_scheme)
{
    check_order("time.scheme=rk4", "time.start=rk3", 4, 100);
    check_order("time.scheme=ssp-rk3", "time.start=rk3", 3, 200);
    check_order("time.scheme=ab3", "time.start=rk3", 3, 800);
}

/* Shallow water: Poincare waves on an f-plane follow the dispersion relation of the C-grid (Arakawa & Lamb, Mon. Wea.
 * Rev. 109 (1981) 18): omega^2 = F^2 + g H (K^2 + L^2) with K = 2/dx sin(k dx/2), F = f cos(k dx/2) cos(l dy/2). */
#include <complex.h>

#include "solve.h"

static const char wave[] = "app: shallow-water\n"
                           "grid: {cells: [32, 24], extent: [1000 km, 900 km], boundary: [periodic, periodic]}\n"
                           "physics: {depth: 100 m, momentum: linear, coriolis: {f0: 1e-4 s-1}}\n"
                           "initial: {profile: poincare-wave, amplitude: 1 m, waves: [3, 2]}\n"
                           "time: {scheme: ssp-rk3, end: 10 years}\n"
                           "output: {snapshots: {every: 1000000 steps}}\n";

static double frequency(void)
{
    const double g = 9.81, depth = 100, f = 1e-4, dx = 1000e3 / 32, dy = 900e3 / 24;
    const double k = 2 * M_PI * 3 / 1000e3, l = 2 * M_PI * 2 / 900e3;
    const double big_k = 2 / dx * sin(k * dx / 2), big_l = 2 / dy * sin(l * dy / 2);
    const double big_f = f * cos(k * dx / 2) * cos(l * dy / 2);
    return sqrt(big_f * big_f + g * depth * (big_k * big_k + big_l * big_l));
}

/* How far the phase is from where it should be after 20 whole periods, relative to the distance it went. */
static double phase_error(const char *name, const char *scheme, long steps_a_period)
{
    const double dt = 2 * M_PI / frequency() / (double)steps_a_period;
    solve(name, wave, scheme, set_number("time.step", dt), set_steps(20 * steps_a_period),
          set_snapshots(20 * steps_a_period), NULL);
    array eta = read_record(name, "eta", -1);
    double complex sum = 0;
    for (long y = 0; y < eta.ny; y++)
        for (long x = 0; x < eta.nx; x++)
            sum += at(eta, x, y) * cexp(-I * 2 * M_PI * (3 * (x + 0.5) / 32 + 2 * (y + 0.5) / 24));
    free(eta.values);
    return carg(sum) / (20 * 2 * M_PI);
}

TEST(the_phase_after_many_periods_follows_the_discrete_relation)
{
    const double coarse = phase_error("rk3-coarse", "time.scheme=ssp-rk3", 100);
    const double fine = phase_error("rk3-fine", "time.scheme=ssp-rk3", 200);
    CU_ASSERT(fabs(fine) < 1e-6);
    CU_ASSERT(coarse / fine > 8 * 0.9); /* third order at least */
    CU_ASSERT(fabs(phase_error("rk4", "time.scheme=rk4", 100)) < 1e-6);
}

/* Shallow water: the scheme of Sadourny (J. Atmos. Sci. 32 (1975) 680) that conserves energy, and the one that
 * conserves potential enstrophy, do so but for the time step: with no forcing and no friction the drift falls at the
 * order of the time stepper. */
#include "solve.h"

static const char bump[] = "app: shallow-water\n"
                           "grid: {cells: [48, 40], extent: [480 km, 400 km], boundary: [periodic, periodic]}\n"
                           "physics: {depth: 100 m, coriolis: {f0: 1e-4 s-1}}\n"
                           "initial: {profile: vortex, amplitude: 5 m, width: 50 km, centre: [200 km, 220 km]}\n"
                           "time: {end: 1 year}\n"
                           "output: {series: {every: 1 steps}}\n";

/* The relative change of energy, or of enstrophy, over 38400 s. */
static double drift(const char *name, const char *momentum, const char *scheme, long steps)
{
    solve(name, bump, momentum, scheme, set_number("time.step", 38400.0 / (double)steps), set_steps(steps),
          set_series(steps), NULL);
    const bool is_energy = strstr(momentum, "energy");
    array a = read_series(name, "series.nc", is_energy ? "kinetic-energy" : "potential-enstrophy");
    array b = read_series(name, "series.nc", "potential-energy");
    double first = a.values[0], last = a.values[a.nx - 1];
    if (is_energy) first += b.values[0], last += b.values[b.nx - 1];
    free(a.values);
    free(b.values);
    return fabs(last - first) / first;
}

static void check_drift(const char *name, const char *momentum, const char *scheme, double order)
{
    const double coarse = drift(name, momentum, scheme, 960), fine = drift(name, momentum, scheme, 1920);
    const double measured = log2(coarse / fine);
    if (!(measured > order - 0.3)) fprintf(stderr, "\n%s: drift %g, then %g: order %g\n", name, coarse, fine, measured);
    CU_ASSERT(measured > order - 0.3);
    CU_ASSERT(fine < 1e-5);
}

TEST(energy_drifts_at_the_order_of_the_time_stepper_only)
{
    check_drift("energy-rk3", "physics.momentum=energy", "time.scheme=ssp-rk3", 3);
    check_drift("energy-ab3", "physics.momentum=energy", "time.scheme=ab3", 3);
}

TEST(potential_enstrophy_drifts_at_the_order_of_the_time_stepper_only)
{
    check_drift("enstrophy-rk3", "physics.momentum=enstrophy", "time.scheme=ssp-rk3", 3);
    check_drift("enstrophy-ab3", "physics.momentum=enstrophy", "time.scheme=ab3", 3);
}

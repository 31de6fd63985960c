/* Shallow water: geostrophic adjustment of a step (Gill, Atmosphere-Ocean Dynamics (1982), sec. 7.2). After the waves
 * have left, eta = eta0 sign(x) (1 - exp(-|x|/Rd)) with Rd = sqrt(g H)/f = 626.418 km, and a third of the potential
 * energy released is kinetic. */
#include "solve.h"

static const char step[] = "app: shallow-water\n"
                           "grid: {cells: [1200, 2], extent: [48000 km, 80 km], boundary: [wall, periodic]}\n"
                           "physics: {depth: 400 m, momentum: linear, coriolis: {f0: 1e-4 s-1}}\n"
                           "initial: {profile: step, amplitude: 1 m}\n"
                           "time: {scheme: ssp-rk3, step: 200 s, end: 660000 s}\n"
                           "output: {snapshots: {every: 10 steps}}\n";

static const double g = 9.81, depth = 400, f = 1e-4, spacing = 40e3;

/* The mean over the records between ft = 30 and ft = 65, weighted by a window (Hann) that removes what is left of the
 * inertial oscillations. The front that the walls send back is 10 Rd from the step again at ft = (48000 km - 10 Rd) f/c
 * = 66. */
static array settled(const char *variable)
{
    array time = read_series("step", "snapshots.nc", "time"), mean = {0};
    double weights = 0;
    for (long r = 0; r < time.nx; r++) {
        const double s = (f * time.values[r] - 30) / 35;
        if (s <= 0 || s >= 1) continue;
        array a = read_record("step", variable, r);
        if (!mean.values) {
            mean = a;
            mean.values = calloc((size_t)(a.nx * a.ny), sizeof *a.values);
        }
        const double weight = sin(M_PI * s) * sin(M_PI * s);
        for (long i = 0; i < a.nx * a.ny; i++) mean.values[i] += weight * a.values[i];
        weights += weight;
        free(a.values);
    }
    for (long i = 0; i < mean.nx * mean.ny; i++) mean.values[i] /= weights;
    free(time.values);
    return mean;
}

static double square(double a)
{
    return a * a;
}

TEST(a_step_adjusts_to_geostrophic_balance)
{
    solve("step", step, NULL);
    array eta = settled("eta"), v = settled("v");
    const double radius = sqrt(g * depth) / f;
    CU_ASSERT_DOUBLE_EQUAL(radius, 626.418e3, 1);
    double kinetic = 0, released = 0;
    for (long i = 0; i < eta.nx; i++) {
        const double x = ((double)i + 0.5 - 600) * spacing;
        if (fabs(x) > 10 * radius) continue;
        const double expected = copysign(1 - exp(-fabs(x) / radius), x);
        CU_ASSERT_DOUBLE_EQUAL(at(eta, i, 0), expected, 0.02);
        kinetic += 0.5 * depth * square(at(v, i, 0));
        released += 0.5 * g * (1 - square(at(eta, i, 0)));
    }
    CU_ASSERT_DOUBLE_EQUAL(kinetic / released, 1.0 / 3, 0.02 / 3);
    free(eta.values);
    free(v.values);
}

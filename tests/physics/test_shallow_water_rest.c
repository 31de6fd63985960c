/* Shallow water: rest stays rest, and nothing is lost: volume, tracer. */
#include "solve.h"

static const char closed_basin[] =
    "app: shallow-water\n"
    "grid: {cells: [40, 30], extent: [400 km, 300 km], boundary: [wall, wall]}\n"
    "physics:\n"
    "  depth: 1000 m\n"
    "  coriolis: {f0: 1e-4 s-1, beta: 2e-11 m-1 s-1}\n"
    "  bathymetry: {profile: seamount, height: 600 m, width: 50 km, centre: [150 km, 120 km]}\n"
    "  mask: {profile: island, radius: 40 km, centre: [270 km, 180 km]}\n"
    "  viscosity: 100 m2 s-1\n"
    "  hyperviscosity: 1e9 m4 s-1\n"
    "  drag: {linear: 1e-6 s-1, quadratic: 0.003}\n"
    "  tracer: {profile: uniform, diffusivity: 50 m2 s-1}\n"
    "time: {step: 30 s, end: 1 year}\n"
    "output:\n"
    "  series: {every: 20 steps}\n"
    "  snapshots: {every: 100 steps, fields: [eta, u, v, concentration, vorticity]}\n";

static void check_rest(const char *name, const char *momentum, const char *scheme)
{
    solve(name, closed_basin, momentum, scheme, "--steps=100", NULL);
    const char *const fields[] = {"eta", "u", "v", "vorticity"};
    for (int i = 0; i < 4; i++) {
        array a = read_record(name, fields[i], -1);
        CU_ASSERT_EQUAL(largest(a), 0);
        free(a.values);
    }
}

TEST(rest_over_any_depth_stays_exactly_zero)
{
    check_rest("rest-energy", "physics.momentum=energy", "time.scheme=ssp-rk3");
    check_rest("rest-enstrophy", "physics.momentum=enstrophy", "time.scheme=ab3");
    check_rest("rest-linear", "physics.momentum=linear", "time.scheme=leapfrog");
}

/* The largest change of a series, relative to `scale`. */
static double drift(const char *name, const char *variable, double scale)
{
    array a = read_series(name, "series.nc", variable);
    double most = 0;
    for (long i = 0; i < a.nx; i++) most = fmax(most, fabs(a.values[i] - a.values[0]));
    free(a.values);
    return most / scale;
}

static void check_conserved(const char *name, const char *momentum, const char *advection)
{
    solve(name, closed_basin, momentum, advection, "initial.profile=tilt", "initial.amplitude=10", "--steps=400", NULL);
    const double basin = 400e3 * 300e3;
    CU_ASSERT(drift(name, "volume", 10 * basin) < 1e-15);
    CU_ASSERT(drift(name, "tracer-content", 1000 * basin) < 1e-15);
    array c = read_record(name, "concentration", -1), u = read_record(name, "u", -1);
    CU_ASSERT(largest(u) > 0.1);
    double off = 0;
    for (long i = 0; i < c.nx * c.ny; i++) off = fmax(off, fabs(c.values[i] - 1));
    CU_ASSERT(off < 1e-13);
    free(c.values);
    free(u.values);
}

TEST(a_tilted_start_keeps_its_volume_and_a_uniform_tracer_stays_uniform)
{
    check_conserved("tilt-energy", "physics.momentum=energy", "physics.tracer.advection=centred");
    check_conserved("tilt-enstrophy", "physics.momentum=enstrophy", "physics.tracer.advection=upwind");
}

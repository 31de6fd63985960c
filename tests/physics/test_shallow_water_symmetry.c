/* Shallow water: on an f-plane a problem turned by 90 degrees gives the turned fields, a mirrored one (with f of the
 * other sign) the mirrored fields, to 1e-12 of the maximum. */
#include "solve.h"

enum { N = 40 };

static const char box[] =
    "app: shallow-water\n"
    "grid: {cells: [40, 40], extent: [400 km, 400 km], origin: [-200 km, -200 km], boundary: [wall, wall]}\n"
    "physics:\n"
    "  depth: 100 m\n"
    "  coriolis: {f0: 1e-4 s-1}\n"
    "  viscosity: 200 m2 s-1\n"
    "  hyperviscosity: 1e9 m4 s-1\n"
    "  drag: {linear: 1e-6 s-1, quadratic: 0.01}\n"
    "  mask: {profile: island, radius: 35 km, centre: [0 km, 0 km], slip: no-slip}\n"
    "initial: {profile: bump, amplitude: 15 m, width: 40 km}\n"
    "time: {step: 100 s, end: 1 year}\n"
    "output: {snapshots: {every: 300 steps}}\n";

static array state(const char *name, const char *momentum, const char *centre, const char *f0)
{
    char places[2][128];
    snprintf(places[0], sizeof places[0], "initial.centre=%s", centre);
    snprintf(places[1], sizeof places[1], "physics.coriolis.f0=%s", f0);
    solve(name, box, momentum, places[0], places[1], "grid.boundary=[{wall: no-slip}, {wall: no-slip}]", "--steps=300",
          NULL);
    return read_record(name, "eta", -1);
}

static void check_symmetry(const char *momentum)
{
    array a = state("as-is", momentum, "[80 km, 30 km]", "1e-4 s-1");
    array turned = state("turned", momentum, "[-30 km, 80 km]", "1e-4 s-1"); /* (x, y) -> (-y, x) */
    array mirrored = state("mirrored", momentum, "[-80 km, 30 km]", "-1e-4 s-1");
    array u = read_record("as-is", "u", -1), v_turned = read_record("turned", "v", -1);
    const double most = largest(a), fastest = largest(u);
    CU_ASSERT(most > 0.1 && fastest > 0.1);
    for (int y = 0; y < N; y++)
        for (int x = 0; x < N; x++) {
            CU_ASSERT(fabs(at(turned, N - 1 - y, x) - at(a, x, y)) < 1e-12 * most);
            CU_ASSERT(fabs(at(mirrored, N - 1 - x, y) - at(a, x, y)) < 1e-12 * most);
            CU_ASSERT(fabs(at(v_turned, N - 1 - y, x) - at(u, x, y)) < 1e-12 * fastest);
        }
    free(a.values), free(turned.values), free(mirrored.values), free(u.values), free(v_turned.values);
}

TEST(a_problem_turned_or_mirrored_gives_the_turned_or_mirrored_fields)
{
    check_symmetry("physics.momentum=energy");
    check_symmetry("physics.momentum=enstrophy");
}

/* Quasi-geostrophy: forcing, tracers, drifters, topography and many layers, against what is known exactly of each. */
#include "qg.h"

/* ---- forcing ---- */

static const char forced[] =
    "app: qg\n"
    "grid: {cells: [64, 64], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
    "physics: {model: two-layer, deformation-radius: 0.3 m, thickness-ratio: 0.5, filter: {kind: none},\n"
    "          forcing: {injection: 1e-3 m2 s-3, wavenumber: 10 rad m-1, width: 2 rad m-1, layer: 2}}\n"
    "time: {scheme: ab3, start: euler, step: 1e-4 s, end: 1000 s}\n"
    "output: {series: {every: 1 steps}}\n";

/* From rest, one step brings in injection x dt, whatever the phases: the products of the first increment are of order
 * sqrt(dt) smaller than itself and do no work. */
TEST(one_step_of_forcing_brings_in_its_energy_exactly)
{
    const char *const layers[] = {"physics.forcing.layer=1", "physics.forcing.layer=2"};
    for (int i = 0; i < 2; i++) {
        solve("one", forced, layers[i], "--steps=1", NULL);
        check_near("energy", last_of("one", "energy"), 1e-7, 1e-9);
    }
}

/* In many steps the phases of 248 / 2 wavenumbers make the energy fluctuate by 1 / sqrt(124) = 9 %. */
TEST(many_steps_bring_in_the_mean)
{
    solve("many", forced, "--steps=400", set_series(400), NULL);
    check_near("energy", last_of("many", "energy"), 400e-7, 0.25);
}

TEST(other_seeds_give_other_phases)
{
    solve("one", forced, "--steps=3", "output.snapshots={every: 1 steps, fields: [q]}", NULL);
    solve("other", forced, "--steps=3", "output.snapshots={every: 1 steps, fields: [q]}", "run.seed=2", NULL);
    array a = read_record("one", "q", -1), b = read_record("other", "q", -1);
    CU_ASSERT(largest_difference(a, b) > 0.5 * largest(a));
    free(a.values);
    free(b.values);
}

/* ---- shapes ---- */

/* The plane has no edges: a vortex around a corner of the box is the one in its middle, moved. */
TEST(a_vortex_at_a_corner_is_whole)
{
    static const char vortex[] = "app: qg\n"
                                 "grid: {cells: [32, 24], extent: [640 km, 480 km], boundary: [periodic, periodic]}\n"
                                 "initial: {profile: vortex, width: 60 km, amplitude: 1e4}\n"
                                 "time: {scheme: ab3, step: 1 s, end: 1 s}\n"
                                 "output: {series: {every: 1 steps}, snapshots: {every: 1 steps, fields: [q]}}\n";
    solve("middle", vortex, NULL);
    solve("corner", vortex, "initial.centre=[0 km, 480 km]", NULL);
    array middle = read_record("middle", "q", 0), corner = read_record("corner", "q", 0);
    CU_ASSERT(largest(middle) > 0);
    for (long y = 0; y < 24; y++)
        for (long x = 0; x < 32; x++)
            CU_ASSERT_DOUBLE_EQUAL(corner.values[(y + 12) % 24 * 32 + (x + 16) % 32], middle.values[y * 32 + x],
                                   1e-13 * largest(middle));
    free(middle.values);
    free(corner.values);
}

/* ---- tracers ---- */

static const char carried[] =
    "app: qg\n"
    "grid: {cells: [32, 16], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
    "physics: {flow: 0.7 m s-1, tracers: [{profile: stripes, waves: [2, 3], diffusivity: 0.05 m2 s-1},\n"
    "                                     {profile: half}]}\n"
    "time: {scheme: rk4, step: 0.01 s, end: 2 s}\n"
    "output: {snapshots: {every: 2 s, fields: [tracer1, tracer2]}}\n";

/* cos(k (x - U t) + l y) exp(-kappa K^2 t) */
TEST(a_tracer_is_carried_by_the_mean_flow_and_diffuses)
{
    solve("carried", carried, NULL);
    array c = read_record("carried", "tracer1", -1), half = read_record("carried", "tracer2", -1);
    double error = 0, mean = 0;
    for (long y = 0; y < 16; y++)
        for (long x = 0; x < 32; x++) {
            const double phase =
                2 * (2 * M_PI * ((double)x + 0.5) / 32 - 0.7 * 2) + 3 * 2 * M_PI * ((double)y + 0.5) / 16;
            error = fmax(error, fabs(at(c, x, y) - exp(-0.05 * 13 * 2) * cos(phase)));
            mean += at(half, x, y) / 512;
        }
    CU_ASSERT(error < 1e-8);
    CU_ASSERT_DOUBLE_EQUAL(mean, 0.5, 1e-14);
    free(c.values);
    free(half.values);
}

/* ---- drifters ---- */

static const char drifting[] =
    "app: qg\n"
    "grid: {cells: [32, 32], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
    "physics: {drifters: {count: 25}, filter: {kind: none}}\n"
    "initial: {profile: wave, amplitude: 0.5 m2 s-1, waves: [2, 0]}\n"
    "time: {scheme: ab3, step: 0.01 s, end: 100 s}\n"
    "output: {snapshots: {every: 500 steps, fields: [u], tables: [drifters]}}\n";

/* A wave psi = A cos(k x) at rest: drifters go along y with v = -A k sin(k x), but for the interpolation, whose error
 * is at most 3/128 (k dx)^4 of it, 500 steps of 0.01 s and more than once through the box. */
TEST(drifters_follow_a_steady_shear)
{
    solve("drifting", drifting, "--steps=500", NULL);
    array x0 = read_record("drifting", "drifters_x", 0), x = read_record("drifting", "drifters_x", -1);
    array y0 = read_record("drifting", "drifters_y", 0), y = read_record("drifting", "drifters_y", -1);
    CU_ASSERT_EQUAL_FATAL(x.nx, 25);
    double error = 0, farthest = 0;
    for (long i = 0; i < 25; i++) {
        error = fmax(error, fabs(y.values[i] - y0.values[i] + 0.5 * 2 * sin(2 * x0.values[i]) * 5));
        farthest = fmax(farthest, fabs(y.values[i] - y0.values[i]));
    }
    CU_ASSERT(largest_difference(x, x0) < 1e-12);
    CU_ASSERT(error < 3.0 / 128 * pow(2 * 2 * M_PI / 32, 4) * 5);
    CU_ASSERT(farthest > 4);
    free(x0.values), free(x.values), free(y0.values), free(y.values);
}

/* How far psi = -cos x - cos y of the drifters strays in 5 s at rest: they are to stay on its lines. */
static double straying(const char *step, const char *steps)
{
    solve("eddies", drifting, "initial.profile=waves", "initial.waves=[1, 1]", "initial.ripple=[1, 1]",
          "physics.filter.kind=two-thirds", "time.scheme=rk4", "output.snapshots.every=1 steps", step, steps, NULL);
    array x0 = read_record("eddies", "drifters_x", 0), x = read_record("eddies", "drifters_x", -1);
    array y0 = read_record("eddies", "drifters_y", 0), y = read_record("eddies", "drifters_y", -1);
    double most = 0;
    for (long i = 0; i < 25; i++)
        most = fmax(most, fabs(cos(x.values[i]) + cos(y.values[i]) - cos(x0.values[i]) - cos(y0.values[i])));
    free(x0.values), free(x.values), free(y0.values), free(y.values);
    return most;
}

/* Half the step makes at least a quarter of the error; Euler's would halve. */
TEST(drifters_stay_on_the_lines_of_a_steady_flow_to_second_order)
{
    const double whole = straying("time.step=0.125 s", "--steps=40"),
                 half = straying("time.step=0.0625 s", "--steps=80");
    printf("psi strays by %.2e and %.2e ", whole, half);
    CU_ASSERT(half > 0 && whole / half > 3.5);
}

TEST(drifters_go_with_the_mean_flow_under_any_scheme)
{
    const char *const schemes[] = {"time.scheme=ab3", "time.scheme=rk4", "time.scheme=low-storage-rk3"};
    for (int i = 0; i < 3; i++) {
        solve("mean", drifting, schemes[i], "initial.profile=rest", "physics.flow=0.3 m s-1",
              "physics.drifters.arrangement=random", "--steps=500", NULL);
        array x0 = read_record("mean", "drifters_x", 0), x = read_record("mean", "drifters_x", -1);
        for (long j = 0; j < 25; j++) CU_ASSERT_DOUBLE_EQUAL(x.values[j] - x0.values[j], 0.3 * 5, 1e-12);
        CU_ASSERT(fabs(x0.values[0] - x0.values[1]) > 1e-3);
        free(x0.values), free(x.values);
    }
}

/* ---- topography, and many layers ---- */

static const char hilly[] =
    "app: qg\n"
    "grid: {cells: [32, 32], extent: [" TWO_PI ", " TWO_PI "], boundary: [periodic, periodic]}\n"
    "physics: {model: layers, thickness: [1 m, 2 m, 3 m], deformation-radius: [0.4 m, 0.5 m],\n"
    "          coriolis: {f0: 1, beta: 0.5}, filter: {kind: two-thirds},\n"
    "          topography: {profile: seamount, height: 1 m, width: 0.8 m}}\n"
    "initial: {profile: random, peak: 3, slope: 8, energy: 0.5 m2 s-2}\n"
    "time: {scheme: rk4, step: 0.01 s, end: 100 s}\n"
    "output: {series: {every: 1 s}}\n";

static double energy_drift(double step)
{
    solve("hilly", hilly, set_number("time.step", step), set_steps(lrint(2 / step)), NULL);
    return drift_of("hilly", "energy");
}

/* A bottom takes no energy, but it does exchange enstrophy with the lowest layer. */
TEST(three_layers_over_a_seamount_keep_their_energy_to_the_order_of_the_scheme)
{
    const double coarse = energy_drift(0.02);
    const double fine = energy_drift(0.01);
    CU_ASSERT(log2(coarse / fine) > 3.75);
    CU_ASSERT(drift_of("hilly", "enstrophy-3") > 1e-3);
}

TEST(energy_is_that_of_the_modes_together)
{
    const double modes =
        last_of("hilly", "mode-energy-0") + last_of("hilly", "mode-energy-1") + last_of("hilly", "mode-energy-2");
    check_near("sum over modes", modes, last_of("hilly", "energy"), 1e-12);
}

/* ---- output ---- */

TEST(without_a_list_of_fields_the_physical_ones_are_written)
{
    solve("fields", hilly, "--steps=2", "output.snapshots={every: 1 steps}", NULL);
    const char *const names[] = {"q", "psi", "u", "v"};
    for (int i = 0; i < 4; i++) {
        array a = read_record("fields", names[i], -1);
        CU_ASSERT_EQUAL(a.nx * a.ny, 3 * 32 * 32);
        CU_ASSERT(largest(a) > 0.1);
        free(a.values);
    }
}

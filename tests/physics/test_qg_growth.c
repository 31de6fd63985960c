/* Quasi-geostrophy: linear baroclinic instability of two layers in shear.
 *
 * Phillips, Tellus 6 (1954) 273, and Vallis, Atmospheric and Oceanic Fluid Dynamics (2017), sec. 9.6: without beta,
 * with equal layers and the deformation radius rd, the largest growth rate is (sqrt 2 - 1) / 2 U / rd, at K rd =
 * 0.643594. The other case is that of inputs/qg/linear_growth.yaml: of waves along x in its box the one with 7
 * wavelengths grows fastest, at 1.6800085062e-7 s-1, which is the eigenvalue of the 2 x 2 problem. */
#include "qg.h"

static const char deck[] = "app: qg\n"
                           "grid: {cells: [32, 8], extent: [1000 km, 1000 km], boundary: [periodic, periodic]}\n"
                           "physics:\n"
                           "  model: two-layer\n"
                           "  thickness-ratio: 0.25\n"
                           "  deformation-radius: 15 km\n"
                           "  coriolis: {beta: 1.5e-11 m-1 s-1}\n"
                           "  flow: [0.025 m s-1, 0 m s-1]\n"
                           "initial: {profile: waves, ripple: [1e-16 s-1, 0 s-1], waves: [7, 1], layer: 1}\n"
                           "time: {scheme: rk4, step: 12 hours, end: 10 years}\n"
                           "output: {series: {every: 10 days}}\n";

/* The slope of ln(kinetic energy) / 2 over the second half of a run, by least squares. */
static double fitted_rate(const char *name)
{
    array time = read_series(name, "series.nc", "time"), energy = read_series(name, "series.nc", "kinetic-energy-1");
    double t = 0, e = 0, tt = 0, te = 0;
    const long from = time.nx / 2, count = time.nx - from;
    for (long i = from; i < time.nx; i++) t += time.values[i], e += log(energy.values[i]) / 2;
    for (long i = from; i < time.nx; i++) {
        const double dt = time.values[i] - t / (double)count;
        tt += dt * dt;
        te += dt * (log(energy.values[i]) / 2 - e / (double)count);
    }
    free(time.values);
    free(energy.values);
    return te / tt;
}

TEST(the_fastest_wave_on_a_beta_plane_grows_at_its_eigenvalue)
{
    solve("beta", deck, "time.end=1500 days", NULL);
    check_near("slope of ln(EKE) / 2", fitted_rate("beta"), 1.6800085062e-7, 1e-3);
    check_near("growth-rate", last_of("beta", "growth-rate"), 1.6800085062e-7, 1e-3);
}

/* The size of the wave with `k` wavelengths along x and none along y in the upper layer of a record of psi. */
static double size_of_wave(const char *name, long record, int k)
{
    array psi = read_record(name, "psi", record);
    double real = 0, imaginary = 0;
    for (long i = 0; i < psi.nx * psi.ny / 2; i++) {
        const double angle = 2 * M_PI * k * (double)(i % psi.nx) / (double)psi.nx;
        real += psi.values[i] * cos(angle), imaginary -= psi.values[i] * sin(angle);
    }
    free(psi.values);
    return sqrt(real * real + imaginary * imaginary);
}

/* All waves grow, each by itself as long as they are tiny; the neighbours of the fastest almost as fast as it does, so
 * that the energy of all waves together is no measure of its rate. */
TEST(out_of_noise_the_fastest_wave_grows_at_its_eigenvalue)
{
    solve("noise", deck, "initial.profile=random", "initial.slope=0", "initial.layer=0", "initial.energy=1e-24 m2 s-2",
          "grid.cells=[32, 32]", "output.snapshots={every: 100 days, fields: [psi]}", "time.end=1500 days", NULL);
    array time = read_series("noise", "snapshots.nc", "time");
    const long last = time.nx - 1;
    const double growth = log(size_of_wave("noise", last, 7) / size_of_wave("noise", 8, 7));
    check_near("growth of wave 7", growth / (time.values[last] - time.values[8]), 1.6800085062e-7, 1e-3);
    CU_ASSERT(size_of_wave("noise", last, 7) > size_of_wave("noise", last, 3));
    free(time.values);
}

TEST(its_neighbours_grow_more_slowly)
{
    solve("six", deck, "time.end=1500 days", "initial.waves=[6, 1]", NULL);
    solve("eight", deck, "time.end=1500 days", "initial.waves=[8, 1]", NULL);
    CU_ASSERT(fitted_rate("six") < 1.68e-7 && fitted_rate("six") > 1e-7);
    CU_ASSERT(fitted_rate("eight") < 1.68e-7 && fitted_rate("eight") > 1e-7);
}

/* One wavelength with K rd = 0.643594 along x: rd = 0.643594 / (2 pi) of the length. */
TEST(phillips_equal_layers_grow_at_their_largest_rate)
{
    const double rd = 0.643594 / (2 * M_PI) * 1e6;
    solve("phillips", deck, "physics.thickness-ratio=1", set_number("physics.deformation-radius", rd),
          "physics.coriolis.beta=0", "initial.waves=[1, 1]", "time.step=12 hours", "time.end=4000 days", NULL);
    check_near("slope of ln(EKE) / 2", fitted_rate("phillips"), (sqrt(2) - 1) / 2 * 0.025 / rd, 1e-3);
}

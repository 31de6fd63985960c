/* Shallow water: a basin cut out of land by a mask file is the basin with walls, free-slip and no-slip. */
#include "solve.h"

enum { N = 32, RIM = 4, ALL = N + 2 * RIM };

static const char basin[] =
    "app: shallow-water\n"
    "physics:\n"
    "  depth: 100 m\n"
    "  coriolis: {f0: 1e-4 s-1}\n"
    "  viscosity: 500 m2 s-1\n"
    "  hyperviscosity: 1e10 m4 s-1\n"
    "  drag: {quadratic: 0.01}\n"
    "  tracer: {profile: blob, width: 40 km, centre: [30 km, -20 km], diffusivity: 500 m2 s-1}\n"
    "initial: {profile: bump, amplitude: 15 m, width: 40 km, centre: [-50 km, 20 km]}\n"
    "time: {step: 100 s, end: 1 year}\n"
    "output: {snapshots: {every: 200 steps, fields: [eta, u, v, concentration]}}\n";

/* Sea amid a rim of land, one value a cell. */
static const char *write_mask(void)
{
    double mask[ALL][ALL] = {0};
    for (int y = RIM; y < RIM + N; y++)
        for (int x = RIM; x < RIM + N; x++) mask[y][x] = 1;
    const char *path = test_path("mask.h5");
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(2, (hsize_t[]){ALL, ALL}, NULL);
    const hid_t set = H5Dcreate2(file, "mask", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    CU_ASSERT_FATAL(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, mask) >= 0);
    H5Dclose(set);
    H5Sclose(space);
    H5Fclose(file);
    return path;
}

/* Compares a field of both runs on the basin; `faces` are one more along a dimension. */
static void check_field(const char *variable, int faces_x, int faces_y)
{
    array walls = read_record("walls", variable, -1), land = read_record("land", variable, -1);
    const double most = largest(walls);
    double off = 0;
    CU_ASSERT(most > 0.01);
    for (int y = 0; y < N + faces_y; y++)
        for (int x = 0; x < N + faces_x; x++) off = fmax(off, fabs(at(walls, x, y) - at(land, x + RIM, y + RIM)));
    if (off >= 1e-11 * most) fprintf(stderr, "\n%s: %g of %g\n", variable, off, most);
    CU_ASSERT(off < 1e-11 * most);
    free(walls.values);
    free(land.values);
}

static void check_slip(const char *slip)
{
    char boundary[96], coast[64], mask[300];
    snprintf(boundary, sizeof boundary, "grid.boundary=[{wall: %s}, {wall: %s}]", slip, slip);
    snprintf(coast, sizeof coast, "physics.mask.slip=%s", slip);
    snprintf(mask, sizeof mask, "physics.mask.file=%s", write_mask());
    solve("walls", basin, "grid.cells=[32, 32]", "grid.extent=[320 km, 320 km]", "grid.origin=[-160 km, -160 km]",
          boundary, "--steps=200", NULL);
    solve("land", basin, "grid.cells=[40, 40]", "grid.extent=[400 km, 400 km]", "grid.origin=[-200 km, -200 km]", coast,
          mask, "grid.boundary=[periodic, wall]", "--steps=200", NULL);
    check_field("eta", 0, 0);
    check_field("u", 1, 0);
    check_field("v", 0, 1);
    check_field("concentration", 0, 0);
}

TEST(a_basin_within_land_is_the_basin_within_walls)
{
    check_slip("free-slip");
    check_slip("no-slip");
}

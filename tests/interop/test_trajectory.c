/* H5MD trajectories as MDAnalysis and h5py see them. Skipped where they are not installed. */
#include <math.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "particles/h5md.h"
#include "support/test.h"

#define PYTHON "/usr/bin/python3"

/* Runs Python on `script`, which finds the file's path in sys.argv[1]. @return whether it ended well */
static bool python(const char *script, const char *path)
{
    FILE *file = fopen(test_path("script.py"), "w");
    char command[1024];
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(script, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    snprintf(command, sizeof command, PYTHON " -W ignore %s %s", test_path("script.py"), path);
    const int code = system(command);
    return WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

static bool has_module(const char *name)
{
    char command[256];
    snprintf(command, sizeof command, PYTHON " -W ignore -c 'import %s' 2>/dev/null", name);
    if (system(command) == 0) return true;
    printf("\n  (%s is not there: skipped) ", name);
    return false;
}

/* Three frames of 20 atoms whose positions, box and images the scripts know how to compute. */
static void write_trajectory(const char *path, const pel_unit_system *units, bool is_single, bool has_force)
{
    enum { N = 20 };
    double energy = 0;
    const pel_h5md_observable observable = {"energy", "eV", &energy};
    const pel_h5md_spec spec = {.units = units,
                                .author = "A. U. Thor",
                                .creator_version = "0.1",
                                .has_velocity = true,
                                .has_image = true,
                                .has_force = has_force,
                                .is_single = is_single,
                                .observables = &observable,
                                .observable_count = 1,
                                .deflate = 4};
    double force[N][3] = {{0}};
    pel_configuration atoms = {.box = {.is_periodic = {true, true, false}}};
    pel_h5md *trajectory = NULL;
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    atoms.mass[0] = 39.95;
    atoms.mass[1] = 83.8;
    for (int i = 0; i < N; i++) {
        CHECK_STATUS(pel_configuration_add(&atoms, 1 + i % 2, (double[]){0, 0, 0}));
        atoms.id[i] = 3 * i + 1;
    }
    CHECK_STATUS(pel_h5md_create(path, &spec, &atoms, &trajectory));
    for (int f = 0; f < 3; f++) {
        for (int d = 0; d < 3; d++) atoms.box.length[d] = 10 + d + f;
        for (int i = 0; i < N; i++)
            for (int d = 0; d < 3; d++) {
                atoms.position[i][d] = 0.25 * i + d + f / 8.0;
                atoms.velocity[i][d] = i - d + f / 4.0;
                atoms.image[i][d] = d - f;
                force[i][d] = i * d - f / 2.0;
            }
        energy = -1.5 * f;
        CHECK_STATUS(pel_h5md_append(trajectory, 100 * f, 0.5 * f, &atoms, (const double(*)[3])force));
    }
    CHECK_STATUS(pel_h5md_close(trajectory));
    pel_configuration_free(&atoms);
}

static const char with_mdanalysis[] =
    "import sys, numpy, MDAnalysis\n"
    "from MDAnalysis.coordinates.H5MD import H5MDReader\n"
    "reader = H5MDReader(sys.argv[1], convert_units='units' in sys.argv[1])\n"
    "i, d = numpy.meshgrid(numpy.arange(20), numpy.arange(3), indexing='ij')\n"
    "assert reader.n_atoms == 20 and len(reader) == 3, (reader.n_atoms, len(reader))\n"
    "for f, frame in enumerate(reader):\n"
    "    assert numpy.array_equal(frame.positions, 0.25 * i + d + f / 8), frame.positions\n"
    "    assert numpy.allclose(frame.dimensions, [10 + f, 11 + f, 12 + f, 90, 90, 90]), frame.dimensions\n"
    "    assert frame.time == 0.5 * f and frame.data['step'] == 100 * f, (frame.time, frame.data)\n"
    "    assert numpy.allclose(frame.velocities, i - d + f / 4), frame.velocities\n"
    "    assert reader.has_forces == ('forces' in sys.argv[1])\n"
    "    if reader.has_forces: assert numpy.allclose(frame.forces, i * d - f / 2), frame.forces\n"
    "u = MDAnalysis.Universe.empty(20, trajectory=False)\n"
    "u.load_new(sys.argv[1], format='H5MD', convert_units='units' in sys.argv[1])\n"
    "u.trajectory[2]\n"
    "assert abs(u.atoms.center_of_geometry()[0] - (0.25 * 9.5 + 0.25)) < 1e-6\n";

TEST(mdanalysis_reads_frames_boxes_times_and_steps)
{
    const pel_unit_system *metal = NULL;
    CHECK_STATUS(pel_unit_system_find("metal", &metal));
    if (!has_module("MDAnalysis, h5py")) return;
    write_trajectory(test_path("metal_units.h5"), metal, true, false);
    CU_ASSERT_TRUE(python(with_mdanalysis, test_path("metal_units.h5")));
    write_trajectory(test_path("lj_forces.h5"), NULL, false, true);
    CU_ASSERT_TRUE(python(with_mdanalysis, test_path("lj_forces.h5")));
}

static const char with_h5py[] =
    "import sys, h5py, numpy\n"
    "def text(value): return value.decode() if isinstance(value, bytes) else str(value)\n"
    "f = h5py.File(sys.argv[1], 'r')\n"
    "h5md, atoms = f['h5md'], f['particles/all']\n"
    "assert list(h5md.attrs['version']) == [1, 1]\n"
    "assert text(h5md['author'].attrs['name']) == 'A. U. Thor'\n"
    "assert text(h5md['creator'].attrs['name']) == 'Pelagos' and text(h5md['creator'].attrs['version']) == '0.1'\n"
    "assert list(h5md['modules/units'].attrs['version']) == [1, 0]\n"
    "box = atoms['box']\n"
    "assert int(box.attrs['dimension']) == 3\n"
    "assert [text(b) for b in box.attrs['boundary']] == ['periodic', 'periodic', 'none'], box.attrs['boundary']\n"
    "assert box['edges/value'].shape == (3, 3, 3) and box['edges/value'].dtype == 'f8'\n"
    "assert numpy.array_equal(box['edges/value'][1], numpy.diag([11., 12., 13.]))\n"
    "for name in ('position', 'velocity', 'force', 'image', 'box/edges'):\n"
    "    assert atoms[name]['step'] == atoms['position/step'] and atoms[name]['time'] == atoms['position/time'], name\n"
    "    assert atoms[name]['value'].maxshape[0] is None, name\n"
    "assert atoms['position/step'].dtype == 'i8' and list(atoms['position/step']) == [0, 100, 200]\n"
    "assert list(atoms['position/time']) == [0, 0.5, 1]\n"
    "unit = {n: text(atoms[n].attrs['unit']) for n in ('position/value', 'box/edges/value', 'velocity/value', 'mass',\n"
    "        'position/time', 'force/value')}\n"
    "assert unit == {'position/value': 'Angstrom', 'box/edges/value': 'Angstrom', 'velocity/value': 'Angstrom ps-1',\n"
    "        'mass': 'u', 'position/time': 'ps', 'force/value': 'eV Angstrom-1'}, unit\n"
    "assert list(atoms['species'][:4]) == [1, 2, 1, 2] and list(atoms['id'][:3]) == [1, 4, 7]\n"
    "assert list(atoms['mass'][:2]) == [39.95, 83.8]\n"
    "assert atoms['position/value'].dtype == 'f4' and atoms['position/value'].compression == 'gzip'\n"
    "energy = f['observables/energy']\n"
    "assert list(energy['value']) == [0, -1.5, -3] and text(energy['value'].attrs['unit']) == 'eV'\n"
    "assert energy['step'] == atoms['position/step'] and energy['time'] == atoms['position/time']\n"
    "edge = numpy.diagonal(box['edges/value'][2])\n"
    "unwrapped = atoms['position/value'][2] + atoms['image/value'][2] * edge\n"
    "assert numpy.allclose(unwrapped[4], [1 + 0.25 - 24, 2 + 0.25 - 13, 3 + 0.25]), unwrapped[4]\n";

TEST(h5py_finds_the_conventions_of_h5md)
{
    const pel_unit_system *metal = NULL;
    CHECK_STATUS(pel_unit_system_find("metal", &metal));
    if (!has_module("h5py")) return;
    write_trajectory(test_path("conventions.h5"), metal, true, true);
    CU_ASSERT_TRUE(python(with_h5py, test_path("conventions.h5")));
}

"""plotting/plot.py draws what runs of atoms write: curves with the right values, spheres where atoms are, one sentence
for each failure."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest

import h5py
import netCDF4
import numpy
from PIL import Image

import test_plots
from pelagos_plot import atoms, distributions, files, frames, labels, neighbours, pictures, spheres, thermo, transport
from pelagos_plot.errors import PlotError

COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(test_plots.SOURCE, "build", "release", "pelagos")
MELT = os.path.join(test_plots.SOURCE, "inputs", "md", "melt.yaml")
SETS = ("atoms.lattice.cells=[5, 5, 5]", "output.series.every=2 steps", "output.trajectory={every: 20 steps, fields: [velocity]}",
        "output.rdf={sample: 5 steps, every: 20 steps}", "output.msd={sample: 1 steps, every: 20 steps, lags: 20}",
        "output.checkpoints.every=20 steps")
RUN = tempfile.TemporaryDirectory()
BLUE = numpy.array([0x48, 0x78, 0xA8]) / 255
FRONT = spheres.View(0, 0)  # along y


def setUpModule() -> None:
    """A crystal that begins to melt, for all tests to draw."""
    unittest.addModuleCleanup(RUN.cleanup)
    words = [word for pair in SETS for word in ("--set", pair)]
    subprocess.run([COMMAND, "run", MELT, "-q", "-o", f"{RUN.name}/melt", "--steps", "60", *words], check=True)


class WithRun(test_plots.WithFiles):
    """The run's files, and a folder for pictures."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name

    def melt(self, name: str) -> str:
        return os.path.join(RUN.name, "melt", name)

    def axes_of(self, figure) -> list:
        self.addCleanup(pictures.close_figure, figure)
        return figure.axes


class Curves(WithRun):
    def test_each_has_its_picture(self) -> None:
        for name, file, size in (("rdf", "rdf.nc", (1000, 800)), ("msd", "msd.nc", (1600, 700)),
                                 ("thermo", "series.nc", (1600, 1000))):
            self.check_picture(*self.draw(name, self.melt(file), "-o", self.path(f"{name}.png")), size)

    def test_distributions_are_averaged_by_their_samples(self) -> None:
        with files.open_file(self.melt("rdf.nc")) as data:
            samples, g = data["samples"].values, data["rdf"].values
            self.assertEqual(samples.tolist(), [5.0, 4.0, 4.0])
            above, _ = self.axes_of(distributions.rdf_figure(data, [""], [[0, 2]], "", (800, 600)))
            self.assertTrue(numpy.allclose(above.lines[0].get_ydata(), (5 * g[0] + 4 * g[2]) / 9))
            self.assertEqual(distributions.when_text(data, [0, 1]), "mean over t = 0 to 0.2")

    def test_pairs_and_means_are_told_apart(self) -> None:
        path = self.path("two.nc")
        with netCDF4.Dataset(path, "w") as file:
            test_plots.add_times(file, "ps")
            file.createDimension("distance", 4)
            file.createDimension("bnds", 2)
            test_plots.add(file, "distance", ("distance",), numpy.arange(4) + 0.5, units="Angstrom")
            times = numpy.arange(4.0)
            test_plots.add(file, "time_bnds", ("time", "bnds"), numpy.column_stack([times, times + 1]))
            test_plots.add(file, "samples", ("time",), numpy.ones(4))
            for pair in ("1_1", "1_2", "2_2"):
                for quantity in ("rdf", "coordination"):
                    test_plots.add(file, f"{quantity}_{pair}", ("time", "distance"), numpy.ones((4, 4)))
        with files.open_file(path) as data:
            pairs = distributions.pair_names(data, [], path)
            above, below = self.axes_of(distributions.rdf_figure(data, pairs, [[0], [1, 2]], "", (800, 600)))
            self.assertEqual(below.get_xlabel(), "distance r (Å)")
            self.assertEqual([text.get_text() for text in above.get_legend().get_texts()][2:4],
                             ["types 2 and 2, mean over t = 0 to 1 ps", "types 1 and 1, mean over t = 1 to 3 ps"])
        self.draw("rdf", path, "rdf_1_2", "--time", "0,1..2", "-o", self.path("two.png"))

    def test_the_line_beside_displacements_has_the_slope_of_the_coefficient(self) -> None:
        with files.open_file(self.melt("msd.nc")) as data:
            left, right = self.axes_of(transport.msd_figure(data, 2, "", (1000, 500)))
            lags, line = left.lines[1].get_data()
            slope = (line[-1] - line[0]) / (lags[-1] - lags[0])
            self.assertAlmostEqual(slope, 6 * float(data["diffusion_einstein"][2]), delta=1e-12)
            self.assertAlmostEqual(float(numpy.mean((left.lines[0].get_ydata() - line)[9:])), 0, delta=1e-12)
            self.assertEqual(right.lines[0].get_ydata()[0], 1)

    def test_energies_are_those_of_an_atom_and_the_drift_is_relative(self) -> None:
        with files.open_file(self.melt("series.nc")) as data:
            self.assertEqual(thermo.atom_count(data), 500)
            _, energies, _, drift = self.axes_of(thermo.thermo_figure(data, "", (1000, 700)))
            self.assertAlmostEqual(energies.lines[1].get_ydata()[0], float(data["total_energy_per_atom"][0]), delta=1e-12)
            conserved = data["conserved_energy"].values
            self.assertAlmostEqual(drift.lines[0].get_ydata()[-1], (conserved[-1] - conserved[0]) / abs(conserved[0]), delta=1e-15)

    def test_a_running_mean_keeps_straight_lines(self) -> None:
        straight = numpy.arange(300.0)
        self.assertIsNone(thermo.running_mean(straight[:10]))
        smooth = thermo.running_mean(straight)
        self.assertTrue(numpy.allclose(smooth[10:-10], straight[10:-10]))
        self.assertEqual(smooth.size, 300)

    def test_angstroms_and_picoseconds_read_as_people_write_them(self) -> None:
        self.assertEqual(labels.unit_text("Angstrom2 ps-1"), "Å² ps⁻¹")


class Atoms(WithRun):
    def frame(self, positions, edges=(4.0, 4.0, 4.0), types=None) -> frames.Frame:
        positions = numpy.array(positions, dtype=float)
        return frames.Frame(positions, None, numpy.array(types or [1] * len(positions)), numpy.zeros(3), numpy.array(edges),
                            numpy.ones(3, dtype=bool), "", "", "")

    def image(self, frame: frames.Frame, colours, view: spheres.View = FRONT) -> numpy.ndarray:
        """A picture of 200 x 200 pixels of the box from 0 to 4, spheres of radius 0.5."""
        return spheres.picture(frame.positions, 0.5, numpy.array(colours, dtype=float), (frame.low, frame.edges), view, (200, 200))

    def at(self, image: numpy.ndarray, x: float, z: float) -> numpy.ndarray:
        """The pixel of a place, seen from the front: the box with the spheres' radius around it fills 98 %."""
        scale = 0.98 * 200 / 5
        return image[int(100 - (z - 2) * scale), int(100 + (x - 2) * scale)]

    def test_spheres_are_where_atoms_are_and_nearer_ones_hide_others(self) -> None:
        frame = self.frame([[1, 1, 1], [1, 3, 1], [3, 3, 3]])
        image = self.image(frame, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        near, far, empty = self.at(image, 1, 1), self.at(image, 3, 3), self.at(image, 2, 2)
        self.assertTrue(near[0] > 0.7 > 0.4 > near[1], near)  # red hides green
        self.assertTrue(far[2] > far[0] + 0.3, far)
        self.assertEqual(empty.tolist(), [1, 1, 1])
        behind = self.image(frame, [[1, 0, 0], [0, 1, 0], [0, 0, 1]], spheres.View(180, 0))
        self.assertTrue(self.at(behind, 3, 1)[1] > self.at(behind, 3, 1)[0] + 0.3)  # from behind green hides red

    def test_light_comes_from_above_and_depth_fades(self) -> None:
        frame = self.frame([[1, 0.5, 2], [3, 3.5, 2]])
        image = self.image(frame, [BLUE, BLUE])
        self.assertGreater(self.at(image, 0.85, 2.2).sum(), self.at(image, 1.15, 1.8).sum())
        self.assertGreater(self.at(image, 3, 2).sum(), self.at(image, 1, 2).sum())

    def test_from_above_one_looks_down(self) -> None:
        up, towards = spheres.View(0, 90).seen(numpy.array([[0.0, 1.0, 0.0]]))[0, 1], \
            spheres.View(0, 90).seen(numpy.array([[0.0, 0.0, 1.0]]))[0, 2]
        self.assertAlmostEqual(up, 1)
        self.assertAlmostEqual(towards, 1)

    def test_neighbours_are_those_that_all_pairs_give(self) -> None:
        random = numpy.random.default_rng(5)
        for edges, periodic, reach in (((5, 6, 7), (1, 1, 1), 1.1), ((3, 9, 4), (1, 0, 1), 1.4), ((5, 5, 2.5), (0, 1, 0), 2.4)):
            edges, periodic = numpy.array(edges, dtype=float), numpy.array(periodic, dtype=bool)
            places = random.uniform(0, 1, (150, 3)) * edges
            apart = places[:, None] - places[None]
            apart -= numpy.where(periodic, edges * numpy.round(apart / edges), 0)
            distance = numpy.sqrt((apart ** 2).sum(axis=2)) + 1e9 * numpy.eye(150)
            low = numpy.array([-1.0, 2.0, 0.5])
            number, nearest = neighbours.near(places + low, low, edges, periodic, reach)
            self.assertEqual(number.tolist(), (distance < reach).sum(axis=1).tolist())
            found = numpy.isfinite(nearest)
            self.assertTrue(numpy.allclose(nearest[found], distance.min(axis=1)[found]))

    def test_a_crystal_has_twelve_neighbours(self) -> None:
        with frames.open_frames(self.melt("trajectory.h5")) as file:
            frame = frames.read_frame(file, "0")
        spacing = neighbours.usual_spacing(frame.positions, frame.low, frame.edges, frame.periodic)
        self.assertAlmostEqual(spacing, (4 / 0.8442) ** (1 / 3) / 2**0.5, delta=1e-6)
        number, _ = neighbours.near(frame.positions, frame.low, frame.edges, frame.periodic, atoms.FIRST_SHELL * spacing)
        self.assertEqual(set(number), {12})

    def test_frames_and_checkpoints_hold_the_same_atoms(self) -> None:
        with frames.open_frames(self.melt("trajectory.h5")) as file:
            one = frames.read_frame(file, "2")
        with frames.open_frames(self.melt("checkpoints/0000000040.h5")) as file:
            other = frames.read_frame(file, "last")
        for name in ("positions", "velocities", "types", "edges", "low"):
            self.assertTrue(numpy.array_equal(getattr(one, name), getattr(other, name)), name)
        self.assertEqual((one.when, other.when), ("t = 0.2", "step 40"))

    def test_all_colourings_are_drawn(self) -> None:
        for colour in atoms.COLOURINGS:
            out = self.path(f"{colour}.png")
            self.draw("atoms", self.melt("trajectory.h5"), "--time", "0.1", "--colour", colour, "--size", "500x450", "-o", out)
            self.check_picture(out, (500, 450))
        self.draw("atoms", self.melt("checkpoints/0000000060.h5"), "--radius", "0.3", "--view", "10,80", "--size", "300x300",
                  "-o", self.path("c.png"))

    def test_types_are_named_where_there_are_several(self) -> None:
        painted = atoms.by_type(self.frame([[1, 1, 1], [2, 2, 2]], types=[1, 3]))
        self.assertEqual(painted.types, (1, 3))
        self.assertEqual(atoms.by_type(self.frame([[1, 1, 1]])).types, ())
        self.assertFalse(numpy.array_equal(painted.colours[0], painted.colours[1]))

    def test_atoms_without_a_place_are_left_out(self) -> None:
        frame = self.frame([[1, 1, 1], [numpy.nan, 2, 2], [3, 3, numpy.inf]], types=[1, 2, 3])
        left = atoms.placed(frame)
        self.assertEqual((left.positions.tolist(), left.types.tolist()), ([[1, 1, 1]], [1]))
        with self.assertRaisesRegex(PlotError, "no atoms with a place"):
            atoms.placed(self.frame([[numpy.inf, 1, 1]]))


class Failures(WithRun):
    def test_each_is_one_sentence(self) -> None:
        trajectory, series = self.melt("trajectory.h5"), self.melt("series.nc")
        self.check_failure(2, "atoms", self.melt("none.h5"), says="There is no file")
        self.check_failure(2, "atoms", self.melt(""), says="trajectory.h5 or one in checkpoints")
        self.check_failure(2, "atoms", series, says="holds no atoms")
        self.check_failure(2, "atoms", trajectory, "--time", "9", says="numbered 0 to 3")
        self.check_failure(2, "atoms", trajectory, "--time", "all", says="shows one frame")
        self.check_failure(2, "rdf", series, says="give output.rdf in the deck")
        self.check_failure(2, "rdf", self.melt("rdf.nc"), "rdf_1_2", says="did you mean 'rdf'?")
        self.check_failure(2, "msd", series, says="give output.msd in the deck")
        self.check_failure(2, "msd", self.melt("msd.nc"), "--time", "7", says="numbered 0 to 2")
        self.check_failure(2, "thermo", self.melt("rdf.nc"), says="not the series of a run of atoms")
        with open(self.path("bad.h5"), "wb") as bad:
            bad.write(b"\x89HDF\r\n\x1a\n" + bytes(100))
        self.check_failure(5, "atoms", self.path("bad.h5"), says="cannot be read")
        for option in (("--view", "up"), ("--radius", "-1"), ("--colour", "taste")):
            self.assertEqual(test_plots.plot("atoms", trajectory, *option).returncode, 2)

    def test_speeds_need_velocities(self) -> None:
        path = self.path("still.h5")
        with h5py.File(self.melt("trajectory.h5"), "r") as file, h5py.File(path, "w") as other:
            file.copy("particles", other)
            del other["particles/all/velocity"]
        self.check_failure(2, "atoms", path, "--colour", "speed", says="holds no velocities")

    def test_a_picture_is_not_all_white(self) -> None:
        self.draw("atoms", self.melt("trajectory.h5"), "--size", "300x300", "-o", self.path("a.png"))
        with Image.open(self.path("a.png")) as image:
            dark = numpy.asarray(image.convert("L")) < 200
        self.assertGreater(dark.mean(), 0.2)


if __name__ == "__main__":
    unittest.main()

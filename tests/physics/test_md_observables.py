"""What the app md gathers along a run: distributions, displacements and profiles of gases whose own are known, and of a
liquid, whose energy and pressures follow from them.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest
from collections.abc import Sequence

import h5py
import numpy

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
MELT = os.path.join(SOURCE, "inputs", "md", "melt.yaml")
GAS = ("atoms.lattice={}", "potential.pairs=[{types: [1, 1], epsilon: 0}]", "output.series.every=never",
       "output.checkpoints.every=never", "potential.cutoff=0.5", "neighbours.skin=0.5")
LIQUID = ("atoms.lattice.cells=[6, 6, 6]", "potential.cutoff=2.5", "output.checkpoints.every=never")


def run(name: str, *sets: str, steps: int, words: Sequence[str] = ()) -> dict[str, dict[str, numpy.ndarray]]:
    """Runs the melt with these settings; the variables of the files that it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        words = [*words, *(word for pair in ("run.threads=1", *sets) for word in ("--set", pair))]
        subprocess.run([COMMAND, "run", MELT, "-q", "-o", f"{folder}/run", "--steps", str(steps), *words], check=True)
        found = {}
        for file_name in (*name.split(), "series"):
            if os.path.exists(f"{folder}/run/{file_name}.nc"):
                with h5py.File(f"{folder}/run/{file_name}.nc", "r") as file:
                    found[file_name] = {key: file[key][()] for key in file}
        return found


class Gas(unittest.TestCase):
    """Atoms that do not act on each other."""

    def test_g_is_one_for_each_pair_of_types(self) -> None:
        found = run("rdf", *GAS, "atoms.types=2", "atoms.packing={count: [2000, 1000], length: [12, 12, 12]}", "masses=[1, 2]",
                    "potential.pairs=[{types: [1, 1], epsilon: 0}, {types: [2, 2], epsilon: 0}]",
                    "output.rdf={sample: 50 steps, every: 200 steps, reach: 5, bins: 25}", steps=200)["rdf"]
        self.assertEqual(found["samples"].tolist(), [5.0])  # steps 0, 50 ... 200
        edges = numpy.linspace(0, 5, 26)
        shells = 4 / 3 * numpy.pi * numpy.diff(edges**3)
        for pair, around, others in (("1_1", 2000, 1999), ("1_2", 2000, 1000), ("2_2", 1000, 999)):
            expected = around * others * shells / 12**3 / (2 if pair[0] == pair[2] else 1)  # pairs in a sample
            sigma = 1 / numpy.sqrt(expected)  # samples are not independent: that of one
            self.assertTrue(numpy.all(numpy.abs(found[f"rdf_{pair}"][0] - 1) < 5 * sigma), pair)
            within = numpy.cumsum(shells) * others / 12**3
            inner = 1 / numpy.sqrt(numpy.cumsum(expected))
            self.assertTrue(numpy.all(numpy.abs(found[f"coordination_{pair}"][0] / within - 1) < 5 * inner), pair)

    def test_free_flight_displaces_by_the_velocity_times_the_lag(self) -> None:
        found = run("msd", *GAS, "atoms.packing={count: [500], density: 0.3}",
                    "output.msd={sample: 5 steps, every: 300 steps, lags: 30, origin-every: 4}", steps=600)["msd"]
        lags, square = 0.005 * 5 * numpy.arange(30), 3 * 1.44 * (1 - 1 / 500)  # T over 3 N - 3 degrees of freedom
        self.assertTrue(numpy.allclose(found["lag"], lags, rtol=1e-14))
        self.assertEqual(found["samples"].tolist(), [61.0, 121.0])
        self.assertTrue(numpy.allclose(found["vacf"][1], square, rtol=1e-12))
        self.assertTrue(numpy.allclose(found["msd"][1], square * lags**2, rtol=1e-8))
        self.assertEqual(found["origins"][0].tolist(), [(60 - lag) // 4 + 1 for lag in range(30)])

    def test_a_run_that_begins_between_two_samples_takes_the_next_one_first(self) -> None:
        sets = (*GAS, "atoms.packing={count: [100], density: 0.3}")
        with tempfile.TemporaryDirectory() as folder:
            run("", *sets, steps=3, words=("-o", f"{folder}/first"))
            found = run("msd", *sets, "output.msd={sample: 5 steps, every: 5 steps, lags: 3, origin-every: 1}", steps=20,
                        words=("--from", f"{folder}/first/checkpoints/0000000003.h5"))["msd"]
        self.assertEqual(found["samples"].tolist(), [1.0, 2.0, 3.0, 4.0])  # of steps 5, 10, 15, 20
        square = 3 * 1.44 * (1 - 1 / 100)
        self.assertTrue(numpy.allclose(found["msd"][-1], square * found["lag"]**2, rtol=1e-8))

    def test_brownian_motion_diffuses_by_einsteins_relation(self) -> None:
        """D = k T / (m gamma), by either way; the velocity autocorrelation is 3 k T / m exp(-gamma t)."""
        found = run("msd", *GAS, "atoms.packing={count: [4000], density: 0.3}", "atoms.velocities.temperature=1",
                    "dynamics={integrator: langevin, temperature: 1, damping: 0.2}", "time.step=0.01",
                    "output.msd={sample: 2 steps, every: 1500 steps, lags: 100, origin-every: 10, from: 1}", steps=1500)["msd"]
        decay = numpy.exp(-found["lag"] / 0.2)
        # Of N atoms and 14 tau / 0.2 tau independent stretches: deviations of 3 sqrt(2 / 3 / 4000 / 35) = 0.007.
        self.assertTrue(numpy.all(numpy.abs(found["vacf"][0] - 3 * decay) < 0.03))
        # Over the 7 stretches of the longest lag, sqrt(2 / (3 N 7)) = 0.5 % of the displacement, some times that of its slope.
        self.assertAlmostEqual(found["diffusion_einstein"][0], 0.2, delta=0.2 * 0.04)
        self.assertAlmostEqual(found["diffusion_green_kubo"][0], 0.2, delta=0.2 * 0.04)

    def test_profiles_are_flat(self) -> None:
        found = run("profile", *GAS, "atoms.packing={count: [4000], density: 0.5}",
                    "output.profile={sample: 10 steps, every: 100 steps, axis: x, bins: 8}", steps=100)["profile"]
        self.assertTrue(numpy.all(numpy.abs(found["number_density"] / 0.5 - 1) < 5 / numpy.sqrt(500)))
        self.assertTrue(numpy.all(numpy.abs(found["temperature"] / 1.44 - 1) < 5 * numpy.sqrt(2 / 1500)))
        self.assertNotIn("pressure_normal", found)


class Trajectory(unittest.TestCase):
    def test_frames_have_the_numbers_of_the_series(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            words = [word for pair in (*LIQUID, "output.series.every=2 steps", "output.trajectory.every=4 steps")
                     for word in ("--set", pair)]
            subprocess.run([COMMAND, "run", MELT, "-q", "-o", f"{folder}/run", "--steps", "8", *words], check=True)
            with h5py.File(f"{folder}/run/trajectory.h5", "r") as frames, h5py.File(f"{folder}/run/series.nc", "r") as series:
                self.assertEqual(len(frames["observables"]), 6)
                for name, observable in frames["observables"].items():
                    self.assertEqual(observable["step"][()].tolist(), [0, 4, 8])
                    self.assertEqual(observable["value"][()].tolist(), series[name][::2].tolist(), name)


class Liquid(unittest.TestCase):
    """Lennard-Jones near its triple point."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.found = run("rdf profile", *LIQUID, "output.series.every=20 steps",
                        "output.rdf={sample: 20 steps, every: 400 steps, bins: 1000}",
                        "output.profile={sample: 20 steps, every: 400 steps, axis: y, bins: 13, pressures: true}", steps=800)
        cls.sampled = cls.found["series"]["step"] > 400  # those of the second record

    def mean(self, name: str) -> float:
        return float(self.found["series"][name][self.sampled].mean())

    def test_shells_are_where_a_liquid_has_them(self) -> None:
        """First peak at 1.09, 12 to 13 atoms up to the minimum near 1.55: Verlet, Phys. Rev. 165 (1968) 201."""
        rdf = self.found["rdf"]
        r, g, within = rdf["distance"], rdf["rdf"][1], rdf["coordination"][1]
        smooth = numpy.convolve(g, numpy.ones(15) / 15, mode="same")
        first = int(numpy.argmax(smooth))
        gap = first + int(numpy.argmin(smooth[first:numpy.searchsorted(r, 1.9)]))
        self.assertAlmostEqual(r[first], 1.09, delta=0.03)
        self.assertTrue(2.5 < smooth[first] < 3.1, smooth[first])
        self.assertAlmostEqual(r[gap], 1.55, delta=0.08)
        self.assertTrue(12 < within[gap] < 13.5, within[gap])
        self.assertEqual(float(g[r < 0.8].max()), 0.0)

    def test_energy_and_pressure_follow_from_the_distribution(self) -> None:
        """U / N = 1/2 sum over shells of n u, P = rho k T - rho / 6 sum of n r u': Allen & Tildesley, section 2.6."""
        rdf = self.found["rdf"]
        r, shells = rdf["distance"], numpy.diff(rdf["coordination"][1], prepend=0.0)
        energy, slope = 4 * (r**-12 - r**-6), -48 * r**-12 + 24 * r**-6
        self.assertAlmostEqual(float(numpy.sum(shells * energy)) / 2, self.mean("potential_energy_per_atom"), delta=1e-3)
        atoms = 4 * 6**3
        pressure = 0.8442 * (self.mean("temperature") * (1 - 1 / atoms) - float(numpy.sum(shells * slope)) / 6)
        self.assertAlmostEqual(pressure, self.mean("pressure"), delta=5e-3)

    def test_profiles_have_the_pressures_and_the_temperature_of_the_box(self) -> None:
        profile = self.found["profile"]
        across = (self.mean("pressure_xx") + self.mean("pressure_zz")) / 2
        self.assertAlmostEqual(float(profile["pressure_normal"][1].mean()), self.mean("pressure_yy"), delta=1e-8)
        self.assertAlmostEqual(float(profile["pressure_tangential"][1].mean()), across, delta=1e-8)
        self.assertAlmostEqual(float(profile["number_density"][1].mean()), 0.8442, delta=1e-12)
        atoms = profile["number_density"][1] / profile["number_density"][1].sum()
        self.assertAlmostEqual(float(numpy.sum(profile["temperature"][1] * atoms)),
                               self.mean("temperature") * (1 - 1 / (4 * 6**3)), delta=1e-12)
        length = 13 * float(profile["bin_width"][1])
        tension = length * (self.mean("pressure_yy") - across) / 2
        self.assertAlmostEqual(float(profile["surface_tension"][1]), tension, delta=1e-8 * length)


if __name__ == "__main__":
    unittest.main()

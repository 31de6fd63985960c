"""The barostat of the app md keeps the pressure that the series show, with the tail of the potential in both."""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest

import h5py
import numpy

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
DECK = """
app: md
units: lj
atoms: {lattice: {kind: fcc, density: 0.8, cells: [4, 4, 4]}, velocities: {temperature: 2.4}}
potential: {kind: lj, cutoff: 2.5, tail: true}
dynamics:
  integrator: bussi
  temperature: 1.2
  damping: 0.1
  barostat: {pressure: 1, damping: 0.5, compressibility: 0.1}
time: {step: 0.005, end: 30}
run: {threads: 1}
output: {series: {every: 10 steps}}
"""
BLOCKS = 10


class Barostat(unittest.TestCase):
    def test_the_mean_pressure_is_the_one_asked_for(self):
        """Within four standard errors, from blocks of 2.5 time units; the tail alone is 0.6."""
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/deck.yaml", "w") as file:
                file.write(DECK)
            subprocess.run([COMMAND, "run", f"{folder}/deck.yaml", "-q", "-o", f"{folder}/run"], check=True)
            with h5py.File(f"{folder}/run/series.nc", "r") as series:
                pressure = series["pressure"][-500:]
        means = pressure.reshape(BLOCKS, -1).mean(axis=1)
        error = means.std(ddof=1) / numpy.sqrt(BLOCKS)
        print(f"pressure {means.mean():.3f} +- {error:.3f}")
        self.assertLess(error, 0.05)
        self.assertAlmostEqual(means.mean(), 1, delta=4 * error)


if __name__ == "__main__":
    unittest.main()

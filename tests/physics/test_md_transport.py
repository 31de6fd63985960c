"""Diffusion in a Lennard-Jones liquid: from displacements and from velocities alike.

label: long
timeout: 1800
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import unittest

import h5py

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")


class Transport(unittest.TestCase):
    def test_displacements_and_velocities_give_one_diffusion_coefficient(self) -> None:
        """The deck's 2048 atoms over 30 tau of equilibrium: each coefficient to about 1 %, and they share its errors."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([COMMAND, "run", os.path.join(SOURCE, "inputs", "md", "liquid.yaml"), "-q", "-o", f"{folder}/run",
                            "--set", "time.end=40", "--set", "output.rdf={}", "--set", "output.series.every=never"], check=True)
            with h5py.File(f"{folder}/run/msd.nc", "r") as file:
                einstein, green_kubo = (float(file[f"diffusion_{name}"][-1]) for name in ("einstein", "green_kubo"))
        print(f"D = {einstein:.5f} (Einstein), {green_kubo:.5f} (Green-Kubo)")
        self.assertAlmostEqual(einstein / green_kubo, 1, delta=0.03)


if __name__ == "__main__":
    unittest.main()

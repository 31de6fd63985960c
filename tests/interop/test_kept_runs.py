"""Short runs that LAMMPS did, repeated: temperature, energies, all pressures, and the forces at the end.

tests/particles/data/lammps-runs/make.sh made them. Both programs do the same arithmetic in another order, so that after
20 steps they still agree to 1e-10: of the largest pressure, energy and force, as nearly all of each cancels.
"""

from __future__ import annotations

import os
import tempfile
import unittest

import lammps_runs
import numpy

STEPS = 20


class KeptRuns(unittest.TestCase):
    def check(self, case: lammps_runs.Case) -> None:
        if not case.is_possible():
            self.skipTest(f"{case.file} is not there; the Debian package lammps-data has it")
        with open(os.path.join(lammps_runs.DATA, f"{case.name}.txt")) as file:
            wanted = lammps_runs.lammps_result(file.read())
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(lammps_runs.DATA, f"{case.name}.data")
            found = lammps_runs.pelagos_result(case, data, folder, STEPS, STEPS)
        lammps_runs.check_thermo(self, found, wanted, 1e-10)
        lammps_runs.check_forces(self, found.forces[-1], wanted.forces[-1], numpy.max(numpy.abs(wanted.forces[-1])))

    def test_a_lennard_jones_crystal_melts_as_with_lammps(self):
        self.check(lammps_runs.LENNARD_JONES)

    def test_strained_copper_has_all_its_stresses(self):
        self.check(lammps_runs.STRAINED_COPPER)

    def test_strained_silicon_has_all_its_stresses(self):
        self.check(lammps_runs.STRAINED_SILICON)


if __name__ == "__main__":
    unittest.main()

# timeout: 600
"""The peer's benchmarks, 32000 atoms and 100 steps from its own data file: thermodynamics to more than six digits, and
forces to 1e-10 of the largest, both along the run and from LAMMPS' last positions. Skipped where lmp is not installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import lammps_runs
import numpy

CELLS, STEPS, EVERY = 20, 100, 50


def run_lammps(case: lammps_runs.Case, folder: str) -> lammps_runs.Result:
    """Leaves also <name>.data and <name>.end in the folder."""
    for name in ("run.in", f"{case.name}.setup"):
        shutil.copy(os.path.join(lammps_runs.DATA, name), folder)
    variables = {"name": case.name, "cells": CELLS, "every": EVERY, "steps": STEPS,
                 "potentials": lammps_runs.POTENTIALS}
    words = [word for name, value in variables.items() for word in ("-var", name, str(value))]
    subprocess.run(["lmp", "-in", "run.in", "-screen", "none", *words], cwd=folder, check=True)
    with open(f"{folder}/{case.name}.log") as log, open(f"{folder}/{case.name}.dump") as dump:
        return lammps_runs.lammps_result(log.read(), dump.read())


class Peer(unittest.TestCase):
    def check(self, case: lammps_runs.Case, known: dict[str, tuple[float, int]]) -> None:
        """`known`: after 100 steps, to so many digits behind the point, of LAMMPS' version of 29 Sep 2021."""
        with tempfile.TemporaryDirectory() as folder:
            wanted = run_lammps(case, folder)
            found = lammps_runs.pelagos_result(case, f"{folder}/{case.name}.data", folder, STEPS, EVERY)
            again = lammps_runs.pelagos_result(case, f"{folder}/{case.name}.end", folder, 1, 1)
        self.assertEqual(len(found.thermo["Temp"]), 1 + STEPS // EVERY)
        lammps_runs.check_thermo(self, found, wanted, 1e-9)
        for name, (value, digits) in known.items():
            self.assertAlmostEqual(found.thermo[name][-1], value, delta=0.5 * 10**-digits, msg=name)
        scale = numpy.max(numpy.abs(wanted.forces[-1]))  # the first frame is a perfect lattice, where forces cancel
        for ours, theirs in zip(found.forces, wanted.forces, strict=True):
            lammps_runs.check_forces(self, ours, theirs, scale)
        lammps_runs.check_forces(self, again.forces[0], wanted.forces[-1], scale)

    def test_the_lennard_jones_melt(self):
        self.check(lammps_runs.LENNARD_JONES, {"Temp": (0.75746, 5), "TotEng": (-4.6223453 * 32000, 2),
                                               "Press": (0.2073, 4)})

    def test_hot_copper(self):
        self.check(lammps_runs.COPPER, {"Temp": (801.832, 3), "PotEng": (-109957.3, 1), "TotEng": (-106640.77, 2),
                                        "Press": (51322.8, 1)})


if __name__ == "__main__":
    if not shutil.which("lmp") or not lammps_runs.COPPER.is_possible():
        print("skipped: the Debian packages lammps and lammps-data are not both there")
        sys.exit(77)
    unittest.main()

"""Runs of LAMMPS and the same by `pelagos run`: what the tests that repeat its trajectories share.

How LAMMPS makes the atoms stands in tests/particles/data/lammps-runs: a setup for each case, and run.in around it.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import unittest

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(HERE, "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
DATA = os.path.join(SOURCE, "tests", "particles", "data", "lammps-runs")
POTENTIALS = "/usr/share/lammps/potentials"

SERIES = {"Temp": "temperature", "PotEng": "potential_energy", "TotEng": "total_energy", "Press": "pressure",
          **{f"P{ab}": f"pressure_{ab}" for ab in ("xx", "yy", "zz", "xy", "xz", "yz")}}


@dataclasses.dataclass(frozen=True)
class Case:
    """A setup, and the lines of the deck that mean the same."""

    name: str
    deck: str
    file: str | None = None  # of the potential, of the Debian package lammps-data

    def is_possible(self) -> bool:
        return self.file is None or os.path.exists(os.path.join(POTENTIALS, self.file))


def metal(name: str, kind: str, file: str, step: float, more: str = "") -> Case:
    potential = f"{{kind: {kind}, file: {POTENTIALS}/{file}{more}}}"
    return Case(name, f"units: metal\npotential: {potential}\ntime: {{step: {step}, end: 1000}}", file)


LENNARD_JONES = Case("lj", "units: lj\npotential: {kind: lj, cutoff: 2.5}\ntime: {step: 0.005, end: 1000}")
COPPER = metal("cu", "eam", "Cu_u3.eam", 0.005)
STRAINED_COPPER = metal("strained-cu", "eam", "Cu_u3.eam", 0.002)
STRAINED_SILICON = metal("strained-si", "stillinger-weber", "Si.sw", 0.002, ", elements: [Si]")


@dataclasses.dataclass(frozen=True)
class Result:
    """Thermodynamics by LAMMPS' names, a value a row; forces in the order of ids, of every row that has them."""

    thermo: dict[str, numpy.ndarray]
    forces: list[numpy.ndarray]


def lammps_result(*texts: str) -> Result:
    """What its log and its dump, or a kept excerpt of both, say."""
    text = "\n".join(texts)
    table = text[text.index("\nStep ") : text.index("\nLoop time")].strip().splitlines()
    rows = numpy.array([line.split() for line in table[1:]], float)
    frames = [numpy.array(part.split(), float).reshape(-1, 4) for part in text.split("ATOMS id fx fy fz")[1:]
              for part in [part.split("ITEM:")[0]]]
    return Result(dict(zip(table[0].split(), rows.T)), [frame[:, 1:] for frame in frames])


def pelagos_result(case: Case, data: str, folder: str, steps: int, every: int) -> Result:
    """Runs from a data file."""
    deck = os.path.join(folder, f"{case.name}.yaml")
    with open(deck, "w") as file:
        file.write(f"app: md\n{case.deck}\natoms: {{file: {data}}}\noutput:\n  series: {{every: {every} steps}}\n"
                   f"  trajectory: {{every: {every} steps, fields: [force]}}\n")
    run = os.path.join(folder, f"run-{os.path.basename(data)}")
    subprocess.run([COMMAND, "run", deck, "-q", "-o", run, "--steps", str(steps)], check=True)
    with h5py.File(f"{run}/series.nc", "r") as series, h5py.File(f"{run}/trajectory.h5", "r") as trajectory:
        return Result({theirs: series[ours][:] for theirs, ours in SERIES.items()},
                      list(trajectory["particles/all/force/value"][:]))


def check_thermo(test: unittest.TestCase, found: Result, wanted: Result, relative: float) -> None:
    """Energies against the largest of them, pressures against the largest component."""
    for names in (("Temp",), ("PotEng", "TotEng"), ("Press", "Pxx", "Pyy", "Pzz", "Pxy", "Pxz", "Pyz")):
        scale = max(numpy.max(numpy.abs(wanted.thermo[name])) for name in names)
        for name in names:
            worst = numpy.max(numpy.abs(found.thermo[name] - wanted.thermo[name]))
            test.assertLessEqual(worst, relative * scale, name)


def check_forces(test: unittest.TestCase, found: numpy.ndarray, wanted: numpy.ndarray, scale: float,
                 relative: float = 1e-10) -> None:
    test.assertEqual(found.shape, wanted.shape)
    worst = numpy.max(numpy.abs(found - wanted))
    print(f"forces differ by {worst / scale:.1e} of {scale:.4g}")
    test.assertLessEqual(worst, relative * scale)

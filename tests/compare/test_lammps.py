#!/usr/bin/env python3
"""Molecular dynamics against LAMMPS (package opt), in turns from the same atoms: times, with the energies beside them.

label: long
serial
timeout: 5400

Both integrate NVE in double precision with the same cutoff and skin, and look after every step whether an atom has moved
so far that the lists must be built again. LAMMPS draws the velocities and writes a data file, from which both start, so the
energies of the last step agree as long as chaos allows. Times are those of the steps alone; all figures are medians over the
rounds, ratios are taken within a round. Skipped where lmp or its potentials (Debian: lammps, lammps-data) are not there.

By hand:  test_lammps.py [--cases lj,eam,sw] [--sizes small,large] [--rounds 5] [--steps 100] [--no-gates]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable, Sequence

import h5py

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
POTENTIALS = "/usr/share/lammps/potentials"
SAME_ENERGY = 1e-6  # relative, after 100 steps
TWO_THREADS = 1.85
IMBALANCE = 1.1
PORTABLE = 1.1  # times as fast as LAMMPS, in a build for x86-64-v2


@dataclasses.dataclass(frozen=True)
class Case:
    """A crystal that melts or swings, for both programs."""

    name: str
    units: str
    lattice: str  # of LAMMPS
    cells: dict[str, int]
    mass: float
    temperature: float
    dt: float
    skin: float
    style: tuple[str, str]  # of LAMMPS: pair_style, pair_coeff
    potential: str  # of Pelagos
    gates: tuple[float, float]  # reproducible, not: at least so many times as fast


CASES = [
    Case("lj", "lj", "fcc 0.8442", {"small": 20, "large": 40}, 1.0, 1.44, 0.005, 0.3, ("lj/cut 2.5", "* * 1 1 2.5"),
         "{kind: lj, cutoff: 2.5}", (2.0, 2.4)),
    Case("eam", "metal", "fcc 3.615", {"small": 20, "large": 40}, 63.55, 1600, 0.005, 1.0,
         ("eam", f"1 1 {POTENTIALS}/Cu_u3.eam"), f"{{kind: eam, file: {POTENTIALS}/Cu_u3.eam}}", (2.0, 2.0)),
    Case("sw", "metal", "diamond 5.431", {"small": 16, "large": 32}, 28.0855, 1000, 0.001, 1.0,
         ("sw", f"* * {POTENTIALS}/Si.sw Si"),
         f"{{kind: stillinger-weber, file: {POTENTIALS}/Si.sw, elements: [Si]}}", (1.5, 1.5)),
]


@dataclasses.dataclass
class Timing:
    """What one run says."""

    nanoseconds: float  # an atom and step
    energy: float  # of an atom, at the end
    builds: int


# ---- LAMMPS ----


def lammps(folder: str, script: str) -> str:
    """What lmp prints for an input."""
    path = os.path.join(folder, "in.lammps")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script)
    done = subprocess.run(["lmp", "-sf", "opt", "-log", "none", "-in", path], cwd=folder, text=True, capture_output=True,
                          env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"lmp has failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def lammps_potential(case: Case) -> str:
    return f"pair_style {case.style[0]}\npair_coeff {case.style[1]}\n"


def draw_start(case: Case, size: str, folder: str) -> str:
    """A data file with LAMMPS' crystal and velocities."""
    n = case.cells[size]
    path = os.path.join(folder, f"{case.name}-{size}.data")
    lammps(folder, f"units {case.units}\natom_style atomic\nlattice {case.lattice}\nregion box block 0 {n} 0 {n} 0 {n}\n"
                   f"create_box 1 box\ncreate_atoms 1 box\nmass 1 {case.mass}\n{lammps_potential(case)}"
                   f"velocity all create {case.temperature} 87287 loop geom\nrun 0\nwrite_data {path} nocoeff\n")
    return path


def run_lammps(case: Case, start: str, folder: str, steps: int) -> Timing:
    text = lammps(folder, f"units {case.units}\natom_style atomic\nread_data {start}\nmass 1 {case.mass}\n"
                          f"{lammps_potential(case)}neighbor {case.skin} bin\nneigh_modify every 1 delay 0 check yes\n"
                          f"fix 1 all nve\ntimestep {case.dt}\nthermo {steps}\nthermo_style custom step etotal\n"
                          f"thermo_modify norm no format float %.15g\nrun {steps}\n")
    loop = re.search(r"Loop time of (\S+) on .* for (\d+) steps with (\d+) atoms", text)
    energy = re.search(rf"^\s*{steps}\s+(\S+)\s*$", text, re.MULTILINE)
    builds = re.search(r"Neighbor list builds = (\d+)", text)
    if not (loop and energy and builds):
        raise RuntimeError(f"lmp prints no times:\n{text}")
    atoms = int(loop[3])
    return Timing(float(loop[1]) / steps / atoms * 1e9, float(energy[1]) / atoms, int(builds[1]))


# ---- Pelagos ----


def run_deck(deck: str, folder: str, command: str, *sets: str) -> tuple[dict, dict[str, float]]:
    """The report of a run, and the last values of its series."""
    path, run = os.path.join(folder, "deck.yaml"), os.path.join(folder, "run")
    with open(path, "w", encoding="utf-8") as file:
        file.write(deck)
    shutil.rmtree(run, ignore_errors=True)
    words = [word for setting in sets for word in ("--set", setting)]
    subprocess.run([command, "run", path, "-q", "-o", run, *words], check=True)
    with open(os.path.join(run, "report.json"), encoding="utf-8") as file:
        report = json.load(file)
    with h5py.File(os.path.join(run, "series.nc"), "r") as file:
        return report, {name: float(file[name][-1]) for name in file}


def run_pelagos(case: Case, start: str, folder: str, steps: int, *sets: str, command: str = COMMAND) -> Timing:
    deck = (f"app: md\nunits: {case.units}\nmasses: [{case.mass}]\natoms: {{file: {start}}}\n"
            f"potential: {case.potential}\ndynamics: {{integrator: nve}}\nneighbours: {{skin: {case.skin}}}\n"
            f"time: {{step: {case.dt}, end: {steps * case.dt:.12g}}}\n"
            f"output: {{series: {{every: {steps} steps}}, checkpoints: {{every: never}}}}\n")
    report, last = run_deck(deck, folder, command, *sets)
    return Timing(report["stepping_seconds"] * 1e9 / report["atom_steps"], last["total_energy_per_atom"],
                  int(report["figures"]["list_builds"]))


# ---- in turns ----


def in_turns(runs: dict[str, Callable[[], Timing]], rounds: int) -> dict[str, list[Timing]]:
    """Each of the runs once a round."""
    found: dict[str, list[Timing]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            found[name].append(run())
    return found


def ratios(found: dict[str, list[Timing]], slow: str, fast: str) -> list[float]:
    return [a.nanoseconds / b.nanoseconds for a, b in zip(found[slow], found[fast])]


def print_row(title: str, name: str, found: dict[str, list[Timing]], against: str) -> None:
    timings = found[name]
    ratio = ratios(found, against, name)
    print(f"{title:12} {name:20} {statistics.median(t.nanoseconds for t in timings):9.1f} {timings[-1].builds:7d} "
          f"{timings[-1].energy:18.10f}   {statistics.median(ratio):6.2f} ({min(ratio):.2f} to {max(ratio):.2f})", flush=True)


def print_table(title: str, found: dict[str, list[Timing]], against: str) -> None:
    for name in found:
        print_row(title, name, found, against)


def print_head() -> None:
    print(f"\n{'case':12} {'':20} {'ns/atom':>9} {'builds':>7} {'E/N at the end':>18}   times as fast as the first", flush=True)


@dataclasses.dataclass
class Settings:
    rounds: int = 5
    steps: int = 100
    cases: Sequence[str] = ("lj", "eam", "sw")
    sizes: Sequence[str] = ("small", "large")
    has_gates: bool = True


SETTINGS = Settings()
ONE_THREAD = "run.threads=1"


def build_portable(folder: str) -> str:
    """The command, of a build for x86-64-v2."""
    subprocess.run(["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_TESTING=OFF",
                    "-DCMAKE_C_FLAGS_RELEASE=-O3 -march=x86-64-v2"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(folder, "pelagos")


class Lammps(unittest.TestCase):
    """Speeds against LAMMPS, and what else is promised of them."""

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp(dir="/var/tmp")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def expect_ratio(self, title: str, found: list[float], gate: float) -> None:
        if SETTINGS.has_gates:
            self.assertGreaterEqual(statistics.median(found), gate, title)

    def expect_energies(self, found: dict[str, list[Timing]]) -> None:
        """Both programs agree; reproducible runs have the same bits each time."""
        first = found["lammps"][0].energy
        for name, timings in found.items():
            if name not in ("lammps", "not reproducible"):
                self.assertEqual(len({timing.energy for timing in timings}), 1, name)
            for timing in timings:
                self.assertLess(abs(timing.energy / first - 1), SAME_ENERGY, name)

    def compare(self, case: Case, size: str) -> None:
        start = draw_start(case, size, self.folder)
        steps = SETTINGS.steps
        found = in_turns({
            "lammps": lambda: run_lammps(case, start, self.folder, steps),
            "reproducible": lambda: run_pelagos(case, start, self.folder, steps, ONE_THREAD),
            "not reproducible": lambda: run_pelagos(case, start, self.folder, steps, ONE_THREAD, "reproducible=false"),
        }, SETTINGS.rounds)
        print_table(f"{case.name} {size}", found, "lammps")
        self.expect_energies(found)
        self.expect_ratio(f"{case.name} {size}", ratios(found, "lammps", "reproducible"), case.gates[0])
        self.expect_ratio(f"{case.name} {size}, not reproducible", ratios(found, "lammps", "not reproducible"), case.gates[1])

    def test_speed_of_each_potential(self):
        print_head()
        for case in CASES:
            for size in SETTINGS.sizes:
                if case.name in SETTINGS.cases:
                    with self.subTest(case=case.name, size=size):
                        self.compare(case, size)

    def test_two_threads(self):
        case = CASES[0]
        start = draw_start(case, "small", self.folder)
        print_head()
        found = in_turns({f"{n} threads": lambda n=n: run_pelagos(case, start, self.folder, 4 * SETTINGS.steps, f"run.threads={n}")
                          for n in (1, 2)}, SETTINGS.rounds)
        print_table("lj small", found, "1 threads")
        self.assertEqual(found["1 threads"][0].energy, found["2 threads"][0].energy)
        self.expect_ratio("two threads", ratios(found, "1 threads", "2 threads"), TWO_THREADS)

    def test_a_build_for_any_processor(self):
        case = CASES[0]
        command = build_portable(os.path.join(self.folder, "build"))
        start = draw_start(case, "small", self.folder)
        print_head()
        found = in_turns({
            "lammps": lambda: run_lammps(case, start, self.folder, SETTINGS.steps),
            "x86-64-v2": lambda: run_pelagos(case, start, self.folder, SETTINGS.steps, ONE_THREAD, command=command),
        }, SETTINGS.rounds)
        print_table("lj small", found, "lammps")
        self.expect_energies(found)
        self.expect_ratio("x86-64-v2", ratios(found, "lammps", "x86-64-v2"), PORTABLE)

    def test_balance_of_a_slab_in_vacuum(self):
        deck = ("app: md\nunits: lj\natoms: {lattice: {kind: fcc, density: 0.8, cells: [20, 20, 20], vacuum: [0, 0, 60]},"
                " velocities: {temperature: 1.4}}\npotential: {kind: lj, cutoff: 2.5}\ntime: {step: 0.005, end: 2.5}\n"
                "run: {threads: 2}\noutput: {series: {every: 100 steps}, checkpoints: {every: never}}\n")
        report, _ = run_deck(deck, self.folder, COMMAND)
        print(f"\nslab: imbalance {report['figures']['imbalance']:.3f}, {report['atom_steps_per_second'] / 1e6:.2f} M atom-steps/s")
        if SETTINGS.has_gates:
            self.assertLess(report["figures"]["imbalance"], IMBALANCE)


def read_arguments() -> list[str]:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Other arguments go to unittest.")
    parser.add_argument("--cases", default=",".join(SETTINGS.cases))
    parser.add_argument("--sizes", default=",".join(SETTINGS.sizes))
    parser.add_argument("--rounds", type=int, default=SETTINGS.rounds)
    parser.add_argument("--steps", type=int, default=SETTINGS.steps)
    parser.add_argument("--no-gates", action="store_true", help="print the tables; do not judge speeds")
    known, others = parser.parse_known_args()
    SETTINGS.cases, SETTINGS.sizes = known.cases.split(","), known.sizes.split(",")
    SETTINGS.rounds, SETTINGS.steps, SETTINGS.has_gates = known.rounds, known.steps, not known.no_gates
    return others


if __name__ == "__main__":
    if not shutil.which("lmp") or not os.path.isdir(POTENTIALS):
        print("skipped: lmp or its potentials are not there (Debian: lammps, lammps-data)")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *read_arguments()], verbosity=2)

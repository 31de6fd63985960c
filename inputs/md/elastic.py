#!/usr/bin/env python3
"""Lattice constant, energy and elastic constants of a cubic crystal, by runs of `pelagos` on strained crystals.

    inputs/md/elastic.py inputs/md/elastic.yaml [--strain 1e-4] [--cells 4] [--set KEY=VALUE ...] [--json]

The deck describes the crystal at rest (atoms.lattice) and how it is minimised (atoms.minimise, with pressure 0). A first run
finds the lattice constant. About it, each constant is the slope of a stress over a strain, by central differences:

    C11 = d sigma_xx / d epsilon_xx       C12 = d sigma_yy / d epsilon_xx       cubes along x, y, z
    C'11 = (C11 + C12 + 2 C44) / 2                                              [110], [-110], [001] along x, y, z

so that strains of an orthogonal box give all three (Nye, Physical Properties of Crystals, 1957, ch. 8). Atoms are minimised in
each strained box: the constants are those of a crystal whose atoms have found their places. Stress is minus the pressure, in
GPa, or as it is in reduced units.

Needs h5py, and looks for a Python that has it. The command is $PELAGOS_COMMAND, else build/release/pelagos, else the one on
the PATH.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

FIND_PYTHON = pathlib.Path(__file__).resolve().parents[2] / "plotting" / "find_python"

try:
    import h5py
except ImportError:  # goes on under an interpreter that has it, if there is one
    found_python = subprocess.run([FIND_PYTHON], stdout=subprocess.PIPE, text=True, check=False)
    if found_python.returncode != 0:
        sys.exit(found_python.returncode)
    os.execv(found_python.stdout.strip(), [found_python.stdout.strip(), *sys.argv])

BUILT = pathlib.Path(__file__).resolve().parents[2] / "build" / "release" / "pelagos"
GIGAPASCALS = {"bar": 1e-4, "atm": 1.01325e-4}
SERIES = ("box_length_x", "potential_energy_per_atom", "pressure_xx", "pressure_yy", "pressure_zz")
TURNED = ("atoms.lattice.orient.x=[1, 1, 0]", "atoms.lattice.orient.y=[-1, 1, 0]")


class Crystal:
    """The deck's crystal; each look at it is a run of one step, of which the state at step 0 counts."""

    def __init__(self, deck: str, sets: list[str], cells: int):
        self.deck, self.sets, self.cells = deck, sets, cells
        self.command = os.environ.get("PELAGOS_COMMAND") or (str(BUILT) if BUILT.exists() else "pelagos")

    def look(self, *sets: str) -> dict[str, float]:
        """The series at step 0; pressures in GPa but for reduced units."""
        with tempfile.TemporaryDirectory(prefix="pelagos-elastic-") as folder:
            every = (*self.sets, *sets, "output.series.every=1 steps", "output.checkpoints.every=never")
            words = [word for pair in every for word in ("--set", pair)]
            subprocess.run([self.command, "run", self.deck, "-q", "-o", f"{folder}/run", "--steps", "1", *words], check=True)
            with h5py.File(f"{folder}/run/series.nc", "r") as file:
                return {name: float(file[name][0]) * scale_of(file[name]) for name in SERIES}

    def at_rest(self) -> tuple[float, float]:
        """Lattice constant and energy of an atom."""
        found = self.look(f"atoms.lattice.cells={[self.cells] * 3}")
        return found["box_length_x"] / self.cells, found["potential_energy_per_atom"]

    def slopes(self, constant: float, strain: float, is_turned: bool) -> list[float]:
        """d sigma_aa / d epsilon_xx for a = x, y, z, about the lattice constant."""
        across = math.ceil(self.cells / math.sqrt(2)) if is_turned else self.cells
        about = (f"atoms.lattice.constant={constant!r}", "atoms.minimise.pressure=none",
                 f"atoms.lattice.cells={[across, across, self.cells]}", *(TURNED if is_turned else ()))
        up, down = (self.look(*about, f"atoms.lattice.strain=[{sign * strain!r}, 0, 0]") for sign in (1, -1))
        return [(down[name] - up[name]) / (2 * strain) for name in ("pressure_xx", "pressure_yy", "pressure_zz")]


def scale_of(variable: h5py.Dataset) -> float:
    """Makes gigapascals of pressures in bar or atm; of reduced units, and of all else, nothing."""
    units = variable.attrs["units"]
    return GIGAPASCALS.get(units.decode() if isinstance(units, bytes) else units, 1.0)


def measure(crystal: Crystal, strain: float) -> dict[str, float]:
    constant, energy = crystal.at_rest()
    c11, xy, xz = crystal.slopes(constant, strain, False)
    along = crystal.slopes(constant, strain, True)[0]
    c12 = (xy + xz) / 2
    return {"a0": constant, "energy": energy, "C11": c11, "C12": c12, "C44": along - (c11 + c12) / 2}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("deck")
    parser.add_argument("--strain", type=float, default=1e-4, help="of the boxes, up and down (default: 1e-4)")
    parser.add_argument("--cells", type=int, default=4, help="cells of the crystal along each dimension (default: 4)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as of pelagos run")
    parser.add_argument("--json", action="store_true", help="print one object of JSON")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    try:
        found = measure(Crystal(asked.deck, asked.set, asked.cells), asked.strain)
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
    if asked.json:
        print(json.dumps(found))
        return
    print(f"a0  {found['a0']:.8f}\nE   {found['energy']:.9f} an atom")
    for name in ("C11", "C12", "C44"):
        print(f"{name} {found[name]:.3f}")


if __name__ == "__main__":
    main()

"""Runs of the app md that begin from the checkpoint of another (--from): what the state brings, and what the deck says."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from collections.abc import Sequence

import h5py

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
MELT = os.path.join(SOURCE, "inputs", "md", "melt.yaml")
CELLS = "atoms.lattice.cells=[9, 5, 5]"  # 15.12 long: positions of a box that stays as it is reach up to 16
BEGIN = 5


class From(unittest.TestCase):
    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        self.run_melt("first", BEGIN)

    def run_melt(self, name: str, steps: int, *sets: str, is_new: bool = False, words: Sequence[str] = ()) -> dict:
        """The report of a run."""
        words = [*words, *(word for pair in (CELLS, "run.threads=1", *sets) for word in ("--set", pair))]
        words += ["--from", f"{self.folder}/first/checkpoints/{BEGIN:010d}.h5"] if is_new else []
        subprocess.run([COMMAND, "run", MELT, "-q", "-o", f"{self.folder}/{name}", "--steps", str(steps), *words], check=True)
        with open(f"{self.folder}/{name}/report.json", encoding="utf-8") as file:
            return json.load(file)

    def series(self, name: str, variable: str) -> list[float]:
        with h5py.File(f"{self.folder}/{name}/series.nc", "r") as file:
            return file[variable][()].tolist()

    def test_the_same_deck_goes_on_to_the_same_bits(self) -> None:
        self.assertEqual(self.run_melt("next", 20, is_new=True)["final_state"], self.run_melt("whole", 20)["final_state"])

    def test_masses_are_those_of_the_deck(self) -> None:
        self.run_melt("heavy", BEGIN + 1, "masses=[2]", "output.series.every=1 steps", is_new=True)
        for density in self.series("heavy", "density"):
            self.assertAlmostEqual(density, 2 * 0.8442, delta=1e-12)
        with h5py.File(f"{self.folder}/heavy/checkpoints/{BEGIN + 1:010d}.h5", "r") as file:
            self.assertEqual(file["tables/types/mass"][()].ravel().tolist(), [2.0])

    def test_a_box_may_grow_that_could_not(self) -> None:
        self.run_melt("longer", 100, "dynamics.deform={rate: [0.2, 0, 0]}", "output.series.every=100 steps", is_new=True)
        lengths = self.series("longer", "box_length_x")
        self.assertAlmostEqual(lengths[-1] / lengths[0], 1 + 0.2 * 0.005 * (100 - BEGIN), delta=1e-12)

    def test_a_deformation_begins_with_the_box_that_it_finds(self) -> None:
        sets = ("dynamics.deform={rate: [0.2, 0, 0]}", "output.series.every=1 steps")
        self.run_melt("first", 2 * BEGIN, *sets, "output.checkpoints.every=5 steps", words=("--overwrite",))
        self.run_melt("back", BEGIN + 2, "dynamics.deform={rate: [-0.2, 0, 0]}", sets[1], is_new=True)
        before, lengths = self.series("first", "box_length_x")[BEGIN], self.series("back", "box_length_x")
        self.assertEqual(lengths[0], before)
        for step, length in enumerate(lengths):
            self.assertAlmostEqual(length / before, 1 - 0.2 * 0.005 * step, delta=1e-12)


if __name__ == "__main__":
    unittest.main()

"""`pelagos plan --tiles`: what it writes is a schedule. Played back in an adversarial order it computes every point of
every step once, and no loop meets a value of another step than it needs; and the pictures of the docs come from it."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest

import numpy

SOURCE, COMMAND = os.environ["PELAGOS_SOURCE"], os.environ["PELAGOS_COMMAND"]
SHAPE = {"run.threads": "2", "run.pitch": "16", "run.height": "3", "run.chunk": "16"}
HEAT = {**SHAPE, "time.scheme": "euler", "grid.cells": "[48, 64]"}


def plan(deck: str, sets: dict[str, str], *options: str) -> subprocess.CompletedProcess:
    """`pelagos plan` of a deck in inputs/."""
    given = [word for key, value in sets.items() for word in ("--set", f"{key}={value}")]
    return subprocess.run([COMMAND, "plan", os.path.join(SOURCE, "inputs", deck), *given, *options],
                          capture_output=True, text=True, check=False)


def read_tiles(deck: str, sets: dict[str, str], steps: int) -> dict:
    """The tiles of a deck."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tiles.json")
        done = plan(deck, sets, "--tiles", path, "--steps", str(steps))
        assert done.returncode == 0, done.stderr
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def in_legal_order(tiles: list) -> list[tuple[int, int]]:
    """Every tile after those that it waits for; else the furthest row first."""
    left = {(row, tile): {(row - 1, parent) for parent in parents} for row, tile, _, _, parents in tiles}
    order = []
    while left:
        ready = max(key for key, parents in left.items() if not parents & left.keys())
        del left[ready]
        order.append(ready)
    return order


def span(lo: int, hi: int, reach: int, n: int, is_periodic: bool) -> numpy.ndarray:
    """The indices of [lo - reach, hi + reach), round the seam or up to the walls."""
    at = numpy.arange(lo - reach, hi + reach)
    return at % n if is_periodic else at[(at >= 0) & (at < n)]


class Tiles(unittest.TestCase):
    def play_heat_back(self, sets: dict[str, str], steps: int, heeds_parents: bool = True) -> None:
        """Counts the steps that each point has been through: diffusion looks one point around, euler updates."""
        data = read_tiles("heat/plate.yaml", {**HEAT, **sets}, steps)
        if not heeds_parents:
            data["tiles"] = [[*tile[:4], []] for tile in data["tiles"]]
        names = [None if slot["boundary"] else slot["name"] for slot in data["slots"]]
        self.assertEqual([name for name in names if name], ["diffusion", "euler"])
        (nx, ny, _), periodic = data["cells"], data["periodic"]
        boxes: dict = {}
        for row, tile, _, slot, step, *box in data["boxes"]:
            boxes.setdefault((row, tile), []).append((names[slot], step, box))
        temperature, tendency = numpy.zeros((ny, nx), int), numpy.zeros((ny, nx), int)
        for key in in_legal_order(data["tiles"]):
            for name, step, (x_lo, x_hi, y_lo, y_hi, _, _) in boxes.get(key, []):
                here = numpy.s_[y_lo:y_hi, x_lo:x_hi]
                if name == "diffusion":
                    around = numpy.ix_(span(y_lo, y_hi, 1, ny, periodic[1]), span(x_lo, x_hi, 1, nx, periodic[0]))
                    corners = temperature[around]
                    self.assertTrue((corners[1:-1] == step).all() and (corners[:, 1:-1] == step).all(), (key, step))
                    tendency[here] = step + 1
                elif name == "euler":
                    self.assertTrue((temperature[here] == step).all() and (tendency[here] == step + 1).all(), key)
                    temperature[here] = step + 1
        self.assertTrue((temperature == steps).all())

    def test_between_walls_every_point_is_computed_once_a_step_from_values_of_the_step_before(self):
        self.play_heat_back({}, 9)

    def test_across_the_seams_too(self):
        self.play_heat_back({"grid.boundary": "periodic"}, 9)

    def test_a_last_block_that_is_cut_short(self):
        self.play_heat_back({"grid.boundary": "[wall, periodic]"}, 7)

    def test_tiles_that_do_not_wait_for_others_go_wrong(self):
        with self.assertRaises(AssertionError):
            self.play_heat_back({}, 9, heeds_parents=False)

    def test_every_loop_of_a_step_covers_its_points_once(self):
        data = read_tiles("shallow_water/double_gyre.yaml", {**SHAPE, "grid.cells": "[48, 96]"}, 5)
        counts = numpy.zeros((5, len(data["slots"]), 98, 50), int)
        for _, _, _, slot, step, x_lo, x_hi, y_lo, y_hi, _, _ in data["boxes"]:
            counts[step, slot, y_lo + 1:y_hi + 1, x_lo + 1:x_hi + 1] += 1
        self.assertEqual(counts.max(), 1)
        self.assertTrue((counts == counts[0]).all())
        for slot, of in enumerate(data["slots"]):
            if of["name"] == "continuity":
                self.assertTrue((counts[0, slot, 1:97, 1:49] == 1).all() and counts[0, slot].sum() == 96 * 48)

    def test_without_tiles_in_time_it_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tiles.json")
            done = plan("heat/bar.yaml", {}, "--tiles", path)
            self.assertEqual(done.returncode, 2)
            self.assertIn("the grid has one dimension", done.stderr)
            self.assertFalse(os.path.exists(path))

    def test_steps_without_tiles_are_refused(self):
        done = plan("heat/plate.yaml", {}, "--steps", "4")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--tiles", done.stderr)

    def test_the_pictures_of_the_docs_are_drawn_from_it(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["bash", os.path.join(SOURCE, "docs", "draw_tiling.sh"), folder], check=True)
            for name in ("diamonds", "wavefront", "waits"):
                with open(os.path.join(folder, f"tiling_{name}.svg"), encoding="utf-8") as file:
                    drawn = file.read()
                with open(os.path.join(SOURCE, "docs", f"tiling_{name}.svg"), encoding="utf-8") as file:
                    kept = file.read()
                self.assertIn("</svg>", drawn)
                self.assertLess(len(kept), 150000)
                self.assertEqual(words(drawn), words(kept), f"docs/tiling_{name}.svg is out of date: docs/draw_tiling.sh")


def words(svg: str) -> list[str]:
    """The texts of a picture: numbers of tiles, titles, ticks. Where matplotlib puts them differs between versions."""
    return [part.split("<")[0].strip() for part in svg.split(">") if part.split("<")[0].strip() and "{" not in part]


if __name__ == "__main__":
    unittest.main()

"""What the tests of `pelagos scale` share: tiny decks, a study run, its scale.json, what must hold for any study."""

from __future__ import annotations

import json
import math
import os
import pathlib
import statistics
import subprocess
import tempfile
import unittest

SOURCE, COMMAND = pathlib.Path(os.environ["PELAGOS_SOURCE"]), os.environ["PELAGOS_COMMAND"]
PLATE = SOURCE / "inputs" / "heat" / "plate.yaml"
SHORT = ("--seconds", "0.05", "--repeat", "2", "--threads", "1,2")


def scale(*words: object, sets: tuple[str, ...] = (), cwd: pathlib.Path | None = None,
          env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Runs `pelagos scale WORDS --set SETS`, `env` added to the environment."""
    command = [COMMAND, "scale", *map(str, words), *(word for pair in sets for word in ("--set", pair))]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd,
                          env={**os.environ, **(env or {})})


def read(folder: pathlib.Path) -> dict:
    """The scale.json of a study."""
    return json.loads((folder / "scale.json").read_text(encoding="utf-8"))


def tree(folder: pathlib.Path) -> dict[str, bytes | None]:
    """Everything in a folder: the bytes of files, None for folders; locks come and go."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
            for path in sorted(folder.rglob("*")) if path.name != ".lock"}


def times(study: dict) -> dict[tuple, float]:
    """The seconds of every sample of a study, by mode, threads, places and round."""
    return {(point["mode"], point["threads"], point["places"], sample["round"]): sample["seconds"]
            for point in study["points"] for sample in point["samples"]}


def middle(values: list[float]) -> float:
    """The median; of an even number the geometric mean of the middle two."""
    return math.exp(statistics.median(map(math.log, values)))


class Case(unittest.TestCase):
    """A test with a scratch folder, removed afterwards."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="pelagos-scale-")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.folder = self.scratch / "study"

    def succeeds(self, done: subprocess.CompletedProcess) -> None:
        """The study has finished."""
        self.assertEqual(done.returncode, 0, done.stderr)

    def fails(self, done: subprocess.CompletedProcess, code: int, *words: str) -> None:
        """One sentence says what is wrong: on standard error, one line "error:" or argp's two."""
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def refuses(self, *words: object, says: str, code: int = 2, **more) -> None:
        """A study is refused, and the scratch folder stays as it was."""
        before = tree(self.scratch)
        self.fails(scale(*words, "-o", self.folder, **more), code, says)
        self.assertEqual(tree(self.scratch), before)

    def is_whole(self, study: dict, rounds: int) -> None:
        """All points have all their samples, and the figures agree with one another."""
        asked = study["study"]
        wanted = {(mode, threads, places) for mode in asked["modes"] for threads in asked["threads"]
                  for places in asked["places"]}
        self.assertEqual(study["format"], "pelagos-scale-1")
        self.assertEqual(asked["outcome"], "finished")
        self.assertEqual({(p["mode"], p["threads"], p["places"]) for p in study["points"]}, wanted)
        self.assertEqual(len(study["points"]), len(wanted))
        for point in study["points"]:
            self.assertEqual([sample["round"] for sample in point["samples"]], list(range(rounds)), point)
            self.is_consistent(study, point)

    def is_consistent(self, study: dict, point: dict) -> None:
        """Speed-up, efficiency and POP factors of a point are those of its samples' times."""
        asked = study["study"]
        fewest = min(asked["threads"])
        for sample in point["samples"]:
            self.close(sample["seconds_per_step"], sample["seconds"] / sample["steps"])
            self.close(sample["rate"], point["work_per_step"] * sample["steps"] / sample["seconds"])
            self.assertEqual(sample["hash"], point["hash"])
            self.assertGreater(sample["warm_up"], 0)
        self.are_medians(study, point)
        self.are_rates(study, point)
        more = point["threads"] / fewest
        self.close(point["efficiency"]["value"], point["speedup"]["value"] / more)
        if point["threads"] == fewest:
            self.close(point["speedup"]["value"], 1)
        if point["pop"]:
            pop = point["pop"]
            self.close(pop["parallel"], pop["load_balance"] * pop["serialisation"] * pop["transfer"])
            if pop["global"] is not None:
                self.close(pop["global"], pop["parallel"] * pop["computation"])
        if point["time"]:
            self.close(sum(point["time"][part] for part in ("busy", "waiting", "overhead")), 1)

    def are_medians(self, study: dict, point: dict) -> None:
        """Times are the median of the samples, speed-ups that of the ratios within rounds to the fewest threads."""
        base = min((other for other in study["points"] if (other["mode"], other["places"]) ==
                    (point["mode"], point["places"])), key=lambda other: other["threads"])
        grown = point["threads"] / base["threads"] if point["mode"] == "weak" else 1
        seconds, of_base = ([sample["seconds_per_step"] for sample in which["samples"]] for which in (point, base))
        self.close(point["seconds_per_step"]["value"], middle(seconds))
        self.close(point["rate"]["value"], point["work_per_step"] / middle(seconds))
        self.close(point["speedup"]["value"], grown / middle([a / b for a, b in zip(seconds, of_base)]))

    def are_rates(self, study: dict, point: dict) -> None:
        """Traffic is beside the bandwidth of as many threads; the rates of chains agree with one another."""
        traffic = point["traffic"]
        for figure in (study["machine"]["measured"] or {}).get("bandwidth", []):
            if traffic and (figure["threads"], figure["level"]) == (point["threads"], "memory"):
                self.close(traffic["bandwidth"], figure["bytes_per_second"])
                self.close(traffic["fraction"], traffic["declared_bytes_per_second"] / traffic["bandwidth"])
        for chain in point["chains"]:
            if chain["flops_per_second"] is None:
                continue
            self.close(chain["flops_per_second"], chain["updates_per_second"] * chain["flops_per_update"])
            self.close(chain["intensity"], chain["flops_per_update"] / chain["bytes_per_update"])
            if chain["roof"]:
                self.close(chain["fraction_of_roof"], chain["flops_per_second"] / chain["roof"])

    def close(self, a: float, b: float) -> None:
        """Equal but for what printing rounds away."""
        self.assertTrue(math.isclose(a, b, rel_tol=1e-6), f"{a} and {b}")

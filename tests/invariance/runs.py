"""What the tests of sameness share: decks made small, runs of the command, final states, comparison of outputs.

Every random choice comes from one seed, which is printed; PELAGOS_SEED=N repeats a test.
"""

from __future__ import annotations

import contextlib
import dataclasses
import glob
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(HERE, "..", "..")
COMMAND = os.environ.get("PELAGOS_COMMAND") or os.path.join(SOURCE, "build", "release", "pelagos")
INPUTS = os.path.join(SOURCE, "inputs")

FINISHED, STOPPED = 0, 3  # exit codes
SMALL = (37, 29, 11)  # cells at most along x, y, z; odd, so that no tile divides them
LIMIT = 120  # s that one process may take

QUIET = ("output.series.every=never", "output.snapshots=[]", "output.averages=[]", "output.checkpoints.every=never")
BUSY = (
    "output.series.every=3 steps",
    "output.snapshots=[{every: 4 steps}, {name: thin, every: 5 steps, precision: float, compress: 1, stride: 2}]",
    "output.averages=[{every: 6 steps, sample: 2 steps, variance: true}]",
    "output.checkpoints={every: 7 steps, keep: 2}",
)
EVERY_STEP = (
    "output.series.every=1 steps",
    "output.snapshots=[{every: 1 steps}]",
    "output.averages=[{every: 2 steps}]",
    "output.checkpoints={every: 1 steps, keep: 3}",
)
GYRE = os.path.join(INPUTS, "shallow_water", "double_gyre.yaml")


@dataclasses.dataclass(frozen=True)
class Case:
    """A deck with overrides."""

    name: str
    deck: str
    sets: tuple[str, ...]
    dimensions: int

    def with_sets(self, *sets: str) -> Case:
        return dataclasses.replace(self, sets=(*self.sets, *sets))


@dataclasses.dataclass(frozen=True)
class Ended:
    """A run of the command that has ended."""

    code: int
    said: str
    line: str

    def __str__(self) -> str:
        return f"exit code {self.code} of\n    {self.line}\n{self.said[-1500:]}"


class Different(AssertionError):
    """Two things that should be the same bits are not, or a run did not end as it should."""


# ---- decks ----


def every_deck() -> list[str]:
    """Every deck of inputs/, found by pattern so that none can be forgotten."""
    return sorted(path for ending in ("yaml", "yml")
                  for path in glob.glob(os.path.join(INPUTS, "**", f"*.{ending}"), recursive=True))


def is_of_particles(deck: str) -> bool:
    return os.path.relpath(deck, INPUTS).startswith("md" + os.sep)


def deck_paths() -> list[str]:
    """The decks of apps with a grid."""
    return [deck for deck in every_deck() if not is_of_particles(deck)]


def particle_decks() -> list[str]:
    """The others."""
    return [deck for deck in every_deck() if is_of_particles(deck)]


def cells_of(deck: str) -> list[int]:
    """The cells that a deck asks for, as the command understands it."""
    checked = subprocess.run([COMMAND, "check", deck], capture_output=True, text=True, timeout=LIMIT)
    found = re.search(r"^  cells: \[([0-9, ]+)\]", checked.stdout, re.MULTILINE)
    if checked.returncode != 0 or not found:
        raise Different(f"pelagos check {deck} shows no cells:\n{checked.stdout}{checked.stderr}")
    return [int(number) for number in found.group(1).split(",")]


def small_case(deck: str) -> Case:
    """The deck on a grid on which many short runs cost little."""
    cells = [min(cell, most) for cell, most in zip(cells_of(deck), SMALL)]
    return Case(os.path.relpath(deck, INPUTS), deck, (f"grid.cells={cells}",), len(cells))


# ---- running ----


def command_line(case: Case, folder: str, *more: str) -> list[str]:
    sets = [word for pair in case.sets for word in ("--set", pair)]
    return [COMMAND, "run", case.deck, "-o", folder, "--quiet", *sets, *more]


def execute(line: Sequence[str], environment: dict[str, str] | None = None) -> Ended:
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT,
                          env=None if environment is None else {**os.environ, **environment})
    return Ended(done.returncode, done.stdout, shlex.join(line))


def run(case: Case, folder: str, *more: str, code: int = FINISHED, environment: dict[str, str] | None = None) -> Ended:
    """Runs a case, which must end with `code`."""
    ended = execute(command_line(case, folder, *more), environment)
    if ended.code != code:
        raise Different(f"{case.name}: exit code {code} was expected: {ended}")
    return ended


def start(case: Case, folder: str, *more: str) -> subprocess.Popen:
    """Starts a case in the background; what it says goes to FOLDER.log."""
    with open(f"{folder}.log", "w", encoding="utf-8") as log:
        return subprocess.Popen(command_line(case, folder, *more), stdout=log, stderr=subprocess.STDOUT)


def put_down(process: subprocess.Popen) -> None:
    """Makes sure that a process started here is gone."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()


# ---- what a run has left ----


def report(folder: str) -> dict:
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        return json.load(file)


def final_state(folder: str) -> tuple[int, str]:
    """The step and the hash of the state that a run ended with."""
    found = report(folder)
    if not re.fullmatch(r"[0-9a-f]{16}", found["final_state"]):
        raise Different(f"{folder}/report.json has no hash of the final state: {found['final_state']!r}")
    return found["step"], found["final_state"]


def outputs(folder: str) -> list[str]:
    return sorted(os.path.basename(path) for ending in ("nc", "h5") for path in glob.glob(os.path.join(folder, f"*.{ending}")))


def same(a: str, b: str) -> None:
    """The newest checkpoints and all output files of two runs hold the same bits."""
    ended = execute([COMMAND, "compare", a, b])
    if ended.code != 0:
        raise Different(f"{a} and {b} differ: {ended}")
    files = outputs(a)
    if not files or ended.said.count(": the same") != len(files) + 1:
        raise Different(f"compare looked at something else than {files} and a checkpoint: {ended}")


# ---- around a test ----


def seeded() -> random.Random:
    """The generator of all random choices of a test."""
    seed = os.environ.get("PELAGOS_SEED") or str(random.SystemRandom().randrange(10**6))
    print(f"PELAGOS_SEED={seed} repeats this", file=sys.stderr, flush=True)
    return random.Random(int(seed))


@contextlib.contextmanager
def scratch(in_memory: bool = False) -> Iterator[str]:
    """A folder that goes away; in memory where asked for and possible, since many small runs mostly wait for a disk."""
    memory = "/dev/shm"
    roomy = in_memory and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**30
    with tempfile.TemporaryDirectory(prefix="pelagos-invariance-", dir=memory if roomy else None) as folder:
        yield folder


def as_sets(**run_keys: object) -> tuple[str, ...]:
    """Overrides of run keys: as_sets(threads=2, check_access="true")."""
    return tuple(f"run.{key.replace('_', '-')}={value}" for key, value in run_keys.items())


def first_of(problems: Sequence[str], most: int = 5) -> str:
    """What a failed test shows of all that went wrong."""
    return "\n\n".join([f"{len(problems)} things went wrong; the first of them:", *problems[:most]])

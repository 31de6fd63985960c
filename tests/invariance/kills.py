"""A run that is killed again and again, and resumed each time.

Some kills come at random times. Others are aimed: the run is frozen (SIGSTOP) as soon as a file shows that it is inside
an append (the journal of an output holds bytes) or inside a checkpoint (its partial file is there), and if it still is
once frozen, it is killed there.
"""

from __future__ import annotations

import glob
import os
import random
import re
import signal
import subprocess
import time

import h5py
import numpy
import runs
import xarray
from runs import Case, Different

END = "15 days"
OUTPUT = (
    "output.series.every=2 steps",
    "output.snapshots=[{every: 3 steps, fields: [eta, u, v, vorticity]}, {name: thin, every: 5 steps, precision: float, "
    "compress: 3}]",
    "output.averages=[{every: 6 steps, sample: 2 steps}]",
    "output.checkpoints={every: 2 steps, keep: 3}",
    "run.stretch=10 ms",
)
RANDOM, APPEND, CHECKPOINT = "at random", "inside an append", "inside a checkpoint"
LONGEST_LIFE = 0.6  # s before a random kill; an aimed one waits for as many seconds before it watches


def gyre(end: str = END) -> Case:
    return runs.small_case(runs.GYRE).with_sets(*OUTPUT, f"time.end={end}", "run.threads=2")


# ---- where the run is ----


def is_inside(folder: str, target: str) -> bool:
    """Whether the files say that the run is within what `target` names."""
    if target == CHECKPOINT:
        return bool(glob.glob(os.path.join(folder, "checkpoints", ".*.partial")))
    return any(size_of(path) > 0 for path in glob.glob(os.path.join(folder, ".*.journal")))


def size_of(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def wait_until_frozen(process: subprocess.Popen) -> bool:
    """Whether all threads stand still: SIGSTOP takes a moment. False if the process has ended."""
    while process.poll() is None:
        with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
            state = file.read().rpartition(")")[2].split()[0]
        if state in "TZ":
            return state == "T"
        time.sleep(0.0002)
    return False


# ---- one life ----


def freeze_inside(process: subprocess.Popen, folder: str, target: str) -> bool:
    """Freezes the run within `target`; False if it ended before that was possible."""
    while process.poll() is None:
        if not is_inside(folder, target):
            continue
        process.send_signal(signal.SIGSTOP)
        if wait_until_frozen(process) and is_inside(folder, target):
            return True
        process.send_signal(signal.SIGCONT)
    return False


def live_and_die(case: Case, folder: str, target: str, rng: random.Random) -> bool:
    """One life of the run: True if it was killed as `target` says, False if it finished before."""
    process = runs.start(case, folder, "--resume")
    try:
        wait(process, rng.uniform(0, LONGEST_LIFE))
        if target != RANDOM and not freeze_inside(process, folder, target):
            return finished(process, folder)
        if process.poll() is not None:
            return finished(process, folder)
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        return code == -signal.SIGKILL or finished(process, folder)
    finally:
        runs.put_down(process)


def wait(process: subprocess.Popen, seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass


def finished(process: subprocess.Popen, folder: str) -> bool:
    """False, for a run that was not killed; one that failed raises."""
    if process.wait() != runs.FINISHED:
        with open(f"{folder}.log", encoding="utf-8") as log:
            raise Different(f"exit code {process.returncode} of a run resumed after a kill:\n{log.read()[-2000:]}")
    return False


# ---- what a killed run has left ----


def beginning_of(whole: h5py.File, left: h5py.File, path: str) -> None:
    """What the killed run's file holds is how the whole run's begins."""
    for name in whole:
        if name not in left:
            raise Different(f"{path} has no {name}")
        a, b = whole[name][...], left[name][...]
        if a.dtype.names:
            continue
        if left[name].maxshape[:1] == (None,):
            a = a[: len(b)]
        if a.shape != b.shape or not numpy.array_equal(a, b, equal_nan=a.dtype.kind == "f"):
            raise Different(f"{path}: {name} holds {b.shape} values that the run never stopped does not begin with")


def check_left(whole: str, folder: str) -> int:
    """Every output is readable by h5py and xarray and is a beginning of the whole; the records found."""
    records = 0
    for name in runs.outputs(folder):
        path = os.path.join(folder, name)
        try:
            with h5py.File(path, "r", locking=False) as left, h5py.File(os.path.join(whole, name), "r") as all_of_it:
                beginning_of(all_of_it, left, path)
                found = len(left["time"])
            with xarray.open_dataset(path, decode_times=found > 0) as data:  # xarray decodes no empty calendar
                if data.load().sizes["time"] != found:
                    raise Different(f"{path}: xarray and h5py disagree about its {found} records")
            records += found
        except (OSError, KeyError, RuntimeError, ValueError) as wrong:
            raise Different(f"{path} cannot be read after a kill: {wrong!r}") from wrong
    return records


# ---- many lives ----


class Killer:
    """Kills runs of a case until `kills` have landed, resuming each time; what happened is counted."""

    def __init__(self, case: Case, folder: str, rng: random.Random):
        self.case, self.folder, self.rng = case, folder, rng
        self.whole = os.path.join(folder, "whole")
        self.landed = {RANDOM: 0, APPEND: 0, CHECKPOINT: 0}
        self.records = self.resumed = self.rounds = 0
        runs.run(case, self.whole)

    def kill(self, times: int) -> None:
        targets = [target for target, share in ((APPEND, 3), (CHECKPOINT, 3), (RANDOM, 4)) for _ in range(share)]
        wanted = [targets[i % len(targets)] for i in range(times)]
        self.rng.shuffle(wanted)
        while wanted:
            self.run_one_round(wanted)
            if self.rounds > 2 * times:
                raise Different(f"runs finish before they are killed: {self.landed} after {self.rounds} rounds")

    def run_one_round(self, wanted: list[str]) -> None:
        """One run from its start to its end, through as many kills as come before its end; takes them off `wanted`."""
        self.rounds += 1
        folder = os.path.join(self.folder, f"killed{self.rounds}")
        while wanted:
            step = newest_step(folder)
            if not live_and_die(self.case, folder, wanted[-1], self.rng):
                break
            self.landed[wanted.pop()] += 1
            self.resumed += step > 0
            self.records += check_left(self.whole, folder)
        runs.run(self.case, folder, "--resume")
        self.check_end(folder)

    def check_end(self, folder: str) -> None:
        if runs.final_state(folder) != runs.final_state(self.whole):
            raise Different(f"{folder}: {runs.final_state(folder)} after kills, {runs.final_state(self.whole)} without")
        runs.same(self.whole, folder)
        litter = glob.glob(os.path.join(folder, "checkpoints", ".*"))
        if litter:
            raise Different(f"left behind after kills: {litter}")


def newest_step(folder: str) -> int:
    """The step of the newest checkpoint, 0 if there is none."""
    names = glob.glob(os.path.join(folder, "checkpoints", "*.h5"))
    return max((int(re.sub(r"\D", "", os.path.basename(name)[:-3])) for name in names), default=0)

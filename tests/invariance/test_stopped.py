# timeout: 600
"""Stopped by a signal or a limit: within two seconds, exit code 3, a good checkpoint; resumed: as never stopped."""

from __future__ import annotations

import os
import signal
import time
import unittest

import runs
from runs import BUSY, FINISHED, STOPPED, Case

STARTED = 30.0  # s for a run to make its first step, on a machine that does other things too
ENDLESS = "100000 years"
ABOUT_TWO_SECONDS = 2.5 * float(os.environ.get("PELAGOS_PATIENCE", "1"))  # more under a sanitizer
STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


def gyre(end: str = ENDLESS, *more: str) -> Case:
    """Silent but for checkpoints every 200 steps, so that a test sees that it runs."""
    return runs.small_case(runs.GYRE).with_sets(
        f"time.end={end}", "run.threads=2", "output.series.every=never", "output.snapshots=[]",
        "output.checkpoints={every: 200 steps, keep: 2}", *more)


def newest_checkpoint(folder: str) -> str:
    return max(os.path.join(folder, "checkpoints", name) for name in os.listdir(f"{folder}/checkpoints")
               if name.endswith(".h5"))


class Stopped(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(runs.scratch())

    def place(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def wait_for_step(self, process, folder: str) -> None:
        end = time.monotonic() + STARTED
        while time.monotonic() < end:
            self.assertIsNone(process.poll(), "the run goes on")
            if os.path.isdir(f"{folder}/checkpoints") and any(n.endswith(".h5") for n in os.listdir(f"{folder}/checkpoints")):
                return
            time.sleep(0.01)
        self.fail(f"no checkpoint within {STARTED} s")

    def check_stopped(self, folder: str, reason: str) -> int:
        """The report says what stopped it, its state is in the newest checkpoint, and that verifies; the step."""
        report = runs.report(folder)
        self.assertEqual(report["outcome"], "stopped")
        self.assertIn(reason, report["reason"])
        self.assertEqual(newest_checkpoint(folder), f"{folder}/checkpoints/{report['step']:010d}.h5")
        told = runs.execute([runs.COMMAND, "info", newest_checkpoint(folder)])
        self.assertEqual(told.code, FINISHED, told)
        self.assertGreater(report["step"], 0)
        return report["step"]

    def check_goes_on(self, folder: str, step: int) -> None:
        """Resumed for some more steps it ends as a run never stopped."""
        end = str(step + 57)
        runs.run(gyre(), folder, "--resume", "--steps", end)
        runs.run(gyre(), self.place("whole"), "--overwrite", "--steps", end)
        self.assertEqual(runs.final_state(folder), runs.final_state(self.place("whole")))

    def stop_with(self, number: signal.Signals, folder: str) -> tuple[int, float]:
        process = runs.start(gyre(), folder)
        try:
            self.wait_for_step(process, folder)
            sent = time.monotonic()
            process.send_signal(number)
            return process.wait(STARTED), time.monotonic() - sent
        finally:
            runs.put_down(process)

    def test_signals_end_a_run_with_a_checkpoint(self):
        for number in STOPS:
            with self.subTest(number.name):
                folder = self.place(number.name)
                code, seconds = self.stop_with(number, folder)
                self.assertEqual(code, STOPPED)
                self.assertLess(seconds, ABOUT_TWO_SECONDS)
                self.check_goes_on(folder, self.check_stopped(folder, number.name))

    def check_limited(self, case: Case, name: str, reason: str, most: float, **how) -> None:
        began = time.monotonic()
        runs.run(case, self.place(name), code=STOPPED, **how)
        self.assertLess(time.monotonic() - began, most)
        self.check_goes_on(self.place(name), self.check_stopped(self.place(name), reason))

    def test_a_wall_limit_ends_a_run_with_a_checkpoint(self):
        case = gyre(ENDLESS, "run.wall-limit=1 s", "run.stretch=50 ms")
        self.check_limited(case, "limit", "run.wall-limit", 1 + ABOUT_TWO_SECONDS)

    def test_the_end_of_a_batch_job_ends_a_run_before_it(self):
        """Which leaves ten seconds for the batch system."""
        until = {"SLURM_JOB_END_TIME": str(int(time.time()) + 12)}
        self.check_limited(gyre(ENDLESS, "run.stretch=50 ms"), "batch", "SLURM_JOB_END_TIME", 2 + ABOUT_TWO_SECONDS,
                           environment=until)

    def test_a_wall_limit_too_short_for_a_step_still_leaves_a_checkpoint_that_goes_on(self):
        case = gyre(ENDLESS, "run.wall-limit=1 ms")
        runs.run(case, self.place("short"), code=STOPPED)
        self.check_goes_on(self.place("short"), runs.report(self.place("short"))["step"])


class Resumed(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(runs.scratch())
        self.run_folder = os.path.join(self.folder, "run")

    def case(self, end: str) -> Case:
        return runs.small_case(runs.GYRE).with_sets(*BUSY, f"time.end={end}", "run.threads=2")

    def whole(self, end: str) -> str:
        folder = os.path.join(self.folder, "whole")
        runs.run(self.case(end), folder)
        return folder

    def contents(self) -> dict[str, tuple[bytes, int]]:
        """Every file of the run but its log, and when it was last written."""
        found = {}
        for where, _, names in os.walk(self.run_folder):
            for path in (os.path.join(where, name) for name in names if name != "run.log"):
                with open(path, "rb") as file:
                    found[path] = (file.read(), os.stat(path).st_mtime_ns)
        return found

    def test_resuming_a_finished_run_changes_nothing(self):
        runs.run(self.case("5 days"), self.run_folder, "--resume")
        before = self.contents()
        self.assertGreater(len(before), 6)
        for _ in range(2):
            runs.run(self.case("5 days"), self.run_folder, "--resume")
            self.assertEqual({path for path, what in self.contents().items() if before.get(path) != what}, set())
            self.assertEqual(before.keys(), self.contents().keys())

    def check_lengthened(self, *ends: str) -> None:
        for end in ends:
            runs.run(self.case(end), self.run_folder, "--resume")
        whole = self.whole(ends[-1])
        self.assertEqual(runs.final_state(self.run_folder), runs.final_state(whole))
        runs.same(whole, self.run_folder)

    def test_a_finished_run_goes_on_to_a_later_end_as_one_long_run(self):
        self.check_lengthened("2 days", "3.1 days", "7 days")

    def test_a_run_stopped_and_given_a_later_end_goes_on_as_one_long_run(self):
        runs.run(self.case("4 days"), self.run_folder, "--steps", "31")
        self.check_lengthened("4 days", "6 days")

    def test_a_run_stopped_by_its_limit_again_and_again_ends_as_one_never_stopped(self):
        limited = self.case("8 days").with_sets("run.wall-limit=150 ms", "run.stretch=1 ms")
        stops = 0
        while runs.execute(runs.command_line(limited, self.run_folder, "--resume")).code == STOPPED and stops < 200:
            stops += 1
        self.assertGreater(stops, 0, "the limit was never reached")
        self.check_lengthened("8 days")


if __name__ == "__main__":
    unittest.main()

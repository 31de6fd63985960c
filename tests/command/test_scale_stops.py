"""`pelagos scale` interrupted, by whatever signal and whenever: nothing runs on, what was measured stays, and --resume
ends with the same points and samples as a study that nobody stopped."""
# timeout: 600

from __future__ import annotations

import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

from studies import COMMAND, PLATE, SHORT, Case, read, scale

STUDY = (PLATE, *SHORT, "--strong", "--resume")


def running(folder: pathlib.Path) -> list[str]:
    """Processes that have `folder` on their command line."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            pass
    return found


def good_samples(folder: pathlib.Path) -> dict[str, bytes]:
    """The reports of samples that count: those with their load beside them."""
    return {str(load): (load.parent / load.name.split(".")[0] / "report.json").read_bytes()
            for load in folder.glob("points/*/*.load.json")}


class Stops(Case):
    def begin(self, *more: str) -> subprocess.Popen:
        """Starts or resumes the study, in a process group of its own, and waits until it takes samples."""
        words = [str(word) for word in (COMMAND, "scale", *STUDY, "-o", self.folder, *more)]
        study = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True)
        while study.poll() is None and not running(self.folder / "points"):
            time.sleep(0.01)
        return study

    def nothing_runs_on(self) -> None:
        """The end of a killed study reaches its sample at once, but nobody waits for that."""
        last = time.monotonic() + 10
        while running(self.folder) and time.monotonic() < last:
            time.sleep(0.01)
        self.assertEqual(running(self.folder), [])

    def stop_and_resume(self, seed: int, stop) -> None:
        """Stops the study again and again, each time a bit later, until it is through."""
        moments = random.Random(seed)
        kept: dict[str, bytes] = {}
        for latest in range(1, 40):
            study = self.begin()
            try:
                study.wait(moments.uniform(0, 0.3 * latest))
            except subprocess.TimeoutExpired:
                stop(study)
            said = study.communicate()[1]
            self.nothing_runs_on()
            now = good_samples(self.folder)
            self.assertEqual(now | kept, now)
            kept = now
            if study.returncode == 0:
                break
            self.check_stopped(study, said, len(now))
        self.is_whole(read(self.folder), 2)

    def check_stopped(self, study: subprocess.Popen, said: str, samples: int) -> None:
        """A study that was asked to stop says so; one that was killed cannot."""
        if study.returncode == -signal.SIGKILL:
            return
        if study.returncode < 0: # all was done, but for the last lines of the process
            self.assertEqual(read(self.folder)["study"]["outcome"], "finished")
            return
        self.assertEqual(study.returncode, 3, said)
        self.assertIn(f"after {samples} of 4 samples; the same command with -o {self.folder} --resume goes on", said)
        if samples > 0:
            self.assertEqual(read(self.folder)["study"]["outcome"], "unfinished")

    def test_interrupted(self):
        self.stop_and_resume(1, lambda study: study.send_signal(signal.SIGINT))

    def test_terminated(self):
        self.stop_and_resume(2, lambda study: study.send_signal(signal.SIGTERM))

    def test_terminated_in_a_long_sample(self):
        study = self.begin("--seconds", "1000")
        study.terminate()
        said = study.communicate(timeout=100)[1]
        self.nothing_runs_on()
        self.check_stopped(study, said, 0)

    def test_killed_in_a_long_sample(self):
        study = self.begin("--seconds", "1000")
        study.kill()
        study.communicate(timeout=100)
        self.nothing_runs_on()

    def test_terminated_with_its_sample(self):
        self.stop_and_resume(3, lambda study: os.killpg(study.pid, signal.SIGTERM))

    def test_killed(self):
        self.stop_and_resume(4, lambda study: study.kill())

    def test_killed_with_its_sample(self):
        self.stop_and_resume(5, lambda study: os.killpg(study.pid, signal.SIGKILL))

    def test_the_end_of_the_batch_job(self):
        done = scale(*STUDY, "-o", self.folder, env={"SLURM_JOB_END_TIME": f"{time.time() + 11:.0f}"})
        self.fails(done, 3, "stopped by the end of the batch job (SLURM_JOB_END_TIME) after ")
        self.succeeds(scale(*STUDY, "-o", self.folder, env={"SLURM_JOB_END_TIME": f"{time.time() + 1e4:.0f}"}))
        self.is_whole(read(self.folder), 2)


if __name__ == "__main__":
    unittest.main()

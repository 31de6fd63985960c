"""`run.placement`: where the threads of a run may really be, as the kernel has it while the run steps."""

from __future__ import annotations

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

SOURCE, COMMAND = os.environ["PELAGOS_SOURCE"], os.environ["PELAGOS_COMMAND"]
GRANTED = os.sched_getaffinity(0)


def masks(threads: int, placement: str) -> list[set[int]]:
    """The processors that each thread of a run may use."""
    plain = {name: value for name, value in os.environ.items() if name not in ("OMP_PROC_BIND", "OMP_PLACES")}
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.Popen([COMMAND, "run", f"{SOURCE}/inputs/heat/plate.yaml", "-o", f"{folder}/run", "--quiet",
                                "--no-output", "--seconds", "60", "--set", f"run.threads={threads}", "--set",
                                f"run.placement={placement}"], env=plain)
        try:
            log = pathlib.Path(folder, "run", "run.log")
            while not (log.exists() and "begins" in log.read_text(encoding="utf-8")):
                assert run.poll() is None
                time.sleep(0.01)
            return [os.sched_getaffinity(int(task.name)) for task in pathlib.Path(f"/proc/{run.pid}/task").iterdir()]
        finally:
            run.kill()
            run.wait()


class Placement(unittest.TestCase):
    def test_compact_and_spread_threads_have_a_processor_each(self):
        for placement in ("compact", "spread"):
            for threads in (1, 2):
                with self.subTest(placement=placement, threads=threads):
                    found = masks(threads, placement)
                    self.assertEqual(len(found), threads)
                    self.assertEqual([len(mask) for mask in found], [1] * threads)
                    self.assertEqual(len(set.union(*found)), min(threads, len(GRANTED)))

    def test_threads_that_are_left_to_the_system_may_be_anywhere(self):
        self.assertEqual(masks(2, "none"), [GRANTED, GRANTED])


if __name__ == "__main__":
    unittest.main()

# timeout: 600
"""Killed (SIGKILL) at 20 moments, some inside an append or a checkpoint, and resumed: the same as never stopped."""

from __future__ import annotations

import unittest

import kills
import runs


def check(test: unittest.TestCase, times: int) -> None:
    with runs.scratch() as folder:
        killer = kills.Killer(kills.gyre(), folder, runs.seeded())
        killer.kill(times)
        print(f"{killer.landed}, {killer.resumed} of them after a resume, in {killer.rounds} runs", flush=True)
        test.assertEqual(sum(killer.landed.values()), times)
        test.assertGreaterEqual(killer.landed[kills.APPEND], times * 3 // 10)
        test.assertGreaterEqual(killer.landed[kills.CHECKPOINT], times * 3 // 10)
        test.assertGreater(killer.resumed, times // 4)
        test.assertGreater(killer.records, times)


class Killed(unittest.TestCase):
    def test_a_run_killed_twenty_times_ends_as_one_never_stopped(self):
        check(self, 20)


if __name__ == "__main__":
    unittest.main()

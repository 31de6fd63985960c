# label: long
# timeout: 3600
"""Killed at 100 moments and resumed: the same as never stopped."""

from __future__ import annotations

import unittest

import test_killed


class KilledOften(unittest.TestCase):
    def test_a_run_killed_a_hundred_times_ends_as_one_never_stopped(self):
        test_killed.check(self, 100)


if __name__ == "__main__":
    unittest.main()

# timeout: 600
"""Particles: the same bits whatever the threads, skin, sorting, stretches, output and stops, under each dynamics."""

from __future__ import annotations

import unittest

import particles
import runs
from particles import CELLS, DYNAMICS, MELT
from runs import Case, Different

WAYS = 2  # of each dynamics and each deck; the long form goes through all


class Particles(unittest.TestCase):
    def check(self, cases: list[Case]) -> None:
        rng = runs.seeded()
        for case in cases:
            with self.subTest(case.name), runs.scratch(in_memory=True) as folder:
                self.assertEqual(particles.check_case(case, particles.random_ways(WAYS, rng), folder, rng), WAYS)

    def test_each_dynamics_gives_the_same_bits_however_it_is_run(self):
        self.check(particles.dynamics())

    def test_each_deck_gives_the_same_bits_however_it_is_run(self):
        decks = particles.decks()
        self.assertGreater(len(decks), 4, "inputs/md holds the decks")
        self.check(decks)

    def test_a_run_killed_at_random_moments_ends_as_one_never_stopped(self):
        with runs.scratch(in_memory=True) as folder:
            name = "nose-hoover and barostat"
            self.assertGreater(particles.check_killed(name, DYNAMICS[name], 3, folder, runs.seeded()), 0)

    def test_the_written_deck_gives_the_same_bits(self):
        with runs.scratch(in_memory=True) as folder:
            case = Case("melt", MELT, (CELLS, *DYNAMICS["langevin"]), 3)
            runs.run(case, f"{folder}/one", "--steps", "20")
            runs.run(Case("again", f"{folder}/one/deck.yaml", (), 3), f"{folder}/two", "--steps", "20")
            runs.same(f"{folder}/one", f"{folder}/two")

    def test_other_seeds_give_other_bits(self):
        """Or all the rest would compare nothing."""
        with runs.scratch(in_memory=True) as folder:
            case = Case("melt", MELT, (CELLS, *DYNAMICS["langevin"]), 3)
            for name, seed in (("one", 1), ("other", 2)):
                runs.run(case.with_sets(f"run.seed={seed}"), f"{folder}/{name}", "--steps", "20")
            with self.assertRaises(Different):
                runs.same(f"{folder}/one", f"{folder}/other")


if __name__ == "__main__":
    unittest.main()

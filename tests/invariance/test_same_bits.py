# timeout: 600
"""Every deck gives the same bits whatever the threads, executor, tiles, order, output and stops (sampled)."""

from __future__ import annotations

import unittest

import runs
import same_bits


class SameBits(unittest.TestCase):
    def check(self, cases: list[runs.Case], folder: str, rng) -> None:
        ways = [same_bits.random_ways(same_bits.WAYS, rng) for _ in cases]
        problems, compared = same_bits.check_cases(cases, ways, folder, rng)
        self.assertEqual(len(problems), 0, runs.first_of(problems))
        for case, counts in zip(cases, compared):
            self.assertEqual(counts["states"], same_bits.WAYS + 2, case.name)
            self.assertGreaterEqual(counts["outputs"], 2, case.name)

    def test_every_deck_gives_the_same_bits_however_it_is_run(self):
        decks = runs.deck_paths()
        self.assertGreater(len(decks), 1, "inputs/ holds the decks")
        with runs.scratch(in_memory=True) as folder:
            self.check([runs.small_case(deck) for deck in decks], folder, runs.seeded())

    def test_schemes_coasts_and_forcings_that_no_deck_has_do_too(self):
        with runs.scratch(in_memory=True) as folder:
            self.check(same_bits.variants(folder), folder, runs.seeded())

    def test_another_deck_gives_other_bits(self):
        """Or all the rest would compare nothing."""
        gyre = runs.small_case(runs.GYRE)
        with runs.scratch(in_memory=True) as folder:
            runs.run(gyre, f"{folder}/one", "--steps", "30")
            runs.run(gyre.with_sets("physics.viscosity=100.00000000000001 m2 s-1"), f"{folder}/other", "--steps", "30")
            runs.run(gyre, f"{folder}/shorter", "--steps", "29")
            self.assertEqual(len({runs.final_state(f"{folder}/{name}") for name in ("one", "other", "shorter")}), 3)
            with self.assertRaises(runs.Different):
                runs.same(f"{folder}/one", f"{folder}/other")


if __name__ == "__main__":
    unittest.main()

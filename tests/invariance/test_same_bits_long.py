# label: long
# timeout: 7200
"""Every deck gives the same bits for all of threads x executors x tiles x orders x outputs."""

from __future__ import annotations

import unittest

import runs
import same_bits


class EveryWay(unittest.TestCase):
    def test_every_deck_gives_the_same_bits_in_every_way(self):
        rng = runs.seeded()
        decks = runs.deck_paths()
        self.assertGreater(len(decks), 1, "inputs/ holds the decks")
        ways = [same_bits.every_way(rng) for _ in decks]
        with runs.scratch(in_memory=True) as folder:
            problems, compared = same_bits.check_cases([runs.small_case(deck) for deck in decks], ways, folder, rng)
        self.assertEqual(len(problems), 0, runs.first_of(problems))
        for deck, counts, tried in zip(decks, compared, ways):
            self.assertEqual(counts["states"], len(tried) + 2, deck)
            self.assertGreaterEqual(counts["outputs"], len(tried) // 3, deck)


if __name__ == "__main__":
    unittest.main()

# label: long
# timeout: 7200
"""Particles: every way of threads x skins x sorting x output for each dynamics and deck; killed under each of them."""

from __future__ import annotations

import unittest

import particles
import runs

KILLS = 8


class EveryWay(unittest.TestCase):
    def test_each_dynamics_and_deck_gives_the_same_bits_in_every_way(self):
        rng = runs.seeded()
        for case in particles.dynamics() + particles.decks():
            with self.subTest(case.name), runs.scratch(in_memory=True) as folder:
                ways = particles.every_way(rng)
                self.assertEqual(particles.check_case(case, ways, folder, rng), len(ways))

    def test_runs_killed_at_random_moments_end_as_ones_never_stopped(self):
        rng = runs.seeded()
        names = [name for name in particles.DYNAMICS if name.split()[0] in particles.THERMOSTATS]
        self.assertEqual(len(names), 2 * len(particles.THERMOSTATS))
        for name in names:
            with self.subTest(name), runs.scratch(in_memory=True) as folder:
                self.assertGreater(particles.check_killed(name, particles.DYNAMICS[name], KILLS, folder, rng), 0)


if __name__ == "__main__":
    unittest.main()

# timeout: 600
"""Particles: the same bits whatever the threads, skin, sorting, stretches, output and stops, under each dynamics."""

from __future__ import annotations

import os
import random
import shutil
import unittest

import kills
import runs
from runs import Case, Different

STEPS = 43
WAYS = 6
MELT = os.path.join(runs.INPUTS, "md", "melt.yaml")
CELLS = "atoms.lattice.cells=[6, 4, 5]"
THERMOSTAT = ("dynamics.temperature=0.8", "dynamics.damping=0.1")
BAROSTAT = ("dynamics.barostat={pressure: 1, damping: 1, compressibility: 0.1, every: 4}",)
DYNAMICS = {
    "nve": (),
    "force-shifted": ("potential.truncation=force-shifted",),
    "langevin": ("dynamics.integrator=langevin", *THERMOSTAT),
    "bussi": ("dynamics.integrator=bussi", *THERMOSTAT),
    "nose-hoover": ("dynamics.integrator=nose-hoover", *THERMOSTAT),
    "bussi and barostat": ("dynamics.integrator=bussi", *THERMOSTAT, *BAROSTAT),
    "deformation": ("dynamics.deform={rate: [0.01, -0.01, 0], every: 3}",),
    "slab between walls": ("box.boundary=[periodic, periodic, open]", "atoms.lattice.vacuum=[0, 0, 6]",
                           "dynamics.walls=[{side: bottom, cutoff: 2}, {side: top, kind: reflecting}]"),
    "two types": ("atoms.types=2", "atoms.lattice.fractions=[0.7, 0.3]", "masses=[1, 2]",
                  "potential.pairs=[{types: [1, 1]}, {types: [2, 2], epsilon: 0.5, sigma: 0.9}]",
                  "dynamics.motion=[{type: 2, velocity: [0.1, 0, 0]}]"),
}
QUIET = ("output.series.every=never", "output.checkpoints.every=never")
BUSY = ("output.series.every=3 steps", "output.checkpoints={every: 7 steps, keep: 2}",
        "output.snapshots=[{every: 5 steps, tables: [atoms]}]",
        "output.trajectory={every: 4 steps, fields: [velocity, image, force]}",
        "output.rdf={sample: 3 steps, every: 8 steps, bins: 50}",
        "output.msd={sample: 2 steps, every: 9 steps, lags: 7, origin-every: 3, from: 0.02}",
        "output.profile={sample: 4 steps, every: 10 steps, bins: 9, pressures: true}")


def way(rng: random.Random, busy: bool) -> tuple[str, ...]:
    """What must not matter."""
    return (*(BUSY if busy else QUIET), f"run.threads={rng.choice((1, 2, 3, 4))}", "run.placement=none",
            f"neighbours.skin={rng.choice((0.2, 0.3, 0.5))}", f"neighbours.sort-every={rng.choice(('never', 1, 3))}",
            f"run.stretch={rng.choice(('1 s', '1 ms', '1 ns'))}")


def stops(rng: random.Random) -> list[int]:
    return sorted(rng.sample(range(1, STEPS), rng.choice((0, 1, 3)))) + [STEPS]


class Particles(unittest.TestCase):
    def check(self, case: Case, folder: str, rng: random.Random) -> None:
        plain = f"{folder}/plain"
        runs.run(case.with_sets(*BUSY, "run.threads=1", "run.placement=none"), plain, "--steps", str(STEPS))
        wanted = runs.final_state(plain)
        self.assertEqual(wanted[0], STEPS)
        for i in range(WAYS):
            busy, told = i % 2 == 0, []
            for stop in stops(rng):
                told.append(runs.run(case.with_sets(*way(rng, busy)), f"{folder}/way", "--steps", str(stop), "--resume").line)
            self.assertEqual(runs.final_state(f"{folder}/way"), wanted, "\n".join((case.name, *told)))
            if busy:
                runs.same(plain, f"{folder}/way")
            shutil.rmtree(f"{folder}/way")
        shutil.rmtree(plain)

    def test_each_dynamics_gives_the_same_bits_however_it_is_run(self):
        rng = runs.seeded()
        for name, sets in DYNAMICS.items():
            with self.subTest(name), runs.scratch(in_memory=True) as folder:
                self.check(Case(name, MELT, (CELLS, *sets), 3), folder, rng)

    def test_a_run_killed_at_random_moments_ends_as_one_never_stopped(self):
        rng = runs.seeded()
        case = Case("melt", MELT, (CELLS, *DYNAMICS["nose-hoover"], "time.end=40", "run.threads=2", "run.stretch=10 ms",
                                   "output.series.every=90 steps", "output.trajectory={every: 80 steps}",
                                   "output.rdf={sample: 20 steps, every: 120 steps, bins: 50}",
                                   "output.msd={sample: 20 steps, every: 110 steps, lags: 20}",
                                   "output.checkpoints={every: 100 steps, keep: 2}"), 3)
        with runs.scratch(in_memory=True) as folder:
            runs.run(case, f"{folder}/whole")
            kills_landed = sum(kills.live_and_die(case, f"{folder}/killed", kills.RANDOM, rng) for _ in range(4))
            self.assertGreater(kills_landed, 0)
            runs.run(case, f"{folder}/killed", "--resume")
            runs.same(f"{folder}/whole", f"{folder}/killed")

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

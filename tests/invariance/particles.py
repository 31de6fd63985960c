"""Particles, same deck, same bits: one case run in many ways, each of which must end in the same checkpoint and outputs.

A way is a choice for each of the things that must not matter: threads, skin, sorting, length of stretches, output, moments of
stopping. Ways are drawn so that each choice comes up about equally often.
"""

from __future__ import annotations

import dataclasses
import itertools
import os
import random
import shutil
from collections.abc import Sequence

import h5py
import kills
import runs
from runs import Case, Different
from same_bits import spread

STEPS = 31
THREADS = (1, 2, 3, 4)
SKINS = (0.2, 0.3, 0.5)
SORTS = ("never", 1, 3)
STRETCHES = ("1 s", "1 ms", "1 ns")
OUTPUTS = {
    "none": ("output.series.every=never", "output.checkpoints.every=never", "output.trajectory.every=never",
             "output.rdf.sample=never", "output.rdf.every=never", "output.msd.sample=never", "output.msd.every=never",
             "output.profile.sample=never", "output.profile.every=never"),
    "busy": ("output.series.every=3 steps", "output.checkpoints={every: 7 steps, keep: 2}",
             "output.snapshots=[{every: 5 steps, tables: [atoms]}]",
             "output.trajectory={every: 4 steps, fields: [velocity, image, force]}",
             "output.rdf={sample: 3 steps, every: 8 steps, bins: 50}",
             "output.msd={sample: 2 steps, every: 9 steps, lags: 7, origin-every: 3, from: 0.01}",
             "output.profile.sample=4 steps", "output.profile.every=10 steps", "output.profile.bins=9"),
}

MELT = os.path.join(runs.INPUTS, "md", "melt.yaml")
CELLS = "atoms.lattice.cells=[5, 4, 4]"
DECK_CELLS = "atoms.lattice.cells=[6, 5, 6]"  # enough for the cutoff of every deck
DATA = "/usr/share/lammps"  # of the Debian package lammps-data, which some potentials are read from
COPPER = ("units=metal", "time.step=0.002", "time.end=1", "atoms.lattice.density=0", "atoms.lattice.constant=3.62",
          "atoms.velocities.temperature=1600")
THERMOSTAT = ("dynamics.temperature=0.8", "dynamics.damping=0.1")
BAROSTAT = ("dynamics.barostat={pressure: 1, damping: 1, compressibility: 0.1, every: 4, temperature: 0.8}",)
THERMOSTATS = {
    "nve": (),
    "langevin": ("dynamics.integrator=langevin", *THERMOSTAT),
    "bussi": ("dynamics.integrator=bussi", *THERMOSTAT),
    "nose-hoover": ("dynamics.integrator=nose-hoover", *THERMOSTAT),
}
DYNAMICS = {
    **THERMOSTATS,
    **{f"{name} and barostat": (*sets, *BAROSTAT) for name, sets in THERMOSTATS.items()},
    "force-shifted, with pressures along z": ("potential.truncation=force-shifted", "output.profile.pressures=true"),
    "deformation": ("dynamics.deform={rate: [0.01, -0.01, 0], every: 3}",),
    "slab between walls": ("box.boundary=[periodic, periodic, open]", "atoms.lattice.vacuum=[0, 0, 6]",
                           "dynamics.walls=[{side: bottom, cutoff: 2}, {side: top, kind: reflecting}]"),
    "two types": ("atoms.types=2", "atoms.lattice.fractions=[0.7, 0.3]", "masses=[1, 2]",
                  "potential.pairs=[{types: [1, 1]}, {types: [2, 2], epsilon: 0.5, sigma: 0.9}]",
                  "dynamics.motion=[{type: 2, velocity: [0.1, 0, 0]}]"),
    "eam": (*COPPER, f"potential={{kind: eam, file: {DATA}/potentials/Cu_u3.eam}}"),
    "eam of two elements": (*COPPER, "atoms.types=2", "atoms.lattice.fractions=[0.6, 0.4]",
                            f"potential={{kind: eam-alloy, file: {DATA}/potentials/CuNi.eam.alloy, elements: [Cu, Ni]}}"),
}


@dataclasses.dataclass(frozen=True)
class Way:
    """How to run: what must not matter."""

    threads: int
    skin: float
    sort: int | str
    stretch: str
    output: str
    stops: tuple[int, ...]

    def sets(self) -> tuple[str, ...]:
        return (*OUTPUTS[self.output], f"run.threads={self.threads}", "run.placement=none", f"neighbours.skin={self.skin}",
                f"neighbours.sort-every={self.sort}", f"run.stretch={self.stretch}")


# ---- drawing ways ----


def random_stops(count: int, rng: random.Random) -> tuple[int, ...]:
    return tuple(sorted(rng.sample(range(1, STEPS), count)))


def random_ways(count: int, rng: random.Random) -> list[Way]:
    """As many of each choice as can be, and as many with output as without; half of them are stopped three times."""
    columns = [spread(rng.sample(choices, len(choices)), count, rng)
               for choices in (THREADS, SKINS, SORTS, STRETCHES, list(OUTPUTS))]
    stops = [random_stops(n, rng) for n in spread((3, rng.randrange(2)), count, rng)]
    return [Way(*row) for row in zip(*columns, stops)]


def every_way(rng: random.Random) -> list[Way]:
    """Threads x skins x sorting x output, each stopped up to three times."""
    return [Way(threads, skin, sort, rng.choice(STRETCHES), output, random_stops(rng.choice((0, 1, 3)), rng))
            for threads, skin, sort, output in itertools.product(THREADS, SKINS, SORTS, OUTPUTS)]


# ---- cases ----


def is_there(case: Case) -> bool:
    """Whether the files that the case reads from DATA are."""
    with open(case.deck, encoding="utf-8") as deck:
        needs = DATA in deck.read() or any(DATA in pair for pair in case.sets)
    return not needs or os.path.isdir(DATA)


def dynamics() -> list[Case]:
    return [case for case in (Case(name, MELT, (CELLS, *sets), 3) for name, sets in DYNAMICS.items()) if is_there(case)]


def decks() -> list[Case]:
    """Those of inputs/md, on as few cells as they allow."""
    found = [Case(os.path.basename(deck), deck, (DECK_CELLS,), 3) for deck in runs.particle_decks()]
    return [case for case in found if is_there(case)]


# ---- checking ----


def final_checkpoint(folder: str) -> str:
    return f"{folder}/checkpoints/{STEPS:010d}.h5"


def differences(a: str, b: str) -> list[str]:
    """Which columns of the state differ between two checkpoints; what output gathers along a run is compared elsewhere."""
    with h5py.File(a, "r") as one, h5py.File(b, "r") as other:
        columns = [f"tables/{table}/{column}" for table in ("atoms", "types", "numbers") for column in one["tables"][table]]
        return [column for column in columns if column not in other or one[column][...].tobytes() != other[column][...].tobytes()]


def check_way(case: Case, way: Way, others: Sequence[Way], plain: str, folder: str, rng: random.Random) -> None:
    """Runs a way, stopped and resumed as it says; after each stop another way goes on, but for its output."""
    told, output = [], way.output
    for stop in (*way.stops, STEPS):
        told.append(runs.run(case.with_sets(*way.sets()), folder, "--steps", str(stop), "--resume").line)
        way = dataclasses.replace(rng.choice(others), output=output)
    other = differences(final_checkpoint(plain), final_checkpoint(folder))
    if other or runs.final_state(folder) != runs.final_state(plain):
        raise Different("\n".join((f"{case.name}: other bits in {other or 'no table'}", *told)))
    if output == "busy":
        runs.same(plain, folder)
    shutil.rmtree(folder)


def check_case(case: Case, ways: Sequence[Way], folder: str, rng: random.Random) -> int:
    """Raises where a way differs from the plain one, of one thread, the default skin, never stopped. The ways compared."""
    plain = f"{folder}/plain"
    runs.run(case.with_sets(*OUTPUTS["busy"], "run.threads=1", "run.placement=none"), plain, "--steps", str(STEPS))
    for way in ways:
        check_way(case, way, ways, plain, f"{folder}/way", rng)
    shutil.rmtree(plain)
    return len(ways)


def check_killed(name: str, sets: Sequence[str], times: int, folder: str, rng: random.Random) -> int:
    """A run killed at random moments and resumed each time ends as one never stopped. How many kills came before its end."""
    case = Case(name, MELT, ("atoms.lattice.cells=[6, 4, 5]", *sets, "time.end=40", "run.threads=2", "run.stretch=10 ms",
                             "output.series.every=90 steps", "output.trajectory={every: 80 steps}",
                             "output.rdf={sample: 20 steps, every: 120 steps, bins: 50}",
                             "output.msd={sample: 20 steps, every: 110 steps, lags: 20}",
                             "output.checkpoints={every: 100 steps, keep: 2}"), 3)
    runs.run(case, f"{folder}/whole")
    landed = sum(kills.live_and_die(case, f"{folder}/killed", kills.RANDOM, rng) for _ in range(times))
    runs.run(case, f"{folder}/killed", "--resume")
    runs.same(f"{folder}/whole", f"{folder}/killed")
    return landed

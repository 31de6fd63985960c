"""Same deck, same bits: one case run in many ways, each of which must end in the same state and outputs.

A way is a choice for each of the things that must not matter: threads, executor, tile, order of tiles, length of
stretches, output, moments of stopping. Ways are drawn so that each choice comes up at least once a case.
"""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import netCDF4
import numpy
import runs
from runs import BUSY, EVERY_STEP, GYRE, QUIET, Case, Different, as_sets

STEPS = 43  # past two renewals of an automatic step (every 20) and the start of ab3
WAYS = 8
THREADS = (1, 2, 3, 4)
TILINGS = ("auto", "reference", "spatial", "temporal", "temporal")
SHAPES = ({}, {"pitch": 1, "height": 1, "chunk": 1}, {"pitch": 12, "height": 2, "chunk": 16}, {"pitch": 9, "height": 5},
          {"height": 3, "chunk": 7, "row": 5}, {"pitch": 40, "height": 2, "chunk": 1000}, {"height": 16}, {"pitch": 1000})
TILES = ("auto", (1, 1, 1), (3, 2, 2), (7, 5, 3), (1, 1000, 1), (1000, 1, 1), (5, 4, 1000), (36, 28, 10))
OUTPUTS = {"none": QUIET, "busy": BUSY, "every step": EVERY_STEP}
STRETCHES = ("1 s", "1 ms", "1 ns")
SCHEMES = (("ssp-rk3", "time.step=10 min"), ("low-storage-rk3", "time.step=auto"), ("rk4", "time.step=auto"),
           ("ab3", "time.step=10 min"), ("leapfrog", "time.safety=0.3"), ("leapfrog", "time.step=10 min"),
           ("euler", "time.step=5 min"))


@dataclasses.dataclass(frozen=True)
class Way:
    """How to run: what must not matter."""

    threads: int
    tiling: str
    tile: str | tuple[int, ...]
    shape: int  # of tiles in time: which of SHAPES
    order: int
    stretch: str
    output: str
    stops: tuple[int, ...]

    def sets(self, dimensions: int) -> tuple[str, ...]:
        tile = self.tile if isinstance(self.tile, str) else list(self.tile[:dimensions])
        return OUTPUTS[self.output] + as_sets(threads=self.threads, tiling=self.tiling, tile=tile, order=self.order,
                                              stretch=self.stretch, placement="none", **SHAPES[self.shape])


# ---- drawing ways ----


def spread(choices: Sequence, count: int, rng: random.Random) -> list:
    """`count` draws in random order, in which each choice comes up about equally often."""
    draws = [choices[i % len(choices)] for i in range(count)]
    rng.shuffle(draws)
    return draws


def random_stops(count: int, rng: random.Random) -> tuple[int, ...]:
    return tuple(sorted(rng.sample(range(1, STEPS), count)))


def random_ways(count: int, rng: random.Random) -> list[Way]:
    orders = [0] + [rng.randrange(1, 10**9) for _ in range(count - 1)]
    columns = [spread(choices, count, rng) for choices in (THREADS, TILINGS, TILES, range(len(SHAPES)), orders, STRETCHES,
                                                                   list(OUTPUTS))]
    stops = [random_stops(n, rng) for n in spread((0, 1, 2, 3), count, rng)]
    return [Way(*row) for row in zip(*columns, stops)]


def every_way(rng: random.Random) -> list[Way]:
    """Threads x executors with their tiles x orders x outputs, each stopped at most once."""
    tilings = ([(tiling, tile, 0) for tiling in ("reference", "spatial") for tile in TILES] +
               [("temporal", "auto", shape) for shape in range(len(SHAPES))])
    return [Way(threads, tiling, tile, shape, order, rng.choice(STRETCHES), output, random_stops(rng.randrange(2), rng))
            for threads in THREADS for tiling, tile, shape in tilings for order in (0, rng.randrange(1, 10**9))
            for output in OUTPUTS]


# ---- cases ----


def wind_file(folder: str) -> str:
    """A stress that turns within the hours that a short run takes: records two hours apart, cells of 200 km."""
    path = os.path.join(folder, "wind.nc")
    with netCDF4.Dataset(path, "w") as file:
        for name, points, spacing, units in (("time", 40, 7200.0, "seconds since 2000-01-01 00:00:00"),
                                             ("y", 11, 200e3, "m"), ("x", 11, 200e3, "m")):
            file.createDimension(name, points)
            file.createVariable(name, "f8", (name,)).units = units
            file[name][:] = numpy.arange(points) * spacing
        t, y, x = (file[name][:] for name in ("time", "y", "x"))
        stress = file.createVariable("tau_x", "f8", ("time", "y", "x"))
        stress.units = "N m-2"
        stress[:] = 0.1 * numpy.cos(t / 9e3)[:, None, None] * numpy.cos(y / 4e5)[None, :, None] * (1 + x / 4e6)
    return path


def variants(folder: str) -> list[Case]:
    """What no deck of inputs/ has: every scheme, an island, tracers, forcing that varies in time, a bottom under layers."""
    gyre = runs.small_case(GYRE)
    cases = [dataclasses.replace(gyre.with_sets(f"time.scheme={scheme}", step), name=f"gyre by {scheme}, {step}")
             for scheme, step in SCHEMES]
    island = gyre.with_sets("physics.mask.profile=island", "physics.mask.radius=300 km", "physics.mask.slip=no-slip",
                            "physics.tracer={profile: blob, width: 300 km, advection: upwind, diffusivity: 100 m2 s-1}",
                            "physics.drag={linear: 1e-6 s-1, quadratic: 0.001}", "initial.profile=vortex",
                            "initial.width=250 km", "time.start=euler")
    forced = gyre.with_sets("physics.wind.profile=none", f"physics.wind.file={wind_file(folder)}")
    eddies = runs.small_case(os.path.join(runs.INPUTS, "qg", "two_layer.yaml")).with_sets(
        "physics.model=layers", "physics.thickness=[300 m, 700 m, 3000 m]", "physics.deformation-radius=[25 km, 20 km]",
        "physics.flow=[0.08, 0.02, 0]", "physics.topography={profile: seamount, height: 500 m}",
        "physics.tracers=[{profile: blob, diffusivity: 10 m2 s-1}]", "physics.hyperviscosity={coefficient: 1e9, order: 2}",
        "physics.forcing={injection: 1e-9, wavenumber: 6e-5, width: 2e-5}", "physics.drifters.arrangement=random",
        "initial.energy=0.01", "time.scheme=rk4")
    plate = runs.small_case(os.path.join(runs.INPUTS, "heat", "plate.yaml")).with_sets("time.scheme=euler")
    return cases + [dataclasses.replace(plate, name="plate by euler"),
                    dataclasses.replace(island, name="gyre around an island"),
                    dataclasses.replace(forced, name="gyre under a turning wind"),
                    dataclasses.replace(eddies, name="forced eddies of three layers over a seamount by rk4")]


# ---- checking ----


class Checker:
    """Runs one case in many ways within a folder, and counts what it compared."""

    def __init__(self, case: Case, folder: str):
        self.case, self.folder = case, folder
        self.plain = os.path.join(folder, "plain")
        self.compared = {"states": 0, "outputs": 0}
        runs.run(case.with_sets(*BUSY, *as_sets(threads=1, tiling="reference")), self.plain, "--steps", str(STEPS))
        self.wanted = runs.final_state(self.plain)
        if self.wanted[0] != STEPS:
            raise Different(f"{case.name}: {self.wanted[0]} steps of {STEPS}")

    def check_state(self, folder: str, how: object) -> None:
        found = runs.final_state(folder)
        if found != self.wanted:
            raise Different(f"{self.case.name}: step, state {found}, not {self.wanted}, by {how}")
        self.compared["states"] += 1

    def check_outputs(self, folder: str) -> None:
        runs.same(self.plain, folder)
        self.compared["outputs"] += 1

    def run_way(self, way: Way, others: Sequence[Way], rng: random.Random) -> None:
        """Runs a way, stopped and resumed as it says; after each stop another way goes on, but for its output."""
        folder = os.path.join(self.folder, "way")
        told = []
        for stop in (*way.stops, STEPS):
            told.append(runs.run(self.case.with_sets(*way.sets(self.case.dimensions)), folder,
                                 "--steps", str(stop), "--resume").line)
            way = dataclasses.replace(rng.choice(others), output=way.output)
        self.check_state(folder, "\n".join(told))
        if way.output == "busy":
            self.check_outputs(folder)
        shutil.rmtree(folder)

    def run_written_deck(self) -> None:
        """The deck.yaml of a run gives the same bits and itself again."""
        written, folder = os.path.join(self.plain, "deck.yaml"), os.path.join(self.folder, "again")
        runs.run(Case(self.case.name, written, (), 0), folder, "--steps", str(STEPS))
        self.check_state(folder, "its own deck.yaml")
        self.check_outputs(folder)
        if parameters(written) != parameters(os.path.join(folder, "deck.yaml")):
            raise Different(f"{self.case.name}: the written deck, run, writes another one")

    def run_checked(self, way: Way, rng: random.Random) -> None:
        """A few steps under the access checker, the rest without."""
        folder = os.path.join(self.folder, "checked")
        case = self.case.with_sets(*dataclasses.replace(way, output="none").sets(self.case.dimensions))
        checked = case.with_sets("run.check-access=true", "run.tile=auto", "run.chunk=auto")
        runs.run(checked, folder, "--steps", str(rng.randrange(2, 6)))
        runs.run(case, folder, "--steps", str(STEPS), "--resume")
        self.check_state(folder, "run.check-access")


def parameters(deck: str) -> list[str]:
    """The lines of a written deck without the comments, which say where each value came from."""
    with open(deck, encoding="utf-8") as file:
        return [line.rsplit(" # ", 1)[0].rstrip() for line in file if not line.lstrip().startswith("#")]


def check_case(case: Case, folder: str, ways: Sequence[Way], rng: random.Random) -> Iterator[tuple[str, dict]]:
    """Yields what went wrong, "" where nothing did, with what was compared, for each part of the case."""
    checker = Checker(case, folder)
    parts = [lambda way=way: checker.run_way(way, ways, rng) for way in ways]
    parts += [checker.run_written_deck, lambda: checker.run_checked(rng.choice(ways), rng)]
    for part in parts:
        try:
            part()
        except Different as wrong:
            shutil.rmtree(os.path.join(folder, "way"), ignore_errors=True)
            yield str(wrong), checker.compared
    yield "", checker.compared


def check_cases(cases: Sequence[Case], ways: Sequence[Sequence[Way]], folder: str, rng: random.Random
                ) -> tuple[list[str], list[dict]]:
    """All cases, two at a time: what went wrong, and what each case compared."""
    seeds = [rng.random() for _ in cases]

    def check(i: int) -> tuple[list[str], dict]:
        place = os.path.join(folder, str(i))
        os.mkdir(place)
        try:
            results = list(check_case(cases[i], place, ways[i], random.Random(seeds[i])))
        except Different as wrong:
            return [str(wrong)], {"states": 0, "outputs": 0}
        shutil.rmtree(place)
        return [wrong for wrong, _ in results if wrong], results[-1][1]

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(check, range(len(cases))))
    return [wrong for problems, _ in done for wrong in problems], [compared for _, compared in done]

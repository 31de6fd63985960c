#!/usr/bin/env python3
"""Writes study.json, a scaling study of a machine that nobody owns: `make_study.py >study.json`.

The times follow a model of two sockets whose cores share their memory's bandwidth, with a serial part, noise from a
fixed seed, and one thread count above the machine's cores. On purpose a hash differs at one point, and here and there
a number is missing: readers have to cope with both.
"""

from __future__ import annotations

import json
import math
import random
import statistics
from collections.abc import Callable

CORES, SOCKETS = 16, 2
THREADS = (1, 2, 4, 8, 16, 24)
REPEAT, STEPS = 3, 200
SIDE = 1024  # cells of the strong points in x and y
SECONDS_A_CELL, BYTES_A_CELL, SERIAL, FORK = 15e-9, 200.0, 3.0e-4, 2.5e-6
CORE_BANDWIDTH, SOCKET_BANDWIDTH, CORE_PEAK = 14e9, 42e9, 2.2e10
CHAINS = (("ab3", "temporal", 0.62, 128.0, 51.0), ("viscosity", "spatial", 0.3, 48.0, 9.0), ("sponge", "spatial", 0.05, 24.0, None))
DIFFERS = ("weak", "compact", 4)
UNCOUNTED = ("weak", "spread", 8)
noise = random.Random(6)


def rounded(value: float | None) -> float | None:
    """Six digits are enough for a fixture."""
    return None if value is None else float(f"{value:.6g}")


def estimate(value: float, spread: float) -> dict[str, float | None]:
    """A value with its interval."""
    return {"value": rounded(value), "low": rounded(value * (1 - spread)), "high": rounded(value * (1 + spread))}


def bandwidth(threads: int, places: str) -> float:
    """Bytes a second: the first threads of a socket bring most."""
    used = min(threads, CORES)
    first = min(used, CORES // SOCKETS) if places == "compact" else math.ceil(used / SOCKETS)
    return sum(SOCKET_BANDWIDTH * (1 - math.exp(-count * CORE_BANDWIDTH / SOCKET_BANDWIDTH)) for count in (first, used - first))


def parts(mode: str, threads: int, places: str) -> tuple[float, float, float]:
    """Seconds a step in parallel, serial, and of starting the team."""
    cells = SIDE * SIDE * (threads if mode == "weak" else 1)
    compute, memory = cells * SECONDS_A_CELL / min(threads, CORES), cells * BYTES_A_CELL / bandwidth(threads, places)
    parallel = (compute**4 + memory**4) ** 0.25 * (1.35 if threads > CORES else 1.0)
    return parallel, SERIAL, FORK * threads


def sample(point: tuple[str, str, int], turn: int, hash_text: str) -> dict:
    """One process of a point."""
    mode, places, threads = point
    cells = SIDE * SIDE * (threads if mode == "weak" else 1)
    a_step = sum(parts(mode, threads, places)) * (1 + abs(noise.gauss(0, 0.03)))
    return {"round": turn, "steps": STEPS, "seconds": rounded(STEPS * a_step), "seconds_per_step": rounded(a_step),
            "rate": rounded(cells / a_step), "start_up": rounded(0.11 + 0.02 * noise.random()), "load": rounded(0.05 * noise.random()),
            "steal": None, "joules": rounded(STEPS * a_step * (38 + 4.6 * threads)) if places == "compact" else None, "hash": hash_text}


def times(mode: str, threads: int, places: str) -> dict:
    """Shares of the thread time."""
    parallel, serial, fork = parts(mode, threads, places)
    whole, imbalance = parallel + serial + fork, 0.012 * math.log2(threads) if threads > 1 else 0.0
    busy = (parallel * (1 - imbalance) + serial / threads) / whole
    overhead = fork / whole
    return {"busy": rounded(busy), "waiting": rounded(1 - busy - overhead), "overhead": rounded(overhead),
            "serial": rounded(serial / whole), "files": 0.0, "stolen": rounded(imbalance / 3), "imbalance": rounded(imbalance)}


def factors(shares: dict, mode: str, threads: int, places: str) -> dict:
    """Load balance x serialisation x transfer, and how much slower the same work has become."""
    one, now = parts(mode, 1, places)[0], parts(mode, threads, places)[0]
    computation = min(1.0, one / now / (threads if mode == "strong" else 1))
    balance, transfer = 1 - shares["imbalance"], 1 - shares["overhead"]
    serialisation = min(1.0, shares["busy"] / balance / transfer)
    parallel = balance * serialisation * transfer
    named = {"global": parallel * computation, "parallel": parallel, "load_balance": balance, "serialisation": serialisation,
             "transfer": transfer, "computation": computation}
    return {name: rounded(value) for name, value in named.items()}


def chains(cells: float, a_step: float, threads: int, places: str) -> list[dict]:
    """What each chain reached below the roof of its intensity."""
    made = []
    for name, executor, share, size, flops in CHAINS:
        rate = cells / (share * a_step)
        intensity = flops / size if flops else None
        memory = intensity * bandwidth(threads, places) if intensity else None
        peak = CORE_PEAK * min(threads, CORES)
        made.append({"chain": name, "executor": executor, "share": share, "updates_per_second": rounded(rate), "bytes_per_update": size,
                     "flops_per_update": flops, "intensity": rounded(intensity), "flops_per_second": rounded(rate * flops) if flops else None,
                     "roof": rounded(min(memory, peak)) if memory else None,
                     "fraction_of_roof": rounded(rate * flops / min(memory, peak)) if memory else None,
                     "bound": ("memory" if memory < peak else "compute") if memory else None})
    return made


def hash_of(mode: str, places: str, threads: int) -> str:
    """Of the final state, which only the problem decides, but at one point."""
    text = f"{random.Random(threads if mode == 'weak' else 1).getrandbits(64):016x}"
    return text[::-1] if (mode, places, threads) == DIFFERS else text


def point(mode: str, places: str, threads: int, first: float | None) -> dict:
    """One point; `first` is the median of the fewest threads, None where this is it."""
    name = (mode, places, threads)
    samples = [sample(name, turn, hash_of(*name)) for turn in range(REPEAT)]
    a_step, cells = statistics.median(one["seconds_per_step"] for one in samples), SIDE * SIDE * (threads if mode == "weak" else 1)
    ratio = (first or a_step) / a_step
    efficiency = ratio / threads if mode == "strong" else ratio
    counted, shares, joules = name != UNCOUNTED, times(mode, threads, places), samples[0]["joules"]
    declared = cells * BYTES_A_CELL / a_step
    speedup = efficiency * threads
    serial = (1 / speedup - 1 / threads) / (1 - 1 / threads) if threads > 1 and mode == "strong" else None
    return {"mode": mode, "threads": threads, "places": places, "oversubscribed": threads > CORES,
            "size": f"{SIDE} x {SIDE * (threads if mode == 'weak' else 1)}", "work_per_step": cells, "samples": samples,
            "seconds_per_step": estimate(a_step, 0.02), "rate": estimate(cells / a_step, 0.02),
            "speedup": estimate(speedup, 0.03 if threads > 1 else 0), "efficiency": estimate(efficiency, 0.03 if threads > 1 else 0),
            "karp_flatt": None if serial is None else estimate(serial, 0.06),
            "pop": factors(shares, mode, threads, places) if counted else None,
            "time": shares if counted else None,
            "traffic": {"declared_bytes_per_second": rounded(declared), "bandwidth": rounded(bandwidth(threads, places)),
                        "fraction": rounded(declared / bandwidth(threads, places))} if counted else None,
            "joules_per_step": rounded(joules / STEPS) if joules else None,
            "chains": chains(cells, a_step, threads, places) if counted else [],
            "hash": samples[0]["hash"]}


def series(mode: str, places: str) -> list[dict]:
    """The points of one mode and placement."""
    made: list[dict] = []
    for threads in THREADS:
        made.append(point(mode, places, threads, made[0]["seconds_per_step"]["value"] if made else None))
    return made


def fit(mode: str, places: str, law: str, parameters: list[tuple[str, str, float]], speedup: Callable[[float], float]) -> dict:
    """A law with its curve."""
    at = [1 + 15 * step / 30 for step in range(31)]
    return {"mode": mode, "places": places, "law": law, "residual": 0.021, "samples": 15, "why_not": None,
            "parameters": [{"name": name, "symbol": symbol, **estimate(value, 0.09)} for name, symbol, value in parameters],
            "curve": {"threads": at, "speedup": [rounded(speedup(threads)) for threads in at]}}


def fits() -> list[dict]:
    """Near enough to the points to look like fits of them."""
    made = []
    for places, s, a, b in (("compact", 0.12, 0.13, 0.00005), ("spread", 0.08, 0.05, 0.0022)):
        made.append(fit("strong", places, "amdahl", [("serial fraction", "s", s)], lambda p, s=s: 1 / (s + (1 - s) / p)))
        made.append(fit("strong", places, "usl", [("contention", "α", a), ("coherency", "β", b)],
                        lambda p, a=a, b=b: p / (1 + a * (p - 1) + b * p * (p - 1))))
    made.append(fit("weak", "compact", "gustafson", [("serial fraction", "s", 0.57)], lambda p: p - 0.57 * (p - 1)))
    made.append({"mode": "weak", "places": "spread", "law": "gustafson", "residual": None, "samples": 0,
                 "why_not": "the speed-up follows no straight line",
                 "parameters": [{"name": "serial fraction", "symbol": "alpha", "value": None, "low": None, "high": None}],
                 "curve": {"threads": [], "speedup": []}})
    return made


def machine() -> dict:
    """Two sockets of eight cores, measured up to as many threads as there are cores."""
    counts = [threads for threads in THREADS if threads <= CORES]
    levels = [("memory", None), ("L3", 30e9), ("L2", 60e9), ("L1", 150e9)]
    return {"host": "nowhere", "system": "Linux 0.0 (made up)", "processor": "Imaginary 8-core processor <x86-64> & friends", "cores": CORES,
            "processors": CORES, "packages": SOCKETS, "numa_domains": SOCKETS, "granted": CORES, "memory_bytes": 68719476736,
            "cache_bytes": [49152, 1310720, 25165824],
            "measured": {"bandwidth": [{"threads": threads, "level": level,
                                        "bytes_per_second": rounded(threads * each if each else bandwidth(threads, "spread"))}
                                       for level, each in levels for threads in counts],
                         "peak": [{"threads": threads, "flops_per_second": CORE_PEAK * threads} for threads in counts],
                         "fork": [{"threads": threads, "seconds": rounded(FORK * threads)} for threads in counts],
                         "task": [{"threads": threads, "seconds": rounded(4e-7 + 2e-8 * threads)} for threads in counts]}}


def limits() -> list[dict]:
    """What limits each series, in a sentence."""
    said = {("strong", "compact"): ("bandwidth", "Memory bandwidth limits the compact points from 8 threads on: their "
                                    "declared traffic is 90 % of what as many threads can move."),
            ("strong", "spread"): ("serial", "A serial part of 0.30 ms a step keeps the spread points from scaling further."),
            ("weak", "compact"): ("bandwidth", "Each socket's memory is saturated by its first four threads."),
            ("weak", "spread"): ("none", "Nothing measured limits these points below 8 threads.")}
    return [{"mode": mode, "places": places, "kind": kind, "sentence": sentence} for (mode, places), (kind, sentence) in said.items()]


def study() -> dict:
    """The whole study."""
    about = {"deck": "inputs/shallow_water/double_gyre.yaml", "title": "Made-up study for tests </script><!-- of a double gyre",
             "app": "shallow_water", "sets": [f"grid.cells=[{SIDE}, {SIDE}]"], "modes": ["strong", "weak"], "threads": THREADS,
             "places": ["compact", "spread"], "repeat": REPEAT, "steps": STEPS, "seconds": None, "unit": "cell", "grow": "y",
             "command": f"pelagos scale inputs/shallow_water/double_gyre.yaml --set 'grid.cells=[{SIDE}, {SIDE}]' --threads "
                        f"{','.join(map(str, THREADS))} --places compact,spread --strong --weak --repeat {REPEAT} --steps {STEPS}",
             "started": "2026-11-21T18:00:00Z", "outcome": "finished"}
    return {"format": "pelagos-scale-1", "version": "0.1.0", "revision": "0000000", "study": about, "machine": machine(),
            "warnings": ["4 points have 24 threads on 16 cores; they are marked and left out of the fits.",
                         "Another process kept 1.3 processors busy in round 2."],
            "errors": ["The final state of weak, compact, 4 threads differs from that of weak, spread, 4 threads."],
            "points": [one for mode in about["modes"] for places in about["places"] for one in series(mode, places)],
            "fits": fits(), "limits": limits()}


def main() -> None:
    """A member a line, a point a line."""
    lines = []
    for name, value in study().items():
        text = json.dumps(value, ensure_ascii=False)
        if name in ("points", "fits", "limits"):
            text = "[\n" + ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
        lines.append(f"{json.dumps(name)}: {text}")
    print("{\n" + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()

"""A scaling study as `pelagos scale` wrote it: points of the same mode and placement are a series over threads.

The report of a study (report.html) shows the same series in the same colours.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pelagos_plot.errors import SYSTEM, PlotError

FORMAT = "pelagos-scale-1"
NAME = "scale.json"
LOOKS = {  # of mode and placement: colour and marker, that differ for those too who do not see the colours
    ("strong", "compact"): ("#0072b2", "o"),
    ("strong", "spread"): ("#d55e00", "^"),
    ("weak", "compact"): ("#00805e", "s"),
    ("weak", "spread"): ("#a9447f", "D"),
}
LAWS = {"amdahl": ("Amdahl", "--"), "gustafson": ("Gustafson", "--"), "usl": ("Universal Scalability Law", ":")}

Point = dict[str, Any]
Get = Callable[[Point], Any]


@dataclass(frozen=True)
class Series:
    """The points of a mode and placement, in the order of their threads."""

    mode: str
    places: str
    points: list[Point]

    @property
    def name(self) -> str:
        return f"{self.mode}, {self.places}"

    @property
    def colour(self) -> str:
        return LOOKS[self.mode, self.places][0]

    @property
    def marker(self) -> str:
        return LOOKS[self.mode, self.places][1]


@dataclass(frozen=True)
class Study:
    """What scale.json holds, and where it is."""

    path: str
    data: dict[str, Any]

    @property
    def about(self) -> dict[str, Any]:
        return self.data.get("study") or {}

    @property
    def machine(self) -> dict[str, Any]:
        return self.data.get("machine") or {}

    @property
    def points(self) -> list[Point]:
        return self.data.get("points") or []

    def series(self, mode: str | None = None) -> list[Series]:
        """Those that have points; of one mode or of both."""
        found = [Series(one, places, sorted((point for point in self.points if (point["mode"], point["places"]) == (one, places)),
                                            key=lambda point: point["threads"]))
                 for one, places in LOOKS if mode in (None, one)]
        return [series for series in found if series.points]

    def fits(self, series: Series) -> list[dict[str, Any]]:
        """The laws fitted to a series that have a curve."""
        return [fit for fit in self.data.get("fits") or [] if (fit["mode"], fit["places"]) == (series.mode, series.places)
                and len((fit.get("curve") or {}).get("threads") or []) > 1]


def study_path(path: str) -> str:
    """The file of a study, which may be named by its folder."""
    inside = os.path.join(path, NAME)
    if not os.path.isdir(path):
        return path
    if not os.path.exists(inside):
        raise PlotError(f"{path} is a folder without {NAME}; name that of a study, which pelagos scale writes.")
    return inside


def read_json(path: str) -> Any:
    """The content of a file."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError as error:
        raise PlotError(f"There is no file {path}.") from error
    except OSError as error:
        raise PlotError(f"{path} cannot be read ({error.strerror}).", SYSTEM) from error
    except ValueError as error:
        raise PlotError(f"{path} cannot be read as JSON ({error}).", SYSTEM) from error


@contextlib.contextmanager
def open_study(path: str) -> Iterator[Study]:
    """The study in a file or folder."""
    where = study_path(path)
    data = read_json(where)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise PlotError(f"{where} is not a scaling study of the format {FORMAT}, such as {NAME} that pelagos scale writes.")
    yield Study(where, data)


def is_known(value: Any) -> bool:
    """Whether it is a number; what is not available is null."""
    return isinstance(value, (int, float)) and math.isfinite(value)


def value_of(estimate: Any) -> float | None:
    """The value of an estimate or of a plain number; None where it is not there."""
    value = estimate.get("value") if isinstance(estimate, dict) else estimate
    return value if is_known(value) else None


def known_values(series: Iterable[Series], get: Get) -> list[float]:
    """All values that some series have."""
    values = (value_of(get(point)) for one in series for point in one.points)
    return [value for value in values if value is not None]


def thread_counts(points: Iterable[Point]) -> list[int]:
    """Each count once, in order."""
    return sorted({point["threads"] for point in points})


def all_points(series: Iterable[Series]) -> list[Point]:
    """Those of all series."""
    return [point for one in series for point in one.points]

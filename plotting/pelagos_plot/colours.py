"""Colour limits and maps: signed fields around white zero, others on a perceptually even map, land grey."""

from __future__ import annotations

from dataclasses import dataclass
from collections.abc import Iterable, Sequence

import numpy

LAND = "0.7"  # grey
DIVERGING, EVEN = "RdBu_r", "viridis"
MOST_CLIPPED = 3.0  # the colours reach to at least the largest value over this
MOST_APART = 2.0  # layers share their colours unless the strongest exceeds the weakest by more


@dataclass(frozen=True)
class Colours:
    """The colours of a picture: values from `low` to `high`; `extend` marks the ends that clip values."""

    map_name: str
    low: float
    high: float
    extend: str = "neither"


@dataclass(frozen=True)
class Wish:
    """What a person asked for; None leaves it to the data."""

    low: float | None = None
    high: float | None = None
    map_name: str | None = None


@dataclass(frozen=True)
class Spread:
    """Extremes of some values, and the magnitude that all but one in 200 stay within."""

    low: float
    high: float
    usual: float


def spread(values: numpy.ndarray) -> Spread | None:
    """The spread of the finite values; None if there are none."""
    finite = values[numpy.isfinite(values)]
    if not finite.size:
        return None
    return Spread(float(finite.min()), float(finite.max()), float(numpy.quantile(numpy.abs(finite), 0.995)))


def joined(spreads: Iterable[Spread | None]) -> Spread | None:
    """One spread that covers all, for pictures that share their colours."""
    known = [one for one in spreads if one is not None]
    if not known:
        return None
    return Spread(min(s.low for s in known), max(s.high for s in known), max(s.usual for s in known))


def natural_limits(found: Spread | None) -> tuple[float, float, bool]:
    """Limits that suit the values, and whether they are signed.

    A few extreme cells (vorticity in a wall's corner) do not wash out a signed field: its limit is what is usual,
    but at least a third of the largest value.
    """
    if found is None:
        return 0.0, 1.0, False
    if found.low < 0 < found.high:
        largest = max(-found.low, found.high)
        limit = largest if largest <= 1.5 * found.usual else max(1.2 * found.usual, largest / MOST_CLIPPED)
        return -limit, limit, True
    if found.low == found.high:
        return found.low - 0.5 * (abs(found.low) or 2.0), found.high + 0.5 * (abs(found.high) or 2.0), found.low == 0
    return found.low, found.high, False


def extension(low: float, high: float, found: Spread | None) -> str:
    """Which ends of the colour bar get an arrow."""
    if found is None:
        return "neither"
    below, above = found.low < low, found.high > high
    return {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}[below, above]


def choose_colours(found: Spread | None, wish: Wish = Wish()) -> Colours:
    """Limits and map for values of that spread, with what was asked for."""
    low, high, signed = natural_limits(found)
    if wish.low is not None and wish.high is not None:
        signed = wish.low < 0 < wish.high
    low = low if wish.low is None else wish.low
    high = high if wish.high is None else wish.high
    if not low < high:
        low, high = (low, low + 1.0) if wish.high is None else (high - 1.0, high)
    return Colours(wish.map_name or (DIVERGING if signed else EVEN), low, high, extension(low, high, found))


def layer_colours(found: Sequence[Spread | None], wish: Wish = Wish()) -> list[Colours]:
    """Colours for the layers of one field: the same, to compare them by eye, unless the weakest would be pale then."""
    usual = [one.usual for one in found if one is not None]
    together = bool(usual) and max(usual) <= MOST_APART * min(usual)
    return [choose_colours(joined(found) if together else one, wish) for one in found]

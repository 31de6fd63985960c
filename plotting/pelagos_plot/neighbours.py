"""Which atoms are near which, in a box with periodic sides: cells of the size of the reach, each met with its 26
neighbours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy

MOST_CELLS = 128  # along a dimension


def wrapped(positions: numpy.ndarray, low: numpy.ndarray, edges: numpy.ndarray, periodic: numpy.ndarray) -> numpy.ndarray:
    """Positions from the low corner of the box; those of periodic dimensions within it."""
    inside = positions - low
    return numpy.where(periodic, numpy.mod(inside, edges), inside)


def cell_numbers(places: numpy.ndarray, span: numpy.ndarray, reach: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The cell of each place along x, y, z, and how many cells there are."""
    counts = numpy.clip((span / reach).astype(int), 1, MOST_CELLS)
    return numpy.clip((places / span * counts).astype(int), 0, counts - 1), counts


def pairs_of_cells(cells: numpy.ndarray, counts: numpy.ndarray, periodic: numpy.ndarray) -> Iterator[tuple]:
    """Pairs of atoms (i, j), i not j, in the same or neighbouring cells, each pair both ways, in a few large batches."""
    flat = numpy.ravel_multi_index(cells.T, counts)
    order = numpy.argsort(flat, kind="stable")
    starts = numpy.searchsorted(flat[order], numpy.arange(counts.prod() + 1))
    steps = [range(-1, 2) if count > 2 else range(count) for count in counts]  # of 1 or 2 cells each is met once
    for step in itertools.product(*steps):
        other = cells + numpy.array(step)
        valid = numpy.all(periodic | (counts <= 2) | ((other >= 0) & (other < counts)), axis=1)
        target = numpy.ravel_multi_index(numpy.mod(other, counts)[valid].T, counts)
        lengths = starts[target + 1] - starts[target]
        first = numpy.repeat(numpy.flatnonzero(valid), lengths)
        within = numpy.arange(lengths.sum()) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
        second = order[numpy.repeat(starts[target], lengths) + within]
        yield first[first != second], second[first != second]


def near(positions: numpy.ndarray, low: numpy.ndarray, edges: numpy.ndarray, periodic: numpy.ndarray,
         reach: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """For each atom how many others are closer than `reach`, and how far the nearest of them is (inf: none)."""
    places = wrapped(positions, low, edges, periodic)
    shift = numpy.where(periodic, 0.0, places.min(axis=0))
    span = numpy.where(periodic, edges, numpy.maximum(numpy.ptp(places, axis=0), reach) * (1 + 1e-12))
    cells, counts = cell_numbers(places - shift, span, reach)
    number, nearest = numpy.zeros(len(places), dtype=int), numpy.full(len(places), numpy.inf)
    for i, j in pairs_of_cells(cells, counts, periodic):
        apart = places[i] - places[j]
        apart -= numpy.where(periodic, edges * numpy.round(apart / edges), 0.0)
        distance = numpy.sqrt((apart ** 2).sum(axis=1))
        closer = distance < reach
        number += numpy.bincount(i[closer], minlength=len(places))
        numpy.minimum.at(nearest, i[closer], distance[closer])
    return number, nearest


def usual_spacing(positions: numpy.ndarray, low: numpy.ndarray, edges: numpy.ndarray, periodic: numpy.ndarray) -> float:
    """The median distance of an atom to its nearest; of a lone atom, the box's length."""
    extent = numpy.maximum(numpy.ptp(positions, axis=0), 1e-3 * edges.max())
    reach = 1.2 * float((numpy.minimum(extent, edges).prod() / len(positions)) ** (1 / 3))
    while reach < edges.max():
        _, nearest = near(positions, low, edges, periodic, reach)
        if numpy.isfinite(nearest).mean() > 0.5:
            return float(numpy.median(nearest[numpy.isfinite(nearest)]))
        reach *= 1.5
    return float(edges.max())

"""A picture of atoms: spheres in their box, coloured by type, speed or number of neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pelagos_plot.errors import PlotError
from pelagos_plot.frames import Frame
from pelagos_plot.labels import with_unit
from pelagos_plot.neighbours import near, usual_spacing
from pelagos_plot.pictures import new_figure
from pelagos_plot.spheres import View, picture

COLOURINGS = ("type", "speed", "coordination")
TYPE_COLOURS = ("#4878a8", "#d9903d", "#6aa56a", "#b55d60", "#8174b0", "#937860", "#d48fb8", "#7f7f7f")
ROUND = 0.5  # radius over the distance of nearest neighbours: spheres touch
FIRST_SHELL = 1.36  # the first minimum of g(r) over that distance, in a liquid (Verlet 1968); in fcc between two shells
MOST_NUMBERS = 16  # neighbours that get a colour of their own


@dataclass(frozen=True)
class Look:
    """How atoms are shown: what their colours mean, their radius, how far neighbours are; None: what suits them."""

    colouring: str | None
    radius: float | None
    reach: float | None
    view: View


@dataclass(frozen=True)
class Painted:
    """Colours (RGB, a row an atom) and what explains them: a scale with its label, or types."""

    colours: numpy.ndarray
    scale: ScalarMappable | None = None
    label: str = ""
    types: tuple[int, ...] = ()


def by_type(frame: Frame) -> Painted:
    """One colour a type."""
    table = numpy.array([to_rgb(colour) for colour in TYPE_COLOURS])
    types = tuple(int(one) for one in numpy.unique(frame.types))
    return Painted(table[(frame.types - 1) % len(table)], types=types if len(types) > 1 else ())


def by_speed(frame: Frame) -> Painted:
    """From slow to fast; the fastest in 200 share a colour."""
    if frame.velocities is None:
        raise PlotError("The file holds no velocities; give output.trajectory.fields: [velocity, image] in the deck, or "
                        "draw a checkpoint.")
    speed = numpy.sqrt((frame.velocities ** 2).sum(axis=1))
    scale = ScalarMappable(Normalize(0, float(numpy.quantile(speed, 0.995)) or 1.0), "viridis")
    return Painted(scale.to_rgba(speed)[:, :3], scale, with_unit("speed", frame.velocity_unit))


def by_coordination(frame: Frame, reach: float) -> Painted:
    """Neighbours closer than `reach`."""
    number, _ = near(frame.positions, frame.low, frame.edges, frame.periodic, reach)
    low, high = int(numpy.quantile(number, 0.002)), int(numpy.quantile(number, 0.998))
    low = max(low, high - MOST_NUMBERS + 1)
    scale = ScalarMappable(BoundaryNorm(numpy.arange(low, high + 2) - 0.5, 256), "viridis")
    text = with_unit(f"neighbours within {reach:.3g}", frame.length_unit)
    return Painted(scale.to_rgba(numpy.clip(number, low, high))[:, :3], scale, text)


def painted(frame: Frame, look: Look, spacing: float) -> Painted:
    """The atoms with their colours."""
    if look.colouring == "speed":
        return by_speed(frame)
    if look.colouring == "coordination":
        return by_coordination(frame, look.reach or FIRST_SHELL * spacing)
    return by_type(frame)


def explain(figure: Figure, axes, atoms: Painted) -> None:
    """The colour bar or the legend, if either is needed."""
    if atoms.scale is not None:
        bar = figure.colorbar(atoms.scale, ax=axes, label=atoms.label, shrink=0.6, aspect=25, pad=0.02)
        if isinstance(atoms.scale.norm, BoundaryNorm):
            edges = atoms.scale.norm.boundaries
            bar.set_ticks(numpy.arange(edges[0] + 0.5, edges[-1]), labels=[f"{n:.0f}" for n in edges[:-1] + 0.5])
    if atoms.types:
        dots = [Line2D([], [], linestyle="", marker="o", markersize=11, color=TYPE_COLOURS[(one - 1) % len(TYPE_COLOURS)],
                       label=f"type {one}") for one in atoms.types]
        axes.legend(handles=dots, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))


def cropped(image: numpy.ndarray) -> numpy.ndarray:
    """A picture without the white on its left and right, as of a box that is high."""
    shown = numpy.flatnonzero((image < 1).any(axis=(0, 2)))
    return image[:, shown[0]:shown[-1] + 1]


def placed(frame: Frame) -> Frame:
    """Without atoms whose place is no number, as in failed.h5."""
    there = numpy.isfinite(frame.positions).all(axis=1)
    if not there.any():
        raise PlotError("The frame holds no atoms with a place.")
    return replace(frame, positions=frame.positions[there], types=frame.types[there],
                   velocities=None if frame.velocities is None else frame.velocities[there])


def atoms_figure(frame: Frame, look: Look, size: tuple[int, int]) -> Figure:
    """The picture with what explains it."""
    count, frame = len(frame.positions), placed(frame)
    text = f"{count} atoms" if count == len(frame.positions) else f"{len(frame.positions)} of {count} atoms, which have a place"
    spacing = usual_spacing(frame.positions, frame.low, frame.edges, frame.periodic)
    atoms = painted(frame, look, spacing)
    room = (size[0] - (170 if atoms.scale is not None or atoms.types else 20), size[1] - 60)
    image = picture(frame.positions, look.radius or ROUND * spacing, atoms.colours, (frame.low, frame.edges), look.view,
                    (max(100, room[0]), max(100, room[1])))
    figure = new_figure(*size, layout="compressed")
    axes = figure.add_subplot()
    axes.imshow(cropped(image), interpolation="antialiased")
    axes.set_axis_off()
    explain(figure, axes, atoms)
    figure.suptitle("   ".join(part for part in (text, frame.when) if part))
    return figure

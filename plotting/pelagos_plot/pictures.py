"""Figures of fields, and pictures in files: written whole under another name first, then put in place."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import matplotlib

matplotlib.use("Agg")

import numpy
from matplotlib import pyplot
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.colours import LAND, Colours
from pelagos_plot.errors import SYSTEM, PlotError
from pelagos_plot.fields import Field
from pelagos_plot.labels import with_unit

DOTS = 100  # an inch
LARGEST = (1600, 1000)  # pixels of a picture whose size is not asked for
BESIDE, ABOVE, TITLE = 190, 80, 50  # pixels a panel needs for its colour bar and labels, above and below, and once
STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.formatter.limits": (-3, 4),
    "axes.formatter.use_mathtext": True,
}
matplotlib.rcParams.update(STYLE)


def new_figure(width: int, height: int, layout: str = "constrained") -> Figure:
    """An empty figure of so many pixels; the layout "compressed" keeps colour bars as high as maps."""
    return pyplot.figure(figsize=(width / DOTS, height / DOTS), dpi=DOTS, layout=layout)


def close_figure(figure: Figure) -> None:
    """Returns the figure's memory."""
    pyplot.close(figure)


def part_path(path: str) -> str:
    """The name that a picture has until it is whole; an error if its folder is not there or not writable."""
    folder, name = os.path.split(path)
    if not os.path.isdir(folder or "."):
        raise PlotError(f"{path} cannot be written: there is no folder {folder}.", SYSTEM)
    if not os.access(folder or ".", os.W_OK):
        raise PlotError(f"{path} cannot be written: the folder {folder or '.'} is not writable; choose another "
                        "with -o.", SYSTEM)
    return os.path.join(folder, f".part-{os.getpid()}-{name}")


def save_figure(figure: Figure, path: str) -> None:
    """Writes the figure; a picture that was there is replaced only by a whole one."""
    part = part_path(path)
    if not os.path.splitext(path)[1]:
        raise PlotError(f"{path} cannot be written: its name must end in the format, such as .png, .pdf or .svg.")
    try:
        figure.savefig(part, dpi=DOTS)
        os.replace(part, path)
    except ValueError as error:
        raise PlotError(f"{path} cannot be written: {str(error).splitlines()[0]}") from error
    except OSError as error:
        raise PlotError(f"{path} cannot be written ({error.strerror}).", SYSTEM) from error
    finally:
        if os.path.exists(part):
            os.remove(part)


def panel_grid(count: int, width: int, height: int) -> tuple[int, int]:
    """Rows and columns for `count` panels that come out roughly square."""
    columns = max(1, min(count, round(math.sqrt(count * width / height))))
    return math.ceil(count / columns), columns


def panel_rows(counts: Sequence[int], size: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns for fields of so many layers each: a field a row if all have several, else all in turn."""
    if len(counts) > 1 and counts[0] > 1 and len(set(counts)) == 1:
        return len(counts), counts[0]
    return panel_grid(sum(counts), *size)


def shape_of(field: Field) -> float:
    """Height over width of a map; of what is not drawn to scale, that of a page."""
    if len(field.axes) < 2 or field.axes[0].units != field.axes[1].units:
        return 0.6
    (south, north), (west, east) = (axis.edges()[[0, -1]] for axis in field.axes)
    return abs((north - south) / (east - west))


def fitting_size(fields: Sequence[Field], rows: int, columns: int) -> tuple[int, int]:
    """The size at which maps fill a picture of so many rows and columns."""
    shape = max(shape_of(field) for field in fields)
    width = min(LARGEST[0] / columns - BESIDE, ((LARGEST[1] - TITLE) / rows - ABOVE) / shape)
    return max(480, round(columns * (width + BESIDE))), max(360, round(rows * (width * shape + ABOVE) + TITLE))


def draw_line(axes: Axes, field: Field, colours: Colours) -> Artist:
    """A field over one axis, as a curve."""
    (across,) = field.axes
    (line,) = axes.plot(across.positions, field.values, linewidth=1.8)
    margin = 0.05 * (colours.high - colours.low)
    axes.set(xlabel=with_unit(across.name, across.units), ylabel=with_unit(field.label, field.units),
             ylim=(colours.low - margin, colours.high + margin))
    axes.grid(alpha=0.3)
    return line


def draw_map(axes: Axes, field: Field, colours: Colours) -> Artist:
    """A field over two axes, as a map with its colour bar; NaN shows the land beneath."""
    up, across = field.axes
    options = {"cmap": colours.map_name, "vmin": colours.low, "vmax": colours.high}
    x, y = across.edges(), up.edges()
    if across.is_even() and up.is_even():
        image = axes.imshow(field.values, origin="lower", extent=(x[0], x[-1], y[0], y[-1]), interpolation="nearest",
                            **options)
    else:
        image = axes.pcolormesh(x, y, field.values, **options)
    axes.set_facecolor(LAND)
    axes.set(xlabel=with_unit(across.name, across.units), ylabel=with_unit(up.name, up.units))
    axes.set_aspect("equal" if across.units == up.units else "auto")
    axes.figure.colorbar(image, ax=axes, label=with_unit(field.label, field.units), extend=colours.extend)
    return image


def panel_title(field: Field) -> str:
    """The field's name, and where it was cut."""
    return ", ".join(part for part in (field.label, field.note) if part)


def draw_field(axes: Axes, field: Field, colours: Colours) -> Artist:
    """A field as a map or, over one axis, as a curve. Returns what update_field() changes."""
    axes.set_title(panel_title(field))
    return draw_map(axes, field, colours) if len(field.axes) == 2 else draw_line(axes, field, colours)


def draw_drifters(axes: Axes, places: numpy.ndarray) -> Artist:
    """A dot at each place (x, y), smaller where they are many."""
    size = numpy.clip(3000 / max(1, len(places)), 1, 20)
    return axes.scatter(*places.T, s=size, color="black", edgecolors="white", linewidths=0.04 * size, zorder=3)


def update_field(drawn: Artist, field: Field) -> None:
    """Shows another record of the same field in a picture already drawn."""
    if len(field.axes) == 1:
        drawn.set_ydata(field.values)
    else:
        drawn.set_array(numpy.ma.masked_invalid(field.values))


def panel_figure(fields: Sequence[Field], colours: Sequence[Colours], title: str, size: tuple[int, int],
                 grid: tuple[int, int]) -> tuple[Figure, list[Axes], list[Artist]]:
    """One panel a field in rows and columns, under one title; with its axes and what update_field() changes."""
    figure = new_figure(*size, layout="compressed")
    panels = list(figure.subplots(*grid, squeeze=False).ravel())
    drawn = [draw_field(axes, field, palette) for axes, field, palette in zip(panels, fields, colours)]
    for axes in panels[len(fields):]:
        axes.remove()
    figure.suptitle(title)
    return figure, panels[:len(fields)], drawn


def field_figure(fields: Sequence[Field], colours: Sequence[Colours], title: str, size: tuple[int, int],
                 grid: tuple[int, int] | None = None, places: Sequence[numpy.ndarray] = ()) -> Figure:
    """One panel a field, under one title; `places` are those of drifters on each."""
    figure, panels, _ = panel_figure(fields, colours, title, size, grid or panel_grid(len(fields), *size))
    for axes, found in zip(panels, places):
        draw_drifters(axes, found)
    return figure

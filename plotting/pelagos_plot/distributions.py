"""Radial distribution functions, of rdf.nc: g(r) of each pair of types above, and how many atoms lie within r below."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy
import xarray
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.files import TIME
from pelagos_plot.labels import with_unit
from pelagos_plot.pictures import new_figure
from pelagos_plot.times import shown_unit, time_units

DISTANCE = "distance"
WITHIN_SHOWN = 30  # atoms around one: beyond the second shell the number says little


def pair_names(data: xarray.Dataset, names: Sequence[str], where: str) -> list[str]:
    """Pairs of types as in the names of variables: "" where there is one type, else "_1_2"; an error for one that the
    file lacks."""
    known = [str(name).removeprefix("rdf") for name in data.data_vars if re.fullmatch(r"rdf(_\d+_\d+)?", str(name))]
    if not known:
        raise PlotError(f"{where} holds no radial distribution; give output.rdf in the deck and draw its rdf.nc.")
    for name in names:
        if name.removeprefix("rdf") not in known:
            raise unknown_name("distribution", name, where, [f"rdf{pair}" for pair in known])
    return [name.removeprefix("rdf") for name in names] or known


def mean_of(data: xarray.Dataset, name: str, records: Sequence[int]) -> numpy.ndarray:
    """The mean over records, each with the weight of its samples."""
    values = numpy.asarray(data[name].isel({TIME: records}).values, dtype=float)
    weights = numpy.asarray(data["samples"].isel({TIME: records}).values, dtype=float)
    if not weights.sum() > 0:
        raise PlotError("Nothing was sampled in the records chosen; choose others with --time.")
    return numpy.average(values[weights > 0], axis=0, weights=weights[weights > 0])


def pair_text(pair: str) -> str:
    """"types 1 and 2" of "_1_2"."""
    return "types {} and {}".format(*pair.strip("_").split("_")) if pair else ""


def when_text(data: xarray.Dataset, records: Sequence[int]) -> str:
    """Over which times the samples of these records were taken: "mean over t = 10 to 20 ps"."""
    bounds = numpy.asarray(data["time_bnds"].isel({TIME: list(records)}).values, dtype=float)
    scale, unit = shown_unit(bounds, time_units(data))
    return f"mean over t = {scale * bounds.min():.5g} to {scale * bounds.max():.5g} {unit}".strip()


def draw_panel(axes: Axes, data: xarray.Dataset, quantity: str, pairs: Sequence[str],
               means: Sequence[Sequence[int]]) -> float:
    """A curve a pair and mean: pairs by colour or, where there are several means, these. Returns the largest value."""
    largest = 0.0
    for number, records in enumerate(means):
        when = when_text(data, records) if len(means) > 1 else ""
        for index, pair in enumerate(pairs):
            values = mean_of(data, quantity + pair, records)
            colour = colormaps["viridis"](0.9 * number / (len(means) - 1)) if len(means) > 1 else f"C{index}"
            axes.plot(data[DISTANCE].values, values, color=colour, linewidth=1.8, linestyle=("-", "--", ":", "-.")[
                index % 4 if len(means) > 1 else 0], label=", ".join(part for part in (pair_text(pair), when) if part))
            largest = max(largest, float(values.max()))
    return largest


def rdf_figure(data: xarray.Dataset, pairs: Sequence[str], means: Sequence[Sequence[int]], title: str,
               size: tuple[int, int]) -> Figure:
    """Both quantities over one axis of distance."""
    figure = new_figure(*size)
    above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 2]})
    draw_panel(above, data, "rdf", pairs, means)
    above.axhline(1, color="0.5", linewidth=0.8, zorder=1)
    above.set(ylabel="g(r)", ylim=(0, None))
    largest = draw_panel(below, data, "coordination", pairs, means)
    below.set(ylabel="atoms within r", ylim=(0, min(largest, WITHIN_SHOWN)), xlim=(0, float(data[DISTANCE].values[-1])),
              xlabel=with_unit("distance r", str(data[DISTANCE].attrs.get("units", ""))))
    for axes in (above, below):
        axes.grid(alpha=0.3)
    if above.get_legend_handles_labels()[1] and len(pairs) * len(means) > 1:
        above.legend(frameon=False)
    figure.suptitle(title)
    figure.align_ylabels()
    return figure

"""Curves over time: one panel a scalar, stacked over one time axis."""

from __future__ import annotations

from collections.abc import Sequence

import xarray
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.files import series_names
from pelagos_plot.labels import long_name, unit_text, with_unit
from pelagos_plot.pictures import new_figure
from pelagos_plot.times import elapsed_times, shown_unit, time_units

MOST_BY_DEFAULT = 8


def check_series(data: xarray.Dataset, names: Sequence[str], where: str) -> list[str]:
    """`names`, or the first scalars of the file; an error for one that the file lacks."""
    known = series_names(data)
    for name in names:
        if name not in known:
            raise unknown_name("series", name, where, known)
    chosen = list(names) or known[:MOST_BY_DEFAULT]
    if not chosen:
        raise PlotError(f"{where} holds no curve over time; to draw fields use: plot.py field {where}")
    return chosen


def series_figure(data: xarray.Dataset, names: Sequence[str], title: str, size: tuple[int, int]) -> Figure:
    """Stacked panels that share the time axis."""
    times = elapsed_times(data)
    scale, unit = shown_unit(times, time_units(data))
    figure = new_figure(*size)
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False).ravel()
    for index, (axes, name) in enumerate(zip(panels, names)):
        variable = data[name]
        axes.plot(times * scale, variable.values, color=f"C{index}", linewidth=1.6,
                  marker="." if times.size < 3 else None)
        axes.set_ylabel(unit_text(str(variable.attrs.get("units", ""))))
        axes.set_title(long_name(variable), loc="left", fontsize="medium")
        axes.grid(alpha=0.3)
        axes.margins(x=0.01)
    panels[-1].set_xlabel(with_unit("time", unit))
    figure.suptitle(title)
    figure.align_ylabels()
    return figure

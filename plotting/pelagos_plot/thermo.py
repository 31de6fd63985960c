"""Temperature, energies and pressure of atoms over time, of series.nc, and how far the energy that a run conserves has
drifted: a time step that is too long shows there first."""

from __future__ import annotations

import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError
from pelagos_plot.labels import unit_text, with_unit
from pelagos_plot.pictures import new_figure
from pelagos_plot.times import elapsed_times, shown_unit, time_units

NEEDED = ("temperature", "kinetic_energy", "potential_energy", "total_energy", "conserved_energy", "pressure")
SMOOTH = 30  # a running mean spans this part of the records
FEW = 60  # records of which none is drawn


def check_thermo(data: xarray.Dataset, where: str) -> None:
    """An error for the series of something else."""
    lacking = [name for name in NEEDED if name not in data.data_vars]
    if lacking:
        raise PlotError(f"{where} has no {lacking[0]}: it is not the series of a run of atoms; draw it with plot.py series.")


def running_mean(values: numpy.ndarray) -> numpy.ndarray | None:
    """A mean over neighbouring records, as long as `values`; None where there are few."""
    if values.size < FEW:
        return None
    width = values.size // SMOOTH | 1
    padded = numpy.pad(values, width // 2, mode="edge")
    return numpy.convolve(padded, numpy.ones(width) / width, mode="valid")


def draw_line(axes: Axes, times: numpy.ndarray, values: numpy.ndarray, colour: str, label: str = "") -> None:
    """A curve, pale behind its running mean where there are many records."""
    smooth = running_mean(values)
    axes.plot(times, values, color=colour, linewidth=1.0 if smooth is not None else 1.6,
              alpha=0.35 if smooth is not None else 1.0, label=label if smooth is None else "")
    if smooth is not None:
        axes.plot(times, smooth, color=colour, linewidth=1.8, label=label)


def atom_count(data: xarray.Dataset) -> float:
    """How many atoms there are, or 1 where the file does not say."""
    if "total_energy_per_atom" not in data.data_vars:
        return 1.0
    all_of, one = float(data["total_energy"][0]), float(data["total_energy_per_atom"][0])
    return float(round(all_of / one)) if one else 1.0


def draw_energies(axes: Axes, times: numpy.ndarray, data: xarray.Dataset) -> None:
    """Kinetic, potential and total, of an atom."""
    atoms = atom_count(data)
    for name, colour in (("kinetic", "C3"), ("total", "0.25"), ("potential", "C0")):
        draw_line(axes, times, data[f"{name}_energy"].values / atoms, colour, name)
    axes.set(title="Energy of an atom" if atoms > 1 else "Energy", ylabel=unit_text(str(data["total_energy"].units)))
    axes.legend(frameon=False, ncols=3, loc="best")


def draw_drift(axes: Axes, times: numpy.ndarray, data: xarray.Dataset) -> None:
    """The conserved energy less that of the first record, over the size of the total energy."""
    conserved = data["conserved_energy"].values
    drift = (conserved - conserved[0]) / abs(float(data["total_energy"][0]) or 1.0)
    draw_line(axes, times, drift, "C2")
    axes.axhline(0, color="0.5", linewidth=0.8, zorder=1)
    axes.set(title="Change of the conserved energy", ylabel="of the total energy")


def draw_single(axes: Axes, times: numpy.ndarray, data: xarray.Dataset, name: str, colour: str) -> None:
    """One quantity."""
    draw_line(axes, times, data[name].values, colour)
    axes.set(title=name.capitalize(), ylabel=unit_text(str(data[name].attrs.get("units", ""))))


def thermo_figure(data: xarray.Dataset, title: str, size: tuple[int, int]) -> Figure:
    """Four panels over one axis of time."""
    times = elapsed_times(data)
    if times.size < 2:
        raise PlotError("The file holds fewer than 2 records; draw it when the run has gone on.")
    scale, unit = shown_unit(times, time_units(data))
    figure = new_figure(*size)
    panels = figure.subplots(2, 2, sharex=True)
    draw_single(panels[0, 0], times * scale, data, "temperature", "C1")
    draw_energies(panels[0, 1], times * scale, data)
    draw_single(panels[1, 0], times * scale, data, "pressure", "C4")
    draw_drift(panels[1, 1], times * scale, data)
    for axes in panels.ravel():
        axes.grid(alpha=0.3)
        axes.margins(x=0.01)
    for axes in panels[1]:
        axes.set_xlabel(with_unit("time", unit))
    figure.suptitle(title)
    figure.align_ylabels()
    return figure

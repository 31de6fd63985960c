"""Mean-square displacement and velocity autocorrelation over the lag, of msd.nc, with the diffusion coefficient that
follows from each: the slope over the second half of the lags over 6 (Einstein), the integral over 3 (Green-Kubo)."""

from __future__ import annotations

import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError
from pelagos_plot.labels import unit_text, with_unit
from pelagos_plot.pictures import new_figure

LAG = "lag"


def check_transport(data: xarray.Dataset, where: str) -> None:
    """An error for a file of something else."""
    if any(name not in data.variables for name in (LAG, "msd", "vacf")):
        raise PlotError(f"{where} holds no displacements; give output.msd in the deck and draw its msd.nc.")


def reached(data: xarray.Dataset, record: int) -> tuple[numpy.ndarray, xarray.Dataset]:
    """The lags that samples have come to by a record, and that record of them."""
    one = data.isel(time=record)
    there = numpy.isfinite(one["msd"].values)
    if there.sum() < 3:
        raise PlotError("The record holds fewer than 3 lags; draw a later one with --time.")
    return one[LAG].values[there], one.isel({LAG: there})


def coefficient(data: xarray.Dataset, name: str) -> str:
    """"D = 0.031 Å² ps⁻¹"."""
    return f"D = {float(data[name]):.3g} {unit_text(str(data[name].attrs.get('units', '')))}".strip()


def draw_displacement(axes: Axes, lags: numpy.ndarray, data: xarray.Dataset) -> None:
    """With the straight line through the second half, drawn over all."""
    values = data["msd"].values
    half = (lags.size - 1) // 2
    slope = 6 * float(data["diffusion_einstein"])
    level = float(numpy.mean(values[half:] - slope * lags[half:]))
    axes.plot(lags, values, color="C0", linewidth=2)
    axes.plot(lags, level + slope * lags, color="0.35", linewidth=1.2, linestyle="--",
              label=f"slope over 6: {coefficient(data, 'diffusion_einstein')}")
    axes.set(title="Mean-square displacement", ylim=(0, None), ylabel=unit_text(str(data["msd"].attrs.get("units", ""))))
    axes.legend(frameon=False, loc="upper left")


def draw_autocorrelation(axes: Axes, lags: numpy.ndarray, data: xarray.Dataset) -> None:
    """Over its value at lag 0."""
    values = data["vacf"].values
    axes.plot(lags, values / values[0], color="C1", linewidth=2,
              label=f"integral over 3: {coefficient(data, 'diffusion_green_kubo')}")
    axes.axhline(0, color="0.5", linewidth=0.8, zorder=1)
    axes.set(title="Velocity autocorrelation", ylabel="v(t)·v(0) over v(0)·v(0)")
    axes.legend(frameon=False, loc="upper right")


def msd_figure(data: xarray.Dataset, record: int, title: str, size: tuple[int, int]) -> Figure:
    """Both side by side."""
    lags, one = reached(data, record)
    figure = new_figure(*size)
    left, right = figure.subplots(1, 2)
    draw_displacement(left, lags, one)
    draw_autocorrelation(right, lags, one)
    for axes in (left, right):
        axes.set_xlabel(with_unit("lag t", str(data[LAG].attrs.get("units", ""))))
        axes.set_xlim(0, lags[-1])
        axes.grid(alpha=0.3)
    figure.suptitle(title)
    return figure

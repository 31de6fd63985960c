"""Isotropic spectra and fluxes over wavenumber: a panel a variable, a curve a layer and a mean over time.

What is nowhere negative lies on logarithmic axes, beside powers of the wavenumber that such spectra are compared with;
fluxes, which have a sign, lie on a linear one. The powers: K^-5/3 of an inverse cascade of energy and K^-3 of the forward
cascade of enstrophy (Kraichnan, Phys. Fluids 10 (1967) 1417; Charney, J. Atmos. Sci. 28 (1971) 1087).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy
import xarray
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.fields import check_layered, chosen_layers, coordinate
from pelagos_plot.files import LAYER, TIME, spatial_dimensions, spectrum_names, wavenumber_dimensions
from pelagos_plot.labels import long_name, unit_text, wavenumber_scale, with_unit
from pelagos_plot.pictures import new_figure, panel_grid
from pelagos_plot.times import mean_text

SLOPES = (Fraction(-5, 3), Fraction(-3))
DECADES = 10  # of a spectrum that are shown, at most
REACH = 2.5  # a reference slope goes from K / REACH to K REACH
CLEAR = 2.0  # how far it stays above the curves
LINES = ("-", "--", ":", "-.")


@dataclass(frozen=True)
class Curve:
    """Values over wavenumber, in the unit that is shown; `layer` counts from 0, `mean` is the number of the mean."""

    wavenumbers: numpy.ndarray
    values: numpy.ndarray
    label: str
    layer: int
    mean: int


def check_spectra(data: xarray.Dataset, names: Sequence[str], where: str) -> list[str]:
    """`names`, or all the file has over wavenumber; an error for one that it lacks."""
    known = spectrum_names(data)
    for name in names:
        if name not in known:
            raise unknown_name("spectrum", name, where, known)
    chosen = list(names) or known
    if not chosen:
        raise PlotError(f"{where} holds nothing over wavenumber; to draw fields use: plot.py field {where}")
    return chosen


def other_dimension(variable: xarray.DataArray) -> str | None:
    """What a spectrum lies along besides wavenumber: its layers, or whatever it has a value of for each."""
    others = [name for name in spatial_dimensions(variable) if name not in wavenumber_dimensions(variable)]
    return others[0] if others else None


def check_layer(data: xarray.Dataset, names: Sequence[str], layer: int | None) -> None:
    """An error if a layer is asked for that nothing has."""
    check_layered([int(data[name].sizes.get(LAYER, 0)) for name in names], names, layer)


def members(variable: xarray.DataArray, layer: int | None) -> list[int]:
    """Which indices of the other dimension get a curve; one where there is no such dimension."""
    other = other_dimension(variable)
    if other is None:
        return [0]
    count = variable.sizes[other]
    return chosen_layers(str(variable.name), count, layer) if other == LAYER else list(range(count))


def mean_values(variable: xarray.DataArray, records: Sequence[int]) -> numpy.ndarray:
    """The mean over records, (other dimension, wavenumber)."""
    (wavenumber,) = wavenumber_dimensions(variable)
    mean = variable.isel({TIME: records}).mean(TIME) if TIME in variable.dims else variable
    other = other_dimension(mean)
    values = mean.transpose(*([other] if other else []), wavenumber).values
    return numpy.atleast_2d(numpy.asarray(values, dtype=float))


def curve_label(variable: xarray.DataArray, member: int, when: str) -> str:
    """The layer and the time of a curve, where they tell it from others."""
    other = other_dimension(variable)
    return ", ".join(part for part in (f"{other} {member + 1}" if other else "", when) if part)


def read_curves(data: xarray.Dataset, name: str, means: Sequence[Sequence[int]], layer: int | None) -> list[Curve]:
    """The curves of a variable, without the wavenumber 0."""
    variable = data[name]
    (dimension,) = wavenumber_dimensions(variable)
    wavenumbers, units = coordinate(variable, dimension)
    scale, _ = wavenumber_scale(units, wavenumbers)
    positive, curves = wavenumbers > 0, []
    for number, records in enumerate(means):
        values, when = mean_values(variable, records), mean_text(data, records) if len(means) > 1 else ""
        curves += [Curve(scale * wavenumbers[positive], values[member, positive], curve_label(variable, member, when),
                         member, number) for member in members(variable, layer)]
    return curves


def is_logarithmic(variable: xarray.DataArray, curves: Sequence[Curve]) -> bool:
    """Whether a variable is a spectrum: somewhere positive and nowhere negative, nor a flux by name."""
    lowest, highest = (pick([pick(curve.values) for curve in curves]) for pick in (numpy.nanmin, numpy.nanmax))
    return lowest >= 0 and highest > 0 and "flux" not in f"{variable.name} {long_name(variable)}".lower()


def draw_curves(axes: Axes, curves: Sequence[Curve]) -> None:
    """Layers by colour; where there are several means, these by colour and layers by kind of line."""
    means = 1 + max(curve.mean for curve in curves)
    for curve in curves:
        colour = f"C{curve.layer % 10}" if means == 1 else colormaps["viridis"](0.9 * curve.mean / (means - 1))
        axes.plot(curve.wavenumbers, curve.values, color=colour, linewidth=1.8, label=curve.label,
                  linestyle=LINES[curve.layer % len(LINES)] if means > 1 else "-")
    if any(curve.label for curve in curves) and len(curves) > 1:
        axes.legend(frameon=False)


def limit_decades(axes: Axes, curves: Sequence[Curve]) -> None:
    """Leaves out what is smaller by many decades, such as coefficients that a filter removes."""
    positive = numpy.concatenate([curve.values[curve.values > 0] for curve in curves])
    highest = positive.max()
    axes.set_ylim(max(0.5 * positive.min(), highest * 10.0 ** -DECADES), 5 * highest)


def draw_slope(axes: Axes, curves: Sequence[Curve], slope: Fraction) -> None:
    """A power of the wavenumber, just above the curves where one of them has that slope: c K^slope >= CLEAR E(K) with
    the least c, about the K where the two are closest; not to the left of the peak."""
    wavenumbers = curves[0].wavenumbers
    envelope = numpy.max([curve.values for curve in curves], axis=0)
    peak = int(numpy.argmax(envelope))
    compensated = envelope[peak:] * wavenumbers[peak:] ** -float(slope)
    closest = wavenumbers[peak + int(numpy.argmax(compensated))]
    ends = numpy.array([max(closest / REACH, wavenumbers[peak]), min(closest * REACH, wavenumbers[-1])])
    heights = CLEAR * compensated.max() * ends ** float(slope)
    axes.plot(ends, heights, color="0.6", linewidth=1.2)
    middle = numpy.sqrt(ends[0] * ends[1])
    axes.annotate(f"$K^{{{slope}}}$", (middle, numpy.sqrt(heights[0] * heights[1])), xytext=(4, 4),
                  textcoords="offset points", color="0.45", fontsize="medium")


def add_wavelengths(axes: Axes, units: str) -> None:
    """A second scale above: 2 pi over wavenumbers in radians a length."""
    def reciprocal(values):
        with numpy.errstate(divide="ignore"):
            return 2 * numpy.pi / numpy.asarray(values, dtype=float)

    length = units.removeprefix("rad ").removesuffix("-1").strip("()")
    if length and units == f"rad {length}-1" or units == f"rad ({length})-1":
        axes.secondary_xaxis("top", functions=(reciprocal, reciprocal)).set_xlabel(with_unit("wavelength", length))


def draw_spectrum(axes: Axes, variable: xarray.DataArray, curves: Sequence[Curve], slopes: Sequence[Fraction]) -> None:
    """One variable over wavenumber."""
    (dimension,) = wavenumber_dimensions(variable)
    _, units = wavenumber_scale(*reversed(coordinate(variable, dimension)))
    axes.set_xscale("log")
    draw_curves(axes, curves)
    if is_logarithmic(variable, curves):
        axes.set_yscale("log")
        limit_decades(axes, curves)
        for slope in slopes:
            draw_slope(axes, curves, slope)
    else:
        axes.axhline(0, color="0.4", linewidth=0.8, zorder=1)
    axes.set(xlabel=with_unit("wavenumber K", units), ylabel=unit_text(str(variable.attrs.get("units", ""))))
    axes.set_title(long_name(variable))
    axes.grid(alpha=0.3)
    add_wavelengths(axes, units)


def spectrum_figure(data: xarray.Dataset, names: Sequence[str], means: Sequence[Sequence[int]], layer: int | None,
                    slopes: Sequence[Fraction], title: str, size: tuple[int, int]) -> Figure:
    """A panel a variable, under one title."""
    figure = new_figure(*size)
    panels = figure.subplots(*panel_grid(len(names), *size), squeeze=False).ravel()
    for axes, name in zip(panels, names):
        draw_spectrum(axes, data[name], read_curves(data, name, means, layer), slopes)
    for axes in panels[len(names):]:
        axes.remove()
    figure.suptitle(title)
    return figure

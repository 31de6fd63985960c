"""Isotropic spectra and fluxes over wavenumber: a panel a variable, a curve a layer and a mean over time.

What is nowhere negative lies on logarithmic axes, beside powers of the wavenumber that such spectra are compared with;
fluxes, which have a sign, lie on a linear one. The powers: K^-5/3 of an inverse cascade of energy and K^-3 of the
forward cascade of enstrophy (Kraichnan, Phys. Fluids 10 (1967) 1417; Charney, J. Atmos. Sci. 28 (1971) 1087).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy
import xarray
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.fields import check_layered, chosen_layers, coordinate
from pelagos_plot.files import LAYER, TIME, spatial_dimensions, spectrum_names, wavenumber_dimensions
from pelagos_plot.labels import PER_LENGTH, long_name, power_text, unit_text, wavenumber_scale, with_unit
from pelagos_plot.pictures import new_figure, panel_grid
from pelagos_plot.times import mean_text

SLOPES = (Fraction(-5, 3), Fraction(-3))
DECADES = 8  # of a curve that are shown, at most
REACH = 2.5  # a reference slope goes from K / REACH to K REACH
CLEAR = 2.0  # how far it stays above the curves, and the next above it
UNLIKE = 10.0  # a slope from which the curves depart by this factor within its reach is not drawn
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


def layer_colour(curve: Curve) -> str:
    """The colour of a layer; of what has no layers, none of theirs."""
    return f"C{curve.layer % 10}" if curve.label else "0.2"


def draw_curves(axes: Axes, curves: Sequence[Curve]) -> None:
    """Layers by colour; where there are several means, these by colour and layers by kind of line."""
    means = 1 + max(curve.mean for curve in curves)
    for curve in curves:
        colour = colormaps["viridis"](0.9 * curve.mean / (means - 1)) if means > 1 else layer_colour(curve)
        axes.plot(curve.wavenumbers, curve.values, color=colour, linewidth=1.8, label=curve.label,
                  linestyle=LINES[curve.layer % len(LINES)] if means > 1 else "-")
    if any(curve.label for curve in curves) and len(curves) > 1:
        axes.legend(frameon=False)


def limit_decades(axes: Axes, curves: Sequence[Curve]) -> None:
    """Leaves out what is many decades smaller than a curve's peak, such as coefficients that a filter removes."""
    values = numpy.array([curve.values for curve in curves])
    peaks = numpy.nanmax(values, axis=1)
    lowest = max(0.5 * values[values > 0].min(), peaks[peaks > 0].min() * 10.0 ** -DECADES)
    seen = curves[0].wavenumbers[(values > lowest).any(axis=0)]
    axes.set(ylim=(lowest, CLEAR ** 4 * peaks.max()), xlim=(0.9 * curves[0].wavenumbers[0], 1.1 * seen[-1]))


def draw_slope(axes: Axes, curves: Sequence[Curve], slope: Fraction, clear: float) -> None:
    """A power of the wavenumber, just above the curves where one of them has that slope: c K^slope >= clear E(K) with
    the least c, about the K where the two are closest; not to the left of the peak, nor where no curve is like it."""
    envelope = numpy.max([curve.values for curve in curves], axis=0)
    peak = int(numpy.argmax(envelope))
    wavenumbers = curves[0].wavenumbers[peak:]
    compensated = envelope[peak:] * wavenumbers ** -float(slope)
    closest = wavenumbers[int(numpy.argmax(compensated))]
    ends = numpy.array([max(closest / REACH, wavenumbers[0]), min(closest * REACH, wavenumbers[-1])])
    within = compensated[(wavenumbers >= ends[0]) & (wavenumbers <= ends[1])]
    if within.min() * UNLIKE < within.max():
        return
    heights = clear * compensated.max() * ends ** float(slope)
    axes.plot(ends, heights, color="0.6", linewidth=1.2)
    axes.annotate(f"$K^{{{slope}}}$", (ends[1], heights[1]), xytext=(3, 1), textcoords="offset points", color="0.45")


def draw_slopes(axes: Axes, curves: Sequence[Curve], slopes: Sequence[Fraction]) -> None:
    """The steepest lowest, so that none crosses another on its way down."""
    for rank, slope in enumerate(sorted(slopes)):
        draw_slope(axes, curves, slope, CLEAR ** (rank + 1))


def power_of_ten(values: numpy.ndarray) -> int:
    """The power of ten to take out of values, 0 where they read well as they are."""
    largest = float(numpy.nanmax(numpy.abs(values), initial=0.0))
    exponent = math.floor(math.log10(largest)) if largest > 0 and math.isfinite(largest) else 0
    return exponent if not -3 <= exponent <= 3 else 0


def draw_linear(axes: Axes, curves: Sequence[Curve], units: str) -> None:
    """What has a sign, around zero; the power of ten stands with the unit, as the wavelengths take its place."""
    power = power_of_ten(numpy.array([curve.values for curve in curves]))
    draw_curves(axes, [replace(curve, values=curve.values * 10.0 ** -power) for curve in curves])
    axes.axhline(0, color="0.4", linewidth=0.8, zorder=1)
    axes.set_ylabel(f"{power_text(power)} {unit_text(units)}".strip())
    axes.set_xlim(0.9 * curves[0].wavenumbers[0], 1.1 * curves[0].wavenumbers[-1])


def draw_logarithmic(axes: Axes, curves: Sequence[Curve], units: str, slopes: Sequence[Fraction]) -> None:
    """What is positive, beside powers of the wavenumber."""
    draw_curves(axes, curves)
    axes.set_yscale("log")
    limit_decades(axes, curves)
    draw_slopes(axes, curves, slopes)
    axes.set_ylabel(unit_text(units))


def add_wavelengths(axes: Axes, units: str) -> None:
    """A second scale above: 2 pi over wavenumbers in radians a length."""
    def reciprocal(values):
        with numpy.errstate(divide="ignore"):
            return 2 * numpy.pi / numpy.asarray(values, dtype=float)

    match = PER_LENGTH.fullmatch(units)
    if match and match["angle"]:
        above = axes.secondary_xaxis("top", functions=(reciprocal, reciprocal))
        above.set_xlabel(with_unit("wavelength", match["length"]))


def draw_spectrum(axes: Axes, variable: xarray.DataArray, curves: Sequence[Curve], slopes: Sequence[Fraction]) -> None:
    """One variable over wavenumber."""
    (dimension,) = wavenumber_dimensions(variable)
    _, units = wavenumber_scale(*reversed(coordinate(variable, dimension)))
    value_units = str(variable.attrs.get("units", ""))
    axes.set_xscale("log")
    if is_logarithmic(variable, curves):
        draw_logarithmic(axes, curves, value_units, slopes)
    else:
        draw_linear(axes, curves, value_units)
    axes.set_xlabel(with_unit("wavenumber K", units))
    axes.set_title(long_name(variable))
    axes.grid(alpha=0.3)
    add_wavelengths(axes, units)


def align_wavenumbers(panels: Sequence[Axes]) -> None:
    """Gives panels of one axis of wavenumbers the narrowest limits of them."""
    for label in {axes.get_xlabel() for axes in panels}:
        alike = [axes for axes in panels if axes.get_xlabel() == label]
        for axes in alike:
            axes.set_xlim(max(one.get_xlim()[0] for one in alike), min(one.get_xlim()[1] for one in alike))


def spectrum_figure(data: xarray.Dataset, names: Sequence[str], means: Sequence[Sequence[int]], layer: int | None,
                    slopes: Sequence[Fraction], title: str, size: tuple[int, int]) -> Figure:
    """A panel a variable, under one title; all go as far in wavenumber as the spectra do."""
    figure = new_figure(*size)
    panels = figure.subplots(*panel_grid(len(names), *size), squeeze=False).ravel()
    for axes, name in zip(panels, names):
        draw_spectrum(axes, data[name], read_curves(data, name, means, layer), slopes)
    for axes in panels[len(names):]:
        axes.remove()
    align_wavenumbers(panels[:len(names)])
    figure.suptitle(title)
    return figure

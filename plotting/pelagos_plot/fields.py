"""One record of a field, ready to draw: values over one or two axes, with coordinates, name and unit.

Speed is derived from u and v where a file does not hold it, at cell centres:
|u| = sqrt(mean of u over the two x-faces squared + the same of v).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy
import xarray

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.files import LAYER, TIME, field_names, spatial_dimensions, spectrum_names
from pelagos_plot.labels import distance_scale, long_name

FIRST_CHOICES = ("eta", "number_density", "temperature")


@dataclass(frozen=True)
class Axis:
    """One axis of a picture: positions in the unit that is shown."""

    name: str
    positions: numpy.ndarray
    units: str

    def edges(self) -> numpy.ndarray:
        """Bounds of the cells around the positions: half-way between neighbours."""
        p = self.positions
        if p.size == 1:
            return numpy.array([p[0] - 0.5, p[0] + 0.5])
        middle = 0.5 * (p[1:] + p[:-1])
        return numpy.concatenate(([p[0] - (middle[0] - p[0])], middle, [p[-1] + (p[-1] - middle[-1])]))

    def is_even(self) -> bool:
        """Whether the positions are equally spaced, to within what a file's rounding does."""
        if self.positions.size < 3:
            return True
        steps = numpy.diff(self.positions)
        return bool(numpy.allclose(steps, steps[0], rtol=1e-4))


@dataclass(frozen=True)
class Field:
    """One record of a field over one or two axes (the last axis of `values` is axes[-1]); NaN on land."""

    name: str
    label: str
    units: str
    axes: tuple[Axis, ...]
    values: numpy.ndarray
    note: str = ""  # where a slice was cut
    layer: int | None = None  # counted from 0


@dataclass(frozen=True)
class Panel:
    """What one panel of a picture shows: a field, in one layer where it has several."""

    name: str
    layer: int | None = None  # counted from 0


def can_derive_speed(data: xarray.Dataset) -> bool:
    """Whether the file has what speed is made of."""
    return "u" in data.data_vars and "v" in data.data_vars


def known_names(data: xarray.Dataset) -> list[str]:
    """All that can be asked for: the fields of the file, and speed where it can be derived."""
    names = field_names(data)
    return names + ["speed"] if can_derive_speed(data) and "speed" not in names else names


def default_names(data: xarray.Dataset) -> list[str]:
    """What is drawn when nothing is named: the surface height, density of atoms or temperature, else the first that moves."""
    names = field_names(data)
    moving = [name for name in names if TIME in data[name].dims]
    chosen = [name for name in FIRST_CHOICES if name in names] or moving or names
    return chosen[:1]


def check_names(data: xarray.Dataset, names: Sequence[str], where: str) -> list[str]:
    """`names`, or the default where there are none; an error for one that the file lacks."""
    known = known_names(data)
    for name in names:
        if name in spectrum_names(data):
            raise PlotError(f"{name} lies along wavenumbers; to draw it use: plot.py spectrum {where} {name}")
        if name not in known:
            raise unknown_name("field", name, where, known)
    chosen = list(names) or default_names(data)
    if not chosen:
        raise PlotError(f"{where} holds no field; to draw curves over time use: plot.py series {where}")
    return chosen


def at_record(variable: xarray.DataArray, record: int) -> xarray.DataArray:
    """`variable` at a record; unchanged where it does not depend on time."""
    return variable.isel({TIME: record}) if TIME in variable.dims else variable


def to_centres(variable: xarray.DataArray, cells: dict[str, int]) -> numpy.ndarray:
    """Means over the two faces of each cell, in dimensions that end in _face; periodic where there are as many faces
    as cells. A face on land counts as still water."""
    values = numpy.nan_to_num(numpy.asarray(variable.values, dtype=float))
    for axis, name in enumerate(variable.dims):
        base = str(name).removesuffix("_face")
        if base == name:
            continue
        low = numpy.take(values, range(cells.get(base, values.shape[axis])), axis=axis)
        high = numpy.roll(values, -1, axis=axis)
        values = 0.5 * (low + numpy.take(high, range(low.shape[axis]), axis=axis))
    return values


def cell_counts(u: xarray.DataArray, v: xarray.DataArray) -> dict[str, int]:
    """Cells a dimension, from whichever of the two components lies at centres there."""
    sizes = {**u.sizes, **v.sizes}
    return {str(name): int(size) for name, size in sizes.items() if not str(name).endswith("_face")}


def derived_speed(data: xarray.Dataset, record: int) -> xarray.DataArray:
    """Speed at cell centres from u and v at faces; land where all faces of a cell are."""
    u, v = at_record(data["u"], record), at_record(data["v"], record)
    cells = cell_counts(u, v)
    speed = numpy.hypot(to_centres(u, cells), to_centres(v, cells))
    u_dry, v_dry = (to_centres(part.isnull().astype(float), cells) for part in (u, v))
    speed[(u_dry == 1) & (v_dry == 1)] = numpy.nan
    dims = [str(name).removesuffix("_face") for name in u.dims]
    coordinates = {name: data[name] for name in dims if name in data.variables}
    return xarray.DataArray(speed, dims=dims, coords=coordinates, name="speed",
                            attrs={"long_name": "speed", "units": data["u"].attrs.get("units", "")})


def coordinate(variable: xarray.DataArray, name: str) -> tuple[numpy.ndarray, str]:
    """Positions along a dimension and their unit; indices where the file has no coordinate."""
    if name in variable.coords:
        return numpy.asarray(variable[name].values, dtype=float), str(variable[name].attrs.get("units", ""))
    return numpy.arange(variable.sizes[name], dtype=float), ""


def layer_count(data: xarray.Dataset, name: str) -> int:
    """The layers that a field lies in; 0 where it has no such dimension."""
    variable = data["u" if name == "speed" and name not in data.data_vars else name]
    return int(variable.sizes.get(LAYER, 0))


def chosen_layers(name: str, count: int, layer: int | None) -> list[int]:
    """The layers of `count` to draw, counted from 0: number `layer`, counted from 1, or all."""
    if layer is None:
        return list(range(count))
    if not 1 <= layer <= count:
        raise PlotError(f"There is no layer {layer} of {name}; it has {count}, numbered from 1.")
    return [layer - 1]


def check_layered(counts: Sequence[int], names: Sequence[str], layer: int | None) -> None:
    """An error if a layer is asked for where nothing has layers."""
    if layer is not None and not any(counts):
        raise PlotError(f"There are no layers in {', '.join(names)}; leave --layer out.")


def panels_of(data: xarray.Dataset, names: Sequence[str], layer: int | None) -> list[list[Panel]]:
    """The panels of each field: one, or one a layer where it lies in several and none is asked for."""
    counts = [layer_count(data, name) for name in names]
    check_layered(counts, names, layer)
    return [[Panel(name, index) for index in chosen_layers(name, count, layer)] if count else [Panel(name)]
            for name, count in zip(names, counts)]


def slice_layer(variable: xarray.DataArray, layer: int | None) -> tuple[xarray.DataArray, str]:
    """One layer, counted from 0, of a field that has such a dimension (the first if not said), and its name."""
    if LAYER not in variable.dims:
        return variable, ""
    index = layer or 0
    return variable.isel({LAYER: index}), f"layer {index + 1}"


def slice_level(variable: xarray.DataArray, level: int | None) -> tuple[xarray.DataArray, str]:
    """A 3-D field cut at a level of its first dimension (the middle one if not said), and a note of where."""
    dims = spatial_dimensions(variable)
    if len(dims) < 3:
        return variable, ""
    name, count = dims[0], variable.sizes[dims[0]]
    if level is None:
        level = count // 2
    if not -count <= level < count:
        raise PlotError(f"There is no level {level} along {name} of {variable.name}; it has {count}, numbered from 0.")
    positions, units = coordinate(variable, name)
    scale, shown = distance_scale(units, positions)
    return variable.isel({name: level}), f"{name} = {positions[level] * scale:.4g} {shown}".rstrip()


def picture_axes(variable: xarray.DataArray) -> tuple[Axis, ...]:
    """The axes of what is left; all of one unit share one scale."""
    found = [(name, *coordinate(variable, name)) for name in spatial_dimensions(variable)]
    axes = []
    for name, positions, units in found:
        scale, shown = distance_scale(units, *(p for _, p, u in found if u == units))
        axes.append(Axis(name.removesuffix("_face"), positions * scale, shown))
    return tuple(axes)


def read_field(data: xarray.Dataset, name: str, record: int, level: int | None = None,
               layer: int | None = None) -> Field:
    """Reads one record of a field, cut to at most two dimensions; layers are counted from 0."""
    if name == "speed" and name not in data.data_vars:
        whole = derived_speed(data, record)
    else:
        whole = at_record(data[name], record)
    in_layer, layer_note = slice_layer(whole, layer)
    if len(spatial_dimensions(in_layer)) > 3:
        raise PlotError(f"{name} has {len(spatial_dimensions(in_layer))} dimensions besides time and layer; at most 3 "
                        "can be drawn.")
    cut, level_note = slice_level(in_layer, level)
    values = numpy.asarray(cut.values, dtype=float)
    return Field(name, long_name(whole), str(whole.attrs.get("units", "")), picture_axes(cut), values,
                 ", ".join(note for note in (layer_note, level_note) if note), layer)


def read_panel(data: xarray.Dataset, panel: Panel, record: int, level: int | None) -> Field:
    """Reads what a panel shows at a record."""
    return read_field(data, panel.name, record, level, panel.layer)

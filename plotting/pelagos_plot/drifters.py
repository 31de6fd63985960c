"""Particles over maps: where the rows of a table lie at a record, in the units of the map, within a periodic domain.

A table NAME is the variables NAME_x, NAME_y, ... along the dimension NAME. A column NAME_layer (numbered from 1) says
which layer each row lies in; without it, all show in every layer.
"""

from __future__ import annotations

import numpy
import xarray

from pelagos_plot.fields import Axis, Field, at_record
from pelagos_plot.files import LAYER, table_names
from pelagos_plot.labels import unit_scale


def wrapped(positions: numpy.ndarray, axis: Axis) -> numpy.ndarray:
    """Positions that have left the axis, back on it by whole periods."""
    edges = axis.edges()
    low, high = edges[0], edges[-1]
    outside = (positions < low) | (positions > high)
    return numpy.where(outside, low + numpy.mod(positions - low, high - low), positions)


def along(data: xarray.Dataset, table: str, axis: Axis, record: int) -> numpy.ndarray | None:
    """Where the rows of a table lie along an axis of a map; None if the table does not say, or in other units."""
    name = f"{table}_{axis.name}"
    if name not in data.data_vars:
        return None
    scale = unit_scale(str(data[name].attrs.get("units", "")), axis.units)
    if scale is None:
        return None
    return wrapped(scale * numpy.asarray(at_record(data[name], record).values, dtype=float), axis)


def in_layer(data: xarray.Dataset, table: str, layer: int | None, record: int) -> numpy.ndarray | slice:
    """Which rows lie in a layer, counted from 0."""
    name = f"{table}_{LAYER}"
    if layer is None or name not in data.data_vars:
        return slice(None)
    return numpy.asarray(at_record(data[name], record).values) == layer + 1


def read_drifters(data: xarray.Dataset, field: Field, record: int) -> numpy.ndarray:
    """Where the rows of all tables of the file lie on the map of `field`: x and y of each; none on a curve."""
    places = [numpy.empty((0, 2))]
    for table in table_names(data) if len(field.axes) == 2 else []:
        up, across = (along(data, table, axis, record) for axis in field.axes)
        if up is not None and across is not None:
            places.append(numpy.column_stack((across, up))[in_layer(data, table, field.layer, record)])
    return numpy.concatenate(places)

"""Opening what a run wrote: HDF5 in netCDF-4 form, read through xarray, also while the run still appends to it."""

from __future__ import annotations

import os

import xarray

from pelagos_plot.errors import SYSTEM, PlotError

TIME = "time"
LAYER = "layer"
BOOKKEEPING = ("step",)  # variables along time that are no result


def open_file(path: str) -> xarray.Dataset:
    """Opens `path`; values are read when used. Times stay numbers: `times` words them, whatever their calendar."""
    if not os.path.exists(path):
        raise PlotError(f"There is no file {path}.")
    if os.path.isdir(path):
        inside = " or ".join(name for name in ("snapshots.nc", "series.nc") if os.path.exists(os.path.join(path, name)))
        raise PlotError(f"{path} is a folder; name a file in it" + (f", such as {inside}." if inside else "."))
    try:
        return xarray.open_dataset(path, engine="netcdf4", decode_times=False)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise PlotError(f"{path} cannot be read as a netCDF-4 file ({reason}).", SYSTEM) from error


def spatial_dimensions(variable: xarray.DataArray) -> list[str]:
    """The dimensions of `variable` but time, in the file's order."""
    return [str(name) for name in variable.dims if name != TIME]


def wavenumber_dimensions(variable: xarray.DataArray) -> list[str]:
    """The dimensions of `variable` that are axes of wavenumbers, which their names say."""
    return [name for name in spatial_dimensions(variable) if name.endswith("wavenumber")]


def spectrum_names(data: xarray.Dataset) -> list[str]:
    """What can be drawn over wavenumber: numbers along one such axis, and at most one more, such as layers."""
    return [str(name) for name, variable in data.data_vars.items() if variable.dtype.kind in "fiu"
            and len(wavenumber_dimensions(variable)) == 1 and len(spatial_dimensions(variable)) <= 2]


def table_names(data: xarray.Dataset) -> list[str]:
    """The tables of particles and the like: dimensions along which positions lie, as drifters_x and drifters_y do."""
    return [str(name) for name in data.dims
            if all(f"{name}_{axis}" in data.data_vars and name in data[f"{name}_{axis}"].dims for axis in "xy")]


def field_names(data: xarray.Dataset) -> list[str]:
    """What can be drawn in space: numbers along at least one dimension besides time, neither spectra nor columns."""
    others, tables = spectrum_names(data), table_names(data)
    return [str(name) for name, variable in data.data_vars.items() if variable.dtype.kind in "fiu"
            and spatial_dimensions(variable) and not str(name).endswith(("_bounds", "_bnds"))
            and name not in others and not any(table in variable.dims for table in tables)]


def series_names(data: xarray.Dataset) -> list[str]:
    """What can be drawn as a curve over time: one number a record."""
    return [str(name) for name, variable in data.data_vars.items() if variable.dtype.kind in "fiu"
            and variable.dims == (TIME,) and name not in BOOKKEEPING]


def record_count(data: xarray.Dataset) -> int:
    """The number of records along time; 1 where a file has no time."""
    return int(data.sizes.get(TIME, 1))

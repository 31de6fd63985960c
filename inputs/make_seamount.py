#!/usr/bin/env python3
"""Writes inputs/shallow_water/seamount.nc, the bathymetry of seamount.yaml: an abyssal plain that rises to a shelf in the
east, and on it two seamounts. Depth in metres, positive downward, on cell centres of a 10 km grid; netCDF-4.

    python3 inputs/make_seamount.py [FILE]

Needs numpy and netCDF4. The file is kept in the repository, so that the deck runs without Python.
"""

import pathlib
import sys

import netCDF4
import numpy as np


def depth(x, y):
    """Depth at points, m: x, y in m."""
    shelf = 4000 - 3700 / (1 + np.exp(-(x - 1350e3) / 60e3))
    great = 3400 * np.exp(-((x - 700e3) ** 2 + (y - 550e3) ** 2) / (2 * 60e3**2))
    small = 2200 * np.exp(-((x - 1000e3) ** 2 + (y - 300e3) ** 2) / (2 * 45e3**2))
    return np.maximum(shelf - great - small, 100)


def main(path):
    x, y = np.arange(5e3, 1600e3, 10e3), np.arange(5e3, 1000e3, 10e3)
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        file.Conventions = "CF-1.10"
        file.title = "Abyssal plain with two seamounts and a shelf, made by inputs/make_seamount.py"
        for name, values in (("y", y), ("x", x)):
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "f8", (name,))
            axis.units, axis.axis, axis.standard_name = "m", name.upper(), f"projection_{name}_coordinate"
            axis[:] = values
        field = file.createVariable("depth", "f4", ("y", "x"), zlib=True, shuffle=True)
        field.units, field.standard_name, field.positive = "m", "sea_floor_depth_below_geoid", "down"
        field[:] = depth(x[None, :], y[:, None])


if __name__ == "__main__":
    default = pathlib.Path(__file__).parent / "shallow_water" / "seamount.nc"
    main(sys.argv[1] if len(sys.argv) > 1 else default)

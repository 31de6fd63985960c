"""The atoms of a frame: of a trajectory in H5MD form, or of a checkpoint."""

from __future__ import annotations

import os
from dataclasses import dataclass

import h5py
import numpy
import xarray

from pelagos_plot.errors import SYSTEM, PlotError
from pelagos_plot.files import TIME
from pelagos_plot.times import chosen_records, time_text

ALL = "particles/all"


@dataclass(frozen=True)
class Frame:
    """Atoms (rows of all arrays) in an orthogonal box from `low`; `velocities` is None where they are not known."""

    positions: numpy.ndarray
    velocities: numpy.ndarray | None
    types: numpy.ndarray
    low: numpy.ndarray
    edges: numpy.ndarray
    periodic: numpy.ndarray
    length_unit: str
    velocity_unit: str
    when: str


def open_frames(path: str) -> h5py.File:
    """Opens a trajectory or a checkpoint, also while a run still appends to it."""
    if not os.path.exists(path):
        raise PlotError(f"There is no file {path}.")
    if os.path.isdir(path):
        raise PlotError(f"{path} is a folder; name a file in it, such as trajectory.h5 or one in checkpoints.")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise PlotError(f"{path} cannot be read as an HDF5 file ({str(error).splitlines()[0]}).", SYSTEM) from error
    if ALL not in file and "tables/atoms" not in file:
        file.close()
        raise PlotError(f"{path} holds no atoms; name a trajectory.h5 or a checkpoint of a run of atoms.")
    return file


def text_of(value: object) -> str:
    """An attribute that may be bytes."""
    return value.decode() if isinstance(value, bytes) else str(value)


def unit_of(data: h5py.Dataset) -> str:
    """The unit that H5MD gives to values; "" of reduced ones."""
    return text_of(data.attrs.get("unit", ""))


def low_corner(positions: numpy.ndarray, edges: numpy.ndarray) -> numpy.ndarray:
    """H5MD does not say where the box is: at 0, or else where its atoms are."""
    lowest, highest = positions.min(axis=0), positions.max(axis=0)
    return numpy.where((lowest >= 0) & (highest <= edges), 0.0, lowest)


def read_trajectory(file: h5py.File, when: str) -> Frame:
    """The frame that `when` means."""
    atoms = file[ALL]
    times = atoms["position/time"]
    clock = xarray.Dataset(coords={TIME: (TIME, times[()], {"units": unit_of(times)})})
    records = chosen_records(clock, when)
    if len(records) != 1:
        raise PlotError("A picture shows one frame; name it with --time.")
    (record,) = records
    edges = numpy.diagonal(atoms["box/edges/value"][record]).astype(float)
    positions = atoms["position/value"][record].astype(float)
    velocity = atoms["velocity/value"] if "velocity" in atoms else None
    periodic = numpy.array([text_of(side) == "periodic" for side in atoms["box"].attrs["boundary"]])
    return Frame(positions, None if velocity is None else velocity[record].astype(float), atoms["species"][()],
                 low_corner(positions, edges), edges, periodic, unit_of(atoms["position/value"]),
                 "" if velocity is None else unit_of(velocity), time_text(clock, record))


def read_checkpoint(file: h5py.File) -> Frame:
    """The state that it holds; which sides are periodic it does not say as a number, so atoms are taken as they are."""
    atoms, box = file["tables/atoms"], file["scalars"].attrs
    low, edges = (numpy.array([float(box[f"box-{what}-{axis}"]) for axis in "xyz"]) for what in ("low", "length"))
    return Frame(atoms["position"][()], atoms["velocity"][()], atoms["type"][()].ravel(), low, edges,
                 numpy.ones(3, dtype=bool), "", "", f"step {int(file['clock'].attrs['step'])}")


def read_frame(file: h5py.File, when: str) -> Frame:
    """The atoms to draw."""
    return read_trajectory(file, when) if ALL in file else read_checkpoint(file)

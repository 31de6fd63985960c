"""Movies: a frame a record, colours fixed over all of them; mp4 through ffmpeg, or gif through pillow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xarray
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, PillowWriter
from matplotlib.figure import Figure

from pelagos_plot.colours import Colours
from pelagos_plot.drifters import read_drifters
from pelagos_plot.errors import SYSTEM, PlotError
from pelagos_plot.fields import Panel, read_panel
from pelagos_plot.files import record_count
from pelagos_plot.labels import run_title
from pelagos_plot.pictures import (DOTS, LARGEST, close_figure, draw_drifters, fitting_size, panel_figure, panel_rows,
                                   part_path, update_field)
from pelagos_plot.times import time_text

ONE_MAP = (1280, 960)  # pixels of a movie of one panel whose size is not asked for


def have_ffmpeg() -> bool:
    """Whether mp4 can be written."""
    return shutil.which("ffmpeg") is not None


def movie_path(path: str | None, beside: str, name: str) -> str:
    """Where the movie goes; a .gif where ffmpeg is missing."""
    wanted = path or f"{os.path.splitext(beside)[0]}_{name}.mp4"
    stem, suffix = os.path.splitext(wanted)
    if suffix not in (".mp4", ".gif"):
        raise PlotError(f"A movie is an .mp4 or a .gif, not '{wanted}'.")
    if suffix == ".mp4" and not have_ffmpeg():
        print(f"There is no ffmpeg (on Debian: apt-get install ffmpeg), so this makes {stem}.gif.", file=sys.stderr)
        return f"{stem}.gif"
    return wanted


def movie_writer(path: str, frames_a_second: float) -> AbstractMovieWriter:
    """The writer for the kind of file that `path` names."""
    if path.endswith(".gif"):
        return PillowWriter(fps=frames_a_second)
    return FFMpegWriter(fps=frames_a_second, codec="libx264", extra_args=["-pix_fmt", "yuv420p", "-crf", "18"])


def even(size: tuple[int, int]) -> tuple[int, int]:
    """The size with even numbers, which mp4 needs."""
    return size[0] // 2 * 2, size[1] // 2 * 2


@dataclass(frozen=True)
class Show:
    """What a movie shows: the panels of a field, their colours over all records, the frame, and whether drifters."""

    panels: Sequence[Panel]
    level: int | None
    colours: Sequence[Colours]
    size: tuple[int, int] | None
    drifters: bool


def first_frame(data: xarray.Dataset, show: Show) -> tuple[Figure, Callable[[int], None]]:
    """Draws the first record. Returns the figure, and what changes it to another: only values, dots and times."""
    fields = [read_panel(data, panel, 0, show.level) for panel in show.panels]
    grid = panel_rows([len(fields)], show.size or LARGEST)
    size = show.size or (ONE_MAP if len(fields) == 1 else fitting_size(fields, *grid))
    figure, panels, drawn = panel_figure(fields, show.colours, "", even(size), grid)
    dots = [draw_drifters(axes, read_drifters(data, field, 0)) if show.drifters else None
            for axes, field in zip(panels, fields)]

    def change(record: int) -> None:
        for artist, dot, panel in zip(drawn, dots, show.panels):
            field = read_panel(data, panel, record, show.level)
            update_field(artist, field)
            if dot is not None:
                dot.set_offsets(read_drifters(data, field, record))
        figure.suptitle(run_title(data, time_text(data, record)))

    return figure, change


def write_frames(writer: AbstractMovieWriter, path: str, data: xarray.Dataset, show: Show,
                 progress: Callable[[int, int], None]) -> None:
    """Writes a frame a record."""
    figure, change = first_frame(data, show)
    count = record_count(data)
    change(0)
    figure.canvas.draw()
    figure.set_layout_engine("none")  # the frame stays put while the numbers change
    try:
        with writer.saving(figure, path, DOTS):
            for record in range(count):
                change(record)
                writer.grab_frame()
                progress(record + 1, count)
    finally:
        close_figure(figure)


def write_movie(path: str, data: xarray.Dataset, show: Show, frames_a_second: float,
                progress: Callable[[int, int], None]) -> None:
    """Writes the movie; one that was there is replaced only by a whole one."""
    part = part_path(path)
    try:
        write_frames(movie_writer(path, frames_a_second), part, data, show, progress)
        os.replace(part, path)
    except OSError as error:
        raise PlotError(f"{path} cannot be written ({error.strerror or error}).", SYSTEM) from error
    except subprocess.CalledProcessError as error:
        raise PlotError(f"{path} cannot be written: ffmpeg failed with code {error.returncode}.", SYSTEM) from error
    finally:
        if os.path.exists(part):
            os.remove(part)

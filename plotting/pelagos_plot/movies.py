"""Movies: a frame a record, colours fixed over all of them; mp4 through ffmpeg, or gif through pillow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import xarray
from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, PillowWriter

from pelagos_plot.colours import Colours, Wish, choose_colours, joined, spread
from pelagos_plot.errors import SYSTEM, PlotError
from pelagos_plot.fields import read_field
from pelagos_plot.files import record_count
from pelagos_plot.labels import run_title
from pelagos_plot.pictures import DOTS, close_figure, draw_field, new_figure, panel_title, part_path, update_field
from pelagos_plot.times import time_text


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


def shared_colours(data: xarray.Dataset, name: str, level: int | None, wish: Wish) -> Colours:
    """Colours that suit every record."""
    spreads = (spread(read_field(data, name, record, level).values) for record in range(record_count(data)))
    return choose_colours(joined(spreads), wish)


def movie_writer(path: str, frames_a_second: float) -> AbstractMovieWriter:
    """The writer for the kind of file that `path` names."""
    if path.endswith(".gif"):
        return PillowWriter(fps=frames_a_second)
    return FFMpegWriter(fps=frames_a_second, codec="libx264", extra_args=["-pix_fmt", "yuv420p", "-crf", "18"])


def even(size: tuple[int, int]) -> tuple[int, int]:
    """The size with even numbers, which mp4 needs."""
    return size[0] // 2 * 2, size[1] // 2 * 2


def write_frames(writer: AbstractMovieWriter, path: str, data: xarray.Dataset, name: str, level: int | None,
                 colours: Colours, size: tuple[int, int], progress: Callable[[int, int], None]) -> None:
    """Draws the first record, then changes only the values and the time."""
    figure, count = new_figure(*size, layout="compressed"), record_count(data)
    axes = figure.subplots()
    drawn = draw_field(axes, read_field(data, name, 0, level), colours)
    figure.suptitle(run_title(data))
    figure.canvas.draw()
    figure.set_layout_engine("none")  # the frame stays put while the numbers change
    try:
        with writer.saving(figure, path, DOTS):
            for record in range(count):
                field = read_field(data, name, record, level)
                update_field(drawn, field)
                axes.set_title(panel_title(field, time_text(data, record)))
                writer.grab_frame()
                progress(record + 1, count)
    finally:
        close_figure(figure)


def write_movie(path: str, data: xarray.Dataset, name: str, level: int | None, wish: Wish, size: tuple[int, int],
                frames_a_second: float, progress: Callable[[int, int], None]) -> None:
    """Writes the movie; one that was there is replaced only by a whole one."""
    if record_count(data) == 0:
        raise PlotError("The file holds no record yet.")
    part = part_path(path)
    try:
        write_frames(movie_writer(path, frames_a_second), part, data, name, level,
                     shared_colours(data, name, level, wish), even(size), progress)
        os.replace(part, path)
    except OSError as error:
        raise PlotError(f"{path} cannot be written ({error.strerror or error}).", SYSTEM) from error
    except subprocess.CalledProcessError as error:
        raise PlotError(f"{path} cannot be written: ffmpeg failed with code {error.returncode}.", SYSTEM) from error
    finally:
        if os.path.exists(part):
            os.remove(part)

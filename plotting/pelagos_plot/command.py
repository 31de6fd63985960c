"""The command line: `plot.py field|series|movie FILE ...`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence

import matplotlib
import xarray

from pelagos_plot.colours import Wish, choose_colours, joined, spread
from pelagos_plot.errors import SYSTEM, PlotError, unknown_name
from pelagos_plot.fields import check_names, read_field
from pelagos_plot.files import open_file
from pelagos_plot.labels import run_title
from pelagos_plot.movies import movie_path, write_movie
from pelagos_plot.pictures import close_figure, field_figure, save_figure
from pelagos_plot.series import check_series, series_figure
from pelagos_plot.times import chosen_records, time_text

SUMMARY = "Draws what a Pelagos run wrote."
EXAMPLES = """examples:
  plot.py field  double_gyre/snapshots.nc                     the surface height, last record
  plot.py field  double_gyre/snapshots.nc eta speed --time "2 days"
  plot.py series double_gyre/series.nc energy volume
  plot.py movie  double_gyre/snapshots.nc vorticity -o gyre.mp4

exit codes: 0 done; 2 the call is wrong (no such file, field or time); 5 a file cannot be read or written"""


def size(text: str) -> tuple[int, int]:
    """"1600x1000" as (1600, 1000)."""
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if not match or not all(100 <= int(number) <= 20000 for number in match.groups()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size such as 1600x1000 (100 to 20000 pixels a side)")
    return int(match[1]), int(match[2])


def frame_rate(text: str) -> float:
    """Frames a second, more than none."""
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 100:
        raise argparse.ArgumentTypeError(f"'{text}' is not a frame rate between 0 and 100")
    return rate


def add_colour_options(parser: argparse.ArgumentParser) -> None:
    """The options that fields and movies share."""
    parser.add_argument("--level", type=int, metavar="K", help="index along z where a 3-D field is cut (the middle)")
    parser.add_argument("--vmin", type=float, metavar="V", help="value of the lowest colour")
    parser.add_argument("--vmax", type=float, metavar="V", help="value of the highest colour")
    parser.add_argument("--cmap", metavar="NAME", help="matplotlib colour map (RdBu_r if signed, else viridis)")


def add_command(commands, name: str, run: Callable, summary: str, output: str, pixels: str) -> argparse.ArgumentParser:
    """A subcommand with what all have: the file, where the picture goes, how large it is."""
    parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.add_argument("file", metavar="FILE", help="what a run wrote: snapshots.nc or series.nc")
    parser.add_argument("-o", "--output", metavar="PICTURE", help=f"where it goes ({output} beside FILE)")
    parser.add_argument("--size", type=size, default=pixels, metavar="WxH", help=f"pixels ({pixels})")
    parser.set_defaults(run=run)
    return parser


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="plot.py", description=SUMMARY, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    field = add_command(commands, "field", run_field, "draw fields at a time", "FILE_NAME.png", "1600x1000")
    field.add_argument("names", metavar="NAME", nargs="*", help="fields, a panel each (eta, or the first there is); "
                       "speed is derived from u and v")
    field.add_argument("--time", default="last", metavar="WHEN", help="last (default), all (a picture each), a "
                       "record's number, or the nearest to a time such as '30 days' or 2000-03-01")
    add_colour_options(field)
    series = add_command(commands, "series", run_series, "draw curves over time", "FILE.png", "1600x1000")
    series.add_argument("names", metavar="NAME", nargs="*", help="scalars, a panel each (the first 8)")
    movie = add_command(commands, "movie", run_movie, "make a movie of a field", "FILE_NAME.mp4", "1280x960")
    movie.add_argument("name", metavar="NAME", help="field; speed is derived from u and v")
    movie.add_argument("--fps", type=frame_rate, default=12.0, metavar="N", help="frames a second (12)")
    add_colour_options(movie)
    return parser


def colour_wish(options: argparse.Namespace) -> Wish:
    """What the options ask of the colours."""
    if options.cmap is not None and options.cmap not in matplotlib.colormaps:
        near = unknown_name("colour map", options.cmap, "matplotlib", matplotlib.colormaps)
        raise PlotError(str(near).split(" It has ")[0].rstrip(";") + (" See its list, or leave --cmap out."))
    if options.vmin is not None and options.vmax is not None and options.vmin >= options.vmax:
        raise PlotError(f"--vmin {options.vmin:g} is not below --vmax {options.vmax:g}.")
    return Wish(options.vmin, options.vmax, options.cmap)


def field_picture(options: argparse.Namespace, names: Sequence[str], record: int, several: bool) -> str:
    """Where the picture of a record goes; numbered if there are several."""
    stem, suffix = os.path.splitext(options.output or f"{os.path.splitext(options.file)[0]}_{'_'.join(names)}.png")
    return f"{stem}_{record:04d}{suffix or '.png'}" if several else stem + (suffix or ".png")


def run_field(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py field`: a picture a record; those of one call share their colours."""
    names = check_names(data, options.names, options.file)
    records, wish = chosen_records(data, options.time), colour_wish(options)
    colours = [choose_colours(joined(spread(read_field(data, name, record, options.level).values)
                                     for record in records), wish) for name in names]
    for record in records:
        fields = [read_field(data, name, record, options.level) for name in names]
        figure = field_figure(fields, colours, run_title(data, time_text(data, record)), options.size)
        path = field_picture(options, names, record, options.time == "all")
        save_figure(figure, path)
        close_figure(figure)
        print(path)


def run_series(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py series`: one picture of all scalars named."""
    names = check_series(data, options.names, options.file)
    path = options.output or f"{os.path.splitext(options.file)[0]}.png"
    figure = series_figure(data, names, run_title(data), options.size)
    save_figure(figure, path)
    close_figure(figure)
    print(path)


def show_progress(done: int, count: int) -> None:
    """A live line on a terminal; elsewhere a line every tenth."""
    if sys.stderr.isatty():
        print(f"\rframe {done} of {count}", end="\n" if done == count else "", file=sys.stderr, flush=True)
    elif done == count or done % max(1, count // 10) == 0:
        print(f"frame {done} of {count}", file=sys.stderr, flush=True)


def run_movie(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py movie`: a frame a record."""
    (name,) = check_names(data, [options.name], options.file)
    path = movie_path(options.output, options.file, name)
    write_movie(path, data, name, options.level, colour_wish(options), options.size, options.fps, show_progress)
    print(path)


def main(arguments: Sequence[str]) -> int:
    """Runs the command; returns its exit code. argparse itself exits with 2 on a wrong call."""
    options = make_parser().parse_args(arguments)
    try:
        with open_file(options.file) as data:
            options.run(data, options)
    except PlotError as error:
        print(f"plot.py: {error}", file=sys.stderr)
        return error.exit_code
    except (OSError, RuntimeError) as error:
        print(f"plot.py: {options.file} cannot be read: {str(error).splitlines()[0]}", file=sys.stderr)
        return SYSTEM
    return 0

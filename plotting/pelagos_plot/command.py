"""The command line: `plot.py field|series|movie|spectrum|rdf|msd|thermo|atoms|scaling FILE ...`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction

import h5py
import matplotlib
import xarray
from matplotlib.figure import Figure

from pelagos_plot.atoms import COLOURINGS, Look, atoms_figure
from pelagos_plot.colours import Colours, Wish, joined, layer_colours, spread
from pelagos_plot.distributions import pair_names, rdf_figure, when_text
from pelagos_plot.drifters import read_drifters
from pelagos_plot.errors import SYSTEM, PlotError, unknown_name
from pelagos_plot.fields import Panel, check_names, panels_of, read_panel
from pelagos_plot.files import open_file
from pelagos_plot.frames import open_frames, read_frame
from pelagos_plot.labels import run_title
from pelagos_plot.movies import Show, movie_path, write_movie
from pelagos_plot.pictures import LARGEST, close_figure, field_figure, fitting_size, panel_rows, save_figure
from pelagos_plot.scaling import PANELS, check_panels, scaling_figure, study_title
from pelagos_plot.series import check_series, series_figure
from pelagos_plot.spectra import SLOPES, check_layer, check_spectra, spectrum_figure
from pelagos_plot.spheres import View
from pelagos_plot.studies import Study, open_study
from pelagos_plot.thermo import check_thermo, thermo_figure
from pelagos_plot.times import chosen_means, chosen_records, mean_text, one_record, time_text
from pelagos_plot.transport import check_transport, msd_figure

SUMMARY = "Draws what a Pelagos run wrote."
EXAMPLES = """examples:
  plot.py field  double_gyre/snapshots.nc                     the surface height, last record
  plot.py field  double_gyre/snapshots.nc eta speed --time "2 days"
  plot.py series double_gyre/series.nc energy volume
  plot.py movie  double_gyre/snapshots.nc vorticity -o gyre.mp4
  plot.py field  two_layer/snapshots.nc q                     each layer, with drifters where the file has them
  plot.py spectrum two_layer/snapshots.nc --time "1 year..2 years"
  plot.py thermo melt/series.nc                               temperature, energies, pressure of a run of atoms
  plot.py rdf    melt/rdf.nc                                  also: plot.py msd melt/msd.nc
  plot.py atoms  melt/trajectory.h5 --time 0 --colour coordination
  plot.py scaling gyre.scale speedup efficiency -o scaling.pdf   of a study that pelagos scale made; all figures without names

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


def powers(text: str) -> tuple[Fraction, ...]:
    """"-3,-5/3" as numbers; none of "none"."""
    try:
        return () if text == "none" else tuple(Fraction(part.strip()) for part in text.split(","))
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(f"'{text}' is neither a list of powers such as -3,-5/3 nor none") from error


def positive(text: str) -> float:
    """A length."""
    try:
        length = float(text)
    except ValueError:
        length = 0.0
    if not 0 < length < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a length above 0")
    return length


def view(text: str) -> View:
    """"30,20" as angles."""
    try:
        azimuth, elevation = (float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not two angles in degrees such as 30,20") from error
    return View(azimuth, elevation)


def add_layer_option(parser: argparse.ArgumentParser) -> None:
    """Which layer, of what has several."""
    parser.add_argument("--layer", type=int, metavar="N", help="only this layer, numbered from 1 (all)")


def add_map_options(parser: argparse.ArgumentParser) -> None:
    """The options that fields and movies share."""
    add_layer_option(parser)
    parser.add_argument("--level", type=int, metavar="K", help="index along z where a 3-D field is cut (the middle)")
    parser.add_argument("--no-drifters", dest="drifters", action="store_false",
                        help="maps without the drifters that the file has")
    parser.add_argument("--vmin", type=float, metavar="V", help="value of the lowest colour")
    parser.add_argument("--vmax", type=float, metavar="V", help="value of the highest colour")
    parser.add_argument("--cmap", metavar="NAME", help="matplotlib colour map (RdBu_r if signed, else viridis)")


def add_command(commands, name: str, run: Callable, summary: str, output: str,
                pixels: str | None, file: str = "snapshots.nc or series.nc") -> argparse.ArgumentParser:
    """A subcommand with what all have: the file, where the picture goes, how large it is."""
    parser = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
    parser.add_argument("file", metavar="FILE", help=f"what a run wrote: {file}")
    parser.add_argument("-o", "--output", metavar="PICTURE",
                        help=f"where it goes, in the format that its name ends in ({output} beside FILE)")
    parser.add_argument("--size", type=size, default=pixels, metavar="WxH",
                        help=f"pixels ({pixels or 'what suits the panels'})")
    parser.set_defaults(run=run, open=open_file)
    return parser


def make_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="plot.py", description=SUMMARY, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    field = add_command(commands, "field", run_field, "draw fields at a time", "FILE_NAME.png", None)
    field.add_argument("names", metavar="NAME", nargs="*", help="fields, a panel each, or one a layer "
                       "(eta, or the first there is); speed is derived from u and v")
    field.add_argument("--time", default="last", metavar="WHEN", help="last (default), all (a picture each), a "
                       "record's number, or the nearest to a time such as '30 days' or 2000-03-01")
    add_map_options(field)
    series = add_command(commands, "series", run_series, "draw curves over time", "FILE.png", "1600x1000")
    series.add_argument("names", metavar="NAME", nargs="*", help="scalars, a panel each (the first 8)")
    movie = add_command(commands, "movie", run_movie, "make a movie of a field", "FILE_NAME.mp4", None)
    movie.add_argument("name", metavar="NAME", help="field; speed is derived from u and v")
    movie.add_argument("--fps", type=frame_rate, default=12.0, metavar="N", help="frames a second (12)")
    add_map_options(movie)
    add_spectrum(commands)
    add_gathered(commands)
    add_atoms(commands)
    add_scaling(commands)
    return parser


def add_spectrum(commands) -> None:
    """The subcommand for what lies over wavenumber."""
    spectrum = add_command(commands, "spectrum", run_spectrum, "draw spectra and fluxes over wavenumber",
                           "FILE_spectrum.png", "1600x800")
    spectrum.add_argument("names", metavar="NAME", nargs="*", help="variables along wavenumber, a panel each (all)")
    spectrum.add_argument("--time", default="half", metavar="WHEN", help="what to average: half (default, the second "
                          "half), all, or A..B, with ends as in field --time ('1 year..', '10..20'); or one record; "
                          "several with commas between are a curve each")
    spectrum.add_argument("--slopes", type=powers, default=SLOPES, metavar="P,P", help="powers drawn beside spectra: "
                          "--slopes=-5/3,-3 (default), none")
    add_layer_option(spectrum)


def add_gathered(commands) -> None:
    """The subcommands for what runs of atoms gather."""
    rdf = add_command(commands, "rdf", run_rdf, "draw radial distribution functions", "FILE.png", "1000x800", "rdf.nc")
    rdf.add_argument("names", metavar="NAME", nargs="*", help="distributions, such as rdf_1_2 (all)")
    rdf.add_argument("--time", default="half", metavar="WHEN", help="what to average: half (default, the second half "
                     "of the records), all, or A..B ('10..20'); or one record; several with commas between are a curve each")
    msd = add_command(commands, "msd", run_msd, "draw mean-square displacement, velocity autocorrelation and diffusion "
                      "coefficients", "FILE.png", "1600x700", "msd.nc")
    msd.add_argument("--time", default="last", metavar="WHEN", help="the record, as in field --time (last)")
    add_command(commands, "thermo", run_thermo, "draw temperature, energies and pressure of atoms, and the drift of the "
                "conserved energy", "FILE_thermo.png", "1600x1000", "series.nc")


def add_atoms(commands) -> None:
    """The subcommand for pictures of atoms."""
    atoms = add_command(commands, "atoms", run_atoms, "draw atoms as spheres in their box", "FILE_atoms.png", "1000x900",
                        "trajectory.h5 or a checkpoint")
    atoms.add_argument("--time", default="last", metavar="WHEN", help="the frame, as in field --time (last)")
    atoms.add_argument("--colour", choices=COLOURINGS, default="type", help="what colours mean (type)")
    atoms.add_argument("--radius", type=positive, metavar="R", help="of spheres (they touch)")
    atoms.add_argument("--reach", type=positive, metavar="R", help="how far neighbours are (the first shell)")
    atoms.add_argument("--view", type=view, default="30,20", metavar="AZ,EL", help="degrees by which the box is turned "
                       "about z and seen from above (30,20)")
    atoms.set_defaults(open=open_frames)


def add_scaling(commands) -> None:
    """The subcommand for scaling studies."""
    scaling = add_command(commands, "scaling", run_scaling, "draw a scaling study: speed-up, efficiency, where time goes, roofline",
                          "FILE.png", None, "scale.json of pelagos scale, or its folder")
    scaling.add_argument("names", metavar="NAME", nargs="*", help=f"figures, a panel each: {', '.join(PANELS)} (all that it has numbers for)")
    scaling.set_defaults(open=open_study)


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


def group_colours(data: xarray.Dataset, group: Sequence[Panel], records: Sequence[int],
                  options: argparse.Namespace) -> list[Colours]:
    """Colours for the panels of one field that suit all the records."""
    return layer_colours([joined(spread(read_panel(data, panel, record, options.level).values) for record in records)
                          for panel in group], colour_wish(options))


def run_field(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py field`: a picture a record; those of one call share their colours."""
    names = check_names(data, options.names, options.file)
    records, groups = chosen_records(data, options.time), panels_of(data, names, options.layer)
    colours = [one for group in groups for one in group_colours(data, group, records, options)]
    grid = panel_rows([len(group) for group in groups], options.size or LARGEST)
    for record in records:
        fields = [read_panel(data, panel, record, options.level) for group in groups for panel in group]
        places = [read_drifters(data, field, record) for field in fields] if options.drifters else ()
        pixels = options.size or (fitting_size(fields, *grid) if len(fields) > 1 else LARGEST)
        figure = field_figure(fields, colours, run_title(data, time_text(data, record)), pixels, grid, places)
        path = field_picture(options, names, record, options.time == "all")
        save_figure(figure, path)
        close_figure(figure)
        print(path)


def finish(figure: Figure, options: argparse.Namespace, suffix: str) -> None:
    """Puts a figure where the options say, or beside the file."""
    path = options.output or f"{os.path.splitext(options.file)[0]}{suffix}.png"
    save_figure(figure, path)
    close_figure(figure)
    print(path)


def run_series(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py series`: one picture of all scalars named."""
    names = check_series(data, options.names, options.file)
    finish(series_figure(data, names, run_title(data), options.size), options, "")


def run_rdf(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py rdf`."""
    pairs = pair_names(data, options.names, options.file)
    means = chosen_means(data, options.time)
    when = when_text(data, means[0]) if len(means) == 1 else ""
    finish(rdf_figure(data, pairs, means, run_title(data, when), options.size), options, "")


def run_msd(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py msd`."""
    check_transport(data, options.file)
    record = one_record(data, options.time)
    finish(msd_figure(data, record, run_title(data, time_text(data, record)), options.size), options, "")


def run_thermo(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py thermo`."""
    check_thermo(data, options.file)
    finish(thermo_figure(data, run_title(data), options.size), options, "_thermo")


def run_atoms(data: h5py.File, options: argparse.Namespace) -> None:
    """`plot.py atoms`."""
    look = Look(options.colour, options.radius, options.reach, options.view)
    finish(atoms_figure(read_frame(data, options.time), look, options.size), options, "_atoms")


def run_scaling(study: Study, options: argparse.Namespace) -> None:
    """`plot.py scaling`: one picture of all figures named."""
    options.file = study.path
    finish(scaling_figure(study, check_panels(study, options.names), study_title(study), options.size), options, "")


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
    records = chosen_records(data, "all")
    (panels,) = panels_of(data, [name], options.layer)
    colours = group_colours(data, panels, records, options)
    write_movie(path, data, Show(panels, options.level, colours, options.size, options.drifters), options.fps,
                show_progress)
    print(path)


def run_spectrum(data: xarray.Dataset, options: argparse.Namespace) -> None:
    """`plot.py spectrum`: one picture of all variables named."""
    names = check_spectra(data, options.names, options.file)
    check_layer(data, names, options.layer)
    means = chosen_means(data, options.time)
    when = mean_text(data, means[0]) if len(means) == 1 else ""
    finish(spectrum_figure(data, names, means, options.layer, options.slopes, run_title(data, when), options.size),
           options, "_spectrum")


def main(arguments: Sequence[str]) -> int:
    """Runs the command; returns its exit code. argparse itself exits with 2 on a wrong call."""
    options = make_parser().parse_args(arguments)
    try:
        with options.open(options.file) as data:
            options.run(data, options)
    except PlotError as error:
        print(f"plot.py: {error}", file=sys.stderr)
        return error.exit_code
    except (OSError, RuntimeError) as error:
        print(f"plot.py: {options.file} cannot be read: {str(error).splitlines()[0]}", file=sys.stderr)
        return SYSTEM
    return 0

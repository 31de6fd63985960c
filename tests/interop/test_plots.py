"""plotting/plot.py makes the right pictures: size, colours at known pixels, frames; and fails in one sentence."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Callable

import h5py
import netCDF4
import numpy
from PIL import Image

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PLOT = os.path.join(SOURCE, "plotting", "plot.py")
sys.path.insert(0, os.path.join(SOURCE, "plotting"))

from pelagos_plot import colours, command, drifters, files, fields, labels, pictures, spectra, times  # noqa: E402

NX, NY, RECORDS, SPACING, DAY = 40, 30, 4, 50e3, 86400.0
SHELLS = 40
LAND = (slice(0, 10), slice(0, 10))  # the south-western corner


def run_plot(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess:
    """Runs the command as a person does."""
    environment = dict(os.environ, **({"PATH": path} if path is not None else {}))
    return subprocess.run([sys.executable, PLOT, *arguments], capture_output=True, text=True, env=environment)


def plot(*arguments: str) -> subprocess.CompletedProcess:
    """The same within this process, to be quick."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command.main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def add(file: netCDF4.Dataset, name: str, dims: tuple[str, ...], values, **attributes) -> None:
    """A variable with its attributes."""
    fill = numpy.nan if numpy.asarray(values).dtype.kind == "f" and "time" in dims and len(dims) > 1 else None
    variable = file.createVariable(name, numpy.asarray(values).dtype, dims, fill_value=fill)
    variable.setncatts(attributes)
    variable[:] = values


def add_axes(file: netCDF4.Dataset) -> None:
    """Centres and faces in metres, as a run between walls writes them."""
    for name, count in (("x", NX), ("y", NY)):
        faces = numpy.arange(count + 1) * SPACING
        file.createDimension(name, count)
        file.createDimension(f"{name}_face", count + 1)
        add(file, name, (name,), faces[:-1] + SPACING / 2, units="m", axis=name.upper())
        add(file, f"{name}_face", (f"{name}_face",), faces, units="m", axis=name.upper())


def add_times(file: netCDF4.Dataset, units: str, **attributes) -> None:
    """RECORDS times, 10 days apart, and the step of each."""
    file.createDimension("time", None)
    per_day = 1.0 if units.startswith("days") else DAY
    add(file, "time", ("time",), 10 * per_day * numpy.arange(RECORDS, dtype=float), units=units, **attributes)
    add(file, "step", ("time",), 100 * numpy.arange(RECORDS, dtype=numpy.int64))


def negative_west_positive_east() -> numpy.ndarray:
    """-1 in the west, +1 in the east, land in the south-western corner, shrinking a little with each record."""
    eta = numpy.where(numpy.arange(NX) < NX // 2, -1.0, 1.0) * numpy.ones((RECORDS, NY, NX))
    eta *= (1.0 - 0.1 * numpy.arange(RECORDS))[:, None, None]
    eta[(slice(None), *LAND)] = numpy.nan
    return eta


def write_snapshots(path: str, units: str = "s", **time_attributes) -> None:
    """A file such as snapshots.nc: eta, u, v, vorticity and a positive depth."""
    with netCDF4.Dataset(path, "w") as file:
        file.title = "Test gyre"
        add_axes(file)
        add_times(file, units, **time_attributes)
        shape = (RECORDS, NY, NX)
        add(file, "eta", ("time", "y", "x"), negative_west_positive_east(), units="m", long_name="sea surface height")
        add(file, "u", ("time", "y", "x_face"), numpy.full((RECORDS, NY, NX + 1), 3.0), units="m s-1")
        add(file, "v", ("time", "y_face", "x"), numpy.full((RECORDS, NY + 1, NX), 4.0), units="m s-1")
        add(file, "vorticity", ("time", "y_face", "x_face"), numpy.zeros((RECORDS, NY + 1, NX + 1)), units="s-1")
        add(file, "depth", ("time", "y", "x"), numpy.linspace(100, 500, NX) * numpy.ones(shape), units="m")


def write_series(path: str) -> None:
    """A file such as series.nc."""
    with netCDF4.Dataset(path, "w") as file:
        add_times(file, "s")
        add(file, "energy", ("time",), numpy.array([0.0, 1e15, 3e15, 4e15]), units="J", long_name="total energy")
        add(file, "volume", ("time",), numpy.zeros(RECORDS), units="m3")


def write_heat(path: str) -> None:
    """Temperature over one and over three dimensions."""
    with netCDF4.Dataset(path, "w") as file:
        add_times(file, "days since 2000-01-01", calendar="noleap")
        for name, count in (("z", 5), ("y", 6), ("x", 8)):
            file.createDimension(name, count)
            add(file, name, (name,), numpy.arange(count) + 0.5, units="m")
        levels = 280.0 + numpy.arange(5.0)[:, None, None] * numpy.ones((RECORDS, 5, 6, 8))
        add(file, "temperature", ("time", "z", "y", "x"), levels, units="K")
        add(file, "profile", ("time", "x"), numpy.ones((RECORDS, 8)) * numpy.arange(8.0), units="K")


def write_eddies(path: str) -> None:
    """Two layers, the lower eight times weaker, with drifters and spectra, as a run of turbulence writes them."""
    with netCDF4.Dataset(path, "w") as file:
        file.title = "Test eddies"
        add_times(file, "s")
        for name, count in (("layer", 2), ("y", 8), ("x", 16), ("wavenumber", SHELLS), ("drifters", 3)):
            file.createDimension(name, count)
        add(file, "layer", ("layer",), numpy.array([1.0, 2.0]), units="1", axis="Z")
        for name, count in (("x", 16), ("y", 8)):
            add(file, name, (name,), (numpy.arange(count) + 0.5) * SPACING, units="m")
        q = numpy.where(numpy.arange(16) < 8, -1.0, 1.0) * numpy.ones((RECORDS, 2, 8, 1))
        add(file, "q", ("time", "layer", "y", "x"), q * numpy.array([1.0, 0.125])[:, None, None], units="s-1",
            long_name="potential vorticity")
        add(file, "bottom", ("y", "x"), numpy.ones((8, 16)), units="m")
        add_spectra(file)
        add(file, "drifters", ("drifters",), numpy.arange(3.0))
        for axis, places in (("x", [25e3, 825e3, -375e3]), ("y", [25e3, 375e3, 175e3])):  # two have left the map
            add(file, f"drifters_{axis}", ("time", "drifters"), numpy.tile(places, (RECORDS, 1)), units="m")


def add_spectra(file: netCDF4.Dataset) -> None:
    """A spectrum that grows as 1, 2, 3, 4 with the records, K^-3 in each layer, and a flux that changes sign."""
    k = numpy.arange(SHELLS) * 1e-5
    add(file, "wavenumber", ("wavenumber",), k, units="rad m-1")
    with numpy.errstate(divide="ignore"):
        shape = numpy.where(k > 0, 1e-12 * k ** -3.0, 0.0)
    growth, layers = numpy.arange(1.0, RECORDS + 1)[:, None, None], numpy.array([1.0, 0.1])[:, None]
    add(file, "energy-spectrum", ("time", "layer", "wavenumber"), growth * layers * shape, units="m3 s-2",
        long_name="spectrum of kinetic energy")
    add(file, "energy-flux", ("time", "wavenumber"), 1e-9 * numpy.sin(k * 3e4) * numpy.ones((RECORDS, 1)),
        units="m2 s-3", long_name="flux of energy")


def map_pixels(snapshots: str, cells: dict[str, tuple[int, int]], size: tuple[int, int]) -> dict[str, tuple[int, int]]:
    """Where the centres of cells (x, y) of eta lie in its picture, in pixels from the upper left."""
    with files.open_file(snapshots) as data:
        field = fields.read_field(data, "eta", 0)
        figure = pictures.field_figure([field], [colours.choose_colours(colours.spread(field.values))],
                                       f"Test gyre   {times.time_text(data, 0)}", size)
    figure.canvas.draw()
    transform, found = figure.axes[0].transData.transform, {}
    for name, (x, y) in cells.items():
        across, up = transform(((x + 0.5) * SPACING / 1e3, (y + 0.5) * SPACING / 1e3))
        found[name] = int(across), int(size[1] - up)
    pictures.close_figure(figure)
    return found


WRITERS = {"snapshots.nc": write_snapshots, "series.nc": write_series, "heat.nc": write_heat, "eddies.nc": write_eddies}
ORIGINALS = tempfile.TemporaryDirectory()


def setUpModule() -> None:
    """Writes the files once; each test gets copies."""
    unittest.addModuleCleanup(ORIGINALS.cleanup)
    for name, write in WRITERS.items():
        write(os.path.join(ORIGINALS.name, name))


class WithFiles(unittest.TestCase):
    """A folder of files to draw."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        shutil.copytree(ORIGINALS.name, self.folder, dirs_exist_ok=True)
        self.snapshots, self.series, self.heat, self.eddies = (self.path(name) for name in WRITERS)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def check_picture(self, path: str, size: tuple[int, int] = (1600, 1000)) -> None:
        """A picture of that size that shows something."""
        with Image.open(path) as image:
            self.assertEqual(image.size, size)
            self.assertGreater(len(image.convert("RGB").getcolors(1 << 24)), 10)

    def draw(self, *arguments: str) -> list[str]:
        """Runs the command; the paths that it printed."""
        done = plot(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def check_failure(self, code: int, *arguments: str, says: str) -> None:
        """The command ends with `code` and one line that contains `says`."""
        done = plot(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(says, done.stderr)


class Fields(WithFiles):
    def test_the_default_picture_lies_beside_the_file(self) -> None:
        done = run_plot("field", self.snapshots)
        self.assertEqual((done.returncode, done.stdout.split()), (0, [self.path("snapshots_eta.png")]), done.stderr)
        self.check_picture(self.path("snapshots_eta.png"))

    def test_negative_is_blue_positive_is_red_land_is_grey(self) -> None:
        size = (1200, 900)
        self.draw("field", self.snapshots, "eta", "--time", "0", "--size", "1200x900", "-o", self.path("a.png"))
        self.check_picture(self.path("a.png"), size)
        cells = {"west": (12, 15), "east": (35, 15), "land": (4, 4), "corner": (0, 29)}
        where = map_pixels(self.snapshots, cells, size)
        with Image.open(self.path("a.png")) as image:
            shown = {name: image.convert("RGB").getpixel(at) for name, at in where.items()}
        self.assertEqual(shown["west"], (5, 48, 97))  # the ends of RdBu_r
        self.assertEqual(shown["east"], (103, 0, 31))
        self.assertEqual(shown["corner"], shown["west"])
        self.assertEqual(shown["land"], (179, 179, 179))

    def test_fixed_limits_and_another_map_are_obeyed(self) -> None:
        size = (1600, 1000)
        self.draw("field", self.snapshots, "--time", "0", "--vmin", "-1", "--vmax", "3", "--cmap", "gray",
                  "-o", self.path("a.png"))
        (east,) = map_pixels(self.snapshots, {"east": (35, 15)}, size).values()
        with Image.open(self.path("a.png")) as image:
            level = image.convert("RGB").getpixel(east)
        self.assertEqual(level, (128, 128, 128))  # 1 is half-way from -1 to 3

    def test_several_fields_and_derived_speed_make_one_picture(self) -> None:
        out = self.path("several.png")
        self.assertEqual(self.draw("field", self.snapshots, "eta", "speed", "u", "vorticity", "-o", out), [out])
        self.check_picture(out, (1600, 729))  # three maps and one below, as high as they need

    def test_all_records_make_a_picture_each(self) -> None:
        made = self.draw("field", self.snapshots, "depth", "--time", "all", "--size", "640x480")
        self.assertEqual(made, [self.path(f"snapshots_depth_{n:04d}.png") for n in range(RECORDS)])
        for path in made:
            self.check_picture(path, (640, 480))

    def test_fields_over_one_and_three_dimensions(self) -> None:
        for arguments in (["profile"], ["temperature"], ["temperature", "--level", "4"]):
            (made,) = self.draw("field", self.heat, *arguments)
            self.check_picture(made)

    def test_a_file_that_a_run_still_holds_can_be_drawn(self) -> None:
        with h5py.File(self.snapshots, "a", locking=False) as held:
            held["eta"].resize(RECORDS, axis=0)
            held.flush()
            self.draw("field", self.snapshots)


class Layers(WithFiles):
    def drawn(self, name: str, layer: int | None = None) -> list[fields.Field]:
        """The fields in the panels of the last record."""
        with files.open_file(self.eddies) as data:
            (group,) = fields.panels_of(data, [name], layer)
            return [fields.read_panel(data, panel, RECORDS - 1, None) for panel in group]

    def colours_at(self, path: str, places: list[tuple[int, int]]) -> list[tuple]:
        with Image.open(path) as image:
            return [image.convert("RGB").getpixel(place) for place in places]

    def test_all_are_drawn_side_by_side_and_titled(self) -> None:
        panels = self.drawn("q")
        self.assertEqual([pictures.panel_title(one) for one in panels],
                         ["Potential vorticity, layer 1", "Potential vorticity, layer 2"])
        self.assertEqual([float(one.values.max()) for one in panels], [1.0, 0.125])
        self.draw("field", self.eddies, "q", "-o", self.path("q.png"))
        with Image.open(self.path("q.png")) as image:
            self.assertGreater(image.width, 1.5 * image.height)

    def test_one_is_chosen_by_its_number(self) -> None:
        (lower,) = self.drawn("q", layer=2)
        self.assertEqual((lower.note, float(lower.values.max())), ("layer 2", 0.125))
        self.check_picture(*self.draw("field", self.eddies, "q", "--layer", "2"))

    def test_a_field_without_layers_is_drawn_beside_one_with(self) -> None:
        self.assertEqual([one.note for one in self.drawn("bottom")], [""])
        self.draw("field", self.eddies, "q", "bottom", "--layer", "1")

    def test_layers_share_colours_unless_one_would_be_pale(self) -> None:
        strong, similar, weak = (colours.spread(numpy.array([-a, a])) for a in (3.0, 2.0, 1.0))
        self.assertEqual([c.high for c in colours.layer_colours([strong, similar])], [3.0, 3.0])
        self.assertEqual([c.high for c in colours.layer_colours([strong, weak])], [3.0, 1.0])
        self.assertEqual([c.high for c in colours.layer_colours([strong, weak], colours.Wish(high=9.0))], [9.0, 9.0])

    def test_a_movie_has_a_panel_a_layer(self) -> None:
        self.draw("movie", self.eddies, "q", "-o", self.path("both.gif"))
        self.draw("movie", self.eddies, "q", "-o", self.path("one.gif"), "--layer", "1", "--size", "400x300")
        with Image.open(self.path("both.gif")) as both, Image.open(self.path("one.gif")) as one:
            self.assertEqual((both.n_frames, one.n_frames, one.size), (RECORDS, RECORDS, (400, 300)))
            self.assertGreater(both.width, 1.5 * both.height)

    def test_drifters_lie_on_the_map_though_they_have_left_it(self) -> None:
        with files.open_file(self.eddies) as data:
            field = fields.read_field(data, "q", 0, layer=0)
            places = drifters.read_drifters(data, field, 0)
        self.assertEqual(places.tolist(), [[25.0, 25.0], [25.0, 375.0], [425.0, 175.0]])  # of 800 km x 400 km

    def test_drifters_with_a_layer_show_in_that_one(self) -> None:
        with netCDF4.Dataset(self.eddies, "a") as file:
            add(file, "drifters_layer", ("time", "drifters"), numpy.tile([1.0, 2.0, 2.0], (RECORDS, 1)), units="1")
        with files.open_file(self.eddies) as data:
            shown = [len(drifters.read_drifters(data, fields.read_field(data, "q", 0, layer=n), 0)) for n in (0, 1)]
        self.assertEqual(shown, [1, 2])

    def test_drifters_are_drawn_unless_they_are_not_wanted(self) -> None:
        blacks = []
        for option in ([], ["--no-drifters"]):
            self.draw("field", self.eddies, "q", "--layer", "1", "--size", "800x500", "-o", self.path("q.png"), *option)
            with Image.open(self.path("q.png")) as image:
                shown = dict((colour, count) for count, colour in image.convert("RGB").getcolors(1 << 24))
            blacks.append(shown[(0, 0, 0)])
        self.assertGreater(blacks[0], blacks[1] + 3 * 5)  # each dot is some pixels wide

    def test_columns_and_spectra_are_no_fields(self) -> None:
        with files.open_file(self.eddies) as data:
            self.assertEqual(fields.known_names(data), ["q", "bottom"])


class Spectra(WithFiles):
    def curves(self, name: str, when: str, layer: int | None = None) -> list[spectra.Curve]:
        with files.open_file(self.eddies) as data:
            return spectra.read_curves(data, name, times.chosen_means(data, when), layer)

    def axes(self, *names: str, slopes=spectra.SLOPES) -> list:
        """The panels of a figure."""
        with files.open_file(self.eddies) as data:
            figure = spectra.spectrum_figure(data, names, [[0]], None, slopes, "title", (800, 500))
        self.addCleanup(pictures.close_figure, figure)
        return figure.axes

    def test_all_that_lies_over_wavenumber_is_drawn(self) -> None:
        self.assertEqual(self.draw("spectrum", self.eddies), [self.path("eddies_spectrum.png")])
        self.check_picture(self.path("eddies_spectrum.png"), (1600, 800))

    def test_a_curve_is_the_mean_over_its_records(self) -> None:
        for when, mean in (("half", 3.5), ("all", 2.5), ("1", 2.0), ("last", 4.0), ("1..2", 2.5), ("..10 days", 1.5),
                           ("20 days..", 3.5)):
            upper, lower = self.curves("energy-spectrum", when)
            self.assertAlmostEqual(upper.values[0], mean * 1e-12 * 1e-5 ** -3, msg=when)  # K = 0 is left out
            self.assertAlmostEqual(lower.values[0] / upper.values[0], 0.1, msg=when)

    def test_means_and_layers_are_told_apart(self) -> None:
        self.assertEqual([c.label for c in self.curves("energy-spectrum", "half")], ["layer 1", "layer 2"])
        self.assertEqual([c.label for c in self.curves("energy-spectrum", "0, 10 days..20 days", layer=2)],
                         ["layer 2, t = 0 days", "layer 2, mean over t = 10 to 20 days"])
        self.assertEqual([c.label for c in self.curves("energy-flux", "last")], [""])

    def test_wavenumbers_of_long_waves_are_per_kilometre(self) -> None:
        self.assertTrue(numpy.allclose(self.curves("energy-flux", "last")[0].wavenumbers[:2], [0.01, 0.02]))
        (panel,) = self.axes("energy-flux")
        self.assertEqual(panel.get_xlabel(), "wavenumber K (rad km⁻¹)")
        self.assertEqual(panel.child_axes[0].get_xlabel(), "wavelength (km)")

    def test_spectra_are_logarithmic_and_fluxes_linear(self) -> None:
        spectrum, flux = self.axes("energy-spectrum", "energy-flux")
        self.assertEqual((spectrum.get_yscale(), flux.get_yscale()), ("log", "linear"))
        self.assertEqual((spectrum.get_xscale(), flux.get_xscale()), ("log", "log"))
        self.assertEqual((spectrum.get_ylabel(), flux.get_ylabel()), ("m³ s⁻²", "10⁻¹⁰ m² s⁻³"))

    def test_a_slope_is_parallel_to_a_spectrum_that_has_it(self) -> None:
        (panel,) = self.axes("energy-spectrum", slopes=[spectra.SLOPES[1]])
        upper, _, slope = (line.get_xydata() for line in panel.lines)
        cubed = slope[:, 1] * slope[:, 0] ** 3
        self.assertAlmostEqual(cubed[0] / cubed[1], 1.0)
        self.assertAlmostEqual(cubed[0] / (upper[0, 1] * upper[0, 0] ** 3), spectra.CLEAR)

    def test_a_slope_that_no_curve_is_like_is_left_out(self) -> None:
        (panel,) = self.axes("energy-spectrum", slopes=[6])
        self.assertEqual(len(panel.lines), 2)
        self.draw("spectrum", self.eddies, "--slopes", "none")
        self.draw("spectrum", self.eddies, "--slopes=-3,-2")


class Series(WithFiles):
    def test_all_scalars_are_drawn(self) -> None:
        self.assertEqual(self.draw("series", self.series), [self.path("series.png")])
        self.check_picture(self.path("series.png"))

    def test_one_scalar_at_a_size(self) -> None:
        self.draw("series", self.series, "energy", "--size", "800x400", "-o", self.path("e.png"))
        self.check_picture(self.path("e.png"), (800, 400))


class Movies(WithFiles):
    def test_a_gif_has_a_frame_a_record(self) -> None:
        out = self.path("eta.gif")
        done = plot("movie", self.snapshots, "eta", "-o", out, "--size", "400x300")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"frame {RECORDS} of {RECORDS}", done.stderr)
        with Image.open(out) as movie:
            self.assertEqual((movie.n_frames, movie.size), (RECORDS, (400, 300)))

    def test_colours_are_fixed_over_the_movie(self) -> None:
        self.draw("movie", self.snapshots, "eta", "-o", self.path("eta.gif"), "--size", "400x300")
        reds = []
        with Image.open(self.path("eta.gif")) as movie:
            for frame in range(RECORDS):
                movie.seek(frame)
                reds.append(movie.convert("RGB").getpixel((230, 130)))
        self.assertGreater(reds[0][0], reds[0][2])
        self.assertEqual(sorted(r[1] for r in reds), [r[1] for r in reds])  # each record paler than the last
        self.assertLess(reds[0][1], reds[-1][1])

    def test_without_ffmpeg_a_gif_is_made(self) -> None:
        done = run_plot("movie", self.snapshots, "eta", "--size", "400x300", path="/nowhere")
        self.assertEqual((done.returncode, done.stdout.split()), (0, [self.path("snapshots_eta.gif")]), done.stderr)
        self.assertIn("no ffmpeg", done.stderr)

    @unittest.skipUnless(any(os.access(os.path.join(p, "ffmpeg"), os.X_OK) for p in os.get_exec_path()), "no ffmpeg")
    def test_with_ffmpeg_an_mp4_is_made(self) -> None:
        (made,) = self.draw("movie", self.snapshots, "speed", "--size", "401x301")
        self.assertEqual(made, self.path("snapshots_speed.mp4"))
        with open(made, "rb") as movie:
            self.assertEqual(movie.read(8)[4:], b"ftyp")


class Failures(WithFiles):
    def test_each_is_one_sentence(self) -> None:
        with open(self.path("bad.nc"), "wb") as bad:
            bad.write(b"\x89HDF\r\n\x1a\n" + bytes(100))
        with open(self.path("empty.nc"), "wb"):
            pass
        self.check_failure(2, "field", self.path("none.nc"), says="There is no file")
        self.check_failure(2, "field", self.folder, says="snapshots.nc or series.nc")
        self.check_failure(2, "field", self.snapshots, "vortisity", says="did you mean 'vorticity'? It has depth, eta,")
        self.check_failure(2, "series", self.series, "enrgy", says="did you mean 'energy'?")
        self.check_failure(2, "series", self.snapshots, says="plot.py field")
        self.check_failure(2, "field", self.series, says="plot.py series")
        self.check_failure(2, "field", self.snapshots, "--time", "99", says="numbered 0 to 3")
        self.check_failure(2, "field", self.snapshots, "--time", "noon", says="not one of last")
        self.check_failure(2, "field", self.heat, "temperature", "--level", "9", says="no level 9 along z")
        self.check_failure(2, "field", self.eddies, "q", "--layer", "3", says="no layer 3 of q; it has 2, numbered")
        self.check_failure(2, "movie", self.eddies, "q", "--layer", "0", says="no layer 0 of q")
        self.check_failure(2, "field", self.snapshots, "--layer", "1", says="no layers in eta; leave --layer out")
        self.check_failure(2, "field", self.eddies, "energy-flux", says=f"plot.py spectrum {self.eddies} energy-flux")
        self.check_failure(2, "spectrum", self.eddies, "energy-flex", says="did you mean 'energy-flux'?")
        self.check_failure(2, "spectrum", self.eddies, "energy-flux", "--layer", "1", says="leave --layer out")
        self.check_failure(2, "spectrum", self.eddies, "--layer", "3", says="no layer 3 of energy-spectrum")
        self.check_failure(2, "spectrum", self.eddies, "--time", "30 days..2", says="ends before it begins")
        self.check_failure(2, "spectrum", self.eddies, "--time", "all..", says="not all")
        self.check_failure(2, "spectrum", self.eddies, "--time", "9", says="numbered 0 to 3")
        self.check_failure(2, "spectrum", self.snapshots, says="nothing over wavenumber")
        self.check_failure(2, "field", self.snapshots, "--cmap", "virids", says="did you mean 'viridis'?")
        self.check_failure(2, "field", self.snapshots, "--vmin", "2", "--vmax", "1", says="not below")
        self.check_failure(2, "movie", self.snapshots, "eta", "-o", self.path("a.avi"), says=".mp4 or a .gif")
        self.check_failure(5, "field", self.path("bad.nc"), says="cannot be read")
        self.check_failure(5, "field", self.path("empty.nc"), says="cannot be read")
        self.check_failure(5, "field", self.snapshots, "-o", self.path("no/folder.png"), says="cannot be written")
        self.check_failure(5, "movie", self.snapshots, "eta", "-o", self.path("no/folder.gif"), says="no folder")

    def test_the_process_ends_with_the_code(self) -> None:
        done = run_plot("field", self.path("none.nc"))
        self.assertEqual((done.returncode, done.stderr), (2, f"plot.py: There is no file {self.path('none.nc')}.\n"))

    def test_a_wrong_call_ends_with_2(self) -> None:
        for arguments in ([], ["paint"], ["field"], ["field", self.snapshots, "--size", "big"],
                          ["spectrum", self.eddies, "--slopes=steep"]):
            self.assertEqual(plot(*arguments).returncode, 2)

    def test_a_missing_module_names_its_package(self) -> None:
        bare = [sys.executable, "-I", "-S", PLOT]  # without site-packages
        alone = {**os.environ, "PELAGOS_PLOT_HANDED_OVER": "1"}  # as if no other interpreter were there
        done = subprocess.run([*bare, "field", self.snapshots], capture_output=True, text=True, env=alone)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("python3-xarray", done.stderr)

    def test_another_interpreter_is_found_where_this_one_lacks_a_module(self) -> None:
        bare = [sys.executable, "-I", "-S", PLOT]
        target = self.path("found.png")
        done = subprocess.run([*bare, "field", self.snapshots, "-o", target], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(target))

    def test_nothing_half_written_is_left(self) -> None:
        before = sorted(os.listdir(self.folder))
        plot("field", self.snapshots, "-o", self.path("picture.unknown"))
        plot("movie", self.snapshots, "nothing")
        self.assertEqual(sorted(os.listdir(self.folder)), before)


class Parts(WithFiles):
    def with_data(self, path: str, use: Callable):
        with files.open_file(path) as data:
            return use(data)

    def test_speed_is_taken_at_centres(self) -> None:
        speed = self.with_data(self.snapshots, lambda data: fields.read_field(data, "speed", 1))
        self.assertEqual(speed.values.shape, (NY, NX))
        self.assertTrue(numpy.allclose(speed.values, 5.0))
        self.assertEqual((speed.axes[0].name, speed.axes[1].units), ("y", "km"))

    def test_speed_on_a_periodic_grid_wraps(self) -> None:
        path = self.path("periodic.nc")
        with netCDF4.Dataset(path, "w") as file:
            for name, count in (("x", 4), ("x_face", 4), ("y", 3), ("y_face", 3)):
                file.createDimension(name, count)
            add(file, "u", ("y", "x_face"), numpy.tile([2.0, 0, 0, 0], (3, 1)), units="m s-1")
            add(file, "v", ("y_face", "x"), numpy.zeros((3, 4)), units="m s-1")
        speed = self.with_data(path, lambda data: fields.read_field(data, "speed", 0))
        self.assertEqual(speed.values[0].tolist(), [1.0, 0.0, 0.0, 1.0])

    def test_times_read_as_people_say_them(self) -> None:
        self.assertEqual(self.with_data(self.snapshots, lambda data: times.time_text(data, 3)), "t = 30 days")
        self.assertEqual(self.with_data(self.heat, lambda data: times.time_text(data, 2)), "t = 20 days, 2000-01-21")

    def test_a_time_is_chosen_by_number_duration_and_date(self) -> None:
        def chosen(path: str, choice: str) -> list[int]:
            return self.with_data(path, lambda data: times.chosen_records(data, choice))

        for choice, record in (("last", 3), ("0", 0), ("-2", 2), ("19 days", 2), ("240h", 1), ("1.728e6", 2)):
            self.assertEqual(chosen(self.snapshots, choice), [record], choice)
        self.assertEqual(chosen(self.heat, "2000-01-12"), [1])
        self.assertEqual(chosen(self.heat, "all"), [0, 1, 2, 3])

    def test_limits_suit_the_values(self) -> None:
        def limits(values: list[float]) -> tuple:
            chosen = colours.choose_colours(colours.spread(numpy.array(values)))
            return chosen.map_name, chosen.low, chosen.high, chosen.extend

        self.assertEqual(limits([-1.0, 4.0]), ("RdBu_r", -4.0, 4.0, "neither"))
        self.assertEqual(limits([2.0, 7.0, numpy.nan]), ("viridis", 2.0, 7.0, "neither"))
        self.assertEqual(limits([0.0, 0.0]), ("RdBu_r", -1.0, 1.0, "neither"))
        self.assertEqual(limits([numpy.nan]), ("viridis", 0.0, 1.0, "neither"))
        self.assertEqual(limits([-1.0, 1.0] * 500 + [9.0]), ("RdBu_r", -3.0, 3.0, "max"))

    def test_units_read_as_people_write_them(self) -> None:
        self.assertEqual(labels.unit_text("m s-1"), "m s⁻¹")
        self.assertEqual(labels.unit_text("N m-2"), "N m⁻²")
        self.assertEqual(labels.with_unit("count", "1"), "count")


if __name__ == "__main__":
    unittest.main()

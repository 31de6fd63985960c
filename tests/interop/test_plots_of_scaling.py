"""plotting/plot.py scaling draws a study: the values that scale.json holds, in the report's colours; one sentence for each
failure."""

from __future__ import annotations

import copy
import json
import os
import tempfile
import unittest

import numpy
from matplotlib.colors import to_hex

import test_plots
from pelagos_plot import pictures, scaling, scaling_panels, studies
from pelagos_plot.errors import PlotError

GIVEN = os.path.join(test_plots.SOURCE, "tests", "scale", "study.json")
PAGE = os.path.join(test_plots.SOURCE, "apps", "scale", "page")


class WithStudy(test_plots.WithFiles):
    """The study of a machine that nobody owns, and a folder for pictures."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = holder.name
        with studies.open_study(GIVEN) as study:
            self.study = study

    def axes(self):
        figure = pictures.new_figure(800, 600)
        self.addCleanup(pictures.close_figure, figure)
        return figure.subplots()

    def write(self, data: dict) -> str:
        """A study of its own, in a folder; returns that."""
        with open(self.path("scale.json"), "w", encoding="utf-8") as file:
            json.dump(data, file)
        return self.folder

    def strong(self, places: str) -> studies.Series:
        (found,) = (one for one in self.study.series("strong") if one.places == places)
        return found


class Pictures(WithStudy):
    def test_all_figures_fit_one_picture(self) -> None:
        names = scaling.check_panels(self.study, [])
        self.assertEqual(names, list(scaling.PANELS))
        size = scaling.fitting_size(scaling.rows_of(names, self.study), self.study)
        self.check_picture(*self.draw("scaling", GIVEN, "-o", self.path("all.png")), size)

    def test_chosen_figures_have_the_size_asked_for(self) -> None:
        (path,) = self.draw("scaling", GIVEN, "speedup", "efficiency", "--size", "900x400", "-o", self.path("two.png"))
        self.check_picture(path, (900, 400))
        (path,) = self.draw("scaling", GIVEN, "roofline", "-o", self.path("roofline.pdf"))
        with open(path, "rb") as file:
            self.assertEqual(file.read(5), b"%PDF-")

    def test_a_folder_names_its_study(self) -> None:
        folder = self.write(self.study.data)
        self.assertEqual(self.draw("scaling", folder, "energy"), [os.path.join(folder, "scale.png")])

    def test_wide_figures_have_rows_of_their_own(self) -> None:
        names = ["speedup", "weak", "roofline", "time", "factors", "energy"]
        self.assertEqual(scaling.rows_of(names, self.study), [["speedup", "weak"], ["roofline"], ["time"], ["factors"], ["energy"]])
        one = studies.Study("", dict(self.study.data, points=self.strong("compact").points))
        self.assertEqual(scaling.rows_of(names, one), [["speedup", "weak"], ["roofline", "time"], ["factors", "energy"]])

    def test_the_errors_of_a_study_stand_below(self) -> None:
        figure = scaling.scaling_figure(self.study, ["energy"], "T", None)
        self.addCleanup(pictures.close_figure, figure)
        self.assertEqual(figure._supxlabel.get_text().replace("\n", " "), " ".join(self.study.data["errors"]))


class Curves(WithStudy):
    def test_speedups_and_their_intervals_are_those_of_the_study(self) -> None:
        axes, series = self.axes(), self.strong("compact")
        scaling_panels.draw_series(axes, [series], lambda point: point["speedup"])
        line, bars = axes.lines[0], axes.collections[0]
        self.assertEqual(line.get_ydata().tolist(), [point["speedup"]["value"] for point in series.points])
        self.assertEqual(line.get_xdata().tolist(), [point["threads"] for point in series.points])
        ends = [[segment[0, 1], segment[-1, 1]] for segment in bars.get_segments()]
        self.assertTrue(numpy.allclose(ends, [[point["speedup"]["low"], point["speedup"]["high"]] for point in series.points]))

    def test_more_threads_than_cores_are_hollow(self) -> None:
        axes, series = self.axes(), self.strong("spread")
        scaling_panels.draw_series(axes, [series], lambda point: point["speedup"])
        faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == series.marker]
        self.assertEqual(faces, ["white" if point["oversubscribed"] else series.colour for point in series.points])
        self.assertEqual(faces.count("white"), 1)

    def test_fits_turn_into_efficiencies(self) -> None:
        axes = self.axes()
        scaling_panels.draw_efficiency(axes, self.study, "strong", "")
        (fit, *_) = self.study.fits(self.strong("compact"))
        curve = next(line for line in axes.lines if line.get_linestyle() == "--")
        self.assertTrue(numpy.allclose(curve.get_ydata() * curve.get_xdata(), fit["curve"]["speedup"]))

    def test_bars_add_up_to_one(self) -> None:
        for point in filter(scaling_panels.has_time, self.study.points):
            parts = scaling_panels.parts_of(point)
            self.assertAlmostEqual(sum(parts.values()), 1, places=5)
            self.assertAlmostEqual(parts["alone"] + parts["files"], point["time"]["serial"])

    def test_roofs_meet_the_measured_bandwidth_and_peak(self) -> None:
        axes = self.axes()
        scaling_panels.draw_roofs(axes, [(4, 40e9, 80e9)], (0.1, 100), 1e12, {4: "C0"})
        intensity, rate = axes.lines[0].get_data()
        self.assertTrue(numpy.allclose(rate, numpy.minimum(40e9 * intensity, 80e9)))


class Agreement(WithStudy):
    """The report's scripts say the same of the same things."""

    def page(self, name: str) -> str:
        with open(os.path.join(PAGE, name), encoding="utf-8") as file:
            return file.read()

    def test_figures_have_the_reports_names_and_titles_in_its_order(self) -> None:
        text, last = self.page("figures.js"), -1
        for name, panel in scaling.PANELS.items():
            place = text.find(f'name: "{name}", title: "{panel.title}"')
            self.assertGreater(place, last, name)
            last = place
        self.assertEqual(text.count('name: "'), len(scaling.PANELS))

    def test_series_laws_and_factors_look_and_read_alike(self) -> None:
        styles, words = self.page("page.css"), self.page("study.js") + self.page("where.js")
        for index, (colour, _) in enumerate(studies.LOOKS.values()):
            self.assertIn(f"--series-{index}: {to_hex(colour)}", styles)
        for name, (label, colour) in scaling_panels.SHARES.items():
            self.assertIn(f"--{name}: {colour}", styles)
            self.assertIn(f'name: "{name}", title: "{label.replace(chr(10), " ")}"', words)
        for name, (label, _) in studies.LAWS.items():
            self.assertIn(f'{name}: {{ name: "{label}"', words)
        for name, label in scaling_panels.FACTORS.items():
            self.assertIn(f'name: "{name}", title: "{label.strip()}", depth: {(len(label) - len(label.lstrip())) // 2}', words)


class Failures(WithStudy):
    def test_each_is_one_sentence(self) -> None:
        self.check_failure(2, "scaling", self.path("none.json"), says="There is no file")
        self.check_failure(2, "scaling", self.folder, says="a folder without scale.json")
        self.check_failure(2, "scaling", GIVEN, "speed", says="did you mean 'speedup'?")
        with open(self.path("torn.json"), "w", encoding="utf-8") as file:
            file.write('{"format": ')
        self.check_failure(5, "scaling", self.path("torn.json"), says="cannot be read as JSON")
        with open(self.path("other.json"), "w", encoding="utf-8") as file:
            file.write("[]")
        self.check_failure(2, "scaling", self.path("other.json"), says="not a scaling study")
        self.check_failure(2, "scaling", GIVEN, "energy", "-o", self.path("e.tiff2"), says="cannot be written")
        self.check_failure(2, "scaling", GIVEN, "energy", "-o", self.path("e"), says="must end in the format")
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith(".part")])
        self.check_failure(5, "scaling", GIVEN, "energy", "-o", self.path("none/e.png"), says="no folder")

    def test_what_a_study_does_not_know_is_not_drawn(self) -> None:
        data = copy.deepcopy(self.study.data)
        data["machine"]["measured"] = None
        for point in data["points"]:
            point.update(pop=None, time=None, traffic=None, joules_per_step=None, chains=[])
            point["speedup"] = None if point["threads"] > 4 else point["speedup"]
        folder = self.write(data)
        with studies.open_study(folder) as study:
            self.assertEqual(scaling.check_panels(study, []), ["speedup", "efficiency", "seconds", "weak"])
            with self.assertRaisesRegex(PlotError, "no numbers for the figure energy"):
                scaling.check_panels(study, ["energy"])
        self.check_picture(*self.draw("scaling", folder, "--size", "800x800"), (800, 800))
        self.check_failure(2, "scaling", self.write(dict(data, points=[])), says="holds no points yet")


if __name__ == "__main__":
    unittest.main()

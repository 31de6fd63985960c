"""The report of a scaling study in a real browser without a network: all is drawn, and says what the study says.

timeout: 600
"""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import numpy
from PIL import Image

SOURCE = os.environ.get("PELAGOS_SOURCE") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BUILD = os.environ.get("PELAGOS_BUILD") or os.path.join(SOURCE, "build", "release")
WRITER = os.path.join(BUILD, "tests", "test_scale_page")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OPTIONS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
           "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=5000")
EMPTY = ("meta", "link", "br", "img", "hr", "input")  # elements of HTML without an end
NOT_THERE = "–"
PREFIXES = {"p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
NUMBER = re.compile(r"(-?[\d.]+)(?:×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?: ([pnµmkMGTP]?)(s|B/s|flop/s|J)?| (%))?")
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
ROUNDING = 0.006  # relative, of three digits

# Puts the pointer on a point.
POINTING = """<script>document.querySelector('#speedup .point[data-places="spread"][data-threads="8"]')
    .dispatchEvent(new PointerEvent("pointermove", { clientX: 300, clientY: 300 }));</script>"""


@dataclass
class Element:
    """An element of the page after its scripts have run."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """This element and all within."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, tag: str = "", **attributes: str) -> list["Element"]:
        """All within of that tag (if given), class and other attributes."""
        return [one for one in self.walk() if tag in ("", one.tag) and all(
            value in one.attributes.get(name.rstrip("_"), "").split() if name == "class_" else one.attributes.get(name) == value
            for name, value in attributes.items())]

    def text(self) -> str:
        """What a person reads."""
        if self.tag in ("script", "style", "noscript"):
            return ""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def values(self, class_: str) -> list[float]:
        """The numbers that the marks of a class stand for, in order of size."""
        return sorted(float(one.attributes["data-value"]) for one in self.find(class_=class_))


class Tree(HTMLParser):
    """Elements of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Element("")
        self.open = [self.root]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in (element.tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_study() -> dict:
    """The study of a machine that nobody owns."""
    with open(os.path.join(SOURCE, "tests", "scale", "study.json"), encoding="utf-8") as file:
        return json.load(file)


def browse(page: str, folder: str, *options: str) -> str:
    """What the browser prints of a page."""
    assert BROWSER is not None
    done = subprocess.run([BROWSER, *OPTIONS, f"--user-data-dir={folder}/profile", *options, f"file://{page}"],
                          capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def write_page(study: dict, folder: str) -> str:
    """The page of a study; returns its path."""
    given, page = os.path.join(folder, "scale.json"), os.path.join(folder, "report.html")
    with open(given, "w", encoding="utf-8") as file:
        json.dump(study, file)
    environment = dict(os.environ, PELAGOS_REPORT_OF=given, PELAGOS_REPORT_TO=page, PELAGOS_SOURCE=SOURCE)
    subprocess.run([WRITER], env=environment, check=True, stdout=subprocess.DEVNULL)
    return page


def drawn(study: dict, folder: str, more: str = "") -> Element:
    """The page of a study, and what is put behind it, when its scripts have run."""
    page = write_page(study, folder)
    with open(page, "a", encoding="utf-8") as file:
        file.write(more)
    return Tree(browse(page, folder, "--dump-dom")).root


def read_number(text: str) -> float:
    """20.3 ms as 0.0203, 41.7 % as 0.417."""
    match = NUMBER.fullmatch(text)
    assert match, f"'{text}' is no number"
    digits, power, prefix, _, percent = match.groups()
    return float(digits) * 10.0 ** int((power or "0").translate(RAISED)) * PREFIXES[prefix or ""] * (0.01 if percent else 1)


def known(values: Iterable[float | None]) -> list[float]:
    """Those that are there, in order of size."""
    return sorted(value for value in values if value is not None)


def estimates(points: Iterable[dict], name: str) -> list[float]:
    """The values of the points' estimates."""
    return known((point[name] or {}).get("value") for point in points)


class Page(unittest.TestCase):
    """The page of the whole study."""

    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder, cls.study = holder.name, read_study()
        cls.page = drawn(cls.study, cls.folder, POINTING)
        cls.strong = [point for point in cls.study["points"] if point["mode"] == "strong"]
        cls.weak = [point for point in cls.study["points"] if point["mode"] == "weak"]

    def figure(self, name: str) -> Element:
        (found,) = self.page.find("figure", id=name)
        return found

    def test_all_is_drawn(self) -> None:
        root = self.page.find("html")[0].attributes
        self.assertEqual((root["data-drawn"], root["data-failures"]), ("yes", "0"))
        self.assertEqual(root["data-figures"], str(len(self.page.find("figure"))))
        for figure in self.page.find("figure"):
            self.assertTrue(figure.find("svg") or figure.find("table"), figure.attributes)
            self.assertNotIn("Not available", figure.text())

    def test_each_figure_has_the_points_of_the_study(self) -> None:
        everything = self.study["points"]
        self.assertEqual(self.figure("speedup").values("point"), estimates(self.strong, "speedup"))
        self.assertEqual(self.figure("efficiency").values("point"), estimates(self.strong, "efficiency"))
        self.assertEqual(self.figure("weak").values("point"), estimates(self.weak, "efficiency"))
        self.assertEqual(self.figure("energy").values("point"), known(point["joules_per_step"] for point in everything))
        self.assertEqual(self.figure("traffic").values("point"),
                         known((point["traffic"] or {}).get("declared_bytes_per_second") for point in everything))
        self.assertEqual(self.figure("seconds").values("sample"),
                         known(sample["seconds_per_step"] for point in everything for sample in point["samples"]))
        self.assertEqual(self.figure("roofline").values("point"),
                         known(chain["flops_per_second"] for point in everything for chain in point["chains"]))
        self.assertEqual(self.figure("factors").values("factor"), known(
            value for point in everything for value in (point["pop"] or {}).values()))

    def test_intervals_fits_and_roofs_are_drawn(self) -> None:
        for name, points in (("speedup", self.strong), ("efficiency", self.strong), ("weak", self.weak)):
            self.assertEqual(len(self.figure(name).find(class_="error-bar")), len(points))
        laws = [fit["law"] for fit in self.study["fits"] if fit["mode"] == "strong"]
        curves = [line.attributes for line in self.figure("speedup").find("path", class_="fit")]
        self.assertEqual([line["data-law"] for line in curves if "data-law" in line], laws)
        measured = [one for one in self.study["machine"]["measured"]["bandwidth"] if one["level"] == "memory"]
        self.assertEqual(len(self.figure("roofline").find("path", class_="roof")), len(measured))

    def test_points_with_too_many_threads_are_hollow(self) -> None:
        too_many = sum(point["oversubscribed"] for point in self.strong)
        points = self.figure("speedup").find("g", class_="point")
        self.assertEqual(sum(bool(point.find("path", class_="hollow")) for point in points), too_many)
        self.assertGreater(too_many, 0)

    def test_bars_add_up_to_one(self) -> None:
        bars = self.figure("time").find("g", class_="bar")
        self.assertEqual(len(bars), sum(point["time"] is not None for point in self.study["points"]))
        for bar in bars:
            parts = [float(part.attributes["data-value"]) for part in bar.find("rect")]
            self.assertAlmostEqual(sum(parts), 1.0, places=5)
            self.assertGreater(len(parts), 1)

    def test_nothing_reads_as_a_program_prints_it(self) -> None:
        for element in self.page.find("body")[0].walk():
            texts = [child for child in element.children if isinstance(child, str) and element.tag != "script"]
            for text in [*element.attributes.values(), *texts]:
                self.assertNotRegex(text, r"NaN|undefined|\[object|Infinity|\bnull\b")

    def test_nothing_is_fetched(self) -> None:
        for element in self.page.walk():
            self.assertNotIn(element.tag, ("link", "img", "iframe", "base", "object", "embed"))
            for name in ("src", "href", "xlink:href", "action", "data"):
                self.assertNotRegex(element.attributes.get(name, ""), "^(https?:)?//")

    def test_banners_and_verdicts_say_what_the_study_says(self) -> None:
        (banners,) = self.page.find("section", id="banners")
        self.assertEqual([one.text() for one in banners.find("p", class_="error")], self.study["errors"])
        self.assertEqual([one.text() for one in banners.find("p", class_="warning")], self.study["warnings"])
        (summary,) = self.page.find("section", id="summary")
        for limit in self.study["limits"]:
            self.assertIn(limit["sentence"], summary.text())
        self.assertEqual(self.page.find("h1")[0].text(), self.study["study"]["title"])
        (command,) = self.page.find("pre", id="command")
        self.assertEqual(command.text(), self.study["study"]["command"])

    def test_samples_that_two_points_share_are_counted_once(self) -> None:
        runs = {(point["threads"], point["places"], point["size"], sample["round"])
                for point in self.study["points"] for sample in point["samples"]}
        self.assertLess(len(runs), sum(len(point["samples"]) for point in self.study["points"]))
        self.assertIn(f"{len(self.study['points'])} points, {len(runs)} samples.", self.page.text())

    def rows(self, name: str) -> list[dict[str, Element]]:
        """The cells of a table under their heads."""
        (table,) = self.page.find("table", id=f"table-{name}")
        heads = [head.text() for head in table.find("th")]
        return [dict(zip(heads, row.find("td"))) for row in table.find("tbody")[0].find("tr")]

    def check_cell(self, cell: Element, expected: dict | float | None) -> None:
        """The number in full, its rounded text, and both ends of its interval."""
        estimate = expected if isinstance(expected, dict) else {"value": expected, "low": None, "high": None}
        if estimate["value"] is None:
            self.assertEqual(cell.text(), NOT_THERE)
            return
        self.assertEqual(float(cell.attributes["data-value"]), estimate["value"])
        shown, *interval = [part.text() for part in cell.find("span")]
        numbers = [shown] + [end for text in interval for end in text.strip(" []").split(", ")]
        for text, value in zip(numbers, (estimate["value"], estimate["low"], estimate["high"])):
            self.assertAlmostEqual(read_number(text), value, delta=ROUNDING * abs(value))
        self.assertEqual(len(numbers), 1 if estimate["low"] is None else 3)

    def test_the_table_of_points_is_the_study(self) -> None:
        rows = self.rows("points")
        self.assertEqual(len(rows), len(self.study["points"]))
        for row, point in zip(rows, self.study["points"]):
            traffic = point["traffic"] or {}
            for head, value in (("threads", point["threads"]), ("time a step", point["seconds_per_step"]), ("cell-steps/s", point["rate"]),
                                ("speed-up", point["speedup"]), ("efficiency", point["efficiency"]),
                                ("serial fraction (Karp-Flatt)", point["karp_flatt"]),
                                ("declared traffic", traffic.get("declared_bytes_per_second")), ("of bandwidth", traffic.get("fraction")),
                                ("energy a step", point["joules_per_step"])):
                with self.subTest(head=head, point=(point["mode"], point["places"], point["threads"])):
                    self.check_cell(row[head], value)
            self.assertEqual([row[name].text() for name in ("mode", "places", "size")], [point[name] for name in ("mode", "places", "size")])
            self.assertEqual(row["hash of the state"].text(), point["hash"])

    def test_the_tables_of_samples_and_chains_are_the_study(self) -> None:
        samples = [sample for point in self.study["points"] for sample in point["samples"]]
        self.assertEqual(len(self.rows("samples")), len(samples))
        for row, sample in zip(self.rows("samples"), samples):
            for head, name in (("time a step", "seconds_per_step"), ("measured", "seconds"), ("start-up", "start_up"), ("energy", "joules")):
                self.check_cell(row[head], sample[name])
        chains = [chain for point in self.study["points"] for chain in point["chains"]]
        self.assertEqual(len(self.rows("chains")), len(chains))
        for row, chain in zip(self.rows("chains"), chains):
            for head, name in (("intensity (flop/B)", "intensity"), ("reached", "flops_per_second"), ("of the roof", "fraction_of_roof")):
                self.check_cell(row[head], chain[name])

    def test_fits_stand_with_their_intervals_or_why_there_is_none(self) -> None:
        for row, fit in zip(self.rows("fits"), self.study["fits"], strict=True):
            text = row["parameters with 95 % intervals"].text()
            if fit["why_not"]:
                self.assertEqual(text, "no fit: " + fit["why_not"])
                continue
            for parameter in fit["parameters"]:
                self.assertIn(f"{parameter['symbol']} = ", text)
                self.assertIn(parameter["name"], text)

    def test_hashes_that_differ_from_each_other_are_marked(self) -> None:
        marked = [row for row in self.rows("points") if row["hash of the state"].attributes["class"].split()[-1] == "differs"]
        self.assertEqual([(row["mode"].text(), row["places"].text(), row["threads"].text()) for row in marked],
                         [("weak", "compact", "4"), ("weak", "spread", "4")])

    def test_a_point_that_is_pointed_at_says_its_numbers(self) -> None:
        (point,) = (one for one in self.strong if one["places"] == "spread" and one["threads"] == 8)
        (tooltip,) = self.page.find("div", id="tooltip")
        self.assertNotIn("hidden", tooltip.attributes)
        self.assertEqual(tooltip.find("strong")[0].text(), "strong, spread, 8 threads")
        said = dict(zip((one.text() for one in tooltip.find("dt")), (one.text() for one in tooltip.find("dd"))))
        self.assertAlmostEqual(read_number(said["speed-up"].split(" [")[0]), point["speedup"]["value"], delta=0.005)
        self.assertAlmostEqual(read_number(said["a step"].split(" [")[0]), point["seconds_per_step"]["value"], delta=5e-6)
        self.assertEqual(said["samples"], str(len(point["samples"])))

    def test_the_picture_is_not_blank(self) -> None:
        picture = os.path.join(self.folder, "page.png")
        browse(os.path.join(self.folder, "report.html"), self.folder, "--window-size=1280,3000", f"--screenshot={picture}")
        with Image.open(picture) as image:
            self.assertEqual(image.size, (1280, 3000))
            pixels = numpy.asarray(image.convert("RGB")).astype(int)
        blue = (numpy.abs(pixels - (0x00, 0x72, 0xB2)) < 12).all(axis=2)  # of strong, compact points, and of work
        self.assertGreater(blue.sum(), 10000)
        self.assertGreater((pixels.min(axis=2) < 120).mean(), 0.02)  # letters and lines


class OtherStudies(unittest.TestCase):
    def page(self, study: dict) -> Element:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        return drawn(study, holder.name)

    def test_a_study_that_knows_little_says_so(self) -> None:
        study = copy.deepcopy(read_study())
        study["machine"].update(measured=None, processor=None, memory_bytes=None)
        study["study"]["outcome"] = "unfinished"
        study.update(fits=[], limits=[], warnings=[], errors=[], points=[
            dict(point, pop=None, time=None, traffic=None, joules_per_step=None, chains=[], hash=None, karp_flatt=None,
                 speedup=None, efficiency=None, rate={"value": None, "low": None, "high": None}, samples=point["samples"][:1]) for point in study["points"][:1]])
        page = self.page(study)
        self.assertEqual(page.find("html")[0].attributes["data-drawn"], "yes")
        self.assertEqual(len(page.find("figure", id="seconds")[0].find(class_="sample")), 1)
        without = [figure for figure in page.find("figure") if "Not available: " in figure.text()]
        self.assertEqual(len(without), len(page.find("figure")) - 1)
        self.assertNotRegex(page.find("main")[0].text(), r"NaN|undefined|Infinity|\bnull\b")
        self.assertIn("The study is unfinished", page.text())

    def test_a_machine_that_was_not_measured_has_dots_without_roofs(self) -> None:
        study = read_study()
        study["machine"]["measured"] = None
        for chain in (chain for point in study["points"] for chain in point["chains"]):
            chain.update(roof=None, fraction_of_roof=None, bound=None)
        page = self.page(study)
        self.assertEqual(page.find("html")[0].attributes["data-drawn"], "yes")
        (roofline,) = page.find("figure", id="roofline")
        self.assertTrue(roofline.find(class_="point"))
        self.assertFalse(roofline.find("path", class_="roof"))
        self.assertIn("pelagos machine --measure", page.find("section", id="tables")[0].text())

    def test_what_is_not_to_be_trusted_says_so(self) -> None:
        study = read_study()
        study["fits"][0]["p_value"], study["fits"][1]["p_value"] = 0.003, 0.3
        study["machine"]["measured"]["others_busy"] = 1.3
        page = self.page(study)
        first, second = page.find("table", id="table-fits")[0].find("tbody")[0].find("tr")[:2]
        self.assertIn("; it does not describe these samples (p = 0.0030)", first.text())
        self.assertNotIn("does not describe", second.text())
        self.assertIn("Other processes kept 1.3 processors busy meanwhile", page.find("section", id="tables")[0].text())

    def test_what_cannot_be_drawn_is_an_error_in_the_page(self) -> None:
        study = read_study()
        study["points"][0]["samples"] = 7
        page = self.page(study)
        self.assertEqual(page.find("html")[0].attributes["data-drawn"], "no")
        self.assertIn("could not draw figure 3", "".join(one.text() for one in page.find("p", class_="error")))
        self.assertTrue(page.find("figure", id="speedup")[0].find(class_="point"))


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: no chromium is installed")
        sys.exit(77)
    unittest.main()

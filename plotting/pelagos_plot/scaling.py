"""Pictures of a scaling study: the figures of its report, with the same names, titles and order (apps/scale/page)."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties

from pelagos_plot.errors import PlotError, unknown_name
from pelagos_plot.pictures import new_figure
from pelagos_plot.scaling_panels import (declared, draw_energy, draw_factors, draw_roofline, draw_seconds, draw_speedup,
                                         draw_strong, draw_time, draw_traffic, draw_weak, has_factors, has_time,
                                         roofline_dots, sample_times, share_handles, show_legend)
from pelagos_plot.studies import Point, Series, Study, known_values

COLUMNS = 2
WIDTH, HEIGHT, WIDE_HEIGHT, TITLE = 760, 470, 330, 70  # pixels of a panel, of the height of a wide one, and of the title


@dataclass(frozen=True)
class Panel:
    """A figure of the report: a chart of the study, or one of each series side by side."""

    title: str
    has: Callable[[Study], bool]
    draw: Callable[[Axes, Study], None] | None = None
    draw_each: Callable[[Axes, Series], None] | None = None


def has_values(mode: str | None, name: str) -> Callable[[Study], bool]:
    """Whether a study's points have a number of that name."""
    return lambda study: bool(known_values(study.series(mode), lambda point: point.get(name)))


def some_point(test: Callable[[Point], object]) -> Callable[[Study], bool]:
    """Whether one of a study's points passes."""
    return lambda study: any(test(point) for point in study.points)


PANELS = {
    "speedup": Panel("Strong scaling: speed-up", has_values("strong", "speedup"), draw_speedup),
    "efficiency": Panel("Strong scaling: efficiency", has_values("strong", "efficiency"), draw_strong),
    "seconds": Panel("Time a step", some_point(sample_times), draw_seconds),
    "weak": Panel("Weak scaling: efficiency", has_values("weak", "efficiency"), draw_weak),
    "factors": Panel("Parallel efficiency, factor by factor", some_point(has_factors), draw_each=draw_factors),
    "time": Panel("Where the threads' time goes", some_point(has_time), draw_each=draw_time),
    "roofline": Panel("Roofline", lambda study: bool(roofline_dots(study)), draw_roofline),
    "traffic": Panel("Memory traffic", lambda study: bool(known_values(study.series(), declared)), draw_traffic),
    "energy": Panel("Energy a step", has_values(None, "joules_per_step"), draw_energy),
}


def check_panels(study: Study, names: Sequence[str]) -> list[str]:
    """`names`, or all figures that the study has numbers for; an error for one that it cannot fill."""
    for name in names:
        if name not in PANELS:
            raise unknown_name("figure", name, "A scaling study", PANELS)
        if not PANELS[name].has(study):
            raise PlotError(f"{study.path} has no numbers for the figure {name}; report.html beside it says why.")
    chosen = list(names) or [name for name, panel in PANELS.items() if panel.has(study)]
    if not chosen:
        raise PlotError(f"{study.path} holds no points yet; draw it when the study has gone on.")
    return chosen


def is_wide(name: str, study: Study) -> bool:
    """Whether a figure has several charts side by side."""
    return PANELS[name].draw is None and len(study.series()) > 1


def rows_of(names: Sequence[str], study: Study) -> list[list[str]]:
    """Figures in their order: wide ones take a row, the others share one."""
    rows: list[list[str]] = []
    for name in names:
        if rows and len(rows[-1]) < COLUMNS and not is_wide(name, study) and not is_wide(rows[-1][0], study):
            rows[-1].append(name)
        else:
            rows.append([name])
    return rows


def row_height(row: Sequence[str]) -> int:
    """Pixels."""
    return WIDE_HEIGHT if all(PANELS[name].draw is None for name in row) else HEIGHT


def fitting_size(rows: Sequence[Sequence[str]], study: Study) -> tuple[int, int]:
    """Pixels that suit the rows."""
    columns = max(COLUMNS if is_wide(row[0], study) else len(row) for row in rows)
    return columns * WIDTH, sum(map(row_height, rows)) + TITLE


def draw_charts(places: Sequence[Axes], panel: Panel, study: Study) -> None:
    """A figure, in one place or in as many as there are series."""
    if panel.draw is not None:
        panel.draw(places[0], study)
        places[0].grid(alpha=0.3)
        return
    assert panel.draw_each is not None
    for axes, series in zip(places, study.series()):
        panel.draw_each(axes, series)
    if panel.draw_each is draw_time:
        show_legend(places[-1], reversed(share_handles()), loc="upper left", bbox_to_anchor=(1, 1))


def draw_row(part: SubFigure, row: Sequence[str], columns: int, study: Study) -> None:
    """The figures of a row; what is left of it stays empty."""
    if is_wide(row[0], study):
        draw_charts(part.subplots(1, len(study.series()), sharey=True), PANELS[row[0]], study)
        part.suptitle(PANELS[row[0]].title, fontsize="large")
        return
    places = part.subplots(1, columns, squeeze=False)[0]
    for axes, name in zip(places, row):
        draw_charts([axes], PANELS[name], study)
        axes.set_title(PANELS[name].title)
    for axes in places[len(row):]:
        axes.remove()


def broken(text: str, figure: Figure, size: str) -> str:
    """`text` in lines that fit the figure, whose letters are a little over half as wide as high."""
    inches = 0.58 * FontProperties(size=size).get_size_in_points() / 72
    letters = int(figure.get_figwidth() / inches)
    return "\n".join(part for line in text.splitlines() for part in textwrap.wrap(line, max(20, letters)))


def scaling_figure(study: Study, names: Sequence[str], title: str, size: tuple[int, int] | None) -> Figure:
    """All figures named, in rows, under one title; the study's errors stand below in red."""
    rows = rows_of(names, study)
    figure = new_figure(*(size or fitting_size(rows, study)))
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
    parts = figure.subfigures(len(rows), 1, height_ratios=[row_height(row) for row in rows], squeeze=False)[:, 0]
    for part, row in zip(parts, rows):
        draw_row(part, row, max(map(len, rows)), study)
    figure.suptitle(broken(title, figure, "large"), fontsize="large")
    errors = study.data.get("errors") or []
    if errors:
        figure.supxlabel(broken("\n".join(errors), figure, "medium"), color="#b3261e", fontsize="medium")
    return figure


def study_title(study: Study) -> str:
    """What was studied, and where."""
    about, machine = study.about, study.machine
    where = ", ".join(str(part) for part in (machine.get("host"), machine.get("processor")) if part)
    return "\n".join(part for part in (str(about.get("title") or about.get("deck") or "Scaling study"), where) if part)

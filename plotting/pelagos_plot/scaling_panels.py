"""The panels of a scaling study: how speed grows with threads, where their time goes, how near memory and peak are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator, PercentFormatter

from pelagos_plot.studies import LAWS, Get, Point, Series, Study, all_points, is_known, known_values, thread_counts, value_of

GREY = "0.45"
FACTORS = {"global": "global efficiency", "parallel": "  parallel efficiency", "load_balance": "    load balance",
           "serialisation": "    serialisation", "transfer": "    transfer", "computation": "  computation scaling"}
SHARES = {"busy": ("busy in parallel", "#0072b2"), "alone": ("one thread at work,\nthe others wait", "#e69f00"),
          "files": ("files", "#a9447f"), "waiting": ("waiting in parallel work", "#b9c3cc"), "overhead": ("overhead", "#d55e00")}
LOST = LinearSegmentedColormap.from_list("lost", ["#ffffff", "#d55e00"])
MOST_LOST = 0.6  # is drawn in the deepest colour
RAMP = LinearSegmentedColormap.from_list("threads", ["#440f66", "#3d4a89", "#2d708e", "#1f968b", "#47a94f", "#a59b00"])
SHAPES = "os^DPv"  # of chains
Turn = Callable[[float, float], float]


def thread_axis(axes: Axes, counts: Sequence[int]) -> None:
    """Doublings are as far apart, and each count has its tick."""
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(list(counts)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlim(counts[0] / 1.15, max(counts[-1], 1.5 * counts[0]) * 1.15)
    axes.set_xlabel("threads")


def log_axis(axis, unit: str) -> None:
    """Ticks at 1, 2 and 5 times powers of ten, at more where there are few."""
    low, high = axis.get_view_interval()
    subs = (1, 2, 5) if high > 10 * low else (1, 1.5, 2, 3, 4, 5, 6, 8)
    axis.set_major_locator(LogLocator(subs=subs) if high > 2 * low else MaxNLocator(5))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(EngFormatter(unit, sep=" "))


def shifted(threads: float, index: int, count: int) -> float:
    """Series side by side are a little apart, so that no error bar hides another."""
    return threads * 2 ** (0.05 * (index - (count - 1) / 2))


def face(point: Point, colour: str) -> str:
    """Hollow where there are more threads than cores."""
    return "white" if point.get("oversubscribed") else colour


def reach(estimate: Any, value: float) -> tuple[float, float]:
    """How far an interval goes below and above."""
    ends = [estimate.get(name) if isinstance(estimate, dict) else None for name in ("low", "high")]
    return (max(0.0, value - ends[0]) if is_known(ends[0]) else 0.0, max(0.0, ends[1] - value) if is_known(ends[1]) else 0.0)


def draw_series(axes: Axes, all_of: Sequence[Series], get: Get) -> None:
    """Lines through the values, their 95 % intervals and a symbol at each."""
    for index, series in enumerate(all_of):
        known = [(point, value) for point in series.points if (value := value_of(get(point))) is not None]
        places = [shifted(point["threads"], index, len(all_of)) for point, _ in known]
        values = [value for _, value in known]
        if not known:
            continue
        axes.plot(places, values, color=series.colour, linewidth=1.2, alpha=0.75)
        axes.errorbar(places, values, yerr=numpy.transpose([reach(get(point), value) for point, value in known]), fmt="none",
                      ecolor=series.colour, capsize=3)
        for (point, value), place in zip(known, places):
            axes.plot(place, value, series.marker, color=series.colour, markersize=6, markerfacecolor=face(point, series.colour))


def series_handles(all_of: Sequence[Series]) -> list[Line2D]:
    """What the legend says of them."""
    handles = [Line2D([], [], color=one.colour, marker=one.marker, linewidth=1.2, label=one.name) for one in all_of]
    if any(point.get("oversubscribed") for point in all_points(all_of)):
        handles.append(Line2D([], [], color="black", marker="o", markerfacecolor="white", linewidth=0, label="more threads than cores"))
    return handles


def draw_fits(axes: Axes, study: Study, all_of: Sequence[Series], turn: Turn) -> list[Line2D]:
    """The fits' curves, where `turn` makes what is shown of threads and speed-up; returns what the legend says."""
    laws: dict[str, Line2D] = {}
    for series in all_of:
        for fit in study.fits(series):
            name, style = LAWS.get(fit["law"], (fit["law"], "-."))
            places = [(threads, turn(threads, speedup)) for threads, speedup in zip(fit["curve"]["threads"], fit["curve"]["speedup"])
                      if is_known(threads) and is_known(speedup)]
            axes.plot(*zip(*places), color=series.colour, linestyle=style, linewidth=1.4)
            laws[name] = Line2D([], [], color="black", linestyle=style, linewidth=1.4, label=name)
    return list(laws.values())


def draw_ideal(axes: Axes, threads: Sequence[float], values: Sequence[float]) -> Line2D:
    """Returns what the legend says of it."""
    return axes.plot(threads, values, color=GREY, linewidth=1, label="ideal", zorder=1)[0]


def show_legend(axes: Axes, handles: Iterable[Any], **options: Any) -> None:
    """A legend that stands back."""
    axes.legend(handles=list(handles), frameon=False, fontsize="small", **options)


def draw_speedup(axes: Axes, study: Study) -> None:
    """Both axes in doublings."""
    all_of = study.series("strong")
    counts = thread_counts(all_points(all_of))
    thread_axis(axes, counts)
    axes.set_yscale("log", base=2)
    ideal = draw_ideal(axes, (counts[0], counts[-1]), (1, counts[-1] / counts[0]))
    laws = draw_fits(axes, study, all_of, lambda threads, speedup: speedup)
    draw_series(axes, all_of, lambda point: point["speedup"])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if axes.get_ylim()[1] <= 4:
        axes.yaxis.set_major_locator(MaxNLocator(7))
    axes.set_ylabel("speed-up")
    show_legend(axes, [*series_handles(all_of), ideal, *laws], loc="upper left")


def draw_efficiency(axes: Axes, study: Study, mode: str, label: str) -> None:
    """From 0 to a little above 1."""
    all_of = study.series(mode)
    counts = thread_counts(all_points(all_of))
    thread_axis(axes, counts)
    ideal = draw_ideal(axes, (counts[0], counts[-1]), (1, 1))
    laws = draw_fits(axes, study, all_of, lambda threads, speedup: speedup * counts[0] / threads)
    draw_series(axes, all_of, lambda point: point["efficiency"])
    axes.set_ylim(0, max(1.05, 1.03 * max(known_values(all_of, lambda point: point["efficiency"]))))
    axes.set_ylabel(label)
    show_legend(axes, [*series_handles(all_of), ideal, *laws], loc="lower left")


def draw_strong(axes: Axes, study: Study) -> None:
    draw_efficiency(axes, study, "strong", "speed-up over ideal")


def draw_weak(axes: Axes, study: Study) -> None:
    draw_efficiency(axes, study, "weak", "time of the fewest threads over time")


def sample_times(point: Point) -> list[float]:
    """Seconds a step of each sample."""
    return [sample["seconds_per_step"] for sample in point.get("samples") or [] if is_known(sample.get("seconds_per_step"))]


def draw_seconds(axes: Axes, study: Study) -> None:
    """Every sample, and a line through the medians."""
    all_of = study.series()
    thread_axis(axes, thread_counts(all_points(all_of)))
    axes.set_yscale("log")
    for index, series in enumerate(all_of):
        known = [point for point in series.points if value_of(point["seconds_per_step"]) is not None]
        axes.plot([shifted(point["threads"], index, len(all_of)) for point in known],
                  [value_of(point["seconds_per_step"]) for point in known], color=series.colour, linewidth=1.2, alpha=0.75)
        for point in series.points:
            times = sample_times(point)
            axes.plot([shifted(point["threads"], index, len(all_of))] * len(times), times, series.marker, color=series.colour, markersize=4.5,
                      markerfacecolor=face(point, series.colour), alpha=0.7)
    log_axis(axes.yaxis, "s")
    axes.set_ylabel("time a step")
    show_legend(axes, series_handles(all_of), loc="best")


def draw_energy(axes: Axes, study: Study) -> None:
    """Of the points that could read it."""
    all_of = [one for one in study.series() if known_values([one], lambda point: point.get("joules_per_step"))]
    thread_axis(axes, thread_counts(all_points(all_of)))
    draw_series(axes, all_of, lambda point: point.get("joules_per_step"))
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(EngFormatter("J", sep=" "))
    axes.set_ylabel("energy a step")
    show_legend(axes, series_handles(all_of), loc="best")


def count_labels(series: Series) -> list[str]:
    """Thread counts, with a star at more than there are cores."""
    return [f"{point['threads']}{'*' if point.get('oversubscribed') else ''}" for point in series.points]


def has_factors(point: Point) -> bool:
    return isinstance(point.get("pop"), dict)


def draw_factors(axes: Axes, series: Series) -> None:
    """A table whose colour is deeper the more is lost."""
    values = numpy.array([[value_of((point.get("pop") or {}).get(name)) for point in series.points] for name in FACTORS], dtype=float)
    axes.imshow(1 - values, cmap=LOST, vmin=0, vmax=MOST_LOST, aspect="auto")
    for (row, column), value in numpy.ndenumerate(values):
        axes.text(column, row, f"{value:.2f}" if numpy.isfinite(value) else "–", ha="center", va="center", fontsize="small")
    axes.set_xticks(range(len(series.points)), count_labels(series))
    axes.set_yticks(range(len(FACTORS)), list(FACTORS.values()), ha="left")
    axes.tick_params(length=0)
    axes.tick_params(axis="y", pad=128)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("threads")
    axes.set_title(series.name, fontsize="medium")


def has_time(point: Point) -> bool:
    time = point.get("time") or {}
    return is_known(time.get("busy")) and is_known(time.get("waiting"))


def parts_of(point: Point) -> dict[str, float]:
    """Parts of the thread time that add up to 1, as the report has them.

    The study's busy, waiting and overhead do already; its serial part s and the files f within it, shares of the wall
    time, lie with 1/p in busy, the one thread at work, and with the rest in waiting.
    """
    time, threads = point["time"], point["threads"]
    serial = time.get("serial") or 0.0
    files = min(serial, time.get("files") or 0.0)
    return {"busy": max(0.0, time["busy"] - serial / threads), "alone": serial - files, "files": files,
            "waiting": max(0.0, time["waiting"] - serial * (1 - 1 / threads)), "overhead": time.get("overhead") or 0.0}


def draw_time(axes: Axes, series: Series) -> None:
    """A bar a thread count."""
    for place, point in enumerate(series.points):
        if not has_time(point):
            axes.text(place, 0.5, "not available", rotation=90, ha="center", va="center", color=GREY, fontsize="small")
            continue
        bottom = 0.0
        for name, part in parts_of(point).items():
            axes.bar(place, part, 0.7, bottom, color=SHARES[name][1], alpha=0.6 if point.get("oversubscribed") else 1)
            bottom += part
    axes.set_xticks(range(len(series.points)), count_labels(series))
    axes.set_xlim(-0.6, len(series.points) - 0.4)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set(xlabel="threads", ylim=(0, 1.001))
    axes.set_title(series.name, fontsize="medium")


def share_handles() -> list[Patch]:
    """What the colours of the bars mean."""
    return [Patch(color=colour, label=label) for label, colour in SHARES.values()]


def roofs(study: Study) -> list[tuple[int, float, float | None]]:
    """Threads, memory bandwidth, and peak where it was measured."""
    measured = study.machine.get("measured") or {}
    peaks = {one["threads"]: one["flops_per_second"] for one in measured.get("peak") or [] if is_known(one.get("flops_per_second"))}
    return sorted((one["threads"], one["bytes_per_second"], peaks.get(one["threads"])) for one in measured.get("bandwidth") or []
                  if one.get("level") == "memory" and is_known(one.get("bytes_per_second")))


def roofline_dots(study: Study) -> list[tuple[Point, dict[str, Any]]]:
    """Every chain of every point that has a place in the roofline."""
    return [(point, chain) for point in study.points for chain in point.get("chains") or []
            if (value_of(chain.get("intensity")) or 0) > 0 and (value_of(chain.get("flops_per_second")) or 0) > 0]


def threads_text(count: int) -> str:
    """How many threads, in words."""
    return f"{count} thread{'s' if count > 1 else ''}"


def draw_roofs(axes: Axes, tops: Sequence[tuple[int, float, float | None]], across: tuple[float, float], up: float,
               colours: dict[int, Any]) -> None:
    """The attainable rate of each thread count, from the highest down; where names would touch the upper one stands."""
    intensity = numpy.geomspace(*across, 200)
    named = math.inf
    for threads, bandwidth, peak in reversed(tops):
        rate = numpy.minimum(bandwidth * intensity, up if peak is None else peak)
        axes.plot(intensity, rate, color=colours[threads], linewidth=1.5)
        if rate[-1] * 1.3 > named:
            continue
        named = rate[-1]
        axes.annotate(threads_text(threads), (intensity[-1], rate[-1]), xytext=(-3, 3), textcoords="offset points", ha="right",
                      color=colours[threads], fontsize="x-small")


def draw_roofline(axes: Axes, study: Study) -> None:
    """A dot a chain and point, below the roofs of the thread counts."""
    dots, tops = roofline_dots(study), roofs(study)
    counts = sorted({point["threads"] for point, _ in dots} | {threads for threads, _, _ in tops})
    colours = {threads: RAMP(index / max(1, len(counts) - 1)) for index, threads in enumerate(counts)}
    places = [chain["intensity"] for _, chain in dots]
    rates = [chain["flops_per_second"] for _, chain in dots] + [peak for _, _, peak in tops if peak]
    across = (min(places) / 4, 4 * max(places + [peak / bandwidth for _, bandwidth, peak in tops if peak]))
    axes.set(xscale="log", yscale="log", xlim=across, ylim=(min(rates) / 2, 1.6 * max(rates)), xlabel="arithmetic intensity (flop/B)",
             ylabel="performance")
    draw_roofs(axes, tops, across, 1.6 * max(rates), colours)
    names = list(dict.fromkeys(chain["chain"] for _, chain in dots))
    for point, chain in dots:
        colour = colours[point["threads"]]
        axes.plot(chain["intensity"], chain["flops_per_second"], SHAPES[names.index(chain["chain"]) % len(SHAPES)], color=colour,
                  markerfacecolor=face(point, colour), markersize=5.5)
    log_axis(axes.xaxis, "")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    log_axis(axes.yaxis, "flop/s")
    chains = [Line2D([], [], color="black", linewidth=0, marker=SHAPES[index % len(SHAPES)], label=f"chain {name}")
              for index, name in enumerate(names)]
    threads = [Patch(color=colours[count], label=threads_text(count)) for count in counts]
    show_legend(axes, chains + threads, loc="upper left", ncols=2 if len(chains + threads) > 5 else 1)


def declared(point: Point) -> Any:
    return (point.get("traffic") or {}).get("declared_bytes_per_second")


def bandwidth_of(point: Point) -> float | None:
    return value_of((point.get("traffic") or {}).get("bandwidth"))


def draw_traffic(axes: Axes, study: Study) -> None:
    """Declared, on top of what memory gives to as many threads."""
    all_of = [one for one in study.series() if known_values([one], declared)]
    thread_axis(axes, thread_counts(all_points(all_of)))
    for series in {one.places: one for one in reversed(all_of)}.values():
        known = [(point["threads"], bandwidth_of(point)) for point in series.points if bandwidth_of(point) is not None]
        if known:
            axes.plot(*zip(*known), color=series.colour, linewidth=5, alpha=0.3)
    draw_series(axes, all_of, declared)
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(EngFormatter("B/s", sep=" "))
    axes.set_ylabel("bytes a second")
    measured = Line2D([], [], color="black", linewidth=5, alpha=0.3, label="bandwidth measured with as many threads")
    show_legend(axes, [*series_handles(all_of), measured], loc="best")

#!/usr/bin/env python3
"""Draws the tiles in time of a chain, from what `pelagos plan DECK --tiles FILE` wrote.

    draw_tiling.py diamonds  FILE [FILE ...] -o PICTURE    tiles across their dimension, step by step; a panel a file
    draw_tiling.py wavefront FILE -o PICTURE               the boxes of one tile, in the order in which it computes them
    draw_tiling.py waits     FILE -o PICTURE               which tile waits for which

A picture is SVG or PNG, by its suffix. docs/tiling.md explains what is seen.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass

import matplotlib

matplotlib.use("Agg")
matplotlib.rcParams["svg.hashsalt"] = "pelagos"  # the same file from the same tiles
matplotlib.rcParams["svg.fonttype"] = "none"
matplotlib.rcParams["font.size"] = 9

import matplotlib.pyplot as plt  # noqa: E402 (after the backend is chosen)
from matplotlib.patches import PathPatch, Rectangle  # noqa: E402
from matplotlib.path import Path  # noqa: E402

NAMES = "xyz"
ROW_COLOURS = (("#9ecae1", "#6baed6"), ("#fdd0a2", "#fdae6b"), ("#a1d99b", "#74c476"), ("#dadaeb", "#bcbddc"))
WIDTH = 10.0  # inches


@dataclass(frozen=True)
class Tile:
    """One tile: where it stands, and which tiles of the row before it waits for."""

    row: int
    number: int
    lo: int
    hi: int
    parents: tuple[int, ...]


@dataclass(frozen=True)
class Box:
    """What a tile computes of one loop at one step: points from lo to below hi along x, y, z."""

    row: int
    tile: int
    step: int
    level: int  # of its loop among the loops of a step
    is_boundary: bool
    lo: tuple[int, int, int]
    hi: tuple[int, int, int]


class Layout:
    """A file of tiles."""

    def __init__(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.data = data
        self.across, self.wave = data["across"], data["wave"]
        self.cells, self.steps, self.height = data["cells"], data["steps"], data["height"]
        self.is_periodic = data["periodic"][self.across]
        self.tiles = [Tile(row, number, lo, hi, tuple(parents)) for row, number, lo, hi, parents in data["tiles"]]
        loops = [i for i, slot in enumerate(data["slots"]) if not slot["boundary"]]
        self.loops = [data["slots"][i]["name"] for i in loops]
        level = {slot: i for i, slot in enumerate(loops)}
        self.boxes = [Box(row, tile, step, level.get(slot, -1), slot not in level, tuple(b[0::2]), tuple(b[1::2]))
                      for row, tile, _, slot, step, *b in data["boxes"]]

    def base_of(self, box: Box) -> float:
        """The lower edge of a box's band in steps: the loops of a step stand on one another."""
        return box.step + box.level / len(self.loops)

    def band(self) -> float:
        """The height of one loop's band, in steps."""
        return 1 / len(self.loops)


def colour_of(row: int, tile: int) -> str:
    """Rows differ in hue, neighbours in a row in shade."""
    return ROW_COLOURS[row % len(ROW_COLOURS)][tile % 2]


def intervals(layout: Layout) -> dict[tuple[int, int], set[tuple[float, int, int]]]:
    """What each tile computes across the diamonds' dimension: (lower edge in steps, lo, hi)."""
    found: dict[tuple[int, int], set[tuple[float, int, int]]] = defaultdict(set)
    for box in layout.boxes:
        if not box.is_boundary:
            found[box.row, box.tile].add((layout.base_of(box), box.lo[layout.across], box.hi[layout.across]))
    return found


def middle(bands: set[tuple[float, int, int]], layout: Layout) -> tuple[float, float]:
    """The point in the middle of the largest connected part of a tile, for its label."""
    half = layout.cells[layout.across] / 2
    lows = {lo < half for _, lo, _ in bands}
    if layout.is_periodic and len(lows) == 2 and any(lo == 0 for _, lo, _ in bands) and \
            any(hi == layout.cells[layout.across] for _, _, hi in bands):
        bands = {band for band in bands if band[1] < half}  # lies across the seam: its left part
    weight = sum(hi - lo for _, lo, hi in bands)
    return (sum((hi + lo) / 2 * (hi - lo) for _, lo, hi in bands) / weight,
            sum((edge + layout.band() / 2) * (hi - lo) for edge, lo, hi in bands) / weight)


def rectangle(lo: int, hi: int, edge: float, band: float) -> Path:
    """One band of a tile."""
    corners = [(lo, edge), (hi, edge), (hi, edge + band), (lo, edge + band), (lo, edge)]
    return Path(corners, [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY])


def draw_tiles(axes, layout: Layout, alpha: float = 1.0) -> dict[tuple[int, int], tuple[float, float]]:
    """Every tile as its boxes across the diamonds' dimension; returns where their labels go."""
    labels = {}
    for (row, tile), bands in intervals(layout).items():
        outline = Path.make_compound_path(*(rectangle(lo, hi, edge, layout.band()) for edge, lo, hi in sorted(bands)))
        axes.add_patch(PathPatch(outline, facecolor=colour_of(row, tile), alpha=alpha, edgecolor="white",
                                 linewidth=0.3))
        labels[row, tile] = middle(bands, layout)
    n = layout.cells[layout.across]
    axes.set_xlim(0, n)
    axes.set_ylim(0, layout.steps)
    axes.set_yticks(range(0, layout.steps + 1, max(1, layout.steps // 12)))
    for block in range(0, layout.steps + 1, layout.height):
        axes.axhline(block, color="0.25", linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set_xlabel(f"{NAMES[layout.across]} (points)")
    axes.set_ylabel("step")
    for edge in (0, n):
        axes.axvline(edge, color="k", linewidth=1 if layout.is_periodic else 4,
                     linestyle=":" if layout.is_periodic else "-", clip_on=False)
    return labels


def draw_diamonds(paths: list[str]) -> plt.Figure:
    """A panel a file: tiles across their dimension, step by step."""
    layouts = [Layout(path) for path in paths]
    figure, panels = plt.subplots(len(layouts), 1, figsize=(WIDTH, 3.6 * len(layouts)), squeeze=False,
                                  constrained_layout=True)
    for axes, layout in zip(panels[:, 0], layouts):
        for (row, tile), at in draw_tiles(axes, layout).items():
            axes.text(*at, f"{row}.{tile}", ha="center", va="center", fontsize=8)
        loops = len(layout.loops)
        edge = "periodic" if layout.is_periodic else "between walls"
        axes.set_title(f"{edge}; {loops} loop{'s' if loops > 1 else ''} a step, a thin band each; pitch "
                       f"{layout.data['pitch']} points, height {layout.height} steps", fontsize=10)
    return figure


def places(boxes: list[Box]) -> list[list[Box]]:
    """The boxes of a tile, place by place of the wavefront: at each all its loops run, in the order of their steps."""
    found: list[list[Box]] = []
    before = None
    for box in boxes:
        key = (box.step, box.level)
        if before is None or key < before:
            found.append([])
        found[-1].append(box)
        before = key
    return found


def inner_tile(layout: Layout) -> Tile:
    """A tile that grows and shrinks, away from walls and the seam."""
    row = [tile for tile in layout.tiles if tile.row == 1]
    return row[len(row) // 2]


def draw_wavefront(paths: list[str]) -> plt.Figure:
    """One tile from two sides: its diamond, and its boxes along the wavefront, coloured by the time of their turn."""
    layout = Layout(paths[0])
    if layout.wave is None:
        sys.exit(f"draw_tiling.py: {paths[0]}: these tiles have no wavefront; the grid has one dimension to spare")
    tile = inner_tile(layout)
    boxes = [box for box in layout.boxes if (box.row, box.tile) == (tile.row, tile.number) and not box.is_boundary]
    turns = places(boxes)
    figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 4.2), sharey=True, width_ratios=[1, 2.6],
                                         constrained_layout=True)
    colours = plt.get_cmap("viridis")
    for turn, group in enumerate(turns):
        colour = colours(0.15 + 0.85 * turn / max(1, len(turns) - 1))
        for box in group:
            at, wide = box.lo[layout.wave], box.hi[layout.wave] - box.lo[layout.wave]
            right.add_patch(Rectangle((at, layout.base_of(box)), wide, layout.band(), facecolor=colour,
                                      edgecolor="white", linewidth=0.4))
        lowest = min(group, key=lambda box: (box.step, box.level, -box.hi[layout.wave]))
        right.text((lowest.lo[layout.wave] + lowest.hi[layout.wave]) / 2, layout.base_of(lowest) + 0.35 * layout.band(),
                   str(turn + 1), ha="center", va="center", fontsize=9, color="white" if turn < len(turns) * 0.6 else "k")
    steps = [box.step for box in boxes]
    draw_one_tile(left, layout, boxes)
    right.set_xlim(0, layout.cells[layout.wave])
    right.set_ylim(min(steps), max(layout.base_of(box) for box in boxes) + layout.band())
    right.set_xlabel(f"{NAMES[layout.wave]} (points)")
    right.set_title(f"the same tile along {NAMES[layout.wave]}: 1 first, then 2, ...; a place a colour, "
                    f"each {layout.data['chunk']} points on", fontsize=10)
    return figure


def draw_one_tile(axes, layout: Layout, boxes: list[Box]) -> None:
    """The diamond of one tile, its growing and its shrinking part."""
    seen = {(layout.base_of(box), box.lo[layout.across], box.hi[layout.across]) for box in boxes}
    block = boxes[0].row * layout.height
    for edge, lo, hi in seen:
        grows = edge < block
        axes.add_patch(Rectangle((lo, edge), hi - lo, layout.band(), facecolor=ROW_COLOURS[1][0 if grows else 1],
                                 edgecolor="white", linewidth=0.4))
    axes.axhline(block, color="0.25", linewidth=0.8, linestyle=(0, (4, 3)))
    centre = (min(lo for _, lo, _ in seen) + max(hi for _, _, hi in seen)) / 2
    axes.text(centre, block - 0.25, "grows", ha="center", va="top")
    axes.text(centre, block + 0.25, "shrinks", ha="center", va="bottom")
    axes.set_xlim(min(lo for _, lo, _ in seen) - 2, max(hi for _, _, hi in seen) + 2)
    axes.set_xlabel(f"{NAMES[layout.across]} (points)")
    axes.set_ylabel("step")
    axes.set_title(f"tile {boxes[0].row}.{boxes[0].tile}", fontsize=10)


def draw_waits(paths: list[str]) -> plt.Figure:
    """Arrows from each tile to those that wait for it, over the tiles drawn faintly."""
    layout = Layout(paths[0])
    figure, axes = plt.subplots(figsize=(WIDTH, 4.6), constrained_layout=True)
    at = draw_tiles(axes, layout, alpha=0.45)
    half = layout.cells[layout.across] / 2
    for tile in layout.tiles:
        for parent in tile.parents:
            if (tile.row, tile.number) not in at or (tile.row - 1, parent) not in at:
                continue  # nothing to do there: the edge of the last row
            start, end = at[tile.row - 1, parent], at[tile.row, tile.number]
            if layout.is_periodic and abs(start[0] - end[0]) > half:
                continue  # across the seam
            axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "0.2", "linewidth": 1.0,
                                                      "shrinkA": 11, "shrinkB": 11})
    for (row, tile), where in at.items():
        axes.text(*where, f"{row}.{tile}", ha="center", va="center", fontsize=8,
                  bbox={"boxstyle": "circle,pad=0.25", "facecolor": colour_of(row, tile), "edgecolor": "0.3",
                        "linewidth": 0.6})
    axes.set_title("an arrow goes from a tile to one that waits for it; row 0 waits for nothing", fontsize=10)
    return figure


DRAWINGS = {"diamonds": draw_diamonds, "wavefront": draw_wavefront, "waits": draw_waits}


def main(arguments: list[str]) -> int:
    """Draws; returns the exit code: 0, 2 for a wrong call, 5 for files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drawing", choices=DRAWINGS)
    parser.add_argument("files", metavar="FILE", nargs="+", help="written by `pelagos plan DECK --tiles FILE`")
    parser.add_argument("-o", "--output", metavar="PICTURE", required=True)
    options = parser.parse_args(arguments)
    if options.drawing != "diamonds" and len(options.files) > 1:
        parser.error(f"{options.drawing} draws one file")
    try:
        figure = DRAWINGS[options.drawing](options.files)
        figure.savefig(options.output, metadata={"Date": None} if options.output.endswith(".svg") else None, dpi=110)
    except (OSError, json.JSONDecodeError, KeyError) as error:
        print(f"draw_tiling.py: {', '.join(options.files)}: {error!r}; FILE is what `pelagos plan --tiles` writes",
              file=sys.stderr)
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

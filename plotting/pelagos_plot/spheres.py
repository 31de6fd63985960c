"""Spheres and lines as a picture: seen along one direction without perspective, each pixel showing what is nearest.

For each pixel offset within a sphere's disc all spheres are drawn at once; the nearest at a pixel wins by its depth
there, so that spheres may cut each other. Light comes from the upper left; what lies deeper fades.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy

NOTHING, A_LINE = -1, -2  # what a pixel shows, if no sphere
FINER = 2  # the picture is drawn so many times as large, and averaged
LIGHT = numpy.array([-0.45, 0.55, 0.70])
AMBIENT, DIFFUSE, SHINE, SHARPNESS = 0.42, 0.62, 0.22, 24
FADE = 0.45  # of the way to white that the deepest colours go
LINE = numpy.array([0.25, 0.25, 0.25])
EDGE = 0.35  # a sphere's rim, in the direction of sight, that is darkened


@dataclass(frozen=True)
class View:
    """From where one looks: turned about z by `azimuth`, then tilted down by `elevation`, in degrees."""

    azimuth: float
    elevation: float

    def seen(self, places: numpy.ndarray) -> numpy.ndarray:
        """Places as (right, up, towards the eye)."""
        a, e = numpy.radians(self.azimuth), numpy.radians(self.elevation)
        right = numpy.array([numpy.cos(a), numpy.sin(a), 0.0])
        away = numpy.array([-numpy.sin(a) * numpy.cos(e), numpy.cos(a) * numpy.cos(e), -numpy.sin(e)])
        return places @ numpy.array([right, numpy.cross(right, away), -away]).T


@dataclass
class Canvas:
    """Pixels, row after row from the lowest: how near what they show is, and which sphere, or line, or nothing."""

    width: int
    height: int
    depth: numpy.ndarray
    shown: numpy.ndarray

    @classmethod
    def of(cls, width: int, height: int) -> Canvas:
        """An empty one."""
        return cls(width, height, numpy.full(width * height, -numpy.inf, dtype=numpy.float32),
                   numpy.full(width * height, NOTHING))

    def holds(self, x: numpy.ndarray, y: numpy.ndarray) -> numpy.ndarray:
        """Which of these columns and rows it has."""
        return (x >= 0) & (x < self.width) & (y >= 0) & (y < self.height)

    def put(self, pixels: numpy.ndarray, depth: numpy.ndarray, what: numpy.ndarray) -> None:
        """Shows what is nearer than what a pixel shows so far; of several at one pixel, the nearest."""
        nearer = numpy.flatnonzero(depth > self.depth[pixels])
        nearer = nearer[numpy.argsort(depth[nearer], kind="stable")]
        self.depth[pixels[nearer]] = depth[nearer]  # the last to come, which is the nearest, stays
        self.shown[pixels[nearer]] = what[nearer]


def draw_spheres(canvas: Canvas, centres: numpy.ndarray, radius: float) -> None:
    """Spheres at (right, up, near), all in pixels."""
    across, up = numpy.floor(centres[:, 0]).astype(int), numpy.floor(centres[:, 1]).astype(int)
    part = centres[:, :2] - numpy.floor(centres[:, :2]) - 0.5  # of a pixel, from its middle
    reach, index = int(numpy.ceil(radius)) + 1, numpy.arange(len(centres))
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            square = radius ** 2 - (dx - part[:, 0]) ** 2 - (dy - part[:, 1]) ** 2
            inside = numpy.flatnonzero((square > 0) & canvas.holds(across + dx, up + dy))
            if inside.size:
                canvas.put((up[inside] + dy) * canvas.width + across[inside] + dx,
                           (centres[inside, 2] + numpy.sqrt(square[inside])).astype(numpy.float32), index[inside])


def draw_line(canvas: Canvas, start: numpy.ndarray, end: numpy.ndarray, width: float) -> None:
    """A straight line between two points (right, up, near), as wide as said."""
    count = int(2 * numpy.abs(end - start)[:2].max()) + 2
    points = start + (end - start) * numpy.linspace(0, 1, count)[:, None]
    reach = range(-int(width), int(width) + 1)
    for dx, dy in ((dx, dy) for dx in reach for dy in reach if dx * dx + dy * dy <= width * width / 4):
        x, y = numpy.floor(points[:, 0]).astype(int) + dx, numpy.floor(points[:, 1]).astype(int) + dy
        there = canvas.holds(x, y)
        canvas.put(y[there] * canvas.width + x[there], points[there, 2].astype(numpy.float32),
                   numpy.full(there.sum(), A_LINE))


def lit(colours: numpy.ndarray, normals: numpy.ndarray) -> numpy.ndarray:
    """Colours of a surface with these normals: diffuse light, a highlight, and a darker rim."""
    light = LIGHT / numpy.linalg.norm(LIGHT)
    half = light + numpy.array([0.0, 0.0, 1.0])
    facing = numpy.clip(normals @ light, 0, None)
    shine = SHINE * numpy.clip(normals @ (half / numpy.linalg.norm(half)), 0, None) ** SHARPNESS
    rim = numpy.clip(normals[:, 2] / EDGE, 0.45, 1)
    return numpy.clip(colours * ((AMBIENT + DIFFUSE * facing) * rim)[:, None] + shine[:, None], 0, 1)


def coloured(canvas: Canvas, centres: numpy.ndarray, radius: float, colours: numpy.ndarray) -> numpy.ndarray:
    """The pixels as RGB, white where they show nothing."""
    result = numpy.ones((canvas.depth.size, 3))
    result[canvas.shown == A_LINE] = LINE
    pixels = numpy.flatnonzero(canvas.shown >= 0)
    which = canvas.shown[pixels]
    rows, columns = numpy.divmod(pixels, canvas.width)
    surface = numpy.column_stack([columns + 0.5, rows + 0.5, canvas.depth[pixels]])
    result[pixels] = lit(colours[which], (surface - centres[which]) / radius)
    return result


def box_lines(low: numpy.ndarray, edges: numpy.ndarray) -> list[tuple[numpy.ndarray, numpy.ndarray]]:
    """The twelve edges of a box."""
    corners = [low + edges * numpy.array([n & 1, n >> 1 & 1, n >> 2 & 1]) for n in range(8)]
    return [(corners[n], corners[n | 1 << d]) for n in range(8) for d in range(3) if not n >> d & 1]


def faded(canvas: Canvas, colours: numpy.ndarray) -> numpy.ndarray:
    """Colours of pixels, paler the deeper they lie."""
    shown = canvas.shown != NOTHING
    deepest, nearest = canvas.depth[shown].min(), canvas.depth[shown].max()
    haze = FADE * (nearest - canvas.depth[shown]) / max(nearest - deepest, 1e-30)
    colours[shown] += (1 - colours[shown]) * haze[:, None]
    return colours


def picture(centres: numpy.ndarray, radius: float, colours: numpy.ndarray, box: tuple[numpy.ndarray, numpy.ndarray],
            view: View, size: tuple[int, int]) -> numpy.ndarray:
    """Spheres (x, y, z) in their box, as large as fits into `size` (pixels across, up): rows from the top, RGB."""
    lines = [(view.seen(a), view.seen(b)) for a, b in box_lines(*box)]
    seen = view.seen(centres)
    ends = numpy.array([point for line in lines for point in line] + [seen.min(axis=0), seen.max(axis=0)])
    low, high = ends.min(axis=0) - radius, ends.max(axis=0) + radius
    width, height = (FINER * pixels for pixels in size)
    scale = min(width / (high[0] - low[0]), height / (high[1] - low[1])) * 0.98
    middle = numpy.array([width / 2, height / 2, 0.0])

    def placed(points: numpy.ndarray) -> numpy.ndarray:
        return (points - (low + high) / 2) * scale + middle

    canvas, places = Canvas.of(width, height), placed(seen)
    draw_spheres(canvas, places, radius * scale)
    for start, end in lines:
        draw_line(canvas, placed(start), placed(end), 1.5 * FINER)
    image = faded(canvas, coloured(canvas, places, radius * scale, colours))
    return image.reshape(size[1], FINER, size[0], FINER, 3).mean(axis=(1, 3))[::-1]

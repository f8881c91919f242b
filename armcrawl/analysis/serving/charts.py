"""Charts as plain numbers, from which templates draw SVG: no script, and every figure can be read as text beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The units of the drawing; the page scales it.
WIDTH, HEIGHT = 720.0, 200.0
# The share of a bar's place that stays empty.
GAP = 0.2
# What stays free above the highest point, so that it is seen whole.
TOP = 6.0
# More bars than this are thinner than a pixel on a telephone.
MAX_BARS = 360


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a bar: where it is drawn, and the number of its series."""

    y: float
    height: float
    series: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of stacked boxes, with the figures that it stands for."""

    name: str
    x: float
    width: float
    boxes: tuple[Box, ...]
    values: tuple[float, ...]

    @property
    def total(self) -> float:
        """The sum of its figures."""
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side; `highest` is what the full height stands for."""

    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    highest: float


def stacked(values: Mapping[str, Mapping[str, float]], series: Sequence[str]) -> Chart:
    """Return a chart with a bar for each name, the last ones if there are too many."""
    names = list(values)[-MAX_BARS:]
    top = max((sum(values[name].values()) for name in names), default=0) or 1
    step = WIDTH / max(len(names), 1)
    bars = []
    for place, name in enumerate(names):
        figures = tuple(values[name].get(one, 0) for one in series)
        boxes, bottom = [], HEIGHT
        for number, figure in enumerate(figures):
            height = HEIGHT * figure / top
            bottom -= height
            if height:
                boxes.append(Box(round(bottom, 2), round(height, 2), number))
        bars.append(Bar(name, round(step * (place + GAP / 2), 2), round(step * (1 - GAP), 2), tuple(boxes), figures))
    return Chart(tuple(series), tuple(bars), top)


def shares(values: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """Return each figure with the share of the highest one that it is, in percent: bars of a list."""
    most = max(values.values(), default=0) or 1
    return {name: (value, round(100 * value / most, 2)) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a line: where it is drawn, and its place among all names."""

    x: float
    y: float
    place: int


@dataclass(frozen=True, slots=True)
class Line:
    """A series as a line: its path, one stretch for each run of figures, and the points above nothing."""

    path: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines above each other; `highest` is what the full height stands for, `years` where each January is drawn."""

    names: tuple[str, ...]
    lines: tuple[Line, ...]
    highest: float
    years: tuple[float, ...]


def lines(months: Sequence[str], series: Sequence[Sequence[float | None]]) -> Lines:
    """Return a line for each series over all months; it is broken where there is no figure."""
    top = max((figure for figures in series for figure in figures if figure is not None), default=0) or 1
    step = WIDTH / max(len(months), 1)
    places = [round(step * (place + 0.5), 2) for place in range(len(months))]
    drawn = []
    for figures in series:
        heights = [None if figure is None else round(HEIGHT - (HEIGHT - TOP) * figure / top, 2) for figure in figures]
        path, is_down = [], False
        for x, y in zip(places, heights, strict=True):
            if y is not None:
                path.append(f"{'L' if is_down else 'M'}{x} {y}")
            is_down = y is not None
        points = [
            Point(x, y, place)
            for place, (x, y, figure) in enumerate(zip(places, heights, figures, strict=True))
            if y is not None and figure
        ]
        drawn.append(Line(" ".join(path), tuple(points)))
    years = [x for x, month in zip(places, months, strict=True) if month.endswith("-01")]
    return Lines(tuple(months), tuple(drawn), top, tuple(years))

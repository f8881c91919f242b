"""How costs grow with the archive: a chart of all curves, and a table."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

from benchmarks.page.markdown import folded, number, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Curve = Mapping[str, Any]

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 300, 50, 10, 30, 40
# From a third to a hundred times the cost among the fewest articles: the powers of ten that the chart shows.
LOWEST, HIGHEST = -0.5, 2.0
STYLE = "text{font:12px sans-serif;fill:#555}path{fill:none;stroke-width:1.5}"


def growth(curves: Sequence[Curve], chart: str) -> str:
    """Return the chart, and a table of what each costs among so many articles; what grows fastest comes first."""
    sizes = sorted({size for curve in curves for size, _ in curve["points"]})
    ordered = sorted(curves, key=lambda one: -one["points"][-1][1] / one["points"][0][1])
    rows = [_row(curve, sizes) for curve in ordered]
    whole = table(("cost, and its unit", *(f"{size:,}" for size in sizes), "times", "why"), rows)
    return (
        f"![Costs against those among the fewest articles]({chart})\n\n"
        "Each line is a cost against the same among the fewest articles, both axes by powers of ten; the dashed one\n"
        f"grows as the number of articles does.\n\n{folded('All curves', whole)}"
    )


def _row(curve: Curve, sizes: Sequence[int]) -> tuple[str, ...]:
    points = dict(map(tuple, curve["points"]))
    first, last = curve["points"][0][1], curve["points"][-1][1]
    figures = (number(points[size]) if size in points else "" for size in sizes)
    return (f"{curve['name']}, {curve['unit']}", *figures, number(last / first), curve.get("explained", ""))


def drawn(curves: Sequence[Curve]) -> str:
    """Return the chart as SVG, on white, as a page in the dark shows it too."""
    sizes = [size for curve in curves for size, _ in curve["points"]]
    low, high = log10(min(sizes)), log10(max(sizes))

    def place(size: float, times: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (log10(size) - low) / ((high - low) or 1)
        shown = min(max(log10(times), LOWEST), HIGHEST)
        y = TOP + (HEIGHT - TOP - BOTTOM) * (HIGHEST - shown) / (HIGHEST - LOWEST)
        return f"{x:.0f} {y:.0f}"

    lines = [f'<path stroke="#2a6f97" d="M{" L".join(_relative(curve, place))}"/>' for curve in curves]
    top = 10**HIGHEST
    even = f'<path stroke="#999" stroke-dasharray="4 4" d="M{place(10**low, 1)} L{place(10**low * top, top)}"/>'
    across = [f"{_across(place(10**low, times), times)}" for times in (1, 10, 100)]
    below = [_below(place(size, 10**LOWEST), size) for size in sorted(set(sizes))]
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">',
            f'<style>{STYLE}</style><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            *(*across, *below, even, *lines, "</svg>\n"),
        )
    )


def _relative(curve: Curve, place: Any) -> list[str]:
    first = curve["points"][0][1] or 1
    return [place(size, value / first) for size, value in curve["points"] if value > 0]


def _across(at: str, times: int) -> str:
    y = at.split()[1]
    line = f'<path stroke="#ddd" d="M{LEFT} {y} L{WIDTH - RIGHT} {y}"/>'
    return f'{line}<text x="{LEFT - 8}" y="{int(y) + 4}" text-anchor="end">× {times}</text>'


def _below(at: str, size: int) -> str:
    return f'<text x="{at.split(maxsplit=1)[0]}" y="{HEIGHT - 8}" text-anchor="middle">{size:,}</text>'

"""Regions that hold the page's own text are none: a form around the page, a menu or dialog that was never closed."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.document import Element, Line

# A server's framework wraps pages in a form, and what is not closed goes on to the end of the page. Navigation, header
# and footer must hold heading and prose: a logo is often an <h1>, and the small print of an empty page its only prose.
MAY_HOLD_TEXT = frozenset({"form", "aside", "dialog", "menu"})
CHROME = MAY_HOLD_TEXT | {"nav", "header", "footer"}
# As in `body`: shorter lines are labels, buttons and names.
SHORTEST_PROSE = 40
# A box at the side has a sentence of its own; a text has more.
FEWEST_PROSE = 2


def free_text_of_regions(root: Element, roots: Sequence[Element], lines: Sequence[Line]) -> None:
    """Make plain elements of the regions that hold the page's heading, or all of its prose.

    `roots` are the elements where regions begin.
    """
    suspects = [element for element in roots if element.region in CHROME]
    if not suspects:
        return
    is_prose = [not line.heading and len(line.text) - line.linked >= SHORTEST_PROSE for line in lines]
    prose = [0, *accumulate(is_prose)]
    headings = [0, *accumulate(line.heading == 1 for line in lines)]
    outside = sum(its and line.element.region not in CHROME for its, line in zip(is_prose, lines, strict=True))
    freed = set()
    for element in suspects:
        inside = prose[element.end] - prose[element.first]
        has_heading = headings[element.end] > headings[element.first]
        has_text = not outside and inside >= FEWEST_PROSE and 2 * inside >= prose[-1]
        is_surely_chrome = element.region not in MAY_HOLD_TEXT
        if (has_heading and has_text) if is_surely_chrome else ((has_heading and inside) or has_text):
            freed.add(element)
    if freed:
        _free(root, freed)


def _free(root: Element, freed: set[Element]) -> None:
    """Hand down from each element what region its children are in."""
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for element in parent.children:
            if element.region_root is not element or element in freed:
                element.region, element.region_root = parent.region, parent.region_root
            waiting.append(element)

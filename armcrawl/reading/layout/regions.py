"""Regions that hold the page's own text are none: a form around the page, a menu or dialog that was never closed."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.layout.document import Element, Line

# A server's framework wraps pages in a form, and what is not closed goes on to the end of the page. Navigation, header
# and footer must hold heading and prose: a logo is often an <h1>, and the small print of an empty page its only prose.
MAY_HOLD_TEXT = frozenset({"form", "aside", "dialog", "menu"})
CHROME = MAY_HOLD_TEXT | {"nav", "header", "footer"}
# Where text may be swallowed: a caption that was never closed goes on to the end of the page as well.
SWALLOWING = CHROME | {"figcaption"}
# As in `body`: shorter lines are labels, buttons and names.
MIN_PROSE_LENGTH = 40
# A box at the side has a sentence of its own; a text has more.
MIN_PROSE = 2


def free_text_of_regions(root: Element, roots: Sequence[Element], lines: Sequence[Line]) -> None:
    """Make plain elements of the regions that hold the page's heading, or all of its prose.

    `roots` are the elements where regions begin.
    """
    suspects = [element for element in roots if element.region in SWALLOWING]
    if not suspects:
        return
    prose = [line.index for line in lines if len(line.text) - line.linked >= MIN_PROSE_LENGTH and not line.heading]
    headings = [line.index for line in lines if line.heading == 1]
    is_all_inside = all(lines[index].element.region in SWALLOWING for index in prose)
    freed = set()
    for element in suspects:
        inside = _number_in(element, prose)
        has_heading = _number_in(element, headings) > 0
        has_text = is_all_inside and inside >= MIN_PROSE and 2 * inside >= len(prose)
        if element.region == "figcaption":
            is_text = has_text or (inside >= MIN_PROSE and _is_open(element))
        elif element.region in MAY_HOLD_TEXT:
            is_text = has_text or (has_heading and inside > 0)
        else:
            is_text = has_text and has_heading
        if is_text:
            freed.add(element)
    if freed:
        _free(root, freed)


def _number_in(element: Element, indexes: Sequence[int]) -> int:
    """Return how many of some lines are inside an element."""
    return bisect_left(indexes, element.end) - bisect_left(indexes, element.first)


def _is_open(caption: Element) -> bool:
    """Tell whether a caption goes on to the end of what is around its figure, as one that was never closed does."""
    figure = caption.parent
    return figure is not None and figure.parent is not None and caption.end == figure.parent.end


def _free(root: Element, freed: set[Element]) -> None:
    """Hand down from each element what region its children are in."""
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for element in parent.children:
            if element.region_root is not element or element in freed:
                element.region, element.region_root = parent.region, parent.region_root
            waiting.append(element)

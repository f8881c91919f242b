"""Regions that contain the page's text by mistake become plain elements.

Examples are a form around the whole page, and a menu, dialog or caption whose end tag is missing.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from armcrawl.reading.layout.prose import MIN_PROSE_LENGTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.layout.document import Element, Line

# Regions that are freed if they contain the heading and some prose, or at least half of the prose where all of it is in
# regions. Some frameworks wrap pages in a form, and an element without its end tag continues to the end of the page.
MAY_HOLD_TEXT = frozenset({"form", "aside", "dialog", "menu"})
# The other regions must contain both the heading and that much prose: a logo in the header is often an <h1>, and the
# small print in the footer of an empty page is its only prose.
CHROME = MAY_HOLD_TEXT | {"nav", "header", "footer"}
# All regions that may contain text by mistake.
SWALLOWING = CHROME | {"figcaption"}
# Lines of prose: a box at the side has one, a text has more.
MIN_PROSE = 2


def free_text_of_regions(root: Element, roots: Sequence[Element], lines: Sequence[Line]) -> None:
    """Turn the regions that contain the page's text into plain elements.

    `roots` are the elements in which regions begin.
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
    """Return how many of the lines with these rising indexes are inside an element."""
    return bisect_left(indexes, element.end) - bisect_left(indexes, element.first)


def _is_open(caption: Element) -> bool:
    """Tell whether a caption extends to the end of its figure's parent, as one without an end tag does."""
    figure = caption.parent
    return figure is not None and figure.parent is not None and caption.end == figure.parent.end


def _free(root: Element, freed: set[Element]) -> None:
    """Give the elements in `freed`, and all elements in which no region begins, the region of their parent."""
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for element in parent.children:
            if element.region_root is not element or element in freed:
                element.region, element.region_root = parent.region, parent.region_root
            waiting.append(element)

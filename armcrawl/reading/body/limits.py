"""Where a text ends: at the first line with a role that is found below texts, or at the date of another item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Line

# Roles of lines below a text. After such a line only lines of the text's main look, in its container, are text.
ENDS = frozenset({Role.ATTRIBUTION, Role.TAGS, Role.COMMENTS, Role.COMMENT, Role.LEGAL})
# Lines: a date further below the first paragraph is that of a comment or a teaser, not of the article.
DATE_NEAR_START = 3


def limit_of(roles: Roles, prose: Sequence[Line], start: int) -> int:
    """Return the index of the line that ends the text which begins with the first prose from `start` on.

    It is the number of lines where nothing ends the text.
    """
    lines = roles.document.lines
    first = next((line for line in prose if line.index >= start), None)
    if first is None:
        return len(lines)
    for line in lines[first.index + 1 :]:
        role = roles.of[line.index]
        if role in ENDS:
            return line.index
        if role is Role.DATE and (_outside(line, first) or line.index - first.index > DATE_NEAR_START):
            return _beginning(line, first)
    return len(lines)


def _outside(line: Line, first: Line) -> bool:
    """Tell whether a date below the first paragraph belongs to another item than the article."""
    holder = line.element.parent
    return holder is not None and not holder.holds(first.index)


def _beginning(line: Line, first: Line) -> int:
    """Return the index of the first line of the item that a line belongs to.

    The item is the outermost element around the line that does not contain the first paragraph.
    """
    beginning = line.index
    for element in line.element.ancestors():
        if element.holds(first.index):
            break
        beginning = min(beginning, element.first)
    return beginning

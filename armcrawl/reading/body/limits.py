"""Where a text ends: at the first line after it that stands below texts, or at another item's date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Line

# What stands below texts: after it the article goes on only where its main look does, in the same container.
ENDS = frozenset({Role.ATTRIBUTION, Role.TAGS, Role.COMMENTS, Role.COMMENT, Role.LEGAL})
# A date this many lines below the first paragraph is a comment's or a teaser's, not the article's.
DATE_NEAR_TITLE = 3


def limit_of(roles: Roles, prose: Sequence[Line], start: int) -> int:
    """Return the index of the first line after the first prose that ends texts."""
    lines = roles.document.lines
    first = next((line for line in prose if line.index >= start), None)
    if first is None:
        return len(lines)
    for line in lines[first.index + 1 :]:
        role = roles.of[line.index]
        if role in ENDS:
            return line.index
        if role is Role.DATE and (_outside(line, first) or line.index - first.index > DATE_NEAR_TITLE):
            return _beginning(line, first)
    return len(lines)


def _outside(line: Line, first: Line) -> bool:
    """Tell whether a date below the first paragraph belongs to another item than the article."""
    holder = line.element.parent
    return holder is not None and not holder.holds(first.index)


def _beginning(line: Line, first: Line) -> int:
    """Return where the item begins that a line is part of: the widest one without the first paragraph."""
    beginning = line.index
    for element in line.element.ancestors():
        if element.holds(first.index):
            break
        beginning = min(beginning, element.first)
    return beginning

"""Comments, and teasers of other sites: sibling blocks that look alike, each with a date and another sign."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role
from armcrawl.reading.body.roles import MIN_LINK_SHARE
from armcrawl.reading.body.teasers import elements_around
from armcrawl.reading.layout.prose import is_name
from armcrawl.russian.dates.printed import find_date

if TYPE_CHECKING:
    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Element

# Lines: a name, a date, a few paragraphs, and buttons to answer and to like.
MAX_LINES_OF_COMMENT = 12
# Roles of lines at the end of a text: dated blocks below them are comments without any further sign.
BEFORE_COMMENTS = frozenset({Role.ATTRIBUTION, Role.TAGS, Role.COMMENTS, Role.LEGAL, Role.RELATED})
CLOCK = re.compile(r"\d:\d\d")
CAPITAL = re.compile("[А-ЯЁA-Z]")


def mark_comments(roles: Roles) -> None:
    """Mark siblings that look alike and each contain one date, some text and another sign as comments.

    The other sign is a name, a time of day or a link, or a place below the end of the text. Without it the blocks may
    be a chronicle in the text.
    """
    if roles.title is None or roles.of.count(Role.DATE) < 2:
        return
    dated = [index for index, role in enumerate(roles.of) if role is Role.DATE]
    lines = roles.document.lines
    first_end = next(
        (index for index in range(roles.title.index, len(lines)) if roles.of[index] in BEFORE_COMMENTS), None
    )
    for element in elements_around(roles, dated):
        items = [
            child
            for child in element.children
            if child.first > roles.title.index
            and 2 <= child.end - child.first <= MAX_LINES_OF_COMMENT
            and bisect_left(dated, child.end) - bisect_left(dated, child.first) == 1
        ]
        for first, second in pairwise(items):
            is_after = first_end is not None and first_end < first.first
            if first.is_like(second) and (is_after or any(_is_signed(roles, item) for item in (first, second))):
                for item in (first, second):
                    for line in lines[item.first : item.end]:
                        if roles.of[line.index] in (Role.FREE, Role.DATE):
                            roles.of[line.index] = Role.COMMENT


def _is_signed(roles: Roles, item: Element) -> bool:
    """Tell whether a dated block has a link, a time of day, or a name with a text: a comment or a teaser."""
    has_name = has_text = False
    for line in roles.document.lines[item.first : item.end]:
        if line.is_link or line.link_share >= MIN_LINK_SHARE:
            return True
        if roles.of[line.index] is Role.DATE:
            if CLOCK.search(line.loose):
                return True
            has_name = has_name or CAPITAL.search(line.loose.replace(find_date(line.loose) or "", "")) is not None
        elif not line.heading and is_name(line) and CAPITAL.match(line.text):
            has_name = True
        else:
            has_text = True
    return has_name and has_text

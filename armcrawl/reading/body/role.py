"""The parts that a line may have in a page."""

from __future__ import annotations

from enum import IntEnum, auto


class Role(IntEnum):
    """A line's part in the page."""

    FREE = auto()
    CHROME = auto()
    TEASER = auto()
    COMMENT = auto()
    CAPTION = auto()
    TITLE = auto()
    DATE = auto()
    TAGS = auto()
    ATTRIBUTION = auto()
    RELATED = auto()
    READ_ALSO = auto()
    COMMENTS = auto()
    CALL = auto()
    COUNTER = auto()
    BYLINE = auto()
    CREDIT = auto()
    LEGAL = auto()


# What the rules ask of line after line: to take a member from its enumeration takes ten times as long as a name does.
FREE = Role.FREE
DATE = Role.DATE
TEASER = Role.TEASER
# What opens a box of links to other articles.
LABELS_OF_BOXES = frozenset({Role.READ_ALSO, Role.RELATED})

"""The roles that a line may have in a page."""

from __future__ import annotations

from enum import IntEnum, auto


class Role(IntEnum):
    """What a line is in its page; FREE until a rule claims it, and then possibly text.

    CHROME is navigation and decoration, CALL an invitation to the reader («Поделиться»), CREDIT names the author of a
    picture, COMMENTS and RELATED are labels above boxes, READ_ALSO labels a link, COMMENT and TEASER are such items.
    """

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


# The roles that rules compare with for each line: looking up an enumeration's member takes ten times as long as a name.
FREE = Role.FREE
DATE = Role.DATE
TEASER = Role.TEASER
# Labels above a box of links to other articles.
LABELS_OF_BOXES = frozenset({Role.READ_ALSO, Role.RELATED})

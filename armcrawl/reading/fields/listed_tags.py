"""Tags that are printed as plain text, in the line of a label or in a list below it."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from armcrawl.items import Tag
from armcrawl.reading.body.role import Role
from armcrawl.russian.phrases import TAG_LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Line

# Characters: the longest tag seen in the trade press has under 60; longer links are headlines.
MAX_TAG_LENGTH = 90
# Lines: the most tags that an article has in a list below a label, or in a `<nav>` of their own.
MAX_TAGS = 40
LABEL = re.compile(rf"^\W*(?:{TAG_LABEL})\b\s*:?\s*", re.IGNORECASE)


def listed_tags(roles: Roles) -> tuple[Tag, ...]:
    """Return the tags that are plain text, in the line of a label («Метки: одно, другое») or below it."""
    for line in roles.lines_of(Role.TAGS):
        label = LABEL.match(line.text)
        is_hashtags = line.text.startswith("#")
        if line.anchors or not (label or is_hashtags):
            continue
        end = label.end() if label else 0
        texts = [line.text[end:]] if end < len(line.text) else _listed_below(line, roles)
        # If semicolons separate the names, a comma is part of a name.
        names = [name.strip(" .,;#") for text in texts for name in text.split(_sign_between(text))]
        if found := tuple(Tag(name) for name in names if 0 < len(name) <= MAX_TAG_LENGTH):
            return found
    return ()


def opens_list_of_text(label: Line, roles: Roles, text: Sequence[Line]) -> bool:
    """Tell whether a label in a line of its own heads a list inside the text: «Темы:» of a meeting are no tags."""
    is_surrounded = bool(text) and text[0].index < label.index < text[-1].index
    below = _listed_below(label, roles) if is_surrounded and LABEL.fullmatch(label.text) else []
    return bool(below) and label.index + len(below) < text[-1].index


def _listed_below(label: Line, roles: Roles) -> list[str]:
    """Return the items of a list right below a label, or the one short line there with commas."""
    lines = roles.document.lines[label.index + 1 :][:MAX_TAGS]
    first = lines[0] if lines else None
    if first is None or first.anchors or first.text.endswith("."):
        return []
    if first.element.tag != "li":
        return [first.text] if _sign_between(first.text) in first.text and len(first.text) <= MAX_TAG_LENGTH else []
    items = takewhile(lambda line: line.element.parent is first.element.parent and not line.anchors, lines)
    return [line.text for line in items]


def _sign_between(names: str) -> str:
    return next((sign for sign in ("#", ";") if sign in names), ",")

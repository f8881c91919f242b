"""White space as a reader sees it, and without what no reader sees."""

from __future__ import annotations

import re

# No page prints these; entities may bring them in, and a terminal would obey them. The others no reader sees: soft
# hyphens, spaces without width, marks of direction.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def normalise_spaces(text: str) -> str:
    """Make every white space one space; a paragraph that has no other is told in a third of the time."""
    stripped = text.strip()
    # No white space is printable but the plain space, and no control character is.
    if "  " not in stripped and stripped.isprintable():
        return stripped
    spaced = " ".join(stripped.split())
    # What Python takes for white space though no reader sees it goes as all that is unseen does.
    if spaced.isprintable() and "\x85" not in stripped:
        return spaced
    return " ".join(UNSEEN.sub("", stripped).split())


def joined_with_spaces(pieces: list[str]) -> str:
    """Return what stands between the pieces of a line with a space between each two."""
    return " ".join(" ".join(pieces).split())

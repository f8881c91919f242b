"""White space normalised, and invisible characters removed."""

from __future__ import annotations

import re

# Control characters, which entities may bring in and a terminal would obey, and characters that no reader sees: soft
# hyphens, zero-width spaces, marks of direction.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def normalise_spaces(text: str) -> str:
    """Return a text with each run of white space as one space, stripped, without invisible characters."""
    stripped = text.strip()
    # The plain space is the only printable white space, so most texts need no more than this quick test.
    if "  " not in stripped and stripped.isprintable():
        return stripped
    spaced = " ".join(stripped.split())
    # `split` takes U+0085 for white space, but it is an invisible character, to be removed below.
    if spaced.isprintable() and "\x85" not in stripped:
        return spaced
    return " ".join(UNSEEN.sub("", stripped).split())


def joined_with_spaces(pieces: list[str]) -> str:
    """Return the pieces of a line joined by single spaces."""
    return " ".join(" ".join(pieces).split())

"""Stored text on its way to a reader: what cannot be shown becomes visible, and nothing is left out."""

from __future__ import annotations

import re

# HTML forbids them, a browser drops or misreads them: all control characters but tab and line ends.
UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def visible(text: object) -> str:
    """Return a text that a page may hold, "" for None; markup is the templates' business, which escape all."""
    return "" if text is None else UNSHOWABLE.sub(REPLACEMENT, str(text))

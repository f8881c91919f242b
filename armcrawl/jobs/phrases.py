"""Passages of a text as they stand in other pages' bytes, in whatever charset: what tells that a page quotes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
# Quotes, dashes and signs are written in many ways, also as entities: a passage ends at them.
BREAKS = re.compile(r"[^\w ,-]+")
SPACE = re.compile(rb"\s+")
# What is shorter stands on many pages by chance: «Завод открыл новый цех» has four words.
MIN_WORDS, MIN_LETTERS = 4, 20
# A page that quotes a text has one of its longest sentences, or its title.
MAX_PASSAGES = 60
CHARSETS = ("utf-8", "windows-1251", "koi8-r")


def passages_of(titles: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return what tells some texts: their titles, and their longest sentences, each its longest piece of words."""
    told = dict.fromkeys(_piece(title) or " ".join(title.split()) for title in titles if title.strip())
    pieces = {piece for text in texts for sentence in SENTENCE_END.split(text) if (piece := _piece(sentence))}
    return list(told | dict.fromkeys(sorted(pieces, key=lambda one: (-len(one), one))[:MAX_PASSAGES]))


def _piece(sentence: str) -> str | None:
    pieces = [" ".join(piece.split()) for piece in BREAKS.split(sentence)]
    longest = max(pieces, key=len, default="")
    return longest if len(longest) >= MIN_LETTERS and len(longest.split()) >= MIN_WORDS else None


def written(passages: Iterable[str]) -> tuple[bytes, ...]:
    """Return passages as pages may have them: in several charsets, as JSON and as entities."""
    found: dict[bytes, None] = {}
    for passage in passages:
        for charset in CHARSETS:
            try:
                found[passage.encode(charset)] = None
            except UnicodeEncodeError:
                continue
        found["".join(f"\\u{ord(one):04x}" if ord(one) > 127 else one for one in passage).encode()] = None
        found[passage.encode("ascii", "xmlcharrefreplace")] = None
    return tuple(found)


def holds(data: bytes, wanted: Iterable[bytes]) -> bool:
    """Tell whether bytes hold one of some passages, wherever their lines break."""
    plain = SPACE.sub(b" ", data)
    return any(one in plain for one in wanted)

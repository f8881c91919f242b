"""One form in which two prints of the same words are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

QUOTES = "«»„“”‟\"'`´‘’‚‹›"
DASHES = "‐‑‒–—―−-"
UNPRINTED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
DIAERESIS = "\u0308"
NORMALISED = {**dict.fromkeys(QUOTES, '"'), **dict.fromkeys(DASHES, "-"), **dict.fromkeys(UNPRINTED, ""), "ё": "е"}
# Five times as fast as str.translate, as few letters of a text are among these.
TO_NORMALISE = re.compile("[" + re.escape("".join(NORMALISED)) + "]" + DIAERESIS + "*")
# Of a flood of marks above one letter Unicode allows a reader to keep thirty (UAX #15, stream-safe text); putting
# more of them in order takes quadratic time. No word of a language is as long as a flood that is felt.
MARKS = re.compile(r"([^\w\s]{30})[^\w\s]+")
MAX_WORD_LENGTH = 1000
# Titles, tags and names of sites are not longer; paragraphs are seldom met twice.
MAX_LINE_LENGTH = 200


def normal_form(text: str) -> str:
    """Return a text for comparing: case, ё, quotes, dashes, white space and soft hyphens are even."""
    return _form_of_line(text) if len(text) <= MAX_LINE_LENGTH else _form_of(text)


@lru_cache(maxsize=4096)  # the names of a site are on each of its pages, and a title is compared several times
def _form_of_line(text: str) -> str:
    return _form_of(text)


def _form_of(text: str) -> str:
    if len(text) > MAX_WORD_LENGTH and max(map(len, text.split()), default=0) > MAX_WORD_LENGTH:
        text = MARKS.sub(r"\1", text)
    # Before composing, too: NFKC makes a space and an accent of the quotation mark «´».
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _normalised(text)).casefold())
    return " ".join(_normalised(composed).split())


def _normalised(text: str) -> str:
    return TO_NORMALISE.sub(lambda match: NORMALISED[match[0][0]], text)

"""The normal form of a text, which is equal for two prints of the same words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

QUOTES = "«»„“”‟\"'`´‘’‚‹›"
DASHES = "‐‑‒–—―−-"
UNPRINTED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
DIAERESIS = "\u0308"
NORMALISED = {**dict.fromkeys(QUOTES, '"'), **dict.fromkeys(DASHES, "-"), **dict.fromkeys(UNPRINTED, ""), "ё": "е"}
# With the marks above them: to look for these takes ten times as long as to look for each sign by itself.
MARKED = re.compile("[" + re.escape("".join(NORMALISED)) + "]" + DIAERESIS + "*")
# Of many marks above one letter 30 are kept, as Unicode allows (UAX #15, stream-safe text): to put more of them in
# order takes quadratic time.
MARKS = re.compile(r"([^\w\s]{30})[^\w\s]+")
# Characters: only texts with a longer word are searched for such marks, as shorter floods take no noticeable time.
MAX_WORD_LENGTH = 1000
# Characters of texts whose normal form is kept for other pages: titles, tags and names of sites.
MAX_LINE_LENGTH = 200
# Characters: longer than any paragraph of an honest page; what is longer still is not kept.
MAX_PARAGRAPH_LENGTH = 4000


def normal_form(text: str) -> str:
    """Return a text for comparison: case, ё, quotes, dashes, white space and soft hyphens are normalised."""
    size = len(text)
    if size <= MAX_LINE_LENGTH:
        return _form_of_line(text)
    return _form_of_paragraph(text) if size <= MAX_PARAGRAPH_LENGTH else _form_of(text)


@lru_cache(maxsize=4096)  # the names of a site are on each of its pages, and a title is compared several times
def _form_of_line(text: str) -> str:
    return _form_of(text)


# Paragraphs rarely occur on two pages, but are asked for twice on one: for what the lead repeats, and for the hash.
@lru_cache(maxsize=64)  # more than most articles have
def _form_of_paragraph(text: str) -> str:
    return _form_of(text)


def _form_of(text: str) -> str:
    if len(text) > MAX_WORD_LENGTH and max(map(len, text.split()), default=0) > MAX_WORD_LENGTH:
        text = MARKS.sub(r"\1", text)
    # Quotes are replaced before composing, too: NFKC turns the quotation mark «´» into a space and an accent.
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _normalised(text)).casefold())
    normalised = _normalised(composed)
    # The plain space is the only printable white space, so most texts need no more than this quick test.
    if "  " not in normalised and normalised.isprintable():
        return normalised.strip()
    return " ".join(normalised.split())


def _normalised(text: str) -> str:
    if DIAERESIS in text:
        return MARKED.sub(lambda match: NORMALISED[match[0][0]], text)
    for sign, normal in NORMALISED.items():
        if sign in text:
            text = text.replace(sign, normal)
    return text

"""A printed tag and its key: what two spellings of one tag share."""

from __future__ import annotations

import re

from armcrawl.russian.look_alikes import fold_look_alikes
from armcrawl.russian.typography import normal_form

QUOTES = re.compile(r'"+')


def tag_name(printed: str) -> str:
    """Return a printed tag with even white space and without separators around it."""
    return " ".join(printed.split()).strip(" ,;#")


def tag_key(name: str) -> str:
    """Return the key of a tag: case, quotes, dashes, ё and look-alike letters are even."""
    return " ".join(map(fold_look_alikes, QUOTES.sub("", normal_form(name)).split()))

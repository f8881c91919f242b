"""A printed tag, its name in the nominative, and its key: what its spellings and cases share."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final

from slugify import slugify

from armcrawl.items import Tag
from armcrawl.russian.look_alikes import fold_look_alikes
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.typography import normal_form

QUOTES = re.compile(r'"+')
# Below this a person should look at a tag's name.
DOUBTFUL = 0.6
# Named, for slugify looks for another package at each call, which takes longer than all the rest of it.
BACKEND: Final = "text-unidecode"


@lru_cache(maxsize=20_000)  # the whole archive has fewer printed forms than that
def canonical_tag(printed: str) -> Tag:
    """Return a printed tag with its name in the nominative, key, slug, kind and confidence.

    The name keeps number, letter case, quotes and dashes as printed. A tag of separators alone has an empty key.
    """
    even = tag_name(printed)
    found = nominative(even)
    key = tag_key(found.name)
    slug = tag_slug(found.name, key)
    return Tag(printed, name=found.name, key=key, slug=slug, kind=found.kind, confidence=found.confidence)


def tag_name(printed: str) -> str:
    """Return a printed tag with even white space and without separators around it."""
    even = ""
    # Entities may be encoded twice, and hide one another.
    while even != printed:
        even, printed = printed, " ".join(html.unescape(printed).split()).strip(" ,;#")
    return even


def tag_slug(name: str, key: str) -> str:
    """Return the Latin name of a tag in addresses, the same whatever other transliterators are installed."""
    # A name of signs alone has no slug; its key always has one letter or digit, but for a tag of separators.
    return slugify(name, backend=BACKEND) or slugify(key, backend=BACKEND) or "tag"


def tag_key(name: str) -> str:
    """Return the key of a tag: case, quotes, dashes, ё and look-alike letters are even."""
    return " ".join(map(fold_look_alikes, QUOTES.sub("", normal_form(name)).split()))

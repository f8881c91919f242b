"""Tags: the name in the nominative for a printed tag, and the key that all its spellings and cases share."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final

from slugify import slugify

from armcrawl.items import Kind, Tag
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.look_alikes import fold_look_alikes
from armcrawl.russian.names.nominative import MAX_NAME_LENGTH, nominative
from armcrawl.russian.typography import UNPRINTED, normal_form

# Stress marks and soft hyphens: with them a word is in no dictionary. Accents that are part of a letter are composed.
MARKS = re.compile(rf"[\u0300\u0301{UNPRINTED}]")
QUOTES = re.compile(r'"+')
# The confidence, from 0 to 1, below which a person should check a tag's name.
DOUBTFUL = 0.6
# Given explicitly: without it `slugify` looks for another package at each call, which takes longer than its work.
BACKEND: Final = "text-unidecode"


@lru_cache(maxsize=20_000)  # the whole archive has fewer printed forms than that
def canonical_tag(printed: str) -> Tag:
    """Return a printed tag with its name in the nominative, key, slug, kind and confidence (0 to 1).

    The name keeps the number, letter case, quotes and dashes as printed. A tag of separators alone has an empty key. It
    raises nothing.
    """
    name = tag_name(printed)
    found = nominative(name)
    key = tag_key(found.name)
    slug = tag_slug(found.name, key)
    # An inflected name tells a person more surely than the nominative: «Эмманюэлю Макрону».
    kind = kind_of(found.name) or (Kind.PERSON if found.is_person else None)
    return Tag(printed, name=found.name, key=key, slug=slug, kind=kind, confidence=found.confidence)


def tag_name(printed: str) -> str:
    """Return a printed tag with normalised white space, without HTML entities, stress marks and separators around it."""
    name = ""
    # Repeated, as entities may be encoded twice, and hide separators or further entities.
    while name != printed:
        name, printed = printed, " ".join(_plain(html.unescape(printed)).split()).strip(" ,;#")
    return name


def _plain(text: str) -> str:
    # What is longer is no name, and marks may take long to put in order.
    return MARKS.sub("", unicodedata.normalize("NFC", text)) if len(text) <= MAX_NAME_LENGTH else text


def tag_slug(name: str, key: str) -> str:
    """Return the name of a tag in Latin letters for addresses; it does not depend on other installed packages."""
    # A name of signs alone has no slug; its key may have one.
    return slugify(name, backend=BACKEND) or slugify(key, backend=BACKEND) or "tag"


def tag_key(name: str) -> str:
    """Return the key of a tag: its name with case, quotes, dashes, ё and look-alike letters normalised."""
    return " ".join(map(fold_look_alikes, QUOTES.sub("", normal_form(name)).split()))

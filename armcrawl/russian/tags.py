"""A printed tag and its key: what two spellings of one tag share."""

from __future__ import annotations

import re

from armcrawl.russian.typography import normal_form

# Cyrillic letters and the Latin ones that look the same, lower case.
TO_LATIN = str.maketrans("авекмнорстух", "abekmhopctyx")
TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in TO_LATIN.items()}
CYRILLIC = re.compile(r"[а-яё]")
LATIN = re.compile(r"[a-z]")
DIGIT = re.compile(r"\d")
QUOTES = re.compile(r'"+')


def tag_name(printed: str) -> str:
    """Return a printed tag with even white space and without separators around it."""
    return " ".join(printed.split()).strip(" ,;#")


def tag_key(name: str) -> str:
    """Return the key of a tag: case, quotes, dashes, ё and look-alike letters of codes are even.

    Look-alikes are folded only in tokens that hold a digit or mix alphabets: «С-400» and «C-400» are one
    tag, and so are «салют» and the same word with a Latin «c».
    """
    return " ".join(_fold(token) for token in QUOTES.sub("", normal_form(name)).split())


def _fold(token: str) -> str:
    if DIGIT.search(token):
        return token.translate(TO_LATIN)
    if CYRILLIC.search(token) and LATIN.search(token):
        cyrillic = token.translate(TO_CYRILLIC)
        return token.translate(TO_LATIN) if LATIN.search(cyrillic) else cyrillic
    return token

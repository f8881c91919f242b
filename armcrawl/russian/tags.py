"""A printed tag and its key: what two spellings of one tag share."""

from __future__ import annotations

import re

from armcrawl.russian.typography import normal_form

# Cyrillic letters and the Latin ones that look the same, lower case.
LOOK_ALIKES = str.maketrans("авекмнорстух", "abekmhopctyx")
CYRILLIC = re.compile(r"[а-яё]")
LATIN = re.compile(r"[a-z]")
# «С-400», «Ду50»: letters with digits, which nobody can tell apart by eye.
CODE_LIKE = re.compile(r"(?=.*\d)[a-zа-я]{1,3}[-\d./]+[a-zа-я]{0,3}")
QUOTES = re.compile(r'"+')


def tag_name(printed: str) -> str:
    """Return a printed tag with even white space and without separators around it."""
    return " ".join(printed.split()).strip(" ,;#")


def tag_key(name: str) -> str:
    """Return the key of a tag: case, quotes, dashes, ё and look-alike letters of codes are even.

    Look-alikes are folded only in tokens that mix alphabets or look like a code: «С-400» and «C-400»
    are one tag, «объект» and «обект» are two.
    """
    return " ".join(_fold(token) for token in QUOTES.sub("", normal_form(name)).split())


def _fold(token: str) -> str:
    is_mixed = CYRILLIC.search(token) and LATIN.search(token)
    if is_mixed or CODE_LIKE.fullmatch(token):
        return token.translate(LOOK_ALIKES)
    return token

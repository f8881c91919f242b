"""Letters of two alphabets that nobody can tell apart by eye: «С-400» and «C-400»."""

from __future__ import annotations

import re

# Cyrillic letters and the Latin ones that look the same, lower case.
TO_LATIN = str.maketrans("авекмнорстух", "abekmhopctyx")
TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in TO_LATIN.items()}
CYRILLIC = re.compile(r"[а-яё]")
LATIN = re.compile(r"[a-z]")
DIGIT = re.compile(r"\d")


def fold_look_alikes(word: str) -> str:
    """Return a lower-case word in one alphabet, as far as its letters allow.

    A word that holds a digit is a code, and is written in Latin letters; a word of two alphabets is
    written in the one that has all its letters, Cyrillic first. All other words stay as they are.
    """
    if DIGIT.search(word):
        return word.translate(TO_LATIN)
    if CYRILLIC.search(word) and LATIN.search(word):
        cyrillic = word.translate(TO_CYRILLIC)
        return word.translate(TO_LATIN) if LATIN.search(cyrillic) else cyrillic
    return word

"""Cyrillic and Latin letters that look the same: «С-400» and «C-400»."""

from __future__ import annotations

import re

# Cyrillic letters and the Latin ones that look the same, lower case.
TO_LATIN = str.maketrans("авекмнорстух", "abekmhopctyx")
TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in TO_LATIN.items()}
CYRILLIC = re.compile(r"[а-яё]")
LATIN = re.compile(r"[a-z]")
ANY_LATIN = re.compile(r"[A-Za-z]")
# A word with letters of both alphabets.
MIXED = re.compile(r"(?=[A-Za-z]*[А-Яа-яЁё])(?=[А-Яа-яЁё]*[A-Za-z])[A-Za-zА-Яа-яЁё]+")
# Letters as printed: more capitals look alike than small letters.
PRINTED_TO_CYRILLIC = str.maketrans("aekmopctyxABEKMHOPCTYX", "аекморстухАВЕКМНОРСТУХ")
DIGIT = re.compile(r"\d")


def fold_look_alikes(word: str) -> str:
    """Return a lower-case word in one alphabet, if its letters allow that.

    In a word with a digit, which is a code, look-alike letters become Latin. A word of two alphabets is written in the
    one that has all its letters, Cyrillic if both have. All other words stay as they are.
    """
    if DIGIT.search(word):
        return word.translate(TO_LATIN)
    if CYRILLIC.search(word) and LATIN.search(word):
        cyrillic = word.translate(TO_CYRILLIC)
        return word.translate(TO_LATIN) if LATIN.search(cyrillic) else cyrillic
    return word


def fold_printed(text: str) -> str:
    """Return a text in which words of two alphabets are Cyrillic, if their letters allow: «31 мaя», with a Latin a."""
    return MIXED.sub(_cyrillic, text)


def _cyrillic(word: re.Match[str]) -> str:
    folded = word[0].translate(PRINTED_TO_CYRILLIC)
    return word[0] if ANY_LATIN.search(folded) else folded

"""Terms: the words of a text as stems and codes, in which texts are compared. Search has `search_tokens.py`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from Stemmer import Stemmer

from armcrawl.russian.look_alikes import CYRILLIC, DIGIT, fold_look_alikes
from armcrawl.russian.typography import UNPRINTED

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters and digits, with the signs inside codes: «33259-2015», «30с41нж», «1.4541», «1/2».
WORD = re.compile(rf"[^\W_]+(?:[{UNPRINTED}\u0300-\u036f]+[^\W_]*)*(?:[-‐‑./][^\W_]+)*")
PART = re.compile(r"[^-‐‑./]+")
HYPHENS = str.maketrans("‐‑", "--")
# Characters that are removed from terms: soft hyphens, stress marks, remains of compatibility forms.
NO_PART_OF_TERM = re.compile(r"[^\w./-]|_")
# The vowel that some cases of a word have, which the stemmer leaves: «задвижек» and «задвижка», «рынок» and «рынка».
FLEETING = re.compile(r"(?<=[а-я][бвгджзклмнпрстфхцчшщ])[ео](?=[кц]$)")
# Characters: a longer «word» is pasted data, for which its beginning is enough.
MAX_TERM_LENGTH = 64
# Characters of a word before it is normalised, which may shorten it, as marks above letters are removed.
MAX_WORD_LENGTH = 16 * MAX_TERM_LENGTH


class Term(NamedTuple):
    """A term and its place in the text, in characters."""

    term: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """Yield the terms of a text in order, each with its place.

    A word becomes its stem. A word with a digit is a code and stays whole, with case and look-alike letters normalised.
    Terms consist of letters, digits, `-`, `.` and `/` only.
    """
    for word in WORD.finditer(text):
        if DIGIT.search(word[0]):
            if code := fold_look_alikes(_normalised(word[0])):
                yield Term(code, word.start(), word.end())
        else:
            for part in PART.finditer(word[0]):
                if root := stem(part[0]):
                    yield Term(root, word.start() + part.start(), word.start() + part.end())


def bare_terms(text: str) -> list[str]:
    """Return the terms of a text in order, without their places, which is faster."""
    return list(chain.from_iterable(map(_bare_terms_of, WORD.findall(text))))


@lru_cache(maxsize=1024)  # title and body of a batch's articles, which are compared several times
def all_terms(text: str) -> tuple[str, ...]:
    """Return the same as `bare_terms`, cached for texts that are used several times in a row."""
    return tuple(bare_terms(text))


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand forms again and again
def _bare_terms_of(word: str) -> tuple[str, ...]:
    if word.isascii() and word.isdecimal():  # a number is often new, and is its own term
        return (word[:MAX_TERM_LENGTH],)
    return tuple(term.term for term in terms(word))


def _normalised(word: str) -> str:
    # The length is limited first: a flood of marks above a letter would take long to put in order.
    normalised = unicodedata.normalize("NFKC", word[:MAX_WORD_LENGTH]).translate(HYPHENS).casefold().replace("ё", "е")
    return NO_PART_OF_TERM.sub("", normalised)[:MAX_TERM_LENGTH]


@lru_cache(maxsize=16_384)  # an excerpt's words are the common ones
def stem(word: str) -> str:
    """Return the stem of a word in small letters; what has no Cyrillic letter stays as it is."""
    normalised = fold_look_alikes(_normalised(word))
    return FLEETING.sub("", _stemmer().stemWord(normalised)) if CYRILLIC.search(normalised) else normalised


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return Stemmer("russian")

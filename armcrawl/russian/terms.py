"""Search terms: the words of a text in the form in which both databases index and find them."""

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

# Letters and digits, and what holds a code together: «33259-2015», «30с41нж», «1.4541», «1/2».
WORD = re.compile(rf"[^\W_]+(?:[{UNPRINTED}\u0300-\u036f]+[^\W_]*)*(?:[-‐‑./][^\W_]+)*")
PART = re.compile(r"[^-‐‑./]+")
HYPHENS = str.maketrans("‐‑", "--")
# Soft hyphens, stress marks, and what a compatibility form of a letter is made of.
NO_PART_OF_TERM = re.compile(r"[^\w./-]|_")
# «Задвижек» and «задвижка», «рынок» and «рынка» are one word: the stemmer leaves the vowel that comes and goes.
FLEETING = re.compile(r"(?<=[а-я][бвгджзклмнпрстфхцчшщ])[ео](?=[кц]$)")
# A longer «word» is data that somebody pasted; its beginning tells it well enough.
MAX_TERM_LENGTH = 64
MAX_WORD_LENGTH = 16 * MAX_TERM_LENGTH


class Term(NamedTuple):
    """A search term, and where in the text it stands."""

    term: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """Yield the terms of a text in order, each with its place.

    A word becomes its stem; what holds a digit is a code and stays whole, as it is printed, with
    case and look-alike letters even. Terms hold only letters, digits, `-`, `.` and `/`.
    """
    for word in WORD.finditer(text):
        if DIGIT.search(word[0]):
            if code := fold_look_alikes(_normalised(word[0])):
                yield Term(code, word.start(), word.end())
        else:
            for part in PART.finditer(word[0]):
                if stem := _stem(part[0]):
                    yield Term(stem, word.start() + part.start(), word.start() + part.end())


def bare_terms(text: str) -> list[str]:
    """Return the terms of a text in order, without their places: an index wants them fast."""
    return list(chain.from_iterable(map(_bare_terms_of, WORD.findall(text))))


@lru_cache(maxsize=1024)  # title and body of a batch's articles: the search index and the fingerprints want the same
def all_terms(text: str) -> tuple[str, ...]:
    """Return the same of a text that is asked for again at once."""
    return tuple(bare_terms(text))


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand forms again and again
def _bare_terms_of(word: str) -> tuple[str, ...]:
    return tuple(term.term for term in terms(word))


def _normalised(word: str) -> str:
    # Marks above a letter are no letters of a term, but count here; a flood of them would take long to sort.
    even = unicodedata.normalize("NFKC", word[:MAX_WORD_LENGTH]).translate(HYPHENS).casefold().replace("ё", "е")
    return NO_PART_OF_TERM.sub("", even)[:MAX_TERM_LENGTH]


@lru_cache(maxsize=16_384)  # an excerpt's words are the common ones
def _stem(word: str) -> str:
    even = fold_look_alikes(_normalised(word))
    return FLEETING.sub("", _stemmer().stemWord(even)) if CYRILLIC.search(even) else even


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    return Stemmer("russian")

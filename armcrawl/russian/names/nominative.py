"""A name or tag in the nominative, whatever case it was printed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from armcrawl.russian.look_alikes import fold_printed
from armcrawl.russian.names.morphology import NOMINATIVE
from armcrawl.russian.names.noun_phrases import read_noun_phrase
from armcrawl.russian.names.persons import read_person
from armcrawl.russian.names.phrase_choice import CERTAIN, DOUBTFUL, LIKELY

QUOTED = re.compile(r"([«„“\"])([^«»„“”\"]+)([»“”\"])")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# Characters: the longest names of institutions have some 150; a longer text is no name, and would take long.
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Nominative:
    """A name in the nominative; `confidence` is from 0 to 1, and below 0.6 a person should check the name."""

    name: str
    confidence: float
    is_person: bool = False


@lru_cache(maxsize=16_384)  # the tags and names of several years
def nominative(printed: str, case: str | None = None) -> Nominative:
    """Return a name in the nominative, in the number and the letter case in which it is printed.

    The head and the words that agree with it change; a genitive after it, quoted names, abbreviations and words in
    other alphabets do not, except that a Latin letter in a Cyrillic word becomes Cyrillic. A name that may already be in the nominative stays as it is, unless `case` (a name from
    `morphology.py`) says in which one it was printed.
    """
    if len(printed) > MAX_NAME_LENGTH:
        return Nominative(printed, DOUBTFUL)
    printed = fold_printed(printed)
    found = _read(printed, case)
    if found.name != printed and case is None and _read(found.name, None).name != found.name:
        # If our result is not its own nominative, the text was no Russian name, and stays as printed.
        return Nominative(printed, DOUBTFUL, found.is_person)
    return found


def _read(printed: str, case: str | None) -> Nominative:
    if not CYRILLIC.search(printed):
        return Nominative(printed, CERTAIN)
    person = read_person(tuple(printed.split()))
    if person is not None:
        return Nominative(" ".join(person.words), person.confidence, is_person=True)
    if quoted := QUOTED.fullmatch(printed):
        # The name of a firm or journal is a nominative if it can be: «Ведомости».
        inner = _read(quoted[2], case or NOMINATIVE)
        return Nominative(quoted[1] + inner.name + quoted[3], min(inner.confidence, LIKELY))
    phrase = read_noun_phrase(printed, case)
    return Nominative(phrase.text, phrase.confidence)

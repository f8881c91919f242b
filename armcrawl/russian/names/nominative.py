"""A name or tag in the nominative, whatever case it was printed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.items import TagKind
from armcrawl.russian.look_alikes import fold_printed
from armcrawl.russian.names.morphology import NOMINATIVE
from armcrawl.russian.names.noun_phrases import CERTAIN, DOUBTFUL, LIKELY, read_noun_phrase
from armcrawl.russian.names.persons import read_person
from armcrawl.russian.names.phrase_heads import ABBREVIATED, APPOSED_TO, ORGANISATIONS, PLACES

if TYPE_CHECKING:
    from armcrawl.russian.names.morphology import WordForm

QUOTED = re.compile(r"([«„“\"])([^«»„“”\"]+)([»“”\"])")
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
# Characters: the longest names of institutions have some 150; a longer text is no name, and would take long.
MAX_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Nominative:
    """A name in the nominative; `confidence` is from 0 to 1, and below 0.6 a person should check the name."""

    name: str
    kind: TagKind | None
    confidence: float


@lru_cache(maxsize=16_384)  # the tags and names of several years
def nominative(printed: str, case: str | None = None) -> Nominative:
    """Return a name in the nominative, in the number and the letter case in which it is printed.

    The head and the words that agree with it change; a genitive after it, quoted names, abbreviations and words in
    other alphabets do not, except that a Latin letter in a Cyrillic word becomes Cyrillic. A name that may already be in the nominative stays as it is, unless `case` (a name from
    `morphology.py`) says in which one it was printed.
    """
    if len(printed) > MAX_NAME_LENGTH:
        return Nominative(printed, None, DOUBTFUL)
    printed = fold_printed(printed)
    found = _read(printed, case)
    if found.name != printed and case is None and _read(found.name, None).name != found.name:
        # If our result is not its own nominative, the text was no Russian name, and stays as printed.
        return Nominative(printed, found.kind, DOUBTFUL)
    return found


def _read(printed: str, case: str | None) -> Nominative:
    if not CYRILLIC.search(printed):
        return Nominative(printed, None, CERTAIN)
    person = read_person(tuple(printed.split()))
    if person is not None:
        return Nominative(" ".join(person.words), TagKind.PERSON, person.confidence)
    if quoted := QUOTED.fullmatch(printed):
        # The name of a firm or journal is a nominative if it can be: «Ведомости».
        inner = _read(quoted[2], case or NOMINATIVE)
        return Nominative(quoted[1] + inner.name + quoted[3], TagKind.ORGANISATION, min(inner.confidence, LIKELY))
    phrase = read_noun_phrase(printed, case)
    return Nominative(phrase.text, _kind(phrase.text, phrase.head), phrase.confidence)


def _is_whole(name: str, head: WordForm) -> bool:
    """Tell whether a name ends with its head, as that of a place does: «Нижний Новгород», but not «Ямал СПГ»."""
    last = re.split(r"[\s(]+", name)[-1].casefold()
    return last.startswith(head.lemma[:3]) or "-" in name


def _kind(name: str, head: WordForm | None) -> TagKind | None:
    first = re.split(r"[\s«„\"]", name, maxsplit=1)[0]
    if first in ABBREVIATED:
        return TagKind.ORGANISATION
    if head is None:
        return None
    lemma = head.lemma.rpartition("-")[2] if "-" in head.lemma else head.lemma
    if lemma in ORGANISATIONS or "Orgn" in head.marks:
        return TagKind.ORGANISATION
    if lemma in PLACES or lemma in APPOSED_TO or ("Geox" in head.marks and _is_whole(name, head)):
        return TagKind.PLACE
    if "Surn" in head.marks or "Name" in head.marks:
        return TagKind.PERSON if name[:1].isupper() else None
    return TagKind.TOPIC if name[:1].islower() else None

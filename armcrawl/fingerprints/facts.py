"""Facts that one text has in the places of another's: a note that is written anew from one template has other ones.

A copy may be cut, moved about and worded anew, and keeps what it tells: where the words around a fact are the same, so
is the fact. How many facts two texts have in common tells less: a template has constants of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.fingerprints.shingles import is_number
from armcrawl.russian.terms import all_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from armcrawl.fingerprints.shingles import Shingled

# Words on either side that make a place. With one, a few copies that were worded anew would have other facts.
AROUND = 2
# In so many places a note of a template has other facts, at least. In a copy one figure may be corrected, or another
# source be named in passing. A name in the title is what the note is about, a number there may be that of an issue.
MIN_PLACES, NAME_IN_TITLE, NUMBER_IN_TITLE = 2, 2, 0
# Letters: a shorter name may abbreviate another one («РФ» for «Россия»).
MIN_LETTERS = 4
EDGE, FACT = "", "#"
# Stems: months are facts, as numbers and names are.
MONTHS = frozenset("январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split())

Fact = tuple[str, ...]


class Place(NamedTuple):
    """Facts side by side, the words around them, and whether the title has them."""

    around: tuple[str, ...]
    facts: Fact
    in_title: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in the places that two texts have in common, as stems.

    `replaced` has pairs of facts of which neither is anywhere in the other text, with the number of their places;
    `kept` those that are the same.
    """

    replaced: Mapping[tuple[str, str], int]
    kept: frozenset[Fact]

    @property
    def are_others(self) -> bool:
        """Whether a template was filled anew; for a single fact also if it is a month, or no other of its kind is."""
        places = sum(self.replaced.values())
        if places != 1:
            return places >= MIN_PLACES
        (pair,) = self.replaced
        is_month = all(MONTHS.intersection(fact.split()) for fact in pair)
        return is_month or all(any(map(is_number, fact)) != any(map(is_number, pair)) for fact in self.kept)


def facts_of(one: Shingled, other: Shingled) -> Facts:
    """Return which facts stand in the places that two texts have in common."""
    names = {*one.names, *other.names, *MONTHS}
    ours, theirs = list(_places(one, names)), list(_places(other, names))
    known, known_there = _values(one, ours), _values(other, theirs)
    there: dict[tuple[str, ...], list[Fact]] = {}
    for place in theirs:
        there.setdefault(place.around, []).append(place.facts)
    replaced, kept = Counter[tuple[str, str]](), set[Fact]()
    for place in ours:
        opposite = there.get(place.around, [])
        if _value(place.facts) in map(_value, opposite):
            kept.add(place.facts)
        elif opposite:
            old = " ".join(fact for fact in place.facts if _value((fact,)) not in known_there)
            new = " ".join(fact for fact in opposite[0] if _value((fact,)) not in known)
            if old and new and not _is_spelling(old, new):
                in_title = NAME_IN_TITLE if any(map(str.isalpha, old + new)) else NUMBER_IN_TITLE
                replaced[old, new] += in_title if place.in_title else 1
    return Facts(+replaced, frozenset(kept))


def _places(text: Shingled, names: Collection[str]) -> Iterator[Place]:
    """Yield the places of a text's facts."""
    first, *below = text.text.split("\n", 1)
    title, start = len(all_terms(first)) if below else 0, 0
    found: list[tuple[str, Fact, bool]] = []
    for is_fact, some in groupby(text.words, lambda word: word in names or is_number(word)):
        words = tuple(some)
        found += [(FACT, words, start < title)] if is_fact else [(word, (), False) for word in words]
        start += len(words)
    edge = [EDGE] * AROUND
    words_around = [*edge, *(word for word, _, _ in found), *edge]
    for number, (_, facts, in_title) in enumerate(found):
        if facts:
            after = number + AROUND + 1
            around = words_around[number : number + AROUND] + words_around[after : after + AROUND]
            yield Place(tuple(around), facts, in_title)


def _values(text: Shingled, places: Collection[Place]) -> set[str]:
    return {_value((word,)) for word in text.words}.union(_value(place.facts) for place in places)


def _value(facts: Fact) -> str:
    """Return what facts say in whatever unit: «9,7 млрд» are «9700 млн»."""
    value = "".join(facts)
    digits = re.sub(r"\W", "", value)
    return digits.strip("0") or "0" if digits.isdigit() else value


def _is_spelling(one: str, other: str) -> bool:
    """Tell whether a name may be another spelling of one: an abbreviation, or with a letter mistyped."""
    if is_number(one + other) or one[0] != other[0] or MONTHS & {one, other}:
        return False
    longest = max(len(one), len(other))
    return min(len(one), len(other)) < MIN_LETTERS or _same(one, other) + _same(one[::-1], other[::-1]) >= longest - 1


def _same(one: str, other: str) -> int:
    """Return how many letters two names begin with that are the same."""
    return sum(1 for _ in takewhile(lambda letters: letters[0] == letters[1], zip(one, other, strict=False)))

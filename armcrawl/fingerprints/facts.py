"""Facts that one text has in the places of another's: a note that is written anew from one template has other ones.

A copy may be cut, moved about and worded anew, and keeps what it tells: where the words around a fact are the same, so
is the fact. How many facts two texts have in common tells less: a template has constants of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby, product, takewhile
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.fingerprints.shingles import is_number
from armcrawl.russian.terms import all_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from armcrawl.fingerprints.shingles import Shingled

# Words on either side that make a place. With one, a few copies that were worded anew would have other facts.
AROUND = 2
# In so many places a note of a template has other names, at least: in a copy another source may be named in passing. A
# name in the title is what the note is about, a number there may be that of an issue.
MIN_PLACES, NAME_IN_TITLE, NUMBER_IN_TITLE = 2, 2, 0
# So many other numbers are those of another note; two may be corrected, if most stay.
MIN_NUMBERS = 3
# Letters: a shorter name may abbreviate another one («РФ» for «Россия»).
MIN_LETTERS = 4
EDGE, FACT = "", "#"
# Stems: months are facts, as numbers and names are.
MONTHS = frozenset("январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split())

Fact = tuple[str, ...]
# The words on the left and on the right.
Around = tuple[str, ...]


class Place(NamedTuple):
    """Facts side by side, the words around them, with or without one between, and whether the title has them."""

    around: tuple[Around, ...]
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
        """Whether a template was filled anew: with another month, name or several, many numbers, or most of few."""
        numbers = [pair for pair in self.replaced if not _is_name(*pair)]
        names = [places for pair, places in self.replaced.items() if _is_name(*pair)]
        kept_names = sum(_is_name(*fact) for fact in self.kept)
        is_month = any(all(MONTHS.intersection(fact.split()) for fact in pair) for pair in self.replaced)
        are_other_names = sum(names) >= MIN_PLACES or (len(names) > 0 and (len(numbers) > 0 or not kept_names))
        are_other_numbers = len(numbers) >= MIN_NUMBERS or len(numbers) > len(self.kept) - kept_names
        return is_month or are_other_names or are_other_numbers


def facts_of(one: Shingled, other: Shingled) -> Facts:
    """Return which facts stand in the places that two texts have in common."""
    names = {*one.names, *other.names, *MONTHS}
    ours, theirs = list(_places(one, names)), list(_places(other, names))
    known, known_there = _values(one, ours), _values(other, theirs)
    # By what they say, the first place first: all rows of a price list have the same words around.
    there: dict[Around, dict[str, Fact]] = {}
    for place in theirs:
        for around in place.around:
            there.setdefault(around, {}).setdefault(_value(place.facts), place.facts)
    replaced, kept = Counter[tuple[str, str]](), set[Fact]()
    for place in ours:
        opposite = next((there[around] for around in place.around if around in there), {})
        if _value(place.facts) in opposite:
            kept.add(place.facts)
        elif opposite and not any(_scaled(place.facts) == _scaled(facts) for facts in opposite.values()):
            old = " ".join(fact for fact in place.facts if _value((fact,)) not in known_there)
            new = " ".join(fact for fact in next(iter(opposite.values())) if _value((fact,)) not in known)
            if old and new and not _is_spelling(old, new):
                in_title = NAME_IN_TITLE if _is_name(old, new) else NUMBER_IN_TITLE
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
    edge = [EDGE] * (AROUND + 1)
    words_around = [*edge, *(word for word, _, _ in found), *edge]
    for number, (_, facts, in_title) in enumerate(found):
        if facts:
            yield Place(tuple(_around(words_around, number + AROUND + 1)), facts, in_title)


def _around(words: Sequence[str], at: int) -> Iterator[Around]:
    """Yield the words around a place, the nearest first, then those beyond a neighbour that may be worded anew."""
    for left, right in product((at, at - 1), (at + 1, at + 2)):
        yield (*words[left - AROUND : left], *words[right : right + AROUND])


def _values(text: Shingled, places: Collection[Place]) -> set[str]:
    return {_value((word,)) for word in text.words}.union(_value(place.facts) for place in places)


def _value(facts: Fact) -> str:
    """Return what facts say, however numbers are written: «9,7» and «9.7», «1 200» and «1200»."""
    value = "".join(facts)
    digits = re.sub(r"\W", "", value)
    return digits if digits.isdigit() else value


def _scaled(facts: Fact) -> str:
    """Return what facts say in whatever unit: «9,7 млрд» may be «9700 млн», and whether they are is not judged."""
    value = _value(facts)
    return value.strip("0") if value.isdigit() else value


def _is_name(*facts: str) -> bool:
    return any(map(str.isalpha, "".join(facts)))


def _is_spelling(one: str, other: str) -> bool:
    """Tell whether a name may be another spelling of one: an abbreviation, or with a letter mistyped."""
    if is_number(one + other) or one[0] != other[0] or MONTHS & {one, other}:
        return False
    longest = max(len(one), len(other))
    return min(len(one), len(other)) < MIN_LETTERS or _same(one, other) + _same(one[::-1], other[::-1]) >= longest - 1


def _same(one: str, other: str) -> int:
    """Return how many letters two names begin with that are the same."""
    return sum(1 for _ in takewhile(lambda letters: letters[0] == letters[1], zip(one, other, strict=False)))

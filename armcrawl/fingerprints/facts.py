"""Facts that one text has in the places of others: a note that is written anew from one template has other ones.

A copy may be cut, moved about and worded anew, and keeps what it tells: where the words around a fact are the same, so
is the fact. How many facts two texts have in common tells less: a template has constants of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from os.path import commonprefix
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.fingerprints.shingles import is_number
from armcrawl.russian.terms import all_terms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from armcrawl.fingerprints.shingles import Shingled

# Words on either side that make a place.
LEFT, RIGHT = 2, 2
# So many facts are replaced in a note of a template; in a copy one may be corrected.
MIN_REPLACED = 2
# Letters: a shorter name may abbreviate another one («РФ» for «Россия»).
MIN_LETTERS = 4
EDGE, FACT = "", "#"
MONTHS = frozenset("январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split())


class Place(NamedTuple):
    """Facts side by side, the words around them, and whether the title has them."""

    around: tuple[str, ...]
    facts: tuple[str, ...]
    in_title: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The places of facts that two texts have in common.

    `replaced` has what stands in one and what in the other where neither has the other's fact anywhere, as stems;
    `kept` the facts that are the same; `in_title` and `often` tell which of the replaced stand in a title, and several
    times.
    """

    replaced: tuple[tuple[str, str], ...]
    kept: frozenset[str]
    in_title: frozenset[tuple[str, str]]
    often: frozenset[tuple[str, str]]

    @property
    def are_others(self) -> bool:
        """Whether a template was filled anew.

        One fact that is replaced is told by its weight: the title has it, it returns, it is a month, or nothing else of
        its kind is left. Otherwise a figure may be corrected, or another source be named in passing.
        """
        if len(self.replaced) != 1:
            return len(self.replaced) >= MIN_REPLACED
        (pair,) = self.replaced
        is_number = any(map(_has_digit, pair))
        is_last = all(_has_digit(fact) != is_number for fact in self.kept)
        is_month = all(MONTHS.intersection(fact.split()) for fact in pair)
        return pair in self.in_title or pair in self.often or is_month or is_last


def facts_of(one: Shingled, other: Shingled) -> Facts:
    """Return which facts stand in the places that two texts have in common."""
    names = {*one.names, *other.names, *MONTHS}
    ours, theirs = list(_places(one, names)), list(_places(other, names))
    known, known_there = _values(ours, one), _values(theirs, other)
    there: dict[tuple[str, ...], list[Place]] = {}
    for place in theirs:
        there.setdefault(place.around, []).append(place)
    found: Counter[tuple[str, str]] = Counter()
    kept, in_title = set[str](), set[tuple[str, str]]()
    for place in ours:
        opposite = there.get(place.around, ())
        if any(_value(place.facts) == _value(one.facts) for one in opposite):
            kept.add(" ".join(place.facts))
        elif opposite:
            old = [fact for fact in place.facts if _value((fact,)) not in known_there]
            new = [fact for fact in opposite[0].facts if _value((fact,)) not in known]
            if old and new and not _is_spelling("".join(old), "".join(new)):
                pair = (" ".join(old), " ".join(new))
                found[pair] += 1
                if place.in_title or opposite[0].in_title:
                    in_title.add(pair)
    often = frozenset(pair for pair, times in found.items() if times > 1)
    return Facts(tuple(found), frozenset(kept), frozenset(in_title), often)


def _places(text: Shingled, names: Collection[str]) -> Iterator[Place]:
    """Yield the places of a text's facts."""
    is_fact = lambda word: word in names or is_number(word)
    pieces = [(is_it, tuple(some)) for is_it, some in groupby(text.words, is_fact)]
    masked: list[tuple[str, tuple[str, ...], int]] = []
    start = 0
    for is_it, some in pieces:
        masked += [(FACT, some, start)] if is_it else [(word, (), start) for word in some]
        start += len(some)
    words = [*[EDGE] * LEFT, *(word for word, _, _ in masked), *[EDGE] * RIGHT]
    title = len(all_terms(text.text.split("\n", 1)[0]))
    for number, (_, facts, at) in enumerate(masked):
        if facts:
            around = (*words[number : number + LEFT], *words[number + LEFT + 1 : number + LEFT + RIGHT + 1])
            yield Place(around, facts, at < title)


def _values(places: Iterable[Place], text: Shingled) -> set[str]:
    return {_value((word,)) for word in text.words} | {_value(place.facts) for place in places}


def _value(facts: Sequence[str]) -> str:
    """Return what facts say in whatever unit: «9,7 млрд» are «9700 млн»."""
    value = "".join(facts)
    digits = re.sub(r"\W", "", value)
    return digits.strip("0") or "0" if digits.isdigit() else value


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _is_spelling(one: str, other: str) -> bool:
    """Tell whether a name may be another spelling of one: an abbreviation, or a letter mistyped."""
    if _has_digit(one + other) or one[0] != other[0] or {one, other} & MONTHS:
        return False
    longest = max(len(one), len(other))
    same = len(commonprefix([one, other])) + len(commonprefix([one[::-1], other[::-1]]))
    return min(len(one), len(other)) < MIN_LETTERS or same >= longest - 1

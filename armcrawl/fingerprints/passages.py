"""The passages that two texts share, word for word except for inflection, and the facts that one of them has alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.fingerprints.shingles import NAME, WORDS, is_number, runs, words_of
from armcrawl.russian.terms import bare_terms, terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Places of a run that are tried for the longest passage: a set phrase has a few, a row of a price list has thousands.
MAX_TRIED = 16


@dataclass(frozen=True, slots=True)
class Passage:
    """A shared passage as each text prints it, and its number of words."""

    in_a: str
    in_b: str
    words: int


class Place(NamedTuple):
    """Where a shared passage stands in each text, first character and end, and its number of words."""

    in_a: tuple[int, int]
    in_b: tuple[int, int]
    words: int


def shared_passages(text_a: str, text_b: str) -> list[Passage]:
    """Return the passages of at least four words that both texts have, in the order of the first text."""
    return [
        Passage(text_a[slice(*place.in_a)], text_b[slice(*place.in_b)], place.words)
        for place in shared_places(text_a, text_b)
    ]


def shared_places(text_a: str, text_b: str) -> list[Place]:
    """Return where these passages stand."""
    ours, theirs = list(terms(text_a)), list(terms(text_b))
    return [
        Place(
            (ours[here].start, ours[here + words - 1].end),
            (theirs[there].start, theirs[there + words - 1].end),
            words,
        )
        for here, there, words in _shared([term.term for term in ours], [term.term for term in theirs])
    ]


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield where passages begin in both texts, and their words; from each place the longest one that is found."""
    places: dict[tuple[str, ...], list[int]] = {}
    for there, run in enumerate(runs(theirs)):
        places.setdefault(run, []).append(there)
    here = 0
    while here <= len(ours) - WORDS:
        tried = places.get(tuple(ours[here : here + WORDS]), ())[:MAX_TRIED]
        words, there = max(((_length(ours, here, theirs, there), -there) for there in tried), default=(0, 0))
        if words:
            yield here, -there, words
        here += words or 1


def _length(ours: Sequence[str], here: int, theirs: Sequence[str], there: int) -> int:
    """Return how many words are the same from a place in each text on."""
    last = min(len(ours) - here, len(theirs) - there)
    return sum(1 for _ in takewhile(lambda words: ours[here + words] == theirs[there + words], range(last)))


def own_facts(text: str, other: str) -> dict[str, tuple[str, ...]]:
    """Return the `numbers` and the `names` that another text does not have, as printed, each once and in order."""
    theirs = set(words_of(other))
    numbers = (text[term.start : term.end] for term in terms(text) if is_number(term.term) and term.term not in theirs)
    names = (match[0] for match in NAME.finditer(text) if not theirs.issuperset(bare_terms(match[0])))
    return {"numbers": tuple(dict.fromkeys(numbers)), "names": tuple(dict.fromkeys(names))}

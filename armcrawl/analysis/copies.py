"""What articles have in common: a cluster with what each changed, similar articles, two side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.fingerprints import similarity
from armcrawl.fingerprints.passages import shared_places
from armcrawl.store.queries.compared import compared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from armcrawl.fingerprints import Similarity
    from armcrawl.sites import PageKey
    from armcrawl.store.queries.compared import Compared

# Characters of a text that are compared word by word: a tenth of a second, and no article of a person is longer.
MAX_COMPARED = 100_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `number` is that of the shared passage that it is, from 1, None for what is not shared.

    A passage that goes on over the end of a paragraph is several pieces: `is_first` is the first of them.
    """

    text: str
    number: int | None = None
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One of two articles: its paragraphs, the title first, in pieces."""

    article: Compared
    paragraphs: list[list[Piece]]

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers of the passages that are marked: of two that meet at one place only one is."""
        return frozenset(piece.number for pieces in self.paragraphs for piece in pieces if piece.number)


@dataclass(frozen=True, slots=True)
class Compare:
    """Two articles side by side, what decided about them, and how many passages and words they share.

    `is_cut` tells that more than the beginning of a long text was not compared.
    """

    one: Side
    other: Side
    found: Similarity
    passages: int
    words: int
    is_cut: bool


def side_by_side(engine: Engine, one: PageKey, other: PageKey) -> Compare:
    """Return two articles with the passages that both have marked; raises UsageError for one that is not shown."""
    ours, theirs = compared(engine, one), compared(engine, other)
    text_a, text_b = ours.text[:MAX_COMPARED], theirs.text[:MAX_COMPARED]
    places = shared_places(text_a, text_b)
    return Compare(
        Side(ours, list(_paragraphs(text_a, [place.in_a for place in places]))),
        Side(theirs, list(_paragraphs(text_b, [place.in_b for place in places]))),
        similarity(text_a, text_b),
        len(places),
        sum(place.words for place in places),
        is_cut=max(len(ours.text), len(theirs.text)) > MAX_COMPARED,
    )


def _paragraphs(text: str, places: Iterable[tuple[int, int]]) -> Iterator[list[Piece]]:
    """Yield the paragraphs of a text in pieces."""
    marked = sorted((start, end, number) for number, (start, end) in enumerate(places, 1))
    start, met = 0, set[int]()
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        yield list(_pieces(text, start, end, marked, met))
        start = end + len("\n\n")


def _pieces(text: str, start: int, end: int, marked: Iterable[tuple[int, int, int]], met: set[int]) -> Iterator[Piece]:
    at = start
    for first, last, number in marked:
        # Of two passages that overlap here the later one goes on where the earlier one ends.
        begin, stop = max(first, at), min(last, end)
        if begin >= stop:
            continue
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:stop], number, number not in met)
        met.add(number)
        at = stop
    if at < end:
        yield Piece(text[at:end])

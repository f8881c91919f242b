"""Excerpts of the original text around what a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.russian.terms import Term, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.russian.search_query import SearchQuery

# Two lines of a terminal.
SNIPPET_WORDS = 24
# Words before the first hit, so that a reader sees what it belongs to.
WORDS_BEFORE = 6


@dataclass(frozen=True, slots=True)
class Snippet:
    """An excerpt, and where in it the hits stand: pairs of first and last position, the last excluded."""

    text: str
    marks: tuple[tuple[int, int], ...]

    def marked(self, before: str, after: str) -> str:
        """Return the excerpt with something before and after each hit."""
        return "".join([before + piece + after if is_hit else piece for piece, is_hit in self.pieces()])

    def pieces(self) -> list[tuple[str, bool]]:
        """Return the excerpt in pieces, and whether each is a hit."""
        pieces: list[tuple[str, bool]] = []
        last = 0
        for first, end in self.marks:
            pieces += [(self.text[last:first], False), (self.text[first:end], True)]
            last = end
        return [*pieces, (self.text[last:], False)]


def snippet(text: str, query: SearchQuery, *, whole: bool = False) -> Snippet:
    """Return the part of a text that shows the most of what is looked for, or the `whole` of it.

    Without a hit it is the text's beginning.
    """
    words = list(terms(text))
    hits = sorted({index for phrase in query.wanted for index in _hits(words, phrase)})
    if not words:
        return Snippet("", ())
    first = 0 if whole else max(0, _best_start(words, hits) - WORDS_BEFORE)
    last = len(words) if whole else min(len(words), first + SNIPPET_WORDS)
    start, end = words[first].start if first else 0, words[last - 1].end if last < len(words) else len(text)
    opening, closing = "… " if first else "", " …" if last < len(words) else ""
    marks = tuple(
        (words[index].start - start + len(opening), words[index].end - start + len(opening))
        for index in hits
        if first <= index < last
    )
    # A paragraph's end is a space to a reader of one line; positions stay what they are.
    return Snippet(opening + text[start:end].replace("\n", " ") + closing, marks)


def _hits(words: Sequence[Term], phrase: tuple[str, ...]) -> list[int]:
    """Return the indexes of all words of all occurrences of a phrase."""
    found: list[int] = []
    for index, word in enumerate(words[: len(words) - len(phrase) + 1]):
        if word.term == phrase[0] and all(words[index + step].term == term for step, term in enumerate(phrase)):
            found += range(index, index + len(phrase))
    return found


def _best_start(words: Sequence[Term], hits: Sequence[int]) -> int:
    """Return the first hit of the window that shows the most different terms."""
    window = SNIPPET_WORDS - WORDS_BEFORE
    shown = ((len({words[other].term for other in hits if index <= other < index + window}), -index) for index in hits)
    return -max(shown, default=(0, 0))[1]

"""Excerpts of the original text around what a search found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.russian.search_tokens import PREFIX, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.russian.search_query import Position, SearchQuery, Zone

# Two lines of a terminal.
SNIPPET_WORDS = 24
# Words before the first hit, where its sentence begins too far away.
WORDS_BEFORE = 6
# Where a sentence ends, and another begins.
SENTENCE = re.compile(r"[.!?…][»\")]*\s+(?=[«\"(]?[A-ZА-ЯЁ\d])|\n+")
SPACE = re.compile(r"\s")


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


def snippet(text: str, query: SearchQuery, zone: Zone | None = None, *, whole: bool = False) -> Snippet:
    """Return the part of a text that shows the most of what is looked for in a zone, or the `whole` of it.

    It begins with the sentence of the first hit, if that is near enough, and between words. Without a hit it is the
    text's beginning.
    """
    words = tokens(text)
    hits = sorted({index for phrase in query.phrases(zone) for index in _hits(words, phrase)})
    if not words:
        return Snippet("", ())
    start, end = (0, len(text)) if whole else _excerpt(text, words, hits)
    opening, closing = "… " if start else "", " …" if end < len(text) else ""
    marks = _joined(text, [(words[index].start, words[index].end) for index in hits])
    shift = len(opening) - start
    return Snippet(
        # A paragraph's end is a space to a reader of one line; positions stay what they are.
        opening + text[start:end].replace("\n", " ") + closing,
        tuple((first + shift, last + shift) for first, last in marks if start <= first and last <= end),
    )


def _excerpt(text: str, words: Sequence[Token], hits: Sequence[int]) -> tuple[int, int]:
    """Return where the excerpt begins and ends."""
    best = _best_start(words, hits)
    begins = [0, *(match.end() for match in SENTENCE.finditer(text, 0, words[best].end))]
    sentence = begins[bisect_right(begins, words[best].start) - 1]
    first = bisect_left(words, sentence, key=lambda word: word.start)
    if best - first > SNIPPET_WORDS - WORDS_BEFORE:
        first = best - WORDS_BEFORE
        sentence = _word_begin(text, words[first].start)
    last = first + SNIPPET_WORDS
    return sentence if first else 0, _word_end(text, words[last - 1].end) if last < len(words) else len(text)


def _word_begin(text: str, at: int) -> int:
    """Return where the word at a place begins: behind the space before it."""
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    space = SPACE.search(text, at)
    return space.start() if space else len(text)


def _joined(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return marks, those within one word as one: «30с41нж»."""
    joined: list[tuple[int, int]] = []
    for first, last in marks:
        if joined and not SPACE.search(text, joined[-1][1], first):
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _hits(words: Sequence[Token], phrase: Sequence[Position]) -> list[int]:
    """Return the indexes of all words of all occurrences of a phrase."""
    wanted = [
        (frozenset(position), tuple(token.removesuffix(PREFIX) for token in position if token.endswith(PREFIX)))
        for position in phrase
    ]
    found: list[int] = []
    for index in range(len(words) - len(wanted) + 1):
        if all(
            words[index + step].token in whole or (begun and words[index + step].token.startswith(begun))
            for step, (whole, begun) in enumerate(wanted)
        ):
            found += range(index, index + len(wanted))
    return found


def _best_start(words: Sequence[Token], hits: Sequence[int]) -> int:
    """Return the first hit of the window that shows the most different tokens."""
    window = SNIPPET_WORDS - WORDS_BEFORE
    shown = ((len({words[other].token for other in hits if index <= other < index + window}), -index) for index in hits)
    return -max(shown, default=(0, 0))[1]

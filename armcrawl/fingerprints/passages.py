"""The passages that two texts share, word for word except for inflection."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from armcrawl.fingerprints.shingles import WORDS
from armcrawl.russian.terms import terms


@dataclass(frozen=True, slots=True)
class Passage:
    """A shared passage as each text prints it, and its number of words."""

    in_a: str
    in_b: str
    words: int


def shared_passages(text_a: str, text_b: str) -> list[Passage]:
    """Return the passages of at least four words that both texts have, in the order of the first text."""
    ours, theirs = list(terms(text_a)), list(terms(text_b))
    matcher = SequenceMatcher(None, [term.term for term in ours], [term.term for term in theirs], autojunk=False)
    return [
        Passage(
            text_a[ours[block.a].start : ours[block.a + block.size - 1].end],
            text_b[theirs[block.b].start : theirs[block.b + block.size - 1].end],
            block.size,
        )
        for block in matcher.get_matching_blocks()
        if block.size >= WORDS
    ]

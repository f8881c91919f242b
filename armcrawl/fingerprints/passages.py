"""The passages that two texts share, word for word except for inflection, and the facts that one of them has alone."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from armcrawl.fingerprints.shingles import NAME, WORDS, is_number, words_of
from armcrawl.russian.terms import bare_terms, terms


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


def own_facts(text: str, other: str) -> dict[str, tuple[str, ...]]:
    """Return the `numbers` and the `names` that another text does not have, as printed, each once and in order."""
    theirs = set(words_of(other))
    numbers = (text[term.start : term.end] for term in terms(text) if is_number(term.term) and term.term not in theirs)
    names = (match[0] for match in NAME.finditer(text) if not theirs.issuperset(bare_terms(match[0])))
    return {"numbers": tuple(dict.fromkeys(numbers)), "names": tuple(dict.fromkeys(names))}

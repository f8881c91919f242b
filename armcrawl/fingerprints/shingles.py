"""Shingles: every run of some words of a text, as numbers.

Words are stems, so that a changed case is no other word, and codes are even (armcrawl.russian.terms).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from armcrawl.russian.terms import all_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

# Measured on hand-labelled Russian reprints: runs of four words part copies from texts on one subject best.
WORDS = 4
# What a sketch keeps of a text: at 24 hashes an index takes under 700 bytes an article, and a text that is a
# tenth of another one is still found by two of them, in the mean.
SKETCH = 24
MASK, SIGN = (1 << 64) - 1, 1 << 63
# Any odd factor makes different numbers of different orders; this one is of Knuth's (MMIX).
FACTOR = 6_364_136_223_846_793_005
SQUARE = FACTOR**2 & MASK


def words_of(text: str) -> list[str]:
    """Return the stems of a text in order."""
    return list(chain.from_iterable(map(all_terms, text.split("\n\n", 1))))


def runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the runs of four words of a text in order; a shorter text is one run."""
    if len(words) < WORDS:
        return [tuple(words)] if words else []
    return list(zip(*(islice(words, start, None) for start in range(WORDS)), strict=False))


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text as it is compared: its words, and its shingles, of which a repeated one counts as often as it stands."""

    words: tuple[str, ...]
    shingles: frozenset[object]


def shingled(words: Sequence[str]) -> Shingled:
    """Return a text, by its words, as it is compared: sets are compared ten times as fast as counts."""
    found = runs(words)
    distinct: frozenset[object] = frozenset(found)
    if len(distinct) < len(found):
        distinct |= {(run, number) for run, times in Counter(found).items() for number in range(1, times)}
    return Shingled(tuple(words), distinct)


def sketch(words: Sequence[str]) -> frozenset[int]:
    """Return the lowest hashes of a text's shingles.

    Two texts of one length that share most shingles share most of these; a part of a longer text shares
    as many as its share of it. Hashes are signed, as databases count.
    """
    hashes = set(_hashes(words))
    if len(hashes) == 1:  # two texts are compared if they share two
        hashes |= {(value - SIGN) * FACTOR & MASK for value in hashes}
    return frozenset(value - SIGN for value in sorted(hashes)[:SKETCH])


def _hashes(words: Sequence[str]) -> list[int]:
    """Return a hash of each shingle, 64 bits: a polynomial of the hashes of its words, made of those of pairs."""
    numbers = list(map(_hash_of_word, words)) + [0] * (WORDS - len(words) if words else 0)
    pairs = [one * FACTOR + two for one, two in pairwise(numbers)]
    return [(one * SQUARE + two) & MASK for one, two in zip(pairs, pairs[2:], strict=False)]


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand stems again and again
def _hash_of_word(word: str) -> int:
    """Return 64 bits of a word: blake2b, so that they are the same for ever."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")

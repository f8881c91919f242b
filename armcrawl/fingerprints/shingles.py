"""Shingles: every run of some words of a text, as numbers.

Words are stems, so that a changed case is no other word, and codes are even (armcrawl.russian.terms).
"""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from armcrawl.russian.terms import bare_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Measured on hand-labelled Russian reprints: runs of four words part copies from texts on one subject best.
WORDS = 4
BYTES = 8
# What a sketch keeps of a text: at 24 hashes of 8 bytes an index takes under 700 bytes an article, and a text that is a
# tenth of another one is still found by two of them, in the mean.
SKETCH = 24


def words_of(text: str) -> list[str]:
    """Return the stems of a text in order."""
    return bare_terms(text)


def shingles(words: Sequence[str]) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text; a shorter text is one run."""
    if len(words) < WORDS:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(islice(words, start, None) for start in range(WORDS)), strict=False))


def sketch(words: Sequence[str], common: Iterable[int] = ()) -> frozenset[int]:
    """Return the lowest hashes of a text's shingles, without those that are common to many texts.

    Two texts of one length that share most shingles share most of these; a part of a longer text shares
    as many as its share of it. Hashes are signed, as databases count.
    """
    hashes = {hash_of(shingle) for shingle in shingles(words)}
    return frozenset(sorted(hashes - set(common))[:SKETCH])


def hash_of(shingle: tuple[str, ...]) -> int:
    """Return a shingle's hash, signed 64 bits: blake2b, so that it is the same for ever."""
    digest = blake2b("\x1f".join(shingle).encode("utf-8", "surrogatepass"), digest_size=BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)

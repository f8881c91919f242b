"""Shingles: all runs of four consecutive words of a text, and their hashes.

Words are search terms (`armcrawl.russian.terms`): stems, so that another case is no other word, and normalised codes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from armcrawl.russian.terms import all_terms, bare_terms
from armcrawl.russian.typography import QUOTES

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words in a shingle. Measured on hand-labelled Russian reprints: four distinguish copies from texts on one subject
# best.
WORDS = 4
# Hashes in a sketch: the lowest of the shingles, and the lowest of neighbouring facts, which are other ones in each
# text of a template, and the same in a copy that is worded anew. Of all copies in tests/quality, and of all but one
# excerpt in five hundred, two are shared; of copies that are edited all over 0.9994, where 12 and 10 have 0.9984.
SKETCH_OF_SHINGLES, SKETCH_OF_FACTS = 14, 10
# Hashes have 48 bits: among a million texts two of them are equal by chance once.
BITS = 48
MASK = (1 << 64) - 1
# An odd factor, so that the order of words matters and no bits are lost: that of Knuth's MMIX.
FACTOR = 6_364_136_223_846_793_005
SQUARE = FACTOR**2 & MASK
# A capital that begins no sentence: behind a word or a comma, a quote, or initials. A name in quotes begins with one.
# What stands before is looked at from behind the capital: places without one are passed over ten times as fast.
BEFORE = (r"[\w,;»)][ \xa0]", rf"[{QUOTES}]", r"[A-ZА-ЯЁ]\.", r"[A-ZА-ЯЁ]\.[ \xa0]")
NAME = re.compile(rf"[A-ZА-ЯЁ](?:{'|'.join(f'(?<={one}.)' for one in BEFORE)})[^\W\d_]+(?:-[^\W\d_]+)*\b(?!-\d)")
# What else is a name, wherever it stands: an abbreviation, or up to three words in quotes.
CALLED = re.compile(rf"\b[A-ZА-ЯЁ]{{2,5}}\b|(?<=[{QUOTES}])[^\W_][\w-]*(?: [\w-]+){{0,2}}(?=[{QUOTES}])")


def words_of(text: str) -> list[str]:
    """Return the stems of a text in order."""
    return list(chain.from_iterable(map(all_terms, text.split("\n\n", 1))))


def runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Return all runs of four words of a text in order; a shorter text is one run, an empty one none."""
    if len(words) < WORDS:
        return [tuple(words)] if words else []
    return list(zip(*(islice(words, start, None) for start in range(WORDS)), strict=False))


@dataclass(frozen=True)
class Shingled:
    """A text prepared for comparison: its words, and what it tells, numbers and names as stems."""

    text: str
    words: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The words that have digits."""
        return tuple(filter(is_number, self.words))

    @cached_property
    def shingles(self) -> frozenset[object]:
        """The shingles as a set, which is compared ten times as fast as counts; a repeated one counts each time."""
        found = runs(self.words)
        distinct: frozenset[object] = frozenset(found)
        if len(distinct) < len(found):
            distinct |= {(run, number) for run, times in Counter(found).items() for number in range(1, times)}
        return distinct


def shingled(text: str) -> Shingled:
    """Return a text prepared for comparison."""
    names = chain(NAME.findall(text), CALLED.findall(text))
    return Shingled(text, tuple(words_of(text)), tuple(chain.from_iterable(map(bare_terms, names))))


def is_number(word: str) -> bool:
    """Tell whether a word has digits: a number, a date, a code."""
    return not word.isalpha() and any(map(str.isdigit, word))


def sketch(text: Shingled) -> frozenset[int]:
    """Return the lowest hashes of a text's shingles and of its neighbouring facts, of 48 bits each.

    Two texts of the same length that share most shingles share most of these hashes. A part of a longer text shares
    about as many of them as its share of that text.
    """
    hashes = _hashes(text.words)
    if len(hashes) == 1:  # a text with one shingle gets a second hash, as texts are compared if they share two
        hashes.append(hashes[0] * FACTOR & MASK)
    names = set(text.names)
    facts = [_hash_of_word(word) for word in text.words if word in names or is_number(word)]
    pairs = [(one * FACTOR + two) * SQUARE & MASK for one, two in pairwise(facts)]
    lowest = sorted(set(hashes))[:SKETCH_OF_SHINGLES] + sorted(set(pairs))[:SKETCH_OF_FACTS]
    return frozenset(value >> 64 - BITS for value in lowest)


def _hashes(words: Sequence[str]) -> list[int]:
    """Return a hash of 64 bits for each shingle: a polynomial of the hashes of its words, computed by pairs."""
    numbers = list(map(_hash_of_word, words)) + [0] * (WORDS - len(words) if words else 0)
    pairs = [one * FACTOR + two for one, two in pairwise(numbers)]
    return [(one * SQUARE + two) & MASK for one, two in zip(pairs, pairs[2:], strict=False)]


@lru_cache(maxsize=65_536)  # a newsroom uses some ten thousand stems again and again
def _hash_of_word(word: str) -> int:
    """Return the hash of a word, 64 bits of blake2b, which is the same in every process and version."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")

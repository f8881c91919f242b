"""How much two texts share, and whether one is a copy of the other.

Shared runs of four words distinguish copies from other texts on the same subject. Where about half of the runs are
shared, an edited copy shares most words and numbers throughout the text, while a recurring report does not.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from armcrawl.fingerprints.shingles import Shingled, runs, shingled, words_of
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Sequence


class Grade(StrEnum):
    """What one text is to another: equal in normal form, a copy, a part of it, or another text."""

    SAME = "same"
    NEAR = "near"
    EXCERPT = "excerpt"
    DIFFERENT = "different"


# The share of the smaller text's shingles from which it is a copy, whatever else the texts share. Measured in
# tests/quality: no two different texts share nearly as many.
NEAR_MOST = 0.6
# Below that, an edited copy needs the share of shingles (second) for the share of numbers that it kept (first). Monthly
# reports, which are different texts, share up to 0.3 of their shingles and 0.2 to 0.4 of their numbers.
MIN_BY_NUMBERS = ((0.6, 0.35), (0.2, 0.42), (0.0, 0.5))
# The share of single words of an edited copy. Edited copies share 0.74 to 0.91, texts with the same description of a
# firm 0.4.
MIN_WORDS = 0.7
# The shorter text is divided into 8 parts. In an edited copy at least half of them share at least 0.15 of their runs,
# while the same description of a firm at the end is in a quarter of the parts.
PARTS, MIN_PARTS, MIN_OF_PART = 8, 0.5, 0.15
# The ratio of the lengths from which a shared text is a copy, and not an excerpt. A shortened copy keeps three fifths
# of its text; if two texts were joined to one, each is about half of it at most.
NEAR_LENGTH = 0.55


@dataclass(frozen=True, slots=True)
class Similarity:
    """The share of the shingles of the first text, of the second, and of both together that both have, from 0 to 1."""

    containment_a: float
    containment_b: float
    jaccard: float
    grade: Grade


def similarity(text_a: str, text_b: str) -> Similarity:
    """Compare two texts, each with or without its title as the first line."""
    if normal_form(text_a) == normal_form(text_b):
        return Similarity(1.0, 1.0, 1.0, Grade.SAME)
    return compare(shingled(words_of(text_a)), shingled(words_of(text_b)))


def compare(one: Shingled, other: Shingled, threshold: float = NEAR_MOST) -> Similarity:
    """Compare two texts; the smaller is a copy if the larger has at least `threshold` of its shingles."""
    ours, theirs, common = len(one.shingles), len(other.shingles), len(one.shingles & other.shingles)
    if not common:
        return Similarity(0.0, 0.0, 0.0, Grade.DIFFERENT)
    length = min(ours, theirs) / max(ours, theirs)
    most = common / min(ours, theirs)
    grade = Grade.DIFFERENT
    if most >= threshold or (length >= NEAR_LENGTH and _is_edited(one, other, most)):
        grade = Grade.NEAR if length >= NEAR_LENGTH else Grade.EXCERPT
    return Similarity(common / ours, common / theirs, common / (ours + theirs - common), grade)


def _is_edited(one: Shingled, other: Shingled, containment: float) -> bool:
    """Tell whether the texts are edited copies, and not two texts with the same set phrases."""
    if containment < MIN_BY_NUMBERS[0][1]:
        return False
    # Sorted by the words too, so that the result does not depend on the order of two texts of the same length.
    shorter, longer = sorted((one.words, other.words), key=lambda words: (len(words), *words))
    numbers = _shared([word for word in shorter if _is_number(word)], longer)
    least = next(least for share, least in MIN_BY_NUMBERS if numbers is None or numbers >= share)
    words = _shared(shorter, longer)
    return containment >= least and words is not None and words >= MIN_WORDS and _spread(shorter, longer) >= MIN_PARTS


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _shared(words: Sequence[str], others: Sequence[str]) -> float | None:
    """Return the share of some words that are among the others, from 0 to 1; None if there are no words."""
    return (Counter(words) & Counter(others)).total() / len(words) if words else None


def _spread(shorter: Sequence[str], longer: Sequence[str]) -> float:
    """Return the share of the parts of the shorter text that have enough runs in common with the longer one."""
    theirs = set(runs(longer))
    shared = [run in theirs for run in runs(shorter)]
    size = max(1, len(shared) // PARTS)
    parts = [shared[start : start + size] for start in range(0, len(shared), size)]
    return sum(sum(part) >= MIN_OF_PART * len(part) for part in parts) / len(parts) if parts else 0.0

"""How much two texts have in common, and what that makes them.

Runs of four words part copies from other texts on one subject; where about half of them are shared, an edited copy
has most single words and most numbers in common, all over the text, and a recurring report does not.
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
    """What one text is to another."""

    SAME = "same"
    NEAR = "near"
    EXCERPT = "excerpt"
    DIFFERENT = "different"


# Measured on tests/quality: from here on copies are copies whatever else they share, and no other text comes near it.
NEAR_MOST = 0.6
# Below that an edited copy is told by what it shares besides: the less of its numbers it kept, the more of its runs it
# must.
# Monthly reports share up to 0.3 of their runs, a fifth to two fifths of their numbers.
MIN_BY_NUMBERS = ((0.6, 0.35), (0.2, 0.42), (0.0, 0.5))
# Edited copies share 0.74 to 0.91 of their single words, texts with one firm's description 0.4.
MIN_WORDS = 0.7
# A description of the firm at the end is in a quarter of the text, edits are everywhere.
PARTS, MIN_PARTS, MIN_OF_PART = 8, 0.5, 0.15
# A copy that was cut keeps three fifths of its text; of two texts joined in one neither is more than about half.
NEAR_LENGTH = 0.55


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two texts share, from 0 to 1: of the first, of the second, and of both together."""

    containment_a: float
    containment_b: float
    jaccard: float
    grade: Grade


def similarity(text_a: str, text_b: str) -> Similarity:
    """Compare two texts, each with its title as first line or without."""
    if normal_form(text_a) == normal_form(text_b):
        return Similarity(1.0, 1.0, 1.0, Grade.SAME)
    return compare(shingled(words_of(text_a)), shingled(words_of(text_b)))


def compare(one: Shingled, other: Shingled, threshold: float = NEAR_MOST) -> Similarity:
    """Compare two texts; from `threshold` on, a containment makes a copy by itself."""
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
    """Tell an edited copy from a text in the same set phrases."""
    if containment < MIN_BY_NUMBERS[0][1]:
        return False
    # Of two texts of one length always the same one, whichever comes first.
    shorter, longer = sorted((one.words, other.words), key=lambda words: (len(words), *words))
    numbers = _shared([word for word in shorter if _is_number(word)], longer)
    least = next(least for share, least in MIN_BY_NUMBERS if numbers is None or numbers >= share)
    words = _shared(shorter, longer)
    return containment >= least and words is not None and words >= MIN_WORDS and _spread(shorter, longer) >= MIN_PARTS


def _is_number(word: str) -> bool:
    return any(map(str.isdigit, word))


def _shared(words: Sequence[str], others: Sequence[str]) -> float | None:
    """Return which share of some words others have as well; None of none."""
    return (Counter(words) & Counter(others)).total() / len(words) if words else None


def _spread(shorter: Sequence[str], longer: Sequence[str]) -> float:
    """Return in which share of the parts of the shorter text something is shared."""
    theirs = set(runs(longer))
    shared = [run in theirs for run in runs(shorter)]
    size = max(1, len(shared) // PARTS)
    parts = [shared[start : start + size] for start in range(0, len(shared), size)]
    return sum(sum(part) >= MIN_OF_PART * len(part) for part in parts) / len(parts) if parts else 0.0

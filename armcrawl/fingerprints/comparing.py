"""How much two texts have in common, and what that makes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from armcrawl.fingerprints.shingles import shingles, words_of
from armcrawl.russian.typography import normal_form


class Grade(StrEnum):
    """What one text is to another."""

    SAME = "same"
    NEAR = "near"
    EXCERPT = "excerpt"
    DIFFERENT = "different"


# Thresholds, chosen by measurement.
NEAR_MOST, NEAR_LEAST = 0.6, 0.5
EXCERPT_MOST = 0.5


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
    return compare(words_of(text_a), words_of(text_b))


def compare(words_a: list[str], words_b: list[str], threshold: float = NEAR_MOST) -> Similarity:
    """Compare two texts by their words."""
    ours, theirs = shingles(words_a), shingles(words_b)
    common = (ours & theirs).total()
    all_of = (ours | theirs).total()
    if not common:
        return Similarity(0.0, 0.0, 0.0, Grade.DIFFERENT)
    most, least = common / min(ours.total(), theirs.total()), common / max(ours.total(), theirs.total())
    grade = Grade.DIFFERENT
    if most >= threshold:
        grade = Grade.NEAR if least >= NEAR_LEAST else Grade.EXCERPT
    return Similarity(common / ours.total(), common / theirs.total(), common / all_of, grade)

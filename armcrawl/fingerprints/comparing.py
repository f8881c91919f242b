"""Whether one text is a copy of another, decided by the two texts alone.

Three questions in turn. Do they share their text: runs of four words, or most words of an edited copy? Do they share
what they tell: a note that is written anew every week from one template has other facts in the places of the old ones
(`facts.py`)? Do they share their news: a follow-up has a head of its own, and carries the same background below?
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from armcrawl.fingerprints.facts import facts_of
from armcrawl.fingerprints.shingles import Shingled, is_number, shingled
from armcrawl.items import Grade
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Rule(StrEnum):
    """What decided."""

    EQUAL = "equal in normal form"
    LITTLE = "too little is shared"
    RECURRING = "one template, other numbers or names"
    HEADS = "the heads are shared"
    PART = "one is a part of the other"
    NEWS = "the heads tell different news"


# All measures are from tests/quality and from labelled pairs of real news.
# The share of the smaller text's shingles from which the text is shared. Reprints share 0.59 and more.
MIN_SHARED = 0.58
# An edited copy shares fewer shingles, but most single words; articles on one subject share up to 0.67 of those.
MIN_EDITED, MIN_WORDS = 0.3, 0.75
# The head of a text, in words; the share of its telling words that the other text may lack, and that of its runs of
# three words that it must have. Two follow-ups lack 0.64 and more, copies with a lead of their own up to 0.53.
HEAD, MAX_LACKING, MIN_RUNS = 50, 0.53, 0.15
# So much of a head is there wherever it stands. Less is told in other words, and stands at the top: of a follow-up's
# head the background below has up to 0.55.
WHOLE, TOP = 0.7, 100
# By how many words the head of one text stands lower in the other, below words of its own. Short introductions of
# editors have up to 16 words; the news above an older text has 19 and more, 10 of them telling and its own.
MAX_INTRODUCTION, MIN_OWN = 16, 10
# Words of a run. Before the first one that both texts have, each is worded on its own: two such openings of one news
# share a fifth and more of the telling words of the shorter one, of different news above the same background less.
RUN, MIN_OPENING = 6, 0.2
# So many words at the beginning are a title: texts of the same title have the same news, whatever stands below it.
TITLE = 5
# The ratio of the lengths from which a shared text is a copy, and not an excerpt. A shortened copy keeps three fifths
# of its text; if two texts were joined to one, each is about half of it at most.
NEAR_LENGTH = 0.55
# Shorter words join others, and are in every text.
MIN_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two texts share, shares from 0 to 1, and what decided.

    Of the shingles of the first text, of the second (containment), and of both together (the index of Jaccard), after
    Broder, "On the resemblance and containment of documents", 1997; of all words of the shorter; of the words of the
    first head and of the second. `replaced` are facts of the first text with those that the second has in their places,
    as stems.
    """

    containment_a: float
    containment_b: float
    jaccard: float
    grade: Grade
    rule: Rule = Rule.LITTLE
    words: float = 0.0
    head_a: float = 0.0
    head_b: float = 0.0
    replaced: tuple[tuple[str, str], ...] = ()


def similarity(text_a: str, text_b: str) -> Similarity:
    """Return what two texts share and what one is to the other, each with or without its title as the first line.

    Case, punctuation and line breaks make no difference. Any two texts can be compared: it raises nothing.
    """
    return compare(shingled(text_a), shingled(text_b))


def compare(one: Shingled, other: Shingled, threshold: float = MIN_SHARED) -> Similarity:
    """Compare two texts; the smaller shares its text with the larger if that has `threshold` of its shingles."""
    if one.words == other.words and normal_form(one.text) == normal_form(other.text):
        return Similarity(1.0, 1.0, 1.0, Grade.SAME, Rule.EQUAL, 1.0, 1.0, 1.0)
    ours, theirs, common = len(one.shingles), len(other.shingles), len(one.shingles & other.shingles)
    if common < MIN_EDITED * min(ours, theirs) or not common:
        either = ours + theirs - common
        return Similarity(common / max(1, ours), common / max(1, theirs), common / max(1, either), Grade.DIFFERENT)
    # By the words too, so that the result does not depend on the order of two texts of one length.
    shorter, longer = sorted((one, other), key=lambda text: (len(text.words), text.words))
    found = Similarity(
        common / ours,
        common / theirs,
        common / (ours + theirs - common),
        Grade.DIFFERENT,
        words=_share(shorter.words, longer.words),
        head_a=_head_in(one, other.words),
        head_b=_head_in(other, one.words),
    )
    length = min(ours, theirs) / max(ours, theirs)
    found = _decided(found, shorter, longer, threshold, is_near=length >= NEAR_LENGTH)
    if shorter is not one:
        found = replace(found, replaced=tuple((ours, theirs) for theirs, ours in found.replaced))
    return found


def _decided(found: Similarity, shorter: Shingled, longer: Shingled, threshold: float, *, is_near: bool) -> Similarity:
    """Answer the three questions; `is_near` tells whether both texts are about as long."""
    is_edited = is_near and found.words >= MIN_WORDS
    if max(found.containment_a, found.containment_b) < threshold and not is_edited:
        return found
    if is_near:
        facts = facts_of(shorter, longer)
        found = replace(found, replaced=tuple(facts.replaced))
        if facts.are_others:
            return replace(found, rule=Rule.RECURRING)
    is_part = _has_head(longer, shorter)
    if is_near and is_part and _has_head(shorter, longer) and _tell_the_same(shorter, longer):
        is_copy = not _open_with_other_news(shorter, longer)
        return replace(found, grade=Grade.NEAR, rule=Rule.HEADS) if is_copy else replace(found, rule=Rule.NEWS)
    return replace(found, grade=Grade.EXCERPT, rule=Rule.PART) if is_part else replace(found, rule=Rule.NEWS)


def _has_head(text: Shingled, other: Shingled) -> bool:
    """Tell whether a text has the head of another one, anywhere."""
    runs, of_head = set(_runs(text.words)), _runs(other.words[:HEAD])
    if sum(run in runs for run in of_head) < MIN_RUNS * len(of_head):
        return False
    return _head_in(other, text.words) >= 1 - MAX_LACKING


def _tell_the_same(one: Shingled, other: Shingled) -> bool:
    """Tell whether two texts that have each other's head have it at their top."""
    both = ((one, other), (other, one))
    if any(_has_title(*pair) for pair in both):
        return True
    return all(_is_at_the_top(*pair) and not _has_news(*pair) for pair in both)


def _has_title(text: Shingled, other: Shingled) -> bool:
    """Tell whether a text begins as another one does, but for a few words: a rubric, «Подробности»."""
    title, top = other.words[:TITLE], text.words[: 2 * TITLE]
    return len(title) == TITLE and any(top[place : place + TITLE] == title for place in range(TITLE + 1))


def _is_at_the_top(text: Shingled, other: Shingled) -> bool:
    """Tell whether a text has most of the head of another one, or tells it at its own top in other words."""
    return _head_in(other, text.words) >= WHOLE or _head_in(other, text.words[:TOP]) >= 1 - MAX_LACKING


def _has_news(text: Shingled, other: Shingled) -> bool:
    """Tell whether a text has the head of another one below news of its own."""
    own = set(text.words[:HEAD]).difference(other.words)
    if sum(map(_is_telling, own)) < MIN_OWN:
        return False
    places = {run: place for place, run in reversed(list(enumerate(_runs(text.words))))}
    lower = [places[run] - place for place, run in enumerate(_runs(other.words[:HEAD])) if run in places]
    return bool(lower) and median(lower) > MAX_INTRODUCTION


def _open_with_other_news(one: Shingled, other: Shingled) -> bool:
    """Tell whether both texts begin with news that are not the other's, before all that they share."""
    openings = [
        set(filter(_is_telling, _before(text.words, set(_runs(another.words, RUN)))))
        for text, another in ((one, other), (other, one))
    ]
    fewest = min(map(len, openings))
    return fewest >= MIN_OWN and len(set.intersection(*openings)) < MIN_OPENING * fewest


def _before(words: Sequence[str], known: Collection[tuple[str, ...]]) -> Sequence[str]:
    """Return the words before the first run that is known."""
    return words[: next((place for place, run in enumerate(_runs(words, RUN)) if run in known), len(words))]


def _runs(words: Sequence[str], length: int = 3) -> list[tuple[str, ...]]:
    return list(zip(*(words[start:] for start in range(length)), strict=False))


def _is_telling(word: str) -> bool:
    return len(word) >= MIN_LETTERS or is_number(word)


def _head_in(text: Shingled, words: Sequence[str]) -> float:
    """Return which share of the telling words of a text's head are among some words, from 0 to 1."""
    telling = list(filter(_is_telling, text.words[:HEAD]))
    known = set(words)
    return sum(word in known for word in telling) / len(telling) if telling else 1.0


def _share(words: Sequence[str], others: Sequence[str]) -> float:
    """Return the share of some words that are among the others, from 0 to 1."""
    return (Counter(words) & Counter(others)).total() / len(words)

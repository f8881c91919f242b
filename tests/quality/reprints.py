"""Copies: texts of one origin against texts that only look alike, written by people and made by rule."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

from armcrawl.fingerprints import Grade, similarity
from armcrawl.fingerprints.shingles import runs, words_of
from tests.quality.corpus import FOLDER
from tests.quality.measures import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.quality.corpus import Entry
    from tests.quality.measures import Measures

FILE = FOLDER / "reprints.jsonl"
SENTENCE = re.compile(r"(?<=[.!?…»])\s+(?=[А-ЯЁ«–—])")
JOINING = (Grade.SAME, Grade.NEAR)
# One letter in so many is mistyped, one sentence in so many is dropped, and so much of a text is an excerpt.
LETTERS_A_TYPO, DROPPED, EXCERPT = 120, 5, 0.3
CONTAINMENT, JACCARD, HAMMING, SIMHASH_BITS = 0.6, 0.5, 3, 64
# What of the pairs in `copies-*.jsonl` is no copy.
LOOK_ALIKES = {
    "follow-up": "follow-ups",
    "recurring": "recurring notes",
    "template": "filled templates",
    "excerpt": "excerpts",
    "retold": "news told anew",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether one is made from the other; `is_hard` pairs look alike and are not."""

    one: str
    other: str
    is_copy: bool
    is_hard: bool = False


def load() -> list[Entry]:
    """Return the originals with their copies and what only looks like them."""
    return [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line.strip()]


def digest() -> str:
    """Return a digest of the corpus."""
    return blake2b(FILE.read_bytes(), digest_size=8).hexdigest()


def pairs(entries: Sequence[Entry]) -> Iterator[Pair]:
    """Yield all pairs: of one family, of an original with what looks like it, and of originals with one another."""
    texts = [text_of(entry["original"]) for entry in entries]
    for index, entry in enumerate(entries):
        copies = [text_of(copy) for copy in entry["copies"]]
        made = list(edited(entry["original"], texts[index - 1], Random(entry["id"])))  # noqa: S311 - it must repeat itself
        for other in (*copies, *made):
            yield Pair(texts[index], other, is_copy=True)
        for one, other in combinations(copies, 2):
            yield Pair(one, other, is_copy=True)
        for look_alike in entry["others"]:
            for one in (texts[index], *copies):
                yield Pair(one, text_of(look_alike), is_copy=False, is_hard=True)
    for one, other in combinations(texts, 2):
        yield Pair(one, other, is_copy=False)


def text_of(article: Entry) -> str:
    """Return a text as it is compared: its title, and its paragraphs."""
    return "\n\n".join((article["title"], *article["paragraphs"]))


def edited(article: Entry, another: str, random: Random) -> Iterator[str]:
    """Yield copies as rules make them: with typos, without some sentences, moved, joined with another text, a part."""
    whole = text_of(article)
    sentences = [sentence for paragraph in article["paragraphs"] for sentence in SENTENCE.split(paragraph)]
    yield "".join(_mistyped(letter, random) for letter in whole)
    kept = [sentence for sentence in sentences if random.randrange(DROPPED)]
    yield "\n\n".join((article["title"], *(kept or sentences)))
    yield "\n\n".join((article["title"], *sorted(article["paragraphs"], key=lambda _: random.random())))
    yield f"{whole}\n\n{another}"
    start = random.randrange(max(1, int(len(sentences) * (1 - EXCERPT))))
    yield "\n\n".join(sentences[start : start + max(2, int(len(sentences) * EXCERPT))])


def _mistyped(letter: str, random: Random) -> str:
    return random.choice("абвгдеиклмнопрст") if letter.islower() and not random.randrange(LETTERS_A_TYPO) else letter


def of_reprints(
    found: Sequence[Pair], is_copy: Callable[[str, str], bool], merges: Callable[[str, str], bool]
) -> Measures:
    """Return F1 over all pairs, and which share of the hard ones would be merged."""
    told = [(pair.is_copy, is_copy(pair.one, pair.other)) for pair in found]
    right = sum(gold and got for gold, got in told)
    wrong = sum(gold != got for gold, got in told)
    hard = [pair for pair in found if pair.is_hard]
    return {
        "reprints, F1": 2 * right / (2 * right + wrong),
        "reprints, falsely merged": sum(merges(pair.one, pair.other) for pair in hard) / len(hard),
    }


def of_copies(entries: Sequence[Entry], merges: Callable[[str, str], bool]) -> Measures:
    """Return F1 over pairs of copies and of look-alikes, and which share of each kind of these would be merged."""
    told = [(entry["kind"], merges(entry["a"], entry["b"])) for entry in entries]
    right = sum(merged for kind, merged in told if kind == "copy")
    wrong = sum((kind == "copy") != merged for kind, merged in told)
    merged = {
        f"copies, {name} merged": share(merged for kind, merged in told if kind == look_alike)
        for look_alike, name in LOOK_ALIKES.items()
    }
    return {"copies, F1": 2 * right / (2 * right + wrong), **merged}


def our_copy(one: str, other: str) -> bool:
    """Tell whether we take two texts for copies, or one for a part of the other."""
    return similarity(one, other).grade is not Grade.DIFFERENT


def our_merge(one: str, other: str) -> bool:
    """Tell whether we would put two articles into one cluster."""
    return similarity(one, other).grade in JOINING


def by_containment(one: str, other: str) -> bool:
    """Tell whether most of the shorter text's shingles are in the other text."""
    ours, theirs = set(runs(words_of(one))), set(runs(words_of(other)))
    return len(ours & theirs) >= CONTAINMENT * min(len(ours), len(theirs))


def by_jaccard(one: str, other: str) -> bool:
    """Tell whether two texts share half of all their shingles: what MinHash estimates."""
    ours, theirs = set(runs(words_of(one))), set(runs(words_of(other)))
    return len(ours & theirs) >= JACCARD * len(ours | theirs)


def by_simhash(one: str, other: str) -> bool:
    """Tell whether the 64-bit simhashes of two texts differ in three bits at most (Manku et al., 2007)."""
    return (simhash(one) ^ simhash(other)).bit_count() <= HAMMING


def simhash(text: str) -> int:
    """Return the 64-bit simhash of a text's words (Charikar, 2002)."""
    sums = [0] * SIMHASH_BITS
    for word in words_of(text):
        value = int.from_bytes(blake2b(word.encode(), digest_size=SIMHASH_BITS // 8).digest(), "big")
        for bit in range(SIMHASH_BITS):
            sums[bit] += 1 if value >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(sums) if total > 0)

"""Reading Russian: dates against dateparser, names against pymorphy3 word by word."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import dateparser
from pymorphy3 import MorphAnalyzer

from armcrawl.russian import morphology, nominative, persons
from armcrawl.russian.attribution import read_attribution
from armcrawl.russian.dates import read_date
from armcrawl.russian.tags import canonical_tag
from armcrawl.sample.articles import load_sample
from benchmarks.report import Figure
from tests.quality.corpus import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
SITE_FORM = "31 Мая 2016"
ROUNDS, REPEATS = 5, 1_000
MEGABYTE = 1 << 20
# Each word is read as a first name, as a surname and as what agrees with the head, where they look it up once.
MOST_AGAINST_WORDS = 6
# What the dictionary adds, measured in a process of its own.
MEMORY = """
import resource
from pathlib import Path
from armcrawl.russian.tags import canonical_tag
def resident():
    # Now, not at its peak, which a process inherits from its parent.
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
before = resident()
canonical_tag("Ассоциацией кластеров и технопарков")
print(resident() - before)
"""


def russian() -> list[Figure]:
    """Measure what the issue of speed is about: microseconds beside their limits, and ratios against others."""
    texts = [entry["text"] for entry in load("dates") if entry["text"].strip()]
    names = [entry["printed"] for entry in load("tags")]
    lines = sorted({article.attribution for article in load_sample().articles.values() if article.attribution})
    site = best(lambda: read_date(SITE_FORM, FETCHED_AT), REPEATS)
    others = best(lambda: [read_date(text, FETCHED_AT) for text in texts]) / len(texts)
    by_dateparser = best(lambda: [dateparser.parse(text, languages=["ru"]) for text in texts], rounds=1) / len(texts)
    first = best(lambda: _name_all(names), before=_forget) / len(names)
    cached = best(lambda: _name_all(names)) / len(names)
    word_by_word = best(lambda: [_word_by_word(name) for name in names], before=_inflected.cache_clear) / len(names)
    attribution = best(lambda: [read_attribution(line) for line in lines], before=_forget) / len(lines)
    added = int(subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, check=True).stdout)
    return [
        Figure("a date of the site's form, µs", site, 10),
        Figure("any other date, µs", others, 1_500),
        Figure("a date of the site's form against dateparser", site / by_dateparser, 1 / 50),
        Figure("any other date against dateparser", others / by_dateparser, 1),
        Figure("a tag the first time, µs", first, 500),
        Figure("a tag from the cache, µs", cached, 2),
        Figure("a tag the first time against pymorphy3 word by word", first / word_by_word, MOST_AGAINST_WORDS),
        Figure("an attribution, µs", attribution, 200),
        Figure("the dictionary, MB", added / MEGABYTE, 60),
    ]


def best(
    run: Callable[[], object], repeats: int = 1, rounds: int = ROUNDS, before: Callable[[], None] | None = None
) -> float:
    """Return the microseconds of processor time of one run, the best of some rounds."""
    times = []
    for _ in range(rounds):
        if before is not None:
            before()
        start = time.process_time()
        for _ in range(repeats):
            run()
        times.append((time.process_time() - start) / repeats)
    return min(times) * 1e6


def _name_all(names: Sequence[str]) -> None:
    for name in names:
        canonical_tag(name)


def _forget() -> None:
    """Empty every cache but the dictionary's: each name is met for the first time."""
    canonical_tag.cache_clear()
    for module in (morphology, nominative, persons):
        for name, function in vars(module).items():
            if hasattr(function, "cache_clear") and name != "_analyzer":
                function.cache_clear()


def _word_by_word(name: str) -> str:
    return re.sub(r"[А-Яа-яЁё]+", lambda word: _inflected(word[0]), name)


@cache
def _inflected(word: str) -> str:
    found = _analyzer().parse(word)[0].inflect({"nomn"})
    return word if found is None else str(found.word)


@cache
def _analyzer() -> MorphAnalyzer:
    return MorphAnalyzer(lang="ru")

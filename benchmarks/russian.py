"""Reading Russian: dates against dateparser, names against pymorphy3 word by word."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import dateparser
from pymorphy3 import MorphAnalyzer

from armcrawl.russian.attribution import read_attribution
from armcrawl.russian.dates import read_date
from armcrawl.russian.kinds import telling
from armcrawl.russian.names import dictionary_surnames, first_names, morphology, nominative, persons
from armcrawl.russian.tags import canonical_tag
from armcrawl.sample.articles import load_sample
from benchmarks.report import PROCESSOR, Figure, amount, once, ratio
from benchmarks.timing import in_turns, timed
from tests.quality.corpus import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.timing import Taken

FETCHED_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
PLAIN_FORM = "31 Мая 2016"
ROUNDS, REPEATS = 9, 1_000
MEGABYTE = 1 << 20
# Each word is read as a first name, as a surname and as what agrees with the head, where they look it up once.
MAX_AGAINST_WORDS = 6
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
    """Measure microseconds beside their limits, and ratios against others."""
    texts = [entry["text"] for entry in load("dates") if entry["text"].strip()]
    names = [entry["printed"] for entry in load("tags")]
    lines = sorted({article.attribution for article in load_sample().articles.values() if article.attribution})

    taken = in_turns(
        ROUNDS,
        {
            "site": lambda: timed(lambda: read_date(PLAIN_FORM, FETCHED_AT), REPEATS),
            "others": lambda: _each(lambda text: read_date(text, FETCHED_AT), texts),
            "dateparser": lambda: _each(lambda text: dateparser.parse(text, languages=["ru"]), texts),
            "first": lambda: _each(canonical_tag, names, before=_forget),
            "cached": lambda: timed(lambda: canonical_tag(names[0]), REPEATS, before=lambda: canonical_tag(names[0])),
            "pymorphy3 word by word": lambda: _each(_word_by_word, names, before=_inflected.cache_clear),
            "attribution": lambda: _each(read_attribution, lines, before=_forget),
        },
    )
    added = int(subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, check=True).stdout)

    def microseconds(name: str, side: str, limit: float) -> Figure:
        return amount(f"{name}, µs", taken[side], limit, by=PROCESSOR, units=1e6)

    def against(name: str, side: str, other: str, limit: float) -> Figure:
        return ratio(f"{name} against {other}", taken[side], taken[other], limit, by=PROCESSOR)

    return [
        microseconds("a date of the site's form", "site", 10),
        microseconds("any other date", "others", 1_500),
        against("a date of the site's form", "site", "dateparser", 1 / 50),
        against("any other date", "others", "dateparser", 1),
        microseconds("a tag the first time", "first", 400),
        microseconds("a tag from the cache", "cached", 1),
        against("a tag the first time", "first", "pymorphy3 word by word", MAX_AGAINST_WORDS),
        microseconds("an attribution", "attribution", 200),
        once("the dictionary, MB", added / MEGABYTE, 60),
    ]


def _each(read: Callable[[str], object], texts: Sequence[str], before: Callable[[], object] | None = None) -> Taken:
    """Return what reading one of some texts takes, in the mean."""

    def run() -> None:
        for text in texts:
            read(text)

    return timed(run, before=before).each(len(texts))


def _forget() -> None:
    """Empty every cache but the dictionary's: each name is met for the first time."""
    canonical_tag.cache_clear()
    for module in (dictionary_surnames, first_names, morphology, nominative, persons, telling):
        for name, function in vars(module).items():
            if hasattr(function, "cache_clear") and name != "analyzer":
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

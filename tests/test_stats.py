"""The names of statistics: in the code, in the docs, and in what a run leaves."""

from __future__ import annotations

import re

import pytest

from armcrawl.items import Outcome
from armcrawl.stats import PATTERN, STATS, stat, stats_page, under
from tests.conftest import TOP

NOTED = re.compile(r'"([a-z]+/[a-z_]+)"')
NAMED = re.compile(r'\b(?:stat|count)\("([a-z][a-z_/]*)"')


def named_in(folder: str, pattern: re.Pattern[str]) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in (TOP / folder).rglob("*.py"))
    return {name for text in texts for name in pattern.findall(text)}


def test_the_page_is_up_to_date() -> None:
    assert (TOP / "docs" / "stats.md").read_text(encoding="utf-8") == stats_page()


def test_every_repair_that_reading_and_refining_note_has_a_name() -> None:
    noted = named_in("armcrawl/reading", NOTED) | named_in("armcrawl/refining", NOTED)
    families = {name.partition("/")[0] for name in STATS}
    unknown = {name for name in noted if name.partition("/")[0] in families and name not in STATS}
    assert "date/missing" in noted
    assert "charset/misdeclared" in noted
    assert unknown == set()


def test_every_name_that_is_counted_is_in_the_table() -> None:
    counted = named_in("armcrawl", NAMED) | named_in("pipelines", NAMED)
    assert "bytes/received" in counted
    assert {name for name in counted if not PATTERN.fullmatch(name)} == set()


def test_every_outcome_of_a_page_can_be_counted() -> None:
    assert {stat(f"pages/{outcome}") for outcome in Outcome} <= {f"armcrawl/{name}" for name in STATS}


@pytest.mark.parametrize("name", ["pages/lost", "requests/status/ok", "requests/status/20", ""])
def test_a_name_that_is_not_in_the_table_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        stat(name)


def test_a_family_is_read_without_its_name() -> None:
    stats = {"armcrawl/pages/stored": 2, "armcrawl/pages/missing": 1, "armcrawl/probes": 3, "pages/stored": 9}
    assert under(stats, "pages") == {"missing": 1, "stored": 2}

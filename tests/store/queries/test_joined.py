"""What the record of a run says of the clusters that its articles joined."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from armcrawl.checks import joining
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.enumerations import PASSED, REFUSED
from armcrawl.store.queries.joined import MAX_DOUBTS, projection_stats
from armcrawl.store.runs import publishing
from armcrawl.store.runs.run_record import begin_run
from tests.store.conftest import key, stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from armcrawl.items import Page

EARLIER, OF_DAY, LARGE = 20, 6, 5
DAY = "3 Июня 2016"


@pytest.fixture(autouse=True)
def _small_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of articles be enough to judge, and to be too many."""
    for name, number in (("MIN_EARLIER", EARLIER), ("MIN_PAGES", OF_DAY), ("MAX_CLUSTER", LARGE)):
        monkeypatch.setattr(joining, name, number)
    monkeypatch.setattr("armcrawl.store.queries.joined.MAX_CLUSTER", LARGE)


def text_of(number: int) -> tuple[str, ...]:
    """Return a text of its own."""
    return (" ".join(f"слово{number * 1_000 + place}" for place in range(30)),)


def page(number: int, text: int, day: str = DAY, section: str = "news") -> Page:
    return stored(number, section=section, title="Новость", paragraphs=text_of(text), date_text=day)


def run_of(engine: Engine, pages: Iterable[Page], verdict: str = PASSED) -> int:
    """Store pages as a run does, one that passes if nothing else is said; return its number."""
    run = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, list(pages), run, is_judged=True)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run).values(verdict=verdict))
    publishing.carry_out(engine)
    return run


def told(engine: Engine, run: int) -> dict[str, int | str]:
    return {name.removeprefix("armcrawl/"): value for name, value in projection_stats(engine, run).items()}


def test_a_day_that_joins_far_more_than_the_articles_before_is_doubted_with_its_articles(engine: Engine) -> None:
    run_of(engine, (page(number, number, "1 Июня 2016") for number in range(1, EARLIER + 1)))
    # Each is a copy of an earlier one: that these are in clusters now is this run's doing, and not usual.
    run = run_of(engine, (page(100 + number, number) for number in range(1, OF_DAY + 1)))
    examples = ", ".join(str(key(100 + number)) for number in range(1, 4))
    assert told(engine, run) == {
        "articles/duplicate": OF_DAY,
        "clusters/doubts": f"of 6 articles of 2016-06-03 6 joined clusters, usually 2%, e.g. {examples}",
    }


def test_a_run_that_has_nothing_to_be_compared_with_says_that_it_was_not_judged(engine: Engine) -> None:
    run_of(engine, (page(number, number) for number in range(1, EARLIER)))
    run = run_of(engine, (page(100 + number, number) for number in range(1, OF_DAY + 1)))
    few = "the site had 19 earlier articles, and 20 are needed"
    said = f"whether more articles than usual joined clusters (6 of 1 day): {few}"
    assert told(engine, run)["clusters/not_judged"] == said


def test_what_another_site_has_is_nothing_to_be_compared_with(engine: Engine) -> None:
    others = (page(number, number) for number in range(1, EARLIER + 1))
    run_of(engine, (replace(one, key=PageKey("armavest", "news", one.key.external_id)) for one in others))
    run = run_of(engine, (page(100 + number, number) for number in range(1, OF_DAY + 1)))
    assert "the site had 0 earlier articles" in str(told(engine, run)["clusters/not_judged"])


def test_a_run_whose_articles_join_as_usual_leaves_no_doubt_and_nothing_unjudged(engine: Engine) -> None:
    run_of(engine, (page(number, number // 2) for number in range(2, EARLIER + 2)))
    run = run_of(engine, (page(100 + number, 100 + number // 2) for number in range(OF_DAY)))
    assert told(engine, run) == {"articles/duplicate": OF_DAY}


def test_clusters_that_are_too_large_are_doubted_and_those_that_are_not_named_are_counted(engine: Engine) -> None:
    number = MAX_DOUBTS + 2
    pages = [page(100 * text + one, text) for text in range(1, number + 1) for one in range(LARGE + 1)]
    run = run_of(engine, pages)
    doubts = str(told(engine, run)["clusters/doubts"]).split("; ")
    large = "holds 6 articles from 2016-06-03 to 2016-06-03: texts of one template?"
    assert doubts == [*(f"cluster {key(100 * text)} {large}" for text in range(1, MAX_DOUBTS + 1)), "and 2 more"]


def test_what_a_refused_run_would_join_is_not_judged(engine: Engine) -> None:
    run = run_of(engine, [page(1, 1), page(2, 1)], REFUSED)
    assert told(engine, run) == {"clusters/not_judged": "what clusters 2 withheld versions would join"}


def test_a_run_is_not_doubted_for_clusters_that_it_did_not_touch(engine: Engine) -> None:
    run_of(engine, (page(number, 1) for number in range(1, LARGE + 2)))
    assert told(engine, run_of(engine, [page(100, 100)])) == {}


def test_what_waits_at_the_end_of_a_run_is_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("armcrawl.store.articles.writing.join_after_batch", "armcrawl.store.runs.publishing.join_waiting"):
        monkeypatch.setattr(place, lambda _: 0)
    assert told(engine, run_of(engine, [page(1, 1), page(2, 1)])) == {"clusters/waiting": 2}

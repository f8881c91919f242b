"""Nights of a site that lives: at the end the database holds what there was to see whenever a look was due."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Outcome
from armcrawl.sample.server import serving_handler
from armcrawl.store.ledger.schedule import NEAR_HEAD, next_check
from tests.clock import AT_TIME
from tests.newsroom import Front, Newsroom
from tests.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from armcrawl.sample.articles import SampleArticle
    from tests.forking import Finished

    Command = Callable[..., Finished]
    Query = Callable[[str], list[tuple[object, ...]]]

FIRST_DAY = date(2026, 3, 1)
# `make soak` lives through a whole month.
NIGHTS = int(os.environ.get("ARMCRAWL_TEST_NIGHTS", "7"))
DAYS_BEFORE = 5
ENTRIES_A_NIGHT = 5
MAX_REQUESTS = 1.2
# What an archive tells as well as the crawls did that filled it; ids above the newest article stay for a crawl.
HISTORY = ("articles", "article_versions", "article_tags", "article_sources", "images")


@dataclass
class Expected:
    """What a page should be in the ledger, and the texts that should be its versions."""

    outcome: Outcome
    checks: int
    due: datetime | None
    versions: list[tuple[str, ...]] = field(default_factory=list)


class Model:
    """Looks at the newsroom as the schedule prescribes, without a network, a database or a crawler."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.pages: dict[int, Expected] = {}
        self.head = 0
        self.looks = 0

    def night(self, moment: datetime) -> None:
        """Look at what is new and at what is due."""
        self.head = max([self.head, *self.newsroom.visible])
        for number in range(1, self.head + 1):
            page = self.pages.get(number)
            if page is None or (page.due is not None and page.due <= moment):
                self.looks += 1
                self.look(number, self.newsroom.visible.get(number), moment)

    def look(self, number: int, article: SampleArticle | None, moment: datetime) -> None:
        page = self.pages.setdefault(number, Expected(Outcome.FAILED, 0, None))
        if article is None:
            outcome = Outcome.GONE if page.versions else Outcome.MISSING
            page.checks = page.checks + 1 if page.outcome is outcome else 0
        else:
            outcome = Outcome.STORED
            is_first = page.outcome is Outcome.FAILED
            is_same = page.outcome is outcome and page.versions[-1] == article.paragraphs
            page.checks = page.checks + 1 if is_same else 0
            if is_first:
                page.checks = sum(age <= (moment.date() - article.day).days for age in (1, 2, 3, 7, 21))
            if not page.versions or page.versions[-1] != article.paragraphs:
                page.versions.append(article.paragraphs)
        page.outcome = outcome
        is_hole = outcome is Outcome.MISSING and number < self.head - NEAR_HEAD
        page.due = None if is_hole else next_check(outcome, page.checks, moment)


@pytest.fixture
def database(each_database: str) -> str:
    return each_database


def test_after_many_nights_the_database_holds_what_there_was_to_see(
    armcrawl: Command, database: str, query: Query, tmp_path: Path
) -> None:
    archive = str(tmp_path / "archive")
    random = Random(2026)  # noqa: S311 - a test repeats itself
    newsroom = Newsroom(random, FIRST_DAY)
    for _ in range(DAYS_BEFORE):
        newsroom.work()
    front, model = Front(newsroom), Model(newsroom)
    with serving_handler(front.handle) as url:
        for _ in range(NIGHTS):
            newsroom.work()
            # Cron is punctual to some minutes only.
            moment = datetime.combine(newsroom.day, time(22, random.randrange(60)), UTC)
            model.night(moment)
            crawl(armcrawl, url, database, archive, moment)
    stored = {number: page for number, page in model.pages.items() if page.versions}
    ledger = {row[0]: row[1] for row in query("SELECT number, outcome FROM pages")}
    assert ledger == {number: page.outcome.value for number, page in model.pages.items()}
    assert versions(query) == {number: ["\n\n".join(text) for text in page.versions] for number, page in stored.items()}
    assert any(len(page.versions) > 1 for page in stored.values())
    assert len(set(ledger.values())) == 3
    assert front.unmodified
    least = model.looks + ENTRIES_A_NIGHT * NIGHTS
    assert len(front.asked) <= MAX_REQUESTS * least, Counter(front.asked).most_common(5)

    again = f"sqlite:///{tmp_path}/again.db"
    done = armcrawl("backfill", "--warc", archive, "--database", again, "--archive", archive)
    assert done.code == 0, done.err
    kept, made = rows_of(database), rows_of(again)
    assert {table: made[table] for table in HISTORY} == {table: kept[table] for table in HISTORY}


def crawl(armcrawl: Command, url: str, database: str, archive: str, moment: datetime) -> None:
    """Run one night's crawl as if it were that moment."""
    arguments = ("crawl", "--base-url", url, "--database", database, "--delay", "0", "--concurrency", "4")
    done = armcrawl(moment.isoformat(), *arguments, "--archive", archive, script=AT_TIME)
    assert done.code == 0, done.err


def versions(query: Query) -> dict[object, list[object]]:
    """Return the bodies of each article in order, by id."""
    rows = query(
        "SELECT p.number, v.body FROM article_versions v JOIN articles a ON a.id = v.article_id "
        "JOIN pages p ON p.id = a.page_id ORDER BY p.number, v.number"
    )
    found: dict[object, list[object]] = {}
    for number, body in rows:
        found.setdefault(number, []).append(body)
    return found


def test_a_night_is_not_missed_by_minutes() -> None:
    late = datetime(2026, 3, 1, 22, 59, tzinfo=UTC)
    due = next_check(Outcome.STORED, 0, late)
    assert due is not None
    assert due <= datetime(2026, 3, 2, 22, 1, tzinfo=UTC)
    assert due > late + timedelta(hours=12)

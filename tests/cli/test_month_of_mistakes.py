"""Thirty nights in which nearly all goes wrong once: at the end all is there, and what was taken down nowhere."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from armcrawl.sample.articles import load_sample
from armcrawl.sample.server import serving_handler
from armcrawl.store.articles.documents import article_of, columns
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.schema import article_versions, articles, pages
from tests.cli.moods import (
    GrowingPortal,
    away,
    banning,
    consenting,
    empty,
    healthy,
    parked,
    truncated,
    undated,
)
from tests.cli.test_deaths import WITHOUT_ROOM
from tests.clock import AT_TIME
from tests.conftest import COMMAND_SECONDS
from tests.reading.test_sample_pages import fields, gold
from tests.rows import rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.moods import Mood
    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]

pytestmark = pytest.mark.soak
FIRST = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
# What the first night finds; the rest is published evenly until a week before the end.
BEGINNING = 0.5
NIGHTS = 30
QUIET_NIGHTS = 7
# A text that no other article of the sample prints again.
TAKEN_DOWN = "armtorg/news/5"
REASON = "по просьбе автора"


@dataclass
class Operator:
    """Whoever runs the nights: a database, an archive, a backup, and the day on the wall."""

    armcrawl: Command
    forks: Forking
    portal: GrowingPortal
    url: str
    folder: Path
    database: str
    archive: str = "archive"
    backup: str = "backup"
    night: int = 0
    code: int = 0
    said: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """Return when tonight's crawl begins."""
        return FIRST + timedelta(days=self.night)

    def tell(self, *arguments: str, code: int | None = 0, moment: datetime | None = None, **options: Any) -> str:
        """Run a command at this moment; it must end with a code, and without a traceback."""
        where = ("--database", self.database)
        told = ((moment or self.now()).isoformat(), *arguments, *where)
        done = self.armcrawl(*told, script=AT_TIME, **options)
        self.said.append(f"night {self.night}: {' '.join(arguments)}: {done.code}")
        self.code = done.code
        assert code in {None, done.code}, (self.said, done.out, done.err)
        assert "Traceback" not in done.err, (self.said, done.err)
        return done.out + done.err

    def crawl(self, mood: Mood = healthy, *options: str, code: int | None = 0, **more: Any) -> str:
        """Let a night pass in a mood of the site."""
        self.night += 1
        self.portal.day = self.now().date()
        grown = min(self.night / (NIGHTS - QUIET_NIGHTS), 1)
        self.portal.publish(BEGINNING + (1 - BEGINNING) * grown)
        self.portal.mood = mood
        return self.look(*options, code=code, **more)

    def look(self, *options: str, code: int | None = 0, url: str | None = None, **more: Any) -> str:
        """Crawl once more in the same night."""
        where = ("--base-url", url or self.url, "--archive", self.archive)
        return self.tell("crawl", *where, "--delay", "0", "--concurrency", "4", *options, code=code, **more)

    def good_night(self) -> None:
        """Crawl the site as it should be; what it shows then is right, whatever the checks of the run hold of it."""
        self.crawl(code=None)
        assert self.code in {0, 3}, self.said
        if self.code == 3:
            self.decide("accept")

    def decide(self, verdict: str) -> None:
        """Accept or reject the last run."""
        [last] = json.loads(self.tell("runs", "list", "--limit", "1", "--json"))
        self.tell("runs", verdict, str(last["id"]))

    def without_room(self, *arguments: str) -> None:
        """Run a command on a disk that is full."""
        done = self.armcrawl(*arguments, "--database", self.database, script=WITHOUT_ROOM)
        self.said.append(f"night {self.night}: without room: {' '.join(arguments)}: {done.code}")
        assert done.code == 1, (self.said, done.out, done.err)
        assert "Traceback" not in done.err, (self.said, done.err)

    def killed_backup(self) -> None:
        """Take a backup, and kill it as soon as it has begun to write."""
        before = set(self.folder.rglob(f"{self.backup}/**/*"))
        told = ("backup", self.backup, "--archive", self.archive, "--database", self.database)
        command = self.forks.start(told, folder=self.folder, environment=dict(os.environ))
        wait_for(lambda: set(self.folder.rglob(f"{self.backup}/**/*")) - before or command.poll() is not None)
        command.kill()
        command.communicate(COMMAND_SECONDS)

    def stored(self) -> dict[str, dict[str, object]]:
        """Return the fields of each article that is shown, by key."""
        engine = open_database(self.database, create=False)
        named = select(articles.c.key, pages.c.section, pages.c.external_id, *columns())
        query = named.join(pages, articles.c.page_id == pages.c.id).join(
            article_versions, article_versions.c.article_id == articles.c.id
        )
        with reading(engine) as connection:
            rows = connection.execute(query.where(article_versions.c.number == articles.c.published_version)).all()
        engine.dispose()
        found = {}
        for row in rows:
            found[row.key] = fields(replace(article_of(row), section=row.section, external_id=row.external_id))
        return found


def test_a_month_of_mistakes_ends_with_all_that_the_site_has(
    armcrawl: Command, forks: Forking, postgresql_database: str, tmp_path: Path
) -> None:
    portal = GrowingPortal(FIRST.date())
    with serving_handler(portal.handle) as url, serving_handler(portal.handle) as other:
        us = Operator(armcrawl, forks, portal, url, tmp_path, f"sqlite:///{tmp_path}/first.db")
        a_week_on_sqlite(us, other)
        a_redesign_and_a_takedown(us)
        us.tell("restore", us.backup, "--archive", "second-archive", code=2)  # its database is there
        us.database, us.archive = postgresql_database, "second-archive"
        us.tell("restore", us.backup, "--archive", us.archive)
        assert TAKEN_DOWN not in us.stored()
        days_on_postgresql(us)
        while us.night < NIGHTS:
            us.good_night()
    us.tell("db", "check")
    us.tell("archive", "verify", "--archive", us.archive)
    expected = {str(key): gold(article) for key, article in load_sample().articles.items()}
    del expected[TAKEN_DOWN]
    found = us.stored()
    wrong = {key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key)}
    assert {key: (expected.get(key), found.get(key)) for key in wrong} == {}
    assert "withheld" not in us.tell("status")
    us.tell("backup", us.backup, "--archive", us.archive)
    assert places_with(taken_down_sentences(), tmp_path) == []
    rows = "".join(row for table in rows_of(us.database, without=()).values() for row in table)
    assert [sentence for sentence in taken_down_sentences() if sentence in rows] == []


def a_week_on_sqlite(us: Operator, other: str) -> None:
    """Have the site away, a ban, cut pages, a wrong address, a clock ahead, a full disk and a killed backup."""
    us.good_night()
    us.good_night()
    us.tell("backup", us.backup, "--archive", us.archive)
    us.crawl(away, code=1)
    us.crawl(banning, code=1)
    before = len(us.portal.asked)
    us.crawl(banning, code=1)
    assert us.portal.asked[before:] == ["/robots.txt"]
    us.crawl(truncated, code=3)
    us.decide("reject")
    us.good_night()
    us.look(url=other, code=2)
    us.crawl(moment=us.now() + timedelta(days=400))
    us.crawl(code=1)
    us.tell("runs", "repair-clock")
    us.look(code=1)
    us.tell("runs", "repair-clock", "--apply")
    us.look()
    where = ("--base-url", us.url, "--archive", us.archive, "--delay", "0", "--trust-clock")
    us.without_room("crawl", *where)
    us.without_room("backup", us.backup, "--archive", us.archive)
    us.tell("backup", us.backup, "--check")
    us.killed_backup()
    us.tell("backup", us.backup, "--check")
    us.tell("backup", us.backup, "--archive", us.archive)


def a_redesign_and_a_takedown(us: Operator) -> None:
    """Accept what a redesign left half-done, reject a wall of consent, and take a page down after the last backup."""
    us.crawl(undated, code=3)
    us.decide("accept")
    us.crawl(consenting, code=3)
    us.decide("reject")
    us.portal.markup = "tables"
    us.good_night()
    us.tell("backup", us.backup, "--archive", us.archive)
    us.tell("remove", TAKEN_DOWN, "--reason", REASON, "--archive", us.archive)
    assert TAKEN_DOWN in us.stored()
    us.tell("remove", TAKEN_DOWN, "--reason", REASON, "--archive", us.archive, "--apply")
    assert TAKEN_DOWN not in us.stored()


def days_on_postgresql(us: Operator) -> None:
    """Have another skin, a domain that has run out, a server without a page, and the same once more."""
    us.good_night()
    us.portal.markup = "html5"
    us.good_night()
    us.crawl(parked, code=1)
    us.crawl(empty, code=1)
    us.crawl(truncated, code=3)
    us.decide("reject")
    us.crawl(away, code=1)


def taken_down_sentences() -> list[str]:
    """Return what stood on the page alone: teasers of others show its title and its first words."""
    [article] = (one for one in load_sample().articles.values() if str(one.key) == TAKEN_DOWN)
    return list(article.paragraphs[1:])


def places_with(sentences: list[str], folder: Path) -> list[str]:
    """Return the files beneath a folder that have one of some sentences, packed or not."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            read = path.read_bytes()
            read = gzip.decompress(read) if path.suffix == ".gz" else read
            found += [
                str(path) for one in sentences for code in ("utf-8", "cp1251") if one.encode(code, "ignore") in read
            ]
    return found

"""The press portal, whose articles have no numbers, crawled as nights do: what is stored is what it showed."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from sqlalchemy import select

from armcrawl.items import Outcome
from armcrawl.sample.press.articles import DECLARATION, RUBRICS, SITE, ZONE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.portal import ARTICLE, MARKUPS, PressPortal
from armcrawl.sample.server import serving_press
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.schema import article_versions, articles, pages
from tests.cli.press_front import Moody, Twinned
from tests.cli.test_quarantine import REASONS, broken_by
from tests.clock import AHEAD, SHIFTING, Shifted
from tests.conftest import COMMAND_SECONDS
from tests.rows import rows_of
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]

SINCE = date(2025, 4, 8)
FIRST = datetime(2025, 4, 17, 12, 0, tzinfo=ZONE)
# `make soak` lives through four months.
NIGHTS = int(os.environ.get("ARMCRAWL_TEST_NIGHTS", "4"))
LATER = [FIRST + timedelta(days=4 * night) for night in range(1, NIGHTS + 1)]
EVENTS = {"moved", "replaced", "removed", "returned"}
DECLARED = {"ARMCRAWL_SITES": str(DECLARATION.parent)}
# Six hours in which the newsroom publishes pass between two pages of the listing.
SHIFTED_PAGE, SHIFT = "/novosti/?PAGEN_1=2", timedelta(hours=6)
# A crawl of a hundred pages has a middle.
SECONDS_A_PAGE = 0.03
# Before anything is stored, in the middle of a walk, and when all is read and articles are asked for.
KILLED_AT = ("/sitemap.xml", "/novosti/?PAGEN_1=3", "/novosti/?PAGEN_1=4")
MOODS = ("wall", "errors", "cut", "cut files", "wall", "")
# In the folder of the test.
ARCHIVE = "archive"
# What an archive tells as well as the crawls did that filled it.
HISTORY = ("articles", "article_versions", "article_tags", "article_sources", "images", "captures")
# A page of this one reads its attribution as text, whatever finds it: see tests/sample/press/test_reading.py.
MISREAD = "studenty-na-stende-kak-vuzy-zavoevali-vystavku-nasosov"


class Press:
    """The portal, served over HTTP at a time of its own, and crawled at the same."""

    def __init__(self, armcrawl: Command, markup: str, database: str, served: PressPortal | None = None) -> None:
        self.armcrawl = armcrawl
        self.database = database
        self.clock = Shifted(FIRST)
        self.portal = PressPortal(markup, Chronicle(SINCE))
        self.served = served or PressPortal(markup, Chronicle(SINCE))
        self.url = ""
        self.asked: list[str] = []
        self.looks: list[datetime] = []
        self.is_shifting = self.is_slow = False
        self.sites = DECLARATION.parent

    def now(self) -> datetime:
        """Return the portal's time."""
        time.sleep(SECONDS_A_PAGE * self.is_slow)
        return self.clock() + SHIFT * (self.is_shifting and SHIFTED_PAGE in self.asked)

    def command(self, moment: datetime, name: str = "crawl", *further: str) -> tuple[str, ...]:
        """Return the arguments of a command that begins at a moment."""
        self.asked.clear()
        self.clock = Shifted(moment)
        where = ("--base-url", self.url, "--database", self.database, "--archive", ARCHIVE)
        options = (*where, "--delay", "0", "--concurrency", "4")
        return (self.clock.ahead, name, SITE.name, *options, *further)

    def night(self, moment: datetime, *options: str, code: int = 0, script: str = AHEAD) -> None:
        """Crawl as if it were that moment."""
        command = self.command(moment, "crawl", *options)
        done = self.armcrawl(*command, script=script, ARMCRAWL_SITES=str(self.sites))
        assert done.code == code, done.out + done.err
        self.looks.append(moment)

    def tell(self, *command: str) -> None:
        """Run a command that needs no portal."""
        done = self.armcrawl(*command, "--database", self.database, ARMCRAWL_SITES=str(self.sites))
        assert done.code == 0, done.out + done.err

    def stored(self) -> dict[str, Any]:
        """Return what the database holds of each page that has shown an article, and whether it is there still."""
        columns = (article_versions.c.title, article_versions.c.published_on, article_versions.c.body)
        query = (
            select(pages.c.external_id, pages.c.outcome, *columns)
            .join(articles, articles.c.page_id == pages.c.id)
            .join(article_versions, article_versions.c.article_id == articles.c.id)
            .where(article_versions.c.number == articles.c.current_version, pages.c.external_id != MISREAD)
        )
        engine = open_database(self.database, create=False)
        with reading(engine) as connection:
            found = {row[0]: (row[1] == Outcome.STORED, *row[2:]) for row in connection.execute(query)}
        engine.dispose()
        return found

    def history(self) -> dict[str, Counter[str]]:
        """Return what an archive tells as well; that a source has shown the same day or title is not in it."""
        rows = rows_of(self.database)
        found = {table: rows[table] for table in HISTORY}
        versions = [json.loads(row) for row in found["article_versions"].elements()]
        for version in versions:
            for evidence in version["document"]["evidence"].values():
                if evidence.get("witness") in {"feed", "listing", "sitemap"}:
                    del evidence["witness"], evidence["agrees"]
        found["article_versions"] = Counter(json.dumps(version, sort_keys=True) for version in versions)
        return found

    def seen(self) -> dict[str, Any]:
        """Return the same of whoever looked at all pages at the beginning of each night."""
        return {
            one.key.external_id: (one.outcome is Outcome.STORED, one.title, one.day, "\n\n".join(one.paragraphs))
            for one in self.portal.seen(self.looks).values()
            if one.key.external_id != MISREAD
        }


@pytest.fixture
def press(request: pytest.FixtureRequest, armcrawl: Command, database: str) -> Iterator[Press]:
    with opened(armcrawl, getattr(request, "param", "static"), database) as press:
        yield press


@contextmanager
def opened(armcrawl: Command, markup: str, database: str, served: PressPortal | None = None) -> Iterator[Press]:
    """Serve a portal, the usual one if none is given."""
    press = Press(armcrawl, markup, database, served)
    with serving_press(markup, now=press.now, log=press.asked, portal=press.served) as press.url:
        yield press


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    kind = getattr(request, "param", "sqlite")
    return f"sqlite:///{tmp_path}/test.db" if kind == "sqlite" else request.getfixturevalue("postgresql_database")


@pytest.mark.parametrize("press", MARKUPS, indirect=True)
def test_a_first_crawl_stores_all_articles_and_nothing_else(press: Press, tmp_path: Path) -> None:
    press.night(FIRST, "--report", "report.html", "--metrics", "press.prom")
    assert press.stored() == press.seen()
    new = f'armcrawl_run_articles{{kind="crawl",result="new",site="press"}} {len(press.stored())}.0'
    assert new in (tmp_path / "press.prom").read_text(encoding="utf-8")
    assert "crawl of press" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_an_idle_night_asks_for_what_leads_to_articles_and_no_more(press: Press) -> None:
    press.night(FIRST)
    press.night(FIRST + timedelta(minutes=5))
    assert sorted(press.asked) == ["/novosti/", "/robots.txt", "/rss.xml", "/sitemap.xml", "/standarty/atom.xml"]


@pytest.mark.parametrize(
    ("press", "database"), [("wordpress", "sqlite"), ("static", "postgresql")], indirect=["press", "database"]
)
def test_after_some_nights_all_is_stored_as_it_was_at_the_last_look_and_an_archive_tells_the_same(
    press: Press, tmp_path: Path
) -> None:
    press.is_shifting = True
    press.night(FIRST)
    assert SHIFTED_PAGE in press.asked
    press.is_shifting = False
    for moment in LATER:
        press.night(moment)
        assert press.stored() == press.seen()
    histories = press.portal.chronicle.histories.values()
    events = [event for one in histories for event in one.events if FIRST < event.at < LATER[-1]]
    happened = {name for name in EVENTS for event in events if getattr(event, name)}
    assert happened == EVENTS

    kept = press.history()
    press.database = f"sqlite:///{tmp_path}/again.db"
    press.tell("backfill", "press", "--warc", ARCHIVE, "--archive", ARCHIVE)
    assert press.history() == kept


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_crawls_that_are_killed_at_any_moment_end_as_one_that_was_not(
    press: Press, forks: Forking, tmp_path: Path
) -> None:
    press.is_slow = True
    environment, held = os.environ | DECLARED, [0]
    for place in KILLED_AT:
        crawl = forks.start(press.command(FIRST), folder=tmp_path, environment=environment, script=AHEAD)
        wait_for(partial(press.asked.__contains__, place))
        assert crawl.poll() is None, "the crawl ended before it was killed"
        crawl.kill()
        crawl.communicate(COMMAND_SECONDS)
        held.append(len(press.stored()))
    press.is_slow = False
    press.night(FIRST + timedelta(minutes=5))
    assert press.stored() == press.seen()
    assert held == sorted(held)
    assert 0 < held[-1] < len(press.stored())


def test_bad_days_cost_nothing_but_time(armcrawl: Command, database: str) -> None:
    served = Moody("wordpress", Chronicle(SINCE))
    with opened(armcrawl, "wordpress", database, served) as press:
        press.night(FIRST)
        for number, served.mood in enumerate(MOODS, 1):
            press.night(FIRST + timedelta(days=number), code=3 if served.mood == "wall" else 0)
        press.looks = [FIRST, FIRST + timedelta(days=len(MOODS))]
        assert press.stored() == press.seen()


def test_an_article_and_its_twins_are_one_and_asked_for_once(armcrawl: Command, database: str) -> None:
    with opened(armcrawl, "wordpress", database, Twinned("wordpress", Chronicle(SINCE))) as press:
        press.night(FIRST)
        assert press.stored() == press.seen()
        asked = Counter(found[2] for path in press.asked if (found := ARTICLE.match(unquote(path))))
        assert asked.keys() == press.portal.chronicle.at(FIRST).standings.keys() & asked.keys()
        assert set(asked.values()) == {1}
        press.night(FIRST + timedelta(minutes=5))
        assert not [path for path in press.asked if ARTICLE.match(path)]


def test_what_was_quarantined_is_stored_by_a_replay_as_if_it_never_had_been(press: Press) -> None:
    slugs = sorted(press.portal.chronicle.at(FIRST).standings)[:: len(REASONS)]
    why = dict(zip(slugs, REASONS, strict=False))
    press.night(FIRST, script=SHIFTING + broken_by(why))
    assert not press.stored().keys() & why.keys()
    press.tell("quarantine", "replay", "--apply", "--archive", ARCHIVE)
    assert press.stored() == press.seen()


def test_the_listings_of_the_rubrics_are_read_to_their_ends_however_they_lead_on(press: Press, tmp_path: Path) -> None:
    folder = tmp_path / "declared"
    folder.mkdir()
    declared = DECLARATION.read_text(encoding="utf-8").partition("[[discovery]]")[0]
    starts = ", ".join(f'"/{rubric}/"' for rubric in RUBRICS)
    (folder / "press.toml").write_text(f'{declared}[[discovery]]\nkind = "listing"\nstart = [{starts}]\n')
    press.sites = folder
    press.night(LATER[-1])
    assert press.stored() == press.seen()
    assert {urlsplit(one).path for one in press.asked if "?" in one} >= {"/zavody/", "/vystavki/"}


def test_a_backfill_of_some_days_brings_their_articles_and_none_that_is_known_to_be_of_others(press: Press) -> None:
    first, last = date(2025, 4, 11), date(2025, 4, 15)
    told = press.command(FIRST, "backfill", "--since", first.isoformat(), "--until", last.isoformat())
    done = press.armcrawl(*told, script=AHEAD, **DECLARED)
    assert done.code == 0, done.out + done.err
    press.looks.append(FIRST)
    stored, seen = press.stored(), press.seen()
    # What was changed later may be of these days as well, as far as a sitemap tells.
    older = {slug for slug, one in stored.items() if one[2] < first}
    assert all(press.portal.chronicle.histories[slug].events for slug in older)
    wanted = {slug: one for slug, one in seen.items() if first <= one[2] <= last}
    assert {slug: one for slug, one in stored.items() if slug not in older} == wanted

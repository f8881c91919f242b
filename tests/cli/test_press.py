"""The press portal, whose articles have no numbers, crawled as nights do: what is stored is what it showed."""

from __future__ import annotations

import os
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from armcrawl.items import Outcome
from armcrawl.sample.press.articles import DECLARATION, RUBRICS, SITE, ZONE
from armcrawl.sample.press.chronicle import Chronicle
from armcrawl.sample.press.portal import MARKUPS, PressPortal
from armcrawl.sample.server import serving_press
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.schema import article_versions, articles, pages
from tests.clock import AHEAD, Shifted
from tests.conftest import COMMAND_SECONDS
from tests.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.forking import Finished, Forking

    Command = Callable[..., Finished]

SINCE = date(2025, 4, 8)
FIRST = datetime(2025, 4, 17, 12, 0, tzinfo=ZONE)
LATER = [FIRST + timedelta(days=days) for days in (4, 8, 12, 16)]
EVENTS = {"moved", "replaced", "removed", "returned"}
DECLARED = {"ARMCRAWL_SITES": str(DECLARATION.parent)}
# Six hours in which the newsroom publishes pass between two pages of the listing.
SHIFTED_PAGE, SHIFT = "/novosti/?PAGEN_1=2", timedelta(hours=6)
# A crawl of a hundred pages has a middle.
SECONDS_A_PAGE = 0.03
# A page of this one reads its attribution as text, whatever finds it: see tests/sample/press/test_reading.py.
MISREAD = "studenty-na-stende-kak-vuzy-zavoevali-vystavku-nasosov"


class Press:
    """The portal, served over HTTP at a time of its own, and crawled at the same."""

    def __init__(self, armcrawl: Command, markup: str, database: str) -> None:
        self.armcrawl = armcrawl
        self.database = database
        self.clock = Shifted(FIRST)
        self.portal = PressPortal(markup, Chronicle(SINCE))
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
        options = ("--base-url", self.url, "--database", self.database, "--delay", "0", "--concurrency", "4")
        return (self.clock.ahead, name, SITE.name, *options, *further)

    def night(self, moment: datetime) -> None:
        """Crawl as if it were that moment."""
        done = self.armcrawl(*self.command(moment), script=AHEAD, ARMCRAWL_SITES=str(self.sites))
        assert done.code == 0, done.out + done.err
        self.looks.append(moment)

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

    def seen(self) -> dict[str, Any]:
        """Return the same of whoever looked at all pages at the beginning of each night."""
        return {
            one.key.external_id: (one.outcome is Outcome.STORED, one.title, one.day, "\n\n".join(one.paragraphs))
            for one in self.portal.seen(self.looks).values()
            if one.key.external_id != MISREAD
        }


@pytest.fixture
def press(request: pytest.FixtureRequest, armcrawl: Command, database: str) -> Iterator[Press]:
    markup: str = getattr(request, "param", "static")
    press = Press(armcrawl, markup, database)
    with serving_press(markup, now=press.now, chronicle=Chronicle(SINCE), log=press.asked) as press.url:
        yield press


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    kind = getattr(request, "param", "sqlite")
    return f"sqlite:///{tmp_path}/test.db" if kind == "sqlite" else request.getfixturevalue("postgresql_database")


@pytest.mark.parametrize("press", MARKUPS, indirect=True)
def test_a_first_crawl_stores_all_articles_and_nothing_else(press: Press) -> None:
    press.night(FIRST)
    assert press.stored() == press.seen()


def test_an_idle_night_asks_for_what_leads_to_articles_and_no_more(press: Press) -> None:
    press.night(FIRST)
    press.night(FIRST + timedelta(minutes=5))
    assert sorted(press.asked) == ["/novosti/", "/robots.txt", "/rss.xml", "/sitemap.xml", "/standarty/atom.xml"]


@pytest.mark.parametrize(
    ("press", "database"), [("wordpress", "sqlite"), ("static", "postgresql")], indirect=["press", "database"]
)
def test_after_some_nights_all_is_stored_as_it_was_at_the_last_look(press: Press) -> None:
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


def test_a_crawl_that_is_killed_in_mid_walk_ends_as_one_that_was_not(
    press: Press, forks: Forking, tmp_path: Path
) -> None:
    press.is_slow = True
    environment = os.environ | DECLARED
    crawl = forks.start(press.command(FIRST), folder=tmp_path, environment=environment, script=AHEAD)
    wait_for(lambda: "/novosti/?PAGEN_1=3" in press.asked)
    assert crawl.poll() is None, "the crawl ended before it was killed"
    crawl.kill()
    crawl.communicate(COMMAND_SECONDS)
    before = len(press.stored())
    press.is_slow = False
    press.night(FIRST + timedelta(minutes=5))
    assert press.stored() == press.seen()
    assert before < len(press.stored())


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

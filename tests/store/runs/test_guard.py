"""The guard over the store: armed from the first page, across nights and kinds of runs, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from armcrawl import clock
from armcrawl.checks import Distribution
from armcrawl.items import Image, Tag
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.runs import run_record, verdicts
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.publishing import carry_out
from tests.conftest import FETCHED_AT
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.checks import Breach
    from armcrawl.items import Page

    Change = Callable[[int], dict[str, Any]]

LOGO = "Армторг"
WORDS = ("задвижки", "клапаны", "приводы", "насосы", "фланцы", "затворы", "краны")


class Site:
    """A site that is read run after run, each time with pages that were not known before."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self.number = 1000  # so that all titles are of one length
        self.now = FETCHED_AT
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def run(
        self,
        pages: int,
        change: Change = lambda _: {},
        *,
        kind: str = "crawl",
        years: int = 0,
        has_failed: bool = False,
    ) -> list[Breach]:
        """Have a run read so many pages, and judge it; return what does not hold."""
        self.now += timedelta(days=1)
        run = run_record.begin_run(self.engine, "armtorg", kind, {})
        self.now += timedelta(minutes=1)
        batch = [self._page(change, years) for _ in range(pages)]
        if batch:
            write_guarded(self.engine, batch, run)
        breaches = verdicts.judge_run(self.engine, run, has_failed=has_failed)
        carry_out(self.engine)
        self.last = run
        return breaches

    def imports(self, pages: int) -> None:
        """Have pages come in from an archive."""
        self.last = run_record.begin_run(self.engine, "armtorg", "import", {})
        write_imported(self.engine, [self._page(lambda _: {}, 0) for _ in range(pages)], self.last, "import")
        verdicts.note_import(self.engine, self.last)
        carry_out(self.engine)

    def _page(self, change: Change, years: int) -> Page:
        self.number += 1
        number, day = self.number, self.now.date() - timedelta(days=self.number % 23 + 365 * years)
        fields: dict[str, Any] = {
            "title": f"Завод № {number} освоил {WORDS[number % 7]} DN {number}",
            "paragraphs": (
                f"Завод № {number} освоил выпуск изделий DN {number}: {WORDS[number % 7]} пойдут на экспорт.",
                f"В этом году цех № {number} отгрузит {number + 7} штук, сообщает пресс-служба предприятия.",
            ),
            "date_text": f"{day:%d.%m.%Y}",
            "tags": (Tag(WORDS[number % 7], f"https://armtorg.ru/tags/{number % 7}"),),
        }
        return stored(number, fetched_at=self.now, **{**fields, **change(number)})

    def verdict(self) -> tuple[str | None, str | None]:
        """Return the verdict on the last run, and why it was not judged."""
        with reading(self.engine) as connection:
            query = select(schema.runs.c.verdict, schema.runs.c.unjudged).where(schema.runs.c.id == self.last)
            row = connection.execute(query).one()
            return row.verdict, row.unjudged

    def shown(self) -> int:
        """Return how many articles are shown."""
        with reading(self.engine) as connection:
            query = select(schema.articles.c.id).where(schema.articles.c.published_version.is_not(None))
            return len(connection.execute(query).all())


@pytest.fixture
def site(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(engine, monkeypatch)


def without_date_under_the_logo(_: int) -> dict[str, Any]:
    return {"title": LOGO, "date_text": None}


def without_date(_: int) -> dict[str, Any]:
    return {"date_text": None}


def without_tags(_: int) -> dict[str, Any]:
    return {"tags": ()}


def measures(breaches: list[Breach]) -> set[str]:
    return {breach.measure for breach in breaches}


def test_after_a_backfill_a_night_without_dates_under_one_title_is_refused(site: Site) -> None:
    assert site.run(240, kind="backfill") == []
    breaches = site.run(60, without_date_under_the_logo)
    assert {"title", "date"} <= measures(breaches)
    assert breaches[0].measure == "title"
    assert {(one.pages, one.of) for one in breaches if one.measure in {"title", "date"}} == {(60, 60)}
    assert site.verdict() == ("refused", None)
    assert site.shown() == 240


def test_after_a_backfill_a_night_without_tags_is_refused(site: Site) -> None:
    assert site.run(240, kind="backfill") == []
    breaches = site.run(60, without_tags)
    assert (breaches[0].measure, breaches[0].value, breaches[0].pages, breaches[0].of) == ("tags", "missing", 60, 60)
    assert site.shown() == 240


def test_what_archives_hold_is_shown_unjudged_and_counts_as_usual(site: Site) -> None:
    site.imports(240)
    assert site.verdict() == ("not judged", "what archives hold is shown as it is")
    assert site.shown() == 240
    breaches = site.run(60, without_tags)
    assert (breaches[0].measure, breaches[0].usual is not None) == ("tags", True)


def test_an_import_that_brings_nothing_tells_nothing_of_the_site(site: Site) -> None:
    site.run(60, without_date)
    site.imports(0)
    with reading(site.engine) as connection:
        assert verdicts.history_of(connection, "armtorg", site.last + 1).pictures == [Distribution()]


def test_who_accepts_that_dates_are_gone_has_not_accepted_that_tags_are(site: Site) -> None:
    assert site.run(240, kind="backfill") == []
    assert "date" in measures(site.run(19, without_date))
    verdicts.accept(site.engine, site.last)
    carry_out(site.engine)
    breaches = site.run(31, lambda number: without_date(number) | without_tags(number))
    assert measures(breaches) & {"date", "tags"} == {"tags"}
    assert site.verdict() == ("refused", None)


def test_what_was_accepted_is_refused_no_more(site: Site) -> None:
    site.run(240, kind="backfill")
    site.run(19, without_date)
    verdicts.accept(site.engine, site.last)
    assert site.run(31, without_date) == []
    assert site.verdict()[0] == "passed"


def test_who_rejects_a_run_shows_nothing_of_a_later_one_that_was_refused_for_the_same(site: Site) -> None:
    site.run(120)
    site.run(12, without_date)
    rejected = site.last
    assert "date" in measures(site.run(3, without_date))
    verdicts.reject(site.engine, rejected)
    carry_out(site.engine)
    assert verdicts.heal(site.engine) == {}
    assert site.verdict()[0] == "refused"
    carry_out(site.engine)
    assert site.shown() == 120


def test_the_first_crawl_is_held_to_what_no_site_shows(site: Site) -> None:
    assert {"date", "title"} <= measures(site.run(60, without_date_under_the_logo))
    assert site.shown() == 0


def test_a_first_crawl_that_looks_right_is_not_judged_and_shown(site: Site) -> None:
    assert site.run(12) == []
    assert site.verdict() == ("not judged", "0 of 100 pages of news to compare with")
    assert site.shown() == 12
    assert site.run(20) == []
    assert site.verdict() == ("not judged", "12 of 100 pages of news to compare with")
    assert verdicts.sites_unjudged(site.engine) == {"armtorg": (site.last, "12 of 100 pages of news to compare with")}
    site.run(80)
    assert site.run(15) == []
    assert site.verdict() == ("passed", None)
    assert verdicts.sites_unjudged(site.engine) == {}


def test_few_pages_a_night_are_judged_together(site: Site) -> None:
    site.run(120, kind="backfill")
    nights = [site.run(4, without_tags) for _ in range(4)]
    assert [bool(breaches) for breaches in nights].index(True) <= 2


def test_a_run_that_read_nothing_is_not_judged_and_no_matter_of_the_status(site: Site) -> None:
    site.run(120)
    site.run(20)
    assert site.run(0) == []
    assert site.verdict() == ("not judged", "it read no page")
    assert verdicts.sites_unjudged(site.engine) == {}


def test_a_run_that_failed_never_passes(site: Site) -> None:
    site.run(120)
    assert site.run(20, has_failed=True) == []
    assert site.verdict() == ("not judged", "it did not come to its end")
    assert site.shown() == 140


def test_the_old_years_of_an_archive_are_compared_with_the_same_years(site: Site) -> None:
    def with_images(number: int) -> dict[str, Any]:
        return {"images": (Image(f"https://armtorg.ru/{number}.jpg"),)}

    site.run(240, with_images)
    assert site.run(120, kind="backfill", years=6) == []
    assert site.verdict() == ("not judged", "0 of 100 pages of news of 2020 to compare with")
    assert site.run(40, kind="backfill", years=6) == []
    assert site.verdict() == ("passed", None)
    assert "images" in measures(site.run(40))


def test_a_site_that_is_mended_is_not_refused_for_the_night_before(site: Site) -> None:
    site.run(240)
    assert site.run(30, without_tags)
    assert site.run(30) == []
    assert site.verdict() == ("passed", None)

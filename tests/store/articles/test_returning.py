"""What was taken down comes in again: under its own id or another one, from the site, an archive or a reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl.archive.folder import Folder
from armcrawl.items import Outcome, Page, Record, Sighting
from armcrawl.sites import PageKey
from armcrawl.store.admin.compacting import compact
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.removal import remove, take_down
from armcrawl.store.articles.removals import Removal, is_same_site, listed
from armcrawl.store.articles.reread_pages import write_rereadings
from armcrawl.store.articles.returning import unwiped_places, wipe_returned
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, writing
from armcrawl.store.ledger.sightings import write_sightings
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT
from tests.sqlite import make_sqlite
from tests.store.conftest import answered, key, stored, targets

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.store.conftest import Ask

TITLE = "Курганский завод остановил печь номер два"
TEXT = (
    "Вторая плавильная печь Курганского завода остановлена на внеплановый ремонт до середины сентября.",
    "О причинах остановки предприятие не сообщает, но поставщики огнеупоров получили новые заявки.",
)
LATER = FETCHED_AT + timedelta(days=3)
REASON = "по просьбе автора"
COPY_REASON = f"the same page as armtorg/news/1: {REASON}"


def page(number: int, *, days: int = 0, record: Record | None = None) -> Page:
    """Return a page with the text that is taken down; its markup, and so its digest, is its own."""
    made = stored(number, title=TITLE, paragraphs=TEXT, fetched_at=FETCHED_AT + timedelta(days=days))
    return replace(made, digest=f"body of {number}", record=record)


@pytest.fixture
def removed(engine: Engine) -> None:
    """A page that was taken down."""
    write_batch(engine, [page(1)], None)
    remove(engine, key(1), REASON)


@pytest.mark.usefixtures("removed")
def test_a_page_with_its_text_under_another_id_is_taken_down_and_counted(engine: Engine, ask: Ask) -> None:
    written = write_batch(engine, [page(2, days=3, record=Record("new.warc.gz", 77))], None)
    assert (written.new, written.pages) == (0, {"removed": 1})
    assert ask("SELECT outcome, reason FROM pages ORDER BY number") == [("removed", REASON), ("removed", COPY_REASON)]
    assert ask("SELECT count(*) FROM article_versions") == [(0,)]
    assert unwiped_places(engine) == [("new.warc.gz", 77)]


@pytest.mark.usefixtures("removed")
def test_a_body_that_is_not_read_as_an_article_any_more_is_known_by_its_digest(engine: Engine, ask: Ask) -> None:
    again = answered(Outcome.QUARANTINED, 2, digest="body of 1", stage="date", body=b"<html>")
    assert write_batch(engine, [again], None).pages == {"removed": 1}
    assert ask("SELECT count(*) FROM quarantine") == [(0,)]


@pytest.mark.usefixtures("removed")
def test_an_article_that_shows_its_text_later_goes_with_all_that_it_showed(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(2)], None)
    write_batch(engine, [page(2, days=3)], None)
    assert ask("SELECT outcome, reason FROM pages ORDER BY number")[1] == ("removed", COPY_REASON)
    for table in ("articles", "article_versions", "captures", "search_documents"):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table


@pytest.mark.usefixtures("removed")
def test_an_id_that_redirects_to_it_stays_and_names_no_record(engine: Engine, ask: Ask) -> None:
    leads = answered(Outcome.NOT_ARTICLE, 2, reason="redirects to armtorg/news/1", record=Record("new.warc.gz", 5))
    write_batch(engine, [leads], None)
    assert ask("SELECT outcome, reason FROM pages WHERE number = 2") == [("not_article", "redirects to armtorg/news/1")]
    assert ask("SELECT archive_file, archive_offset, digest FROM captures") == [(None, None, None)]
    assert unwiped_places(engine) == [("new.warc.gz", 5)]


@pytest.mark.usefixtures("removed")
def test_an_import_counts_it_and_keeps_nothing_whatever_the_order(engine: Engine, ask: Ask) -> None:
    written = write_imported(engine, [page(2, days=-9), page(1, days=-8), stored(3), page(2, days=4)], None)
    assert written.pages["removed"] == 3
    assert ask("SELECT key FROM articles") == [("armtorg/news/3",)]


@pytest.mark.usefixtures("removed")
def test_a_reading_that_finds_its_text_takes_the_page_down(engine: Engine, ask: Ask) -> None:
    unread = answered(Outcome.QUARANTINED, 2, digest="body of 2", stage="reading", body=b"<html>")
    write_batch(engine, [replace(unread, record=Record("old.warc.gz", 9))], None)
    (target,) = [one for one in targets(engine) if one.key == key(2)]
    write_rereadings(engine, [(target, page(2))], begin_run(engine, "armtorg", "reparse", {}), LATER)
    assert ask("SELECT outcome, reason FROM pages WHERE number = 2") == [("removed", COPY_REASON)]
    assert ask("SELECT count(*) FROM article_versions") == [(0,)]
    assert ask("SELECT count(*) FROM quarantine") == [(0,)]
    assert unwiped_places(engine) == [("old.warc.gz", 9)]


@pytest.mark.usefixtures("removed")
def test_a_reprint_on_another_site_is_another_page(engine: Engine, ask: Ask) -> None:
    reprint = replace(page(2), key=PageKey("valverus", "news", "2"), address="https://valverus.info/news/2")
    write_batch(engine, [reprint], None)
    assert ask("SELECT key FROM articles") == [("valverus/news/2",)]


@pytest.mark.usefixtures("removed")
def test_what_listings_and_feeds_say_of_it_is_not_kept(engine: Engine, ask: Ask) -> None:
    shown = [
        Sighting(key(1), "https://armtorg.ru/news/1", title=TITLE, text="\n".join(TEXT)),
        Sighting(key(5), "https://armtorg.ru/news/5", title="Другая новость"),
    ]
    with writing(engine) as connection:
        write_sightings(connection, "armtorg", "feed /rss", "/rss", shown, LATER)
    assert ask("SELECT external_id, title, text FROM sightings ORDER BY external_id") == [
        ("1", None, None),
        ("5", "Другая новость", None),
    ]


def test_a_removal_from_a_list_holds_before_the_page_is_known(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(1)], None)
    remove(engine, key(1), REASON)
    (removal,) = listed(engine)
    other = replace(removal, key=key(8))
    take_down(engine, Removal.from_json(other.to_json()))
    assert write_batch(engine, [page(8)], None).pages == {"removed": 1}
    assert ask("SELECT outcome FROM pages WHERE number = 8") == [("removed",)]


@pytest.mark.usefixtures("removed")
def test_a_copied_database_keeps_it_away_as_well(engine: Engine, tmp_path: Path) -> None:
    target = open_database(make_sqlite(tmp_path / "target.db"))
    copy_database(engine, target)
    assert listed(target) == listed(engine)
    assert write_batch(target, [page(2)], None).pages == {"removed": 1}
    target.dispose()


@pytest.mark.usefixtures("removed")
def test_what_cannot_be_wiped_waits_on(engine: Engine, tmp_path: Path) -> None:
    write_batch(engine, [page(2, record=Record("new.warc.gz", 77))], None)
    wiped, problems = wipe_returned(engine, Folder(tmp_path))
    assert wiped == 0
    assert len(problems) == 1
    assert unwiped_places(engine) == [("new.warc.gz", 77)]


@pytest.mark.usefixtures("removed")
def test_a_database_is_written_anew_and_all_else_stays(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(2)], None)
    compact(engine)
    assert ask("SELECT key FROM articles") == [("armtorg/news/2",)]


def test_single_pages_of_two_hosts_are_of_two_sites() -> None:
    one, same, other = (PageKey("any", "pages", name) for name in ("a.example/1", "a.example/2", "b.example/1"))
    assert is_same_site(one, same)
    assert not is_same_site(one, other)

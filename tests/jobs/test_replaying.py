"""Reading quarantine again: what is understood is stored, the rest stays, whatever a page does to its reader."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.archive.folder import Folder
from armcrawl.errors import ArchiveError
from armcrawl.items import Outcome, Page
from armcrawl.jobs.replaying import LOST, PAGES_AT_ONCE, Replayed, replay
from armcrawl.jobs.rereading import raw_response
from armcrawl.reading.response import SiteResponse
from armcrawl.refining.pages import page_from
from armcrawl.sites import Origin, site_named
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.reread_pages import write_rereadings
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.ledger.ledger import claim_origin
from armcrawl.store.queries.quarantine import case_of, cases
from tests.conftest import FETCHED_AT
from tests.jobs.readers import crash, fail, find_listing, find_wall, hang, quarantine_as_before, quarantine_otherwise
from tests.rows import engine_rows
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from armcrawl.jobs.replaying import Read
    from armcrawl.store.articles.reread_pages import Target

    Ask = Callable[[str], list[tuple[object, ...]]]

HTML = (Path(__file__).parents[1] / "golden" / "armtorg-news-179.html").read_bytes()
NUMBER = 179
LATER = FETCHED_AT + timedelta(days=1)
NOW = FETCHED_AT + timedelta(days=9)
NO_ARCHIVE = Folder(Path("nowhere"))


@pytest.fixture
def engine(each_database: str) -> Iterator[Engine]:
    opened = open_database(each_database)
    yield opened
    opened.dispose()


@pytest.fixture
def ask(engine: Engine) -> Ask:
    def rows(sql: str) -> list[tuple[object, ...]]:
        with reading(engine) as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    return rows


def quarantined(number: int = NUMBER, body: bytes = HTML, reason: str = "no title", **fields: object) -> Page:
    page = answered(Outcome.QUARANTINED, number, reason=reason, stage="validate", body=body, content_type="text/html")
    return replace(page, digest=f"{number}", http_status=200, **fields)  # type: ignore[arg-type]


def again(engine: Engine, read: Read = page_from, patience: float = 60.0) -> Replayed:
    def write(changed: list[tuple[Target, Page]]) -> None:
        write_rereadings(engine, changed, None, NOW)  # type: ignore[arg-type]  # no run needs to be there

    return replay(engine, NO_ARCHIVE, cases(engine), write, read=read, patience=patience)


def test_what_is_understood_today_is_stored(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [quarantined()], None)
    found = again(engine)
    assert (found.outcomes, found.understood) == ({"stored": 1}, {"no title": 1})
    assert ask("SELECT outcome, reason FROM pages") == [("stored", None)]
    assert ask("SELECT cause, number, capture_id FROM article_versions") == [
        ("re-extraction", 1, *ask("SELECT id FROM captures")[0])
    ]
    assert ask("SELECT count(*) FROM v_articles") == [(1,)]
    assert ask("SELECT count(*) FROM article_versions WHERE state = 'withheld'") == [(0,)]
    assert cases(engine) == []
    case = case_of(engine, key(NUMBER))
    assert case is not None
    assert case.resolved_at == NOW


def test_more_pages_than_are_written_at_once(engine: Engine, ask: Ask) -> None:
    number = PAGES_AT_ONCE + 5
    write_batch(engine, [quarantined(one) for one in range(1, number + 1)], None)
    assert again(engine).outcomes == {"stored": number}
    assert ask("SELECT count(*) FROM v_articles") == [(number,)]


def test_a_page_that_kills_its_reader_stays_and_the_others_are_stored(engine: Engine) -> None:
    _stays_alone(engine, HTML + b"<!-- crash -->", crash)


# Whatever the database: a page that hangs takes its time twice, and on a busy machine the first page of a process some
# seconds, for all that is imported then.
@pytest.mark.e2e
@pytest.mark.parametrize("each_database", ["sqlite"], indirect=True)
def test_a_page_that_hangs_its_reader_stays_and_the_others_are_stored(engine: Engine) -> None:
    _stays_alone(engine, HTML + b"<!-- hang -->", hang, patience=4)


def _stays_alone(engine: Engine, body: bytes, read: Read, patience: float = 60.0) -> None:
    write_batch(engine, [quarantined(1), quarantined(2, body), quarantined(3)], None)
    found = again(engine, read, patience)
    assert found.outcomes == {"stored": 2, "quarantined": 1}
    assert found.quarantined == {("reading", "the page crashes its reader"): ["armtorg/news/2"]}
    (case,) = cases(engine)
    assert (str(case.key), case.stage, case.reason) == ("armtorg/news/2", "reading", "the page crashes its reader")
    assert raw_response(engine, NO_ARCHIVE, case)[0].body == body


@pytest.mark.parametrize(
    ("read", "reason"), [(fail, "the reader failed: Lookup: нет"), (quarantine_otherwise, "the reader failed: today")]
)
def test_what_is_quarantined_otherwise_waits_with_its_new_reason_and_its_bytes(
    engine: Engine, ask: Ask, read: Read, reason: str
) -> None:
    write_batch(engine, [quarantined()], None)
    assert again(engine, read).quarantined == {("reading", reason): ["armtorg/news/179"]}
    (case,) = cases(engine)
    assert (case.stage, case.reason, case.created_at) == ("reading", reason, NOW)
    assert raw_response(engine, NO_ARCHIVE, case)[0].body == HTML
    assert ask("SELECT outcome, reason FROM pages") == [("quarantined", reason)]
    assert again(engine).outcomes == {"stored": 1}
    assert ask("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]


@pytest.mark.parametrize("read", [quarantine_as_before, find_wall])
def test_what_is_as_it_was_is_left_alone(engine: Engine, read: Read) -> None:
    write_batch(engine, [quarantined()], None)
    before = engine_rows(engine)
    assert again(engine, read).outcomes == {"quarantined": 1}
    assert engine_rows(engine) == before


def test_a_page_that_is_no_article_after_all_leaves_quarantine(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [quarantined()], None)
    assert again(engine, find_listing).outcomes == {"not_article": 1}
    assert ask("SELECT outcome, reason FROM pages") == [("not_article", "listing: ten teasers")]
    assert cases(engine) == []


def test_an_article_whose_page_is_none_after_all_is_gone_as_if_it_had_been_read_so_at_once(
    engine: Engine, ask: Ask
) -> None:
    write_batch(engine, [stored(NUMBER)], None)
    write_batch(engine, [quarantined(fetched_at=LATER)], None)
    assert again(engine, find_listing).outcomes == {"gone": 1}
    assert ask("SELECT outcome, reason FROM pages") == [("gone", "listing: ten teasers")]
    assert cases(engine) == []
    assert ask("SELECT count(*) FROM v_articles") == [(1,)]


@pytest.mark.parametrize("had_article", [False, True])
def test_an_article_that_the_site_took_away_meanwhile_comes_back_as_gone(
    engine: Engine, ask: Ask, *, had_article: bool
) -> None:
    if had_article:
        write_batch(engine, [stored(NUMBER)], None)
    write_batch(engine, [quarantined(fetched_at=LATER)], None)
    gone = answered(Outcome.MISSING, NUMBER, fetched_at=LATER + timedelta(days=1), digest="404", http_status=404)
    write_batch(engine, [gone], None)
    before = ask("SELECT outcome, reason FROM pages")
    assert again(engine, quarantine_otherwise).outcomes == {"quarantined": 1}
    assert ask("SELECT outcome, reason FROM pages") == before
    assert again(engine).outcomes == {"gone": 1}
    assert ask("SELECT outcome, reason FROM pages") == [("gone", "так вышло")]
    assert ask("SELECT count(*) FROM article_versions") == [(1 + had_article,)]
    assert cases(engine) == []


def test_a_page_of_which_nothing_is_kept_is_told_and_stays(engine: Engine) -> None:
    write_batch(engine, [quarantined(body=b"")], None)
    before = engine_rows(engine)
    found = again(engine)
    assert found.outcomes == {"unreadable": 1}
    assert found.quarantined == {("archive", LOST): ["armtorg/news/179"]}
    assert found.problems == ["armtorg/news/179: neither the archive nor the database holds its bytes"]
    assert engine_rows(engine) == before
    with pytest.raises(ArchiveError):
        raw_response(engine, NO_ARCHIVE, cases(engine)[0])


def test_a_page_that_is_taken_down_meanwhile_stays_down(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [quarantined()], None)

    def write(changed: list[tuple[Target, Page]]) -> None:
        remove(engine, key(NUMBER), "asked to")
        write_rereadings(engine, changed, None, NOW)  # type: ignore[arg-type]  # no run needs to be there

    replay(engine, NO_ARCHIVE, cases(engine), write)
    assert ask("SELECT outcome FROM pages") == [("removed",)]
    assert ask("SELECT count(*) FROM articles") == [(0,)]


def test_a_body_from_the_database_keeps_the_addresses_of_the_site(engine: Engine) -> None:
    write_batch(engine, [quarantined()], None)
    claim_origin(engine, "armtorg", "http://127.0.0.1:8000")
    (case,) = cases(engine)
    response, origin = raw_response(engine, NO_ARCHIVE, case)
    assert (response.address, response.status, response.fetched_at) == ("https://armtorg.ru/news/179", 200, FETCHED_AT)
    assert origin.base_url == "http://127.0.0.1:8000"
    claim_origin(engine, "armtorg", "http://127.0.0.1:9000")
    assert raw_response(engine, NO_ARCHIVE, case)[1].is_site


def test_a_body_that_could_not_be_unpacked_is_packed_as_it_came_without_the_archive_too(engine: Engine) -> None:
    packed = gzip.compress(HTML)
    response = SiteResponse(f"https://armtorg.ru/news/{NUMBER}", 200, FETCHED_AT, packed[:-9], "text/html", "gzip")
    origin = Origin.of(site_named("armtorg"), None)
    write_batch(engine, [page_from(key(NUMBER), response, origin)], None)
    (case,) = cases(engine)
    assert raw_response(engine, NO_ARCHIVE, case)[0] == replace(response, etag=None)
    before = engine_rows(engine)
    assert again(engine).outcomes == {"quarantined": 1}
    assert engine_rows(engine) == before


def test_a_body_that_can_be_unpacked_today_is_read_without_the_archive_too(engine: Engine, ask: Ask) -> None:
    page = replace(quarantined(body=gzip.compress(HTML)), stage="decoding", content_encoding="gzip")
    write_batch(engine, [page], None)
    assert again(engine).outcomes == {"stored": 1}
    assert ask("SELECT count(*) FROM v_articles") == [(1,)]


def test_what_came_of_it_is_told_to_programs_and_while_it_goes_on(engine: Engine) -> None:
    write_batch(engine, [quarantined(), quarantined(180)], None)
    told: list[tuple[int, int]] = []
    found = replay(
        engine,
        NO_ARCHIVE,
        cases(engine),
        None,
        read=quarantine_otherwise,
        tell=lambda *one: told.append(one),
    )
    assert told == [(2, 2)]
    assert found.to_json() == {
        "pages": {"quarantined": 2},
        "reasons": [{"reason": "no title", "pages": 2, "understood": 0}],
        "quarantined": [
            {"stage": "reading", "reason": "the reader failed: today", "keys": [f"{key(180)}", f"{key(NUMBER)}"]}
        ],
        "problems": [],
    }

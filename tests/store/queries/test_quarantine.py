"""What is in quarantine, as it is listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.items import Outcome, Record
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.queries.quarantine import QuarantineGroup, body_of, case_of, cases, groups
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page


def quarantined(number: int, reason: str = "no title", stage: str = "validate", day: int = 0, **fields: Any) -> Page:
    at = FETCHED_AT + timedelta(days=day)
    return answered(
        Outcome.QUARANTINED, number, reason=reason, stage=stage, fetched_at=at, digest=f"{number}-{day}", **fields
    )


def fill(engine: Engine, *pages: Page) -> None:
    for page in pages:
        write_batch(engine, [page], None)


def waiting(engine: Engine, reason: str | None = None) -> list[tuple[str, str]]:
    return [(case.key.external_id, case.reason) for case in cases(engine, reason)]


def test_groups_are_by_stage_and_reason_the_largest_first(engine: Engine) -> None:
    fill(engine, *(quarantined(number, day=number) for number in range(1, 6)), quarantined(9, "no title", "dates"))
    assert groups(cases(engine)) == [
        QuarantineGroup(
            "validate",
            "no title",
            5,
            FETCHED_AT + timedelta(days=5),
            ("armtorg/news/5", "armtorg/news/4", "armtorg/news/3"),
        ),
        QuarantineGroup("dates", "no title", 1, FETCHED_AT, ("armtorg/news/9",)),
    ]


def test_a_page_waits_once_with_the_last_reason(engine: Engine) -> None:
    fill(engine, quarantined(1, "old", "dates"), quarantined(1, "new", "tags", day=1))
    assert waiting(engine) == [("1", "new")]
    assert waiting(engine, "old") == []


def test_what_was_understood_waits_no_more_but_can_be_looked_at(engine: Engine) -> None:
    fill(engine, quarantined(1), stored(1, fetched_at=FETCHED_AT + timedelta(days=1)))
    assert waiting(engine) == []
    case = case_of(engine, key(1))
    assert case is not None
    assert case.resolved_at == FETCHED_AT + timedelta(days=1)
    assert case_of(engine, key(2)) is None


def test_a_reason_is_named_by_its_beginning_letter_by_letter(engine: Engine) -> None:
    fill(engine, quarantined(1, "date: 5%_"), quarantined(2, "Date: wrong day"), quarantined(3, "a date: no"))
    assert waiting(engine, "date: ") == [("1", "date: 5%_")]
    assert waiting(engine, "date: _") == []


def test_a_case_knows_where_its_bytes_are(engine: Engine) -> None:
    fill(engine, quarantined(1, body=b"<p>", record=Record("a.warc.gz", 7)), quarantined(2, body=b"", day=-1))
    first, second = cases(engine)
    assert (first.target.archive_file, first.target.archive_offset, first.has_body) == ("a.warc.gz", 7, True)
    assert body_of(engine, first.row_id) == b"<p>"
    assert (second.target.archive_file, second.has_body, body_of(engine, second.row_id)) == (None, False, b"")


def test_bytes_are_past_once_the_site_said_that_there_is_no_such_page(engine: Engine) -> None:
    gone = answered(Outcome.MISSING, 1, fetched_at=FETCHED_AT + timedelta(days=1), digest="404", http_status=404)
    failed = answered(Outcome.FAILED, 2, fetched_at=FETCHED_AT + timedelta(days=1))
    fill(engine, quarantined(1), quarantined(2), gone, failed)
    assert {case.key.external_id: case.target.is_past for case in cases(engine)} == {"1": True, "2": False}


def test_of_equal_bodies_one_copy_is_kept_and_each_page_has_it(engine: Engine) -> None:
    same = [replace(quarantined(number, body=b"<p>404?"), digest="same") for number in (1, 2, 3)]
    write_batch(engine, same[:2], None)
    write_batch(engine, same[2:], None)
    found = cases(engine)
    assert [body_of(engine, case.row_id) for case in found] == [b"<p>404?"] * 3
    assert all(case.has_body for case in found)
    with engine.connect() as connection:
        sizes = sorted(map(len, connection.execute(select(schema.quarantine.c.body)).scalars()))
    assert sizes[0] == sizes[1] < sizes[2]


def test_a_body_that_others_rely_on_stays_when_its_own_page_shows_something_else(engine: Engine) -> None:
    fill(engine, *(replace(quarantined(number, body=b"<p>404?"), digest="same") for number in (1, 2)))
    fill(engine, quarantined(1, body=b"<p>new", day=1))
    assert {case.key.external_id: body_of(engine, case.row_id) for case in cases(engine)} == {
        "1": b"<p>new",
        "2": b"<p>404?",
    }

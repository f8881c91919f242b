"""When a page is looked at again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.schedule import (
    EARLIER,
    FAILED_DAYS,
    MAX_ATTEMPTS,
    NEAR_HEAD,
    checks_after_change,
    next_check,
)
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from tests.store.conftest import Ask

NEW: dict[str, Any] = {"date_text": "23 Ноября 2026"}  # the day on which the pages of these tests are fetched


def after(days: int) -> datetime:
    return FETCHED_AT + timedelta(days=days)


def due_numbers(engine: Engine, days: int) -> list[int | None]:
    found = ledger.due(engine, "armtorg", ["news"], after(days), 1000)
    return [page.key.number for page in found]


def look(engine: Engine, page: Any, days: int) -> None:
    write_batch(engine, [replace(page, fetched_at=after(days))], None)


@pytest.mark.parametrize(
    ("outcome", "days"),
    [
        (Outcome.STORED, [1, 1, 1, 4, 14, 42, 126]),
        (Outcome.QUARANTINED, [1, 1, 1, 4, 14, 42, 126]),
        (Outcome.MISSING, [1, 3, 10, 30]),
        (Outcome.GONE, [1, 3, 10, 30, 90, 365]),
        (Outcome.NOT_ARTICLE, [1, 3, 10, 30]),
        (Outcome.REMOVED, []),
    ],
)
def test_looks_come_ever_more_rarely_and_end(outcome: Outcome, days: list[int]) -> None:
    looks = [next_check(outcome, checks, FETCHED_AT) for checks in range(len(days) + 1)]
    assert looks == [*(after(day) - EARLIER for day in days), None]


def test_a_new_article_is_looked_at_on_the_next_day(engine: Engine) -> None:
    write_batch(engine, [stored(1, **NEW)], None)
    assert due_numbers(engine, 0) == []
    assert due_numbers(engine, 1) == [1]


def test_an_article_of_years_ago_is_not_looked_at_again(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1)], None)
    assert ask("SELECT next_check_at FROM pages") == [(None,)]


def test_looks_that_an_article_is_too_old_for_are_left_out(engine: Engine) -> None:
    write_batch(engine, [stored(1, date_text="18 Ноября 2026")], None)
    assert due_numbers(engine, 3) == []
    assert due_numbers(engine, 4) == [1]


def test_an_unchanged_article_is_looked_at_more_rarely(engine: Engine) -> None:
    page = stored(1, **NEW)
    for days in (0, 1, 2, 3):
        look(engine, page, days)
    assert due_numbers(engine, 6) == []
    assert due_numbers(engine, 7) == [1]


def test_a_change_begins_the_schedule_anew(engine: Engine) -> None:
    for days in (0, 1, 2, 3):
        look(engine, stored(1, **NEW), days)
    look(engine, stored(1, paragraphs=("Цех закрыт, как сообщила редакции администрация.",), **NEW), 7)
    assert due_numbers(engine, 8) == [1]


@pytest.mark.parametrize(("age", "days"), [(20, 1), (60, 4), (400, 14), (4000, 14)])
def test_an_old_article_that_has_changed_is_looked_at_sooner_again_but_not_every_night(age: int, days: int) -> None:
    step = checks_after_change(after(-age).date(), FETCHED_AT)
    assert next_check(Outcome.STORED, step, FETCHED_AT) == after(days) - EARLIER


def test_what_is_not_dated_is_looked_at_daily_after_a_change() -> None:
    assert checks_after_change(None, FETCHED_AT) == 0


def test_not_modified_is_a_look_without_a_change(engine: Engine, ask: Ask) -> None:
    look(engine, replace(stored(1, **NEW), etag='"a"'), 0)
    written = write_batch(
        engine, [replace(answered(Outcome.STORED, 1), reason=None, fetched_at=after(1), http_status=304)], None
    )
    assert written.unchanged == 1
    assert ask("SELECT outcome, checks, etag, http_status FROM pages") == [("stored", 1, '"a"', 304)]
    assert ask("SELECT count(*) FROM article_versions") == [(1,)]


def test_only_a_held_article_is_asked_for_conditionally(engine: Engine) -> None:
    look(engine, replace(stored(1, **NEW), etag='"a"', last_modified="now"), 0)
    look(engine, replace(stored(2, **NEW), etag='"b"'), 0)
    look(engine, answered(Outcome.MISSING, 2), 1)
    one, two = sorted(ledger.due(engine, "armtorg", ["news"], after(9), 10), key=lambda due: str(due.key))
    assert (one.key, one.etag, one.last_modified) == (key(1), '"a"', "now")
    assert (two.key, two.etag, two.last_modified) == (key(2), None, None)


def test_a_hole_near_the_head_is_looked_at_again_and_one_further_down_is_not(engine: Engine) -> None:
    head = 1000
    holes = [answered(Outcome.MISSING, number) for number in (head - 1, head - NEAR_HEAD, head - NEAR_HEAD - 1)]
    write_batch(engine, [stored(head), *holes], None)
    assert due_numbers(engine, 1) == [head - 1, head - NEAR_HEAD]


def test_an_article_that_appears_under_a_missing_id_is_new(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(2), answered(Outcome.MISSING, 1)], None)
    look(engine, answered(Outcome.MISSING, 1), 1)
    assert due_numbers(engine, 3) == []
    look(engine, stored(1, date_text="26 Ноября 2026"), 4)
    assert due_numbers(engine, 5) == [1]
    assert ask("SELECT outcome FROM pages ORDER BY number") == [("stored",), ("stored",)]


def test_what_fails_run_after_run_is_tried_once_a_month(engine: Engine) -> None:
    for day in range(MAX_ATTEMPTS):
        assert ledger.failed_numbers(engine, "armtorg", "news", 1, 9, 9) == [1] * min(day, 1)
        look(engine, answered(Outcome.FAILED, 1, reason="status 500"), day)
    assert ledger.failed_numbers(engine, "armtorg", "news", 1, 9, 9) == []
    assert due_numbers(engine, MAX_ATTEMPTS - 1 + FAILED_DAYS - 1) == []
    assert due_numbers(engine, MAX_ATTEMPTS - 1 + FAILED_DAYS) == [1]


def test_a_look_that_fails_run_after_run_comes_once_a_month_too(engine: Engine) -> None:
    write_batch(engine, [stored(1, **NEW)], None)
    for day in range(1, MAX_ATTEMPTS + 1):
        assert due_numbers(engine, day) == [1]
        look(engine, answered(Outcome.FAILED, 1, reason="status 500"), day)
    assert due_numbers(engine, MAX_ATTEMPTS + FAILED_DAYS - 1) == []
    assert due_numbers(engine, MAX_ATTEMPTS + FAILED_DAYS) == [1]


def test_a_failed_look_stays_due(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1, **NEW)], None)
    look(engine, answered(Outcome.FAILED, 1, reason="status 500"), 1)
    assert due_numbers(engine, 1) == [1]
    assert ask("SELECT outcome, attempts, last_error FROM pages") == [("stored", 1, "status 500")]


def test_the_same_bytes_that_read_otherwise_are_a_re_extraction(engine: Engine, ask: Ask) -> None:
    first = stored(1, **NEW)
    look(engine, first, 0)
    look(engine, replace(stored(1, title="Завод «Салют» закрыл старый цех", **NEW), digest=first.digest), 1)
    look(engine, stored(1, title="Завод «Салют» закрыл и новый цех", **NEW), 2)
    assert ask("SELECT cause FROM article_versions ORDER BY number") == [("fetch",), ("re-extraction",), ("fetch",)]

"""The slow audit of the whole archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl import clock
from armcrawl.items import Outcome
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.audit import MIN_AGE, audit_of, per_night, to_audit
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

OLD = "5 Марта 2012"


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let so many days pass; at first the shortest time until an audit has passed."""

    def pass_days(days: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: FETCHED_AT + timedelta(days=days))

    pass_days(MIN_AGE.days)
    return pass_days


def audited(engine: Engine, max_requests: int = 1000) -> list[int | None]:
    return [due.key.number for due in to_audit(engine, "armtorg", ["news"], clock.now(), max_requests)]


def test_the_oldest_look_comes_first(engine: Engine) -> None:
    for number, days in ((1, -2), (2, -3), (3, -1)):
        write_batch(engine, [stored(number, fetched_at=FETCHED_AT + timedelta(days=days), date_text=OLD)], None)
    assert audited(engine) == [2]


def test_an_article_that_was_looked_at_lately_waits(engine: Engine, later: Callable[[int], None]) -> None:
    write_batch(engine, [stored(1, date_text=OLD)], None)
    later(MIN_AGE.days - 1)
    assert audited(engine) == []


def test_what_is_due_by_its_schedule_and_what_never_showed_an_article_is_left_out(engine: Engine) -> None:
    pages = [stored(1, date_text="23 Ноября 2026"), answered(Outcome.MISSING, 2), answered(Outcome.FAILED, 3)]
    write_batch(engine, [*pages, stored(1000, date_text=OLD)], None)
    assert audited(engine) == [1000]


def test_it_asks_conditionally_and_goes_on_with_the_next_after_an_answer(
    engine: Engine, later: Callable[[int], None]
) -> None:
    write_batch(engine, [replace(stored(1, date_text=OLD), etag='"a"'), stored(2, date_text=OLD)], None)
    write_batch(engine, [stored(2, fetched_at=FETCHED_AT + timedelta(minutes=1), date_text=OLD)], None)
    (due,) = to_audit(engine, "armtorg", ["news"], clock.now(), 1000)
    assert (due.key.number, due.etag) == (1, '"a"')
    unchanged = replace(answered(Outcome.STORED, 1), reason=None, http_status=304, fetched_at=clock.now())
    write_batch(engine, [unchanged], None)
    later(MIN_AGE.days + 1)
    assert audited(engine) == [2]


def test_a_look_that_failed_is_tried_again_in_the_next_night(engine: Engine) -> None:
    write_batch(engine, [stored(1, date_text=OLD)], None)
    write_batch(engine, [answered(Outcome.FAILED, 1, reason="status 500", fetched_at=clock.now())], None)
    assert [due.key.number for due in ledger.due(engine, "armtorg", ["news"], clock.now(), 9)] == [1]


@pytest.mark.parametrize(
    ("articles", "max_requests", "expected"),
    [(0, 1000, 0), (437, 1000, 2), (60_000, 1000, 50), (60_000, 0, 50), (60_000, 5, 1), (1_000_000, 10_000, 500)],
)
def test_a_night_audits_a_small_share(articles: int, max_requests: int, expected: int) -> None:
    assert per_night(articles, max_requests) == expected


def test_the_audit_tells_the_oldest_look_and_how_long_it_takes(engine: Engine) -> None:
    write_batch(engine, [stored(number, date_text=OLD) for number in range(1, 4)], None)
    found = audit_of(engine, "armtorg", 1000)
    assert found is not None
    assert (found.articles, found.oldest_look, found.per_night, found.nights) == (3, FETCHED_AT, 1, 3)
    assert audit_of(engine, "other", 1000) is None

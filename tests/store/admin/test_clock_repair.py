"""What a wrong clock left, and how it is mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl import clock
from armcrawl.errors import ClockError
from armcrawl.items import Outcome
from armcrawl.store.admin.clock_repair import plan_repair, repair_clock
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.rechecking import recheck_pages
from armcrawl.store.runs.run_record import begin_run, check_clock, end_run
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

    Night = Callable[..., int]

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
AHEAD = datetime(2031, 5, 6, 3, 0, tzinfo=UTC)
BEHIND = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def night(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Night:
    """A run of an hour by a clock, which reads pages in its first minutes; afterwards it is NOW."""

    def run(moment: datetime, *pages: Callable[[datetime], Page]) -> int:
        monkeypatch.setattr(clock, "now", lambda: moment)
        run_id = begin_run(engine, "armtorg", "crawl", {})
        for minute, page in enumerate(pages, 1):
            write_batch(engine, [page(moment + timedelta(minutes=minute))], run_id)
        monkeypatch.setattr(clock, "now", lambda: moment + HOUR)
        end_run(engine, run_id, "done", 9, {}, {})
        monkeypatch.setattr(clock, "now", lambda: NOW)
        return run_id

    return run


def article(number: int, **fields: Any) -> Callable[[datetime], Page]:
    return lambda moment: stored(number, fetched_at=moment, **fields)


def moments(ask: Ask) -> list[str]:
    columns = (
        ("runs", "started_at"), ("runs", "finished_at"), ("pages", "first_seen_at"), ("pages", "fetched_at"),
        ("captures", "fetched_at"), ("captures", "last_seen_at"), ("article_versions", "created_at"),
    )  # fmt: skip
    return [str(row[0]) for table, column in columns for row in ask(f"SELECT {column} FROM {table}")]


def test_after_a_run_in_the_future_the_next_one_may_begin_again(engine: Engine, night: Night, ask: Ask) -> None:
    night(AHEAD, article(1), article(2))
    with pytest.raises(ClockError, match="repair-clock"):
        check_clock(engine)
    repair_clock(engine)
    check_clock(engine)
    assert all(moment <= f"{NOW:%Y-%m-%d %H:%M}:00.000000" for moment in moments(ask))
    assert ask("SELECT count(*) FROM articles WHERE published_version IS NOT NULL") == [(2,)]


def test_a_plan_writes_nothing(engine: Engine, night: Night, ask: Ask) -> None:
    night(AHEAD, article(1))
    before = moments(ask)
    found = plan_repair(engine)
    assert [(run.began, run.began_really) for run in found.runs] == [(AHEAD, NOW - HOUR)]
    assert found.counts == {"captures": 1, "pages": 1, "runs": 1}
    assert moments(ask) == before


def test_a_second_repair_finds_nothing(engine: Engine, night: Night) -> None:
    night(AHEAD, article(1))
    repair_clock(engine)
    assert not plan_repair(engine).moments


def test_a_run_in_the_future_comes_to_stand_between_the_runs_around_it(engine: Engine, night: Night, ask: Ask) -> None:
    night(NOW - timedelta(days=3), article(1))
    night(AHEAD, article(1, title="Завод «Салют» закрыл старый цех"))
    night(NOW - timedelta(days=1), article(1, title="Завод «Салют» закрыл оба цеха"))
    repair_clock(engine)
    told = ask("SELECT title FROM article_versions ORDER BY number")
    assert [title for (title,) in told] == [
        "Завод «Салют» открыл новый цех", "Завод «Салют» закрыл старый цех", "Завод «Салют» закрыл оба цеха",
    ]  # fmt: skip
    assert ask("SELECT started_at FROM runs ORDER BY id")[1] == ("2026-11-23 02:00:00.000000",)


@pytest.mark.parametrize("wrong", [AHEAD, BEHIND])
def test_a_run_whose_clock_was_set_right_on_the_way_ends_after_it_began(
    engine: Engine, night: Night, ask: Ask, monkeypatch: pytest.MonkeyPatch, wrong: datetime
) -> None:
    night(NOW - timedelta(days=3), article(1))
    monkeypatch.setattr(clock, "now", lambda: wrong)
    run_id = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [stored(2, fetched_at=wrong + timedelta(minutes=9))], run_id)
    write_batch(engine, [stored(3, fetched_at=NOW - timedelta(minutes=50))], run_id)
    monkeypatch.setattr(clock, "now", lambda: NOW - timedelta(minutes=40))
    end_run(engine, run_id, "done", 9, {}, {})
    monkeypatch.setattr(clock, "now", lambda: NOW)
    repair_clock(engine)
    assert ask("SELECT started_at, finished_at FROM runs ORDER BY id")[1] == (
        "2026-11-24 02:01:00.000000", "2026-11-24 02:20:00.000000",
    )  # fmt: skip
    assert ask("SELECT fetched_at FROM captures ORDER BY id")[1:] == [
        ("2026-11-24 02:10:00.000000",), ("2026-11-24 02:10:00.000000",),
    ]  # fmt: skip


def test_what_was_fetched_last_is_shown_after_the_repair(engine: Engine, night: Night, ask: Ask) -> None:
    night(AHEAD, article(1))
    night(NOW - HOUR, article(1, title="Завод «Салют» закрыл старый цех"))
    shown = "SELECT title FROM v_articles"
    assert ask(shown) == [("Завод «Салют» открыл новый цех",)]
    repair_clock(engine)
    assert ask(shown) == [("Завод «Салют» закрыл старый цех",)]


def test_a_page_is_due_as_long_after_its_look_as_before(engine: Engine, night: Night) -> None:
    night(AHEAD, article(1, date_text="6 Мая 2031"))
    assert ledger.due(engine, "armtorg", ["news"], NOW + timedelta(days=400), 9) == []
    repair_clock(engine)
    assert ledger.due(engine, "armtorg", ["news"], NOW, 9) == []
    assert len(ledger.due(engine, "armtorg", ["news"], NOW + timedelta(days=1), 9)) == 1


def test_a_page_that_was_to_be_asked_for_again_in_the_future_is_due_now(
    engine: Engine, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(NOW - timedelta(days=90), article(1))
    monkeypatch.setattr(clock, "now", lambda: AHEAD)
    recheck_pages(engine, [key(1)])
    monkeypatch.setattr(clock, "now", lambda: NOW)
    repair_clock(engine)
    assert len(ledger.due(engine, "armtorg", ["news"], NOW, 9)) == 1


def test_a_run_of_a_clock_that_was_behind_is_put_before_the_next_one(engine: Engine, night: Night, ask: Ask) -> None:
    night(BEHIND, article(1))
    night(NOW - timedelta(days=1), article(2))
    repair_clock(engine)
    assert ask("SELECT started_at FROM runs ORDER BY id")[0] == ("2026-11-23 02:00:00.000000",)
    assert all(moment.startswith("2026") for moment in moments(ask))


def test_a_clock_that_was_set_in_the_middle_of_a_run_is_mended(engine: Engine, night: Night, ask: Ask) -> None:
    night(NOW - timedelta(days=1), article(1), lambda _: stored(2, fetched_at=AHEAD))
    repair_clock(engine)
    assert ask("SELECT fetched_at FROM captures ORDER BY id") == [
        ("2026-11-23 03:01:00.000000",), ("2026-11-23 04:00:00.000000",),
    ]  # fmt: skip


def test_a_clock_that_was_set_twice_in_a_run_does_not_make_it_years_long(
    engine: Engine, night: Night, ask: Ask
) -> None:
    night(AHEAD, article(1), lambda _: stored(2, fetched_at=AHEAD + timedelta(days=900)))
    repair_clock(engine)
    assert all("2026-11-24 01" <= moment <= "2026-11-24 04" for moment in moments(ask))


def test_pages_that_an_archive_brought_keep_their_old_times(engine: Engine, night: Night) -> None:
    night(NOW - timedelta(days=1), lambda _: stored(1, fetched_at=datetime(2009, 3, 4, tzinfo=UTC)))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE captures SET cause = 'import'")
    assert not plan_repair(engine).moments


def test_a_clock_that_is_wrong_right_now_repairs_nothing(
    engine: Engine, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(NOW - timedelta(days=1), lambda moment: answered(Outcome.MISSING, 1, fetched_at=moment))
    monkeypatch.setattr(clock, "now", lambda: BEHIND)
    with pytest.raises(ClockError, match="before armcrawl was written"):
        repair_clock(engine)

"""What a run stores is not shown before it is vouched for, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from armcrawl import clock
from armcrawl.checks import Breach
from armcrawl.errors import UsageError
from armcrawl.store import runs, schema, vouching
from armcrawl.store.watching import write_watched
from tests.conftest import FETCHED_AT
from tests.store.conftest import ARTICLE, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask

BREACH = Breach("date", "missing", 20, 50, (0.0, 0.02), ("armtorg/news/1",), "armtorg/news/1")
SHOWN = "SELECT key, title FROM v_articles ORDER BY key"


@pytest.fixture(autouse=True)
def _a_clock_before_the_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FETCHED_AT - timedelta(minutes=1))


def begin(engine: Engine) -> int:
    return runs.begin_run(engine, "armtorg", "crawl", {})


def test_a_run_shows_nothing_before_it_passes(engine: Engine, ask: Ask) -> None:
    run = begin(engine)
    write_watched(engine, [stored(1), stored(2)], run)
    assert ask(SHOWN) == []
    assert vouching.shares_withheld(engine) == {"armtorg": (2, 1.0)}
    assert vouching.vouch(engine, run) == []
    assert [key for key, _ in ask(SHOWN)] == ["armtorg/news/1", "armtorg/news/2"]
    assert vouching.shares_withheld(engine) == {}


def test_the_old_version_is_shown_until_the_new_one_is_vouched_for(engine: Engine, ask: Ask) -> None:
    first = begin(engine)
    write_watched(engine, [stored(1)], first)
    vouching.vouch(engine, first)
    second = begin(engine)
    changed = stored(1, title="Завод «Салют» закрыл цех", fetched_at=FETCHED_AT + timedelta(1))
    write_watched(engine, [changed], second)
    assert ask(SHOWN) == [("armtorg/news/1", ARTICLE.title)]
    vouching.vouch(engine, second)
    assert ask(SHOWN) == [("armtorg/news/1", "Завод «Салют» закрыл цех")]


def test_what_is_accepted_is_shown_with_all_that_hangs_on_it(engine: Engine, ask: Ask) -> None:
    run = begin(engine)
    write_watched(engine, [stored(1)], run)
    assert vouching.vouch(engine, run, [BREACH]) == [BREACH]
    assert ask(SHOWN) == []
    assert ask("SELECT count(*) FROM article_tags") == [(0,)]
    assert vouching.accept(engine, run) == 1
    assert len(ask(SHOWN)) == 1
    assert ask("SELECT form FROM article_tags ORDER BY position") == [("Салют",), ("приводы",)]
    assert ask("SELECT count(*) FROM search_documents") == [(1,)]


def test_what_is_rejected_leaves_the_earlier_version_and_is_due_again(engine: Engine, ask: Ask) -> None:
    first = begin(engine)
    write_watched(engine, [stored(1)], first)
    vouching.vouch(engine, first)
    second = begin(engine)
    changed = stored(1, title="Читайте нас", fetched_at=FETCHED_AT + timedelta(1))
    write_watched(engine, [changed, stored(2)], second)
    vouching.vouch(engine, second, [BREACH])
    assert vouching.reject(engine, second) == 2
    assert ask(SHOWN) == [("armtorg/news/1", ARTICLE.title)]
    assert ask("SELECT key, current_version, published_version FROM articles") == [("armtorg/news/1", 1, 1)]
    assert ask("SELECT external_id, outcome FROM pages ORDER BY external_id") == [("1", "stored"), ("2", "failed")]
    assert ask("SELECT count(*) FROM withheld") == [(0,)]


def test_only_a_refused_run_is_decided_on(engine: Engine) -> None:
    run = begin(engine)
    with pytest.raises(UsageError, match="was not refused"):
        vouching.accept(engine, run)
    with pytest.raises(UsageError, match="was not refused"):
        vouching.reject(engine, run)


def test_a_dead_run_is_undecided_until_the_next_one_vouches_for_it(engine: Engine, ask: Ask) -> None:
    dead = begin(engine)
    write_watched(engine, [stored(1)], dead)
    runs.mark_dead(engine, "armtorg")
    later = begin(engine)
    assert vouching.undecided(engine, "armtorg", later) == [dead]
    vouching.vouch(engine, dead)
    assert vouching.undecided(engine, "armtorg", later) == []
    assert len(ask(SHOWN)) == 1


def test_the_picture_of_a_refused_run_is_not_what_is_usual(engine: Engine) -> None:
    run = begin(engine)
    write_watched(engine, [stored(1)], run)
    vouching.vouch(engine, run)
    with engine.begin() as connection:
        assert len(vouching.pictures(connection, "armtorg", "crawl", run + 1)) == 1
        connection.execute(update(schema.runs).values(verdict="refused"))
        assert vouching.pictures(connection, "armtorg", "crawl", run + 1) == []

"""What a person decides of a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl import clock
from armcrawl.analysis.search import search
from armcrawl.errors import UsageError
from armcrawl.items import Outcome, Tag
from armcrawl.store.articles.decisions import forget, remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger import ledger
from armcrawl.store.queries.history import history
from tests.conftest import FETCHED_AT
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.store.conftest import Ask


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: FETCHED_AT + timedelta(days=40))


def due(engine: Engine) -> list[ledger.Due]:
    return ledger.due(engine, "armtorg", ["news"], clock.now(), 10)


def test_a_forgotten_page_is_asked_for_in_full(engine: Engine) -> None:
    write_batch(engine, [replace(stored(1), etag='"a"'), stored(2)], None)
    assert due(engine) == []
    forget(engine, [key(1)])
    assert due(engine) == [ledger.Due(key(1), address="https://armtorg.ru/news/1")]


def test_what_is_held_of_a_forgotten_page_stays(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1)], None)
    forget(engine, [key(1)])
    assert ask("SELECT count(*) FROM v_articles") == [(1,)]


def test_an_unknown_page_cannot_be_forgotten_nor_another_with_it(engine: Engine) -> None:
    write_batch(engine, [stored(1)], None)
    with pytest.raises(UsageError, match="does not know armtorg/news/2"):
        forget(engine, [key(1), key(2)])
    assert due(engine) == []


def test_nothing_of_a_removed_page_stays_but_the_reason(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), stored(2, title="Другая новость того же завода", tags=())], None)
    remove(engine, key(1), "просьба автора")
    assert ask("SELECT key FROM v_articles") == [("armtorg/news/2",)]
    for table in ("article_tags", "tags", "tag_forms"):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    for table in ("articles", "article_versions", "captures", "search_documents"):
        assert ask(f"SELECT count(*) FROM {table}") == [(1,)], table
    assert [hit.article.key for hit in search(engine, "цех", 10)] == ["armtorg/news/2"]
    assert ask("SELECT outcome, reason, digest FROM pages ORDER BY number")[0] == ("removed", "просьба автора", None)


def test_a_tag_of_another_article_stays(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), stored(2, tags=(Tag("Салют", "https://armtorg.ru/tags/1"),))], None)
    remove(engine, key(1), "просьба автора")
    assert ask("SELECT name FROM tags") == [("Салют",)]


def test_a_removed_page_is_never_asked_for_nor_written_again(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(3), stored(1)], None)
    remove(engine, key(3), "просьба автора")
    assert ledger.head(engine, "armtorg", "news") == 3
    assert ledger.wanted_numbers(engine, "armtorg", "news", 1, 3) == [2]
    written = write_batch(engine, [stored(3), answered(Outcome.MISSING, 2)], None)
    assert (written.new, written.pages) == (0, {"missing": 1})
    assert ask("SELECT outcome FROM pages ORDER BY number") == [("stored",), ("missing",), ("removed",)]
    with pytest.raises(UsageError, match="was removed"):
        forget(engine, [key(3)])


def test_a_hole_may_be_removed_before_it_is_filled(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [answered(Outcome.MISSING, 1)], None)
    remove(engine, key(1), "просьба автора")
    assert ask("SELECT outcome FROM pages") == [("removed",)]


def test_a_history_tells_every_version(engine: Engine) -> None:
    write_batch(engine, [stored(1)], None)
    later = FETCHED_AT + timedelta(days=1)
    write_batch(engine, [stored(1, title="Завод «Салют» закрыл новый цех", fetched_at=later)], None)
    found = history(engine, key(1))
    assert found is not None
    assert (found.key, found.outcome, found.fetched_at) == ("armtorg/news/1", "stored", later)
    assert [(version.number, version.title.split()[2]) for version in found.versions] == [(1, "открыл"), (2, "закрыл")]


def test_a_page_that_nobody_asked_for_has_no_history(engine: Engine) -> None:
    assert history(engine, key(1)) is None

"""What a person decides of a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from armcrawl import clock
from armcrawl.analysis.search import search
from armcrawl.items import Outcome, Tag
from armcrawl.store.articles.removal import prepare, remove
from armcrawl.store.articles.removals import MAX_COPIES
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.ledger import ledger
from armcrawl.store.ledger.rechecking import Choice, recheck_chosen, recheck_pages
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


def test_a_page_to_recheck_is_asked_for_in_full(engine: Engine) -> None:
    write_batch(engine, [replace(stored(1), etag='"a"'), stored(2)], None)
    assert due(engine) == []
    recheck_pages(engine, [key(1)])
    assert due(engine) == [ledger.Due(key(1), address="https://armtorg.ru/news/1")]


def test_what_is_held_of_a_page_to_recheck_stays(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1)], None)
    recheck_pages(engine, [key(1)])
    assert ask("SELECT count(*) FROM v_articles") == [(1,)]


def test_an_unknown_page_is_named_and_the_others_are_rechecked(engine: Engine) -> None:
    write_batch(engine, [stored(1)], None)
    assert recheck_pages(engine, [key(2), key(1)]) == ["The database does not know armtorg/news/2."]
    assert [one.key for one in due(engine)] == [key(1)]


def test_pages_are_rechecked_by_ids_and_days(engine: Engine) -> None:
    write_batch(engine, [stored(1), stored(2), stored(3)], None)
    day = date(2016, 5, 31)
    choice = Choice("armtorg", ids=((2, 3),), since=day, until=day)
    assert recheck_chosen(engine, choice, [key(2)]) == 2
    assert sorted(one.key for one in due(engine)) == [key(2), key(3)]
    assert recheck_chosen(engine, Choice("armtorg", since=day + timedelta(days=1))) == 0
    assert recheck_chosen(engine, Choice("armtorg", sections=("reviews",))) == 0


def test_nothing_of_a_removed_page_stays_but_the_reason(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), stored(2, title="Другая новость того же завода", tags=())], None)
    remove(engine, key(1), "просьба автора")
    assert ask("SELECT key FROM v_articles") == [("armtorg/news/2",)]
    for table in ("article_tags", "entities", "entity_forms"):
        assert ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    for table in ("articles", "article_versions", "captures", "search_documents"):
        assert ask(f"SELECT count(*) FROM {table}") == [(1,)], table
    assert [hit.article.key for hit in search(engine, "цех", 10).hits] == ["armtorg/news/2"]
    assert ask("SELECT outcome, reason, digest FROM pages ORDER BY number")[0] == ("removed", "просьба автора", None)


@pytest.mark.parametrize(("others", "taken"), [(MAX_COPIES, MAX_COPIES), (MAX_COPIES + 1, 0)])
def test_what_more_pages_show_than_a_site_has_of_one_is_no_copy_also_where_nothing_is_archived(
    engine: Engine, others: int, taken: int
) -> None:
    text = "Оформите подписку на журнал, чтобы читать материалы раздела без ограничений с любого устройства целый год."
    write_batch(engine, [stored(number, paragraphs=(text,)) for number in range(1, others + 2)], None)
    assert len(prepare(engine, key(1), "по решению суда")[1].copies) == taken


def test_a_tag_of_another_article_stays(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(1), stored(2, tags=(Tag("Салют", "https://armtorg.ru/tags/1"),))], None)
    remove(engine, key(1), "просьба автора")
    assert ask("SELECT name FROM entities") == [("Салют",)]


def test_a_removed_page_is_never_asked_for_nor_written_again(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [stored(3), stored(1)], None)
    remove(engine, key(3), "просьба автора")
    assert ledger.head(engine, "armtorg", "news") == 3
    assert ledger.wanted_numbers(engine, "armtorg", "news", 1, 3) == [2]
    written = write_batch(engine, [stored(3), answered(Outcome.MISSING, 2)], None)
    assert (written.new, written.pages) == (0, {"missing": 1, "removed": 1})
    assert ask("SELECT outcome FROM pages ORDER BY number") == [("stored",), ("missing",), ("removed",)]
    assert recheck_pages(engine, [key(3)]) == ["armtorg/news/3 was removed: it is never asked for again."]
    assert recheck_chosen(engine, Choice("armtorg", sections=("news",))) == 2


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

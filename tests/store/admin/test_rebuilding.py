"""What follows from the articles is made anew, and nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, update

from armcrawl.items import Attribution, Image, Link, Outcome, Source, Tag
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles import removal
from armcrawl.store.articles.imported_captures import write_imported
from armcrawl.store.articles.links import LINKED
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.runs import verdicts
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.publishing import carry_out, join_waiting
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT
from tests.rows import engine_rows
from tests.store.conftest import answered, key, stored

if TYPE_CHECKING:
    from collections import Counter

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

LATER = FETCHED_AT + timedelta(1)
TEXT = tuple(f"В цехе номер {number} собирают задвижки, краны и приводы для трубопроводов." for number in range(9))
LINE = Attribution("Источник: ТАСС", (Source("ТАСС", "ТАСС", address="https://tass.ru"),))


def page(number: int, **fields: Any) -> Page:
    told: dict[str, Any] = {
        "title": f"Новость о заводе номер {number}",
        "attribution": LINE,
        "images": (Image(f"https://armtorg.ru/{number}.jpg", "Цех"),),
        "links": (Link("https://example.ru", "подробнее"),),
    }
    return stored(number, **told | fields)


def crawled(engine: Engine) -> None:
    write_batch(engine, [page(1, paragraphs=TEXT), page(2, paragraphs=TEXT), page(3, tags=(Tag("задвижек"),))], None)


def changed(engine: Engine) -> None:
    crawled(engine)
    write_batch(engine, [page(1, tags=(Tag("кранам"),), attribution=None, images=(), fetched_at=LATER)], None)


def imported(engine: Engine) -> None:
    crawled(engine)
    older = page(2, title="Старый заголовок", fetched_at=FETCHED_AT - timedelta(9))
    write_imported(engine, [older, page(4, tags=(Tag("задвижкам", "https://armtorg.ru/tags/2"),))], None)


def partly_withheld(engine: Engine) -> None:
    crawled(engine)
    run = begin_run(engine, "armtorg", "crawl", {})
    write_guarded(engine, [page(1, title="Никто не проверил", fetched_at=LATER), page(5, tags=(Tag("насосы"),))], run)


def partly_removed(engine: Engine) -> None:
    crawled(engine)
    removal.remove(engine, key(2), "по просьбе")
    write_batch(engine, [answered(Outcome.MISSING, 3, fetched_at=LATER)], None)


def rejected(engine: Engine) -> None:
    crawled(engine)
    run = begin_run(engine, "armtorg", "crawl", {})
    write_guarded(engine, [page(1, title="Чужой заголовок", fetched_at=LATER), page(6)], run)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).where(schema.runs.c.id == run).values(verdict="refused"))
    verdicts.reject(engine, run)
    carry_out(engine)


State = Callable[["Engine"], None]
STATES: list[State] = [crawled, changed, imported, partly_withheld, partly_removed, rejected]


def seen(engine: Engine) -> tuple[dict[str, Counter[str]], list[tuple[object, ...]]]:
    documents = schema.search_documents
    join_waiting(engine)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(documents.select().order_by(documents.c.place))]
    return engine_rows(engine), found


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_rebuild_changes_nothing(engine: Engine, state: State) -> None:
    state(engine)
    before = seen(engine)
    assert rebuild(engine)[0] > 0
    assert seen(engine) == before


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_all_that_is_lost_is_made_again(engine: Engine, state: State) -> None:
    state(engine)
    before = seen(engine)
    with engine.begin() as connection:
        for table in (*LINKED, schema.search_documents, schema.entity_addresses, schema.clusters, schema.relations):
            connection.execute(delete(table))
        for table in (schema.entity_forms, schema.entities, schema.shingle_postings):
            connection.execute(delete(table))
    rebuild(engine)
    assert seen(engine) == before


def test_what_somebody_made_up_goes(engine: Engine, ask: Ask) -> None:
    crawled(engine)
    before = seen(engine)
    with engine.begin() as connection:
        connection.execute(schema.entities.insert().values(key="никто", name="Никто", slug="nikto"))
        connection.execute(update(schema.entity_forms).values(name="не то", key="не то"))
        connection.execute(update(schema.images).values(address="https://example.ru/other.jpg"))
    rebuild(engine)
    assert seen(engine) == before
    assert ask("SELECT count(*) FROM v_sources") == [(1,)]


def test_an_empty_database_has_nothing_to_rebuild(engine: Engine) -> None:
    assert rebuild(engine) == (0, [])

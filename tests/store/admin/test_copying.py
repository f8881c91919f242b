"""Moving from one kind of database to the other, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from armcrawl.analysis.search import search
from armcrawl.errors import DatabaseError, UsageError
from armcrawl.items import ExchangeRates, Outcome, Sighting
from armcrawl.sites import PageKey
from armcrawl.store.admin import copying
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading, writing
from armcrawl.store.clusters.clustering import leave_unjoined
from armcrawl.store.ledger.walks import SourcePage, WalkRecord, write_step
from armcrawl.store.runs.run_record import begin_run, end_run
from tests.conftest import FETCHED_AT, TODAY
from tests.store.conftest import answered, stored

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def other(engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of the other kind."""
    is_sqlite = engine.dialect.name == "sqlite"
    url = request.getfixturevalue("postgresql_database") if is_sqlite else f"sqlite:///{tmp_path}/other.db"
    opened = open_database(url)
    yield opened
    opened.dispose()


def fill(engine: Engine, number: int = 7) -> None:
    run_id = begin_run(engine, "armtorg", "crawl", {"origin": "site", "ё": "🙂"})
    pages = [stored(n, title=f"Новость №{n} 🙂 ёлка", paragraphs=("ё" * 1000, f"Текст {n}.")) for n in range(1, number)]
    pages += [answered(Outcome.QUARANTINED, 100, body=b"<p>\xd0", stage="validate"), answered(Outcome.MISSING, 101)]
    pages[0].rates = ExchangeRates(TODAY, 90, 76)  # type: ignore[arg-type]
    write_batch(engine, pages, run_id)
    write_batch(engine, [stored(1, title="Новость переписана", fetched_at=FETCHED_AT.replace(day=24))], run_id)
    walk = WalkRecord("armavest", "listing /news/", FETCHED_AT, FETCHED_AT, run_id, pages=1, gap_from=TODAY)
    seen = Sighting(PageKey("armavest", "news", "otgruzka–1"), "https://armavest.ru/news/a/b", TODAY, "Отгрузка")
    # A server that orders by its language puts the second one first.
    for address in ("https://armavest.ru/news/?b", "https://armavest.ru/news/a", "https://armavest.ru/news/Б"):
        walk, _ = write_step(engine, walk, SourcePage(address, FETCHED_AT, etag='"1"'), address, [seen])
    end_run(engine, run_id, "done", 10, {"stored": 3}, {"a": 1.5})
    with writing(engine) as connection:
        leave_unjoined(connection, [1])


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = [table for table in schema.metadata.sorted_tables if table is not schema.search_documents]
    with reading(engine) as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables
        }


def test_a_copy_has_the_same_rows(engine: Engine, other: Engine) -> None:
    fill(engine)
    counts = copy_database(engine, other)
    assert content(other) == content(engine)
    assert counts["articles"] == 6
    assert counts["article_versions"] == 7
    assert (counts["sightings"], counts["walks"], counts["source_pages"]) == (1, 1, 3)


def test_a_copy_finds_what_the_first_finds(engine: Engine, other: Engine) -> None:
    fill(engine)
    copy_database(engine, other)
    for query in ("ёлка", "новость", "переписана", "текст"):
        assert search(other, query, 20) == search(engine, query, 20), query


def test_a_copy_may_be_written_to(engine: Engine, other: Engine) -> None:
    fill(engine)
    copy_database(engine, other)
    write_batch(other, [stored(50), stored(1, title="Ещё раз", fetched_at=FETCHED_AT.replace(day=25))], None)
    assert len(content(other)["article_versions"]) == 9


def test_a_target_with_rows_is_refused(engine: Engine, other: Engine) -> None:
    fill(engine)
    write_batch(other, [stored(1)], None)
    with pytest.raises(UsageError, match="holds rows already"):
        copy_database(engine, other)


def test_an_interrupted_copy_goes_on_where_it_stopped(
    engine: Engine, other: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, 30)
    monkeypatch.setattr(copying, "ROWS_AT_ONCE", 4)
    batches = copying.batches_of
    given = 0

    def dying(*args: object) -> Iterator[list[dict[str, object]]]:
        nonlocal given
        for batch in batches(*args):  # type: ignore[arg-type]
            given += 1
            if given > 20:
                raise KeyboardInterrupt
            yield batch

    monkeypatch.setattr(copying, "batches_of", dying)
    with pytest.raises(KeyboardInterrupt):
        copy_database(engine, other)
    monkeypatch.setattr(copying, "batches_of", batches)
    copy_database(engine, other, resume=True)
    assert content(other) == content(engine)
    assert search(other, "ёлка", 100) == search(engine, "ёлка", 100)


def test_a_source_that_changed_meanwhile_is_found(engine: Engine, other: Engine) -> None:
    fill(engine, 3)
    copy_database(engine, other)
    with engine.begin() as connection:
        connection.execute(text("UPDATE pages SET reason = 'anders' WHERE number = 1"))
    with pytest.raises(DatabaseError, match="pages differs: the source has changed"):
        copy_database(engine, other, resume=True)


def test_rows_of_another_database_are_not_mixed_in(engine: Engine, other: Engine) -> None:
    fill(engine, 3)
    with other.begin() as connection:
        connection.execute(text("INSERT INTO entities (id, key, name, slug) VALUES (1000, 'ёлка0', 'x', 'x')"))
        connection.execute(text("INSERT INTO entities (id, key, name, slug) VALUES (0, 'цех', 'x', 'x')"))
    with pytest.raises(DatabaseError):
        copy_database(engine, other, resume=True)


def test_an_unfinished_run_stays_without_counts(engine: Engine, other: Engine) -> None:
    begin_run(engine, "armtorg", "crawl", {})
    copy_database(engine, other)
    with other.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM runs WHERE counts IS NULL")).scalar() == 1

"""A document that cannot be read: its page is named and put into quarantine, and others go on."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update

from armcrawl import clock
from armcrawl.analysis.search import search
from armcrawl.errors import ArmcrawlError
from armcrawl.items import Outcome, Tag
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles.documents import DocumentError
from armcrawl.store.articles.reread_pages import Wanted, page_ids, stored_pages, write_rereadings
from armcrawl.store.articles.unreadable import STAGE
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, writing
from armcrawl.store.base.enumerations import ACCEPTED
from armcrawl.store.queries.history import history
from armcrawl.store.queries.quarantine import cases
from armcrawl.store.runs.page_observations import observe
from armcrawl.store.runs.publishing import carry_out
from armcrawl.store.runs.run_record import begin_run
from tests.sqlite import make_sqlite
from tests.store.conftest import answered, key, later, stored, targets, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.store.conftest import Ask

NEWER = {"tags": [], "forecast": "рост"}
UNKNOWN = "the document has a part that is not known here: forecast"
TAGS = "SELECT key, tag FROM v_article_tags ORDER BY key"


@pytest.fixture
def spoilt(engine: Engine) -> Engine:
    """A database with two articles, the document of the first of which a newer armcrawl wrote."""
    write_batch(engine, [stored(number, tags=(Tag("задвижки"),)) for number in (1, 2)], None)
    write_document(engine, 1, NEWER)
    return engine


def write_document(engine: Engine, number: int, document: dict[str, Any]) -> None:
    versions, articles = schema.article_versions, schema.articles
    of_page = select(articles.c.id).where(articles.c.key == str(key(number))).scalar_subquery()
    with writing(engine) as connection:
        connection.execute(update(versions).where(versions.c.article_id == of_page).values(document=document))


def test_a_rebuild_names_it_and_goes_on(spoilt: Engine, ask: Ask) -> None:
    with spoilt.begin() as connection:
        connection.execute(text("DELETE FROM article_tags"))
    assert rebuild(spoilt) == (2, [f"armtorg/news/1: {UNKNOWN}"])
    assert ask(TAGS) == [("armtorg/news/2", "задвижки")]


def test_a_rebuild_leaves_what_follows_from_it_as_it_was(spoilt: Engine, ask: Ask) -> None:
    before = ask(TAGS)
    rebuild(spoilt)
    assert ask(TAGS) == before
    assert len(before) == 2


def test_it_waits_in_quarantine(spoilt: Engine) -> None:
    rebuild(spoilt)
    assert [(case.key, case.stage, case.reason) for case in cases(spoilt)] == [(key(1), STAGE, UNKNOWN)]


def test_once_it_can_be_read_it_waits_no_more(spoilt: Engine) -> None:
    rebuild(spoilt)
    write_document(spoilt, 1, {})
    assert rebuild(spoilt) == (2, [])
    assert cases(spoilt) == []


def test_the_checks_of_a_run_count_it_as_one_in_quarantine(spoilt: Engine) -> None:
    with spoilt.connect() as connection:
        kinds = [observation.kind for observation in observe(connection, "armtorg", 10)]
    assert sorted(kinds) == ["quarantined: document", "stored"]


def test_its_history_tells_its_text_and_the_problem(spoilt: Engine) -> None:
    found = history(spoilt, key(1))
    assert found is not None
    (version,) = found.versions
    assert (version.title, version.problem) == ("Завод «Салют» открыл новый цех", UNKNOWN)


def test_the_articles_of_others_are_read(spoilt: Engine) -> None:
    damaged, *others = [one for ids in page_ids(spoilt, Wanted(), 10) for one in stored_pages(spoilt, ids)]
    assert all(one.article() is not None for one in others)
    with pytest.raises(DocumentError, match=re.escape(UNKNOWN)):
        damaged.article()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(make_sqlite(tmp_path / "test.db"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("damaged", ['{"tags": [', "", json.dumps("tags"), "[]"])
def test_damaged_json_hinders_no_other_article(sqlite_engine: Engine, damaged: str) -> None:
    write_batch(sqlite_engine, [stored(1), stored(2)], None)
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE article_versions SET document = :damaged WHERE id = 1"), {"damaged": damaged})
    assert rebuild(sqlite_engine) == (2, ["armtorg/news/1: the document is damaged"])


def test_search_and_clusters_follow_the_text_whose_document_cannot_be_read(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1))
    run = begin_run(engine, "armtorg", "crawl", {})
    write_batch(engine, [later(stored(1, paragraphs=("Цех закрыли на ремонт.",)))], run, is_judged=True)
    with writing(engine) as connection:
        newest = schema.article_versions.c.number == 2
        connection.execute(update(schema.article_versions).where(newest).values(document=NEWER))
        connection.execute(update(schema.runs).values(verdict=ACCEPTED))
    with pytest.raises(ArmcrawlError, match="forecast"):
        carry_out(engine)
    assert [hit.article.key for hit in search(engine, "ремонт", 5).hits] == ["armtorg/news/1"]
    assert search(engine, "вложено", 5).hits == []
    assert ask("SELECT stage, reason FROM quarantine") == [("document", UNKNOWN)]


def test_what_is_unchanged_does_not_mend_it(spoilt: Engine, ask: Ask) -> None:
    rebuild(spoilt)
    write_batch(spoilt, [later(stored(1, tags=(Tag("задвижки"),)))], None)
    assert ask("SELECT stage, resolved_at FROM quarantine") == [("document", None)]
    write_batch(spoilt, [later(stored(1, title="Цех закрыт"), 2)], None)
    assert ask("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]


def test_a_page_whose_text_is_lost_is_left_as_it_is_and_holds_up_no_other(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1), stored(1, title="Цех закрыт"), stored(2))
    with writing(engine) as connection:
        lost = schema.captures.c.page_id == 1
        connection.execute(update(schema.captures).where(lost).values(document_hash="нет такого"))
    write_batch(engine, [later(answered(Outcome.MISSING, 1), 9), later(stored(2, title="Другое"), 9)], None)
    assert ask("SELECT title FROM v_articles ORDER BY key") == [("Цех закрыт",), ("Другое",)]
    assert ask("SELECT stage, reason FROM quarantine") == [("document", "the database lacks the text that it had read")]


def test_what_is_read_again_mends_it(spoilt: Engine, ask: Ask) -> None:
    rebuild(spoilt)
    run = begin_run(spoilt, "armtorg", "reparse", {})
    first = next(one for one in targets(spoilt) if one.key == key(1))
    write_rereadings(spoilt, [(first, stored(1, tags=(Tag("задвижки"),)))], run, clock.now())
    assert ask("SELECT count(*) FROM quarantine WHERE resolved_at IS NULL") == [(0,)]
    assert rebuild(spoilt) == (2, [])
    assert ask("SELECT count(*) FROM article_versions") == [(2,)]

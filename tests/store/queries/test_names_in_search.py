"""Search finds by what tags and sources are called, be it by evidence or by a person's decision, on both databases."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from armcrawl.analysis.search import search
from armcrawl.items import Tag
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.admin.rebuilding import rebuild
from armcrawl.store.articles import versions
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.versions import index_all_waiting, number_unindexed
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.entities import deciding
from armcrawl.store.entities.listing import find_entity
from tests.conftest import attributed
from tests.store.conftest import chosen, key, stored

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.items import Page

EDITOR = "редактор"


def tagged(number: int, *tags: str, address: str | None = None, text: str = "Пустой текст о погоде.") -> Page:
    return stored(number, title="Новость", paragraphs=(text,), tags=tuple(Tag(tag, address) for tag in tags))


@pytest.fixture
def filled(engine: Engine) -> Engine:
    write_batch(engine, [tagged(1, "насосы"), tagged(2, "помпы"), tagged(3, "краны")], None)
    return engine


def found(engine: Engine, query: str, **wanted: str) -> list[str]:
    hits = search(engine, query, 20, chosen(**wanted)).hits  # type: ignore[arg-type]  # names only
    return sorted(hit.article.key.rpartition("/")[2] for hit in hits)


def tokens(engine: Engine) -> list[tuple[object, ...]]:
    """Return the search index."""
    documents = schema.search_documents
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(documents).order_by(documents.c.place))]


def test_what_was_merged_is_found_by_the_decided_name_and_by_the_printed_one(filled: Engine) -> None:
    deciding.merge(filled, "насосы", "помпы", EDITOR)
    index_all_waiting(filled)
    assert [found(filled, query) for query in ("тег:насос", "тег:помпа", "насосы")] == [["1", "2"], ["2"], ["1", "2"]]
    assert found(filled, "новость", tag="помпы") == ["1", "2"]


def test_what_was_renamed_is_found_by_its_new_name_in_any_form(filled: Engine) -> None:
    deciding.rename(filled, "помпы", "Водяной насос", EDITOR)
    index_all_waiting(filled)
    assert [found(filled, query) for query in ('тег:"водяных насосов"', "тег:помпы", "тег:насос")] == [
        *(["2"], ["2"], ["1", "2"])
    ]
    assert found(filled, "новость", tag="«водяной НАСОС»") == ["2"]


def test_a_form_that_is_printed_means_whom_it_is_printed_of_and_not_another_one_of_that_name(filled: Engine) -> None:
    write_batch(filled, [tagged(4, "Насосов")], None)
    deciding.rename(filled, "помпы", "Насосы", EDITOR)
    with reading(filled) as connection:
        assert find_entity(connection, "Насосов") == find_entity(connection, "насосы")
        assert find_entity(connection, "Насосы") == find_entity(connection, "помпы")


def test_a_use_that_was_split_off_is_found_by_its_own_name(filled: Engine) -> None:
    write_batch(filled, [tagged(4, "насосы")], None)
    deciding.split(filled, "насосы", EDITOR, "Насосы (ансамбль)", article=str(key(4)))
    index_all_waiting(filled)
    assert (found(filled, "тег:ансамбль"), found(filled, "тег:насосы")) == (["4"], ["1", "4"])
    assert found(filled, "новость", tag="насосы (ансамбль)") == ["4"]


def test_a_source_is_found_by_its_decided_name(engine: Engine) -> None:
    write_batch(engine, [stored(1, attribution=attributed("По данным ЭП", "ЭП"))], None)
    deciding.rename(engine, "ЭП", "Энергетика и промышленность", EDITOR)
    index_all_waiting(engine)
    assert found(engine, "источник:энергетика") == found(engine, "источник:ЭП") == ["1"]
    assert found(engine, "цех", source="энергетика и ПРОМЫШЛЕННОСТЬ") == ["1"]


def test_what_is_taken_back_is_found_as_before(filled: Engine) -> None:
    before = tokens(filled)
    for decide in (
        partial(deciding.merge, filled, "насосы", "помпы", EDITOR),
        partial(deciding.rename, filled, "помпы", "Водяной насос", EDITOR),
        partial(deciding.split, filled, "помпы", EDITOR, "Помпы (ансамбль)", article=str(key(2))),
    ):
        number = decide().number
        index_all_waiting(filled)
        assert tokens(filled) != before
        deciding.undo(filled, number)
        index_all_waiting(filled)
        assert tokens(filled) == before


def test_what_is_only_shown_changes_nothing(filled: Engine) -> None:
    before = tokens(filled)
    deciding.merge(filled, "насосы", "помпы", EDITOR, is_applied=False)
    assert (number_unindexed(filled), tokens(filled)) == (0, before)


def test_later_articles_are_found_by_the_decided_name(filled: Engine) -> None:
    deciding.rename(filled, "помпы", "Водяной насос", EDITOR)
    write_batch(filled, [tagged(4, "помпами")], None)
    assert found(filled, "тег:водяной") == ["2", "4"]


def test_names_that_evidence_makes_one_are_found_by_what_they_are_called(engine: Engine) -> None:
    write_batch(engine, [tagged(1, "Минпромторг РФ"), tagged(2, "ВМЗ")], None)
    assert found(engine, "тег:россии") == found(engine, "новость", tag="минпромторг РОССИИ") == ["1"]
    explained = "Выксунский металлургический завод (ВМЗ) вырос."
    write_batch(engine, [tagged(3, "Выксунский металлургический завод", text=explained)], None)
    [name] = search(engine, "тег:ВМЗ", 1).hits[0].article.tags
    assert found(engine, f'тег:"{name}"') == ["2", "3"]


def test_a_rebuilt_index_is_the_one_that_grew(filled: Engine) -> None:
    deciding.merge(filled, "насосы", "помпы", EDITOR)
    deciding.rename(filled, "краны", "Запорная арматура", EDITOR)
    index_all_waiting(filled)
    grown = tokens(filled)
    with filled.begin() as connection:
        connection.execute(delete(schema.search_documents))
    rebuild(filled)
    assert tokens(filled) == grown


def test_what_a_killed_decision_left_the_next_batches_index(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "WAITING", versions.WAITING.limit(1))
    write_batch(filled, [tagged(number, "помпы") for number in range(4, 7)], None)
    deciding.rename(filled, "помпы", "Водяной насос", EDITOR)
    assert number_unindexed(filled) == 4
    write_batch(filled, [tagged(9, "двери")], None)
    assert (number_unindexed(filled), len(found(filled, "тег:водяной"))) == (3, 1)


def test_what_only_a_removed_article_told_of_a_name_is_in_no_index(engine: Engine) -> None:
    write_batch(engine, [tagged(1, "ВМЗ")], None)
    before = tokens(engine)
    explained = "Выксунский металлургический завод (ВМЗ) вырос."
    write_batch(engine, [tagged(2, "Выксунский металлургический завод", text=explained)], None)
    remove(engine, key(2), "просьба автора")
    assert (number_unindexed(engine), tokens(engine)) == (0, before)


def test_a_copy_is_searched_by_tags_sources_captions_and_decided_names(filled: Engine, tmp_path: Path) -> None:
    write_batch(filled, [stored(5, attribution=attributed("По данным ЭП", "ЭП"), author="Мария Ковригина")], None)
    deciding.rename(filled, "помпы", "Водяной насос", EDITOR)
    index_all_waiting(filled)
    copy = open_database(f"sqlite:///{tmp_path}/copy.db")
    copy_database(filled, copy)
    queries = ("тег:водяной", "тег:помпы", "источник:ЭП", "Ковригиной")
    assert [found(copy, query) for query in queries] == [["2"], ["2"], ["5"], ["5"]]
    copy.dispose()

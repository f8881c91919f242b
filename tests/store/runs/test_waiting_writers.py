"""Other writers wait for no work that could be done before, and nobody waits to find that nothing is to be done."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import update

from armcrawl.russian import lemmas
from armcrawl.russian.names.morphology import analyzer
from armcrawl.store.articles.versions import index_some
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import connect, writing
from armcrawl.store.clusters.clustering import join_some
from armcrawl.store.runs import publishing, run_record
from armcrawl.store.runs.publishing import carry_out_piece
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from pymorphy3 import MorphAnalyzer
    from sqlalchemy import Connection, Engine


def test_who_has_nothing_to_show_to_index_or_to_join_does_not_wait_for_another_writer(each_database: str) -> None:
    engine, other = connect(each_database), connect(each_database)
    with writing(other):  # for as long as nobody has asked
        assert (carry_out_piece(engine, 0).versions, index_some(engine), join_some(engine)) == (0, 0, 0)
    engine.dispose()
    other.dispose()


def test_no_word_is_looked_up_in_the_dictionary_while_others_wait_to_write(
    postgresql_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(postgresql_database)
    run = run_record.begin_run(engine, "armtorg", "crawl", {})
    # Words that no other test has looked up in this process.
    paragraphs = ("Выхухоль и утконос обошли насосную, пересчитали тюбетейки и самовары и уплыли к бакенщику.",)
    write_batch(engine, [stored(1, paragraphs=paragraphs)], run, is_judged=True)
    with engine.begin() as connection:
        connection.execute(update(schema.runs).values(verdict="passed"))
    is_writing: list[bool] = [False]
    looked_up: list[bool] = []

    @contextmanager
    def watched(engine: Engine) -> Iterator[Connection]:
        with writing(engine) as connection:
            is_writing[0] = True
            yield connection
            is_writing[0] = False

    def told() -> MorphAnalyzer:
        looked_up.append(is_writing[0])
        return analyzer()

    monkeypatch.setattr(publishing, "writing", watched)
    monkeypatch.setattr(lemmas, "analyzer", told)
    assert carry_out_piece(engine, 0).versions == 1
    assert set(looked_up) == {False}
    engine.dispose()

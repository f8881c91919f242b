"""Clusters of articles with one text, as articles come, change and go."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from armcrawl.errors import UsageError
from armcrawl.fingerprints.shingles import sketch, words_of
from armcrawl.sample.articles import load_sample
from armcrawl.sites import PageKey, site_named
from armcrawl.store.admin import reclustering
from armcrawl.store.admin.reclustering import rebuild_clusters, text_by_key
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import open_database, reading, writing
from armcrawl.store.clusters import shingle_index
from armcrawl.store.clusters.clustering import rewrite
from armcrawl.store.clusters.relations import relate
from armcrawl.store.clusters.shingle_index import MAX_LISTED, POSTING, all_lists
from armcrawl.store.queries.history import history
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.publishing import carry_out
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT, attributed
from tests.rows import engine_rows
from tests.sqlite import make_sqlite
from tests.store.conftest import key, later, stored, write
from tests.thoroughness import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

ARMTORG = site_named("armtorg")

TABLES = ("shingle_postings", "relations", "clusters", "cluster_members")
ONE, OTHER, THIRD = [article.paragraphs for article in load_sample().articles.values() if len(article.paragraphs) >= 4][
    :3
]
CLUSTERS = "SELECT cluster, key, is_first FROM v_reprints ORDER BY cluster, key"


def page(number: int, paragraphs: Sequence[str], day: str = "31 Мая 2016", **fields: Any) -> Page:
    return stored(number, title=f"Новость {number}", paragraphs=tuple(paragraphs), date_text=day, **fields)


def name(number: int) -> str:
    return str(key(number))


def publish(engine: Engine, *pages: Page) -> None:
    write(engine, *pages)


def tables_of(engine: Engine) -> dict[str, Counter[str]]:
    """Return the tables of clusters."""
    rows = engine_rows(engine)
    return {table: rows[table] for table in TABLES}


def postings(engine: Engine) -> list[tuple[int, int]]:
    """Return all that is in the index."""
    with reading(engine) as connection:
        lists = [one for _, some in all_lists(connection) for one in some.values()]
    return [posting for one in lists for posting in POSTING.iter_unpack(one)]


def test_the_same_text_on_two_pages_is_a_cluster(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, OTHER), page(3, ONE, "1 Июня 2016"))
    assert ask(CLUSTERS) == [(name(1), name(1), 1), (name(1), name(3), 0)]
    assert ask("SELECT cluster, articles, first, reason, confidence FROM v_clusters") == [
        (name(1), 2, name(1), "day", 0.8)
    ]


def test_an_added_page_is_first_where_a_site_names_its_host_as_the_source(engine: Engine, ask: Ask) -> None:
    added = PageKey("any", "pages", "zavod.example/5")
    original = replace(page(2, ONE), key=added, address="https://www.zavod.example/5")
    publish(engine, page(1, ONE, attribution=attributed("Источник: zavod.example", "zavod.example")), original)
    assert ask("SELECT first, reason FROM v_clusters") == [(str(added), "attribution")]


def test_copies_in_one_batch_are_found_as_well(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(1, ONE), page(2, ONE), page(3, OTHER)], None)
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]


def test_a_near_copy_joins_and_an_excerpt_does_not(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, ("Другой лид.", *ONE[1:])), page(3, (*OTHER, *THIRD, *ONE[:2])))
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]
    assert {row[0] for row in ask("SELECT grade FROM relations")} >= {"near"}


def test_a_digest_does_not_chain_unrelated_texts(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE[:3]), page(2, OTHER[:3]), page(3, (*ONE[:3], *OTHER[:3], *THIRD)))
    assert ask(CLUSTERS) == []
    assert ask("SELECT count(*), min(grade) FROM relations") == [(2, "excerpt")]


def test_an_article_may_join_two_clusters_into_one(engine: Engine, ask: Ask) -> None:
    beginning, end = ONE + OTHER[:2], ONE[1:] + OTHER
    publish(engine, page(1, (*beginning, *THIRD[:1])), page(2, (*end, *THIRD[2:3])))
    publish(engine, page(3, (*ONE, *OTHER)))
    assert len({row[0] for row in ask(CLUSTERS)}) == 1
    assert len(ask(CLUSTERS)) == 3


def test_a_copy_of_what_is_shown_is_found_while_a_newer_version_waits(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE))
    edited = page(1, OTHER, fetched_at=FETCHED_AT + timedelta(days=1))
    write_guarded(engine, [edited], begin_run(engine, "armtorg", "crawl", {}))
    publish(engine, page(2, ONE))
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]


def test_a_revision_leaves_its_cluster(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, ONE), page(1, OTHER))
    assert ask(CLUSTERS) == []
    assert ask("SELECT count(*) FROM relations") == [(0,)]
    publish(engine, page(3, OTHER))
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(3)]


def test_a_revision_of_the_date_alone_leaves_the_cluster_as_it_is_but_for_who_was_first(
    engine: Engine, ask: Ask
) -> None:
    publish(engine, page(1, ONE), page(2, ONE, "1 Июня 2016"))
    before = postings(engine), ask("SELECT * FROM relations"), ask("SELECT * FROM cluster_members")
    assert ask("SELECT first, reason FROM v_clusters") == [(name(1), "day")]
    publish(engine, later(page(1, ONE, "2 Июня 2016")))
    assert (postings(engine), ask("SELECT * FROM relations"), ask("SELECT * FROM cluster_members")) == before
    assert ask("SELECT first, reason FROM v_clusters") == [(name(2), "day")]


def test_what_was_shown_of_a_text_that_stays_is_not_written_again(engine: Engine) -> None:
    publish(engine, page(1, ONE), page(2, ONE))
    statements = list[str]()
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    publish(engine, later(page(1, ONE, tags=())))
    again = ("search_documents", "shingle_postings", "relations", "cluster_members")
    written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written
    assert not [one for one in written for table in again if table in one.partition("WHERE")[0]]


def test_a_cluster_falls_apart_when_what_held_it_goes(engine: Engine, ask: Ask) -> None:
    beginning, end = ONE + OTHER[:2], ONE[1:] + OTHER
    publish(engine, page(1, (*beginning, *THIRD[:1])), page(2, (*end, *THIRD[2:3])), page(3, (*ONE, *OTHER)))
    before = len(ask(CLUSTERS))
    remove(engine, key(3), "по просьбе")
    assert len(ask(CLUSTERS)) < before
    assert {article_id for _, article_id in postings(engine)} == {row[0] for row in ask("SELECT id FROM articles")}


TEXTS: tuple[Sequence[str], ...] = (ONE, ("Другой лид.", *ONE[1:]), OTHER, (*ONE, *OTHER, *THIRD), OTHER)
DAYS = ("2 Июня 2016", "1 Июня 2016", "31 Мая 2016", "31 Мая 2016", "1 Июля 2016")
ORDERED = tuple(
    page(number, paragraphs, day) for number, (paragraphs, day) in enumerate(zip(TEXTS, DAYS, strict=True), 1)
)


@pytest.mark.parametrize("order", list(permutations(range(len(ORDERED))))[::29])
def test_clusters_are_the_same_in_whatever_order_articles_come(
    engine: Engine, tmp_path: Path, order: tuple[int, ...]
) -> None:
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    publish(engine, *(ORDERED[number] for number in order))
    publish(other, *ORDERED)
    for view in ("v_clusters", "v_reprints"):
        assert _rows(engine, view) == _rows(other, view)
    other.dispose()


def _rows(engine: Engine, view: str) -> list[list[str]]:
    """Return a view's rows as text: SQLite gives days as text, PostgreSQL as dates."""
    with engine.connect() as connection:
        return sorted(list(map(str, row)) for row in connection.exec_driver_sql(f"SELECT * FROM {view}"))


def test_a_rebuild_finds_what_was_found_as_articles_came(engine: Engine) -> None:
    publish(engine, *ORDERED)
    before = tables_of(engine)
    found = rebuild_clusters(engine)
    assert (found.articles, found.clusters, found.gained, found.lost) == (5, 2, (), ())
    assert tables_of(engine) == before


def test_a_tried_rebuild_changes_nothing(engine: Engine) -> None:
    publish(engine, *ORDERED)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM clusters")
    before = tables_of(engine)
    found = rebuild_clusters(engine, is_tried=True)
    assert (found.clusters, len(found.gained)) == (2, 2)
    assert tables_of(engine) == before


def at(monkeypatch: pytest.MonkeyPatch, moment: str, happen: Callable[[], None]) -> None:
    """Have something happen during a rebuild, before a function of it; behind the last of all lists."""
    real = getattr(reclustering, moment)

    def all_lists(*given: Any) -> Iterator[object]:
        yield from real(*given)
        happen()

    def other(*given: Any) -> object:
        happen()
        return real(*given)

    monkeypatch.setattr(reclustering, moment, all_lists if moment == "all_lists" else other)


# Before clusters are found, and those of before are read; before anything is written, behind the index, the relations,
# and the clusters.
MOMENTS = ("_found", "_stored", "_bring_over", "all_lists", "_write_clusters", "_compare_hurt")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_takedown_during_a_rebuild_leaves_nothing_of_the_article_and_the_clusters_of_a_rebuild(
    engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    beginning, end = ONE + OTHER[:2], ONE[1:] + OTHER
    publish(engine, page(1, (*beginning, *THIRD[:1])), page(2, (*end, *THIRD[2:3])), page(4, THIRD), page(5, THIRD))
    publish(engine, page(6, (*THIRD, "Ещё строка.")), page(3, (*ONE, *OTHER)))
    with monkeypatch.context() as patched:
        at(patched, moment, lambda: remove(engine, key(3), "по просьбе"))
        rebuild_clusters(engine)
    here = {row[0] for row in ask("SELECT id FROM articles")}
    assert {article_id for _, article_id in postings(engine)} == here
    assert {end for ends in ask("SELECT first_id, second_id FROM relations") for end in ends} <= here
    before = tables_of(engine)
    rebuild_clusters(engine)
    assert tables_of(engine) == before


def test_what_a_taken_down_article_held_together_is_compared_anew_by_the_rebuild(
    engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a series each was compared with the first ones only."""
    publish(engine, *(page(number, (*ONE, f"Выпуск {number}.")) for number in range(1, 30)))

    def take_down() -> None:
        for number in range(1, shingle_index.MAX_COMPARED + 1):
            remove(engine, key(number), "по просьбе")

    at(monkeypatch, "all_lists", take_down)
    rebuild_clusters(engine)
    assert ask("SELECT articles FROM v_clusters") == [(29 - shingle_index.MAX_COMPARED,)]


def test_a_cluster_that_is_written_anew_leaves_none_of_its_articles_without_one(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, ONE), page(3, OTHER), page(4, OTHER))
    before = ask(CLUSTERS)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE cluster_members SET cluster_id = (SELECT min(id) FROM clusters)")
        ids = connection.exec_driver_sql("SELECT id FROM articles ORDER BY id LIMIT 2").all()
        connection.exec_driver_sql("DELETE FROM clusters WHERE id > (SELECT min(id) FROM clusters)")
        rewrite(connection, [row[0] for row in ids])
    assert [row[:2] for row in ask(CLUSTERS)] == [row[:2] for row in before]


def test_a_formula_of_many_articles_is_listed_for_the_first_of_them_only(engine: Engine, ask: Ask) -> None:
    formula = "Редакция портала принимает заявки на участие в ежегодном отраслевом голосовании до конца месяца"
    numbers = range(1, MAX_LISTED + 20)
    write_batch(engine, [page(number, (formula, f"Номер {number} и {number * 7}.")) for number in numbers], None)
    listed = Counter(value for value, _ in postings(engine))
    assert max(listed.values()) == MAX_LISTED
    # Each is compared with the first ones all the same.
    assert ask("SELECT articles, first, reason FROM v_clusters") == [(len(numbers), None, "waiting")]
    carry_out(engine)
    assert ask("SELECT articles, first, reason FROM v_clusters") == [(len(numbers), None, "tie")]


def test_the_index_holds_each_hash_of_each_article_once_whatever_comes_and_goes(engine: Engine) -> None:
    """There are more hashes in a batch than are read at once."""
    texts = {number: " ".join(f"слово{number * 1_000 + place}" for place in range(60)) for number in range(1, 61)}
    sketches = {number: sketch(words_of(text)) for number, text in texts.items()}
    with writing(engine) as connection:
        for some in (range(1, 31), range(31, 61)):
            relate(connection, {number: texts[number] for number in some})
        shingle_index.remove(connection, {number: sketches[number] for number in range(20, 50)})
        relate(connection, {number: texts[number] for number in range(20, 40)})
    kept = [number for number in texts if not 40 <= number < 50]
    assert sorted(postings(engine)) == sorted((value, number) for number in kept for value in sketches[number])


def test_an_article_tells_its_cluster(engine: Engine) -> None:
    publish(engine, page(1, ONE), page(2, ONE, "1 Июня 2016"), page(3, OTHER))
    found = history(engine, key(2))
    assert found is not None
    assert found.cluster is not None
    assert (found.cluster.keys, found.cluster.first, found.cluster.reason) == ((name(1), name(2)), name(1), "day")
    alone = history(engine, key(3))
    assert alone is not None
    assert alone.cluster is None


def test_the_text_of_an_article_that_is_not_there_is_a_usage_error(engine: Engine) -> None:
    with pytest.raises(UsageError):
        text_by_key(engine, PageKey(ARMTORG.name, "news", "404"))


@given(st.lists(st.sampled_from(range(len(ORDERED))), min_size=1, max_size=6))
@settings(max_examples=examples(10), deadline=None)
def test_any_history_of_articles_ends_in_the_clusters_of_a_rebuild(numbers: list[int]) -> None:
    with TemporaryDirectory() as folder:
        engine = open_database(make_sqlite(Path(folder) / "test.db"))
        for step, number in enumerate(numbers):
            publish(engine, page(step % 3 + 1, TEXTS[number]))
        before = tables_of(engine)
        rebuild_clusters(engine)
        assert tables_of(engine) == before
        engine.dispose()


def test_the_copies_of_the_sample_are_found_and_nothing_else_is(engine: Engine, ask: Ask) -> None:
    articles = load_sample().articles
    pages = [
        stored(
            int(article.key.external_id),
            section=article.key.section,
            title=article.title,
            paragraphs=article.paragraphs,
            date_text=f"{article.day:%d.%m.%Y}",
        )
        for article in articles.values()
    ]
    for start in range(0, len(pages), 50):
        write_batch(engine, pages[start : start + 50], None)
    printed = {
        (*sorted((original, str(copy.key))), copy.grade) for copy in articles.values() for original in copy.copy_of
    }
    found = {(*sorted(row[:2]), row[2]) for row in ask("SELECT one, other, grade FROM v_relations")}
    assert found == printed
    originals = {original for copy in articles.values() if copy.grade != "excerpt" for original in copy.copy_of}
    assert {first for (first,) in ask("SELECT first FROM v_clusters")} == originals

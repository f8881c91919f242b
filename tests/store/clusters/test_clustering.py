"""Clusters of articles with one text, as articles come, change and go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from armcrawl.errors import UsageError
from armcrawl.fingerprints.shingles import shingled, sketch
from armcrawl.items import Image
from armcrawl.sample.articles import load_sample
from armcrawl.sites import PageKey, site_named
from armcrawl.store.admin import reclustering, rerelating
from armcrawl.store.admin.reclustering import rebuild_clusters
from armcrawl.store.articles.removal import remove
from armcrawl.store.articles.reread_pages import Wanted, write_rereadings
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.enumerations import ACCEPTED, REJECTED
from armcrawl.store.base.sql import is_published
from armcrawl.store.clusters import shingle_index
from armcrawl.store.clusters.clustering import join_some, number_unjoined
from armcrawl.store.clusters.shingle_index import LOW_BITS, POSTING, all_lists
from armcrawl.store.queries.compared import compared
from armcrawl.store.queries.history import history
from armcrawl.store.runs.drift_guard import write_guarded
from armcrawl.store.runs.publishing import backlog, carry_out, join_waiting
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT, attributed
from tests.rows import engine_rows
from tests.sqlite import make_sqlite
from tests.store.conftest import key, later, plain, stored, targets, write
from tests.thoroughness import examples

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

ARMTORG = site_named("armtorg")

TABLES = ("texts", "shingle_postings", "relations", "clusters", "cluster_members", "unjoined")
ONE, OTHER, THIRD = [article.paragraphs for article in load_sample().articles.values() if len(article.paragraphs) >= 4][
    :3
]
DECADE = "абвгдежзик"  # a letter for each digit
CLUSTERS = "SELECT cluster, key, is_first FROM v_reprints ORDER BY cluster, key"


def page(number: int, paragraphs: Sequence[str], day: str = "31 Мая 2016", **fields: Any) -> Page:
    fields.setdefault("title", f"Новость {number}")
    return stored(number, paragraphs=tuple(paragraphs), date_text=day, **fields)


def name(number: int) -> str:
    return str(key(number))


def publish(engine: Engine, *pages: Page) -> None:
    write(engine, *pages)


def tables_of(engine: Engine) -> dict[str, Counter[str]]:
    """Return the tables of clusters."""
    rows = engine_rows(engine)
    return {table: rows[table] for table in TABLES}


def postings(engine: Engine) -> list[tuple[int, int]]:
    """Return all that is in the index: hashes, and texts."""
    with reading(engine) as connection:
        lists = [found for _, some in all_lists(connection) for found in some.items()]
    return [((bucket << LOW_BITS) + low, text) for bucket, one in lists for low, text in POSTING.iter_unpack(one)]


def test_the_same_text_on_two_pages_is_a_cluster(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, OTHER), page(3, ONE, "1 Июня 2016"))
    assert ask(CLUSTERS) == [(name(1), name(1), 1), (name(1), name(3), 0)]
    assert ask("SELECT cluster, articles, first_key, reason, confidence FROM v_clusters") == [
        (name(1), 2, name(1), "day", 0.8)
    ]


def test_articles_of_images_alone_share_no_text_whatever_their_title(engine: Engine, ask: Ask) -> None:
    shown = [
        page(number, (), title="Фото дня", images=(Image(f"https://armtorg.ru/{number}.jpg"),)) for number in (1, 2)
    ]
    publish(engine, *shown)
    assert ask(CLUSTERS) == []
    rebuild_clusters(engine)
    assert ask("SELECT count(*) FROM v_articles") == [(2,)]
    assert ask(CLUSTERS) == []


def test_an_added_page_is_first_where_a_site_names_its_host_as_the_source(engine: Engine, ask: Ask) -> None:
    added = PageKey("any", "pages", "zavod.example/5")
    original = replace(page(2, ONE), key=added, address="https://www.zavod.example/5")
    publish(engine, page(1, ONE, attribution=attributed("Источник: zavod.example", "zavod.example")), original)
    assert ask("SELECT first_key, reason FROM v_clusters") == [(str(added), "attribution")]


def test_copies_in_one_batch_are_found_as_well(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(1, ONE), page(2, ONE), page(3, OTHER)], None)
    join_waiting(engine)
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]


def test_a_near_copy_joins_and_an_excerpt_does_not(engine: Engine, ask: Ask) -> None:
    publish(engine, page(1, ONE), page(2, ("Другой лид.", *ONE)), page(3, (*ONE, *OTHER, *THIRD)))
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]
    assert ask("SELECT one_key, other_key, grade FROM v_relations WHERE grade = 'excerpt'") != []


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
    told = "SELECT cluster, key FROM v_reprints ORDER BY key"
    before = postings(engine), ask("SELECT * FROM relations"), ask(told)
    assert ask("SELECT first_key, reason FROM v_clusters") == [(name(1), "day")]
    publish(engine, later(page(1, ONE, "2 Июня 2016")))
    assert (postings(engine), ask("SELECT * FROM relations"), ask(told)) == before
    assert ask("SELECT first_key, reason FROM v_clusters") == [(name(2), "day")]


def test_what_was_shown_of_a_text_that_stays_is_not_written_again(engine: Engine) -> None:
    publish(engine, page(1, ONE), page(2, ONE))
    statements = list[str]()
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    publish(engine, later(page(1, ONE, tags=())))
    again = ("shingle_postings", "relations", "cluster_members")
    written = [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written
    assert not [one for one in written for table in again if table in one.partition("WHERE")[0]]


TEXTS: tuple[Sequence[str], ...] = (ONE, ("Другой лид.", *ONE), OTHER, (*ONE, *OTHER, *THIRD), OTHER)
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
    """Return a view's rows as text."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {view}")
        return sorted([str(plain(value)) for value in row] for row in rows)


def test_a_rebuild_finds_what_was_found_as_articles_came(engine: Engine) -> None:
    publish(engine, *ORDERED)
    before = tables_of(engine)
    found = rebuild_clusters(engine)
    assert (found.articles, found.clusters, found.gained, found.lost) == (5, 2, (), ())
    assert tables_of(engine) == before


def test_a_rebuild_in_several_processes_finds_the_same(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(engine, page(1, ONE), page(2, OTHER), page(3, ("Другой лид.", *ONE)))
    before = tables_of(engine)
    monkeypatch.setattr(rerelating, "SPREAD_FROM", 1)
    rebuild_clusters(engine)
    assert tables_of(engine) == before


def test_a_tried_rebuild_changes_nothing(engine: Engine) -> None:
    publish(engine, *ORDERED)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM clusters")
    before = tables_of(engine)
    found = rebuild_clusters(engine, is_tried=True)
    assert (found.clusters, len(found.gained)) == (2, 2)
    assert tables_of(engine) == before


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
        compared(engine, PageKey(ARMTORG.name, "news", "404"))


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
    join_waiting(engine)
    printed = {
        (*sorted((original, str(copy.key))), copy.grade) for copy in articles.values() for original in copy.copy_of
    }
    found = {(*sorted(row[:2]), row[2]) for row in ask("SELECT one_key, other_key, grade FROM v_relations")}
    assert found == printed
    originals = {original for copy in articles.values() if copy.grade != "excerpt" for original in copy.copy_of}
    assert {first for (first,) in ask("SELECT first_key FROM v_clusters")} == originals


def passages(letters: str) -> tuple[str, ...]:
    """Return paragraphs of fifty words, one for each letter: other letters make other words."""
    return tuple(" ".join(letter * 2 + one + other for one, other in product("абвгд", DECADE)) for letter in letters)


def test_the_earliest_is_the_anchor_and_who_is_no_copy_of_it_is_in_no_cluster_of_it(engine: Engine, ask: Ask) -> None:
    """The middle one is a copy of both: a chain does not make one cluster."""
    beginning, middle, end = passages("нклмп"), passages("нлмпрс"), passages("нпрст")
    publish(engine, page(1, beginning, "1 Июня 2016"), page(2, end, "2 Июня 2016"), page(3, middle, "3 Июня 2016"))
    assert ask("SELECT one_key, other_key, grade FROM v_relations ORDER BY one_key") == [
        (name(1), name(3), "near"),
        (name(2), name(3), "near"),
    ]
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(3)]
    publish(engine, later(page(1, beginning, "4 Июня 2016")))
    assert [row[1] for row in ask(CLUSTERS)] == [name(2), name(3)]


def test_nothing_is_made_anew_for_a_copy_that_comes_after_the_anchor(engine: Engine, ask: Ask) -> None:
    publish(engine, page(2, ONE, "1 Июня 2016"), page(3, ("Другой лид.", *ONE), "2 Июня 2016"))
    with patch("armcrawl.store.clusters.clustering.write_groups", side_effect=AssertionError):
        publish(engine, page(1, ("Ещё один лид.", *ONE), "3 Июня 2016"), page(4, ONE, "4 Июня 2016"))
    assert ask("SELECT cluster, articles, first_key FROM v_clusters") == [(name(1), 4, name(2))]


def test_what_is_not_joined_yet_is_said_and_any_call_goes_on_where_another_was_interrupted(
    engine: Engine, ask: Ask
) -> None:
    with patch(JOINING, lambda _: None):
        write_batch(engine, [page(number, ONE) for number in range(1, 13)], None)
    assert str(backlog(engine)) == "12 articles wait to be compared with others"
    with patch("armcrawl.store.clusters.clustering.JOINED_AT_ONCE", 5):
        assert join_some(engine) == 5
        assert number_unjoined(engine) == 7
    join_waiting(engine)
    assert not backlog(engine)
    assert ask("SELECT articles FROM v_clusters") == [(12,)]


def test_a_copy_joins_a_cluster_one_article_of_which_is_not_shown_any_more_and_still_waits(
    engine: Engine, ask: Ask
) -> None:
    publish(engine, page(1, varied(1), "1 Июня 2016"), page(2, varied(2), "2 Июня 2016"))
    with patch(JOINING, lambda _: None):
        write_batch(engine, [page(3, varied(3), "3 Июня 2016")], None)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE articles SET published_version = NULL WHERE key = '{name(2)}'")
    assert join_some(engine) == 1
    assert ask("SELECT first_key, reason FROM v_clusters") == [(name(1), "day")]
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(3)]


JOINING = "armcrawl.store.articles.writing.join_after_batch"


def test_of_equal_texts_there_is_one_and_no_relation(engine: Engine, ask: Ask) -> None:
    write_batch(engine, [page(number, ONE, title="Одна новость") for number in range(1, 60)], None)
    join_waiting(engine)
    assert ask("SELECT count(*) FROM texts") == [(1,)]
    assert ask("SELECT count(*) FROM relations") == [(0,)]
    assert ask("SELECT articles FROM v_clusters") == [(59,)]


def varied(number: int) -> tuple[str, ...]:
    """Return the text of ONE with a word of its own."""
    word = "".join(DECADE[int(digit)] * 2 for digit in str(number))
    return (ONE[0], f"{ONE[1]} Строка {word}.", *ONE[2:])


def test_of_many_copies_each_is_related_to_a_few(engine: Engine, ask: Ask) -> None:
    number = 120
    pages = [page(one, varied(one), title="Одна новость") for one in range(1, number + 1)]
    for start in range(0, number, 30):
        write_batch(engine, pages[start : start + 30], None)
        join_waiting(engine)
    assert ask("SELECT articles, reason FROM v_clusters") == [(number, "size")]
    [(related,)] = ask("SELECT count(*) FROM relations")
    assert related <= number * (shingle_index.MAX_COMMON // 2)


def test_many_copies_that_came_one_by_one_are_related_as_in_a_rebuild(engine: Engine) -> None:
    for number in range(1, 2 * shingle_index.MAX_COMMON):
        publish(engine, page(number, varied(number), title="Одна новость"))
    before = tables_of(engine)
    assert before["relations"]
    rebuild_clusters(engine)
    assert tables_of(engine) == before


BULLETIN = """Редакция сообщает читателям, как было заведено ещё нашими предшественниками: {0} рублей. За этим, как и
всегда, стоит большой труд многих людей: {1} рублей.

Мы не раз писали о том, как это важно для всей отрасли и для каждого из нас: {2} рублей. Присылайте вопросы и
предложения, лучшие из них мы напечатаем: {3} рублей."""


def bulletin(number: int) -> tuple[str, ...]:
    """Return one of a series of notes, each of which has other numbers."""
    return tuple(BULLETIN.format(*(number * 971 + 13 * place for place in range(1, 5))).split("\n\n"))


def test_a_series_makes_no_cluster_and_a_copy_of_one_of_its_notes_does(engine: Engine, ask: Ask) -> None:
    pages = [page(number, bulletin(number), title="Цены недели") for number in range(1, 41)]
    write_batch(engine, [*pages, page(41, ("Из другого издания.", *bulletin(20)), title="Цены недели")], None)
    join_waiting(engine)
    assert [row[1] for row in ask(CLUSTERS)] == [name(20), name(41)]
    assert ask("SELECT count(*) FROM relations") == [(1,)]


def test_the_index_holds_each_hash_of_each_text_once_whatever_comes_and_goes(engine: Engine) -> None:
    texts = {number: (" ".join(f"слово{number * 1_000 + place}" for place in range(60)),) for number in range(1, 21)}
    write_batch(engine, [page(number, text) for number, text in texts.items()], None)
    join_waiting(engine)
    for number in range(5, 10):
        remove(engine, key(number), "по просьбе")
    publish(engine, page(1, texts[2]))
    kept = [number for number in texts if not 5 <= number < 10]
    whole = [f"Новость {number}\n\n{texts[2 if number == 1 else number][0]}" for number in kept]
    assert sorted(value for value, _ in postings(engine)) == sorted(
        value for text in whole for value in sketch(shingled(text))
    )


# Copies of one text, more than a formula has here; a chain; a series with a copy; a digest; what is alone.
POOL: tuple[Sequence[str], ...] = (
    *(varied(number) for number in range(6)),
    (*ONE, *OTHER[:2]),
    (*ONE[1:], *OTHER),
    *(bulletin(number) for number in range(1, 6)),
    ("Из другого издания.", *bulletin(1)),
    (*ONE, *OTHER, *THIRD),
    OTHER,
    THIRD,
)
DATES = ("1 Июня 2016", "2 Июня 2016", "Июнь 2016", "3 Июня 2016")
KINDS = ("publish", "publish", "publish", "take down", "read again", "withhold", "accept", "reject")
STEPS = st.tuples(
    st.sampled_from(KINDS), st.integers(1, 9), st.integers(0, len(POOL) - 1), st.integers(0, len(DATES) - 1)
)
Step = tuple[str, int, int, int]


class History:
    """What happens to articles, step by step: they come, change, are read again, withheld, decided on, taken down."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.undecided: list[int] = []
        self.known: set[int] = set()
        self.gone: set[int] = set()

    def take(self, steps: Sequence[Step]) -> None:
        """Do what the steps say, and have what waits join now and then, and in the end."""
        for minute, (what, number, text, day) in enumerate(steps):
            one = later(page(number, POOL[text], DATES[day], title="Одна новость"), minute)
            if what in {"accept", "reject"}:
                self._decide(ACCEPTED if what == "accept" else REJECTED)
            elif what == "take down":
                self._take_down(number)
            elif what == "read again":
                self._read_again(one)
            elif number not in self.gone:
                self._write(one, is_judged=what == "withhold")
            if minute % 3:
                join_waiting(self.engine)
        join_waiting(self.engine)

    def _write(self, one: Page, *, is_judged: bool) -> None:
        run = begin_run(self.engine, "armtorg", "crawl", {}) if is_judged else None
        write_batch(self.engine, [one], run, is_judged=is_judged)
        self.known.add(one.key.number or 0)
        self.undecided += filter(None, [run])

    def _decide(self, verdict: str) -> None:
        """Decide on the run that was withheld first."""
        if not self.undecided:
            return
        is_it = schema.runs.c.id == self.undecided.pop(0)
        with self.engine.begin() as connection:
            connection.execute(update(schema.runs).where(is_it).values(verdict=verdict))
        carry_out(self.engine)

    def _take_down(self, number: int) -> None:
        if number in self.known - self.gone:
            remove(self.engine, key(number), "по просьбе")
            self.gone.add(number)

    def _read_again(self, one: Page) -> None:
        """Have another parser find another text in what was fetched last, as `reparse --apply` writes it."""
        number = one.key.number or 0
        found = targets(self.engine, Wanted(ids=((number, number),)))
        run = begin_run(self.engine, "armtorg", "reparse", {})
        rereadings = [(target, replace(one, fetched_at=target.fetched_at or one.fetched_at)) for target in found]
        write_rereadings(self.engine, rereadings, run, one.fetched_at)


def shown_by(engine: Engine) -> list[Page]:
    """Return the articles that are shown, as if they came in for the first time."""
    versions = schema.article_versions
    query = select(schema.articles.c.key, versions.c.title, versions.c.body, versions.c.date_text).join(
        schema.articles, is_published()
    )
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(schema.articles.c.key)).all()
    return [
        page(int(row.key.rpartition("/")[2]), row.body.split("\n\n"), row.date_text, title=row.title) for row in rows
    ]


def told_by(engine: Engine) -> dict[str, Counter[str]]:
    """Return the same without the index, whose cut lists may be longer or shorter."""
    return {table: rows for table, rows in tables_of(engine).items() if table != "shingle_postings"}


@pytest.fixture(autouse=True)
def kinds_of_lists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of texts make a formula, and lists be cut, where a test is about any history."""
    if "any_history" in request.node.name:
        for limit, number in (("MAX_COMMON", 3), ("LEADERS", 2), ("MAX_LISTED", 4)):
            monkeypatch.setattr(shingle_index, limit, number)


def test_an_article_that_is_read_again_as_another_text_leaves_its_cluster_for_another(engine: Engine, ask: Ask) -> None:
    same, other = POOL.index(OTHER), POOL.index(THIRD)
    came = [("publish", 1, same, 0), ("publish", 2, same, 1), ("publish", 3, other, 3)]
    History(engine).take(came)
    assert [row[1] for row in ask(CLUSTERS)] == [name(1), name(2)]
    History(engine).take([*came, ("read again", 2, other, 1)])
    assert [row[1] for row in ask(CLUSTERS)] == [name(2), name(3)]


@given(st.lists(STEPS, min_size=1, max_size=25))
@settings(max_examples=examples(25), deadline=None)
def test_any_history_ends_in_the_clusters_of_a_rebuild_and_of_the_same_articles_in_another_order(
    steps: list[Step],
) -> None:
    with TemporaryDirectory() as folder:
        engine, other = (open_database(make_sqlite(Path(folder) / f"{one}.db")) for one in ("test", "other"))
        History(engine).take(steps)
        write_batch(other, shown_by(engine)[::-1], None)
        assert told_by(engine) == told_by(other)
        rebuild_clusters(engine)
        assert told_by(engine) == told_by(other)
        engine.dispose()
        other.dispose()


@pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(6))])
def test_any_history_ends_in_the_same_on_both_databases(engine: Engine, tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test must repeat itself
    steps = [
        (random.choice(KINDS), random.randint(1, 20), random.randrange(len(POOL)), random.randrange(len(DATES)))
        for _ in range(60)
    ]
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    History(engine).take(steps)
    write_batch(other, shown_by(engine), None)
    assert told_by(engine) == told_by(other)
    rebuild_clusters(engine)
    assert told_by(engine) == told_by(other)
    other.dispose()


# Before anything is written, behind texts and relations, behind all, and behind the clusters.
MOMENTS = ("_grouped", "_bring_over", "_write_clusters", "_number_shown")


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_takedown_during_a_rebuild_leaves_nothing_of_the_article_and_the_clusters_of_a_rebuild(
    engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    publish(engine, page(1, ONE, "1 Июня 2016"), page(2, varied(1)), page(3, varied(2)), page(4, THIRD), page(5, THIRD))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM relations")
    real, calls = getattr(reclustering, moment), list[object]()

    def other(*given: Any) -> object:
        if not calls:
            calls.append(given)
            remove(engine, key(1), "по просьбе")
        return real(*given)

    monkeypatch.setattr(reclustering, moment, other)
    rebuild_clusters(engine)
    monkeypatch.undo()
    here = {row[0] for row in ask("SELECT id FROM articles")}
    assert {row[0] for row in ask("SELECT article_id FROM cluster_members")} == here
    assert {text for _, text in postings(engine)} == {row[0] for row in ask("SELECT id FROM texts")}
    before = tables_of(engine)
    rebuild_clusters(engine)
    assert tables_of(engine) == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_comes_or_changes_during_a_rebuild_waits_and_joins_at_its_end(
    engine: Engine, ask: Ask, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    publish(engine, page(1, ONE), page(2, OTHER), page(3, THIRD), page(4, THIRD))
    real, waited = getattr(reclustering, moment), list[int]()

    def other(*given: Any) -> object:
        if not waited:
            publish(engine, page(5, ONE), later(page(4, OTHER), minutes=60))
            waited.append(number_unjoined(engine))
        return real(*given)

    monkeypatch.setattr(reclustering, moment, other)
    rebuild_clusters(engine)
    monkeypatch.undo()
    assert (waited, number_unjoined(engine)) == ([2], 0)
    assert [row[:2] for row in ask(CLUSTERS)] == [
        (name(1), name(1)),
        (name(1), name(5)),
        (name(2), name(2)),
        (name(2), name(4)),
    ]
    before = tables_of(engine)
    rebuild_clusters(engine)
    assert tables_of(engine) == before

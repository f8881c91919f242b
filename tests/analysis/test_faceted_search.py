"""What the search page finds and counts is what `armcrawl search` and the views say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from armcrawl.analysis.search import search
from armcrawl.russian.search_query import parse_query
from armcrawl.store.base.database import open_read_only, reading
from armcrawl.store.queries.article_rows import rows_of
from armcrawl.store.queries.dashboard_figures import figures
from armcrawl.store.queries.faceted_search import Choice, browse, facets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine


@pytest.fixture(scope="module")
def engine(press_file: Path) -> Iterator[Engine]:
    opened = open_read_only(f"sqlite:///{press_file}")
    yield opened
    opened.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with reading(engine) as opened:
        yield opened


@pytest.mark.parametrize("words", ["задвижки", "регулятор давления", "завод -электропривод", "цех", '"16 МПа"'])
def test_hits_and_their_order_are_those_of_the_command(engine: Engine, connection: Connection, words: str) -> None:
    found = rows_of(connection, browse(connection, parse_query(words), Choice(), 100))
    assert [article.key for article in found] == [hit.article.key for hit in search(engine, words, 100).hits]


def test_pages_of_hits_make_the_whole(connection: Connection) -> None:
    query = parse_query("задвижки")
    whole = browse(connection, query, Choice(), 50)
    pieces = [browse(connection, query, Choice(), 20, offset) for offset in range(0, 60, 20)]
    assert len(whole) == 48
    assert [article for piece in pieces for article in piece] == whole


@pytest.mark.parametrize(
    ("choice", "condition"),
    [
        (Choice(), "1"),
        (Choice(section="articles"), "section = 'articles'"),
        (Choice(year=2015), "published_on LIKE '2015%'"),
        (Choice(source="Вестника арматурщика"), "source = 'Вестник арматурщика'"),
        (Choice(tag="Кунгура"), "key IN (SELECT key FROM v_article_tags WHERE tag = 'Кунгур')"),
        (Choice(section="news", year=2014, tag="задвижки"), "section = 'news' AND published_on LIKE '2014%'"),
    ],
)
def test_a_choice_counts_what_the_view_holds(connection: Connection, choice: Choice, condition: str) -> None:
    counts = "count(*), count(DISTINCT section), count(DISTINCT substr(published_on, 1, 4))"
    ask = f"SELECT {counts} FROM v_articles WHERE {condition}"
    found = facets(connection, None, choice)
    assert (found.total, len(found.sections), len(found.years)) == tuple(connection.execute(text(ask)).one())
    assert len(browse(connection, None, choice, 100)) == found.total
    assert sum(found.sections.values()) == sum(found.years.values()) == found.total


def test_the_dashboard_counts_what_the_views_hold(connection: Connection) -> None:
    found = figures(connection)
    months = connection.execute(text("SELECT substr(published_on, 1, 7), count(*) FROM v_articles GROUP BY 1"))
    assert {month: sum(counts.values()) for month, counts in found.months.items()} == dict(map(tuple, months))
    sources = connection.execute(text("SELECT source, articles FROM v_sources"))
    assert found.sources == dict(map(tuple, sources))
    assert found.reprints == {2016: 1}

"""Half of the sample in both databases: equal row by row, and hit by hit."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text

from armcrawl.analysis.search import search
from armcrawl.russian.search_query import parse_query
from armcrawl.store.base import schema
from armcrawl.store.base.database import open_database, reading
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries import full_text_search
from armcrawl.store.queries.article_rows import rows_of
from armcrawl.store.queries.full_text_search import Finder
from tests.rows import engine_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.sample.articles import Sample
    from tests.cli.conftest import Undisturbed
    from tests.forking import Finished

    Command = Callable[..., Finished]

FAST = ("--delay", "0", "--concurrency", "8")
SHOWN = 5
WORDS = [
    "задвижки", "задвижка", "кран", "шаровых кранов", "клапан", "завод", "испытания", "выставка", "ГОСТ", "DN",
    "DN 500", "DN 300", "ГОСТ 33259-2015", "экспорт", "импортозамещение", "арматура", "арматуры 2016", "приводы",
    "насос", "газ",
    "нефть", "теплосети", "Волжский", "Ковригин", "литьё", "литье", "сварка", "электропривод", "затвор", "ремонт",
    "и", "в", "не", "рынок", "рынка", "нет такого слова", "30с41нж", "-", "Урал", "Казань",
]  # fmt: skip
PHRASES = [
    '"шаровые краны"', "«шаровых кранов»", '"арматурный завод"', '"пресс-служба"', '"млн рублей"', '"в год"',
    "завод -кран", "кран -завод -газ", 'задвижки "млн рублей"', '"на выставке" стенд', "научно-технический",
    '-"млн рублей" завод', "тонн -тыс", '"DN 500"', '"ГОСТ 33259-2015"', "ПАО «Газпром»", "2020 год", "№ 5", "ё", "°C",
]  # fmt: skip

FORMS = {
    "{} {}": 30, "{} OR {}": 30, "({} | {}) {}": 20, "({} -{}) | {}": 20, "{} -{}": 20, "{} -тег:({} | {})": 10,
    'тег:"{}"': 20, "источник:({})": 10, 'заголовок:"{}"': 10, 'тег:"{}" OR заголовок:({})': 20, '"{} {}"~20': 20,
    '"{} {} {}"~9': 10, "сайт:armtorg {}": 3, "{} -сайт:armtorg.ru": 2, "клап* {}": 5, "станк* OR {}": 5, "33* | 2*": 1,
    "а*": 1, "30с4*": 1, "тег:задвиж*": 1, '"шаровых кран*"': 1,
}  # fmt: skip


def queries() -> list[str]:
    """Return three hundred: each form of the language with words of the trade."""
    chosen = Random(5)  # noqa: S311 - the same ones each time

    def some(number: int) -> tuple[str, ...]:
        return tuple(chosen.sample(WORDS[:-2], number))

    made = [*WORDS, *PHRASES]
    for template, number in FORMS.items():
        made += [template.format(*some(template.count("{}"))) for _ in range(number)]
    return made


@pytest.fixture
def engines(armcrawl: Command, undisturbed: Undisturbed, crawled: Path, postgresql_database: str) -> Any:
    done = armcrawl("crawl", "--base-url", undisturbed.url, "--database", postgresql_database, *FAST)
    assert done.code == 0, done.err
    opened = [open_database(url) for url in (f"sqlite:///{crawled}", postgresql_database)]
    yield opened
    for engine in opened:
        engine.dispose()


def linked(engine: Engine) -> list[tuple[object, ...]]:
    """Return links by what they link, as internal numbers differ."""
    # Each crawl read the pages at its own time.
    columns = {view.name: ", ".join(name for name in view.columns if name != "read_at") for view in VIEWS}
    with reading(engine) as connection:
        views = [connection.execute(text(f"SELECT {names} FROM {view}")).all() for view, names in columns.items()]
    return sorted(tuple(map(str, row)) for found in views for row in found)


def found(engine: Engine, query: str, limit: int = 1000) -> object:
    """Return the articles that a query finds, or what is said of it."""
    try:
        with reading(engine) as connection:
            return rows_of(connection, Finder(connection, parse_query(query)).find(limit))
    except Exception as error:  # noqa: BLE001 - the same error on both is parity as well
        return str(error)


def shown(engine: Engine, query: str) -> object:
    """Return the first hits as they are shown; excerpts follow from the texts alone, and take long."""
    try:
        return search(engine, query, SHOWN)
    except Exception as error:  # noqa: BLE001 - the same error on both is parity as well
        return str(error)


def test_both_databases_hold_the_same_and_find_the_same(
    engines: list[Engine], half: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite, postgresql = engines
    assert engine_rows(sqlite) == engine_rows(postgresql)
    assert linked(sqlite) == linked(postgresql)
    with reading(sqlite) as one, reading(postgresql) as other:
        places = select(schema.search_documents.c.place).order_by(schema.search_documents.c.place)
        assert one.execute(places).all() == other.execute(places).all()
    asked = queries()
    assert len(asked) == 300
    hits = 0
    for query in asked:
        first, second = found(sqlite, query), found(postgresql, query)
        assert first == second, query
        hits += len(first) if isinstance(first, list) else 0
    for query in WORDS + PHRASES:
        assert shown(sqlite, query) == shown(postgresql, query), query
    assert hits > len(half.articles)
    # Beyond the newest articles PostgreSQL's index is asked; the sample is too small to come to that by itself.
    monkeypatch.setattr(full_text_search, "NEAREST", 40)
    for query in asked:
        assert found(sqlite, query) == found(postgresql, query), query
        assert found(sqlite, query, SHOWN) == found(postgresql, query, SHOWN), query

"""What is counted is what one finds who reads every article: of all, and of those that a search finds."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import pytest

from armcrawl.analysis.search import search
from armcrawl.items import Tag
from armcrawl.russian.search_query import parse_query
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import reading
from armcrawl.store.queries import statistics
from armcrawl.store.queries.choice import Choice
from armcrawl.store.queries.counted_articles import ALL, Among, every_month, months_of
from armcrawl.store.queries.cross_counts import By, crossed
from tests.conftest import attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from tests.store.conftest import Ask

DATES = ("4 марта 2016", "31 Мая 2016", "30 мая 2016", "1 января 2015", "2015 год", None, "май 2016", "2014 год")
WORDS = (
    "Кран прошёл испытания", "Задвижки отгружены", "Завод выпустил задвижку", "Задвижка и кран",
    "Краны для теплосетей", "Новый завод", "Задвижек стало больше", "Завод кранов",
)  # fmt: skip
FIRST, LAST = date(2015, 1, 1), date(2016, 5, 30)
Facts = dict[str, dict[By, set[str | None]]]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Fill a database with articles of every precision, with a name that is a tag here and a source there."""
    pages = [
        stored(
            number + 1,
            section="reviews" if number in (2, 5) else "news",
            date_text=text,
            title=title,
            paragraphs=(f"Сведения под номером {number}.",),
            tags=(Tag("задвижек" if number % 2 else "задвижки"), *((Tag("АйБиТех"),) if number % 3 == 0 else ())),
            attribution=attributed("Источник: АйБиТех", "АйБиТех") if number < 4 else None,
        )
        for number, (text, title) in enumerate(zip(DATES, WORDS, strict=True))
    ]
    write_batch(engine, pages, None)
    return engine


@pytest.fixture
def facts(filled: Engine, ask: Ask) -> Facts:
    """What one finds who reads every article."""
    found: Facts = {}
    for key, site, section, day, precision in ask(
        "SELECT key, site, section, published_on, date_precision FROM v_articles"
    ):
        month = day and day[: 4 if precision == "year" else 7]
        found[key] = defaultdict(set, {By.MONTH: {month}, By.SECTION: {f"{site}/{section}"}})
    for by, view, name in ((By.TAG, "v_article_tags", "tag"), (By.SOURCE, "v_article_sources", "source")):
        for key, value in ask(f"SELECT key, {name} FROM {view}"):
            found[key][by].add(value)
            found[key][By.ENTITY].add(value)
    del filled
    return found


def chosen(
    engine: Engine, facts: Facts, words: str | None, first: date | None, last: date | None, ask: Ask
) -> set[str]:
    """Return the keys of the articles that are counted."""
    if words is not None:
        return {hit.article.key for hit in search(engine, words, 100, Choice(first=first, last=last)).hits}
    days: dict[str, str | None] = dict(ask("SELECT key, published_on FROM v_articles"))
    if first is None or last is None:
        return set(facts)
    return {key for key in facts if (day := days[key]) and first.isoformat() <= day <= last.isoformat()}


@pytest.mark.parametrize("words", [None, "задвижка", "кран -задвижка", "нарзан"])
@pytest.mark.parametrize(("first", "last"), [(None, None), (FIRST, LAST)])
def test_each_count_is_that_of_who_reads_all(
    filled: Engine, facts: Facts, ask: Ask, words: str | None, first: date | None, last: date | None
) -> None:
    among = Among(parse_query(words) if words else None, first=first, last=last)
    keys = chosen(filled, facts, words, first, last, ask)
    counting: dict[By, Callable[..., list[statistics.Count]]] = {
        By.TAG: statistics.by_tag,
        By.SOURCE: statistics.by_source,
        By.ENTITY: statistics.by_entity,
    }
    for by, count in counting.items():
        naive = Counter(name for key in keys for name in facts[key][by])
        assert {one.name: one.articles for one in count(filled, among)} == naive
    sections = {f"{one.kind}/{one.name}": one.articles for one in statistics.by_section(filled, among)}
    assert sections == Counter(name for key in keys for name in facts[key][By.SECTION])
    months = {one.name: one.articles for one in statistics.by_month(filled, among) if one.articles}
    assert months == Counter(name for key in keys for name in facts[key][By.MONTH])


@pytest.mark.parametrize("words", [None, "задвижка"])
def test_each_two_are_counted_as_who_reads_all_counts_them(
    filled: Engine, facts: Facts, ask: Ask, words: str | None
) -> None:
    keys = chosen(filled, facts, words, None, None, ask)
    for one, other in product(By, By):
        if one is other:
            continue
        naive = Counter(pair for key in keys for pair in product(facts[key][one], facts[key][other]))
        assert crossed(filled, one, other, Among(parse_query(words) if words else None)).articles == naive


def test_months_stand_in_order_with_empty_ones_before_years_and_no_date(filled: Engine) -> None:
    months = crossed(filled, By.MONTH, By.SECTION).one
    assert months == [*every_month("2015-01", "2016-05"), "2014", "2015", None]


def test_of_names_the_most_frequent_are_crossed(filled: Engine) -> None:
    assert crossed(filled, By.ENTITY, By.SECTION, most=1).one == ["задвижки"]


@pytest.mark.parametrize("as_source", [False, True])
def test_the_articles_of_an_entity_are_counted_as_a_tag_or_as_a_source(
    filled: Engine, facts: Facts, ask: Ask, as_source: bool
) -> None:
    [(number,)] = ask("SELECT id FROM entities WHERE name = 'АйБиТех'")
    with reading(filled) as connection:
        found = months_of(connection, Among(sources=(number,)) if as_source else Among(entities=(number,)))
    by = By.SOURCE if as_source else By.ENTITY
    assert found.total == sum("АйБиТех" in fact[by] for fact in facts.values())


def test_words_and_a_name_are_counted_together(filled: Engine, facts: Facts, ask: Ask) -> None:
    [(number,)] = ask("SELECT id FROM entities WHERE name = 'АйБиТех'")
    with reading(filled) as connection:
        found = months_of(connection, Among(parse_query("кран"), entities=(number,)))
    keys = chosen(filled, facts, "кран", None, None, ask)
    assert found.total == sum("АйБиТех" in facts[key][By.ENTITY] for key in keys) > 0


def test_an_article_of_a_year_is_in_no_month(filled: Engine) -> None:
    with reading(filled) as connection:
        found = months_of(connection, ALL)
    assert (found.months["2015-01"], found.years, found.undated) == (1, {"2014": 1, "2015": 1}, 1)
    assert found.total == len(DATES)

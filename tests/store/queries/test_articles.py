"""The newest articles, as a table shows them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import update

from armcrawl.items import Outcome, Tag
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base import schema
from armcrawl.store.queries.article_rows import ArticleRow, newest
from tests.conftest import attributed
from tests.store.conftest import answered, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine


def keys(engine: Engine, limit: int = 10) -> list[str]:
    return [row.key.removeprefix("armtorg/") for row in newest(engine, limit)]


def test_an_empty_database_has_no_articles(engine: Engine) -> None:
    assert newest(engine, 10) == []


def test_a_row_tells_key_date_title_tags_and_source(engine: Engine) -> None:
    write_batch(engine, [stored(attribution=attributed("Источник: ТАСС", "ТАСС"))], None)
    assert newest(engine, 10) == [
        ArticleRow(
            key="armtorg/news/9911",
            published_on=date(2016, 5, 31),
            date_precision="day",
            title="Завод «Салют» открыл новый цех",
            body="Цех рассчитан на три тысячи приводов в год.\n\nВложено 400 млн рублей.",
            address="https://armtorg.ru/news/9911",
            tags=("Салют", "приводы"),
            source="ТАСС",
        )
    ]


def test_a_row_without_date_tags_and_source_is_shown_too(engine: Engine) -> None:
    write_batch(engine, [stored(date_text=None, tags=())], None)
    (row,) = newest(engine, 10)
    assert (row.published_on, row.tags, row.source) == (None, (), None)


def test_articles_come_newest_first(engine: Engine) -> None:
    pages = [
        stored(1, date_text="4 Марта 2020"),
        stored(2, date_text="8 Февраля 2013"),
        stored(3, date_text="6 Апреля 2015"),
    ]
    write_batch(engine, pages, None)
    assert keys(engine) == ["news/1", "news/3", "news/2"]


def test_of_one_day_the_higher_id_comes_first_as_a_number(engine: Engine) -> None:
    write_batch(engine, [stored(9), stored(100), stored(20)], None)
    assert keys(engine) == ["news/100", "news/20", "news/9"]


def test_articles_without_a_date_come_last(engine: Engine) -> None:
    write_batch(engine, [stored(5, date_text=None), stored(4)], None)
    assert keys(engine) == ["news/4", "news/5"]


def test_no_more_than_the_limit_are_shown(engine: Engine) -> None:
    write_batch(engine, [stored(number) for number in range(1, 6)], None)
    assert keys(engine, 2) == ["news/5", "news/4"]


def test_sections_are_shown_together(engine: Engine) -> None:
    write_batch(engine, [stored(1, section="reviews"), stored(2), stored(3, section="articles")], None)
    assert keys(engine) == ["articles/3", "news/2", "reviews/1"]


def test_each_article_has_its_own_tags(engine: Engine) -> None:
    write_batch(engine, [stored(2, tags=(Tag("цех"), Tag("Салют"))), stored(1, tags=(Tag("задвижки"),))], None)
    assert [row.tags for row in newest(engine, 10)] == [("цех", "Салют"), ("задвижки",)]


def test_a_tag_is_shown_by_its_name_not_by_its_print(engine: Engine) -> None:
    write_batch(engine, [stored(1, tags=(Tag("Салют"),))], None)
    write_batch(engine, [stored(2, tags=(Tag("САЛЮТ"),))], None)
    assert [row.tags for row in newest(engine, 10)] == [("Салют",), ("Салют",)]


def test_the_published_version_is_shown(engine: Engine) -> None:
    write(engine, stored(title="Завод открыл цех"), stored(title="Завод закрыл цех"))
    with engine.begin() as connection:
        connection.execute(update(schema.articles).values(published_version=1))
    assert [row.title for row in newest(engine, 10)] == ["Завод открыл цех"]


def test_an_article_that_no_run_published_is_not_shown(engine: Engine) -> None:
    write_batch(engine, [stored()], None)
    with engine.begin() as connection:
        connection.execute(update(schema.articles).values(published_version=None))
    assert newest(engine, 10) == []


def test_pages_without_an_article_are_not_shown(engine: Engine) -> None:
    write_batch(engine, [answered(Outcome.MISSING, 1), answered(Outcome.FAILED, 2)], None)
    assert newest(engine, 10) == []

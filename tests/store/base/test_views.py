"""What the views show, on both databases, and that a column that nobody asks for costs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from armcrawl.items import Attribution, ExchangeRates, Image, Link, Outcome, Source, Tag
from armcrawl.sample.articles import load_sample
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.database import reading
from armcrawl.store.base.views.rates import MAX_CARRIED
from armcrawl.store.queries.view_rows import Selection, rows_of_view
from armcrawl.store.runs.run_record import begin_run
from tests.conftest import FETCHED_AT
from tests.store.conftest import LATER, NEW_TEXT, answered, stored, write

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask

TEXT = next(one.paragraphs for one in load_sample().articles.values() if len(one.paragraphs) >= 4)
NAMES = Attribution("Источник: Интерфакс, «Салют»", (Source("Интерфакс", "Интерфакс"), Source("«Салют»", "«Салют»")))


def row(engine: Engine, number: int, view: str = "v_articles") -> dict[str, object]:
    """Return an article's row of a view, with the values that an export has."""
    with reading(engine) as connection:
        keys = connection.exec_driver_sql(f"SELECT * FROM {view} WHERE 1 = 0").keys()
        found = [
            dict(zip(keys, one, strict=True)) for some in rows_of_view(connection, Selection(view)) for one in some
        ]
    return next(one for one in found if one["key"] == f"armtorg/news/{number}")


def copied(number: int, day: str) -> Page:
    return stored(number, title=f"Новость {number}", paragraphs=TEXT, date_text=day)


def test_names_are_lists_in_the_pages_order_and_each_stands_once(engine: Engine) -> None:
    tags = (Tag("приводы"), Tag("Салют"), Tag("Приводы"))
    write(engine, stored(1, tags=tags, attribution=NAMES), stored(2, tags=()))
    found = row(engine, 1)
    assert found["tags"] == ["приводы", "Салют"]
    assert found["sources"] == ["Интерфакс", "Салют"]
    assert found["entities"] == ["приводы", "Салют", "Интерфакс"]
    assert [row(engine, 2)[name] for name in ("tags", "sources", "entities")] == [[], [], []]


def test_lists_are_equal_texts_on_both_databases_but_for_their_spaces(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1, tags=(Tag('ГОСТ "А"'), Tag("кран\\вентиль"))))
    ((text,),) = ask("SELECT CAST(tags AS TEXT) FROM v_articles")
    assert str(text).replace(", ", ",") == r'["ГОСТ \"А\"","кран\\вентиль"]'


def test_a_copy_is_told_from_the_first_one_and_both_from_what_stands_alone(engine: Engine, ask: Ask) -> None:
    write(engine, copied(1, "2 Июня 2016"), copied(2, "31 Мая 2016"), stored(3))
    columns = ("cluster", "first_key", "first_site", "is_copy")
    assert [tuple(row(engine, number)[name] for name in columns) for number in (1, 2, 3)] == [
        ("armtorg/news/1", "armtorg/news/2", "armtorg", True),
        ("armtorg/news/1", "armtorg/news/2", "armtorg", False),
        (None, None, None, False),
    ]
    assert ask("SELECT key FROM v_articles WHERE is_copy") == [("armtorg/news/1",)]
    assert ask("SELECT key FROM v_articles WHERE NOT is_copy ORDER BY 1") == [("armtorg/news/2",), ("armtorg/news/3",)]


def test_in_a_tie_nobody_is_called_a_copy_nor_the_first(engine: Engine, ask: Ask) -> None:
    write(engine, copied(1, "31 Мая 2016"), copied(2, "31 Мая 2016"))
    assert ask("SELECT DISTINCT is_copy, first_key FROM v_articles") == [(None, None)]
    assert ask("SELECT DISTINCT is_first FROM v_reprints") == [(None,)]
    assert ask("SELECT * FROM v_copies") == []


def test_what_was_not_compared_yet_is_no_copy_and_no_original(engine: Engine) -> None:
    write_batch(engine, [stored(1)], begin_run(engine, "armtorg", "import", {}))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cluster_members")
    assert row(engine, 1)["is_copy"] is None


@pytest.mark.parametrize(
    ("first", "copy", "days", "hours"),
    [
        ("31 Мая 2016", "2 Июня 2016", 2, None),
        ("31 Мая 2016 10:00", "1 Июня 2016 11:30", 1, 25.5),
        ("31 Мая 2016 10:00", "2 Июня 2016", 2, None),
        ("31 Мая 2016 10:00", "31 Мая 2016 10:20", 0, 20 / 60),
    ],
)
def test_the_lag_of_a_copy_is_as_exact_as_both_dates(
    engine: Engine, first: str, copy: str, days: int | None, hours: float | None
) -> None:
    write(engine, copied(1, first), copied(2, copy))
    found = row(engine, 2, "v_copies")
    assert (found["first_key"], found["lag_days"], found["lag_hours"]) == ("armtorg/news/1", days, hours)


def test_there_is_no_lag_from_a_month(engine: Engine) -> None:
    link = (Link("https://armtorg.ru/news/1", "первая"),)
    linked = stored(2, paragraphs=TEXT, date_text="2 Июня 2016", links=link)
    write(engine, copied(1, "Май 2016"), linked)
    found = row(engine, 2, "v_copies")
    assert (found["first_key"], found["reason"], found["lag_days"]) == ("armtorg/news/1", "link", None)


def test_a_moment_is_told_only_where_a_time_is_printed(engine: Engine) -> None:
    write(engine, stored(1, date_text="31 Мая 2016 10:20"), stored(2))
    assert row(engine, 1)["published_at"] == datetime(2016, 5, 31, 7, 20, tzinfo=UTC)
    assert row(engine, 2)["published_at"] is None


def test_versions_are_counted_and_the_first_sight_is_that_of_the_article(engine: Engine) -> None:
    before = FETCHED_AT - timedelta(1)
    write(engine, answered(Outcome.MISSING, 1, fetched_at=before), stored(1))
    write(engine, stored(1, paragraphs=NEW_TEXT, fetched_at=LATER))
    found = row(engine, 1)
    assert (found["version_count"], found["first_seen_at"]) == (2, FETCHED_AT)


def test_an_edit_is_told_with_what_was_before_and_how_soon_it_came(engine: Engine, ask: Ask) -> None:
    day = f"{FETCHED_AT.day} Ноября {FETCHED_AT.year}"
    write(engine, stored(1, date_text=day, title="Завод построит цех"))
    write(engine, stored(1, date_text=day, title="Завод построит два цеха", fetched_at=FETCHED_AT + timedelta(3)))
    told = "SELECT version, days_after, title_before, title, word_count - word_count_before FROM v_edits"
    assert ask(told) == [(2, 3, "Завод построит цех", "Завод построит два цеха", 0)]


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Gost.example/a/b?c=d", "gost.example"),
        ("http://gost.example:8080/", "gost.example"),
        ("https://gost.example?page=1", "gost.example"),
        ("https://gost.example", "gost.example"),
        ("https://new.www.example/#top", "new.www.example"),
        ("mailto:info@gost.example", None),
    ],
)
def test_the_host_of_a_link_is_told_without_port_and_www(
    engine: Engine, ask: Ask, address: str, host: str | None
) -> None:
    write(engine, stored(1, links=(Link(address, "стандарт"),)))
    assert ask("SELECT address, host, text, section FROM v_links") == [(address, host, "стандарт", "news")]


def test_pictures_are_told_with_their_captions(engine: Engine, ask: Ask) -> None:
    pictures = (Image("https://armtorg.ru/1.jpg", "Цех"), Image("https://armtorg.ru/2.jpg"))
    write(engine, stored(1, images=pictures))
    assert ask("SELECT position, caption FROM v_images ORDER BY 1") == [(0, "Цех"), (1, None)]


def printed(number: int, day: date, euro: str) -> Page:
    """Return a page whose header prints the rates of a day."""
    rates = ExchangeRates(day, Decimal(euro), Decimal("75.5"))
    return replace(answered(Outcome.NOT_ARTICLE, number), rates=rates)


def test_a_day_without_a_rate_has_the_last_one_before_and_is_marked(engine: Engine, ask: Ask) -> None:
    friday = date(2026, 11, 20)
    write(engine, printed(1, friday, "90.1"), printed(2, friday + timedelta(3), "90.4"))
    assert ask("SELECT day, euro, rate_date, is_carried FROM v_exchange_rates ORDER BY day") == [
        ("2026-11-20", 90.1, "2026-11-20", 0),
        ("2026-11-21", 90.1, "2026-11-20", 1),
        ("2026-11-22", 90.1, "2026-11-20", 1),
        ("2026-11-23", 90.4, "2026-11-23", 0),
    ]
    assert ask("SELECT count(*) FROM v_exchange_rates WHERE is_carried") == [(2,)]


def test_a_gap_longer_than_holidays_stays_open(engine: Engine, ask: Ask) -> None:
    write(engine, printed(1, date(2025, 12, 31), "90.1"), printed(2, date(2026, 2, 1), "90.4"))
    assert ask("SELECT count(*), max(day) FROM v_exchange_rates WHERE is_carried") == [(MAX_CARRIED, "2026-01-11")]


def test_each_pair_is_told_both_ways_and_once_if_wanted(engine: Engine, ask: Ask) -> None:
    write(engine, stored(1, tags=(Tag("Салют"), Tag("приводы"))), stored(2, tags=(Tag("Салют"),)))
    assert ask("SELECT name, other_name FROM v_entity_pairs ORDER BY name") == [
        ("Салют", "приводы"),
        ("приводы", "Салют"),
    ]
    assert ask("SELECT count(*) FROM v_entity_pairs WHERE NOT is_mirrored") == [(1,)]


def test_the_source_of_an_article_is_nobody_s_companion_in_it(engine: Engine, ask: Ask) -> None:
    attribution = Attribution("Источник: Вестник отрасли", (Source("Вестник отрасли", "Вестник отрасли", None, None),))
    write(engine, stored(1, tags=(Tag("Салют"), Tag("приводы"), Tag("приводов")), attribution=attribution))
    assert ask("SELECT name, other_name FROM v_entity_pairs WHERE NOT is_mirrored") == [("приводы", "Салют")]


def test_a_month_tells_how_many_of_its_ids_were_asked_for(engine: Engine, ask: Ask) -> None:
    write(engine, stored(3, date_text="31 Мая 2016"), answered(Outcome.MISSING, 4), stored(6, date_text="2 Июня 2016"))
    write(engine, stored(7, date_text="2016"))
    assert ask("SELECT * FROM v_completeness_by_month ORDER BY month") == [
        ("armtorg", "news", "2016-05", 1, 3, 1, 2),
        ("armtorg", "news", "2016-06", 1, 3, 2, 1),
    ]


PLAIN = "key, site, section, published_on, date_precision, published_at, title, lead, body, attribution, author"
ASKED = {
    f"SELECT {PLAIN}, word_count, address, outcome, text_hash FROM v_articles": 0,
    "SELECT count(*) FROM v_articles WHERE published_on >= '2016-01-01'": 0,
    "SELECT substr(title, 1, 9), count(*) FROM v_articles GROUP BY 1 ORDER BY 1": 0,
    "SELECT a.title FROM v_articles a JOIN v_article_tags t ON t.key = a.key": 0,
    **{
        f"SELECT key, {name} FROM v_articles": 1
        for name in ("source", "sources", "tags", "entities", "cluster", "first_key", "first_site", "is_copy")
    },
    "SELECT version_count FROM v_articles": 1,
}


@pytest.mark.parametrize("statement", ASKED)
def test_a_column_that_is_not_asked_for_costs_nothing(engine: Engine, statement: str) -> None:
    kind = "QUERY PLAN " if engine.dialect.name == "sqlite" else ""
    with engine.connect() as connection:
        plan = [str(line) for line in connection.exec_driver_sql(f"EXPLAIN {kind}{statement}")]
    correlated = "CORRELATED SCALAR SUBQUERY" if engine.dialect.name == "sqlite" else "SubPlan"
    assert len([line for line in plan if correlated in line]) == ASKED[statement], plan

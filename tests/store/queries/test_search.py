"""Search: the same hits in the same order on both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.analysis import search as searching
from armcrawl.analysis.search import search
from armcrawl.analysis.suggestions import Change, Suggestion
from armcrawl.analysis.unknown_names import UnknownName
from armcrawl.errors import UsageError
from armcrawl.items import Image, Tag
from armcrawl.russian.search_query import Zone
from armcrawl.store.articles.search_index import MAX_OF_ONE_TOKEN, MAX_TOKENS
from armcrawl.store.articles.writing import write_batch
from armcrawl.store.base.article_order import place_of, places_between
from armcrawl.store.base.database import reading
from armcrawl.store.queries import full_text_search
from armcrawl.store.queries.full_text_search import Order
from tests.conftest import FETCHED_AT, attributed
from tests.store.conftest import chosen, key, later, stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.items import Page
    from tests.store.conftest import Ask


def article(number: int, title: str, *paragraphs: str, day: str = "31 Мая 2016", **fields: Any) -> Page:
    text = {"title": title, "paragraphs": paragraphs or ("Пустой текст о погоде.",)}
    return stored(number, date_text=day, **({"tags": ()} | text | fields))


def fill(engine: Engine, *pages: Page) -> None:
    write_batch(engine, pages, None)


def found(engine: Engine, query: str, **filters: Any) -> list[str]:
    return [hit.article.key.rpartition("/")[2] for hit in search(engine, query, 20, chosen(**filters)).hits]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("задвижка", "Завод отгрузил партию задвижек."),
        ("ЗАДВИЖКАМИ", "Новая задвижка прошла испытания."),
        ("елка", "На площади стоит Ёлка."),
        ("ёлка", "На площади стоит елка."),
        ("DN 500", "Кран DN 500 на складе."),
        ("dn 500", "Кран DN 500 на складе."),
        ("C-400", "Система С-400 на выставке."),
        ("С-400", "Система C-400 на выставке."),
        ("ГОСТ 33259-2015", "По ГОСТ 33259‑2015 сделаны фланцы."),
        ("30с41нж", "Задвижка 30c41нж в наличии."),
        ("oblast45.ru", "По сообщению oblast45.ru, цех открыт."),
        ("научно-технический", "Состоялся научно-технический совет."),
        ('"шаровых кранов"', "Завод выпускает шаровые краны."),
        ("«шаровые краны»", "Поставка шаровых кранов началась."),
        ("E.S.T.E.R", "Проект E.S.T.E.R завершён."),
        ("при\u00adвод", "Новый привод готов."),
    ],
)
def test_a_word_a_code_or_a_phrase_is_found_in_any_form(engine: Engine, query: str, text: str) -> None:
    fill(engine, article(1, "Заголовок новости", text), article(2, "Другая новость"))
    assert found(engine, query) == ["1"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("DN 500", "Кран DN 300 прослужил лет 50."),
        ('"шаровых кранов"', "Краны завода не шаровые, а конусные краны."),
        ('"новости завод"', "Завод выпускает краны."),
        ("задвижка -кран", "Задвижка и кран на складе."),
        ('задвижка -"шаровой кран"', "Задвижка и шаровые краны на складе."),
    ],
)
def test_what_is_not_meant_is_not_found(engine: Engine, query: str, text: str) -> None:
    fill(engine, article(1, "Заголовок новости", text))
    assert found(engine, query) == []


def test_all_words_must_occur_in_title_or_text(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки для Севера", "Краны отгружены."), article(2, "Задвижки", "Насосы отгружены."))
    assert found(engine, "задвижка кран") == ["1"]


def test_hits_in_the_title_come_first_and_the_newest_first_within_each(engine: Engine) -> None:
    fill(
        engine,
        article(1, "Задвижки подорожали", day="1 Мая 2013"),
        article(2, "Погода", "Задвижки на складе.", day="1 Мая 2020"),
        article(3, "Задвижки подешевели", day="1 Мая 2015"),
        article(4, "Климат", "Задвижки в пути.", day="1 Мая 2021"),
        article(5, "Задвижка недели", day="1 Мая 2015"),
    )
    assert found(engine, "задвижки") == ["5", "3", "1", "4", "2"]


def test_articles_without_a_date_come_last(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки", day=""), article(2, "Задвижки", day="1 Мая 2013"))
    assert found(engine, "задвижки") == ["2", "1"]


def test_no_more_than_the_limit_are_found(engine: Engine) -> None:
    fill(engine, *(article(number, "Задвижки" if number < 4 else "Кран", "Задвижки.") for number in range(1, 8)))
    assert [hit.article.key.rpartition("/")[2] for hit in search(engine, "задвижки", 5).hits] == [
        "3",
        "2",
        "1",
        "7",
        "6",
    ]


def test_tags_and_sources_are_found_in_any_printed_form(engine: Engine) -> None:
    line = attributed("По материалам портала «Армтруба»", "портал «Армтруба»")
    fill(
        engine,
        article(1, "Задвижки", tags=(Tag("Салют"),), attribution=line),
        article(2, "Задвижки", tags=(Tag("Волна"),), attribution=None),
    )
    assert found(engine, "задвижки", tag="«САЛЮТ»") == ["1"]
    assert found(engine, "задвижки", tag="Неизвестно") == []
    assert found(engine, "задвижки", source="портала Армтруба") == ["1"]


def test_days_limit_a_search_both_included(engine: Engine) -> None:
    fill(engine, *(article(number, "Задвижки", day=f"{number} Мая 2016") for number in range(1, 6)))
    assert found(engine, "задвижки", first=date(2016, 5, 2), last=date(2016, 5, 4)) == ["4", "3", "2"]
    assert found(engine, "задвижки", first=date(2016, 5, 4)) == ["5", "4"]
    assert found(engine, "задвижки", last=date(2016, 5, 1)) == ["1"]


def test_an_undated_article_is_in_no_span_of_days(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки", day=""))
    assert found(engine, "задвижки", last=date(2026, 1, 1)) == []
    assert found(engine, "задвижки", first=date(1990, 1, 1)) == []


def test_the_index_follows_a_change(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки", "Старый текст."))
    fill(engine, later(article(1, "Краны", "Новый текст.", day="1 Мая 2020")))
    assert found(engine, "задвижки") == []
    assert found(engine, "старый") == []
    assert found(engine, "краны") == ["1"]


def test_the_index_follows_a_date_whose_text_stays(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки", "Один текст."))
    fill(engine, later(article(1, "Задвижки", "Один текст.", day="1 Мая 2020")))
    assert found(engine, "задвижки", first=date(2020, 5, 1), last=date(2020, 5, 1)) == ["1"]


def test_a_batch_that_fails_leaves_no_trace_in_the_index(engine: Engine) -> None:
    broken = stored(2)
    broken.fetched_at = FETCHED_AT.replace(tzinfo=None)
    with pytest.raises(Exception, match="naive"):
        fill(engine, article(1, "Задвижки"), broken)
    assert found(engine, "задвижки") == []


def test_excerpts_show_the_hits_in_the_original_text(engine: Engine) -> None:
    text = "Вступление. " * 30 + "На складе лежат шаровые краны и «задвижки» завода. " + "Заключение. " * 30
    fill(engine, article(1, "Новость", text))
    (hit,) = search(engine, '"шаровой кран" задвижка', 1).hits
    marked = [hit.excerpt.text[first:last] for first, last in hit.excerpt.marks]
    assert marked == ["шаровые", "краны", "задвижки"]
    assert hit.excerpt.text.startswith("… ")


def test_a_text_of_a_megabyte_is_indexed_up_to_the_limits(engine: Engine) -> None:
    words = " ".join(f"слово{number}" for number in range(MAX_TOKENS["text"] // 2))
    same = "кран " * (MAX_OF_ONE_TOKEN + 100)
    fill(engine, article(1, "Длинная новость", same + words + " ё" * 300_000))
    assert found(engine, "слово5") == ["1"]
    assert found(engine, f"слово{MAX_TOKENS['text'] // 2 - 1}") == []
    assert found(engine, '"кран слово0"') == []


@pytest.mark.parametrize("query", ["", "  ", "-кран", '""', "!?", '"'])
def test_a_query_without_a_word_is_a_usage_error(engine: Engine, query: str) -> None:
    with pytest.raises(UsageError, match="no word to look for"):
        search(engine, query, 5)


@pytest.mark.parametrize(
    "query",
    ["a'b", "кран & завод", "кран | завод", "кран:*", "NEAR(кран завод)", "{title}:кран", "x\\y", "1(", "%s :x", "AND"],
)
def test_what_is_syntax_to_a_database_is_only_words_to_us(engine: Engine, query: str) -> None:
    fill(engine, article(1, "Новость", f"Кран и завод. {query}"))
    assert found(engine, query) == ["1"]


def test_places_rise_with_the_day_and_then_with_the_id() -> None:
    days = [None, date(2013, 1, 1), date(2013, 1, 2), date(2026, 12, 31)]
    places = [place_of(day, key(number)) for day in days for number in (1, 2, 10**9)]
    assert places == sorted(places)
    assert len(set(places)) == len(places)
    assert max(places) < 2**63


def test_a_span_of_days_holds_the_places_of_its_days_only() -> None:
    lowest, highest = places_between(date(2013, 1, 1), date(2013, 1, 1))
    inside = [place_of(date(2013, 1, 1), key(number)) for number in (1, 10**15)]
    outside = [place_of(day, key(1)) for day in (date(2012, 12, 31), date(2013, 1, 2), None)]
    assert all(lowest <= place <= highest for place in inside)
    assert not any(lowest <= place <= highest for place in outside)


def test_two_articles_at_one_place_are_both_found(engine: Engine, ask: Ask) -> None:
    # Ids that differ by a multiple of 2^36 have the same place.
    fill(engine, article(1, "Задвижки"), article(1 + 2**36, "Задвижки"))
    assert len(found(engine, "задвижки")) == 2
    assert ask("SELECT count(DISTINCT place) FROM search_documents") == [(2,)]


def test_tags_sources_captions_and_authors_are_found(engine: Engine) -> None:
    line = attributed("По материалам портала «Армтруба»", "портал «Армтруба»")
    fill(
        engine,
        article(1, "Новость", tags=(Tag("АСУ ТП"),)),
        article(2, "Новость", attribution=line),
        article(3, "Новость", images=(Image("https://armtorg.ru/1.jpg", "Литейный цех ночью"),)),
        article(4, "Новость", author="Мария Ковригина"),
    )
    assert [found(engine, query) for query in ("АСУ ТП", "армтруба", "ночь цех", "Ковригиной")] == [
        *(["1"], ["2"], ["3"], ["4"])
    ]


def test_no_phrase_reaches_from_one_part_into_another(engine: Engine) -> None:
    images = (Image("https://armtorg.ru/1.jpg", "насос"),)
    fill(engine, article(1, "Новость клапан", "Завод.", tags=(Tag("кран"), Tag("затвор")), images=images))
    for query in ("клапан завод", "клапан кран", "кран затвор", "затвор завод", "завод насос"):
        assert found(engine, f'"{query}"~20') == [], query


def test_hits_in_tags_come_after_those_in_the_title_and_before_those_in_the_text(engine: Engine) -> None:
    fill(
        engine,
        article(1, "Задвижки", day="1 Мая 2013"),
        article(2, "Погода", "Задвижки на складе.", day="1 Мая 2020"),
        article(3, "Погода", tags=(Tag("задвижки"),), day="1 Мая 2015"),
        article(4, "Погода недели", "Пусто.", tags=(Tag("задвижки"),), day="1 Мая 2014"),
    )
    assert found(engine, "задвижки") == ["1", "3", "4", "2"]
    assert found(engine, "задвижки погода") == ["3", "4", "2", "1"]
    newest, oldest = (search(engine, "задвижки", 9, order=order).hits for order in (Order.NEWEST, Order.OLDEST))
    assert [hit.article.published_on.year for hit in newest if hit.article.published_on] == [2020, 2015, 2014, 2013]
    assert oldest == newest[::-1]


def test_what_must_not_be_there_counts_wherever_it_stands(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки", "Кран."), article(2, "Задвижки", tags=(Tag("кран"),)), article(3, "Задвижки"))
    assert found(engine, "задвижка -кран") == ["3"]
    assert found(engine, "заголовок:задвижка -кран") == ["3"]
    assert found(engine, "(задвижка -кран) OR заголовок:кран") == ["3"]


def test_a_site_is_found_by_its_name_and_by_its_hosts(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки"))
    assert [found(engine, f"сайт:{name}") for name in ("armtorg", "www.armtorg.ru", "other")] == [["1"], ["1"], []]
    assert found(engine, "задвижки -site:armtorg") == []


def test_an_article_that_changes_its_tags_alone_is_found_by_the_new_ones(engine: Engine) -> None:
    fill(engine, article(1, "Новость", tags=(Tag("насос"),)))
    fill(engine, later(article(1, "Новость", tags=(Tag("кран"),))))
    assert (found(engine, "насос"), found(engine, "кран")) == ([], ["1"])


def test_how_many_there_are_is_told_up_to_a_limit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(engine, *(article(number, "Задвижки") for number in range(1, 8)))
    shown = search(engine, "задвижки", 3)
    assert (len(shown.hits), shown.total, shown.is_more) == (3, 7, False)
    for module in (full_text_search, searching):
        monkeypatch.setattr(module, "MAX_COUNTED_HITS", 5)
    shown = search(engine, "задвижки", 3)
    assert (shown.total, shown.is_more) == (5, True)


@pytest.mark.parametrize(
    ("query", "text", "change"),
    [
        ("задвжка", "задвижка", Change.SPELLING),
        ("Задвижак клиновая", "Задвижка клиновая", Change.SPELLING),
        ("pfldb;rf", "задвижка", Change.LAYOUT),
        ("задвижка верблюд", "задвижка", Change.WITHOUT),
        ('"клиновые задвижки" верблюд', '"клиновые задвижки"', Change.WITHOUT),
        ("задвижка NOT верблюд", "задвижка -верблюд", Change.SIGNS),
        ("верблюд или задвижка", "верблюд OR задвижка", Change.SIGNS),
    ],
)
def test_where_nothing_is_found_other_queries_are_named(engine: Engine, query: str, text: str, change: Change) -> None:
    fill(engine, *(article(number, "Клиновые задвижки") for number in (1, 2, 3)), article(4, "Задвинуть"))
    assert search(engine, query, 5).suggestions[0] == Suggestion(text, change, 3)


def test_what_is_found_needs_no_other_query(engine: Engine) -> None:
    fill(engine, article(1, "Задвижки"))
    assert search(engine, "задвижки", 5).suggestions == []
    assert search(engine, "верблюд", 5).suggestions == []


def test_a_word_for_an_operator_is_no_word_to_leave_out(engine: Engine) -> None:
    fill(engine, article(1, "Краны и насосы"))
    assert search(engine, "краны NOT насосы", 5).suggestions == []


@pytest.mark.parametrize(
    ("query", "wanted", "unknown"),
    [
        ("задвижки", {"tag": "Слют"}, [UnknownName(Zone.TAGS, "Слют", ("Салют",))]),
        ("задвижки", {"tag": "завод Салюты"}, [UnknownName(Zone.TAGS, "завод Салюты", ("Салют",))]),
        ("задвижки", {"tag": "Салют"}, []),
        ("задвижки", {"source": "Верблюд"}, [UnknownName(Zone.SOURCES, "Верблюд")]),
        ("задвижки", {"source": "Салют"}, [UnknownName(Zone.SOURCES, "Салют")]),  # a tag
        ("тег:слют", {}, [UnknownName(Zone.TAGS, "слют", ("Салют",))]),
        ('источник:"Арм Труба"', {}, [UnknownName(Zone.SOURCES, "Арм Труба", ("портал «Армтруба»",))]),
        ("задвижки сайт:armtorg.com", {}, [UnknownName(None, "armtorg.com", ("armtorg",))]),
        ("задвижки сайт:верблюд", {}, [UnknownName(None, "верблюд")]),
        ("задвижки -тег:верблюд верблюд", {}, []),
    ],
)
def test_what_a_search_is_narrowed_to_and_nobody_has_is_named(
    engine: Engine, query: str, wanted: dict[str, str], unknown: list[UnknownName]
) -> None:
    line = attributed("По материалам портала «Армтруба»", "портал «Армтруба»")
    fill(engine, article(1, "Задвижка", tags=(Tag("Салют"),)), article(2, "Кран", attribution=line))
    nothing = search(engine, query, 5, chosen(**wanted))  # type: ignore[arg-type]  # names only
    assert nothing.unknown == ([] if nothing.hits else unknown)
    assert bool(nothing.hits) == (wanted == {"tag": "Салют"})


def test_the_statement_finds_the_same(engine: Engine) -> None:
    line = attributed("По материалам портала «100% Армтруба»", "портал «100% Армтруба»")
    fill(
        engine,
        article(1, "Задвижки", day="1 Мая 2013", attribution=line),
        article(2, "Погода", "Задвижки на складе.", day="1 Мая 2020", attribution=line),
        article(3, "Задвижки", day="1 Мая 2021"),
    )
    choice = chosen(source="100% Армтруба", first=date(2012, 1, 1))
    with reading(engine) as connection:
        rows = connection.exec_driver_sql(searching.statement(engine, "задвижки", choice)).all()
    assert [(row.key, row.rank) for row in rows] == [("armtorg/news/1", 1), ("armtorg/news/2", 3)]

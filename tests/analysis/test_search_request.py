"""What an address of the search page asks for, and the addresses that a page makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from armcrawl.analysis.serving.search_request import MAX_CHOSEN, SearchRequest, read_request
from armcrawl.errors import UsageError
from armcrawl.store.queries.choice import Facet
from armcrawl.store.queries.full_text_search import Order

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
WHOLE = (
    "/search?q=%D0%BA%D1%80%D0%B0%D0%BD&section=news&tag=%D0%9A%D1%83%D0%BD%D0%B3%D1%83%D1%80&year=2014&year=2015"
    "&-source=%D0%A2%D0%90%D0%A1%D0%A1&since=2014&until=%D0%BC%D0%B0%D0%B9+2016&order=newest&once=1"
)


def read(address: str) -> SearchRequest:
    return read_request(parse_qsl(urlsplit(address).query, keep_blank_values=True), NOW)


def test_an_address_is_read_and_written_the_same() -> None:
    assert read(WHOLE).address == WHOLE


def test_an_address_says_days_values_order_and_copies() -> None:
    asked = read(WHOLE)
    assert (asked.choice.first, asked.choice.last) == (date(2014, 1, 1), date(2016, 5, 31))
    assert asked.choice.of(Facet.YEAR) == ["2014", "2015"]
    assert asked.choice.without(Facet.SOURCE) == ["ТАСС"]
    assert (asked.order, asked.choice.once) == (Order.NEWEST, True)


def test_the_order_of_parameters_makes_no_other_search() -> None:
    path, _, query = WHOLE.partition("?")
    assert read(f"{path}?{'&'.join(reversed(query.split('&')))}").address == WHOLE


def test_a_value_is_wanted_unwanted_or_neither_and_never_both() -> None:
    asked = read("/search?tag=a&-tag=b")
    assert asked.with_value(Facet.TAG, "b") == "/search?tag=a&tag=b"
    assert asked.without_value(Facet.TAG, "a") == "/search?-tag=a&-tag=b"
    assert asked.whatever_value(Facet.TAG, "a") == "/search?-tag=b"
    assert read("/search?tag=a&-tag=a").address == "/search?tag=a"


def test_another_choice_begins_with_the_first_page_and_other_words_keep_the_choice() -> None:
    asked = read("/search?q=a&year=2015&page=7")
    assert asked.with_value(Facet.SITE, "b") == "/search?q=a&site=b&year=2015"
    assert asked.with_words("c") == "/search?q=c&year=2015"
    assert asked.with_page(8) == "/search?q=a&year=2015&page=8"


def test_a_month_is_its_first_and_its_last_day() -> None:
    assert read("/search?q=a&since=2010").in_month("2016-02") == "/search?q=a&since=2016-02-01&until=2016-02-29"


def test_a_feed_has_the_newest_first() -> None:
    assert read("/search?q=a").as_file("atom") == "/search?q=a&order=newest&format=atom"
    assert read("/search?q=a&order=oldest").as_file("csv") == "/search?q=a&order=oldest&format=csv"


KINDS = "person (человек), organisation (организация), place (место), product (продукт), event (событие), topic (тема)"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("since=2016&until=2015", "Конец 31.12.2015 раньше начала 01.01.2016: поменяйте их местами."),
        ("since=когда-то", "Не понять начало «когда-то»: напишите 05.11.2026, ноябрь 2026 или 2026."),
        ("until=31.02.2016", "Не понять конец «31.02.2016»: напишите 05.11.2026, ноябрь 2026 или 2026."),
        ("q=a&q=b", "q задано дважды: оставьте одно."),
        ("format=xyz", "format: здесь бывает только csv, excel, json, parquet, atom."),
        ("order=loudest", "order: здесь бывает только best, newest, oldest."),
        ("kind=место", f"kind: здесь бывает только {KINDS}."),
        ("-year=x", "-year: нужно число от 0 до 9999."),
        ("page=10000", "page: нужно число от 1 до 100."),
        ("page=0", "page: нужно число от 1 до 100."),
        ("tag=a%00b", "tag: в названии есть знаки, которых никто не печатает."),
        ("q=%00", "Искать здесь нечего: нужно хотя бы одно слово или «фраза» без минуса."),
        ("q=" + "+".join("abcdefghijk" * 3), "Слишком много слов и знаков: поиск берёт не больше 32 слов и фраз."),
        ("q=" + "a" * 1001, "Слишком длинно: поиск берёт не больше 1000 знаков."),
        (
            "&".join(f"tag={number}" for number in range(MAX_CHOSEN + 1)),
            "Слишком много выбрано: поиск берёт не больше 50 значений.",
        ),
    ],
)
def test_what_makes_no_sense_is_said_in_one_sentence(query: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(f"/search?{query}")
    assert str(caught.value) == said

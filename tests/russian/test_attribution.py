"""The line that says where a text comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import Attribution, SourceKind
from armcrawl.russian.attribution import read_attribution as read

PIECES = (
    "Пресс-служба ",
    "МЦ ",
    "МГ ",
    "Медиагруппа ",
    "Armtorg",
    "ARMTORG",
    " по материалам ",
    "По материалам ",
    "Источник: ",
    "Ссылка на источник ",
    "ПАО «Газпром»",
    "портала ",
    ".",
    ";",
    " ",
    "\n",
    "«",
    "»",
    ", который",
)
wild_lines = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


def read_attribution(line: str, address: str | None = None) -> Attribution | None:
    """Read a line of a house that calls itself so."""
    return read(line, address, own_names=("Armtorg", "Армторг"))


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Пресс-служба МЦ Armtorg по материалам Минпромторг РФ", "Минпромторг РФ"),
        (
            "Пресс-служба МЦ Armtorg по материалам Союза производителей нефтегазового оборудования",
            "Союз производителей нефтегазового оборудования",
        ),
        ("Пресс-служба МЦ ARMTORG, по материалам АО «Тяжмаш»", "АО «Тяжмаш»"),
        ("Пресс-служба Медиагруппы ARMTORG по информации ПАО «Транснефть»", "ПАО «Транснефть»"),
        ("ПРЕСС-СЛУЖБА МЦ ARMTORG ПО МАТЕРИАЛАМ РОСАТОМА", "РОСАТОМ"),
        ("МГ ARMTORG по материалам ООО «НПО „Регулятор“»", "ООО «НПО „Регулятор“»"),
        ("Медиагруппа «Армторг» по материалам ТАСС", "ТАСС"),
        ("По материалам портала «Энергетика»", "портал «Энергетика»"),
        ("По материалам oblast45.ru", "oblast45.ru"),
        ("Подготовлено по материалам Ростехнадзора", "Ростехнадзор"),
        ("Ссылка на источник tmk-group.ru", "tmk-group.ru"),
        ("Ссылка на источник: tmk-group.ru", "tmk-group.ru"),
        ("Источник: Минэнерго России", "Минэнерго России"),
        ("По материалам Пензенского ПО «Электроприбор»", "Пензенское ПО «Электроприбор»"),
        ("По информации Высшего арбитражного суда", "Высший арбитражный суд"),
        ("Источник: выставка «Насосы. Арматура. Приводы»", "выставка «Насосы. Арматура. Приводы»"),
        ("Источник информации — пресс-центр АО «ОДК»", "пресс-центр АО «ОДК»"),
        ("Первоисточник: журнал «Вестник арматурщика»", "журнал «Вестник арматурщика»"),
    ],
)
def test_an_attribution_names_its_source(line: str, source: str) -> None:
    found = read_attribution(line)
    assert found is not None
    assert (found.line, found.source) == (line, source)


@pytest.mark.parametrize(
    "line",
    [
        "Пресс-служба МЦ Armtorg",
        "Пресс-служба Медиагруппы ARMTORG",
        "МГ ARMTORG",
        "Медиагруппа ARMTORG",
        "МЦ «Армторг»",
    ],
)
def test_the_house_itself_is_no_source(line: str) -> None:
    found = read_attribution(line)
    assert found == Attribution(line)
    assert found.kind is SourceKind.OWN_DESK


def test_the_line_stays_as_printed_but_for_white_space_around_it() -> None:
    found = read_attribution("\n Источник: ТАСС. ")
    assert found is not None
    assert found.line == "Источник: ТАСС."


@pytest.mark.parametrize("end", [".", ";", " .", ""])
def test_a_stop_at_the_end_is_no_part_of_the_source(end: str) -> None:
    found = read_attribution(f"Источник: ТАСС{end}")
    assert found is not None
    assert found.source == "ТАСС"


def test_the_link_of_the_line_is_kept() -> None:
    found = read_attribution("Источник: ТАСС", "https://tass.ru/ekonomika/1")
    assert found is not None
    assert found.address == "https://tass.ru/ekonomika/1"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Завод отгрузил партию задвижек для нефтепровода.",
        "Об этом сообщает пресс-служба МЦ Armtorg.",
        "Фото: пресс-служба МЦ Armtorg",
        "По материалам",
        "Источник:",
        "Источник питания привода: 24 В",
        "Метки Минпромторг РФ",
    ],
)
def test_other_lines_are_no_attribution(line: str) -> None:
    assert read_attribution(line) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "По материалам дела суд установил, что завод нарушил срок поставки.",
        "По материалам проверки возбуждено уголовное дело.",
        "По материалам исследования доля отечественной арматуры выросла до 70 процентов.",
        "По материалам конференции издан сборник. Он поступит в библиотеки в мае.",
        "Источник: так на заводе называют скважину, которая питает цех водой.",
    ],
)
def test_a_sentence_that_begins_alike_is_text(sentence: str) -> None:
    assert read_attribution(sentence) is None


def test_a_paragraph_that_begins_alike_is_text() -> None:
    paragraph = "По материалам " + "открытых источников и отчётов предприятий отрасли " * 5
    assert read_attribution(paragraph) is None


@given(wild_lines)
def test_any_string_may_be_an_attribution_or_not(line: str) -> None:
    found = read_attribution(line)
    assert found is None or found.line in line


@given(wild_lines)
def test_a_source_is_always_printed_in_its_line(line: str) -> None:
    found = read_attribution(line)
    assert found is None or all(source.printed and source.printed in line for source in found.sources)


@pytest.mark.parametrize("pictures", [", фото автора", "; фото: Пётр Зимин", " (фото пресс-службы)", ". Фото редакции"])
def test_whose_the_pictures_are_is_no_part_of_whose_the_text_is(pictures: str) -> None:
    found = read_attribution(f"Источник: Томский вестник{pictures}")
    assert found is not None
    assert (found.line, found.source) == ("Источник: Томский вестник", "Томский вестник")


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Источник: Ведомости от 12.05.2016", "Ведомости"),
        ("Источник: Интерфакс, 12 мая", "Интерфакс"),
        ("Источник: Forbes, май 2022", "Forbes"),
        ("Источник: журнал «Литьё» №5, 2020 г., с. 12-15", "журнал «Литьё»"),
        ("Источник: Ведомости №12(345) от 01.02.2020", "Ведомости"),
        ("Источник: ТАСС, 12:45", "ТАСС"),
        ("Источник: ТАСС, автор Марина Белова", "ТАСС"),
        ("Источник: Коммерсантъ, Анна Петрова", "Коммерсантъ"),
        ("Источник: Прайм, Москва", "Прайм"),
        ("Источник: ТАСС (https://tass.ru/ekonomika/1)", "ТАСС"),
        ("Источник: АО «Салют» / https://salut.example.ru/news/1/", "АО «Салют»"),
        ("Источник: vesti.ru / фото: vesti.ru", "vesti.ru"),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(line: str, source: str) -> None:
    found = read_attribution(line)
    assert found is not None
    assert [one.name for one in found.sources] == [source]


@pytest.mark.parametrize("name", ["завод «1 Мая»", "канал «Россия 2020»", "газета «От 5 мая»"])
def test_a_day_in_quotes_is_part_of_a_name(name: str) -> None:
    found = read_attribution(f"Источник: {name}")
    assert found is not None
    assert found.source == name


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("Источник: ТАСС, РИА Новости", ["ТАСС", "РИА Новости"]),
        ("Источники: Коммерсантъ и Ведомости", ["Коммерсантъ", "Ведомости"]),
        ("По материалам Интерфакса, 5 июня, и пресс-службы АО «Салют»", ["Интерфакс", "пресс-служба АО «Салют»"]),
        ("Источники: https://vesti.ru/1, https://tass.ru/2", ["vesti.ru", "tass.ru"]),
        ("Источник: Металлоснабжение и сбыт", ["Металлоснабжение и сбыт"]),
        ("Источник: Нефть и Газ", ["Нефть и Газ"]),
    ],
)
def test_several_sources_stay_several_and_one_stays_one(line: str, sources: list[str]) -> None:
    found = read_attribution(line)
    assert found is not None
    assert [one.name for one in found.sources] == sources


def test_an_address_names_its_site_and_not_a_source_for_each_article() -> None:
    found = read_attribution("Источник: https://www.vesti.ru/article/123")
    assert found is not None
    assert [(one.printed, one.name) for one in found.sources] == [("https://www.vesti.ru/article/123", "vesti.ru")]


def test_the_houses_own_address_is_no_source() -> None:
    assert read_attribution("Источник: https://armtorg.ru/news/1") == Attribution("Источник: https://armtorg.ru/news/1")


@pytest.mark.parametrize(
    "line",
    ["Источник: 12 мая", "Источник: 2024 год", "Источник: 12:30", "Источник: «»", "По материалам зарубежных СМИ"],
)
def test_a_day_and_signs_and_the_media_at_large_are_no_source(line: str) -> None:
    found = read(line)
    assert found is None or found.sources == ()


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Источник: 12 мая, ТАСС", "ТАСС"),
        ("Источник: по материалам РБК", "РБК"),
        ("По информации Минцифры", "Минцифры"),
        ("Пресс-служба губернатора Челябинской области", "Пресс-служба губернатора Челябинской области"),
    ],
)
def test_a_source_beside_other_words_of_its_line(line: str, name: str) -> None:
    found = read(line)
    assert found is not None
    assert [source.name for source in found.sources] == [name]

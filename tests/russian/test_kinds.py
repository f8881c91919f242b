"""What a name names, as far as the name tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.items import Kind
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.tags import canonical_tag

PIECES = (
    "АО ",
    "«",
    "»",
    '"',
    "завод ",
    "Омск",
    "-",
    "2024",
    " ",
    "ГОСТ ",
    "12",
    "Иван Петров",
    "Expo",
    ".ru",
    "клапан",
    "(",
)
wild_names = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


@pytest.mark.parametrize(
    "name",
    [
        "АО «Тяжмаш»",
        "ФГУП Спецзатвор",
        "AO Spetszatvor",
        "Nordventil GmbH",
        "завод «Маяк»",
        "Омский НПЗ",
        "Казанский ГАСУ",
        "британский МИД",
        "Сибкранмаш",
        "РусЗатвор",
        "Вятрегулятор",
        "Ока-Привод",
        "Российские железные дороги",
        "газпром",
        "вто",
        "министерство энергетики",
        "Главное управление МЧС России",
        "Госагентство по недрам",
        "ТК 259",
        "vesti.ru",
        "«Трубодеталь»",
    ],
)
def test_an_organisation_is_told(name: str) -> None:
    assert kind_of(name) is Kind.ORGANISATION


@pytest.mark.parametrize("name", ["Олег Радионов", "И. П. Зимин", "Менделеев"])
def test_a_person_is_told(name: str) -> None:
    assert kind_of(name) is Kind.PERSON


@pytest.mark.parametrize(
    "name",
    ["Тюмень", "китай", "Пензенская область", "остров Сахалин", "Сосновый Бор", "Улан-Удэ", "США", "Крымский мост"],
)
def test_a_place_is_told(name: str) -> None:
    assert kind_of(name) is Kind.PLACE


@pytest.mark.parametrize(
    "name",
    [
        "шаровые краны",
        "Задвижка 30ч6бр",
        "30с41нж",
        "ГОСТ 33259-2015",
        "ТР ТС 032/2013",
        "API 6D",
        "DN 500",
        "Ту-160",
        "осциллографы",
        "Windows 11",
    ],
)
def test_a_product_or_its_code_is_told(name: str) -> None:
    assert kind_of(name) is Kind.PRODUCT


@pytest.mark.parametrize(
    "name",
    [
        "выставка «Нефтегаз»",
        "Нефтегаз-2023",
        "PCVExpo 2022",
        "Valve World Expo",
        "День машиностроителя",
        "Вторая мировая война",
    ],
)
def test_an_event_is_told(name: str) -> None:
    assert kind_of(name) is Kind.EVENT


@pytest.mark.parametrize(
    "name",
    [
        "импортозамещение",
        "цены на металл",
        "Промышленная безопасность",
        "Библиотеки",
        "парк вагонов",
        "банки",
        "Управление проектами",
        "война с коррозией",
        "Стратегия-2035",
        "УК РФ",
        "газопроводы",
    ],
)
def test_a_topic_is_told(name: str) -> None:
    assert kind_of(name) is Kind.TOPIC


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "«»",
        "Прогресс",
        "Самолёт",
        "Восток",
        "Невский затвор",
        "Сила Сибири",
        "E.S.T.E.R",
        "Умный город",
    ],
)
def test_what_is_not_certain_stays_open(name: str) -> None:
    assert kind_of(name) is None


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://vestnik.example/companies/salut/", Kind.ORGANISATION),
        ("https://vestnik.example/organization_salut/", Kind.ORGANISATION),
        ("https://vestnik.example/regions/salut", Kind.PLACE),
        ("https://vestnik.example/tags/salut", None),
        ("https://vestnik.example/companies", None),
        ("https://[", None),
    ],
)
def test_an_address_tells_where_the_name_does_not(address: str, kind: Kind | None) -> None:
    assert kind_of("Салют", address=address) is kind


def test_a_name_that_tells_is_believed_before_its_address() -> None:
    assert kind_of("шаровые краны", address="https://vestnik.example/companies/krany") is Kind.PRODUCT


def test_whom_an_attribution_names_is_an_organisation_unless_the_name_tells_otherwise() -> None:
    assert kind_of("Салют", attributed=True) is Kind.ORGANISATION
    assert kind_of("Олег Радионов", attributed=True) is Kind.PERSON


@pytest.mark.parametrize(("printed", "kind"), [("Тюмени", Kind.PLACE), ("Минпромторга РФ", Kind.ORGANISATION)])
def test_the_kind_of_a_tag_is_that_of_its_name_in_the_nominative(printed: str, kind: Kind) -> None:
    assert canonical_tag(printed).kind is kind


def test_an_inflected_name_tells_a_person_whom_the_nominative_does_not() -> None:
    assert canonical_tag("Эмманюэлю Макрону").kind is Kind.PERSON


@given(wild_names)
def test_any_string_has_a_kind_or_none(name: str) -> None:
    assert kind_of(name) in {None, *Kind}

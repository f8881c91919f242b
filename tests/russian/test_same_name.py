"""Forms of one name, and abbreviations."""

from __future__ import annotations

import pytest

from armcrawl.russian.bodies import body_of
from armcrawl.russian.same_name import abbreviations_in, is_abbreviation, is_same_name, quoted_name
from armcrawl.russian.tags import tag_key

SAME = [
    ("Прометрику", "Прометрика"),
    ("насос", "насосы"),
    ("Салют", "завод «Салют»"),
    ("АО «Салют»", "Салют"),
    ("ТПП РФ", "Торгово-промышленная палата"),
    ("Danfoss", "Данфосс"),
    ("ООО Салют", "завод Салют"),
    ("АО «Завод «Салют»»", "АО «Салют»"),
    ("И. Петров", "Иван Сергеевич Петров"),
    ("Петров Иван", "Иван Петров"),
]
OTHERS = [
    ("насосы", "помпы"),
    ("клапаны", "обратные клапаны"),
    ("АО «Салют»", "ООО «Салют»"),
    ("Кинотеатр «Салют»", "Завод «Салют»"),
    ("Иван Петров", "Пётр Петров"),
    ("И. П.", "Иван Петров"),
    ("Электросила", "Электросталь"),
    ("Завод насосов", "насосы"),
    ("Правительство Москвы", "Москва"),
    ("Северный Поток", "Северный Поток 2"),
    ("Экспо Волга 2019", "Экспо Волга 2020"),
    ("!!!", "???"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_forms_of_one_name_are_told_in_either_order(one: str, other: str) -> None:
    assert is_same_name(one, other)
    assert is_same_name(other, one)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_names_that_are_only_near_are_two(one: str, other: str) -> None:
    assert not is_same_name(one, other)
    assert not is_same_name(other, one)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ЦКБА", "Центральное конструкторское бюро арматуростроения"),
        ("Минпромторг", "Министерство промышленности и торговли"),
        ("НПО «Криоклапан»", "Научно-производственное объединение «Криоклапан»"),
    ],
)
def test_initials_and_syllables_abbreviate(short: str, long: str) -> None:
    assert is_abbreviation(short, long)
    assert not is_abbreviation(long, short)


@pytest.mark.parametrize(
    ("short", "long"),
    [("ЦКБА", "Центральное бюро арматуростроения"), ("Министр", "Министерство транспорта"), ("НПО", "Объединение")],
)
def test_what_leaves_a_word_out_is_no_abbreviation(short: str, long: str) -> None:
    assert not is_abbreviation(short, long)


def test_syllables_that_fit_in_countless_ways_are_tried_once_each() -> None:
    words = " ".join(["а" * 30] * 12)
    assert not is_abbreviation("А" * 200 + "б", words)
    assert is_abbreviation("А" + "а" * 200, words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("в Торгово-промышленной палате (ТПП)", {("тпп", "торгово-промышленная палата")}),
        ("и ТПП (Торгово-промышленная палата)", {("тпп", "торгово-промышленная палата")}),
        (
            "Министерство промышленности и торговли (далее — Минпромторг)",
            {("минпромторг", "министерство промышленности и торговли")},
        ),
        ("построен цех (2016 год)", set()),
        ("директор завода (Тюмень)", set()),
    ],
)
def test_a_text_explains_abbreviations_in_brackets(text: str, found: set[tuple[str, str]]) -> None:
    assert abbreviations_in(text) == found


def test_two_names_in_quotes_are_no_name() -> None:
    assert quoted_name("«Салют» и «Восток»") is None
    assert quoted_name("АО «Салют»") == ("салют", "АО", True)


@pytest.mark.parametrize("name", ["", "АО", "АО «»", "«»", "«!!!»", "АО «—»", '""'])
def test_signs_in_quotes_are_no_name(name: str) -> None:
    assert quoted_name(name) is None


def test_a_body_is_known_by_each_of_its_names_but_not_by_a_region_s() -> None:
    names = ("Минпромторг РФ", "Минпромторг", "Министерство промышленности и торговли Российской Федерации")
    assert {body.name for name in names if (body := body_of(tag_key(name)))} == {"Минпромторг России"}
    assert body_of(tag_key("Министерство промышленности и торговли Республики Татарстан")) is None


def test_a_firm_that_is_called_by_its_words_is_the_same_in_quotes_and_with_a_legal_form() -> None:
    bare = quoted_name("Волжский арматурный завод")
    full = quoted_name("ООО «Волжский арматурный завод»")
    assert bare is not None
    assert full is not None
    assert (bare.key, bare.before) == (full.key, None)
    assert quoted_name("шаровой кран") is None


@pytest.mark.parametrize("name", ["Затвормаш", "Электропривод-Ока", "Энергоклапан-Атом"])
def test_a_firm_s_name_of_one_word_is_the_same_in_quotes(name: str) -> None:
    assert quoted_name(name) == quoted_name(f"«{name}»")


@pytest.mark.parametrize("name", ["Арматура", "Салют", "Тюмень", "арматура", "Сергей Ковригин"])
def test_what_may_be_a_thing_a_place_or_a_person_is_no_firm_s_name_without_quotes(name: str) -> None:
    assert quoted_name(name) is None

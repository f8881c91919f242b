"""What two spellings of one tag share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.russian.tags import canonical_tag, tag_key, tag_name

# What tags are printed with: letters of both alphabets, digits, and the signs of codes and names.
LETTERS = "абвгдеёжзиклмнопрстухцчшщъыьэюя" + "abcdefghiklmnopqrstuvwxyz"
SIGNS = "0123456789 -–—./«»\"'№"
tags_as_printed = st.text(LETTERS + LETTERS.upper() + SIGNS)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Минпромторг РФ", "Минпромторг РФ"),
        ("  Олег \n Радионов ", "Олег Радионов"),
        ("#импортозамещение", "импортозамещение"),
        ("задвижки,", "задвижки"),
        ("ПАО\u00a0«Газпром»;", "ПАО «Газпром»"),
        ("E.S.T.E.R", "E.S.T.E.R"),
        ("ГОСТ Р 55018-2012", "ГОСТ Р 55018-2012"),
        (" , ", ""),
    ],
)
def test_a_tags_name_is_its_print_without_separators(printed: str, name: str) -> None:
    assert tag_name(printed) == name


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("Минпромторг РФ", "МИНПРОМТОРГ  РФ"),
        ("ПАО «Газпром»", 'ПАО "Газпром"'),
        ("ПАО «Газпром»", "ПАО Газпром"),
        ("учёт воды", "учет воды"),
        ("Санкт–Петербург", "Санкт-Петербург"),
        ("С-400", "C-400"),
        ("АЭС-2006", "AЭС–2006"),
        ("PN16", "РN16"),
        ("К-1000-60/3000", "K-1000-60/3000"),
        ("E.S.T.E.R", "Е.S.T.E.R"),
    ],
)
def test_spellings_of_one_tag_share_its_key(printed: str, other: str) -> None:
    assert tag_key(printed) == tag_key(other)


@pytest.mark.parametrize(
    ("cyrillic", "mixed"),
    [
        ("30с41нж", "30c41нж"),
        ("12Х18Н10Т", "12X18H10T"),
        ("09Г2С", "09Г2C"),
        ("ВВЭР-1200", "BBЭP-1200"),
    ],
)
def test_a_code_is_one_tag_in_either_alphabet(cyrillic: str, mixed: str) -> None:
    assert tag_key(cyrillic) == tag_key(mixed)


def test_a_word_with_one_letter_of_the_wrong_alphabet_is_the_word() -> None:
    latin_c = "\u0043"
    assert tag_key(latin_c + "алют") == tag_key("Салют")


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("объект", "обект"),
        ("С-400", "С-300"),
        ("Газпром", "Газпром нефть"),
        ("задвижка", "задвижки"),
        ("Ассоциация кластеров", "Ассоциацией кластеров"),
        ("ТУ 3741", "ТУ 37-41"),
        ("сор", "cop"),
    ],
)
def test_different_tags_have_different_keys(printed: str, other: str) -> None:
    assert tag_key(printed) != tag_key(other)


@pytest.mark.parametrize("printed", ["", "  ", "«»", '"'])
def test_signs_without_a_name_have_an_empty_key(printed: str) -> None:
    assert tag_key(printed) == ""


@given(st.text())
def test_any_string_has_a_key(printed: str) -> None:
    assert tag_key(printed) == tag_key(f"  {printed}\n")


@given(tags_as_printed)
def test_the_key_of_a_key_is_that_key(printed: str) -> None:
    key = tag_key(printed)
    assert tag_key(key) == key


@given(tags_as_printed)
def test_case_never_parts_a_tag(printed: str) -> None:
    assert tag_key(printed.upper()) == tag_key(printed.lower())


@given(st.text())
def test_any_string_has_a_name_that_is_its_own_name(printed: str) -> None:
    name = tag_name(printed)
    assert tag_name(name) == name


def test_entities_that_hide_one_another_thousandfold_are_undone() -> None:
    assert tag_name("&" + "amp;" * 5000 + "lt;насосы") == "<насосы"


@pytest.mark.parametrize("printed", ["Ива\u0301на Петро\u0301ва", "Ивана Петро\u00adва", "Ивана\u200b Петрова"])
def test_stress_marks_and_soft_hyphens_are_no_part_of_a_name(printed: str) -> None:
    assert canonical_tag(printed).name == "Иван Петров"

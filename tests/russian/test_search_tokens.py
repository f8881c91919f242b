"""The tokens that are indexed and looked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.russian.search_tokens import (
    MAX_TOKEN_LENGTH,
    bare_tokens,
    beginning,
    compounds,
    like_compound,
    looked_for,
    tokens,
)


def found(text: str) -> list[str]:
    return bare_tokens(text).words


@pytest.mark.parametrize(
    "spellings",
    [
        ("DN500", "DN 500", "Ду 500", "Ду500", "ДУ-500", "dn 500"),
        ("PN16", "Ру 16", "Ру16"),
        ("30с41нж", "30 с 41 нж", "30С41НЖ", "30c41нж"),
        ("33259-2015", "33259‑2015", "33259–2015"),
        ("С-400", "C-400", "c‑400", "С 400"),
        ("E.S.T.E.R", "ESTER", "ester"),
        ("40 °C", "40°С", "40 ° C", "40 ℃"),
        ("5,5 МПа", "5.5 МПа"),
        ("м²", "м2"),
        ("ёлка", "ЕЛКА"),
        ("научно-технический", "научно технический"),
        ("при\u00adвод", "привод"),
        ("ТУ 3742", "TY 3742"),
    ],
)
def test_spellings_of_one_thing_are_the_same_tokens(spellings: tuple[str, ...]) -> None:
    assert {tuple(found(text)) for text in spellings} == {tuple(found(spellings[0]))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ГОСТ 33259-2015", ["гост", "33259", "2015"]),
        ("№ 6 (93)", ["6", "93"]),
        ("C++ и C#", ["c++", "и", "c#"]),
        ("oblast45.ru", ["oblast", "45", "ru"]),
        ("А.С.Пушкин", ["a", "c", "пушкин"]),
        ("a_b", ["a", "b"]),
        ("🙂 ... —", []),
    ],
)
def test_words_and_codes_become_tokens(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_signs_keep_apart_what_letters_do_not() -> None:
    assert not set(found("C++")) & set(found("°C и C"))


def test_what_a_hyphen_joins_is_found_without_it() -> None:
    assert bare_tokens("Медиа-центра").joined == found("медиацентр")
    assert compounds("медиа-центр") == ["медиацентр"]
    assert like_compound("медиацентр") == tuple(found("медиацентр"))
    assert compounds("С-400") == []


def test_a_query_looks_for_every_form() -> None:
    ((*tokens_of_steel,),) = looked_for("стали")
    assert {"сталь", "сталь_стать"} <= set(tokens_of_steel)
    assert looked_for("DN500") == [("dn",), ("500",)]


def test_the_last_token_of_a_prefix_may_go_on() -> None:
    assert beginning("станк") == [("станк*", "станок")]
    assert beginning("332") == [("332*",)]
    assert beginning("30с4") == [("30",), ("c",), ("4*",)]
    assert beginning("...") == []


def test_a_token_knows_where_it_stands() -> None:
    text = "«Салют» и Ёлка-2"
    assert [text[token.start : token.end] for token in tokens(text)] == ["Салют", "и", "Ёлка", "2"]


def test_a_very_long_word_is_cut() -> None:
    assert found("w" * 1000) == ["w" * MAX_TOKEN_LENGTH]


@given(st.text())
def test_tokens_hold_nothing_that_a_database_could_split(text: str) -> None:
    for token in tokens(text):
        assert re.fullmatch(r"[\w+#°]+", token.token), token
        assert 0 <= token.start < token.end <= len(text)
    assert [token.token for token in tokens(text)] == found(text)


@given(st.text(alphabet="абвёЁxyzC123-./+ ", max_size=40))
def test_case_makes_no_difference(text: str) -> None:
    assert found(text.upper()) == found(text.lower())

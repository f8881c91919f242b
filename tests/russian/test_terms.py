"""Search terms."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armcrawl.russian.terms import MAX_TERM_LENGTH, terms


def found(text: str) -> list[str]:
    return [term.term for term in terms(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ассоциацией кластеров", ["ассоциац", "кластер"]),
        ("Ёлка ёлки ЕЛКОЙ", ["елк", "елк", "елк"]),
        ("задвижка задвижек рынок рынка образец образца", ["задвижк", "задвижк", "рынк", "рынк", "образц", "образц"]),
        ("ток тк", ["ток", "тк"]),
        ("С-400 C-400 c‑400", ["c-400", "c-400", "c-400"]),
        ("DN 500, DN500", ["dn", "500", "dn500"]),
        ("31.05.2016.", ["31.05.2016"]),
        ("научно-технический", ["научн", "техническ"]),
        ("«Газпром»", ["газпр"]),
        ("a_b", ["a", "b"]),
        ("12,5 %", ["12", "5"]),
        ("при\u00adвод", ["привод"]),
        ("🙂 ... —", []),
    ],
)
def test_words_become_stems_and_codes_stay_whole(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_term_knows_where_it_stands() -> None:
    text = "«Салют» и Ёлка-2"
    assert [text[term.start : term.end] for term in terms(text)] == ["Салют", "и", "Ёлка-2"]


def test_a_very_long_word_is_cut() -> None:
    assert found("я" * 1000 + "1") == ["я" * MAX_TERM_LENGTH]


@given(st.text())
def test_terms_hold_nothing_that_a_database_could_split(text: str) -> None:
    for term in terms(text):
        assert re.fullmatch(r"[^\W_]+(?:[./-]+[^\W_]*)*|[./-]*[^\W_][^\s_]*", term.term), term
        assert "'" not in term.term
        assert not re.search(r"\s", term.term)
        assert 0 <= term.start < term.end <= len(text)


@given(st.text(alphabet="абвёЁxyzC123-./ ", max_size=40))
def test_case_makes_no_difference(text: str) -> None:
    assert found(text.upper()) == found(text.lower())

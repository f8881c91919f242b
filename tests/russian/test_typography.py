"""Two prints of the same words are equal in normal form."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from armcrawl.russian.typography import DASHES, QUOTES, normal_form


@pytest.mark.parametrize("quote", QUOTES)
def test_every_quotation_mark_is_even(quote: str) -> None:
    assert normal_form(f"завод {quote}Салют{quote}") == 'завод "салют"'


@pytest.mark.parametrize("dash", DASHES)
def test_every_dash_is_even(dash: str) -> None:
    assert normal_form(f"АЭС{dash}2006") == "аэс-2006"


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("ЗАВОД", "завод"),
        ("Счётчик учёта", "Счетчик учета"),
        ("и\u0306од", "йод"),
        ("Е\u0308лка", "елка"),
        ("  два \t\n слова ", "два слова"),
        ("100\u00a0000\u202fрублей", "100 000 рублей"),
        ("арма\u00adтура", "арматура"),
        ("клапан\u200b", "клапан"),
        ("\ufeffклапан", "клапан"),
        ("и так далее…", "и так далее..."),
        ("м²", "м2"),
    ],
)
def test_prints_of_the_same_words_are_equal(printed: str, other: str) -> None:
    assert normal_form(printed) == normal_form(other)


@pytest.mark.parametrize(
    ("printed", "other"),
    [("объект", "обект"), ("мой", "мои"), ("два слова", "двеслова"), ("С-400", "C-400"), ("1,5", "15")],
)
def test_other_words_stay_different(printed: str, other: str) -> None:
    assert normal_form(printed) != normal_form(other)


@given(st.text())
def test_any_string_has_a_normal_form_without_uneven_spaces(text: str) -> None:
    form = normal_form(text)
    assert form == " ".join(form.split())


@given(st.text())
@example("е\u00ad\u0308лка")
@example("´салют´")
def test_a_normal_form_is_its_own_normal_form(text: str) -> None:
    form = normal_form(text)
    assert normal_form(form) == form

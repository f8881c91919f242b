"""The quick tests before large patterns let all through that these patterns find."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from armcrawl.russian.citations import TELLING, TELLS, TOLD, TOLD_THERE
from armcrawl.russian.dates.forms import MONTH, PRINTED
from armcrawl.russian.dates.printed import LETTERS_OF_FORM, has_form
from armcrawl.russian.phrases import BYLINE, BYLINE_SIGNS, CALL_INSIDE, IN_CALLS

MORE = settings(max_examples=300)
PIECES = [
    *"0123456789 .,-/:–'()г",
    "01",
    "31",
    "2016",
    " IX ",
    "сегодня",
    "Вчера",
    "ПОЗАВЧЕРА",
    "года",
    "of",
    "th",
    "-го",
]
DATES = st.lists(st.sampled_from(PIECES) | st.from_regex(MONTH, fullmatch=True), max_size=8).map("".join)


def has_some(letters: tuple[str, ...], text: str) -> bool:
    return any(each in text.casefold() for each in letters)


@MORE
@given(st.from_regex(TELLS, fullmatch=True), st.from_regex(TOLD_THERE, fullmatch=True))
def test_each_verb_of_a_citation_has_its_letters(tells: str, told: str) -> None:
    assert has_some(TELLING, tells)
    assert has_some(TOLD, told)


@MORE
@given(st.from_regex(MONTH, fullmatch=True))
def test_each_month_has_its_letters(month: str) -> None:
    assert has_some(LETTERS_OF_FORM, month)


@MORE
@given(DATES)
def test_whatever_has_the_form_of_a_date_is_let_through(text: str) -> None:
    assert has_form(text) is (PRINTED.search(text) is not None)


@MORE
@given(st.from_regex(BYLINE, fullmatch=True), st.from_regex(CALL_INSIDE))
def test_each_byline_and_each_call_has_its_signs(byline: str, call: str) -> None:
    assert has_some(BYLINE_SIGNS, byline)
    assert has_some(IN_CALLS, call)

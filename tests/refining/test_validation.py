"""The contract of a stored article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from armcrawl.items import Article, Image
from armcrawl.refining.validation import MAX_TITLE_LENGTH, fault_of

GOOD = Article("Завод открыл цех", ("Новый цех рассчитан на три тысячи приводов в год.",))


def test_a_title_and_a_paragraph_are_enough() -> None:
    assert fault_of(GOOD) is None


def test_a_picture_stands_in_for_text() -> None:
    assert fault_of(replace(GOOD, paragraphs=(), images=(Image("https://armtorg.ru/uploads/1.jpg"),))) is None


def test_a_missing_date_is_no_fault() -> None:
    assert fault_of(replace(GOOD, published=None, date_text=None)) is None


def test_a_missing_title_is_a_fault() -> None:
    assert fault_of(replace(GOOD, title="")) == "no title"


def test_neither_text_nor_picture_is_a_fault() -> None:
    assert fault_of(replace(GOOD, paragraphs=())) == "neither a paragraph nor a picture"


@pytest.mark.parametrize(("length", "is_good"), [(MAX_TITLE_LENGTH, True), (MAX_TITLE_LENGTH + 1, False)])
def test_a_title_has_a_longest_length(length: int, is_good: bool) -> None:
    assert (fault_of(replace(GOOD, title="я" * length)) is None) == is_good

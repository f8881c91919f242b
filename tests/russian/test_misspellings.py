"""What may have been typed wrongly."""

from __future__ import annotations

import pytest

from armcrawl.russian.misspellings import MAX_LENGTH, one_edit_away, other_layout


@pytest.mark.parametrize("typed", ["клапна", "клапн", "клаппан", "клупан", "лапан"])
def test_the_word_is_one_edit_away(typed: str) -> None:
    assert "клапан" in one_edit_away(typed)


def test_pasted_data_is_no_misspelling() -> None:
    assert one_edit_away("а" * (MAX_LENGTH + 1)) == []


def test_a_latin_word_gets_latin_letters() -> None:
    assert "valve" in one_edit_away("valv")
    assert all(word.isascii() for word in one_edit_away("valv"))


@pytest.mark.parametrize(("typed", "meant"), [("rkfgfy", "клапан"), ("Rehufy", "Курган"), ("фкьещкп", "armtorg")])
def test_the_same_keys_on_the_other_layout(typed: str, meant: str) -> None:
    assert other_layout(typed) == meant

"""What a person types into a search."""

from __future__ import annotations

import pytest

from armcrawl.errors import UsageError
from armcrawl.russian.search_query import MAX_ITEMS, SearchQuery, parse_query


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("шаровых кранов", (("шаров",), ("кран",)), ()),
        ('"шаровых кранов"', (("шаров", "кран"),), ()),
        ("«шаровых кранов» -насос", (("шаров", "кран"),), (("насос",),)),
        ('"DN 500"-затвор', (("dn", "500"),), (("затвор",),)),
        ('"кран шаровой",затвор', (("кран", "шаров"), ("затвор",)), ()),
        ('«ООО "Газпром"»', (("оо", "газпр"),), ()),
        ("„кран шаровой“ –“задвижки клиновые”", (("кран", "шаров"),), (("задвижк", "клинов"),)),
        ("научно-технический", (("научн", "техническ"),), ()),
        ("ГОСТ 33259-2015", (("гост",), ("33259-2015",)), ()),
        ("кран - насос", (("кран",), ("насос",)), ()),
        ('"без конца', (("без", "конц"),), ()),
    ],
)
def test_words_phrases_and_minus_words_are_told_apart(
    text: str, wanted: tuple[tuple[str, ...], ...], unwanted: tuple[tuple[str, ...], ...]
) -> None:
    assert parse_query(text) == SearchQuery(wanted, unwanted)


@pytest.mark.parametrize("text", ["", "   ", "-кран", '""', "!?", "«»"])
def test_without_a_word_there_is_nothing_to_look_for(text: str) -> None:
    with pytest.raises(UsageError, match="no word to look for"):
        parse_query(text)


def test_more_words_than_anybody_types_are_refused() -> None:
    parse_query("кран " * MAX_ITEMS)
    with pytest.raises(UsageError, match=f"A search takes at most {MAX_ITEMS}"):
        parse_query("кран " * (MAX_ITEMS + 1))

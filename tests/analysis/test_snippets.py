"""Excerpts: whole words, the sentence of the hit, every form marked."""

from __future__ import annotations

import pytest

from armcrawl.analysis.snippets import SNIPPET_WORDS, Snippet, snippet
from armcrawl.russian.search_query import Zone, parse_query

BEFORE = "В городе весной проходит большая выставка. " * 5
HIT = "На складе завода лежат шаровые краны и задвижки 30с41нж."
AFTER = " Потом гостей повезли смотреть новую литейную площадку за рекой." * 5


def shown(text: str, query: str, zone: Zone | None = None) -> Snippet:
    return snippet(text, parse_query(query), zone)


def marked(found: Snippet) -> list[str]:
    return [found.text[first:last] for first, last in found.marks]


def test_an_excerpt_begins_with_the_sentence_of_the_hit() -> None:
    found = shown(BEFORE + HIT + AFTER, "задвижка")
    assert found.text.startswith(f"… {HIT}")
    assert marked(found) == ["задвижки"]


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("кран", ["краны"]),
        ('"шаровой кран"', ["шаровые", "краны"]),
        ("30с41нж", ["30с41нж"]),
        ("задвиж*", ["задвижки"]),
        ("кран -насос", ["краны"]),
        ("кран OR задвижка", ["краны", "задвижки"]),
        ('"кран склад"~5', ["складе", "краны"]),
        ("тег:кран задвижка", ["задвижки"]),
    ],
)
def test_every_form_is_marked(query: str, marks: list[str]) -> None:
    assert marked(shown(HIT, query)) == marks


def test_what_is_wanted_in_the_title_is_marked_there_only() -> None:
    assert marked(shown(HIT, "заголовок:кран", Zone.TITLE)) == ["краны"]
    assert marked(shown(HIT, "заголовок:кран")) == []


@pytest.mark.parametrize("words", range(1, 3 * SNIPPET_WORDS))
def test_no_word_is_split(words: int) -> None:
    text = " ".join(f"научно-технический{'.' if at % 7 == 0 else ''}" for at in range(words)) + f" {HIT} {AFTER}"
    cut = shown(text, "задвижка").text.removeprefix("… ").removesuffix(" …")
    assert f" {cut} " in f" {text} "


def test_a_text_without_a_hit_shows_its_beginning() -> None:
    assert shown(BEFORE, "верблюд").text.startswith("В городе")
    assert shown("", "верблюд") == Snippet("", ())

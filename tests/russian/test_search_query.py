"""What a person types into a search."""

from __future__ import annotations

import pytest

from armcrawl.errors import UsageError
from armcrawl.russian.search_query import (
    MAX_COMBINATIONS,
    MAX_DISTANCE,
    MAX_ITEMS,
    MAX_SIGNS,
    Either,
    Every,
    In,
    Near,
    Phrase,
    Zone,
    parse_query,
    plain_words,
)
from armcrawl.russian.search_tokens import looked_for


def phrase(text: str) -> Phrase:
    return Phrase(tuple(looked_for(text)))


VALVE, PUMP, PLANT = phrase("клапан"), phrase("насос"), phrase("завод")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("клапанов", VALVE),
        ("клапан насос", Every((VALVE, PUMP))),
        ("клапан клапаны", VALVE),
        ('"клапан завод"', phrase("клапан завод")),
        ("«клапан завод» -насос", Every((phrase("клапан завод"),), (PUMP,))),
        ('"клапан"-насос', Every((VALVE,), (PUMP,))),
        ("„клапан завод” –“насос”", Every((phrase("клапан завод"),), (PUMP,))),
        ("клапан - насос", Every((VALVE, PUMP))),
        ('"клапан', VALVE),
        ("клапан OR насос", Either((VALVE, PUMP))),
        ("клапан ИЛИ насос", Either((VALVE, PUMP))),
        ("клапан|насос", Either((VALVE, PUMP))),
        ("клапан завод | насос", Either((Every((VALVE, PLANT)), PUMP))),
        ("(клапан | насос) завод", Every((Either((VALVE, PUMP)), PLANT))),
        ("завод -(клапан | насос)", Every((PLANT,), (Either((VALVE, PUMP)),))),
        ("тег:клапан", In(Zone.TAGS, VALVE)),
        ('Source:"клапан завод"', In(Zone.SOURCES, phrase("клапан завод"))),
        ("title:(клапан | насос)", In(Zone.TITLE, Either((VALVE, PUMP)))),
        ("завод -тег:клапан", Every((PLANT,), (In(Zone.TAGS, VALVE),))),
        ("тег:", phrase("тег")),
        ("тег: клапан", In(Zone.TAGS, VALVE)),
        ("«завод «клапан»» насос", Every((phrase("завод клапан"), PUMP))),
        ("сайт:(armtorg | other)", Either((Phrase((("@armtorg",),)), Phrase((("@other",),))))),
        ("клап*", Phrase((("клап*",),))),
        ('"завод клап*"', Phrase((*PLANT.positions, ("клап*",)))),
        ('"клапан завод"~5', Near(VALVE.positions[0], PLANT.positions[0], 5)),
        ('"клапан завод"~999', Near(VALVE.positions[0], PLANT.positions[0], MAX_DISTANCE)),
        ("DN 500 завод", Every((Near(("dn",), ("500",), 1), PLANT))),
        ("Ду500", Near(("dn",), ("500",), 1)),
        ('"Ду 500"', phrase("DN500")),
        ("33259-2015", phrase("33259 2015")),
        ("медиа-центр", Either((phrase("медиа центр"), phrase("медиацентр")))),
        ("сайт:other", Phrase((("@other",),))),
        ("site:https://www.ARMTORG.ru/news", Phrase((("@armtorg.ru", "@armtorg"),))),
        ("AND", phrase("and")),
        ("ORLEN", phrase("orlen")),
    ],
)
def test_a_query_is_read(text: str, node: object) -> None:
    assert parse_query(text).node == node


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("клапан насос", ()),
        ("№ 5", ("№",)),
        ("клапан & насос", ("&",)),
        ("клапан)", (")",)),
        ("(клапан", ("(",)),
        ("клапан ()", ("()",)),
        ("клапан OR", ("OR",)),
        ("клапан OR -насос", ("-насос", "OR")),
        ("клапан *", ("*",)),
        ("клапан» ”", ("»", "”")),
        ('"клапан"~5', ("~5",)),
    ],
)
def test_what_says_nothing_is_told(text: str, dropped: tuple[str, ...]) -> None:
    assert parse_query(text).dropped == dropped


@pytest.mark.parametrize("text", ["", "   ", "-кран", '""', "!?", "«»", "()", "OR", "|", "*", "-кран | -насос"])
def test_without_a_word_there_is_nothing_to_look_for(text: str) -> None:
    with pytest.raises(UsageError, match="no word to look for"):
        parse_query(text)


@pytest.mark.parametrize("sign", ["кран ", "(", ") ", "| ", "-(кран "])
def test_more_than_anybody_types_is_refused(sign: str) -> None:
    with pytest.raises(
        UsageError, match=f"A search takes at most ({MAX_ITEMS} words and phrases|{MAX_SIGNS} words and signs)"
    ):
        parse_query(sign * 10_000)


def test_a_phrase_with_many_forms_is_several_that_overlap() -> None:
    words = "стали марки стали марки стали марки"
    node = parse_query(f'"{words}"').node
    assert isinstance(node, Every)
    for one in node.wanted:
        assert isinstance(one, Phrase)
        combinations = 1
        for position in one.positions:
            combinations *= len(position)
        assert combinations <= MAX_COMBINATIONS
        assert len(one.positions) > 1


def test_words_that_are_wanted_anywhere_are_told_with_their_places() -> None:
    text = 'клапан -насос тег:завод "узел учёта" | кран'
    assert [text[start:end] for start, end in plain_words(text)] == ["клапан", '"узел учёта"', "кран"]

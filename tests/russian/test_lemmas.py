"""Lemmas: one token for all words that a form may be, and the tokens of all forms of a word."""

from __future__ import annotations

import pytest

from armcrawl.russian.lemmas import lemmas, token_of, tokens_beginning, tokens_like


@pytest.mark.parametrize(
    "forms",
    [
        "клапан клапана клапаны клапанов клапанами",
        "узел узла узлы узлов",
        "деталь детали деталей",
        "замена замену заменой",
        "отзыв отзывы отзывов",
        "курган кургане курганом",
        "литье литья литьем",
        "станок станки станков",
        "сталь стали сталью сталей",
        "испытать испытали испытанный испытан",
        "гидроарматура гидроарматуры гидроарматуру",
        "трубопрокат трубопроката трубопрокатом",
        "вуз вуза вузе вузов",
        "гост госта госту гостов",
        "полный полон полна полным",
        "готовый готов готова готовы",
    ],
)
def test_any_form_of_a_word_finds_any_other(forms: str) -> None:
    for one in forms.split():
        for other in forms.split():
            assert token_of(other) in tokens_like(one), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("или", "ил"),
        ("потом", "пот"),
        ("для", "длить"),
        ("данные", "дать"),
        ("ту", "тот"),
        ("отзыв", "отзывчивый"),
        ("кранов", "крановый"),
        ("им", "имя"),
        ("год", "гг"),
    ],
)
def test_a_form_that_hardly_belongs_to_a_word_does_not_find_it(one: str, other: str) -> None:
    assert token_of(other) not in tokens_like(one)


def test_an_ambiguous_form_names_all_that_it_may_be() -> None:
    assert lemmas("стали") == ("сталь", "стать")
    assert token_of("стали") == "сталь_стать"


def test_what_no_dictionary_has_is_its_stem_in_every_form() -> None:
    assert {token_of(form) for form in ("сибнефтемаш", "сибнефтемаша", "сибнефтемашем")} == {"сибнефтемаш"}


def test_a_name_that_ends_as_a_case_does_is_the_same_in_every_form() -> None:
    assert {token_of(form) for form in ("росатом", "росатома", "росатоме", "росатомом")} == {"росат"}
    assert len({token_of(form) for form in ("цветлит", "цветлита", "цветлитом", "цветлите")}) == 1


@pytest.mark.parametrize(("name", "word"), [("метран", "метр"), ("нильсена", "нильс"), ("тагилит", "тагил")])
def test_a_name_is_no_form_of_the_word_that_is_left_of_it(name: str, word: str) -> None:
    assert token_of(name) not in tokens_like(word)
    assert token_of(word) not in tokens_like(name)


def test_a_name_typed_as_a_prefix_finds_itself() -> None:
    assert tokens_beginning("росатом") == ("росат",)


def test_a_prefix_finds_words_whose_forms_begin_with_it() -> None:
    assert tokens_beginning("станк") == ("станок",)
    assert tokens_beginning("рынк") == ("рынок",)
    assert tokens_beginning("клап") == ()

"""What one of two texts has alone."""

from __future__ import annotations

from armcrawl.fingerprints.passages import own_facts, shared_passages

ONE = "Завод «Салют» выпустил 41 кран\n\nДиректор Иван Ковригин назвал цену: 350 рублей. Её подтвердил Пётр Лосев."
OTHER = "Завод «Салют» выпустил 52 крана\n\nЦену, 350 рублей, назвал директор, и с Ковригиным согласны многие."


def test_numbers_and_names_that_the_other_text_lacks_are_given_as_printed() -> None:
    assert own_facts(ONE, OTHER) == {"numbers": ("41",), "names": ("Иван", "Пётр", "Лосев")}
    assert own_facts(OTHER, ONE) == {"numbers": ("52",), "names": ()}


def test_of_equal_texts_neither_has_anything_alone() -> None:
    assert own_facts(ONE, ONE) == {"numbers": (), "names": ()}


def test_passages_that_stand_in_another_order_are_all_told_in_the_order_of_the_first_text() -> None:
    price, yard = "цена крана выросла на треть", "склады в Перми пусты с весны"
    passages = shared_passages(f"Вчера {price}. Потому {yard}.", f"Снова {yard}! Итог: {price}.")
    assert [(one.in_a, one.in_b) for one in passages] == [(price, price), (yard, yard)]


def test_of_a_run_that_stands_twice_the_longer_passage_is_told() -> None:
    opening, rest = "как пишут на заводе", "отгрузка задвижек начнётся в мае"
    [passage] = shared_passages(f"{opening} {rest}", f"{opening}, всё хорошо. Но {opening} {rest}")
    assert passage.in_b == f"{opening} {rest}"


def test_a_text_of_less_than_four_words_shares_no_passage() -> None:
    assert shared_passages("Один два три", "Один два три") == []

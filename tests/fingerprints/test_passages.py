"""What one of two texts has alone."""

from __future__ import annotations

from armcrawl.fingerprints.passages import own_facts

ONE = "Завод «Салют» выпустил 41 кран\n\nДиректор Иван Ковригин назвал цену: 350 рублей. Её подтвердил Пётр Лосев."
OTHER = "Завод «Салют» выпустил 52 крана\n\nЦену, 350 рублей, назвал директор, и с Ковригиным согласны многие."


def test_numbers_and_names_that_the_other_text_lacks_are_given_as_printed() -> None:
    assert own_facts(ONE, OTHER) == {"numbers": ("41",), "names": ("Иван", "Пётр", "Лосев")}
    assert own_facts(OTHER, ONE) == {"numbers": ("52",), "names": ()}


def test_of_equal_texts_neither_has_anything_alone() -> None:
    assert own_facts(ONE, ONE) == {"numbers": (), "names": ()}

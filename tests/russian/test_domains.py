"""The site that a printed address names."""

from __future__ import annotations

import pytest

from armcrawl.russian.domains import site_of_printed, with_sites


@pytest.mark.parametrize(
    ("printed", "site"),
    [
        ("vesti.ru", "vesti.ru"),
        ("https://www.vesti.ru/article/123", "vesti.ru"),
        ("http://m.vesti.ru/", "vesti.ru"),
        ("perm.vesti.ru/123?from=main", "perm.vesti.ru"),
        ("https://ru.vesti.org/wiki/Кран_(техника)", "ru.vesti.org"),
        ("завод.рф", "завод.рф"),
    ],
)
def test_an_address_names_its_site(printed: str, site: str) -> None:
    assert site_of_printed(printed) == site


@pytest.mark.parametrize("printed", ["", "Вести", "сайт vesti.ru", "30.08", "т.е. завод", "vesti.ru и tass.ru"])
def test_other_texts_name_no_site(printed: str) -> None:
    assert site_of_printed(printed) is None


def test_an_address_inside_a_text_becomes_its_site() -> None:
    assert with_sites("сайт https://www.vesti.ru/1.html, а также tass.ru/2.") == "сайт vesti.ru, а также tass.ru."

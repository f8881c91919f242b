"""What is typed to tell a search something, and means words."""

from __future__ import annotations

import pytest

from armcrawl.russian.query_hints import Hint, Misread, hints, in_signs


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("кран с 2015 года", Misread.DAYS, "с 2015 года"),
        ("кран за 2015 г.", Misread.DAYS, "за 2015 г."),
        ("кран 2015-01-01..2015-12-31", Misread.DAYS, "2015-01-01..2015-12-31"),
        ("since:2015 кран", Misread.DAYS, "since:2015"),
        ("кран --until 2015-12-31", Misread.DAYS, "--until 2015-12-31"),
        ("год:2015 кран", Misread.DAYS, "год:2015"),
        ("кран 2015–2016", Misread.DAYS, "2015–2016"),
        ("автор:Петров", Misread.FIELD, "автор"),
        ('author:"Иван Петров"', Misread.FIELD, "author"),
        ("тэг:клапан", Misread.FIELD, "тэг"),
        ('"кран завод"~50', Misread.DISTANCE, "~50"),
        (f'"кран завод"~{"9" * 5_000}', Misread.DISTANCE, f"~{'9' * 5_000}"),
        ("сайт: *", Misread.EMPTY, "сайт"),
        ("тег:-кран", Misread.EMPTY, "тег"),
        ("title:тег:кран", Misread.EMPTY, "тег"),
        ("кран~5", Misread.TILDE, "~"),
        ('"кран завод"~', Misread.TILDE, "~"),
        ("*кран", Misread.STAR, "*"),
        ("кр*н", Misread.STAR, "*"),
        ('"кр* завод"', Misread.STAR, "*"),
        ("кран NOT насос", Misread.NOT, "NOT"),
        ("кран НЕ насос", Misread.NOT, "НЕ"),
        ("кран или насос", Misread.OR, "или"),
        ("кран Or насос", Misread.OR, "Or"),
        ("кран AND насос", Misread.AND, "AND"),
        ("NEAR(кран насос)", Misread.NEAR, "NEAR"),
    ],
)
def test_what_may_mean_something_else_is_named(text: str, kind: Misread, written: str) -> None:
    assert hints(text) == [Hint(kind, written)]


@pytest.mark.parametrize(
    "text",
    [
        "кран OR насос",
        "кран ИЛИ насос",
        "тег:клапан Source:ТАСС",
        '"кран завод"~20',
        '"с 2015 года" кран',
        "«кран или насос»",
        "ГОСТ 33259-2015",
        "от 2000,5 мм",
        "до 500 МПа",
        "https://armtorg.ru/news/1",
        "Завод: новости",
        "кран-или-насос",
        "клап* насос",
        '"кран клап*" насос',
        "тег: клапан",
        "норма 2015",
    ],
)
def test_words_are_words(text: str) -> None:
    assert hints(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("кран NOT насос", "кран -насос"),
        ('кран NOT "шаровой насос"', 'кран -"шаровой насос"'),
        ("кран НЕ (насос или затвор)", "кран -(насос OR затвор)"),
        ("кран AND насос", "кран насос"),
        ('"кран NOT насос" или затвор', '"кран NOT насос" OR затвор'),
        ('author:"Иван Петров" кран', 'author:"Иван Петров" кран'),
    ],
)
def test_words_for_operators_become_signs(text: str, meant: str) -> None:
    assert in_signs(text) == meant

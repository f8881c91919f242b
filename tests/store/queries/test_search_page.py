"""The examples of docs/search.md, on both databases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from armcrawl.analysis.search import search
from armcrawl.cli.explore.search import hinted
from armcrawl.items import Tag
from armcrawl.russian.query_hints import Misread, hints
from armcrawl.store.articles.writing import write_batch
from tests.conftest import TOP, attributed
from tests.store.conftest import stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

ROW = re.compile(
    r"^\| `(?P<query>[^`]+)` \|(?: [^|]*(?:\\\|[^|]*)*\|)? (?P<found>[^|]+) \| (?P<others>[^|]+) \|$", re.MULTILINE
)
PAGE = (TOP / "docs" / "search.md").read_text(encoding="utf-8")


# The tables of examples; those behind tell of options.
EXAMPLES = PAGE.partition("\n## Narrowing")[0]


def examples() -> list[tuple[str, list[str], list[str]]]:
    return [
        (row["query"].replace("\\|", "|"), row["found"].split("; "), row["others"].split("; "))
        for row in ROW.finditer(EXAMPLES)
    ]


SAID = re.compile(r"^\| (?P<typed>[^`|]+) \| (?P<said>[^|]+\.) \|$", re.MULTILINE)


def fields(text: str) -> dict[str, Any]:
    """Return what an article of an example has: a text, or what stands before the colon."""
    kind, _, value = text.partition(": ")
    plain: dict[str, Any] = {"title": "Новость", "paragraphs": ("Без слов.",), "tags": ()}
    if kind == "заголовок":
        return plain | {"title": value}
    if kind == "тег":
        return plain | {
            "tags": (Tag(value),),
            "paragraphs": ("Испытан клапан.",) if "насос" in value else ("Без слов.",),
        }
    if kind == "источник":
        return plain | {"attribution": attributed(f"По материалам: {value}", value)}
    return plain | {"paragraphs": (text,)}


@pytest.fixture
def numbers(engine: Engine) -> dict[str, str]:
    """An article for each text of the page, and its number."""
    texts = sorted({text for _, found, others in examples() for text in (*found, *others)})
    write_batch(engine, [stored(number, **fields(text)) for number, text in enumerate(texts, 1)], None)
    return {str(number): text for number, text in enumerate(texts, 1)}


def test_what_the_page_says_of_other_languages_is_said() -> None:
    rows = SAID.findall(PAGE)
    assert {hint.kind for typed, _ in rows for hint in hints(typed)} == set(Misread)
    for typed, said in rows:
        assert list(hinted(hints(typed))) == [said]


def test_every_example_finds_what_the_page_says(engine: Engine, numbers: dict[str, str]) -> None:
    assert len(examples()) == EXAMPLES.count("\n| `")
    for query, wanted, unwanted in examples():
        found = {numbers[hit.article.key.rpartition("/")[2]] for hit in search(engine, query, 100).hits}
        assert set(wanted) <= found, query
        assert not set(unwanted) & found, query

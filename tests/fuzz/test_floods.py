"""Pages that once took quadratic time: each must be read in time that its size allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from armcrawl.sites import address_of
from tests.fuzz.pages import KEY
from tests.fuzz.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable

TITLE = "Завод «Салют» открыл новый цех"
TEXT = "<p>Цех рассчитан на три тысячи приводов в год, вложено 400 млн рублей.</p>"


def page(body: str, head: str = f"<title>{TITLE}</title>") -> str:
    return f"<html><head>{head}</head><body><h1>{TITLE}</h1>{body}</body></html>"


def declared(field: str, value: object) -> str:
    data = {"@type": "NewsArticle", field: value}
    return page(TEXT, f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>')


# Each took from two to a thousand times what is allowed.
FLOODS: dict[str, Callable[[], str]] = {
    "a date of one word in two alphabets": lambda: declared("datePublished", "я" + "a" * 200_000),
    "a title of a megabyte, and many lines": lambda: page(
        "".join(f"<p>строка номер {number}</p>" for number in range(4000)), f"<title>{'строка ' * 80_000}</title>"
    ),
    "a long declared title, and many headings": lambda: page(
        f"<h1>{TITLE}</h1>" * 20_000, f"<title>{TITLE * 10_000}</title>"
    ),
    "accents in the wrong order": lambda: page(f"{TEXT}<p>а" + "\u0300\u0316" * 40_000),
    "links in deep nesting": lambda: page(
        TEXT + "<div>" * 490 + "".join(f"<p><a href=/news/{number + 1}>{number}</a></p>" for number in range(15_000))
    ),
    "elements that are never closed": lambda: page(TEXT + "<div>" * 20_000 + "</p>" * 50_000),
    "elements that are never closed, and say nothing": lambda: "<div><nav>" * 26_000,
    "list items in unclosed elements": lambda: page(TEXT + "<div>" * 20_000 + "<li>x" * 40_000),
    "options that are never closed": lambda: page(TEXT + "<select>" + "<option>" * 100_000),
    "attributes without end": lambda: page(f"{TEXT}<p {' '.join(f'a{number}' for number in range(40_000))}>x"),
    "attributes that hide behind quoted signs": lambda: page(
        TEXT + "<p " + " ".join(f'a{number}=">"' for number in range(30_000)) + ">x"
    ),
    "lines behind the text that never belong to it": lambda: page(
        f"<div>{TEXT * 5}" + "".join(f"<span>кратко {number}</span><br>" for number in range(30_000))
    ),
    "numbers in one cell of a table": lambda: page(
        f"{TEXT}<table><tr><td>{'<br>'.join(map(str, range(25_000)))}</table>"
    ),
    "prose and links in tables that are never closed": lambda: page(
        TEXT
        + "<table><tr><td>" * 2000
        + "".join(f"{TEXT}<p><a href=/news/{number}>{number}</a>" for number in range(5000))
    ),
    "links to themselves in tables that are never closed": lambda: page(
        TEXT + "<table><tr><td><a href=/x#y>" * 2000 + TEXT * 3000
    ),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_takes_no_more_time_than_its_size_allows(flood: str) -> None:
    head = json.dumps({"url": address_of(KEY), "content_type": "text/html", "status": 200, "last_modified": None})
    TARGETS["pages"].examine(f"{head}\n{FLOODS[flood]()}".encode())

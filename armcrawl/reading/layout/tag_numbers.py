"""The parser's numbers for what stands in a page: quicker to ask for than names, of which each is decoded anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the parser does not know by name it gives a larger number, another one on each page.
MAX_NUMBERS = 1000


def number_of(markup: str) -> int:
    """Return the number of what a piece of markup begins with: `-text` and `-comment` have one as well."""
    body = LexborHTMLParser(f"<body>{markup}").body
    first = body.first_child if body is not None else None
    if first is None:
        raise ValueError(f"{markup!r} is nothing that stands in a page")
    return first.tag_id


def names_by_number(names: Iterable[str]) -> dict[int, str]:
    """Return those of some names of elements that the parser has a number for."""
    parser = LexborHTMLParser("")
    numbered = {parser.create_node(name).tag_id: name for name in names}
    return {number: name for number, name in numbered.items() if number < MAX_NUMBERS}

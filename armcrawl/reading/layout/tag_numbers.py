"""The parser's numbers for tags: quicker to read than their names, which are decoded anew each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from collections.abc import Iterable

# Tags unknown to the parser get larger numbers, which differ from page to page.
MAX_NUMBERS = 1000


def number_of(markup: str) -> int:
    """Return the number of the node that a piece of markup begins with: an element, a text or a comment.

    Raises ValueError if it begins with none.
    """
    body = LexborHTMLParser(f"<body>{markup}").body
    first = body.first_child if body is not None else None
    if first is None:
        raise ValueError(f"{markup!r} begins with no element, text or comment")
    return first.tag_id


def names_by_number(names: Iterable[str]) -> dict[int, str]:
    """Return the names by number, of those names of elements that the parser has a fixed number for."""
    parser = LexborHTMLParser("")
    numbered = {parser.create_node(name).tag_id: name for name in names}
    return {number: name for number, name in numbered.items() if number < MAX_NUMBERS}

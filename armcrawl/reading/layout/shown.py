"""Which elements of a page are shown as text: not hidden ones, nor buttons and labels, nor pictures that are icons."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from armcrawl.reading.layout.html_elements import HEADINGS
from armcrawl.reading.layout.tag_numbers import number_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

TEXT = number_of("text")
# Characters of a button or label: a consent to data processing has two sentences beside its box.
MAX_LABEL_LENGTH = 300
# Nodes in a button or label: an icon in it is drawn with a dozen elements.
MAX_NODES_OF_LABEL = 60
# «Открыть» and «Меню» are no questions.
MIN_WORDS_OF_QUESTION = 3
# Nodes beside a button in its heading: an icon, and white space before and after.
MAX_BESIDE_QUESTION = 3
# Pixels: icons, counters and flags are smaller on at least one side.
MIN_PICTURE_SIZE = 60


def is_question(control: LexborNode) -> bool:
    """Tell whether a button is the whole text of a heading, or contains one: a question that opens its answer."""
    parent = control.parent
    if control.tag != "button" or len(control.text().split()) < MIN_WORDS_OF_QUESTION:
        return False
    if parent is not None and parent.tag in HEADINGS:
        # An icon or white space may be beside it.
        few = list(islice(parent.iter(include_text=True), MAX_BESIDE_QUESTION + 2))
        return len(few) <= MAX_BESIDE_QUESTION + 1 and parent.text(strip=True) == control.text(strip=True)
    return control.css_first("h2, h3, h4, h5, h6") is not None


def holds_text(control: LexborNode) -> bool:
    """Tell whether a button or label lacks its end tag: it contains more text or nodes than any real one."""
    length = 0
    for visited, node in enumerate(control.traverse(include_text=True)):
        if node.tag_id == TEXT:
            length += len((node.text_content or "").strip())
        if length > MAX_LABEL_LENGTH or visited > MAX_NODES_OF_LABEL:
            return True
    return False


def is_hidden(attributes: dict[str, str | None]) -> bool:
    """Tell whether an element's attributes hide it."""
    if "hidden" in attributes:
        return True
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def is_small(attributes: dict[str, str | None]) -> bool:
    """Tell whether a picture's width or height is declared below MIN_PICTURE_SIZE."""
    for side in ("width", "height"):
        value = (attributes.get(side) or "").removesuffix("px")
        if value.isdecimal() and len(value) < 5 and int(value) < MIN_PICTURE_SIZE:
            return True
    return False

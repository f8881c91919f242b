"""Signs that an element is a box beside the text: its name, its first words, its links, the roles of its lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.layout.document import Element, Line

# Roles of lines with which a box begins.
LABELS = frozenset({Role.COMMENTS, Role.RELATED})
# Roles of lines that show that the element around them is a box.
IN_BOXES = frozenset(
    {
        Role.COMMENTS,
        Role.RELATED,
        Role.READ_ALSO,
        Role.CALL,
        Role.TEASER,
        Role.COMMENT,
        Role.DATE,
        Role.LEGAL,
        Role.COUNTER,
    }
)
# The share of characters in links above which a block is a list of links.
MAX_LINKED_BLOCK = 0.4
# Words in the class or id of a box. A box may have as much prose as the text, and then only its name or its first words
# (ABOUT_OTHERS) tell it apart.
NAMES_OF_BOXES = re.compile(
    r"(?:^|[\s_-])(?<!no[_-])(?<!has[_-])(?<!with[_-])(?:side|aside|sidebar|widget|foot|footer|about|author|bio|comments?|reviews?|"
    r"otzyvy|relat\w*|similar|others?|also|recommend\w*|popular|latest|subscri\w*|podpiska|vacanc\w*|jobs?|banners?|ads?|adv|"
    r"promo|copyright|contacts?|legal|disclaimer|share|social|nav)(?=$|[\s_-]|bar|box|block|col)",
    re.IGNORECASE,
)
ABOUT_OTHERS = re.compile(
    r"(?:О (?:нас|компании|журнале|портале|сайте|издании|газете|проекте|редакции)"
    r"|Об (?:издании|авторе|авторах))\b",
    re.IGNORECASE,
)
OTHER_REGIONS = frozenset({"nav", "footer", "aside", "form", "dialog", "menu"})


def is_called_box(element: Element) -> bool:
    """Tell whether the classes or the id of an element contain a word that names a box."""
    classes, name = element.classes, element.name
    return (classes != "" and _names_a_box(classes)) or (name != "" and _names_a_box(name))


@lru_cache(maxsize=4096)  # the pages of a site have the same names
def _names_a_box(name: str) -> bool:
    return NAMES_OF_BOXES.search(name) is not None


def is_mostly_links(lines: Sequence[Line]) -> bool:
    """Tell whether lines have so many of their characters in links that they are a list of links."""
    return sum(line.linked for line in lines) > MAX_LINKED_BLOCK * sum(len(line.text) for line in lines)


def unwrapped(element: Element) -> Element:
    """Return the table inside nested `<div>`s with no other content, which make it scroll, else the element itself."""
    inner = element
    while inner.tag == "div":
        holders = [child for child in inner.children if child.end > child.first]
        if len(holders) != 1 or (holders[0].first, holders[0].end) != (element.first, element.end):
            return element
        inner = holders[0]
    return inner if inner.tag == "table" else element

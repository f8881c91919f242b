"""What tells that an element beside a text is a box: its name, its first words, its links, the roles of its lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.reading.layout.document import Element, Line

# What a box of its own begins with.
LABELS = frozenset({Role.COMMENTS, Role.RELATED})
# What a box holds beside its text.
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
# From here on a block is a list of links.
MAX_LINKED_BLOCK = 0.4
# A box below a text may have as many sentences as the text: then its name, or its first words, tell what it is.
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
    """Tell whether the classes or the id of an element name a box."""
    classes, name = element.classes, element.name
    return (classes != "" and _names_a_box(classes)) or (name != "" and _names_a_box(name))


@lru_cache(maxsize=4096)  # the pages of a site have the same names
def _names_a_box(name: str) -> bool:
    return NAMES_OF_BOXES.search(name) is not None


def is_mostly_links(lines: Sequence[Line]) -> bool:
    """Tell whether links make a list of some lines."""
    return sum(line.linked for line in lines) > MAX_LINKED_BLOCK * sum(len(line.text) for line in lines)


def unwrapped(element: Element) -> Element:
    """Return the table that is all that an element holds, which lets it scroll, else the element."""
    inner = element
    while inner.tag == "div":
        holders = [child for child in inner.children if child.end > child.first]
        if len(holders) != 1 or (holders[0].first, holders[0].end) != (element.first, element.end):
            return element
        inner = holders[0]
    return inner if inner.tag == "table" else element

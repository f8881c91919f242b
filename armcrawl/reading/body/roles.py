"""The roles of a page's lines, which the rules fill in one after another.

A line that no rule claims stays free, and may be text.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import FREE, Role
from armcrawl.reading.layout.entries import find_entries
from armcrawl.russian.phrases import phrase_of, speakers
from armcrawl.sites import PageKey, identify, own_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from armcrawl.reading.layout.document import Document, Element, Line
    from armcrawl.reading.layout.entries import Entry


# Lines: dates, attributions and rubrics may be this far above the title; what is further up is the site's menu.
NEAR_ABOVE_TITLE = 12
# A line with more of its characters in links is a list of links, not text about what they name.
MAX_LINK_SHARE = 0.5
# A line with at least this share of its characters in links is a link, perhaps with a date or a rubric beside it.
MIN_LINK_SHARE = 0.6


class Roles:
    """The roles of a page's lines, by index."""

    def __init__(self, document: Document, title: Line | None) -> None:
        self.document = document
        self.title = title
        self.title_index = -1 if title is None else title.index
        self.own = identify(document.address)
        self.own_names = own_names(document.address)
        self.of: list[Role] = [Role.FREE] * len(document.lines)
        self.targets = self._targets()
        self.teased: set[PageKey] = set()
        # How many lines were claimed: results that depend on free lines stay valid while it does not change.
        self.claims = 0

    def is_free(self, line: Line) -> bool:
        """Tell whether no rule has claimed the line."""
        return self.of[line.index] is FREE

    def lines_of(self, role: Role) -> list[Line]:
        """Return the lines of a role in page order."""
        if role not in self.of:
            return []
        return [line for line, its in zip(self.document.lines, self.of, strict=True) if its is role]

    def mark(self, lines: Iterable[Line], role: Role) -> None:
        """Claim lines that are still free."""
        for line in lines:
            if self.of[line.index] is FREE:
                self.of[line.index] = role
                self.claims += 1

    @cached_property
    def entries(self) -> list[Entry]:
        """The blocks of the page that announce other pages of its site."""
        return find_entries(self.document, self.title)

    @cached_property
    def unlinked_text(self) -> str:
        """The text of the lines that are not mostly links, in lower case with е for ё: tags are searched for in it."""
        unlinked = [line.text for line in self.document.lines if line.link_share < MAX_LINK_SHARE]
        return " ".join(unlinked).casefold().replace("ё", "е")

    def unmark(self, lines: Iterable[Line]) -> None:
        """Make lines free again, whatever rule claimed them."""
        for line in lines:
            self.of[line.index] = Role.FREE

    def has_title(self, element: Element) -> bool:
        """Tell whether the line that shows the title is inside an element."""
        return element.first <= self.title_index < element.end

    def _targets(self) -> dict[int, PageKey]:
        """Return, by line index, the key of the article that a line links to, if the line is mostly that link."""
        targets: dict[int, PageKey] = {}
        for line in self.document.linked:
            if line.link_share < MIN_LINK_SHARE:
                continue
            for anchor in line.anchors:
                if (key := identify(anchor.address)) is not None:
                    if key != self.own:
                        targets[line.index] = key
                    break
        return targets

    @cached_property
    def speakers(self) -> frozenset[str]:
        """The labels of an interview's speakers («Корреспондент»), in lower case: its lines begin as bylines do."""
        return speakers(line.text for line in self.document.lines)

    def continues_below(self, line: Line) -> bool:
        """Tell whether the line below continues this line's sentence, as in a paragraph wrapped by hand with `<br>`."""
        lines = self.document.lines
        below = lines[line.index + 1] if line.index + 1 < len(lines) else line
        goes_on = below.element is line.element and below.gap == 1 and below.text[:1].islower()
        return goes_on and phrase_of(below.text) is None and not below.is_link

"""The numbers by which a listing leads on, where its newest page may be 1 or the last: `?PAGE=57`, then 56."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser, LexborNode

NUMBER = re.compile(r"[1-9]\d{0,4}")
# A link in an item in a list, and the list: further up there are other numbers.
MAX_ABOVE = 3


@dataclass(frozen=True, slots=True)
class Numbers:
    """The links of a page whose text is a number, and the page's `own` number; `falls` that they fall page by page."""

    hrefs: dict[int, str]
    own: int
    falls: bool

    @classmethod
    def of(cls, tree: LexborHTMLParser, address: str, ordinal: int, *, falls: bool | None = None) -> Self:
        """Read the numbers of the page that is the first, second and so on of its listing; `falls` if it is known."""
        links: dict[int, LexborNode] = {}
        for node in tree.css("a[href]"):
            if NUMBER.fullmatch(text := _text(node)):
                links.setdefault(int(text), node)
        hrefs = {number: node.attributes["href"] or "" for number, node in links.items()}
        shown = list(hrefs)
        # Falling numbers without an end are years of an archive.
        is_downwards = len(shown) > 1 and shown[-1] == 1 and shown == sorted(shown, reverse=True)
        own = _in_address(hrefs, address) or _unlinked(links, ordinal) or (shown[0] if is_downwards else ordinal)
        if falls is None:
            # The first page is 1, or the last; the second is 2, or the one before the last.
            last = max([own, *shown])
            falls = is_downwards or (1 in hrefs and abs(last + 1 - ordinal - own) < abs(ordinal - own))
        return cls(hrefs, own, falls)

    @property
    def following(self) -> str | None:
        """Where the next number leads."""
        return self.hrefs.get(self.own + (-1 if self.falls else 1))


def _in_address(hrefs: Mapping[int, str], address: str) -> int | None:
    """Return the number that stands in a page's address where it stands in those of its links."""
    for number, href in hrefs.items():
        before, found, after = urljoin(address, href).rpartition(str(number))
        match = re.fullmatch(f"{re.escape(before)}({NUMBER.pattern}){re.escape(after)}", address) if found else None
        if match is not None:
            return int(match[1])
    return None


def _unlinked(links: Mapping[int, LexborNode], ordinal: int) -> int | None:
    """Return the number that stands beside linked ones without a link, unless it may be how many there are."""
    around = next(iter(links.values())).parent if links else None
    for _ in range(MAX_ABOVE):
        if around is not None and len(around.css("a[href]")) < min(2, len(links)):
            around = around.parent
    if around is None:
        return None
    words = around.text(separator=" ").split()
    found = {int(word) for word in words if NUMBER.fullmatch(word)} - links.keys()
    return found.pop() if len(found) == 1 and ordinal not in found else None


def _text(node: LexborNode) -> str:
    return " ".join(node.text().split())

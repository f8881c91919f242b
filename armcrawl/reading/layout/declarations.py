"""What a page declares in `<title>`, `<meta>`, `<link>` and JSON-LD scripts, in its head or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armcrawl.reading.layout.html_elements import DECLARING_TAGS
from armcrawl.reading.layout.spacing import normalise_spaces

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from armcrawl.reading.layout.links import Resolver

# Characters of a declared value: twice the longest title that may be stored. Each line is compared with declared
# titles, so an endless one would take long.
MAX_DECLARED_LENGTH = 1000


class Declarations:
    """The page's title, its metadata by lower-case name, and the texts of its JSON-LD scripts."""

    def __init__(self, resolve: Resolver) -> None:
        self.resolve = resolve
        self.page_title = ""
        self.meta: dict[str, list[str]] = {}
        self.scripts: list[str] = []

    def read_head(self, head: LexborNode) -> None:
        """Read all declaring elements of the page's head."""
        node: LexborNode | None = head.first_child
        while node is not None:
            tag = node.tag
            if tag in DECLARING_TAGS:
                self.take_in(tag, node)
            node = node.next

    def take_in(self, tag: str, node: LexborNode) -> None:
        """Add what one element declares; of several titles the first counts."""
        if tag == "script":
            self._linked_data(node)
        elif tag == "meta":
            self._metadata(node)
        elif tag == "link":
            self._canonical(node)
        else:
            self.page_title = self.page_title or normalise_spaces(node.text())[:MAX_DECLARED_LENGTH]

    def _canonical(self, node: LexborNode) -> None:
        attributes = node.attributes
        if "canonical" in (attributes.get("rel") or "").lower().split() and (
            address := self.resolve(attributes.get("href") or "")
        ):
            self.meta.setdefault("canonical", []).append(address)

    def _linked_data(self, node: LexborNode) -> None:
        if node.attributes.get("type") == "application/ld+json":
            self.scripts.append(node.text())

    def _metadata(self, node: LexborNode) -> None:
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and (content := normalise_spaces(content)[:MAX_DECLARED_LENGTH]):
            self.meta.setdefault(name.lower(), []).append(content)

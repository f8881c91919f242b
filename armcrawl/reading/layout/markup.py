"""Markup that would take an HTML parser quadratic time is simplified before it is parsed.

At many tags a parser searches all open elements, and at each attribute all earlier ones of the tag: a hostile page of
one megabyte would take minutes.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters: the worst page of this size takes a second.
SMALL_PAGE = 64_000
# Pages of the trade press have a hundred to three thousand tags.
MANY_TAGS = 10_000
# Signs `>` beyond the number of `<`: comparisons and arrow functions in scripts; more may be hidden in quoted
# attributes.
MANY_LOOSE_SIGNS = 500
# Characters of a tag, beyond which its attributes are counted.
LONG_TAG = 8000
TAG_BEGINS = re.compile(r"<[a-zA-Z][^<>]*")
ATTRIBUTES = r"""((?:[^"'>]+|"[^"]*"|'[^']*')*+)"""
TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*){ATTRIBUTES}")
# The content of these elements is no markup, up to their own end tag or to the end of the page.
RAW = rf"<(script|style)(?=[\s/>]){ATTRIBUTES}(>.*?(?:</\1(?=[\s/>])|\Z))"
TAG_OR_RAW = re.compile(f"{RAW}|{TAG.pattern}", re.IGNORECASE | re.DOTALL)
# No real page has more elements open at once, or more separators between the attributes of one tag.
MAX_OPEN = 500
MAX_SEPARATORS = 1000
SEPARATOR = re.compile(r"[\s/=]")
# Elements that never pile up: those without content, those that are closed by another of their kind, and the page's
# own. Inside a drawing or a formula this does not hold.
NEVER_OPEN = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dd dt tr td th tbody thead tfoot colgroup "
    "caption html head body".split()
)
# Elements that stay open after the end of the element around them, until their own end tag.
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# An end tag does not close elements outside of these: https://html.spec.whatwg.org/#has-an-element-in-scope
BARRIERS = frozenset("table object applet marquee template button select svg math".split())


def simplified(html: str) -> str:
    """Return a page without tags that are nested too deeply, and without the attributes of tags that have too many."""
    if len(html) <= SMALL_PAGE or not _is_suspicious(html):
        return html
    return TAG_OR_RAW.sub(_OpenElements().instead, html)


class _OpenElements:
    """An estimate of the elements that a parser has open at a tag: rather too many than too few."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.count: Counter[str] = Counter()
        self.formatting = 0

    @property
    def is_foreign(self) -> bool:
        """Whether a drawing or a formula is open."""
        return bool(self.count["svg"] or self.count["math"])

    def instead(self, found: re.Match[str]) -> str:
        """Return the replacement for a tag, or for a whole script or style sheet."""
        return self.raw(found) if found[1] else self.plain(*found.group(0, 4, 5, 6))

    def raw(self, found: re.Match[str]) -> str:
        """Return the replacement for a script or style sheet; inside a drawing its content is markup."""
        whole, name, attributes, text = found.group(0, 1, 2, 3)
        if self.is_foreign:
            return TAG.sub(lambda tag: self.plain(*tag.group(0, 1, 2, 3)), whole)
        return f"<{name}{text}" if _has_too_many(attributes) else whole

    def plain(self, whole: str, end: str, printed: str, attributes: str) -> str:
        """Return the replacement for a tag."""
        name = printed.lower()
        if end:
            self._end(name)
            return whole
        if (self.is_foreign or name not in NEVER_OPEN) and not self._start(name):
            # A parser takes this for a comment that ends with the `>` of the tag.
            return f"<!{name}"
        return f"<{printed}" if _has_too_many(attributes) else whole

    def _start(self, name: str) -> bool:
        """Open an element; return whether there is room for it."""
        if len(self.stack) + self.formatting >= MAX_OPEN:
            return False
        self.count[name] += 1
        if name in FORMATTING:
            self.formatting += 1
        else:
            self.stack.append(name)
        return True

    def _end(self, name: str) -> None:
        """Close an element, and all inside it."""
        if not self.count[name]:
            return
        if name in FORMATTING:
            self.count[name] -= 1
            self.formatting -= 1
            return
        place = len(self.stack) - 1
        while self.stack[place] != name:
            if self.stack[place] in BARRIERS:
                return
            place -= 1
        self.count.subtract(self.stack[place:])
        del self.stack[place:]


def _has_too_many(attributes: str) -> bool:
    return len(attributes) > MAX_SEPARATORS and len(SEPARATOR.findall(attributes)) > MAX_SEPARATORS


def _is_suspicious(html: str) -> bool:
    """Tell quickly whether a page has more tags, or longer ones, than any honest page."""
    tags = html.count("<")
    if tags > MANY_TAGS or html.count(">") > tags + MANY_LOOSE_SIGNS:
        return True
    return any(len(tag) > LONG_TAG and _has_too_many(tag) for tag in _long_tags(html))


def _long_tags(html: str) -> Iterator[str]:
    """Yield the tags that may be long: those around each piece of half of LONG_TAG characters without a `<`."""
    step = LONG_TAG // 2
    steps = range(step, len(html), step)
    starts = {html.rfind("<", 0, place) for place in steps if html.find("<", place, place + step) < 0}
    yield from (tag[0] for start in starts if (tag := TAG_BEGINS.match(html, start)))

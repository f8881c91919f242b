"""Markup that would cost an HTML parser quadratic time is made plain before it is parsed.

A parser looks through all open elements at many tags, and through all attributes of a tag at each: a hostile
page of one megabyte would take minutes.
"""

from __future__ import annotations

import re
from collections import Counter

# Up to here the worst page takes a second.
SMALL_PAGE = 64_000
# Pages of the trade press have some hundred to three thousand tags.
MANY_TAGS = 10_000
# A script compares numbers, or has arrow functions; more of them may stand in a tag, between quotes.
MANY_LOOSE_SIGNS = 500
LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{8000}")
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^"'>]+|"[^"]*"|'[^']*')*+)""")
# No page that a person reads has so many elements open at once, or so much in one tag.
MOST_OPEN = 500
MOST_SEPARATORS = 1000
SEPARATOR = re.compile(r"[\s/=]")
# What has no content, and what another one of its kind closes, is never open for long.
NEVER_OPEN = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dd dt option optgroup tr td th tbody thead "
    "tfoot colgroup caption rp rt html head body".split()
)


def made_plain(html: str) -> str:
    """Return a page without the tags that are nested too deep, and without attributes where there are too many."""
    if len(html) <= SMALL_PAGE or not _is_suspicious(html):
        return html
    opened: Counter[str] = Counter()
    depth = 0

    def plain(tag: re.Match[str]) -> str:
        nonlocal depth
        name = tag[2].lower()
        if tag[1]:
            if opened[name]:
                opened[name] -= 1
                depth -= 1
            return tag[0]
        if name not in NEVER_OPEN:
            if depth >= MOST_OPEN:
                return f"<wbr {name}"
            opened[name] += 1
            depth += 1
        has_too_many = len(tag[3]) > MOST_SEPARATORS and len(SEPARATOR.findall(tag[3])) > MOST_SEPARATORS
        return f"<{tag[2]}" if has_too_many else tag[0]

    return TAG.sub(plain, html)


def _is_suspicious(html: str) -> bool:
    """Tell quickly whether a page may be worse than any honest one."""
    tags = html.count("<")
    return tags > MANY_TAGS or html.count(">") > tags + MANY_LOOSE_SIGNS or LONG_TAG.search(html) is not None

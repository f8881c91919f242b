"""Where a listing goes on, by what its page says: `rel=next`, numbers, words, or a button that loads more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser

from armcrawl.discovery.sighted.page_numbers import Numbers
from armcrawl.items import Pickled
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from armcrawl.sites import Origin

# «Показать ещё», «Следующая страница», «Старые записи →»; «Далее» alone stands under leads as well, where it leads to
# their articles.
FURTHER = re.compile(
    r"\W*(?:(?:показать|загрузить|смотреть|посмотреть|больше|все)\s+)?"
    r"(?:ещ[её](?:\s+(?:новост|стат|запис|материал|публикац)\w*)?|следующ(?:ая|ие|ий)(?:\s+\w+){0,2}|дал(?:ее|ьше)|"
    r"впер[её]д|старше|стар(?:ые|ее)(?:\s+\w+)?|предыдущие\s+(?:запис|новост|стат|материал)\w*|(?:раньше|ранее)|"
    r"больше\s+(?:новост|стат|запис|материал|публикац)\w*|next(?:\s+page)?|older(?:\s+\w+)?|load\s+more|show\s+more|more)\W*",
    re.IGNORECASE,
)
# What a button for more is called in its classes and its attributes.
MORE = re.compile(
    r"(?:load|show|view)[-_]?more|more[-_]?(?:btn|button|link|news|posts)|infinite|ajax[-_]?(?:pager|load)",
    re.IGNORECASE,
)
NEXT = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)
ARROWS = frozenset({"›", "»", "→", "⟩", ">", ">>", "❯"})
DATA = ("data-url", "data-href", "data-next", "data-next-url", "data-link", "data-src", "data-ajax-url", "hx-get")
MAX_TEXT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Further(Pickled):
    """The site's own address of the next page and what tells it; `is_hidden` that only a script knows it.

    `falls` tells that the numbers of the listing's pages fall, so that the newest has the highest.
    """

    address: str | None = None
    method: str | None = None
    is_hidden: bool = False
    falls: bool | None = None


def further_of(html: str, address: str, number: int, origin: Origin, *, falls: bool | None = None) -> Further:
    """Return where a listing goes on behind a page of it, the first, second and so on; `falls` if that is known."""
    tree = LexborHTMLParser(html)
    base = next((node.attributes["href"] for node in tree.css("base[href]")), None)
    root = urljoin(address, base or "")
    numbers = Numbers.of(tree, address, number, falls=falls)
    for method, href in _said(tree, numbers):
        found = _absolute(root, href, origin)
        if found is not None and found != urldefrag(address).url and origin.site.identify(found) is None:
            return Further(found, method, falls=numbers.falls)
    return Further(is_hidden=_has_button(tree), falls=numbers.falls)


def _said(tree: LexborHTMLParser, numbers: Numbers) -> Iterator[tuple[str, str]]:
    """Yield what tells the next page, the surest first."""
    for node in tree.css("link[rel~=next], a[rel~=next]"):
        yield "rel=next", node.attributes.get("href") or ""
    links = [node for node in tree.css("a[href]") if len(node.text()) <= MAX_TEXT_LENGTH]
    if numbers.following:
        yield "number", numbers.following
    for node in links:
        if FURTHER.fullmatch(" ".join(node.text().split())) or FURTHER.fullmatch(_label(node)):
            yield "words", node.attributes["href"] or ""
    for node in links:
        if " ".join(node.text().split()) in ARROWS or NEXT.search(_classes(node)):
            yield "arrow", node.attributes["href"] or ""
    for node in tree.css(", ".join(f"[{name}]" for name in DATA)):
        if _loads_more(node):
            yield from (("button", value) for name in DATA if (value := node.attributes.get(name)))


def _loads_more(node: LexborNode) -> bool:
    text = " ".join(node.text().split())
    return MORE.search(_classes(node)) is not None or (len(text) <= MAX_TEXT_LENGTH and bool(FURTHER.fullmatch(text)))


def _has_button(tree: LexborHTMLParser) -> bool:
    """Tell whether there is a button for more that only a script knows what to do with."""
    return any(
        _loads_more(node) for node in tree.css("button, [role=button], a:not([href]), a[href^='#'], a[href^=java]")
    )


def _label(node: LexborNode) -> str:
    return " ".join((node.attributes.get("aria-label") or node.attributes.get("title") or "").split())


def _classes(node: LexborNode) -> str:
    own = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
    around = node.parent.attributes.get("class") or "" if node.parent is not None else ""
    return f"{own} {around}"


def _absolute(root: str, href: str, origin: Origin) -> str | None:
    """Return the site's own address of a link, or None for one that leads elsewhere."""
    href = href.strip()
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return None
    try:
        found = origin.to_site(urldefrag(urljoin(root, href)).url)
    except ValueError:
        return None
    return found if host_of(found) in origin.site.all_hosts and found.startswith("http") else None

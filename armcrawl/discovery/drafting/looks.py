"""What is seen on one page, in one feed or in one sitemap, as far as it helps to draft a declaration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from armcrawl.discovery.sighted.entries import days_beside
from armcrawl.discovery.sighted.feed import addresses_of, parsed_feed
from armcrawl.discovery.sighted.pagination import Further, further_of
from armcrawl.discovery.sighted.sitemap import INDEX, entries_of
from armcrawl.discovery.sighted.starts import COMMENTS, feeds_in
from armcrawl.items import NotAnArticle, Pickled
from armcrawl.reading.charset import decode
from armcrawl.reading.layout.layout import parse
from armcrawl.reading.response import SiteResponse
from armcrawl.refining.pages import understand
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from armcrawl.discovery.protocol import LeadResponse
    from armcrawl.reading.layout.document import Document, Line
    from armcrawl.sites import Origin

# A host that never is (RFC 2606).
NOBODY = "nobody.invalid"
FEED_LINK = re.compile(r"(?:^|[/.=])(?:rss|feed|atom)(?:$|[/.?&]|\d)", re.IGNORECASE)
DECLARED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
OFFSET = re.compile(r"[+-]\d\d:?\d\d$")
LONG_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class LinkSeen(Pickled):
    """A link to a page of the site: its longest text, the day beside it, and whether it stands in a menu."""

    address: str
    text: str
    day: date | None = None
    is_furniture: bool = False

    @property
    def words(self) -> int:
        """The number of its words."""
        return len(LONG_WORD.findall(self.text))


@dataclass(frozen=True, slots=True)
class PageSeen(Pickled):
    """A page of HTML: its links, where it goes on, and how it is read.

    `outcome` is `article`, or why it is none; `is_dated` whether it is an article with a date. `declared` are the
    canonical addresses that it names, `offset` that of the zone in which it declares its time.
    """

    address: str
    links: tuple[LinkSeen, ...]
    further: Further
    outcome: str
    is_dated: bool = False
    title: str = ""
    site_name: str = ""
    generator: str = ""
    declared: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    scripts: int = 0
    offset: str | None = None


@dataclass(frozen=True, slots=True)
class FeedSeen(Pickled):
    """A feed: the addresses of its entries, its title, and the zone of its times."""

    address: str
    entries: tuple[str, ...]
    title: str = ""
    offset: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapSeen(Pickled):
    """A sitemap: the addresses of pages, or the files that it leads to with their times of change."""

    address: str
    pages: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()


def see_page(lead: LeadResponse, origin: Origin) -> PageSeen:
    """Return what is seen on a page."""
    # As a page of nobody's: what is declared of its site would decide what is to be found out.
    address = urlunsplit(urlsplit(lead.address)._replace(scheme="https", netloc=NOBODY))
    understood = understand(SiteResponse(address, 200, lead.fetched_at, lead.body, lead.content_type))
    article = understood.reading.article
    decoded = decode(lead.body, lead.content_type)
    document = parse(decoded, lead.address, None if origin.is_site else origin.to_site)
    links = _links(document, lead, origin)
    dates = [text for name in ("article:published_time", "datepublished") for text in document.meta.get(name, ())]
    dates += [found[1] for script in document.scripts if (found := DECLARED_DATE.search(script))]
    is_dated = understood.refined is not None and understood.refined.article.published is not None
    result = understood.reading.result
    reason = result.reason.value if isinstance(result, NotAnArticle) else "no text"
    outcome = "article" if article is not None and article.paragraphs else reason
    declared = tuple(origin.to_site(address) for address in document.declared_addresses)
    seen = PageSeen(
        lead.address,
        links,
        further_of(decoded.text, lead.address, 1, origin),
        outcome,
        is_dated=is_dated,
        title=document.page_title,
        site_name=_first(document.meta.get("og:site_name")),
        generator=_first(document.meta.get("generator")),
        declared=declared,
        feeds=_feeds(lead, origin, decoded.text),
        scripts=decoded.text.lower().count("<script"),
        offset=_offset(dates),
    )
    document.break_cycles()
    return seen


def see_feed(response: LeadResponse, origin: Origin) -> FeedSeen:
    """Return what is seen in a feed; raises LeadError for what is none."""
    told = parsed_feed(response)
    entries = [next(_own(addresses_of(entry), origin), None) for entry in told.entries]
    offset = _offset([str(entry.get("published") or entry.get("updated") or "") for entry in told.entries])
    title = " ".join(str(told.feed.get("title") or "").split())
    return FeedSeen(response.address, tuple(address for address in entries if address is not None), title, offset)


def see_sitemap(response: LeadResponse, origin: Origin) -> SitemapSeen:
    """Return what is seen in a sitemap; raises LeadError for what is none."""
    root, entries, _ = entries_of(response)
    told = [(origin.to_site(leaves["loc"]), leaves.get("lastmod", "")) for leaves in entries] if root != "rss" else []
    own = [(address, changed) for address, changed in told if host_of(address) in origin.site.all_hosts]
    if root == INDEX:
        return SitemapSeen(response.address, files=tuple(own))
    return SitemapSeen(response.address, tuple(address for address, _ in own))


def _links(document: Document, response: LeadResponse, origin: Origin) -> tuple[LinkSeen, ...]:
    """Return the links to the site's own pages, each once, with the day that is printed beside it."""
    shown: dict[str, list[tuple[str, Line | None, str]]] = {}
    for line in document.linked:
        for anchor in line.anchors:
            if (address := _page_address(anchor.address, origin)) is not None:
                shown.setdefault(address, []).append((anchor.address, line, anchor.text))
    today = response.fetched_at.date()
    # What is to come is an event, and no article.
    days = {key: day for key, day in days_beside(document, shown, response, origin.site.zone).items() if day <= today}
    links = {address: _link(address, places, days.get(address)) for address, places in shown.items()}
    for overlay in document.overlays:
        if (found := _page_address(overlay.address, origin)) is not None:
            links.setdefault(found, LinkSeen(found, overlay.label))
    for address in document.links:
        if (found := _page_address(address, origin)) is not None:
            links.setdefault(found, LinkSeen(found, ""))
    return tuple(links.values())


def _link(address: str, places: list[tuple[str, Line | None, str]], day: date | None) -> LinkSeen:
    text = max((" ".join(text.split()) for _, _, text in places), key=len)
    is_furniture = all(line is not None and _is_furniture(line) for _, line, _ in places)
    return LinkSeen(address, text, day, is_furniture)


def _is_furniture(line: Line) -> bool:
    """Tell whether a line is in a menu or the footer of a page, not of an article."""
    region, tags = line.element.region, (element.tag for element in line.element.ancestors())
    return region == "nav" or (region == "footer" and "article" not in tags)


def _page_address(address: str, origin: Origin) -> str | None:
    found = address.partition("#")[0]
    return found if host_of(found) in origin.site.all_hosts else None


def _own(addresses: Iterable[str], origin: Origin) -> Iterator[str]:
    found = (origin.to_site(urljoin(origin.site.home, address)) for address in addresses)
    return iter([address for address in found if host_of(address) in origin.site.all_hosts])


def _feeds(response: LeadResponse, origin: Origin, html: str) -> tuple[str, ...]:
    """Return the feeds that a page declares, else those that it links to by a name that feeds have."""
    declared = feeds_in(response, origin)
    if declared:
        return tuple(declared)
    hrefs = [node.attributes.get("href") or "" for node in LexborHTMLParser(html).css("a[href]")]
    named = [href for href in hrefs if FEED_LINK.search(href) and not any(word in href.lower() for word in COMMENTS)]
    found = (origin.to_site(urljoin(response.address, href)) for href in named)
    return tuple(dict.fromkeys(address for address in found if host_of(address) in origin.site.all_hosts))


def _offset(times: list[str]) -> str | None:
    """Return the zone in which most times are told, `+05:00`; None where none tells one, or it is that of the clock."""
    found = [match[0].replace(":", "") for text in times if (match := OFFSET.search(text.strip()))]
    told = max(set(found), key=found.count, default=None)
    return None if told is None or told in {"+0000", "-0000"} else told


def _first(values: list[str] | None) -> str:
    return " ".join(values[0].split()) if values else ""

"""Where a site's feeds and sitemaps are, when its declaration is silent: remembered, as the site says, or as usual."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from armcrawl import clock
from armcrawl.discovery.options import Starts, options_of, sections_of
from armcrawl.discovery.protocol import LeadError
from armcrawl.discovery.sighted.walk import start_of
from armcrawl.reading.charset import decode
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.reading.response import is_gone
from armcrawl.sites import host_of
from armcrawl.store.ledger import walks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from armcrawl.discovery.protocol import Access, LeadResponse
    from armcrawl.sites import Origin, Site
    from armcrawl.sites.site import DiscoveryDeclaration

    Reader = Callable[[LeadResponse, Origin, Sequence[str]], object]

logger = logging.getLogger(__name__)

# A site without a feed today has none tomorrow.
LOOK_AGAIN = timedelta(days=7)
# A site has a feed for all, one for comments, and some for its rubrics: of more the first tell enough.
MAX_STARTS = 5
TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
COMMENTS = ("comment", "коммент")


class NamedBySite:
    """A kind of sources that a site names itself: their addresses are declared, remembered, told, or the usual ones."""

    kind: ClassVar[str]
    is_paged: ClassVar[bool] = False
    usual: ClassVar[Sequence[str]]
    max_size: ClassVar[int] = MAX_BODY
    options_type: ClassVar[type[Starts]] = Starts

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None:
        self.access = access
        self.site = access.site
        self.sections = sections_of(access.site, declared)
        self.options = options_of(access.site, declared, self.options_type)

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for options that do not fit."""
        options_of(site, declared, cls.options_type)

    @property
    def reader(self) -> Reader:
        """What reads one; it raises LeadError for what is none."""
        raise NotImplementedError

    async def starts(self) -> list[str]:
        """Return the addresses of the sources."""
        if self.options.start:
            return [self.site.home + path.lstrip("/") for path in self.options.start]
        return await found_starts(self.access, self.kind, self.usual, self._is_one, self.max_size)

    def tell_cut(self, address: str) -> None:
        """Tell that a file ends in its middle: what it shows counts, and what it does not proves nothing."""
        self.access.run.count("discovery/unreadable")
        logger.warning("%s ends in its middle: the next run reads it again.", address)

    async def _is_one(self, response: LeadResponse) -> bool:
        try:
            await self.access.work(self.reader, response, self.access.origin, self.sections)
        except LeadError:
            return False
        return True


async def found_starts(
    access: Access,
    kind: str,
    usual: Sequence[str],
    is_one: Callable[[LeadResponse], Awaitable[bool]],
    max_size: int = MAX_BODY,
) -> list[str]:
    """Return the addresses of a kind's sources, remembered, declared by the site, or found under the usual paths.

    Raises LeadError where the home page cannot be read, as a wall says nothing of what is behind it, and RunOverError
    if the run may not ask.
    """
    site = access.site
    if known := await access.run.database.call(walks.sources_of, site.name, kind):
        return [start_of(site, name) for name in known]
    looked = await access.run.database.call(walks.looked_in_vain, site.name, kind)
    if looked is not None and clock.now() - looked < LOOK_AGAIN:
        return []
    declared = await _declared(access, kind)
    own = [address for address in dict.fromkeys(declared) if host_of(address) in site.all_hosts]
    if own:
        return own[:MAX_STARTS]
    for path in usual:
        address = site.home + path.lstrip("/")
        try:
            response = await access.ask_lead(address, {}, max_size, archived=False)
        except LeadError:
            continue
        if await is_one(response):
            return [address]
    logger.warning(
        "%s names no %s, and has none where they usually are: it is looked for again in a week.", site.name, kind
    )
    await access.run.database.call(walks.note_vain_look, site.name, kind, clock.now())
    return []


async def _declared(access: Access, kind: str) -> list[str]:
    """Return the sources of a kind that the home page, or robots.txt, names."""
    try:
        home = await access.ask_lead(access.site.home, {}, MAX_BODY)
    except LeadError as error:
        if not is_gone(error.status):
            raise
        return []
    if kind == "sitemap":
        return [access.origin.to_site(address) for address in access.sitemaps]
    return feeds_in(home, access.origin) if kind == "feed" else []


def feeds_in(home: LeadResponse, origin: Origin) -> list[str]:
    """Return the feeds of articles that a page declares, those of comments left out."""
    tree = LexborHTMLParser(decode(home.body, home.content_type).text)
    found: list[str] = []
    for node in tree.css("link[rel~=alternate][href]"):
        href, title = node.attributes.get("href") or "", (node.attributes.get("title") or "").lower()
        is_feed = (node.attributes.get("type") or "").lower().partition(";")[0].strip() in TYPES
        if is_feed and not any(word in title or word in href.lower() for word in COMMENTS):
            try:
                found.append(origin.to_site(urljoin(home.address, href)))
            except ValueError:
                continue
    return list(dict.fromkeys(found))

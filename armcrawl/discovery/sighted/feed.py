"""Feeds: RSS and Atom, read with feedparser."""

from __future__ import annotations

import calendar
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from armcrawl.discovery.protocol import LeadError
from armcrawl.discovery.sighted.starts import NamedBySite
from armcrawl.items import Pickled, Sighting
from armcrawl.reading.charset import decode
from armcrawl.reading.layout.layout import parse
from armcrawl.russian.dates import read_date
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from armcrawl.discovery.protocol import LeadResponse
    from armcrawl.discovery.sighted.starts import Reader
    from armcrawl.discovery.sighted.walk import Depth, Walk
    from armcrawl.sites import Origin, Site

logger = logging.getLogger(__name__)

# What content systems call their feeds.
USUAL = ("/rss.xml", "/feed/", "/rss/", "/feed.xml", "/atom.xml", "/feeds/all.atom.xml", "/index.xml")
HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:<!--.{0,999}?-->\s*)?<(?:!doctype html|html)", re.IGNORECASE | re.DOTALL)
# Feeds that lead on have ten entries a page (RFC 5005): a thousand pages are more than any.
MAX_PAGES = 1_000
MAX_TITLE_LENGTH = 500
# Characters of markup: what is shorter is a teaser, and no article of the trade press is longer.
MIN_FULL_TEXT, MAX_FULL_TEXT = 500, 200_000
ENDS = re.compile(
    rb"<(?:/(?:[\w.-]+:)?(?:rss|feed|RDF|urlset|sitemapindex)\s*|(?:rss|feed|urlset|sitemapindex)\b[^<>]*/)>\s*"
    rb"(?:<!--.*-->\s*)?\Z",
    re.DOTALL,
)
# Systems write into a comment behind the end what a page has cost them.
MAX_TAIL = 2_000
# Clocks differ, and some zones are ahead of ours.
MAX_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FeedPage(Pickled):
    """What a feed shows, how many entries it has, where it goes on (RFC 5005), and whether its end is missing."""

    sightings: tuple[Sighting, ...]
    entries: int
    following: str | None = None
    is_cut: bool = False


class Feed(NamedBySite):
    """Reads feeds, and those that lead on page by page."""

    kind: ClassVar[str] = "feed"
    usual: ClassVar[Sequence[str]] = USUAL

    @property
    def reader(self) -> Reader:
        """What reads one."""
        return read_feed

    async def walk(self, walk: Walk, depth: Depth) -> AsyncIterator[None]:
        """Read a feed, and what it leads on to, until all on a page is known."""
        following: str | None = walk.start
        visited: set[str] = set()
        while following is not None and len(visited) < MAX_PAGES:
            address, is_first = following, not visited
            response = await walk.ask(address, conditional=is_first and depth.is_night)
            if response.is_unchanged:
                await walk.keep(address, response)
                await walk.end("unchanged", reached_known=True)
                return
            page = await self.access.work(read_feed, response, self.access.origin, self.sections)
            visited.add(address)
            following = page.following if page.following not in visited else None
            # What is cut is asked for in full the next time.
            taken = await walk.take(address, response, page.sightings, is_first=is_first and not page.is_cut)
            if page.is_cut:
                self.tell_cut(address)
            elif is_first and not page.sightings:
                self.access.run.count("discovery/without_articles")
                logger.warning(
                    "%s: none of its %d entries has an address that the sections describe.", walk.name, page.entries
                )
            if taken.before:
                walk.reached_known()
            days = [one.day for one in page.sightings if one.day is not None]
            is_older = depth.first_day is not None and bool(days) and max(days) < depth.first_day
            if is_older or not taken.new or (depth.is_night and taken.before):
                break
            yield
        await walk.end("end", is_whole=False)


def read_feed(response: LeadResponse, origin: Origin, sections: Sequence[str]) -> FeedPage:
    """Read a feed; raises LeadError for what is none."""
    told = parsed_feed(response)
    site, found = origin.site, dict[Any, Sighting]()
    for entry in told.entries:
        for address in addresses_of(entry):
            key = site.identify(origin.to_site(address))
            if key is not None and key.section in sections:
                found.setdefault(key, _sighting(key, origin.to_site(address), entry, response, site))
                break
    following, is_cut = _following(told, response, origin), not has_end(response.body)
    return FeedPage(tuple(found.values()), len(told.entries), following, is_cut)


def parsed_feed(response: LeadResponse) -> Any:
    """Return what feedparser reads; raises LeadError for what is no feed.

    Nothing but the feed's own bytes is read: no entity, no address.
    """
    # Imported here: only the process that reads pages needs it.
    import feedparser

    refuse(response.body, response.address, "feed")
    # As a stream: of bytes it would see whether they name a file.
    headers = {"content-type": response.content_type or "application/xml", "content-location": response.address}
    told = feedparser.parse(
        BytesIO(response.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not told.get("version") and not told.entries:
        raise LeadError(f"{response.address} is no feed")
    return told


def has_end(body: bytes) -> bool:
    """Tell whether XML ends with the end of its root, or has an empty one; comments may stand behind it."""
    return ENDS.search(body[-MAX_TAIL:].replace(b"\0", b"")) is not None


def refuse(body: bytes, address: str, wanted: str) -> None:
    """Raise LeadError for a page of HTML, and for entities: neither feed nor sitemap needs any, and they may grow."""
    if HTML.match(body):
        raise LeadError(f"{address} is a page of HTML, and no {wanted}")
    if b"<!ENTITY" in body.replace(b"\0", b""):
        raise LeadError(f"{address} declares entities of its own, as no {wanted} does")


def addresses_of(entry: Any) -> Iterator[str]:
    """Yield the addresses of an entry: services that count clicks keep the real one beside theirs."""
    named = (entry.get("feedburner_origlink"), entry.get("link"), entry.get("id"))
    yield from (address.strip() for address in named if address and "://" in address)
    yield from (link["href"] for link in entry.get("links", ()) if link.get("rel") == "alternate" and link.get("href"))


def _sighting(key: Any, address: str, entry: Any, response: LeadResponse, site: Site) -> Sighting:
    published = _moment(entry.get("published_parsed"), response.fetched_at)
    day = published.astimezone(ZoneInfo(site.zone)).date() if published is not None else None
    if day is None and entry.get("published"):
        # A date as people print it: feedparser knows those for machines.
        found = read_date(str(entry["published"])[:100], response.fetched_at, site.zone)
        day = found.date if found is not None and found.day is not None else None
    # Asked itself, feedparser takes the day of publication where there is none of a change.
    updated = _moment(dict.get(entry, "updated_parsed"), response.fetched_at)
    title = " ".join(str(entry.get("title") or "").replace("\0", "").split())[:MAX_TITLE_LENGTH]
    changed_at = updated if updated != published else None
    return Sighting(key, address, day, title or None, changed_at, _full_text(entry, address))


def _full_text(entry: Any, address: str) -> str | None:
    """Return the full text that an entry has beside its summary, a line for each block; None without one."""
    html = max((str(one.get("value") or "") for one in entry.get("content", ())), key=len, default="")
    if not MIN_FULL_TEXT <= len(html) <= MAX_FULL_TEXT:
        return None
    document = parse(decode(html.replace("\0", "").encode("utf-8", "replace"), "text/html; charset=utf-8"), address)
    text = "\n".join(line.text for line in document.lines)
    document.break_cycles()
    return text or None


def _moment(parsed: Any, fetched_at: datetime) -> datetime | None:
    """Return the moment that feedparser read, in UTC; None for one that is to come."""
    try:
        found = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return found if found is not None and found <= fetched_at + MAX_AHEAD and found.year >= 1990 else None


def _following(told: Any, response: LeadResponse, origin: Origin) -> str | None:
    for link in told.feed.get("links", ()):
        href = origin.to_site(link.get("href") or "")
        if link.get("rel") == "next" and host_of(href) in origin.site.all_hosts and href != response.address:
            return href
    return None

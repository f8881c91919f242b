"""Sitemaps (sitemaps.org): files of addresses, and indexes of such files."""

from __future__ import annotations

import logging
import re
from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from lxml import etree

from armcrawl.discovery.options import Starts
from armcrawl.discovery.protocol import LeadError
from armcrawl.discovery.sighted.feed import has_end, read_feed, refuse
from armcrawl.discovery.sighted.starts import NamedBySite
from armcrawl.items import Pickled, Sighting
from armcrawl.reading.decoding import GZIP_MAGIC, MEGABYTE, UndecodableError, unpack
from armcrawl.sites import host_of
from armcrawl.sites.addresses import path_of
from armcrawl.sites.site import check_paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from armcrawl.discovery.protocol import LeadResponse
    from armcrawl.discovery.sighted.starts import Reader
    from armcrawl.discovery.sighted.walk import Depth, Walk
    from armcrawl.sites import Origin, Site

logger = logging.getLogger(__name__)

# The protocol's own limits: 50 MB unpacked, 50,000 addresses a file.
MAX_SIZE = 50 * MEGABYTE
# Of fifty thousand addresses each: more than any press has pages.
MAX_FILES = 1_000
USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml.gz", "/sitemap-index.xml")
# Of so many addresses nearly all with one time of change, or just now: it is the time of the file.
MIN_TOLD, SAME = 10, 0.9
JUST_NOW = timedelta(hours=1)
MAX_TITLE_LENGTH = 500
# Names of roots.
INDEX, FILE, FEEDS = "sitemapindex", "urlset", frozenset({"rss", "feed", "RDF"})
W3C = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")


class SitemapOptions(Starts, frozen=True):
    """`start` are the paths of sitemaps; of an index only the files are read whose paths are as `files` says (glob)."""

    files: str | None = None

    def __post_init__(self) -> None:
        check_paths(*self.start, self.files)


@dataclass(frozen=True, slots=True)
class SitemapFile(Pickled):
    """What a file says: articles, or further files with the time of change that the index tells of them.

    `addresses` counts all that it names; `is_lying` that its times of change tell nothing, and are left out; `is_cut`
    that its end is missing.
    """

    sightings: tuple[Sighting, ...] = ()
    files: tuple[tuple[str, str | None], ...] = ()
    addresses: int = 0
    is_lying: bool = False
    is_cut: bool = False


class Sitemap(NamedBySite):
    """Reads sitemaps: all files of an index that may have changed."""

    kind: ClassVar[str] = "sitemap"
    usual: ClassVar[Sequence[str]] = USUAL
    max_size: ClassVar[int] = MAX_SIZE
    options_type: ClassVar[type[Starts]] = SitemapOptions
    options: SitemapOptions

    @property
    def reader(self) -> Reader:
        """What reads one."""
        return read_sitemap

    async def walk(self, walk: Walk, depth: Depth) -> AsyncIterator[None]:
        """Read a sitemap and all that it leads to; what is as it was is not read again."""
        waiting = deque[tuple[str, str | None]]([(walk.start, None)])
        met, is_whole, liars = {walk.start}, True, 0
        # What could not be read the last time is named by the index alone.
        is_known = depth.is_night and await walk.was_whole()
        while waiting and walk.record.pages < MAX_FILES:
            address, told = waiting.popleft()
            known = walk.known.get(address)
            if known is not None and told is not None and known.told == told and not depth.to_end:
                await walk.keep(address)
                continue
            try:
                response = await walk.ask(
                    address, MAX_SIZE, conditional=address != walk.start or is_known, archived=False
                )
                if response.is_unchanged:
                    await walk.keep(address, response, told)
                    if address == walk.start:
                        # Its files are as it says, but those of which it says nothing.
                        files = [one for one in walk.known.values() if one.address != walk.start]
                        waiting += [(one.address, one.told) for one in files]
                    yield
                    continue
                file = await self.access.work(read_sitemap, response, self.access.origin, self.sections)
            except LeadError as error:
                if address == walk.start:
                    raise
                is_whole = False
                self.access.run.count("discovery/unreadable")
                logger.warning("%s: %s cannot be read (%s): the next run tries again.", walk.name, address, error)
                continue
            waiting += [one for one in file.files if one[0] not in met and self._is_wanted(one[0])]
            met.update(one for one, _ in file.files)
            liars += file.is_lying
            # What is cut is asked for in full the next time.
            taken = await walk.take(address, response, file.sightings, told=told, is_first=not file.is_cut)
            is_whole &= not file.is_cut
            self._tell(walk, address, file)
            if taken.before:
                walk.reached_known()
            yield
        if waiting:
            is_whole = False
            logger.warning("%s has more than %d files: the rest is not read.", walk.name, MAX_FILES)
        if liars:
            self.access.run.count("discovery/lastmod_ignored", liars)
        await walk.end("end", is_whole=is_whole)

    def _is_wanted(self, address: str) -> bool:
        return self.options.files is None or fnmatchcase(path_of(address) or "", self.options.files)

    def _tell(self, walk: Walk, address: str, file: SitemapFile) -> None:
        """Tell what is doubtful about a file."""
        if file.is_cut:
            self.tell_cut(address)
        elif address == walk.start and not file.files and not file.sightings:
            self.access.run.count("discovery/without_articles")
            logger.warning("%s: none of its %d addresses is one that the sections describe.", walk.name, file.addresses)


def read_sitemap(response: LeadResponse, origin: Origin, sections: Sequence[str]) -> SitemapFile:
    """Read a file of addresses, an index of such files, a list of lines, or a feed; raises LeadError for others."""
    root, entries, has_ended = entries_of(response)
    if root in FEEDS:
        page = read_feed(response, origin, sections)
        return SitemapFile(page.sightings, addresses=page.entries, is_cut=page.is_cut)
    file = _index(entries, origin) if root == INDEX else _articles(list(entries), response, origin, sections)
    return file if has_ended else replace(file, is_cut=True)


def entries_of(response: LeadResponse) -> tuple[str, Iterator[dict[str, str]], bool]:
    """Return the root of a sitemap, its entries, and whether it has its end; raises LeadError for what is none."""
    body = _unpacked(response)
    refuse(body, response.address, "sitemap")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"http://", b"https://")):
        lines = body.decode("utf-8", "replace").split()
        return FILE, iter([{"loc": line} for line in lines if "://" in line]), True
    root, entries = _entries(body)
    if root not in {*FEEDS, INDEX, FILE}:
        raise LeadError(f"{response.address} is no sitemap")
    return root, entries, has_end(body)


def _unpacked(response: LeadResponse) -> bytes:
    """Return the bytes of a file that may be packed by itself, whatever its server says."""
    if not response.body.startswith(GZIP_MAGIC):
        return response.body
    try:
        return unpack(response.body, "gzip", MAX_SIZE).body
    except UndecodableError as error:
        raise LeadError(f"{response.address} cannot be unpacked ({error})") from error


def _entries(body: bytes) -> tuple[str, Iterator[dict[str, str]]]:
    """Return the name of the root, and the entries below it: each a table of its leaves, in whatever depth.

    No entity is resolved and nothing is fetched. Scrapy's own reader leaves out what news sitemaps nest.
    """
    events = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = _name(next(events)[1])
    except (StopIteration, etree.XMLSyntaxError):
        return "", iter(())
    return root, _leaves(events)


def _leaves(events: Any) -> Iterator[dict[str, str]]:
    try:
        for event, element in events:
            if event != "end" or _name(element) not in {"url", "sitemap"}:
                continue
            leaves = {
                _name(leaf): leaf.text.strip()
                for leaf in element.iter()
                if len(leaf) == 0 and leaf.text and _name(leaf)
            }
            # What was read is let go of: a file may have fifty thousand.
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if leaves.get("loc"):
                yield leaves
    except etree.XMLSyntaxError:
        return


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _index(entries: Iterator[dict[str, str]], origin: Origin) -> SitemapFile:
    files: dict[str, str | None] = {}
    count = 0
    for leaves in entries:
        count += 1
        address = origin.to_site(leaves["loc"])
        if host_of(address) in origin.site.all_hosts:
            files.setdefault(address, leaves.get("lastmod"))
    # The files that were changed last lead to what is new.
    ordered = sorted(files.items(), key=lambda one: one[1] or "", reverse=True)
    return SitemapFile(files=tuple(ordered), addresses=count)


def _articles(
    entries: list[dict[str, str]], response: LeadResponse, origin: Origin, sections: Sequence[str]
) -> SitemapFile:
    site, found = origin.site, dict[Any, Sighting]()
    for leaves in entries:
        address = origin.to_site(leaves["loc"])
        key = site.identify(address)
        if key is None or key.section not in sections or key in found:
            continue
        published = _moment(leaves.get("publication_date"), site)
        day = published.astimezone(ZoneInfo(site.zone)).date() if published is not None else None
        title = " ".join(leaves.get("title", "").split())[:MAX_TITLE_LENGTH] or None
        found[key] = Sighting(key, address, day, title, _moment(leaves.get("lastmod"), site))
    sightings = list(found.values())
    is_lying = _is_lying([one.changed_at for one in sightings if one.changed_at is not None], response.fetched_at)
    if is_lying:
        sightings = [Sighting(one.key, one.address, one.day, one.title) for one in sightings]
    return SitemapFile(tuple(sightings), addresses=len(entries), is_lying=is_lying)


def _is_lying(told: Sequence[datetime], fetched_at: datetime) -> bool:
    """Tell whether nearly all were changed at one time, or just now: it is when the file was made."""
    if len(told) < MIN_TOLD:
        return False
    most = Counter(told).most_common(1)[0][1]
    just_now = sum(moment > fetched_at - JUST_NOW for moment in told)
    return max(most, just_now) >= SAME * len(told)


def _moment(text: str | None, site: Site) -> datetime | None:
    """Return a moment as W3C writes it; a day alone begins in the site's zone."""
    if text is None or not W3C.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text) if len(text) > len("2016-05-31") else _midnight(date.fromisoformat(text))
    except ValueError:
        return None
    found = found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(site.zone))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone is the site's

"""A look at a site: a few requests in the order in which they tell most."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin

from armcrawl.discovery.drafting.judging import MIN_HEADLINE_WORDS, Families, holds_articles, is_of_others, plain
from armcrawl.discovery.protocol import LeadError, RunOverError
from armcrawl.discovery.sighted.sitemap import USUAL as USUAL_SITEMAPS
from armcrawl.sites import host_of
from armcrawl.sites.addresses import path_of
from armcrawl.sites.single_pages import is_public_host

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from armcrawl.discovery.drafting.judging import Family
    from armcrawl.discovery.drafting.looks import FeedSeen, PageSeen, SitemapSeen
    from armcrawl.sites import Site

# Requests in all: robots.txt and redirects are among them. A visitor who looks around opens as many pages.
MAX_REQUESTS = 15
# Of each kind so many that, with robots.txt and the home page, four articles can be looked at in the worst case.
MAX_FEEDS, MAX_SITEMAPS, MAX_LISTINGS = 2, 3, 4
# Of each kind of pages so many are read: one may be odd.
LOOKS_EACH = 2
# Where systems have their feed, by the name with which they sign their pages.
FEEDS_OF = {
    "wordpress": "/feed/", "hugo": "/index.xml", "pelican": "/feeds/all.atom.xml", "hexo": "/atom.xml",
    "jekyll": "/feed.xml", "drupal": "/rss.xml", "ghost": "/rss/", "nikola": "/rss.xml", "bitrix": "/rss/",
    "docusaurus": "/blog/rss.xml",
}  # fmt: skip
# A sitemap that robots.txt does not name is seldom there.
MAX_GUESSES = 2
USUAL_FEEDS = ("/rss.xml", "/feed/")
# How menus call the pages that list articles.
LISTING = re.compile(
    r"\W*(?:все\s+|архив\s+|лента\s+)?(?:новост[иь]|публикаци[ия]|стать[ия]|блог|аналитика|интервью|материалы|журнал|"
    r"пресс-центр|события\s+и\s+новости|лента|архив|news|blog|articles|posts|archives?|press)(?:\s+\w+){0,2}\W*",
    re.IGNORECASE,
)
LISTING_PATH = re.compile(
    r"/(?:\w+/)?(?:news|novosti|blog|articles?|stati|posts|publications?|publikacii|press-?cent(?:er|r)|archives?)/?(?:index)?(?:\.\w+)?"
)


# What menus link to beside pages.
NOT_PAGES = (".xml", ".rss", ".atom", ".pdf", ".json")


class Eyes(Protocol):
    """What looks: each call is one request, more with redirects; LeadError says what is wrong with an answer."""

    @property
    def site(self) -> Site:
        """The site, as far as its hosts are known."""

    @property
    def left(self) -> int:
        """How many requests may still be sent."""

    @property
    def sitemaps(self) -> Sequence[str]:
        """The sitemaps that robots.txt names."""

    async def page(self, address: str) -> PageSeen:
        """Look at a page."""

    async def feed(self, address: str) -> FeedSeen:
        """Look at a feed."""

    async def sitemap(self, address: str) -> SitemapSeen:
        """Look at a sitemap."""


@dataclass(slots=True)
class Survey:
    """What was seen: the home page, listings, others of the menu, feeds, sitemaps, articles; what could not be read."""

    home: PageSeen
    listings: list[PageSeen] = field(default_factory=list)
    others: list[PageSeen] = field(default_factory=list)
    feeds: list[FeedSeen] = field(default_factory=list)
    sitemaps: list[SitemapSeen] = field(default_factory=list)
    looked: list[PageSeen] = field(default_factory=list)
    families: Families = field(default_factory=Families)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def lists(self) -> list[PageSeen]:
        """All pages that may list articles, those to which only a menu led last."""
        return [self.home, *self.listings, *self.others]


@dataclass(frozen=True, slots=True)
class Named:
    """The feeds, sitemaps and listings that a declaration names: they are looked at first."""

    feeds: Sequence[str] = ()
    sitemaps: Sequence[str] = ()
    listings: Sequence[str] = ()


async def survey(eyes: Eyes, home: PageSeen, named: Named) -> Survey:
    """Look around on a site whose home page was seen, as far as the requests reach."""
    found = Survey(home)
    found.families.take_page(home)
    surveyor = Surveyor(eyes, named)
    with suppress(RunOverError):
        await surveyor.see_feeds(found)
        await surveyor.see_sitemaps(found)
        await surveyor.see_listings(found)
        await surveyor.see_articles(found)
        await surveyor.see_menu(found)
        await surveyor.see_numbers(found)
    return found


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Looks at one kind of pages after another."""

    eyes: Eyes
    named: Named

    async def see_feeds(self, survey: Survey) -> None:
        """Look at a feed: the one of all articles, if there are several."""
        home = self.eyes.site.home
        signed = [path for name, path in FEEDS_OF.items() if name in survey.home.generator.lower()]
        named = list(self.named.feeds or survey.home.feeds)
        # A feed for each rubric stands beside that of all: the shortest address is the widest.
        wanted = sorted(named, key=len) or [urljoin(home, path) for path in dict.fromkeys((*signed, *USUAL_FEEDS))]
        for address in wanted[:MAX_FEEDS]:
            try:
                feed = await self.eyes.feed(address)
            except LeadError as error:
                if named:
                    survey.failures[address] = str(error)
                continue
            if feed.entries:
                survey.feeds.append(feed)
                survey.families.take_feed(feed)
                return

    async def see_sitemaps(self, survey: Survey) -> None:
        """Look at a sitemap, and at files of it that may have articles."""
        home = self.eyes.site.home
        named = list(self.named.sitemaps or self.eyes.sitemaps)
        waiting = named[:MAX_SITEMAPS] or [urljoin(home, path) for path in USUAL_SITEMAPS[:MAX_GUESSES]]
        asked: set[str] = set()
        while waiting and len(asked) < MAX_SITEMAPS:
            address = waiting.pop(0)
            asked.add(address)
            try:
                sitemap = await self.eyes.sitemap(address)
            except LeadError as error:
                if named:
                    survey.failures[address] = str(error)
                continue
            survey.sitemaps.append(sitemap)
            survey.families.take_sitemap(sitemap)
            if not named:
                waiting.clear()
            waiting = [one for one in dict.fromkeys([*_promising(sitemap), *waiting]) if one not in asked]

    async def see_listings(self, survey: Survey) -> None:
        """Look at pages that list articles."""
        wanted = list(dict.fromkeys([*self.named.listings, *self._listings_of(survey)]))
        for address in wanted[:MAX_LISTINGS]:
            if self.eyes.left <= LOOKS_EACH:
                return
            await self._see_listing(survey, address, survey.listings)

    async def _see_listing(self, survey: Survey, address: str, pages: list[PageSeen]) -> None:
        try:
            page = await self.eyes.page(address)
        except LeadError as error:
            survey.failures[address] = str(error)
            return
        pages.append(page)
        survey.families.take_page(page)

    def _listings_of(self, survey: Survey) -> list[str]:
        """Return the likeliest listings: what menus call so, the folders of what is announced, and the second page."""
        home = survey.home
        links = {plain(link.address): link for link in home.links if link.words < MIN_HEADLINE_WORDS}
        called = [
            link.address
            for link in links.values()
            if LISTING.fullmatch(link.text) or LISTING_PATH.fullmatch(path_of(link.address) or "")
        ]
        folders: Counter[str] = Counter()
        for family in survey.families.by_promise():
            folders[family.shape.folder] += family.promise
        parents = [links[path].address for path, _ in folders.most_common() if path in links]
        further = [home.further.address] if home.further.address and not survey.sitemaps else []
        own = {plain(home.address)}
        found = [*[one for one in parents if one in called], *further, *parents, *called]
        pages = [address for address in dict.fromkeys(found) if not (path_of(address) or "").endswith(NOT_PAGES)]
        return [address for address in pages if plain(address) not in own]

    async def see_articles(self, survey: Survey) -> None:
        """Look at some of each kind of pages that may be articles, one of each first."""
        for turn in range(LOOKS_EACH):
            for family in survey.families.by_promise():
                if self.eyes.left <= 0:
                    return
                address = _next_look(family, turn, survey.failures)
                if address is None:
                    continue
                try:
                    page = await self.eyes.page(address)
                except LeadError as error:
                    survey.failures[address] = str(error)
                    continue
                survey.looked.append(page)
                survey.families.take_look(page, address)
                # Its menu tells what is on all pages.
                survey.families.take_page(page)

    async def see_menu(self, survey: Survey) -> None:
        """Look at what else the menu leads to, as far as requests are left, and at articles that are found there."""
        seen = {plain(page.address) for page in (*survey.lists, *survey.looked)}
        for link in survey.home.links:
            if self.eyes.left <= LOOKS_EACH:
                return
            path = plain(link.address)
            family = survey.families.of(link.address)
            is_menu = link.is_furniture or link.words < MIN_HEADLINE_WORDS
            is_article = family is not None and path in family[0].shown | family[0].titled
            if not is_menu or is_article or path in seen or path.endswith(NOT_PAGES) or "?" in path:
                continue
            seen.add(path)
            before = {family.shape for family in survey.families.by_promise()}
            await self._see_listing(survey, link.address, survey.others)
            if {family.shape for family in survey.families.by_promise()} - before:
                await self.see_articles(survey)

    async def see_numbers(self, survey: Survey) -> None:
        """Ask for articles with lower numbers than any that is shown, where nothing lists all of them."""
        for family in survey.families.articles():
            stems = {
                int(stem): stem for path, stem in family.stems.items() if path in family.titled and stem.isdecimal()
            }
            goes_on = any(page.further.address and _shows(page, family) for page in survey.lists)
            if not stems or goes_on or family.mapped | family.posted:
                continue
            lowest = min(stems)
            address = next(one for path, one in family.addresses.items() if family.stems[path] == stems[lowest])
            head, _, tail = address.rpartition(stems[lowest])
            for number in sorted({lowest - 1, lowest // 2} - {0}):
                try:
                    page = await self.eyes.page(f"{head}{number}{tail}")
                except LeadError:
                    family.has_lower = family.has_lower or False
                    continue
                family.has_lower = page.outcome == "article" or bool(family.has_lower)


def _shows(page: PageSeen, family: Family) -> bool:
    return any(plain(link.address) in family.titled for link in page.links)


def _promising(sitemap: SitemapSeen) -> list[str]:
    """Return the files of an index, those of articles first, those without any left out."""
    files = [address for address, _ in sorted(sitemap.files, key=lambda one: one[1], reverse=True)]
    return sorted((one for one in files if not is_of_others(one)), key=lambda one: not holds_articles(one))


def _next_look(family: Family, turn: int, failures: Mapping[str, str]) -> str | None:
    """Return the address of a member that was not looked at, of those that are announced best."""
    seen = (
        family.right | family.wrong.keys() | {path for path, address in family.addresses.items() if address in failures}
    )
    if len(seen) > turn:
        return None
    for paths in (family.fed, family.posted, family.dated, family.titled, family.mapped):
        if waiting := sorted(paths - seen):
            return family.addresses[waiting[len(waiting) // 2]]
    return None


def own_host(home: PageSeen, sitemaps: Sequence[str], asked: str) -> str:
    """Return the host that a site calls its own: as its home page declares, or its robots.txt; else the one asked.

    A mirror, or a server for trying things out, has it in its feeds and sitemaps. That of a machine of somebody's own
    was left there by who made the site.
    """
    hosts = [host for address in (*home.declared, *sitemaps) if (host := host_of(address))]
    return next((host for host in hosts if is_public_host(host)), asked)

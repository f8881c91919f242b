"""Listings: pages that announce articles, the newest first, and lead on to the page before them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from armcrawl.discovery.options import Starts, options_of, sections_of
from armcrawl.discovery.protocol import LeadError
from armcrawl.discovery.sighted.entries import read_listing
from armcrawl.discovery.sighted.walk import Depth
from armcrawl.errors import UsageError
from armcrawl.reading.response import is_gone
from armcrawl.sites.site import check_paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from armcrawl.discovery.protocol import Access
    from armcrawl.discovery.sighted.entries import Listed
    from armcrawl.discovery.sighted.walk import Taken, Walk
    from armcrawl.items import Sighting
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration

logger = logging.getLogger(__name__)

# A page announces ten articles or more: no trade press has written thirty thousand. A calendar has no end.
MAX_PAGES = 3_000
# When a listing shifts while it is read, a page may show nothing but what the one before it did: once. A server that
# shows the first or the last page for every number does so for ever.
MAX_REPEATS = 1
# Between two nights it shifts by what was written meanwhile.
MAX_REPEATS_RESUMED = 20
# A listing of fewer may well be all that there is.
MIN_OF_ONE_PAGE = 5
PAGE = "{page}"


class ListingOptions(Starts, frozen=True):
    """`start` are the paths of first pages; `pages` is the pattern of all further ones."""

    pages: str | None = None

    def __post_init__(self) -> None:
        check_paths(*self.start, self.pages)


@dataclass(slots=True)
class Trail:
    """What a walk has met since it began or was resumed: it tells where the listing ends."""

    is_resumed: bool
    visited: set[str] = field(default_factory=set)
    repeats: int = 0
    falls: bool | None = None

    def verdict(self, taken: Taken, sightings: Sequence[Sighting], depth: Depth, *, goes_on_open: bool) -> str | None:
        """Tell why the walk ends with a page, or None; `goes_on_open` that an earlier one is to go on behind it."""
        if not taken.keys:
            return "empty"
        if not taken.new and not taken.before:
            self.repeats += 1
            return "repeat" if self.repeats > (MAX_REPEATS_RESUMED if self.is_resumed else MAX_REPEATS) else None
        self.repeats = 0
        days = [one.day for one in sightings if one.day is not None and one.key not in taken.repeated]
        if depth.first_day is not None and days and max(days) < depth.first_day:
            return "days"
        if not taken.new and (depth.is_night or goes_on_open):
            return "known"
        return None


class Listing:
    """Reads listings page by page."""

    kind: ClassVar[str] = "listing"
    is_paged: ClassVar[bool] = True

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None:
        self.access = access
        self.site = access.site
        self.sections = sections_of(access.site, declared)
        self.options = options_of(access.site, declared, ListingOptions)

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for options that do not fit, and where no page to begin with is declared."""
        options = options_of(site, declared, ListingOptions)
        sections = [site.section(name) for name in sections_of(site, declared)]
        if not options.start and not any(section.listing for section in sections):
            raise UsageError(
                f'{site.name}: listing discovery has no page to begin with: write listing = "/news/" under the '
                'section, or start = ["/news/"] under [[discovery]].'
            )
        if options.pages is not None and options.pages.count(PAGE) != 1:
            raise UsageError(
                f"{site.name}: {options.pages!r} needs {PAGE} where the number of the page stands, as in "
                "/novosti/?PAGEN_1={page}."
            )
        for path in options.start:
            if found := site.identify(site.home + path.lstrip("/")):
                raise UsageError(f"{site.name}: the start {path!r} would be an article of section {found.section!r}.")

    async def starts(self) -> list[str]:
        """Return the addresses of the first pages."""
        wanted = [self.site.section(name) for name in self.sections if name in self.access.sections]
        paths = self.options.start or tuple(section.listing for section in wanted if section.listing)
        return [self.site.home + path.lstrip("/") for path in dict.fromkeys(paths)]

    async def walk(self, walk: Walk, depth: Depth) -> AsyncIterator[None]:
        """Read from the first page, then go on where earlier walks were left."""
        older = await walk.resumed()
        if depth.is_night and not older and not await walk.was_read():
            # Until it was read to its end, it is read to it: also when that was declared, or mended, since.
            depth = Depth(to_end=True)
        async for _ in self._follow(walk, walk.start, 1, depth, Trail(is_resumed=False), goes_on_open=bool(older)):
            yield
        if walk.record.is_open or walk.record.ended == "bound":
            return
        for index, one in enumerate(older):
            trail, further = Trail(is_resumed=True), index + 1 < len(older)
            start, number = one.record.left_at or one.start, one.record.pages + 1
            async for _ in self._follow(one, start, number, depth, trail, goes_on_open=further):
                yield
            if one.record.is_open:
                return

    async def _follow(
        self, walk: Walk, address: str, number: int, depth: Depth, trail: Trail, *, goes_on_open: bool
    ) -> AsyncIterator[None]:
        """Read page after page, until there is a reason to end."""
        following: str | None = address
        listed: Listed | None = None
        while following is not None:
            address, following = following, None
            try:
                response = await walk.ask(address, conditional=number == 1 and depth.is_night)
                if response.is_unchanged:
                    await walk.keep(address, response)
                    await walk.end("unchanged", reached_known=True)
                    return
                arguments = (self.access.origin, self.sections, number, walk.record.gap_to)
                listed = await self.access.work(read_listing, response, *arguments, falls=trail.falls)
            except LeadError as error:
                # Behind the last there is none, where a pattern made its address.
                if listed is not None and is_gone(error.status) and self.options.pages is not None:
                    await self._end(walk, "end", trail, listed, number - 1)
                else:
                    is_again = trail.is_resumed and not trail.visited
                    await self._broken(walk, address, number, error, is_again=is_again)
                return
            trail.visited |= {address, response.address}
            trail.falls = listed.further.falls
            following = self._following(listed, number)
            is_loop = following in trail.visited
            is_first = number == 1
            taken = await walk.take(address, response, listed.sightings, left_at=following, is_first=is_first)
            if is_first and not taken.keys:
                await walk.end("empty")
                raise LeadError(self._without_articles(address, listed))
            # New articles beside known ones are no end of the new ones, but where the listing has no further page.
            is_met = bool(taken.before) and (not taken.new or (is_first and (following is None or is_loop)))
            if is_met and not trail.is_resumed:
                walk.reached_known()
            reason = trail.verdict(taken, listed.sightings, depth, goes_on_open=goes_on_open)
            if reason is None and (following is None or is_loop):
                reason = "loop" if is_loop else "end"
            if reason is None and walk.record.pages >= MAX_PAGES:
                reason = "bound"
            if reason is not None:
                await self._end(walk, reason, trail, listed, number)
                following = None
            number += 1
            yield

    def _following(self, listed: Listed, number: int) -> str | None:
        """Return the address of the next page: by the declared pattern, or as the page says."""
        if self.options.pages is not None:
            return self.site.home + self.options.pages.replace(PAGE, str(number + 1)).lstrip("/")
        return listed.further.address

    async def _end(self, walk: Walk, reason: str, trail: Trail, listed: Listed, number: int) -> None:
        """End a walk, and tell what is doubtful about its end."""
        if reason == "days" and not walk.record.reached_known:
            # What is older was never seen: the nights go on there.
            await walk.leave_open(reason)
            return
        is_end = reason in {"end", "empty", "repeat", "loop"}
        is_whole = is_end and not (trail.is_resumed and reason == "repeat")
        is_one_page = number - trail.repeats == 1
        if is_end and (listed.further.is_hidden or (is_one_page and await self._may_have_more(walk, listed))):
            is_whole = False
            if not walk.record.reached_known:
                self._doubt(walk, listed)
        if reason == "bound":
            logger.warning("%s has more than %d pages: it is read no further.", walk.name, MAX_PAGES)
        await walk.end(
            reason, reached_known=reason == "known" or (trail.is_resumed and reason == "repeat"), is_whole=is_whole
        )

    async def _may_have_more(self, walk: Walk, listed: Listed) -> bool:
        """Tell whether a listing of one page may have others: not if new articles have displaced none."""
        if len(listed.sightings) < MIN_OF_ONE_PAGE:
            return False
        return not walk.record.new or await walk.number_displaced() != 0

    def _doubt(self, walk: Walk, listed: Listed) -> None:
        self.access.run.count("discovery/one_page_only")
        button = ", and a button for more that only a script can press" if listed.further.is_hidden else ""
        logger.warning(
            "%s shows %d articles on one page only%s: if the site has more, say with `pages` under [[discovery]] "
            "what its further pages are called.",
            *(walk.name, len(listed.sightings), button),
        )

    async def _broken(self, walk: Walk, address: str, number: int, error: LeadError, *, is_again: bool) -> None:
        """Leave a walk where a page cannot be read: the next run tries again.

        Only if the page is gone, and then still is, was the one before it the last.
        """
        if number == 1:
            raise error
        if is_gone(error.status) and is_again:
            await walk.end("end", is_whole=True)
            return
        self.access.run.count("discovery/unreadable")
        logger.warning("%s cannot be read on from %s (%s): the next run tries again.", walk.name, address, error)
        await walk.leave_open(f"{address}: {error}")

    def _without_articles(self, address: str, listed: Listed) -> str:
        self.access.run.count("discovery/without_articles")
        if listed.scripts and listed.links <= listed.scripts:
            return f"{address} links to no article, and has scripts: if these bring the articles, no crawl can see them"
        return f"none of the {listed.links} links on {address} has an address that the sections describe"

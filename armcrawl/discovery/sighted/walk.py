"""One way through a source, from its start as far as it came: what it shows is stored page by page."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit, urlunsplit

from armcrawl import clock
from armcrawl.reading.decoding import MAX_BODY
from armcrawl.reading.response import digest_of
from armcrawl.store.ledger import walks
from armcrawl.store.ledger.walks import SourcePage, WalkRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from armcrawl.discovery.goal import Goal
    from armcrawl.discovery.protocol import Access, LeadResponse
    from armcrawl.items import Sighting
    from armcrawl.sites import PageKey, Site

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Depth:
    """How far a source is to be read: to what is known, to what is older than a day, or to the end."""

    first_day: date | None = None
    to_end: bool = False

    @classmethod
    def of(cls, goal: Goal | None) -> Self:
        """Return how far a goal needs it."""
        if goal is None:
            return cls()
        return cls(goal.first_day, to_end=goal.first_day is None)

    @property
    def is_night(self) -> bool:
        """Whether only what is new is wanted."""
        return self.first_day is None and not self.to_end


@dataclass(frozen=True, slots=True)
class Taken:
    """What is on a page of a walk: shown by the source before the walk, on an earlier page of it, and all else."""

    before: frozenset[PageKey]
    repeated: frozenset[PageKey]
    new: frozenset[PageKey]

    @property
    def keys(self) -> frozenset[PageKey]:
        """All that is on the page."""
        return self.before | self.repeated | self.new


@dataclass(slots=True)
class Walk:
    """A walk through a source; `seen` is what it met in this run, `has_failed` that its start could not be read.

    `known` are the source's pages as they last answered, by address.
    """

    access: Access
    start: str
    record: WalkRecord
    known: dict[str, SourcePage] = field(default_factory=dict)
    seen: set[PageKey] = field(default_factory=set)

    @classmethod
    async def begin(cls, access: Access, kind: str, start: str) -> Self:
        """Begin at a start: nothing is stored until its first page is."""
        name, site, now = source_name(kind, start), access.site.name, clock.now()
        gap_from = await access.run.database.call(walks.newest_day, site, name)
        record = WalkRecord(site, name, now, now, access.run.run_id, gap_from=gap_from)
        return cls(access, start, record, await access.run.database.call(walks.pages_of, site, name))

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.record.source

    async def resumed(self) -> list[Walk]:
        """Return the earlier walks through the source that are to go on, the newest first."""
        found = await self.access.run.database.call(walks.open_walks, self.record.site, self.name)
        return [replace(self, record=one, seen=set()) for one in found if one.id != self.record.id]

    async def ask(
        self, address: str, max_size: int = MAX_BODY, *, conditional: bool = False, archived: bool = True
    ) -> LeadResponse:
        """Ask for a page of the source, where it is `conditional` only if it is otherwise than we last had it.

        Raises what Access.ask_lead raises.
        """
        known = self.known.get(address) if conditional else None
        wanted = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known is not None else {}
        conditions = {name: value for name, value in wanted.items() if value}
        response = await self.access.ask_lead(address, conditions, max_size, archived=archived)
        self.access.run.count("discovery/pages")
        if response.is_unchanged or (known is not None and known.digest == digest_of(response.body)):
            self.access.run.count("discovery/unchanged")
            return replace(response, body=b"", is_unchanged=True)
        return response

    async def take(
        self,
        address: str,
        response: LeadResponse,
        sightings: Sequence[Sighting],
        *,
        left_at: str | None = None,
        told: str | None = None,
        is_first: bool = True,
    ) -> Taken:
        """Store what a page shows and where the walk goes on; the validators only of one that is asked for again."""
        page = self._page(address, response, told) if is_first else None
        record = self._moved(sightings, response, left_at)
        found = [one.key for one in sightings]
        self.record, shown = await self.access.run.database.call(walks.write_step, record, page, address, sightings)
        earlier = {key: first for key, first in shown.before.items() if first != record.last_at}  # written twice
        before = {key for key, first in earlier.items() if first < record.began_at and key not in self.seen}
        repeated = {key for key in found if key in self.seen or (key in earlier and key not in before)}
        new = frozenset(found) - before - repeated
        self.seen.update(found)
        self.record = replace(
            self.record, seen=self.record.seen + len(before) + len(new), new=self.record.new + len(new)
        )
        self.access.run.count("discovery/seen", len(new))
        return Taken(frozenset(before), frozenset(repeated), new)

    async def keep(self, address: str, response: LeadResponse | None = None, told: str | None = None) -> None:
        """Note that a page is as it was: all that it showed is still there."""
        known = self.known.get(address)
        now = response.fetched_at if response is not None else clock.now()
        page = replace(known, fetched_at=now, told=told or known.told) if known is not None else None
        record = replace(self.record, pages=self.record.pages + (response is not None), last_at=now)
        self.record, _ = await self.access.run.database.call(walks.write_step, record, page, address, None)

    async def end(self, reason: str, *, reached_known: bool = False, is_whole: bool = False) -> None:
        """Store why the walk ended; what may lack between it and the one before is a gap."""
        record = self.record
        reached_known = reached_known or record.reached_known
        is_closed = reached_known or is_whole
        self.record = await self.access.run.database.call(
            walks.save,
            replace(
                record,
                ended=reason,
                left_at=None,
                reached_known=reached_known,
                is_whole=is_whole,
                gap_from=None if is_closed else record.gap_from,
                gap_to=None if is_closed else record.gap_to,
            ),
        )

    async def leave_open(self, reason: str) -> None:
        """Store why the walk is to go on another time."""
        self.record = await self.access.run.database.call(walks.save, replace(self.record, ended=reason))

    def reached_known(self) -> None:
        """Note that it came to what an earlier walk has seen, although it goes on."""
        self.record = replace(self.record, reached_known=True)

    async def was_read(self) -> bool:
        """Tell whether an earlier walk came to the end of the source."""
        return await self.access.run.database.call(walks.was_read, self.record.site, self.name)

    async def was_whole(self) -> bool:
        """Tell whether the walk before this one read all of the source."""
        return await self.access.run.database.call(walks.was_whole, self.record.site, self.name)

    async def number_displaced(self) -> int | None:
        """Return how many articles the source showed on its last walk and shows no more; None on its first."""
        record = self.record
        return await self.access.run.database.call(walks.number_displaced, record.site, self.name, record.began_at)

    def _moved(self, sightings: Sequence[Sighting], response: LeadResponse, left_at: str | None) -> WalkRecord:
        days = [one.day for one in sightings if one.day is not None]
        oldest = min([*days, *([self.record.gap_to] if self.record.gap_to else [])], default=None)
        record = replace(self.record, pages=self.record.pages + 1, last_at=response.fetched_at, gap_to=oldest)
        return replace(record, left_at=left_at, ended=None)

    def _page(self, address: str, response: LeadResponse, told: str | None) -> SourcePage:
        digest = digest_of(response.body)
        return SourcePage(address, response.fetched_at, response.etag, response.last_modified, digest, told)


def source_name(kind: str, start: str) -> str:
    """Return the name of a source: its kind and the path of its start."""
    parts = urlsplit(start)
    return f"{kind} {urlunsplit(('', '', parts.path or '/', parts.query, ''))}"


def start_of(site: Site, source: str) -> str:
    """Return the address where a source of that name begins."""
    return site.home + source.partition(" ")[2].lstrip("/")

"""Reading what is in quarantine again with today's parser, as a crawl reads: in a process that a page may kill."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from armcrawl.crawling.downloading.failures import unreadable_because
from armcrawl.errors import ArchiveError
from armcrawl.items import Outcome
from armcrawl.jobs.rereading import raw_response
from armcrawl.processes.bounds import PATIENCE_SECONDS
from armcrawl.processes.worker import Worker
from armcrawl.reading.response import unread_page
from armcrawl.refining.pages import page_from
from armcrawl.store.articles.reread_pages import STAGE, outcome_after
from armcrawl.store.ledger.sightings import announced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from armcrawl.items import Page
    from armcrawl.reading.response import SiteResponse
    from armcrawl.sites import Origin, PageKey
    from armcrawl.store.articles.reread_pages import Target
    from armcrawl.store.queries.quarantine import Case

    Read = Callable[..., Page]
    Write = Callable[[list[tuple[Target, Page]]], None]
    from armcrawl.archive.storage import Storage

# Written in well under a second, and read in one.
PAGES_AT_ONCE = 100
NOT_UNDERSTOOD = (Outcome.QUARANTINED, Outcome.FAILED)
LOST = "its bytes cannot be read"


@dataclass(slots=True)
class Replayed:
    """What came of it: pages by outcome, by their old reason, and by the reason why they are not understood today."""

    outcomes: Counter[str] = field(default_factory=Counter)
    waited: Counter[str] = field(default_factory=Counter)
    understood: Counter[str] = field(default_factory=Counter)
    quarantined: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, case: Case, page: Page) -> None:
        """Count a page that was read again."""
        self.waited[case.reason] += 1
        if is_not_understood(case, page):
            self.outcomes[Outcome.QUARANTINED] += 1
            self._add_not_understood(case, page.stage or STAGE, page.reason or "unknown")
        else:
            self.outcomes[outcome_after(case.target, page)[0]] += 1
            self.understood[case.reason] += 1

    def add_lost(self, case: Case, problem: str) -> None:
        """Count a page whose bytes could not be had."""
        self.outcomes["unreadable"] += 1
        self.waited[case.reason] += 1
        self.problems.append(f"{case.key}: {problem}")
        self._add_not_understood(case, "archive", LOST)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "pages": dict(self.outcomes),
            "reasons": [
                {"reason": reason, "pages": number, "understood": self.understood[reason]}
                for reason, number in self.waited.most_common()
            ],
            "quarantined": [
                {"stage": why[0], "reason": why[1], "keys": keys} for why, keys in sorted(self.quarantined.items())
            ],
            "problems": self.problems,
        }

    def _add_not_understood(self, case: Case, stage: str, reason: str) -> None:
        self.quarantined.setdefault((stage, reason), []).append(str(case.key))


def replay(
    engine: Engine,
    storage: Storage,
    waiting: Sequence[Case],
    write: Write | None,
    *,
    read: Read = page_from,
    patience: float = PATIENCE_SECONDS,
    tell: Callable[[int, int], None] | None = None,
    found: Replayed | None = None,
) -> Replayed:
    """Read pages in quarantine again, and hand over to `write`, some at a time, what is to be stored of them.

    A page that takes longer than `patience` seconds, twice, is one that hangs. `tell` is called with the pages that
    are done and all that there are; `found` takes what comes of it, for who must know also what an interrupted one did.
    """
    found = Replayed() if found is None else found

    async def work() -> None:
        worker = Worker(patience)
        try:
            for start in range(0, len(waiting), PAGES_AT_ONCE):
                changed: list[tuple[Target, Page]] = []
                some = waiting[start : start + PAGES_AT_ONCE]
                said = announced(engine, [case.key for case in some])
                for case in some:
                    try:
                        response, origin = raw_response(engine, storage, case)
                    except ArchiveError as error:
                        found.add_lost(case, str(error))
                        continue
                    told = said.get(case.key)
                    as_told = partial(read, announced=told) if told else read
                    page = await _read(worker, as_told, case.key, response, origin)
                    found.add(case, page)
                    if is_changed(case, page):
                        changed.append((case.target, page))
                if changed and write is not None:
                    write(changed)
                if tell is not None:
                    tell(min(start + PAGES_AT_ONCE, len(waiting)), len(waiting))
        finally:
            await worker.close()

    asyncio.run(work())
    return found


async def _read(worker: Worker, read: Read, key: PageKey, response: SiteResponse, origin: Origin) -> Page:
    try:
        return await worker.call(read, key, response, origin)
    except Exception as error:  # noqa: BLE001 - whatever the reader did, the page stays where it is
        return unread_page(key, response, unreadable_because(error))


def is_not_understood(case: Case, page: Page) -> bool:
    """Tell whether a page that was read again is not understood: also one whose article seems to be gone."""
    return page.outcome in NOT_UNDERSTOOD or outcome_after(case.target, page)[0] in NOT_UNDERSTOOD


def is_changed(case: Case, page: Page) -> bool:
    """Tell whether there is anything to write of a page that was read again.

    What says nothing of the page, such as a wall before the site, and what is quarantined for bytes that the site
    does not show any more, leaves all as it is.
    """
    if not is_not_understood(case, page):
        return True
    if page.outcome is Outcome.FAILED or case.target.is_past:
        return False
    return (page.stage or STAGE, page.reason) != (case.stage, case.reason)

"""What today's parser reads otherwise is written, as a run of its own that the database remembers."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from armcrawl import clock
from armcrawl.jobs.replaying import Replayed, replay
from armcrawl.stats import stats_of
from armcrawl.store.articles.reread_pages import write_rereadings
from armcrawl.store.articles.unreadable import quarantine_unreadable
from armcrawl.store.base.database import writing
from armcrawl.store.base.enumerations import REPARSE, REPLAY, RunEnd
from armcrawl.store.runs import publishing, run_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.reread_report import RereadReport
    from armcrawl.jobs.rereading import Chunk
    from armcrawl.store.articles.reread_pages import Wanted
    from armcrawl.store.queries.quarantine import Case


@dataclass(slots=True)
class Work:
    """A run that reads pages again: its number, and what its record is to say at the end."""

    run_id: int
    pages: dict[str, int] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)


def write_reread(
    engine: Engine, storage: Storage, wanted: Wanted, chunks: Iterable[Chunk], found: RereadReport
) -> None:
    """Write what came out otherwise, chunk by chunk, and add it to the report."""
    site = wanted.site or run_record.ALL_SITES
    with _recorded(engine, site, REPARSE, {"archive": str(storage)}) as work:
        try:
            for chunk in chunks:
                found.add(chunk)
                _write(engine, chunk, work.run_id)
        finally:
            work.pages = dict(found.counts)
            work.stats = stats_of("reread", found.counts + Counter(changed=found.changed))


def write_replayed(
    engine: Engine, storage: Storage, waiting: list[Case], reason: str | None, tell: Callable[[int, int], None]
) -> Replayed:
    """Read what waits in quarantine again, write what is understood, and return what came of it."""
    with _recorded(engine, run_record.ALL_SITES, REPLAY, {"archive": str(storage), "reason": reason}) as work:
        found = Replayed()
        try:
            replay(
                engine,
                storage,
                waiting,
                lambda changed: write_rereadings(engine, changed, work.run_id, clock.now()),
                tell=tell,
                found=found,
            )
            publishing.carry_out(engine)
        finally:
            work.pages = dict(found.outcomes)
    return found


@contextmanager
def _recorded(engine: Engine, site: str, kind: str, arguments: dict[str, Any]) -> Iterator[Work]:
    """Begin a run and end it: what interrupts it stands in its record as a failure."""
    run_record.mark_dead_jobs(engine)
    work = Work(run_record.begin_run(engine, site, kind, arguments))
    outcome = RunEnd.FAILED
    try:
        yield work
        outcome = RunEnd.DONE
    finally:
        run_record.end_run(engine, work.run_id, outcome, 0, work.pages, work.stats)


def _write(engine: Engine, chunk: Chunk, run_id: int) -> None:
    if chunk.unreadable:
        with writing(engine) as connection:
            quarantine_unreadable(connection, chunk.unreadable)
    if chunk.rereads:
        write_rereadings(engine, [(one.target, one.page) for one in chunk.rereads], run_id, clock.now())

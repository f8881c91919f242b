"""Moments that a wrong clock wrote are brought to where they belong: between the runs before and after.

Wrong is what lies in the future, or before there was armcrawl. A run with such moments ended, as far as anybody knows,
when its clock was set right, when the next right one began, or by now; how long it took, and in which order things
came, stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from armcrawl import clock
from armcrawl.sites import PageKey
from armcrawl.store.articles.captures import pasts_of
from armcrawl.store.articles.refolding import refold
from armcrawl.store.articles.responses import standings_of, write_outcomes
from armcrawl.store.base.columns import UtcDateTime
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import FETCH
from armcrawl.store.base.schema import captures, metadata, pages, readings, runs
from armcrawl.store.base.sql import among, chunks
from armcrawl.store.ledger.schedule import LONGEST_DAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Column, Connection, Engine, Table

# What sites and pages tell of themselves, what follows from captures by folding, and what is planned.
NOT_OURS = {
    "sightings.changed_at", "sightings.asked_for",
    "article_versions.published_at", "article_versions.created_at",
    "pages.next_check_at",
}  # fmt: skip


# No run waits for a day between two pages: robots.txt and Retry-After may ask for less than that.
MAX_STEP = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WrongRun:
    """A run, or a part of one, that a wrong clock timed: from `began` to `ended` by it, really since `began_really`."""

    id: int
    site: str
    began: datetime
    ended: datetime
    began_really: datetime

    def real(self, moment: datetime) -> datetime:
        """Return when a moment of this run really was."""
        return self.began_really + (moment - self.began)


@dataclass(slots=True)
class Repair:
    """What is to be written: the runs concerned, and new moments by column and row."""

    runs: list[WrongRun]
    moments: dict[Column[Any], list[tuple[dict[str, Any], datetime]]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows to change by table."""
        rows: defaultdict[str, set[tuple[Any, ...]]] = defaultdict(set)
        for column, changes in self.moments.items():
            rows[column.table.name].update(tuple(key.values()) for key, _ in changes)
        return dict(sorted(Counter({name: len(keys) for name, keys in rows.items()}).items()))


def plan_repair(engine: Engine) -> Repair:
    """Return what a repair would change; nothing is written. Raises ClockError where the clock is wrong right now."""
    clock.check_possible()
    with reading(engine) as connection:
        return _planned(connection, clock.now())


def repair_clock(engine: Engine) -> Repair:
    """Write the repair, and fold the histories of the pages concerned again; return what was changed.

    All in one transaction: hold the lock of the whole database. Raises ClockError where the clock is wrong right now.
    """
    clock.check_possible()
    with writing(engine) as connection:
        repair = _planned(connection, clock.now())
        for column, changes in repair.moments.items():
            _write(connection, column, changes)
        _refold(connection, repair)
    return repair


def _planned(connection: Connection, now: datetime) -> Repair:
    repair = Repair(_wrong_runs(connection, now))
    for table in metadata.sorted_tables:
        for column in table.columns:
            is_ours = isinstance(column.type, UtcDateTime) and f"{table.name}.{column.name}" not in NOT_OURS
            if is_ours and (found := list(_changes(connection, table, column, repair.runs, now))):
                repair.moments[column] = found
    if found := list(_due_again(connection, repair.moments.get(pages.c.fetched_at, []), now)):
        repair.moments[pages.c.next_check_at] = found
    return repair


def _wrong_runs(connection: Connection, now: datetime) -> list[WrongRun]:
    """Return the runs with wrong moments, the last one first."""
    is_wrong = (captures.c.fetched_at > now) | (captures.c.fetched_at < clock.EARLIEST)
    # What an archive of others brought has its own time.
    query = select(captures.c.run_id, captures.c.fetched_at).where(is_wrong, captures.c.cause == FETCH)
    seen: defaultdict[int | None, set[datetime]] = defaultdict(set)
    for run_id, moment in connection.execute(query):
        seen[run_id].add(moment)
    found, until = list[WrongRun](), now
    rows = connection.execute(select(runs.c.id, runs.c.site, runs.c.started_at, runs.c.finished_at).order_by(runs.c.id))
    for run in reversed(rows.all()):
        if run.finished_at is not None and not _is_wrong(run.finished_at, now):
            # The clock was set right while it ran.
            until = min(until, run.finished_at)
            if _is_wrong(run.started_at, now):
                until = min(until, _first_right(connection, run.id, now) or until)
        own = {one for one in (run.started_at, run.finished_at) if one is not None and _is_wrong(one, now)}
        for began, ended in reversed(list(_parts(own | seen[run.id]))):
            until -= ended - began
            found.append(WrongRun(run.id, run.site, began, ended, until))
        if not _is_wrong(run.started_at, now):
            until = min(until, run.started_at)
    return found


def _first_right(connection: Connection, run_id: int, now: datetime) -> datetime | None:
    """Return when a run that began by a wrong clock first fetched a page by a right one."""
    query = select(func.min(captures.c.fetched_at)).where(
        captures.c.run_id == run_id,
        captures.c.cause == FETCH,
        captures.c.fetched_at.between(clock.EARLIEST, now),
    )
    return connection.execute(query).scalar()


def _parts(moments: Collection[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the first and the last of moments that follow on each other: between others the clock was set."""
    ordered = sorted(moments)
    begins = [0, *(index for index in range(1, len(ordered)) if ordered[index] - ordered[index - 1] > MAX_STEP)]
    for first, behind in pairwise([*begins, len(ordered)]):
        if first < behind:
            yield ordered[first], ordered[behind - 1]


def _is_wrong(moment: datetime, now: datetime) -> bool:
    return not clock.EARLIEST <= moment <= now


def _changes(
    connection: Connection, table: Table, column: Column[Any], wrong: Collection[WrongRun], now: datetime
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Yield the rows of a table whose moment is wrong, each by its primary key, with the moment that it gets.

    What no run tells of and lies in the future is now; what is as old as that may be from an archive, and stays.
    """
    key = list(table.primary_key.columns)
    query = select(*key, column.label("moment")).where((column > now) | (column < clock.EARLIEST))
    for row in connection.execute(query):
        run = next((one for one in wrong if one.began <= row.moment <= one.ended), None)
        if run is not None or row.moment > now:
            names = [one.name for one in key]
            yield dict(zip(names, row, strict=False)), now if run is None else run.real(row.moment)


def _due_again(
    connection: Connection, looks: Collection[tuple[dict[str, Any], datetime]], now: datetime
) -> Iterator[tuple[dict[str, Any], datetime]]:
    """Yield when pages are due: as long after their look as before, and at once where no schedule waits as long."""
    moved = {key["id"]: moment for key, moment in looks}
    latest = now + timedelta(days=LONGEST_DAYS)
    query = select(pages.c.id, pages.c.fetched_at, pages.c.next_check_at).where(pages.c.next_check_at.is_not(None))
    for row in connection.execute(query):
        due = row.next_check_at
        if row.id in moved:
            due = moved[row.id] + (due - row.fetched_at)
        if due > latest:
            due = now
        if due != row.next_check_at:
            yield {"id": row.id}, due


def _write(connection: Connection, column: Column[Any], changes: Collection[tuple[dict[str, Any], datetime]]) -> None:
    table = column.table
    is_row = [one == bindparam(f"key_{one.name}") for one in table.primary_key.columns]
    statement = update(table).where(*is_row).values({column.name: bindparam("moment")})
    rows = [{f"key_{name}": value for name, value in key.items()} | {"moment": new} for key, new in changes]
    connection.execute(statement, rows)


def _refold(connection: Connection, repair: Repair) -> None:
    """Let the versions follow from what captures and readings say now."""
    moved = _ids(repair.moments, captures)
    of_readings = select(readings.c.id, captures.c.page_id).join(captures, captures.c.id == readings.c.capture_id)
    page_ids = {row.page_id for row in among(connection, of_readings, readings.c.id, _ids(repair.moments, readings))}
    of_captures = select(captures.c.id, captures.c.page_id)
    page_ids |= {row.page_id for row in among(connection, of_captures, captures.c.id, moved)}
    for some in chunks(sorted(page_ids)):
        query = select(pages.c.id, *(pages.c[name] for name in PageKey._fields))
        keys = {row.id: PageKey(*row[1:4]) for row in among(connection, query, pages.c.id, some)}
        standings = standings_of(connection, keys)
        found = refold(connection, keys, pasts_of(connection, keys), {})
        write_outcomes(connection, found.histories, standings)


def _ids(moments: Mapping[Column[Any], Collection[tuple[dict[str, Any], datetime]]], table: Table) -> set[int]:
    return {key["id"] for column, changes in moments.items() if column.table is table for key, _ in changes}

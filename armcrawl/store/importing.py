"""Writing captures from archives: several of one page, older ones than what is stored, in any order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store import schema
from armcrawl.store.database import reading, writing
from armcrawl.store.folding import IMPORT
from armcrawl.store.identity import keep_apart
from armcrawl.store.queries import is_one_of
from armcrawl.store.upsert import ROWS_AT_ONCE
from armcrawl.store.writing import Batch, Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Page

pages = schema.pages


def known_captures(engine: Engine, keys: Iterable[PageKey]) -> set[tuple[PageKey, datetime]]:
    """Return which captures of some pages the database holds already."""
    captures = schema.captures
    wanted = sorted(set(keys))
    found: set[tuple[PageKey, datetime]] = set()
    columns = (pages.c.site, pages.c.section, pages.c.external_id, captures.c.fetched_at)
    with reading(engine) as connection:
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            query = select(*columns).join(captures, captures.c.page_id == pages.c.id)
            for row in connection.execute(query.where(is_one_of(wanted[start : start + ROWS_AT_ONCE]))):
                found.add((PageKey(*row[:3]), row[3]))
    return found


def removed_pages(engine: Engine, keys: Iterable[PageKey]) -> set[PageKey]:
    """Return which of some pages were taken down: nothing of them is ever kept again."""
    wanted = set(keys)
    query = select(pages.c.site, pages.c.section, pages.c.external_id).where(pages.c.outcome == Outcome.REMOVED)
    with reading(engine) as connection:
        return {PageKey(*row) for row in connection.execute(query)} & wanted


def write_imported(engine: Engine, captured: Sequence[Page], run_id: int | None, cause: str = IMPORT) -> Written:
    """Write answers from archives in one transaction: the newest of a page wins, all become its history."""
    with writing(engine) as connection:
        captured, apart = keep_apart(connection, captured)
        known = _known(connection, captured)
        newer = _with_body([page for page in captured if _is_newer(page, known)], known)
        newest = {page.key: page for page in newer}
        older = [page for page in captured if not _is_newer(page, known)]
        others = [page for page in newer if page is not newest[page.key]]
        written = Batch(connection, list(newest.values()), run_id, cause, older=[*others, *older]).write()
        _write_first_seen(connection, [*others, *older])
    written.pages += Counter(page.outcome.value for page in others)
    written.pages["older"] += len(older)
    written.apart = apart
    return written


def _known(connection: Connection, captured: Sequence[Page]) -> dict[PageKey, tuple[int, str, datetime]]:
    columns = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.id, pages.c.outcome, pages.c.fetched_at)
    query = select(*columns).where(is_one_of(page.key for page in captured))
    return {PageKey(*row[:3]): (row[3], row[4], row[5]) for row in connection.execute(query)}


def _is_newer(page: Page, known: dict[PageKey, tuple[int, str, datetime]]) -> bool:
    """Tell whether a capture is the last word on its page; a failure, and a takedown, is none that it could follow."""
    if page.key not in known:
        return True
    _, outcome, fetched_at = known[page.key]
    return outcome in (Outcome.FAILED, Outcome.REMOVED) or page.fetched_at > fetched_at


def _with_body(newer: Sequence[Page], known: dict[PageKey, tuple[int, str, datetime]]) -> list[Page]:
    """Leave out what says «not modified» of a page that we do not have."""
    have = {key for key, (_, outcome, _) in known.items() if outcome == Outcome.STORED}
    kept = []
    for page in sorted(newer, key=lambda page: page.fetched_at):
        if page.outcome is Outcome.STORED and page.article is None and page.key not in have:
            continue
        if page.article is not None:
            have.add(page.key)
        kept.append(page)
    return kept


def _write_first_seen(connection: Connection, older: Sequence[Page]) -> None:
    """Write when pages were first seen, as older answers tell."""
    first: dict[PageKey, datetime] = {}
    for page in older:
        first[page.key] = min(page.fetched_at, first.get(page.key, page.fetched_at))
    for key, moment in first.items():
        is_later = is_one_of([key]) & (pages.c.first_seen_at > moment)
        connection.execute(update(pages).where(is_later).values(first_seen_at=moment))

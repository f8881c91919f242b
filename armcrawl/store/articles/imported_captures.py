"""Writing captures from archives: several of one page, older ones than what is stored, in any order."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.folding import IMPORT
from armcrawl.store.articles.writing import Batch, Written
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import ROWS_AT_ONCE, is_one_of
from armcrawl.store.ledger.identity import keep_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
    """Write responses from archives in one transaction: the newest of a page wins, all become its history."""
    total = Written()
    with writing(engine) as connection:
        captured, total.apart = keep_apart(connection, captured)
        known = _known(connection, captured)
        newer = _with_body([page for page in captured if _is_newer(page, known)], known)
        backdated = [page for page in captured if not _is_newer(page, known)]
        for batch in _rounds(newer):
            total.add(Batch(connection, batch, run_id, cause).write())
        if backdated:
            Batch(connection, [], run_id, cause, backdated=backdated).write()
            total.pages["backdated"] += len(backdated)
            _write_first_seen(connection, [(known[page.key][0], page) for page in backdated])
    return total


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
    have = set(known)
    kept = []
    for page in sorted(newer, key=lambda page: page.fetched_at):
        if page.says_unchanged and page.key not in have:
            continue
        have.add(page.key)
        kept.append(page)
    return kept


def _rounds(newer: Sequence[Page]) -> Iterator[list[Page]]:
    """Yield lists in which every page is once, older responses before newer ones."""
    of_page: defaultdict[PageKey, list[Page]] = defaultdict(list)
    for page in newer:
        of_page[page.key].append(page)
    for batch in zip_longest(*of_page.values()):
        yield [page for page in batch if page is not None]


def _write_first_seen(connection: Connection, backdated: Sequence[tuple[int, Page]]) -> None:
    """Write when pages were first seen, as older responses tell."""
    rows = [{"page": page_id, "moment": page.fetched_at} for page_id, page in backdated]
    is_later = (pages.c.id == bindparam("page")) & (pages.c.first_seen_at > bindparam("moment"))
    connection.execute(update(pages).where(is_later).values(first_seen_at=bindparam("moment")), rows)

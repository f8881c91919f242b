"""Writing captures from archives: several of one page, older ones than what is stored, in any order."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from armcrawl.items import Outcome, Record
from armcrawl.sites import PageKey
from armcrawl.store.articles.writing import Batch, Written
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import IMPORT
from armcrawl.store.base.schema import captures, pages
from armcrawl.store.base.sql import chunks, is_one_of
from armcrawl.store.clusters.clustering import join_after_batch
from armcrawl.store.ledger.identity import keep_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Row

    from armcrawl.items import Page


def known_captures(engine: Engine, keys: Iterable[PageKey]) -> set[tuple[PageKey, datetime]]:
    """Return which captures of some pages the database holds already."""
    columns = (pages.c.site, pages.c.section, pages.c.external_id, captures.c.fetched_at)
    query = select(*columns).join(captures, captures.c.page_id == pages.c.id)
    with reading(engine) as connection:
        return {
            (PageKey(*row[:3]), row.fetched_at)
            for some in chunks(sorted(set(keys)))
            for row in connection.execute(query.where(is_one_of(some)))
        }


def archived_captures(engine: Engine, keys: Iterable[PageKey]) -> dict[tuple[PageKey, datetime], Record]:
    """Return where the archive has what the database knows of some pages, by page and time."""
    columns = (captures.c.fetched_at, captures.c.archive_file, captures.c.archive_offset, captures.c.payload_digest)
    query = select(pages.c.site, pages.c.section, pages.c.external_id, *columns)
    query = query.join(captures, captures.c.page_id == pages.c.id).where(captures.c.archive_file.is_not(None))
    with reading(engine) as connection:
        return {
            (PageKey(*row[:3]), row.fetched_at): Record(*row[4:])
            for some in chunks(sorted(set(keys)))
            for row in connection.execute(query.where(is_one_of(some)))
        }


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
        newer = _with_body([page for page in captured if _is_newer(page, known.get(page.key))], known)
        backdated = [page for page in captured if not _is_newer(page, known.get(page.key))]
        for batch in _rounds(newer):
            total.add(Batch(connection, batch, run_id, cause).write())
        if backdated:
            Batch(connection, [], run_id, cause, backdated=backdated).write()
            total.pages["backdated"] += len(backdated)
            seen = [{"page": known[page.key].id, "moment": page.fetched_at} for page in backdated]
            is_later = (pages.c.id == bindparam("page")) & (pages.c.first_seen_at > bindparam("moment"))
            connection.execute(update(pages).where(is_later).values(first_seen_at=bindparam("moment")), seen)
    join_after_batch(engine)
    return total


def _known(connection: Connection, captured: Sequence[Page]) -> dict[PageKey, Row[*tuple[Any, ...]]]:
    columns = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.id, pages.c.outcome, pages.c.fetched_at)
    query = select(*columns).where(is_one_of(page.key for page in captured))
    return {PageKey(*row[:3]): row for row in connection.execute(query)}


def _is_newer(page: Page, known: Row[*tuple[Any, ...]] | None) -> bool:
    """Tell whether a capture is the last word on its page: what it follows is older, a failure or a takedown."""
    return known is None or known.outcome in (Outcome.FAILED, Outcome.REMOVED) or page.fetched_at > known.fetched_at


def _with_body(newer: Sequence[Page], known: Iterable[PageKey]) -> list[Page]:
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

"""The times at which we got a page's bytes, and where these are in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.sites import PageKey
from armcrawl.store import schema
from armcrawl.store.database import reading
from armcrawl.store.queries import is_one_of
from armcrawl.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from armcrawl.items import Page

captures = schema.captures
WRITTEN = ("http_status", "digest", "archive_file", "archive_offset", "payload_digest")


def write_captures(connection: Connection, answered: Sequence[tuple[int, Page]]) -> dict[tuple[int, datetime], int]:
    """Write the captures of pages, by the ids of these, and return their ids by page and moment."""
    rows = [
        {
            "page_id": page_id,
            "fetched_at": page.fetched_at,
            "http_status": page.http_status,
            "digest": page.digest,
            "archive_file": page.record.file if page.record else None,
            "archive_offset": page.record.offset if page.record else None,
            "payload_digest": page.record.payload_digest if page.record else None,
        }
        for page_id, page in answered
        if page.digest is not None
    ]
    upsert(connection, captures, rows, ("page_id", "fetched_at"), WRITTEN)
    wanted = {(row["page_id"], row["fetched_at"]) for row in rows}
    query = select(captures.c.page_id, captures.c.fetched_at, captures.c.id).where(
        captures.c.page_id.in_([row["page_id"] for row in rows])
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(query) if (row[0], row[1]) in wanted}


@dataclass(frozen=True, slots=True)
class Capture:
    """One time that a page's bytes came in, and where they are; `digest` is the one of the WARC record."""

    key: PageKey
    page_id: int
    fetched_at: datetime
    http_status: int | None
    file: str
    offset: int
    digest: str | None


def captures_of(engine: Engine, key: PageKey | None = None, file: str | None = None) -> Iterator[Capture]:
    """Yield archived captures, of one page or in one file if that is named, oldest first."""
    query = _archived().order_by(captures.c.fetched_at, captures.c.id)
    if key is not None:
        query = query.where(is_one_of([key]))
    if file is not None:
        query = query.where(captures.c.archive_file == file)
    yield from _captures(engine, query)


def newest_capture(engine: Engine) -> Capture | None:
    """Return the archived capture that came in last."""
    return next(_captures(engine, _archived().order_by(captures.c.id.desc()).limit(1)), None)


def archive_files(engine: Engine) -> list[str]:
    """Return the names of the archive's files that captures are in, oldest first."""
    query = select(captures.c.archive_file).where(captures.c.archive_file.is_not(None)).distinct()
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def _archived() -> Select[Any]:
    """Return the query for captures that are in the archive, with the keys of their pages."""
    pages = schema.pages
    columns = (captures.c.fetched_at, captures.c.http_status, captures.c.archive_file, captures.c.archive_offset)
    return (
        select(pages.c.site, pages.c.section, pages.c.external_id, pages.c.id, *columns, captures.c.payload_digest)
        .join(pages, pages.c.id == captures.c.page_id)
        .where(captures.c.archive_file.is_not(None))
    )


def _captures(engine: Engine, query: Select[Any]) -> Iterator[Capture]:
    with reading(engine) as connection:
        for row in connection.execute(query):
            yield Capture(PageKey(*row[:3]), *tuple(row)[3:])

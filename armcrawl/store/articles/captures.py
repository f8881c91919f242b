"""The times at which we got a page's bytes, and where these are in the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl import PARSER_VERSION
from armcrawl.items import Outcome
from armcrawl.sites import PageKey
from armcrawl.store.articles.folding import FETCH
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import insert_for, is_one_of, upsert

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from armcrawl.items import Page

captures, readings = schema.captures, schema.readings
SAID = ("outcome", "reason", "content_hash", "document_hash", "parser_version", "words", "is_cut")
WRITTEN = ("http_status", *SAID, "digest", "archive_file", "archive_offset", "payload_digest")
REREAD = ("read_at", *SAID)


def said_of(page: Page) -> dict[str, Any]:
    """Return what a page turned out to be, as a capture and a reading say it."""
    article = page.article if page.outcome is Outcome.STORED else None
    return {
        "outcome": page.outcome.value,
        "reason": page.reason,
        "content_hash": article.content_hash if article is not None else None,
        "document_hash": article.document_hash if article is not None else None,
        "parser_version": PARSER_VERSION,
        "words": article.word_count if article is not None else 0,
        "is_cut": article is not None and article.is_cut,
    }


def write_captures(
    connection: Connection,
    answered: Sequence[tuple[int, Page]],
    run_id: int | None = None,
    cause: str = FETCH,
    *,
    is_judged: bool = False,
) -> None:
    """Write the responses that pages, by their ids, turned out to be.

    A failure says nothing of its page, nor does «not modified», but that an earlier response is still true.
    """
    rows = [
        {
            "page_id": page_id,
            "fetched_at": page.fetched_at,
            "last_seen_at": page.fetched_at,
            "run_id": run_id,
            "cause": cause,
            "is_judged": is_judged,
            "http_status": page.http_status,
            **said_of(page),
            "digest": page.digest,
            "archive_file": page.record.file if page.record else None,
            "archive_offset": page.record.offset if page.record else None,
            "payload_digest": page.record.payload_digest if page.record else None,
        }
        for page_id, page in answered
        if page.outcome is not Outcome.FAILED and not page.says_unchanged
    ]
    if not rows:
        return
    insert = insert_for(connection, captures)
    # Of two responses of one moment, as archives that count seconds have them, one that shows an article counts.
    statement = insert.on_conflict_do_update(
        index_elements=["page_id", "fetched_at"],
        set_={name: insert.excluded[name] for name in WRITTEN},
        where=(captures.c.outcome != Outcome.STORED) | (insert.excluded.outcome == Outcome.STORED),
    )
    connection.execute(statement, rows)


def write_readings(connection: Connection, reread: Sequence[tuple[int, Page]], run_id: int, moment: datetime) -> None:
    """Write what a parser made of captures, by their ids."""
    rows = [
        {
            "capture_id": capture_id,
            "run_id": run_id,
            "read_at": moment,
            **said_of(page),
        }
        for capture_id, page in reread
    ]
    upsert(connection, readings, rows, ("capture_id", "run_id"), REREAD)


@dataclass(frozen=True, slots=True)
class Archived:
    """One time that a page's bytes came in, and where they are; `digest` is the one of the WARC record."""

    key: PageKey
    page_id: int
    fetched_at: datetime
    http_status: int | None
    file: str
    offset: int
    digest: str | None


def captures_of(engine: Engine, key: PageKey | None = None, file: str | None = None) -> Iterator[Archived]:
    """Yield archived captures, of one page or in one file if that is named, oldest first."""
    query = _archived().order_by(captures.c.fetched_at, captures.c.id)
    if key is not None:
        query = query.where(is_one_of([key]))
    if file is not None:
        query = query.where(captures.c.archive_file == file)
    yield from _captures(engine, query)


def newest_capture(engine: Engine) -> Archived | None:
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


def _captures(engine: Engine, query: Select[Any]) -> Iterator[Archived]:
    with reading(engine) as connection:
        for row in connection.execute(query):
            yield Archived(PageKey(*row[:3]), *tuple(row)[3:])

"""The times at which we got a page's bytes, and where these are in the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.store import schema
from armcrawl.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

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

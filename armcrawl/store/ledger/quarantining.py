"""Writing pages into quarantine: of equal bodies one copy is kept, as a site may answer alike for half of its ids."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from armcrawl.store.base.schema import captures, quarantine
from armcrawl.store.base.sql import upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from armcrawl.items import Page

# What packing makes of nothing.
NOTHING = zlib.compress(b"")
REPLACED = ("reason", "capture_id", "body", "content_type", "content_encoding", "created_at", "resolved_at")


def write_quarantined(
    connection: Connection,
    found: Sequence[tuple[int, int | None, Page]],
    *,
    stage: str = "reading",
    moment: datetime | None = None,
) -> None:
    """Put pages into quarantine, each with its row's id and its capture's; `stage` is that of pages that name none."""
    if not found:
        return
    hand_over_bodies(connection, [page_id for page_id, _, _ in found])
    digests = {page.digest for _, _, page in found if page.digest}
    held = {row.digest for row in connection.execute(with_body(digests))}
    rows = []
    for page_id, capture_id, page in found:
        is_held = capture_id is not None and page.digest in held
        if capture_id is not None and page.digest and page.body:
            held.add(page.digest)
        rows.append(
            {
                "page_id": page_id,
                "stage": page.stage or stage,
                "reason": page.reason or "unknown",
                "capture_id": capture_id,
                "body": NOTHING if is_held else zlib.compress(page.body),
                "content_type": page.content_type,
                "content_encoding": page.content_encoding,
                "created_at": moment or page.fetched_at,
                "resolved_at": None,
            }
        )
    upsert(connection, quarantine, rows, ("page_id", "stage"), REPLACED)


def resolve(
    connection: Connection, page_ids: Sequence[int] | Select[int], moment: datetime, *which: ColumnElement[bool]
) -> None:
    """Note that pages which wait in quarantine, or some of their rows, are understood since a moment."""
    waiting = quarantine.c.page_id.in_(page_ids) & quarantine.c.resolved_at.is_(None)
    connection.execute(update(quarantine).where(waiting, *which).values(resolved_at=moment))


def with_body(digests: Collection[str]) -> Select[tuple[str, int]]:
    """Return the query for the rows that keep the bodies of these digests: digest and id."""
    return (
        select(captures.c.digest, quarantine.c.id)
        .join(captures, captures.c.id == quarantine.c.capture_id)
        .where(captures.c.digest.in_(digests), func.length(quarantine.c.body) > len(NOTHING))
    )


def hand_over_bodies(connection: Connection, page_ids: Sequence[int]) -> None:
    """Give the bodies of rows that will be replaced to others that rely on them; those hold an empty one."""
    columns = (quarantine.c.page_id, quarantine.c.body, captures.c.digest)
    query = select(*columns).join(captures, captures.c.id == quarantine.c.capture_id)
    packed: dict[str, Any] = {
        row.digest: row.body
        for row in connection.execute(query.where(quarantine.c.page_id.in_(page_ids)))
        if row.digest and row.body and len(row.body) > len(NOTHING)
    }
    if not packed:
        return
    others = (
        select(captures.c.digest, func.min(quarantine.c.id).label("row_id"))
        .join(captures, captures.c.id == quarantine.c.capture_id)
        .where(
            captures.c.digest.in_(packed),
            quarantine.c.page_id.not_in(page_ids),
            func.length(quarantine.c.body) <= len(NOTHING),
        )
        .group_by(captures.c.digest)
    )
    heirs = [{"row_id": row.row_id, "packed": packed[row.digest]} for row in connection.execute(others)]
    if heirs:
        statement = update(quarantine).where(quarantine.c.id == bindparam("row_id")).values(body=bindparam("packed"))
        connection.execute(statement, heirs)

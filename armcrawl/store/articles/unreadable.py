"""Documents that cannot be read: each page is named and put into quarantine, and whoever reads goes on with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, update

from armcrawl import clock
from armcrawl.store.articles.documents import DocumentError
from armcrawl.store.base import schema
from armcrawl.store.base.sql import upsert

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from sqlalchemy import Connection

STAGE = "document"
REPLACED = ("reason", "capture_id", "created_at", "resolved_at")

articles, versions, quarantine = schema.articles, schema.article_versions, schema.quarantine

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class UnreadableVersion:
    """A version whose document cannot be read: of which article, its number, and why."""

    article_id: int
    number: int
    reason: str


def read_all(rows: Iterable[Any], read: Callable[[Any], Read]) -> tuple[list[Read], list[UnreadableVersion]]:
    """Read rows of versions that have an `article_id` and a `number`, and tell which cannot be."""
    found, unreadable = [], []
    for row in rows:
        try:
            found.append(read(row))
        except DocumentError as error:
            unreadable.append(UnreadableVersion(row.article_id, row.number, str(error)))
    return found, unreadable


def set_aside(connection: Connection, unreadable: Sequence[UnreadableVersion], read: Collection[int] = ()) -> list[str]:
    """Put pages whose document cannot be read into quarantine, and return a sentence for each.

    What follows from such a document stays as it was. `read` are articles whose document was read: that they could
    not be, as may be with an older armcrawl, is over.
    """
    if not unreadable and not read:
        return []
    moment = clock.now()
    if read:
        waiting = quarantine.c.page_id.in_(select(articles.c.page_id).where(articles.c.id.in_(read)))
        is_over = (quarantine.c.stage == STAGE) & quarantine.c.resolved_at.is_(None) & waiting
        connection.execute(update(quarantine).where(is_over).values(resolved_at=moment))
    reasons = {(one.article_id, one.number): one.reason for one in unreadable}
    query = (
        select(versions.c.article_id, versions.c.number, versions.c.capture_id, articles.c.page_id, articles.c.key)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.article_id.in_([one.article_id for one in unreadable]))
        .order_by(articles.c.key)
    )
    found = [(row, reasons.get((row.article_id, row.number))) for row in connection.execute(query)]
    rows = [
        {
            "page_id": row.page_id,
            "stage": STAGE,
            "reason": reason,
            "capture_id": row.capture_id,
            "created_at": moment,
            "resolved_at": None,
        }
        for row, reason in found
        if reason is not None
    ]
    upsert(connection, quarantine, rows, ("page_id", "stage"), REPLACED)
    return [f"{row.key}: {reason}" for row, reason in found if reason is not None]

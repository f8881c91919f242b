"""Documents that cannot be read: each page is named and put into quarantine, and whoever reads goes on with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select

from armcrawl import clock
from armcrawl.store.articles.documents import DocumentError
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, quarantine
from armcrawl.store.base.sql import upsert
from armcrawl.store.ledger.quarantining import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from sqlalchemy import Connection

STAGE = "document"
REPLACED = ("reason", "capture_id", "created_at", "resolved_at")


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


def quarantine_unreadable(
    connection: Connection, unreadable: Sequence[UnreadableVersion], read: Collection[int] = ()
) -> list[str]:
    """Put pages whose document cannot be read into quarantine, and return a sentence for each.

    What follows from such a document stays as it was. `read` are articles whose document can be read: if an older
    armcrawl could not, they leave quarantine.
    """
    if not unreadable and not read:
        return []
    moment = clock.now()
    if read:
        of_read = select(articles.c.page_id).where(articles.c.id.in_(read))
        resolve(connection, of_read, moment, quarantine.c.stage == STAGE)
    reasons = {(one.article_id, one.number): one.reason for one in unreadable}
    query = (
        select(versions.c.article_id, versions.c.number, versions.c.capture_id, articles.c.page_id, articles.c.key)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.article_id.in_([one.article_id for one in unreadable]))
        .order_by(articles.c.key)
    )
    rows = connection.execute(query).all()
    found = [(row, reason) for row in rows if (reason := reasons.get((row.article_id, row.number)))]
    waiting = [
        {
            "page_id": row.page_id,
            "stage": STAGE,
            "reason": reason,
            "capture_id": row.capture_id,
            "created_at": moment,
            "resolved_at": None,
        }
        for row, reason in found
    ]
    upsert(connection, quarantine, waiting, ("page_id", "stage"), REPLACED)
    return [f"{row.key}: {reason}" for row, reason in found]

"""What the database holds of pages' pasts: the rows that a history is folded from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.items import Outcome, Pickled
from armcrawl.store.articles.captures import SAID
from armcrawl.store.articles.folding import Capture, LaterReading, Said, fold
from armcrawl.store.base import schema
from armcrawl.store.base.sql import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from armcrawl.store.articles.folding import FoldedHistory

captures, readings, runs, pages = schema.captures, schema.readings, schema.runs, schema.pages


@dataclass(slots=True)
class Past(Pickled):
    """What a page's history is folded from.

    `removed` is why it was taken down, if it was; `is_new` says that the database knew nothing of it before.
    """

    captures: list[Capture] = field(default_factory=list)
    readings: list[LaterReading] = field(default_factory=list)
    verdicts: dict[int, str] = field(default_factory=dict)
    removed: str | None = None
    is_new: bool = False

    def history(self, *further: LaterReading) -> FoldedHistory:
        """Return the history that follows, with what further readings would add."""
        return fold(self.captures, [*self.readings, *further], self.verdicts, self.removed)


def pasts_of(connection: Connection, page_ids: Collection[int], *, new: Collection[int] = ()) -> Mapping[int, Past]:
    """Return the pasts of pages by their ids; `new` are those that the database knew nothing of before."""
    found = {page_id: Past(is_new=page_id in new) for page_id in page_ids}
    for some in chunks(sorted(page_ids)):
        _add_captures(connection, some, found)
        known = [page_id for page_id in some if not found[page_id].is_new]
        if known:
            _add_readings(connection, known, found)
            _add_removed(connection, known, found)
    return found


def _add_captures(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    told = ("id", "page_id", "fetched_at", "last_seen_at", "digest", "cause", "run_id", "is_judged", *SAID)
    query = select(runs.c.verdict, *(captures.c[name] for name in told))
    query = query.outerjoin(runs, runs.c.id == captures.c.run_id).where(captures.c.page_id.in_(page_ids))
    for row in connection.execute(query):
        past = found[row.page_id]
        moments, judged = (row.fetched_at, row.last_seen_at), {"is_judged": row.is_judged}
        past.captures.append(Capture(row.id, *moments, row.digest, _said(row), row.cause, row.run_id, **judged))
        if row.verdict is not None:
            past.verdicts[row.run_id] = row.verdict


def _add_readings(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    told = ("id", "capture_id", "read_at", "run_id", *SAID)
    query = select(captures.c.page_id, *(readings.c[name] for name in told))
    query = query.join(captures, captures.c.id == readings.c.capture_id).where(captures.c.page_id.in_(page_ids))
    for row in connection.execute(query):
        found[row.page_id].readings.append(LaterReading(row.id, row.capture_id, row.read_at, _said(row), row.run_id))


def _add_removed(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    query = select(pages.c.id, pages.c.reason).where(pages.c.id.in_(page_ids), pages.c.outcome == Outcome.REMOVED)
    for row in connection.execute(query):
        found[row.id].removed = row.reason or ""


def _said(row: Any) -> Said:
    return Said(*(getattr(row, name) for name in SAID))

"""Captures and their readings: how they are written, what a history is folded from, and where the archive has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from armcrawl import PARSER_VERSION
from armcrawl.items import Outcome, Pickled
from armcrawl.sites import PageKey
from armcrawl.store.articles.folding import Capture, LaterReading, Parsed, fold, is_rejected
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import FETCH
from armcrawl.store.base.schema import captures, pages, readings, runs
from armcrawl.store.base.sql import among, insert_of, is_one_of, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Engine, Select

    from armcrawl.items import Page
    from armcrawl.store.articles.folding import FoldedHistory

PARSED = Parsed.__match_args__
WRITTEN = ("http_status", *PARSED, "digest", "archive_file", "archive_offset", "payload_digest")
REREAD = ("read_at", *PARSED)
# What pasts are made of, composed once: that takes longer than to find a page.
TOLD = ("id", "fetched_at", "last_seen_at", "digest", "cause", "run_id", "is_judged", *PARSED)
OF_CAPTURES = select(captures.c.page_id, runs.c.verdict, *(captures.c[name] for name in TOLD)).outerjoin(
    runs, runs.c.id == captures.c.run_id
)
TOLD_LATER = ("id", "capture_id", "read_at", "run_id", *PARSED)
OF_READINGS = select(captures.c.page_id, *(readings.c[name] for name in TOLD_LATER)).join(
    captures, captures.c.id == readings.c.capture_id
)
OF_REMOVED = select(pages.c.id, pages.c.reason).where(pages.c.outcome == Outcome.REMOVED)


def parsed_of(page: Page) -> Parsed:
    """Return what a page turned out to be."""
    article = page.article if page.outcome is Outcome.STORED else None
    if article is None:
        return Parsed(page.outcome.value, page.reason, parser_version=PARSER_VERSION)
    hashes = (article.content_hash, article.document_hash)
    return Parsed(page.outcome.value, page.reason, *hashes, PARSER_VERSION, article.word_count, article.is_cut)


def _values(parsed: Parsed) -> dict[str, Any]:
    return {name: getattr(parsed, name) for name in PARSED}


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
            **_values(parsed_of(page)),
            "digest": page.digest,
            "archive_file": page.record.file if page.record else None,
            "archive_offset": page.record.offset if page.record else None,
            "payload_digest": page.record.payload_digest if page.record else None,
        }
        for page_id, page in answered
        if page.outcome is not Outcome.FAILED and not page.says_unchanged
    ]
    if rows:
        connection.execute(_writing_captures(connection.dialect.name), rows)


@cache
def _writing_captures(dialect: str) -> Any:
    insert = insert_of(dialect, captures)
    # Of two responses of one moment, as archives that count seconds have them, one that shows an article counts.
    return insert.on_conflict_do_update(
        index_elements=["page_id", "fetched_at"],
        set_={name: insert.excluded[name] for name in WRITTEN},
        where=(captures.c.outcome != Outcome.STORED) | (insert.excluded.outcome == Outcome.STORED),
    )


def write_readings(connection: Connection, reread: Sequence[tuple[int, Page]], run_id: int, moment: datetime) -> None:
    """Write what a parser made of captures, by their ids."""
    rows = [
        {"capture_id": capture_id, "run_id": run_id, "read_at": moment} | _values(parsed_of(page))
        for capture_id, page in reread
    ]
    upsert(connection, readings, rows, ("capture_id", "run_id"), REREAD)


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

    def shows_last(self, capture_id: int) -> bool:
        """Tell whether a capture is the last look at the page, and neither that nor the page was taken back."""
        last = max(self.captures, key=lambda one: (one.last_seen_at, one.fetched_at), default=None)
        is_it = last is not None and last.id == capture_id and not is_rejected(last, self.verdicts)
        return is_it and self.removed is None

    def history(self, *further: LaterReading) -> FoldedHistory:
        """Return the history that follows, with what further readings would add."""
        return fold(self.captures, [*self.readings, *further], self.verdicts, self.removed)


def pasts_of(connection: Connection, page_ids: Collection[int], *, new: Collection[int] = ()) -> Mapping[int, Past]:
    """Return the pasts of pages by their ids; `new` are those that the database knew nothing of before."""
    found = {page_id: Past(is_new=page_id in new) for page_id in page_ids}
    known = [page_id for page_id in page_ids if not found[page_id].is_new]
    _add_captures(connection, page_ids, found)
    _add_readings(connection, known, found)
    _add_removed(connection, known, found)
    return found


def _add_captures(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    for row in among(connection, OF_CAPTURES, captures.c.page_id, page_ids):
        page_id, verdict, capture_id, fetched_at, last_seen_at, digest, cause, run_id, is_judged, *parsed = row
        past, moments = found[page_id], (fetched_at, last_seen_at)
        past.captures.append(Capture(capture_id, *moments, digest, Parsed(*parsed), cause, run_id, is_judged=is_judged))
        if verdict is not None:
            past.verdicts[run_id] = verdict


def _add_readings(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    for row in among(connection, OF_READINGS, captures.c.page_id, page_ids):
        page_id, reading_id, capture_id, read_at, run_id, *parsed = row
        found[page_id].readings.append(LaterReading(reading_id, capture_id, read_at, Parsed(*parsed), run_id))


def _add_removed(connection: Connection, page_ids: Collection[int], found: Mapping[int, Past]) -> None:
    for page_id, reason in among(connection, OF_REMOVED, pages.c.id, page_ids):
        found[page_id].removed = reason or ""


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


def captures_of(engine: Engine, key: PageKey | None = None) -> Iterator[Archived]:
    """Yield archived captures, of one page if that is named, oldest first."""
    query = _archived().order_by(captures.c.fetched_at, captures.c.id)
    if key is not None:
        query = query.where(is_one_of([key]))
    yield from _captures(engine, query)


def newest_capture(engine: Engine) -> Archived | None:
    """Return the archived capture that came in last."""
    return next(_captures(engine, _archived().order_by(captures.c.id.desc()).limit(1)), None)


def archive_files(engine: Engine) -> list[str]:
    """Return the names of the archive's files that captures are in, oldest first."""
    query = select(captures.c.archive_file).where(captures.c.archive_file.is_not(None)).distinct()
    with reading(engine) as connection:
        return sorted(connection.execute(query).scalars())


def last_places(engine: Engine) -> dict[str, int]:
    """Return the archive's files that captures are in, each with where the last of its captures begins, in bytes."""
    query = select(captures.c.archive_file, func.max(captures.c.archive_offset))
    query = query.where(captures.c.archive_file.is_not(None)).group_by(captures.c.archive_file)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _archived() -> Select[Any]:
    """Return the query for captures that are in the archive, with the keys of their pages."""
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

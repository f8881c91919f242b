"""Pages that show what a run did: of each kind a few, with what was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, select

from armcrawl import clock
from armcrawl.checks.observing import SHARED_BY
from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_current, is_published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Row, Select

    from armcrawl.store.queries.runs import RunRecord

# A person looks at some of each kind; the database has the rest.
MAX_EXAMPLES = 5
# Pages that show what changed, and characters of a field of theirs, and of its end: a line on a terminal.
MAX_NAMED, MAX_OF_FIELD, MAX_OF_END = 3, 60, 30
# Titles, days and paragraphs that several pages have, of so many pages of a run.
MAX_REPEATED, SEARCHED = 3, 200
NOTHING = "—"
pages, articles, versions, quarantine = schema.pages, schema.articles, schema.article_versions, schema.quarantine
FIELDS = ("title", "date_text", "body", "attribution")
# The measures of what pages may not have in common, by field, and the columns that have it.
SHARED = {
    "title": ("title", "title of other pages"),
    "date": ("day of most other pages",),
    "text": ("a paragraph of other pages", "a paragraph twice"),
}
COLUMNS = {"title": "title", "date": "date_text", "text": "body"}


@dataclass(frozen=True, slots=True)
class Example:
    """A page; `said` is why it is here, `before` and `after` are the pieces of its article, as far as there are any."""

    key: str
    address: str
    said: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A page that a breach names, and the last one like it that was shown before: itself, or one of its section.

    `read_at` is when it was read, `beside` the key of the other one, None without any, and `beside_address` where that
    is; `said` tells why it shows no article. `fields` are the names of what a reader sees, with the value before and
    after. `is_kept` tells that its last answer was kept, as no block is.
    """

    key: str
    address: str
    read_at: datetime
    beside: str | None
    beside_address: str
    said: str
    fields: tuple[tuple[str, str, str], ...]
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class Repeated:
    """A title, a date or a paragraph of a text, as it begins, and how many of the newest articles of a run have it."""

    field: str
    text: str
    pages: int
    of: int


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples by kind: new, changed, quarantined, failed; pages that the run's breaches name, and what pages share.

    Of these pages the first is the one where the plainest change began.
    """

    kinds: dict[str, tuple[Example, ...]]
    named: tuple[Compared, ...]
    repeated: tuple[Repeated, ...] = ()


def examples_of(engine: Engine, run: RunRecord) -> Examples:
    """Return examples of what a run did."""
    with_pages = [breach for breach in run.breaches if breach.first]
    named = dict.fromkeys(key for breach in with_pages[:1] for key in (breach.first, *breach.examples))
    with reading(engine) as connection:
        found = {
            "new": _new(connection, run),
            "changed": _changed(connection, run),
            "quarantined": _quarantined(connection, run),
            "failed": _failed(connection, run),
        }
        kinds = {kind: tuple(examples) for kind, examples in found.items() if examples}
        repeated = [one for field in _shared(run) for one in _repeated(connection, run, field)]
        return Examples(kinds, tuple(_named(connection, named))[:MAX_NAMED], tuple(repeated))


def _written(run: RunRecord) -> Any:
    return (
        select(articles.c.key, pages.c.address, versions.c.article_id, versions.c.number, versions.c.cause)
        .add_columns(*(versions.c[name] for name in FIELDS))
        .join(articles, articles.c.id == versions.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
        .where(versions.c.run_id == run.id)
        .order_by(versions.c.id)
        .limit(MAX_EXAMPLES)
    )


def _new(connection: Connection, run: RunRecord) -> list[Example]:
    rows = connection.execute(_written(run).where(versions.c.number == 1))
    return [Example(row.key, row.address, row.title, after=_pieces(row)) for row in rows]


def _changed(connection: Connection, run: RunRecord) -> list[Example]:
    examples = []
    for row in connection.execute(_written(run).where(versions.c.number > 1)).all():
        is_older = (versions.c.article_id == row.article_id) & (versions.c.number == row.number - 1)
        older = connection.execute(select(*(versions.c[name] for name in FIELDS)).where(is_older)).one_or_none()
        before = _pieces(older) if older is not None else ()
        examples.append(Example(row.key, row.address, f"{row.title} ({row.cause})", before, _pieces(row)))
    return examples


def _shared(run: RunRecord) -> list[str]:
    """Return the fields that too many pages of a run have in common."""
    broken = {breach.measure for breach in run.breaches}
    return [field for field, measures in SHARED.items() if broken.intersection(measures)]


def _repeated(connection: Connection, run: RunRecord, field: str) -> Iterator[Repeated]:
    """Yield what most pages of a run have in common, as the newest of them show."""
    column = versions.c[COLUMNS[field]]
    query = select(column).where(versions.c.run_id == run.id).order_by(versions.c.id.desc()).limit(SEARCHED)
    values = [value or "" for value in connection.execute(query).scalars()]
    counts = Counter(text for value in values for text in dict.fromkeys(value.split("\n\n")) if text)
    for text, pages_with in counts.most_common(MAX_REPEATED if field == "text" else 1):
        if pages_with >= SHARED_BY:
            yield Repeated(field, text[: 2 * MAX_OF_FIELD], pages_with, len(values))


def _quarantined(connection: Connection, run: RunRecord) -> list[Example]:
    query = (
        select(*_KEY, quarantine.c.stage, quarantine.c.reason)
        .join(quarantine, quarantine.c.page_id == pages.c.id)
        .where(pages.c.site == run.site, quarantine.c.created_at.between(run.started_at, _end(run)))
        .order_by(quarantine.c.id)
        .limit(MAX_EXAMPLES)
    )
    return [Example(_key(row), row.address, f"{row.stage}: {row.reason}") for row in connection.execute(query)]


def _failed(connection: Connection, run: RunRecord) -> list[Example]:
    query = (
        select(*_KEY, pages.c.last_error)
        .where(pages.c.site == run.site, pages.c.attempts > 0)
        .where(pages.c.fetched_at.between(run.started_at, _end(run)))
        .order_by(pages.c.id)
        .limit(MAX_EXAMPLES)
    )
    return [Example(_key(row), row.address, row.last_error or "failed") for row in connection.execute(query)]


def _named(connection: Connection, keys: Iterable[str]) -> list[Compared]:
    """Return the pages that breaches name, as they were read last, each beside the last one like it before."""
    found: list[Compared] = []
    since = None  # when the first of them was read, where the change began
    for key in keys:
        row = connection.execute(_shown(is_current()).where(_is(key))).one_or_none()
        if row is not None:
            since = since or row.fetched_at
            found.append(_compared(connection, key, row, since, len(found)))
    return found


def _compared(connection: Connection, key: str, row: Row[Any], since: datetime, place: int) -> Compared:
    """Return a page beside itself before, or beside another one of its section: each of the pages beside one more."""
    own = None
    if row.number is not None:
        own = connection.execute(_shown(is_published()).where(_is(key), versions.c.number < row.number)).first()
    older = (
        own
        or connection.execute(
            _shown(is_published())
            .where(pages.c.site == row.site, pages.c.section == row.section, pages.c.fetched_at < since)
            .where(versions.c.number.is_not(None))
            .order_by(pages.c.fetched_at.desc(), pages.c.id.desc())
            .offset(place)
        ).first()
    )
    is_article = row.outcome == Outcome.STORED and row.title is not None
    said = "" if is_article else ": ".join(filter(None, (row.outcome, row.reason)))
    before, after = _fields(older), _fields(row if is_article else None)
    return Compared(
        key=key,
        address=row.address,
        read_at=row.fetched_at,
        beside=None if older is None else _key(older),
        beside_address="" if older is None else older.address,
        said=said,
        fields=tuple((name, before[name], after[name]) for name in before),
        is_kept=row.is_kept,
    )


def _shown(which: Any) -> Select[Any]:
    """Return the query for pages with a version of theirs."""
    captures = schema.captures
    is_kept = exists().where(captures.c.page_id == pages.c.id, captures.c.last_seen_at >= pages.c.fetched_at)
    return (
        select(*_KEY, pages.c.outcome, pages.c.reason, pages.c.fetched_at, versions.c.number, versions.c.document)
        .add_columns(*(versions.c[name] for name in FIELDS), is_kept.label("is_kept"))
        .outerjoin(articles, articles.c.page_id == pages.c.id)
        .outerjoin(versions, which)
        .limit(1)
    )


def _is(key: str) -> ColumnElement[bool]:
    site, section, external_id = key.split("/", 2)
    return and_(pages.c.site == site, pages.c.section == section, pages.c.external_id == external_id)


def _fields(row: Row[Any] | None) -> dict[str, str]:
    """Return what a reader sees of an article, each in a line; a dash for what it lacks."""
    if row is None:
        return dict.fromkeys(("title", "date", "source", "tags", "text"), NOTHING)
    tags = ", ".join(str(tag[0]) for tag in (row.document or {}).get("tags", ()))
    paragraphs = len((row.body or "").split("\n\n"))
    body = " ".join((row.body or "").split())
    end = f" … {body[-MAX_OF_END:]}" if len(body) > MAX_OF_FIELD + MAX_OF_END else ""
    text = f"{len(body.split())} words, {paragraphs} paragraphs: {body[:MAX_OF_FIELD]}{end}" if body else ""
    told = {"title": row.title, "date": row.date_text, "source": row.attribution, "tags": tags, "text": text}
    return {name: (value or NOTHING)[: 2 * MAX_OF_FIELD] for name, value in told.items()}


_KEY = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.address)


def _key(row: Any) -> str:
    return f"{row.site}/{row.section}/{row.external_id}"


def _end(run: RunRecord) -> Any:
    return run.finished_at or clock.now()


def _pieces(row: Any) -> tuple[str, ...]:
    """Return what an article is shown by: title, date, paragraphs, attribution."""
    pieces = [row.title, row.date_text, *(row.body or "").split("\n\n"), row.attribution]
    return tuple(piece for piece in pieces if piece)

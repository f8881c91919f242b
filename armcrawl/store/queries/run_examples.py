"""Pages that show what a run did: of each kind a few, with what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl import clock
from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

    from armcrawl.store.queries.runs import RunRecord

# A person looks at some of each kind; the database has the rest.
MAX_EXAMPLES = 5
pages, articles, versions, quarantine = schema.pages, schema.articles, schema.article_versions, schema.quarantine
FIELDS = ("title", "date_text", "body", "attribution")


@dataclass(frozen=True, slots=True)
class Example:
    """A page; `said` is why it is here, `before` and `after` are the pieces of its article, as far as there are any."""

    key: str
    address: str
    said: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples by kind: new, changed, quarantined, failed; and the pages that the run's breaches name, by their key."""

    kinds: dict[str, tuple[Example, ...]]
    named: dict[str, Example]


def examples_of(engine: Engine, run: RunRecord) -> Examples:
    """Return examples of what a run did."""
    named = {key for breach in run.breaches for key in (*breach.examples, breach.first) if key}
    with reading(engine) as connection:
        found = {
            "new": _new(connection, run),
            "changed": _changed(connection, run),
            "quarantined": _quarantined(connection, run),
            "failed": _failed(connection, run),
        }
        kinds = {kind: tuple(examples) for kind, examples in found.items() if examples}
        return Examples(kinds, {example.key: example for example in _named(connection, named)})


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


def _named(connection: Connection, keys: Iterable[str]) -> list[Example]:
    """Return the pages that breaches name, as they were read last."""
    found = []
    for key in sorted(keys):
        site, section, external_id = key.split("/", 2)
        query = (
            select(*_KEY, pages.c.outcome, pages.c.reason, *(versions.c[name] for name in FIELDS))
            .outerjoin(articles, articles.c.page_id == pages.c.id)
            .outerjoin(versions, is_current())
            .where(pages.c.site == site, pages.c.section == section, pages.c.external_id == external_id)
        )
        row = connection.execute(query).one_or_none()
        if row is not None:
            is_article = row.outcome == Outcome.STORED and row.title is not None
            said = row.title if is_article else ": ".join(filter(None, (row.outcome, row.reason)))
            found.append(Example(key, row.address, said, after=_pieces(row) if is_article else ()))
    return found


_KEY = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.address)


def _key(row: Any) -> str:
    return f"{row.site}/{row.section}/{row.external_id}"


def _end(run: RunRecord) -> Any:
    return run.finished_at or clock.now()


def _pieces(row: Any) -> tuple[str, ...]:
    """Return what an article is shown by: title, date, paragraphs, attribution."""
    pieces = [row.title, row.date_text, *(row.body or "").split("\n\n"), row.attribution]
    return tuple(piece for piece in pieces if piece)

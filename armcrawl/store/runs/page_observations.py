"""What the store tells of the pages that were read last, as the checks want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy import func, select

from armcrawl.checks.observing import STORED, Observation
from armcrawl.items import Outcome, Reason
from armcrawl.reading.layout.header import has_header
from armcrawl.store.articles.documents import DocumentError, document_of, evidence_of, tags_of
from armcrawl.store.articles.unreadable import STAGE
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

# A subheading of one word («Справка») stands on many pages by right.
MIN_WORDS = 2
OBSERVED = (Outcome.STORED, Outcome.NOT_ARTICLE, Outcome.QUARANTINED)
COLUMNS = ("title", "body", "lead", "author", "attribution", "published_on", "word_count", "document")


def observe(
    connection: Connection, site: str, limit: int, since: datetime | None = None, until: datetime | None = None
) -> list[Observation]:
    """Return the pages of a site that were read last, at most so many, in the order in which they were read."""
    # What a page showed at that look, as it is read today: a later look may have shown another text.
    later = versions.alias()
    then = select(func.max(later.c.number)).where(
        later.c.article_id == articles.c.id, later.c.capture_id <= captures.c.id
    )
    number = func.coalesce(then.correlate(articles, captures).scalar_subquery(), articles.c.current_version)
    is_seen = (versions.c.article_id == articles.c.id) & (versions.c.number == number)
    ledger = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.number, pages.c.outcome, pages.c.reason)
    # The newest captures are walked through until there are enough: SQLite, which has no statistics, would begin with
    # all pages of the site if it could find them by their index.
    site_of_page = func.coalesce(pages.c.site, "")
    query = (
        select(articles.c.id, captures.c.fetched_at, *ledger, *(versions.c[name] for name in COLUMNS))
        .select_from(captures.join(pages, pages.c.id == captures.c.page_id))
        .outerjoin(articles, articles.c.page_id == pages.c.id)
        .outerjoin(versions, is_seen)
        # What an archive tells without a body, as that a page leads elsewhere, shows nothing to look at.
        .where(site_of_page == site, pages.c.outcome.in_(OBSERVED), captures.c.digest.is_not(None))
        .order_by(captures.c.id.desc())
        .limit(limit)
    )
    query = query.where(*_within(captures.c.fetched_at, since, until))
    rows = list(reversed(connection.execute(query).all()))
    seen = [(row.fetched_at, _observation(row)) for row in rows]
    seen += _blocked(connection, site, limit, _within(pages.c.fetched_at, since, until))
    return [observation for _, observation in sorted(seen, key=lambda one: one[0])][-limit:]


def _within(column: ColumnElement[Any], since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Return the conditions that a moment is in a span whose end does not count."""
    return ([column >= since] if since is not None else []) + ([column < until] if until is not None else [])


def _blocked(
    connection: Connection, site: str, limit: int, within: Sequence[ColumnElement[bool]]
) -> list[tuple[datetime, Observation]]:
    """Return the pages at whose last try the site answered, but with a block or a request for consent."""
    columns = (pages.c.section, pages.c.external_id, pages.c.number, pages.c.fetched_at)
    is_blocked = pages.c.attempts > 0, pages.c.last_error.like(f"{Reason.BLOCKED}%")
    query = select(*columns).where(pages.c.site == site, *is_blocked, *within)
    query = query.order_by(pages.c.fetched_at.desc()).limit(limit)
    return [
        (
            row.fetched_at,
            Observation(f"{site}/{row.section}/{row.external_id}", row.section, row.number, Reason.BLOCKED),
        )
        for row in connection.execute(query)
    ]


def _observation(row: Row[Any]) -> Observation:
    key = f"{row.site}/{row.section}/{row.external_id}"
    if row.outcome != Outcome.STORED or row.title is None:
        kind = f"{row.outcome}: {(row.reason or '').partition(':')[0]}"
        return Observation(key, row.section, row.number, kind)
    try:
        document = document_of(row)
        tags, evidence = tags_of(document), evidence_of(document)
    except DocumentError:
        return Observation(key, row.section, row.number, f"{Outcome.QUARANTINED}: {STAGE}")
    there = {"date": row.published_on, "lead": row.lead, "author": row.author, "attribution": row.attribution}
    there |= {"tags": tags, "images": document.get("images")}
    paragraphs = row.body.split("\n\n") if row.body else []
    return Observation(
        key=key,
        section=row.section,
        number=row.number,
        kind=STORED,
        filled=frozenset(name for name, value in there.items() if value),
        words=row.word_count,
        paragraphs=len(paragraphs),
        tags=len(tags),
        linked_tags=sum(tag.address is not None for tag in tags),
        methods={name: found.method for name, found in evidence.items()},
        agrees={name: found.agrees for name, found in evidence.items() if found.agrees is not None},
        hashes=frozenset(crc32(one.encode()) for one in paragraphs if len(one.split()) >= MIN_WORDS),
        day=row.published_on,
        fetched_on=row.fetched_at.date(),
        has_header=has_header(paragraphs),
        left_out=_left_out(evidence["body"].left_out if "body" in evidence else None, len(row.body or "")),
    )


def _left_out(characters: int | None, size: int) -> float | None:
    """Return the share of an article's prose that is not in its text."""
    return characters / (characters + size) if characters else characters

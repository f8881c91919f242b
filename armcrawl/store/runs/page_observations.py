"""What the store tells of the pages that were read last, as the checks want it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, and_, func, or_, select

from armcrawl.checks.observing import NOTES, STORED, Observation
from armcrawl.items import Outcome, Reason
from armcrawl.reading.layout.header import has_header
from armcrawl.sites import PageKey, known_sites
from armcrawl.store.articles.documents import COLUMNS, DocumentError, article_of
from armcrawl.store.articles.unreadable import STAGE
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, captures, pages, runs
from armcrawl.store.base.sql import among

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

    from armcrawl.items import Article

# A subheading of one word («Справка») stands on many pages by right.
MIN_WORDS = 2
OBSERVED = (Outcome.STORED, Outcome.NOT_ARTICLE, Outcome.QUARANTINED)
# Most signs of a text in any language are small letters; of one in a wrong charset every second is not.
NOT_SMALL = re.compile(r"[^a-zа-яё]+")
MIN_SMALL = 0.6
FOUND = 200
# What a version's row is known by beside its number, which SQLite gives again to another when it was the last one.
_TOLD_APART = (versions.c.created_at, versions.c.document_hash, versions.c.parser_version)
_ARTICLES = select(versions.c.id, *(versions.c[name] for name in COLUMNS))
# What was noted at the last look into each database: in a run, each batch of pages is looked at beside those before it.
_OBSERVED_LAST: WeakKeyDictionary[Engine, dict[Row[Any], Observation]] = WeakKeyDictionary()


def observe(
    connection: Connection, site: str, limit: int, run_id: int | None = None, *, is_alone: bool = False
) -> list[Observation]:
    """Return the pages of a site that were read last, at most so many, in the order in which they were read.

    With `run_id` later runs do not count, with `is_alone` earlier ones do not either.
    """
    # What a page showed at that look, as it is read today: a later look may have shown another text.
    later = versions.alias()
    then = select(func.max(later.c.number)).where(
        later.c.article_id == articles.c.id, later.c.capture_id <= captures.c.id
    )
    number = func.coalesce(then.correlate(articles, captures).scalar_subquery(), articles.c.current_version)
    is_seen = (versions.c.article_id == articles.c.id) & (versions.c.number == number)
    ledger = (pages.c.site, pages.c.section, pages.c.external_id, pages.c.number, pages.c.outcome, pages.c.reason)
    # Something announced this page, and the server says that it is there. Counted ids have holes by nature.
    is_empty = and_(pages.c.outcome == Outcome.MISSING, pages.c.number.is_(None), captures.c.http_status == FOUND)
    # The newest captures are walked through until there are enough: SQLite, which has no statistics, would begin with
    # all pages of the site if it could find them by their index.
    site_of_page = func.coalesce(pages.c.site, "")
    query = (
        select(articles.c.id, captures.c.fetched_at, captures.c.run_id, runs.c.started_at, *ledger)
        .add_columns(captures.c.id.label("capture_id"), versions.c.id.label("version_id"), *_TOLD_APART)
        .select_from(captures.join(pages, pages.c.id == captures.c.page_id))
        .outerjoin(runs, runs.c.id == captures.c.run_id)
        .outerjoin(articles, articles.c.page_id == pages.c.id)
        .outerjoin(versions, is_seen)
        # What an archive tells without a body, as that a page leads elsewhere, shows nothing to look at.
        .where(site_of_page == site, or_(pages.c.outcome.in_(OBSERVED), is_empty), captures.c.digest.is_not(None))
        .order_by(captures.c.id.desc())
        .limit(limit)
    )
    if run_id is not None:
        query = query.where(captures.c.run_id == run_id if is_alone else captures.c.run_id <= run_id)
    rows = connection.execute(query).all()[::-1]
    observed = _observed(connection, rows)
    # What blocks a page has no capture, and counts for the run that met it: the next one asks again.
    earlier = [observed[row] for row in rows if row.run_id != run_id]
    own = [(row.fetched_at, observed[row]) for row in rows if row.run_id == run_id]
    if run_id is not None and (met := _blocked(connection, site, limit, _during(connection, run_id))):
        own = sorted(own + met, key=lambda one: one[0])
    return [*earlier, *(observation for _, observation in own)][-limit:]


def _during(connection: Connection, run_id: int) -> list[ColumnElement[bool]]:
    """Return the conditions that a page was last asked for by a run: since it began, and before the site's next one."""
    run = connection.execute(select(runs.c.site, runs.c.started_at).where(runs.c.id == run_id)).one()
    later = select(func.min(runs.c.started_at)).where(runs.c.site == run.site, runs.c.id > run_id)
    until = connection.execute(later).scalar()
    return [pages.c.fetched_at >= run.started_at, *([pages.c.fetched_at < until] if until is not None else [])]


def _blocked(
    connection: Connection, site: str, limit: int, during: Sequence[ColumnElement[bool]]
) -> list[tuple[datetime, Observation]]:
    """Return the pages at whose last try the site answered, but with a block, a notice or a request for consent."""
    columns = (pages.c.section, pages.c.external_id, pages.c.number, pages.c.fetched_at)
    walls = [pages.c.last_error.like(f"{reason}%") for reason in (Reason.BLOCKED, Reason.UNAVAILABLE)]
    is_blocked = pages.c.attempts > 0, or_(*walls)
    query = select(*columns).where(pages.c.site == site, *is_blocked, *during)
    query = query.order_by(pages.c.fetched_at.desc()).limit(limit)
    return [(row.fetched_at, blocked(PageKey(site, row.section, row.external_id))) for row in connection.execute(query)]


def _observed(connection: Connection, rows: Sequence[Row[Any]]) -> dict[Row[Any], Observation]:
    """Return what is noted of pages; only those that were not among the last ones before are read."""
    before = _OBSERVED_LAST.get(connection.engine, {})
    wanted = {row.version_id for row in rows if row not in before and row.version_id is not None}
    read = {row.id: row for row in among(connection, _ARTICLES, versions.c.id, wanted)}
    observed = {row: before.get(row) or _observation(row, read.get(row.version_id)) for row in rows}
    _OBSERVED_LAST[connection.engine] = observed
    return observed


def _observation(row: Row[Any], version: Row[Any] | None) -> Observation:
    key = PageKey(row.site, row.section, row.external_id)
    if row.outcome != Outcome.STORED or version is None:
        return without_article(key, row.outcome, row.reason)
    try:
        # What was fetched before the run that stored it comes from an archive.
        is_archived = row.started_at is not None and row.fetched_at < row.started_at
        noted = observation_of(key, article_of(version), _day_of(key.site, row.fetched_at))
        return replace(noted, is_archived=is_archived)
    except DocumentError:
        return without_article(key, Outcome.QUARANTINED, STAGE)


def without_article(key: PageKey, outcome: str, reason: str | None) -> Observation:
    """Return what is noted of a page that shows no article; of its reason, what stands before the colon."""
    return Observation(str(key), key.section, key.number, f"{outcome}: {(reason or '').partition(':')[0]}")


def blocked(key: PageKey) -> Observation:
    """Return what is noted of a page at which the site answered with a block, or a request for consent."""
    return Observation(str(key), key.section, key.number, Reason.BLOCKED)


def observation_of(key: PageKey, article: Article, fetched_on: date) -> Observation:
    """Return what is noted of a page that shows an article."""
    there = {
        "date": article.published,
        "tags": article.tags,
        "attribution": article.attribution,
        "lead": article.lead,
        "author": article.author,
        "images": article.images,
    }
    evidence, paragraphs = article.evidence, article.paragraphs
    told = [_hash(one) for one in paragraphs if len(one.split()) >= MIN_WORDS]
    return Observation(
        key=str(key),
        section=key.section,
        number=key.number,
        kind=STORED,
        filled=frozenset(name for name, value in there.items() if value),
        words=article.word_count,
        paragraphs=len(paragraphs),
        tags=len(article.tags),
        linked_tags=sum(tag.address is not None for tag in article.tags),
        methods={name: found.method for name, found in evidence.items()},
        agrees={name: found.agrees for name, found in evidence.items() if found.agrees is not None},
        hashes=frozenset(told),
        title=_hash(article.title.casefold()),
        title_letters=len(article.title),
        body=_hash(article.body) if paragraphs else 0,
        repeats=len(set(told)) < len(told),
        notes=frozenset(article.notes) & NOTES,
        names_site=article.title.casefold().strip(" .«»") in _names_of(key.site),
        is_readable=_is_readable(article.body),
        day=article.published.date if article.published else None,
        fetched_on=fetched_on,
        has_header=has_header(paragraphs),
        left_out=_left_out(evidence["body"].left_out if "body" in evidence else None, len(article.body)),
    )


def _hash(text: str) -> int:
    return crc32(text.encode())


def _day_of(name: str, moment: datetime) -> date:
    """Return the day that it was on a site, whose dates are those of its own zone, not of UTC."""
    site = known_sites().get(name)
    return moment.astimezone(ZoneInfo(site.zone) if site is not None else UTC).date()


@cache
def _names_of(name: str) -> frozenset[str]:
    """Return what a site calls itself, in lower case."""
    site = known_sites().get(name)
    names = (site.title, *site.own_names) if site is not None else ()
    return frozenset(name.casefold() for name in names if name)


def _is_readable(text: str) -> bool:
    """Tell whether a text has the small letters of a language, which one in a wrong charset has not."""
    signs = len("".join(text.split()))
    return len(NOT_SMALL.sub("", text)) >= MIN_SMALL * signs


def _left_out(characters: int | None, size: int) -> float | None:
    """Return the share of an article's prose that is not in its text."""
    return characters / (characters + size) if characters else characters

"""What the store tells of the pages that were read last, as the checks want it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Row, and_, bindparam, func, or_, select

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
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection, Select

    from armcrawl.items import Article, Page

# A subheading of one word («Справка») stands on many pages by right.
MIN_WORDS = 2
OBSERVED = (Outcome.STORED, Outcome.NOT_ARTICLE, Outcome.QUARANTINED)
# Most signs of a text in any language are small letters; of one in a wrong charset every second is not.
MIN_SMALL = 0.6
# One byte for each letter of Latin and Cyrillic: bytes are counted ten times as fast as letters.
ONE_BYTE = "cp1251"
WHITE = " \t\n\r\v\f\u00a0".encode(ONE_BYTE)
SMALL = "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюяё".encode(ONE_BYTE)
FOUND = 200
NEVER = datetime.max.replace(tzinfo=UTC)
# What a version's row is known by beside its number, which SQLite gives again to another when it was the last one.
_TOLD_APART = (versions.c.created_at, versions.c.document_hash, versions.c.parser_version)
_ARTICLES = select(versions.c.id, *(versions.c[name] for name in COLUMNS))
Noted = dict[int, tuple[Row[Any], Observation]]
"""What is noted of pages, each with the row that tells of it, by the ids of their captures."""
# What was noted at the last look into each database: in a run, each batch of pages is looked at beside those before it.
_NOTED_LAST: WeakKeyDictionary[Engine, Noted] = WeakKeyDictionary()


def observe(
    connection: Connection,
    site: str,
    limit: int,
    run_id: int | None = None,
    *,
    is_alone: bool = False,
    at_hand: Sequence[Page] = (),
) -> list[Observation]:
    """Return the pages of a site that were read last, at most so many, in the order in which they were read.

    With `run_id` later runs do not count, with `is_alone` earlier ones do not either. `at_hand` are pages that were
    stored just now: their articles are not read from the database again.
    """
    given = {"of_site": site, "most": limit, "of_run": run_id}
    rows = connection.execute(_read_last(is_of_run=run_id is not None, is_alone=is_alone), given).all()[::-1]
    observed = _observed(connection, rows, at_hand)
    # What blocks a page has no capture, and counts for the run that met it: the next one asks again.
    earlier = [one for row, one in observed if row.run_id != run_id]
    own = [(row.fetched_at, one) for row, one in observed if row.run_id == run_id]
    if run_id is not None and (met := _blocked(connection, site, limit, run_id)):
        own = sorted(own + met, key=lambda one: one[0])
    return [*earlier, *(observation for _, observation in own)][-limit:]


@cache
def _read_last(*, is_of_run: bool, is_alone: bool) -> Select[Any]:
    """Return the query for the captures that were read last, the newest first; to compose it takes long."""
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
        .where(site_of_page == bindparam("of_site"), or_(pages.c.outcome.in_(OBSERVED), is_empty))
        .where(captures.c.digest.is_not(None))
        .order_by(captures.c.id.desc())
        .limit(bindparam("most"))
    )
    of_run = bindparam("of_run", type_=captures.c.run_id.type)
    if is_of_run:
        query = query.where(captures.c.run_id == of_run if is_alone else captures.c.run_id <= of_run)
    return query


@cache
def _span() -> Select[Any]:
    """Return the query for when a run began, and when the site's next one did."""
    later = runs.alias()
    until = select(func.min(later.c.started_at)).where(later.c.site == runs.c.site, later.c.id > runs.c.id)
    query = select(runs.c.started_at, until.correlate(runs).scalar_subquery().label("until"))
    return query.where(runs.c.id == bindparam("of_run"))


@cache
def _last_blocked() -> Select[Any]:
    """Return the query for pages at whose last try, within a time, the site answered, but with a block."""
    walls = [pages.c.last_error.like(f"{reason}%") for reason in (Reason.BLOCKED, Reason.UNAVAILABLE)]
    is_within = pages.c.fetched_at >= bindparam("since"), pages.c.fetched_at < bindparam("until")
    return (
        select(pages.c.section, pages.c.external_id, pages.c.number, pages.c.fetched_at)
        .where(pages.c.site == bindparam("of_site"), pages.c.attempts > 0, or_(*walls), *is_within)
        .order_by(pages.c.fetched_at.desc())
        .limit(bindparam("most"))
    )


def _blocked(connection: Connection, site: str, limit: int, run_id: int) -> list[tuple[datetime, Observation]]:
    """Return the pages at whose last try in a run the site answered, but with a block, a notice or the like."""
    run = connection.execute(_span(), {"of_run": run_id}).one()
    given = {"of_site": site, "since": run.started_at, "until": run.until or NEVER, "most": limit}
    return [
        (row.fetched_at, blocked(PageKey(site, row.section, row.external_id)))
        for row in connection.execute(_last_blocked(), given)
    ]


def _observed(
    connection: Connection, rows: Sequence[Row[Any]], at_hand: Sequence[Page]
) -> list[tuple[Row[Any], Observation]]:
    """Return what is noted of pages; only those that are not at hand, nor were among the last ones before, are read."""
    before = _NOTED_LAST.get(connection.engine, {})
    noted = {row.capture_id: one for row in rows if (one := before.get(row.capture_id)) is not None and one[0] == row}
    new = [row for row in rows if row.capture_id not in noted]
    given = {(page.key, page.fetched_at): page.article for page in at_hand if page.article is not None}
    found = {row.capture_id: article for row in new if (article := _given(row, given)) is not None}
    wanted = {row.version_id for row in new if _shows_article(row) and row.capture_id not in found}
    read = {row.id: row for row in among(connection, _ARTICLES, versions.c.id, wanted)}
    for row in new:
        noted[row.capture_id] = row, _observation(row, found.get(row.capture_id), read.get(row.version_id))
    _NOTED_LAST[connection.engine] = noted
    return [noted[row.capture_id] for row in rows]


def _shows_article(row: Row[Any]) -> bool:
    return row.outcome == Outcome.STORED and row.version_id is not None


def _given(row: Row[Any], articles: Mapping[tuple[PageKey, datetime], Article]) -> Article | None:
    """Return the article of a row if it is at hand, and the row's version was made of it, not of an earlier look."""
    if not _shows_article(row) or row.created_at != row.fetched_at:
        return None
    article = articles.get((PageKey(row.site, row.section, row.external_id), row.fetched_at))
    return article if article is not None and article.document_hash == row.document_hash else None


def _observation(row: Row[Any], article: Article | None, version: Row[Any] | None) -> Observation:
    """Return what is noted of a page, by its article, or by the row of its version if that is not at hand."""
    key = PageKey(row.site, row.section, row.external_id)
    try:
        article = article_of(version) if article is None and version is not None else article
    except DocumentError:
        return without_article(key, Outcome.QUARANTINED, STAGE)
    if article is None:
        return without_article(key, row.outcome, row.reason)
    # What was fetched before the run that stored it comes from an archive.
    is_archived = row.started_at is not None and row.fetched_at < row.started_at
    return observation_of(key, article, _day_of(key.site, row.fetched_at), is_archived=is_archived)


def without_article(key: PageKey, outcome: str, reason: str | None) -> Observation:
    """Return what is noted of a page that shows no article; of its reason, what stands before the colon."""
    return Observation(str(key), key.section, key.number, f"{outcome}: {(reason or '').partition(':')[0]}")


def blocked(key: PageKey) -> Observation:
    """Return what is noted of a page at which the site answered with a block, or a request for consent."""
    return Observation(str(key), key.section, key.number, Reason.BLOCKED)


def observation_of(key: PageKey, article: Article, fetched_on: date, *, is_archived: bool = False) -> Observation:
    """Return what is noted of a page that shows an article."""
    there = {
        "date": article.published,
        "tags": article.tags,
        "attribution": article.attribution,
        "lead": article.lead,
        "author": article.author,
        "images": article.images,
    }
    evidence, paragraphs, body = article.evidence, article.paragraphs, article.body
    hashes = [_hash(one) for one in paragraphs]
    told = [
        found
        for one, found in zip(paragraphs, hashes, strict=True)
        if len(one.split(maxsplit=MIN_WORDS - 1)) >= MIN_WORDS
    ]
    title = article.title.casefold()
    return Observation(
        key=str(key),
        section=key.section,
        number=key.number,
        kind=STORED,
        filled=frozenset([name for name, value in there.items() if value]),
        words=article.word_count,
        paragraphs=len(paragraphs),
        tags=len(article.tags),
        linked_tags=sum([tag.address is not None for tag in article.tags]),
        methods={name: found.method for name, found in evidence.items()},
        agrees={name: found.agrees for name, found in evidence.items() if found.agrees is not None},
        hashes=frozenset(told),
        title=_hash(title),
        title_letters=len(article.title),
        body=hash(tuple(hashes)) if paragraphs else 0,
        repeats=len(set(told)) < len(told),
        notes=NOTES.intersection(article.notes),
        names_site=title.strip(" .«»") in _names_of(key.site),
        is_readable=_is_readable(body),
        day=article.published.date if article.published else None,
        fetched_on=fetched_on,
        is_archived=is_archived,
        has_header=has_header(paragraphs),
        left_out=_left_out(evidence["body"].left_out if "body" in evidence else None, len(body)),
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
    signs = text.encode(ONE_BYTE, "replace").translate(None, WHITE)
    return len(signs) - len(signs.translate(None, SMALL)) >= MIN_SMALL * len(signs)


def _left_out(characters: int | None, size: int) -> float | None:
    """Return the share of an article's prose that is not in its text."""
    return characters / (characters + size) if characters else characters

"""What the ledger knows of each section, in numbers: how much of it is complete, what fails and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED, day_of
from armcrawl.store.base.database import reading
from armcrawl.store.ledger.ledger import head_of
from armcrawl.store.ledger.places import sections_in
from armcrawl.store.ledger.sightings import unasked_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine

pages = schema.pages

# A section that has only one article of so many is met in the first piece.
PLACES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """What the ledger knows of one section.

    `is_counted` tells that its pages are taken by their ids; `head` is the newest id that does not stand alone, 0
    where pages are not counted; `never_asked` counts the ids up to the head that no run has asked for, or the pages
    that only a listing, a feed or a sitemap has shown; `complete` is the share of ids up to the head, or of pages that
    were seen, whose fate is known, from 0 to 1; `first_day` and `last_day` are ISO dates of articles, or None.
    """

    site: str
    section: str
    is_counted: bool
    head: int
    known: int
    outcomes: dict[str, int]
    never_asked: int
    complete: float
    first_day: str | None
    last_day: str | None


def section_status(engine: Engine, site: str | None = None) -> list[SectionStatus]:
    """Return what is known of every section that the ledger has a page of, of one site or of all."""
    with reading(engine) as connection:
        sections = sections_in(connection, site)
        heads = {section: head_of(connection, *section) for section in sections}
        with_articles = {section for section, head in heads.items() if head}
        oldest, newest = _ends(connection, with_articles, newest=False), _ends(connection, with_articles, newest=True)
        return [
            _status_of(connection, *one, heads[one], first_day=oldest.get(one), last_day=newest.get(one))
            for one in sections
        ]


def _status_of(connection: Connection, site: str, section: str, head: int, **days: str | None) -> SectionStatus:
    is_section = (pages.c.site == site) & (pages.c.section == section)
    outcomes = _outcomes(connection, is_section)
    known, never_asked = sum(outcomes.values()), 0
    complete = _complete(outcomes, 0)
    if head:
        # All ids but those beyond both ends, of which there are few.
        beyond = [pages.c.number.is_(None), pages.c.number < 1, pages.c.number > head]
        never_asked = head - known + sum(_count(connection, is_section & one) for one in beyond)
        is_failed = (pages.c.outcome == Outcome.FAILED) & pages.c.number.between(1, head)
        complete = (head - never_asked - _count(connection, is_section & is_failed)) / head
    return SectionStatus(
        site=site,
        section=section,
        is_counted=True,
        head=head,
        known=known,
        outcomes=outcomes,
        never_asked=never_asked,
        complete=complete,
        **days,
    )


def _outcomes(connection: Connection, is_section: ColumnElement[bool]) -> dict[str, int]:
    counts = select(pages.c.outcome, func.count()).where(is_section).group_by(pages.c.outcome)
    return {row[0]: int(row[1]) for row in connection.execute(counts)}


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).where(condition)).scalar_one())


def _complete(outcomes: Mapping[str, int], never_asked: int) -> float:
    """Return which share of the pages that were seen has a fate that is known."""
    known = sum(outcomes.values())
    total = known + never_asked
    return (known - outcomes.get(Outcome.FAILED, 0)) / total if total else 1.0


def seen_status(engine: Engine, site: str, counted: Collection[str]) -> list[SectionStatus]:
    """Return what is known of the pages of sections that are not counted, and of those that sources have shown."""
    with reading(engine) as connection:
        seen = select(schema.sightings.c.section).where(schema.sightings.c.site == site).distinct()
        names = {*connection.execute(seen).scalars(), *(section for _, section in sections_in(connection, site))}
        wanted = sorted(names - set(counted))
        dated = {(site, section) for section in wanted}
        oldest, newest = _ends(connection, dated, newest=False), _ends(connection, dated, newest=True)
        return [
            _seen_status_of(connection, site, name, oldest.get((site, name)), newest.get((site, name)))
            for name in wanted
        ]


def outcomes_of(engine: Engine, site: str) -> dict[str, dict[str, int]]:
    """Return how many pages of each section of a site have each outcome."""
    query = select(pages.c.section, pages.c.outcome, func.count()).where(pages.c.site == site)
    found: dict[str, dict[str, int]] = {}
    with reading(engine) as connection:
        for section, outcome, number in connection.execute(query.group_by(pages.c.section, pages.c.outcome)):
            found.setdefault(section, {})[outcome] = number
    return found


def _seen_status_of(
    connection: Connection, site: str, section: str, first_day: str | None, last_day: str | None
) -> SectionStatus:
    is_section = (pages.c.site == site) & (pages.c.section == section)
    outcomes = _outcomes(connection, is_section)
    unasked = unasked_of(site, [section]).subquery()
    never_asked = int(connection.execute(select(func.count()).select_from(unasked)).scalar_one())
    return SectionStatus(
        site=site,
        section=section,
        is_counted=False,
        head=0,
        known=sum(outcomes.values()),
        outcomes=outcomes,
        never_asked=never_asked,
        complete=_complete(outcomes, never_asked),
        first_day=first_day,
        last_day=last_day,
    )


def _ends(connection: Connection, sections: Iterable[tuple[str, str]], *, newest: bool) -> dict[tuple[str, str], str]:
    """Return the day of each section's newest or oldest article, as far as there is one with a day.

    Places are read in order, a piece at a time, until every section was met: a join with a condition on
    the section is sorted whole by PostgreSQL.
    """
    place, articles = schema.search_documents.c.place, schema.articles
    query = (
        select(place, pages.c.site, pages.c.section)
        .select_from(schema.search_documents)
        .join(articles, articles.c.id == schema.search_documents.c.article_id)
        .join(pages, pages.c.id == articles.c.page_id)
    )
    wanted, found = set(sections), dict[tuple[str, str], str]()
    order = place.desc() if newest else place
    piece = select(place).where(place >= FIRST_DATED).order_by(order).limit(PLACES_AT_ONCE)
    places = list(connection.execute(piece).scalars())
    while wanted and places:
        for where, site, section in connection.execute(query.where(place.in_(places)).order_by(order)):
            if (site, section) in wanted and (day := day_of(where)) is not None:
                found[site, section] = day.isoformat()
                wanted.discard((site, section))
        places = list(connection.execute(piece.where(place < places[-1] if newest else place > places[-1])).scalars())
    return found


@dataclass(frozen=True, slots=True)
class Failing:
    """Pages whose last requests failed for one reason.

    `ranges` are their ids by section, `attempts` the most runs in a row that one of them failed in,
    `last_try_at` when the last one was asked for.
    """

    reason: str
    pages: int
    attempts: int
    last_try_at: datetime
    ranges: dict[str, list[tuple[int, int]]]


def failing(engine: Engine) -> list[Failing]:
    """Return what cannot be read at the moment, the most frequent reason first."""
    columns = (pages.c.last_error, pages.c.site, pages.c.section, pages.c.number, pages.c.attempts, pages.c.fetched_at)
    query = (
        select(*columns)
        .where(pages.c.attempts > 0, pages.c.last_error.is_not(None))
        .order_by(pages.c.site, pages.c.section, pages.c.number)
    )
    found: dict[str, Failing] = {}
    with reading(engine) as connection:
        for reason, site, section, number, attempts, fetched_at in connection.execute(query):
            group = found.get(reason) or Failing(reason, 0, 0, fetched_at, {})
            ranges = group.ranges.setdefault(f"{site}/{section}", [])
            if number is not None and ranges and ranges[-1][1] == number - 1:
                ranges[-1] = (ranges[-1][0], number)
            elif number is not None:
                ranges.append((number, number))
            found[reason] = replace(
                group,
                pages=group.pages + 1,
                attempts=max(group.attempts, attempts),
                last_try_at=max(group.last_try_at, fetched_at),
            )
    return sorted(found.values(), key=lambda group: (-group.pages, group.reason))

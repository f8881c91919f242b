"""What the ledger knows of each section, in numbers: how much of it is complete, what fails and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.article_order import FIRST_DATED, day_of
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import numbers_of
from armcrawl.store.ledger.ledger import head_of
from armcrawl.store.ledger.sightings import unasked_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Engine

pages = schema.pages

NEVER_ASKED = "never_asked"
# A section that has only one article of so many is met in the first piece.
PLACES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """What the ledger knows of one section.

    `head` is the newest id that does not stand alone, 0 where pages are not counted; `never_asked` counts the ids up
    to the head that no run has asked for, or the pages that only a listing, a feed or a sitemap has shown;
    `first_day` and `last_day` are ISO dates of articles, or None; `ranges` are the ids of each outcome as first and
    last of unbroken runs, `never_asked` among them.
    """

    site: str
    section: str
    head: int
    known: int
    outcomes: dict[str, int]
    never_asked: int
    first_day: str | None
    last_day: str | None
    ranges: dict[str, list[tuple[int, int]]]

    @property
    def complete(self) -> float:
        """The share of ids up to the head, or of pages that were seen, whose fate is known, from 0 to 1."""
        failed = sum(
            min(last, self.head) - first + 1
            for first, last in self.ranges.get(Outcome.FAILED, [])
            if first <= self.head
        )
        if self.head:
            return (self.head - self.never_asked - failed) / self.head
        # Without numbers: of what was seen, and is not there yet.
        total = self.known + self.never_asked
        return (self.known - self.outcomes.get(Outcome.FAILED, 0)) / total if total else 1.0


def section_status(engine: Engine, site: str | None = None) -> list[SectionStatus]:
    """Return what is known of every section that the ledger has a page of, of one site or of all."""
    query = select(pages.c.site, pages.c.section).distinct()
    if site is not None:
        query = query.where(pages.c.site == site)
    with reading(engine) as connection:
        sections = sorted((row.site, row.section) for row in connection.execute(query))
        heads = {section: head_of(connection, *section) for section in sections}
        with_articles = {section for section, head in heads.items() if head}
        oldest, newest = _ends(connection, with_articles, newest=False), _ends(connection, with_articles, newest=True)
        return [
            _status_of(connection, *one, heads[one], first_day=oldest.get(one), last_day=newest.get(one))
            for one in sections
        ]


def _status_of(connection: Connection, site: str, section: str, head: int, **days: str | None) -> SectionStatus:
    is_section = (pages.c.site == site) & (pages.c.section == section)
    numbered = select(pages.c.number).where(is_section, pages.c.number.is_not(None)).order_by(pages.c.number)
    numbers = {one.value: numbers_of(connection, numbered.where(pages.c.outcome == one)) for one in Outcome}
    ranges = {outcome: ranges_of(found) for outcome, found in numbers.items() if found}
    holes = _between(sorted(chain.from_iterable(ranges.values())), head)
    outcomes = {outcome: len(found) for outcome, found in numbers.items() if found}
    unnumbered = select(pages.c.outcome, func.count()).where(is_section, pages.c.number.is_(None))
    for outcome, count in connection.execute(unnumbered.group_by(pages.c.outcome)):
        outcomes[outcome] = outcomes.get(outcome, 0) + count
    return SectionStatus(
        site=site,
        section=section,
        head=head,
        known=sum(outcomes.values()),
        outcomes=outcomes,
        never_asked=_size(holes),
        ranges=ranges | ({NEVER_ASKED: holes} if holes else {}),
        **days,
    )


def seen_status(engine: Engine, site: str, counted: Collection[str]) -> list[SectionStatus]:
    """Return what is known of the pages of sections that are not counted, and of those that sources have shown."""
    with reading(engine) as connection:
        names: set[str] = set()
        for table in (pages, schema.sightings):
            names |= set(connection.execute(select(table.c.section).where(table.c.site == site).distinct()).scalars())
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
    counts = select(pages.c.outcome, func.count()).where(is_section).group_by(pages.c.outcome)
    outcomes = {row[0]: int(row[1]) for row in connection.execute(counts)}
    unasked = unasked_of(site, [section]).subquery()
    never_asked = int(connection.execute(select(func.count()).select_from(unasked)).scalar_one())
    return SectionStatus(site, section, 0, sum(outcomes.values()), outcomes, never_asked, first_day, last_day, {})


def ranges_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of numbers that follow one another, from rising numbers."""
    found: list[tuple[int, int]] = []
    first, last = 1, 0
    for number in numbers:
        if number != last + 1:
            if first <= last:
                found.append((first, last))
            first = number
        last = number
    return [*found, (first, last)] if first <= last else found


def _between(ranges: Iterable[tuple[int, int]], head: int) -> list[tuple[int, int]]:
    """Return what is between rising ranges, from 1 to the head."""
    found, known = list[tuple[int, int]](), 0
    for first, last in ranges:
        if first > known + 1:
            found.append((known + 1, first - 1))
        known = last
    return [(first, min(last, head)) for first, last in [*found, (known + 1, head)] if first <= min(last, head)]


def _size(ranges: Iterable[tuple[int, int]]) -> int:
    return sum(last - first + 1 for first, last in ranges)


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

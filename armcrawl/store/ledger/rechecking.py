"""Pages that a person, or a run in doubt, wants asked for again; what we hold of them stays meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, update

from armcrawl import clock
from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.database import writing
from armcrawl.store.base.sql import is_current, is_one_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Engine

    from armcrawl.sites import PageKey

pages, articles, versions = schema.pages, schema.articles, schema.article_versions


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pages of a site are meant: those that all of it fits; what is left open fits any."""

    site: str
    sections: tuple[str, ...] = ()
    ids: tuple[tuple[int, int], ...] = ()
    since: date | None = None
    until: date | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is said but the site."""
        return bool(self.sections or self.ids or self.since or self.until)

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        """Yield the conditions for the ledger's rows."""
        yield pages.c.site == self.site
        if self.sections:
            yield pages.c.section.in_(self.sections)
        if self.ids:
            yield or_(*(pages.c.number.between(first, last) for first, last in self.ids))
        if self.since or self.until:
            dated = select(articles.c.page_id).join(versions, is_current())
            if self.since:
                dated = dated.where(versions.c.published_on >= self.since)
            if self.until:
                dated = dated.where(versions.c.published_on <= self.until)
            yield pages.c.id.in_(dated)


def recheck_pages(engine: Engine, keys: Iterable[PageKey]) -> list[str]:
    """Have pages asked for again by the next run, and in full; return a sentence for each that cannot be."""
    problems: list[str] = []
    with writing(engine) as connection:
        for key in keys:
            is_it = is_one_of([key])
            outcome = connection.execute(select(pages.c.outcome).where(is_it)).scalar()
            if outcome is None:
                problems.append(f"The database does not know {key}.")
            elif outcome == Outcome.REMOVED:
                problems.append(f"{key} was removed: it is never asked for again.")
            else:
                _recheck(connection, is_it)
    return problems


def recheck_chosen(engine: Engine, choice: Choice, keys: Iterable[PageKey] = ()) -> int:
    """Have the chosen pages, and those of the keys, asked for again by the next run; return how many they are."""
    is_meant = and_(*choice.conditions()) | is_one_of(keys)
    with writing(engine) as connection:
        return _recheck(connection, pages.c.outcome != Outcome.REMOVED, is_meant)


def _recheck(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    now = clock.now()
    due = update(pages).where(*conditions).values(next_check_at=now, checks=0, etag=None, last_modified=None)
    return connection.execute(due).rowcount

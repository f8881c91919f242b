"""A slow audit of the whole archive: every night it looks at a few articles whose last look is the oldest.

What no schedule looks at any more may still be mended, or taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from armcrawl.items import Outcome
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import pages
from armcrawl.store.ledger.ledger import Due, due_where

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine

# Pages that have shown an article. A hole stays one: of thousands hardly one fills after a month.
AUDITED = (Outcome.STORED, Outcome.GONE, Outcome.QUARANTINED)
# The whole archive in a year, if the nights can take it: who cites an article may rely on a look of that year.
ROUND_NIGHTS = 365
# A twentieth of a night's budget at most, so that the audit never stands in the way of what is new.
SHARE = 20
# A run without a limit on requests audits as many as one with the usual thousand.
USUAL_BUDGET = 1_000
# Who crawls every hour need not audit more often than each quarter.
MIN_AGE = timedelta(days=90)


def per_night(articles: int, max_requests: int) -> int:
    """Return how many of a site's articles a night of so many requests audits; 0 is no limit on these."""
    return min(ceil(articles / ROUND_NIGHTS), _most(max_requests))


def _most(max_requests: int) -> int:
    return max(1, (max_requests or USUAL_BUDGET) // SHARE)


def to_audit(engine: Engine, site: str, sections: Sequence[str], moment: datetime, max_requests: int) -> list[Due]:
    """Return the articles that a night is to audit at a moment, the oldest look first."""
    is_audited = _is_audited(site) & pages.c.section.in_(sections)
    # More than a night can do are not counted.
    some = select(pages.c.id).where(is_audited).limit(_most(max_requests) * ROUND_NIGHTS)
    with reading(engine) as connection:
        number = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    # What is due is looked at anyway.
    is_idle = pages.c.next_check_at.is_(None) & (pages.c.fetched_at <= moment - MIN_AGE)
    # All of them have none of the first: with it, the index has them in this order.
    order = (pages.c.next_check_at, pages.c.fetched_at, pages.c.number.desc().nulls_last(), pages.c.id)
    return due_where(engine, is_audited & is_idle, order, per_night(number, max_requests))


@dataclass(frozen=True, slots=True)
class Audit:
    """How fresh a site's articles are: when the oldest look at one was, and how many of them a night audits."""

    articles: int
    oldest_look: datetime
    per_night: int

    @property
    def nights(self) -> int:
        """How many nights an audit of all articles takes."""
        return ceil(self.articles / self.per_night)


def audit_of(engine: Engine, site: str, max_requests: int) -> Audit | None:
    """Return how fresh the articles of a site are, with nights of so many requests; None where it has none."""
    is_audited = _is_audited(site)
    fetched_at, next_check_at = pages.c.fetched_at, pages.c.next_check_at
    # The index tells the oldest look of what nothing is due of; of the rest there are few.
    idle = select(fetched_at).where(is_audited, next_check_at.is_(None)).order_by(next_check_at, fetched_at).limit(1)
    due = select(func.min(fetched_at)).where(is_audited, next_check_at.is_not(None))
    with reading(engine) as connection:
        number = connection.execute(select(func.count()).select_from(pages).where(is_audited)).scalar_one()
        oldest = [connection.execute(one).scalar() for one in (idle, due)]
    if not number:
        return None
    return Audit(number, min(filter(None, oldest)), per_night(number, max_requests))


def _is_audited(site: str) -> ColumnElement[bool]:
    return (pages.c.site == site) & pages.c.outcome.in_(AUDITED)

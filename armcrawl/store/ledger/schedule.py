"""When to look at a page again: soon while it may still change, ever more rarely after that, then never."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from datetime import date, datetime

# A newsroom mends an article within days, mostly within one: daily looks for three days, one when the
# week is over, a last one three weeks after publication.
ARTICLE_DAYS = (1, 1, 1, 4, 14)
# Ids are given out before they are published: most within days, a forgotten draft within weeks.
MISSING_DAYS = (1, 3, 10, 30)
# What was taken away may come back after a mistake, or when a site has been repaired.
GONE_DAYS = (1, 3, 10, 30, 90, 365)
DAYS = {
    Outcome.STORED: ARTICLE_DAYS,
    Outcome.QUARANTINED: ARTICLE_DAYS,
    Outcome.MISSING: MISSING_DAYS,
    Outcome.NOT_ARTICLE: MISSING_DAYS,
    Outcome.GONE: GONE_DAYS,
}
# What failed in so many runs in a row is no hiccup: from then on a look a month is enough.
MAX_ATTEMPTS = 5
FAILED_DAYS = 30
# A night's crawl starts, and comes to a page, some hours earlier or later than the last one did.
EARLIER = timedelta(hours=6)
# So many ids may be given out and not yet published; a hole further down stays one.
NEAR_HEAD = 200


def next_check(outcome: Outcome, checks: int, fetched_at: datetime) -> datetime | None:
    """Return when to look again after so many looks that showed nothing new; None for never."""
    days = DAYS.get(outcome, ())
    return fetched_at + timedelta(days=days[checks]) - EARLIER if checks < len(days) else None


def next_attempt(attempts: int, due: datetime | None, fetched_at: datetime) -> datetime | None:
    """Return when to try again what failed in so many runs in a row; `due` as before while it may be a hiccup."""
    return due if attempts < MAX_ATTEMPTS else fetched_at + timedelta(days=FAILED_DAYS) - EARLIER


def checks_missed(published: date | None, fetched_at: datetime) -> int:
    """Return how many looks an article's age has made needless when we first see it."""
    if published is None:
        return 0
    return bisect_right(list(accumulate(ARTICLE_DAYS)), (fetched_at.date() - published).days)

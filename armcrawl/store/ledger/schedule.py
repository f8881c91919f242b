"""When to look at a page again: sooner if it has changed, later each time that it has not.

How often a page changes is estimated by what its looks have shown (Cho and Garcia-Molina, «Estimating Frequency of
Change», 2003), here by a ladder of intervals: a look without a change goes a step on, one with a change goes back. At
its end comes the audit (`audit.py`), which looks at the whole archive in turn, at all pages equally often: what changes
that rarely is kept freshest so (the same, «Effective Page Refresh Policies», 2003).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from armcrawl.items import Outcome

if TYPE_CHECKING:
    from datetime import date, datetime

# A newsroom mends an article within days, mostly within one: daily looks for three days, one when the week is over,
# one after three weeks. Then each interval is three times as long: two more looks find what is mended within the half
# year. The first is the floor, as a newsroom is asked once a night; behind the last comes the audit.
ARTICLE_DAYS = (1, 1, 1, 4, 14, 42, 126)
# Who mends an article of last month may mend it again tomorrow; for one of last year two weeks are soon. Its next look
# after a change comes after a thirtieth of its age, two weeks at most: a page that shows something else each time
# would else eat a look every night, for ever.
SHARE_OF_AGE = 30
MAX_DAYS_AFTER_CHANGE = 14
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
# No interval is longer: what is due later than that was planned by a wrong clock.
LONGEST_DAYS = max(*ARTICLE_DAYS, *MISSING_DAYS, *GONE_DAYS)
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


def checks_after_change(published: date | None, fetched_at: datetime) -> int:
    """Return at which step of the ladder an article goes on that has changed: the first, unless it is old."""
    if published is None:
        return 0
    soon = min((fetched_at.date() - published).days / SHARE_OF_AGE, MAX_DAYS_AFTER_CHANGE)
    return next(step for step, days in enumerate(ARTICLE_DAYS) if days >= soon)


def checks_missed(published: date | None, fetched_at: datetime) -> int:
    """Return how many looks an article's age has made needless when we first see it."""
    if published is None:
        return 0
    return bisect_right(list(accumulate(ARTICLE_DAYS)), (fetched_at.date() - published).days)

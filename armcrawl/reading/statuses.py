"""What the status of a response says of a page before anybody reads it (RFC 9110, 15)."""

from __future__ import annotations

from armcrawl.items import NotAnArticle, Reason

GONE_STATUSES = frozenset({404, 410})
BLOCKING_STATUSES = frozenset({401, 403, 407, 429, 451})
# RFC 9110, 15.3: a page as it was asked for, also through a proxy that changed it. What comes with 304 is the page that
# is held already.
WITH_PAGE = frozenset({200, 203})
UNCHANGED_STATUS = 304


def by_status(status: int) -> NotAnArticle | None:
    """Return why a page with this HTTP status is no article whatever its body says; None for other statuses."""
    if status in GONE_STATUSES:
        return NotAnArticle(Reason.MISSING, f"status {status}")
    if status in BLOCKING_STATUSES:
        return NotAnArticle(Reason.BLOCKED, f"status {status}")
    return (
        None
        if status in WITH_PAGE or status == UNCHANGED_STATUS
        else NotAnArticle(Reason.UNAVAILABLE, f"status {status}")
    )

"""How far something is, in words: «137 of ~3,000 pages, 29 a minute, 1 h 38 min left»."""

from __future__ import annotations


def how_far(done: int, total: int | None, what: str, seconds: float, limit: float = 0) -> str:
    """Return how much is done, how fast, and how long the rest takes, as far as that is known.

    `seconds` have passed since the beginning; after `limit` of them it ends in any case, if that is not 0. A total is
    what is known now: more may be found, and less may be there.
    """
    told = f"{done:,}" if total is None else f"{done:,} of ~{max(total, done):,}"
    speed = done / seconds if seconds > 0 else 0.0
    told = f"{told} {what}, {60 * speed:.0f} a minute"
    if total is None or not speed:
        return told
    left = max(total - done, 0) / speed
    if limit and seconds + left > limit:
        return f"{told}, {duration_in_words(limit - seconds)} left of the time that it may take"
    return f"{told}, {duration_in_words(left)} left"


def duration_in_words(seconds: float) -> str:
    """Return a length of time as a person would say it."""
    minutes = max(0, round(seconds / 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"

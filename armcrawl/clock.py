"""The time, from one place: whoever wants another one puts it here."""

from __future__ import annotations

from datetime import UTC, datetime

from armcrawl.errors import ClockError

# Before armcrawl was written it had no run: a machine without a clock of its own wakes up in 1970, or on the day on
# which its system was built.
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return the moment, aware and in UTC."""
    return datetime.now(UTC)


def check_possible() -> None:
    """Raise ClockError where the clock shows a time before armcrawl was written."""
    moment = now()
    if moment < EARLIEST:
        raise ClockError(
            f"The clock says {moment:%Y-%m-%d %H:%M} UTC, before armcrawl was written: set the clock (on a machine "
            "without one of its own, wait for time synchronisation), then try again."
        )

"""Moments of the press portal's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from armcrawl.sample.press.articles import ZONE


def moscow(text: str) -> datetime:
    """Return a moment as the journal's clock shows it: `2026-11-23 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@dataclass
class Clock:
    """A clock that goes on with each request: what is read in an hour changes in an hour."""

    now: datetime
    step: timedelta

    def __call__(self) -> datetime:
        """Return the time, and go on."""
        self.now += self.step
        return self.now


NOW = moscow("2026-11-23 10:00")

"""Moments of the press portal's day."""

from __future__ import annotations

from datetime import datetime

from armcrawl.sample.press.articles import ZONE


def moscow(text: str) -> datetime:
    """Return a moment as the journal's clock shows it: `2026-11-23 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


NOW = moscow("2026-11-23 10:00")

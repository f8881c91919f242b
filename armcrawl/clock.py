"""The time, from one place: whoever wants another one puts it here."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the moment, aware and in UTC."""
    return datetime.now(UTC)

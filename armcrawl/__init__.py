"""armcrawl turns Russian trade press into a clean, deduplicated, tagged database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from armcrawl.analysis.opened import Database

__version__ = "1.0.0"

PARSER_VERSION = 9
"""Raised with every change of reading or refining that can change what is stored of a page."""


def open(url: str | None = None) -> Database:  # noqa: A001 - armcrawl.open, as gzip.open
    """Return a database for questions in Python: `sqlite:///path`, `postgresql://…`, or the one that commands use.

    It is only read: docs/python.md. Raises UsageError for what is no such URL, and DatabaseError if there is no such
    database, if it is empty, or if it cannot be read; both are ArmcrawlErrors of `armcrawl.errors`.
    """
    # Whoever only imports armcrawl, as a crawl does, pays for nothing of it.
    from armcrawl.analysis.opened import open_to_read

    return open_to_read(url)

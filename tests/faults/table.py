"""The table of faults, for the documentation: `python -m tests.faults.table` writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import TOP
from tests.discovery.source_faults import FAULTS as SOURCE_FAULTS
from tests.faults.faults import FAULTS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.nights import Row

PAGE = TOP / "docs" / "faults.md"
COLUMNS = ("fault", "ledger", "requests", "right", "healed", "versions", "exit", "the operator reads")
HEAD = """# What servers do, and what comes of it

Each row is a night's crawl of a hostile server with twelve articles, and a healthy night after it; `make soak` carries
all of them out, `make test` some of each kind. A night without a fault takes 18 requests, and ends with twelve
articles right.

- **ledger**: the outcome of the page that the fault concerns, after the night; empty if the run ended before it
- **requests**: how many the night took, robots.txt and repeated ones included
- **right**, **healed**: articles that are exactly as they should be, after that night and after the next
- **versions**: versions of the articles in the end; more than twelve where the fault changed articles
- **exit**: the exit code of the run; 0 done, 1 failed, 3 the site refuses us
- **the operator reads**: words of the run's own report, of `armcrawl status`, or of `quarantine list`

"""
SOURCES = """
## Listings, feeds, sitemaps, declarations

The same of a journal whose articles have no numbers: twelve articles, a listing of three pages, and beside it in some
of the nights a feed or a sitemap. After each of these faults the next night, without it, has all twelve right, and asks
for none that was right before.

"""
SOURCE_COLUMNS = ("fault", "requests", "right", "exit", "the operator reads")


def row_of(fault: Fault, row: Row | None = None) -> tuple[str, ...]:
    """Return a line of the table: what is expected, or what was found."""
    of = row or fault
    numbers = (of.requests, of.right, of.healed, of.versions, of.code)
    return (fault.name, of.ledger, *map(str, numbers), fault.says)


def render() -> str:
    """Return the page."""
    of_sources = [(one.name, str(one.requests), str(one.right), str(one.code), one.says) for one in SOURCE_FAULTS]
    return HEAD + _lines(COLUMNS, map(row_of, FAULTS)) + SOURCES + _lines(SOURCE_COLUMNS, of_sources)


def _lines(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")

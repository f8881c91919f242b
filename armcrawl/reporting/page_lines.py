"""The lines of two pages side by side, each with its role: what a page shows now beside one before the site changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from armcrawl.errors import ArchiveAwayError, ArchiveError, DatabaseError, UsageError
from armcrawl.reading.response import shown
from armcrawl.sites import PageKey
from armcrawl.store.queries.archived_pages import archived_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.store.queries.run_examples import Compared

# Letters of a line: two lines and their roles fit into the width of a terminal.
MAX_OF_LINE = 44


class Lines(NamedTuple):
    """Neighbouring lines of one role: how many, and how the first begins."""

    role: str
    number: int
    first: str

    def __str__(self) -> str:
        more = f" (+{self.number - 1})" if self.number > 1 else ""
        return f"{self.role}: {self.first}{more}"


@dataclass(frozen=True, slots=True)
class Beside:
    """The lines of a page before and of a page now, side by side, or why there are none."""

    pairs: tuple[tuple[str, str], ...] = ()
    missing: str = ""


def lines_beside(engine: Engine, storage: Storage, page: Compared) -> Beside:
    """Return the lines of the page before and of a page now; none unless the archive holds both."""
    if page.beside is None:
        return Beside(missing="no page of its section was shown before")
    if not page.is_kept:
        return Beside(missing="the last answer of the site is not kept")
    # The page itself as it was before it was read last.
    earlier = page.read_at - timedelta.resolution if page.beside == page.key else None
    try:
        before = _lines(engine, storage, page.beside, page.beside_address, earlier)
        now = _lines(engine, storage, page.key, page.address)
    except (ArchiveError, ArchiveAwayError, UsageError, OSError) as error:
        return Beside(missing=str(error).rstrip("."))
    except (DatabaseError, SQLAlchemyError):
        raise
    except Exception as error:  # noqa: BLE001 - a page that no reader survives is what the report is about
        return Beside(missing=f"reading failed: {type(error).__name__}: {error}")
    pairs = tuple(_side_by_side(before, now))
    return Beside(pairs) if pairs else Beside(missing="all lines have the same roles, and begin alike")


def _lines(engine: Engine, storage: Storage, key: str, address: str, moment: datetime | None = None) -> list[Lines]:
    captured = archived_page(engine, storage, PageKey(*key.split("/", 2)), moment)
    # As one of the site's: its selectors hold, whichever server stood in for it.
    response = shown(captured.response(address))
    # Reading is a rare need here, and its modules take long to import.
    from armcrawl.reading.account import account

    found = account(response.body, response.address, response.content_type)
    return [_group(role, [line.text for line in lines]) for role, lines in groupby(found, lambda line: line.role)]


def _group(role: str, texts: list[str]) -> Lines:
    first = " ".join(texts[0].split())
    return Lines(role, len(texts), first if len(first) <= MAX_OF_LINE else first[: MAX_OF_LINE - 1] + "…")


def _side_by_side(before: list[Lines], now: list[Lines]) -> Iterator[tuple[str, str]]:
    """Yield lines in pairs of one role where there are such, empty for none; without those that are the same."""
    roles = ([one.role for one in before], [one.role for one in now])
    for _, first, last, start, end in SequenceMatcher(None, *roles, autojunk=False).get_opcodes():
        for pair in zip_longest(before[first:last], now[start:end], fillvalue=""):
            if pair[0] != pair[1]:
                yield str(pair[0]), str(pair[1])

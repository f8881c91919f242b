"""The lines of two pages side by side, each with its role: what a page shows now beside one before the site changed."""

from __future__ import annotations

from datetime import timedelta
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from armcrawl.errors import ArchiveError, UsageError
from armcrawl.reading.account import account
from armcrawl.reading.response import shown
from armcrawl.sites import PageKey
from armcrawl.store.queries.archived_pages import archived_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

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


def lines_beside(engine: Engine, folder: Path, page: Compared) -> list[tuple[str, str]]:
    """Return the lines of the page before and of a page now, side by side; none unless the archive holds both."""
    if page.beside is None:
        return []
    earlier = page.read_at - timedelta(seconds=1) if page.beside == page.key else None
    try:
        before = _lines(engine, folder, page.beside, page.beside_address, earlier)
        return list(_side_by_side(before, _lines(engine, folder, page.key, page.address)))
    except (ArchiveError, UsageError):
        return []


def _lines(engine: Engine, folder: Path, key: str, address: str, moment: datetime | None = None) -> list[Lines]:
    captured = archived_page(engine, folder, PageKey(*key.split("/", 2)), moment)
    # As one of the site's: its selectors hold, whichever server stood in for it.
    response = shown(captured.response(address))
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

"""Some pages of our archive as one package that others replay, with all their captures."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from armcrawl import clock
from armcrawl.archive.frames import frames_of
from armcrawl.archive.reading import captured_at
from armcrawl.archive.wacz import WaczWriter
from armcrawl.archive.wiping import read_member
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.files import writing_whole
from armcrawl.store.articles.captures import captures_of
from armcrawl.store.base.database import reading
from armcrawl.store.queries.view_rows import Selection, columns_of, rows_of_view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage
    from armcrawl.russian.search_query import SearchQuery
    from armcrawl.sites import PageKey
    from armcrawl.store.articles.captures import Archived


@dataclass(slots=True)
class Packaged:
    """What came into a package: pages and captures, and what is missing of them."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def package(
    engine: Engine,
    storage: Storage,
    path: Path,
    keys: Sequence[PageKey] | None = None,
    query: SearchQuery | None = None,
) -> Packaged:
    """Write the captures of some pages into a file: those that are named or found, or all; whole or not at all.

    Raises UsageError if the archive has none of them.
    """
    found = Packaged()
    titles = _titles(engine, query)
    captures = _captures(engine, keys, titles, query)
    lacking = sorted(set(keys or ()) - {some[0].key for some in captures})
    found.problems += [f"{key}: the archive holds nothing of it" for key in lacking]
    if not captures:
        raise UsageError("The archive holds none of these pages: nothing was written.")
    with writing_whole(path) as file:
        _write(WaczWriter.of(file, clock.now()), storage, captures, titles, found)
    return found


def _titles(engine: Engine, query: SearchQuery | None) -> dict[str, str]:
    """Return the titles of articles, of those that a query finds if there is one, by their keys."""
    selection = Selection(query=query)
    names = list(columns_of(selection))
    key, title = names.index("key"), names.index("title")
    with reading(engine) as connection:
        return {row[key]: row[title] for rows in rows_of_view(connection, selection) for row in rows}


def _captures(
    engine: Engine, keys: Sequence[PageKey] | None, titles: dict[str, str], query: SearchQuery | None
) -> list[list[Archived]]:
    """Return the captures that are wanted, page by page."""
    wanted = set(keys) if keys is not None else None
    pages: dict[str, list[Archived]] = {}
    for one in captures_of(engine):
        is_wanted = one.key in wanted if wanted is not None else query is None or str(one.key) in titles
        if is_wanted:
            pages.setdefault(str(one.key), []).append(one)
    return [pages[key] for key in sorted(pages)]


def _write(
    writer: WaczWriter, storage: Storage, pages: Iterable[list[Archived]], titles: dict[str, str], found: Packaged
) -> None:
    with writer.records() as records:
        for captures in pages:
            newest = None
            for captured, packed_record in _records(storage, captures, found):
                records.add(captured, packed_record)
                newest = captured
                found.counts["captures"] += 1
            if newest is not None:
                writer.page(newest, titles.get(str(captures[0].key)))
                found.counts["pages"] += 1
    writer.close(f"Pages: {found.counts['pages']}")


def _records(storage: Storage, captures: Iterable[Archived], found: Packaged) -> Iterator[tuple[Captured, bytes]]:
    for one in captures:
        try:
            yield _record(storage, one)
        except ArchiveError as error:
            found.problems.append(f"{one.key} of {one.fetched_at:%Y-%m-%d %H:%M:%S}: {error}")


def _record(storage: Storage, one: Archived) -> tuple[Captured, bytes]:
    """Return a capture, and the gzip member that holds nothing but its record; raises ArchiveError."""
    try:
        with storage.open(one.file) as file:
            captured = captured_at(file, one.offset)
            plain, size = read_member(file, one.offset)
            file.seek(one.offset)
            member = file.read(size)
    except (OSError, zlib.error) as error:
        raise ArchiveError(f"{one.file} cannot be read: {error}.") from error
    if len(list(frames_of(BytesIO(plain)))) != 1:
        raise ArchiveError(f"the record at {one.offset} of {one.file} shares its place with others.")
    return captured, member

"""The one way to write an article: the histories of pages are folded, and the stored versions made to say the same.

Who has written captures or readings, or has given a verdict, hands over the pages concerned, with the articles that
were read. A text that the database does not hold yet is one of these; one that it holds is kept, moved or copied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from armcrawl import PARSER_VERSION
from armcrawl.errors import DatabaseError
from armcrawl.store import schema
from armcrawl.store.documents import COLUMNS, row_of
from armcrawl.store.queries import among, chunks
from armcrawl.store.unreadable import read_all, set_aside
from armcrawl.store.versions import Shown, Version, publish, rows_shown, shown_of, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Table

    from armcrawl.items import Article
    from armcrawl.sites import PageKey
    from armcrawl.store import folding
    from armcrawl.store.folding import History
    from armcrawl.store.pasts import Past

articles, versions, pages = schema.articles, schema.article_versions, schema.pages

Source = tuple[int, int | None]
"""What a text was read from: a capture, and a later reading of it if it is not the first."""


@dataclass(slots=True)
class Refolded:
    """The histories of pages by their ids; how many articles are new, and how many have another newest text.

    `problems` are sentences about what is shown but for its tags and all that follows, as its document cannot be read.
    """

    histories: dict[int, History] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Insert:
    """A version to write, with the row that its text is copied from if it is not at hand."""

    page_id: int
    number: int | None
    text: folding.Version
    donor: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored version."""

    id: int
    number: int | None
    source: Source
    content_hash: str
    told: tuple[Any, ...]  # TOLD, as it is stored

    def has(self, text: folding.Version) -> bool:
        """Tell whether it is the row of a text."""
        return self.source == source_of(text) and self.content_hash == text.said.content_hash


# What a fold tells of a version, beside its text.
TOLD = ("number", "cause", "state", "run_id", "created_at", "capture_id", "reading_id")


def refold(
    connection: Connection, keys: Mapping[int, PageKey], pasts: Mapping[int, Past], read: Mapping[Source, Article]
) -> Refolded:
    """Fold the histories of pages, by their ids, from their pasts, and write what follows of articles.

    `read` are the articles that were read just now, by what they were read from.
    """
    result = Refolded({page_id: pasts[page_id].history() for page_id in keys})
    stored = _stored(connection, [page_id for page_id in keys if not pasts[page_id].is_new])
    work = _Work(connection, keys, read)
    for page_id, history in result.histories.items():
        known = stored.get(page_id)
        result.new += known is None and bool(history.versions)
        result.changed += known is not None and known.has_other_newest(history)
        work.plan(page_id, history, known)
    result.problems = work.carry_out()
    return result


@dataclass(frozen=True, slots=True)
class _Stored:
    """An article, and its versions."""

    article_id: int
    current: int
    published: int | None
    rows: list[_Row]

    def has_other_newest(self, history: History) -> bool:
        """Tell whether the newest version is another one than is stored."""
        stored = next((row.source for row in self.rows if row.number == self.current), None)
        return bool(history.versions) and source_of(history.versions[-1]) != stored


def _stored(connection: Connection, page_ids: Sequence[int]) -> dict[int, _Stored]:
    found: dict[int, _Stored] = {}
    told = [versions.c[name] for name in TOLD]
    columns = (articles.c.page_id, articles.c.id, articles.c.current_version, articles.c.published_version)
    query = select(*columns, versions.c.id, versions.c.content_hash, *told).join(
        versions, versions.c.article_id == articles.c.id
    )
    for some in chunks(sorted(page_ids)):
        for row in connection.execute(query.where(articles.c.page_id.in_(some)).order_by(versions.c.id)):
            one = found.setdefault(row[0], _Stored(row[1], row[2], row[3], []))
            source = (row.capture_id, row.reading_id)
            one.rows.append(_Row(row[4], row.number, source, row.content_hash, tuple(row[6:])))
    return found


class _Work:
    """What is to be written so that the stored versions say what the histories do."""

    def __init__(self, connection: Connection, keys: Mapping[int, PageKey], read: Mapping[Source, Article]) -> None:
        self.connection = connection
        self.keys = keys
        self.read = read
        self.article_ids: dict[int, int] = {}
        self.first: list[tuple[int, History]] = []  # pages that get an article
        self.inserted: list[_Insert] = []
        self.told: list[dict[str, Any]] = []  # what rows say from now on
        self.renumbered: list[int] = []
        self.dropped: list[int] = []
        self.numbers: list[dict[str, Any]] = []
        self.emptied: list[int] = []  # articles without a version
        self.to_publish: dict[int, folding.Version] = {}  # by page

    def plan(self, page_id: int, history: History, known: _Stored | None) -> None:
        """Tell what is to be done for a page."""
        if known is None and history.versions:
            self.first.append((page_id, history))
        rows = {row.id: row for row in known.rows} if known is not None else {}
        shown_before = next((one.id for one in rows.values() if known and one.number == known.published), None)
        shown_now = None
        numbered = [*enumerate(history.versions, 1), *((None, text) for text in history.aside)]
        for number, text in numbered:
            row = next((one for one in rows.values() if one.has(text)), None)
            if row is None:
                self.inserted.append(_Insert(page_id, number, text, self._donor(text, known)))
                continue
            del rows[row.id]
            self._tell(row, _told(number, text))
            if number == history.published:
                shown_now = row.id
        self.dropped += rows
        if history.published is not None and (shown_now is None or shown_now != shown_before):
            self.to_publish[page_id] = history.versions[history.published - 1]
        if known is not None:
            self._plan_article(page_id, known, history)

    def _donor(self, text: folding.Version, known: _Stored | None) -> int | None:
        """Return the row that has the same text; None for one that is at hand."""
        if source_of(text) in self.read:
            return None
        for row in known.rows if known is not None else ():
            if row.content_hash == text.said.content_hash:
                return row.id
        raise DatabaseError(
            f"The database lacks the text that it read from capture {text.capture_id}: `armcrawl db new-from-archive`."
        )

    def _tell(self, row: _Row, told: dict[str, Any]) -> None:
        if tuple(told.values()) != row.told:
            self.told.append({"row": row.id} | {f"to_{name}": value for name, value in told.items()})
        if row.number is not None and row.number != told["number"]:
            self.renumbered.append(row.id)

    def _plan_article(self, page_id: int, known: _Stored, history: History) -> None:
        self.article_ids[page_id] = known.article_id
        if not history.versions:
            self.emptied.append(known.article_id)
        elif (known.current, known.published) != (history.current, history.published):
            self.numbers.append({"article": known.article_id, "newest": history.current, "shown": history.published})

    def carry_out(self) -> list[str]:
        """Write it; return a sentence for each version that is to be shown and whose document cannot be read."""
        known = [self.article_ids[page_id] for page_id in self.to_publish if page_id in self.article_ids]
        before = shown_of(self.connection, known) if known else {}
        donors = self._donors()
        self._rewrite()
        self._insert_articles()
        self._insert_versions(donors)
        self._set_numbers()
        problems = self._publish(before)
        _delete(self.connection, articles, self.emptied)
        return problems

    def _donors(self) -> dict[int, dict[str, Any]]:
        """Return what rows say whose text others have too."""
        ids = {one.donor for one in self.inserted if one.donor is not None}
        query = select(*(versions.c[name] for name in ("id", "parser_version", *COLUMNS)))
        rows = [row._asdict() for row in among(self.connection, query, versions.c.id, ids)]
        return {row.pop("id"): row for row in rows}

    def _rewrite(self) -> None:
        statement = update(versions).where(versions.c.id == bindparam("row"))
        if self.renumbered:  # a number is free only when nobody has it
            self.connection.execute(statement.values(number=None), [{"row": row_id} for row_id in self.renumbered])
        _delete(self.connection, versions, self.dropped)
        if self.told:
            self.connection.execute(statement.values({name: bindparam(f"to_{name}") for name in TOLD}), self.told)

    def _insert_articles(self) -> None:
        if not self.first:
            return
        rows = [
            {
                "page_id": page_id,
                "key": str(self.keys[page_id]),
                "current_version": history.current,
                "published_version": history.published,
            }
            for page_id, history in self.first
        ]
        statement = insert(articles).returning(articles.c.id, sort_by_parameter_order=True)
        ids = self.connection.execute(statement, rows).scalars()
        self.article_ids |= {page_id: article_id for (page_id, _), article_id in zip(self.first, ids, strict=True)}

    def _insert_versions(self, donors: Mapping[int, dict[str, Any]]) -> None:
        rows = [
            {
                "article_id": self.article_ids[one.page_id],
                **_told(one.number, one.text),
                **(
                    {"parser_version": PARSER_VERSION, **row_of(self.read[source_of(one.text)])}
                    if one.donor is None
                    else donors[one.donor]
                ),
            }
            for one in self.inserted
        ]
        if rows:
            self.connection.execute(insert(versions), rows)

    def _set_numbers(self) -> None:
        if self.numbers:
            statement = update(articles).where(articles.c.id == bindparam("article"))
            values: dict[str, Any] = {"current_version": bindparam("newest"), "published_version": bindparam("shown")}
            self.connection.execute(statement.values(values), self.numbers)

    def _publish(self, before: Mapping[int, Shown]) -> list[str]:
        at_hand: list[Version] = []
        to_load: list[int] = []
        for page_id, text in self.to_publish.items():
            article = self.read.get(source_of(text))
            if article is None:
                to_load.append(self.article_ids[page_id])
            else:
                at_hand.append(Version(self.article_ids[page_id], self.keys[page_id], article))
        loaded, unreadable = read_all(rows_shown(self.connection, to_load), version_of)
        publish(self.connection, [*at_hand, *loaded], before)
        return set_aside(self.connection, unreadable, [one.article_id for one in loaded]) if to_load else []


def _delete(connection: Connection, table: Table, ids: Sequence[int]) -> None:
    for some in chunks(ids):
        connection.execute(delete(table).where(table.c.id.in_(some)))


def source_of(text: folding.Version) -> Source:
    """Return what a text was read from."""
    return text.capture_id, text.reading_id


def _told(number: int | None, text: folding.Version) -> dict[str, Any]:
    return {
        "number": number,
        "cause": text.cause,
        "state": schema.SHOWN if text.is_shown else schema.WITHHELD,
        "run_id": text.run_id,
        "created_at": text.created_at,
        "capture_id": text.capture_id,
        "reading_id": text.reading_id,
    }

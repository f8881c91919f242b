"""The one way to write an article: the histories of pages are folded, and the stored versions made to say the same.

Who has written captures or readings, or has given a verdict, hands over the pages concerned, with the articles that
were read. A text that the database does not hold yet is one of these; one that it holds is kept, moved or copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from armcrawl.items import Article
from armcrawl.store.articles import folding
from armcrawl.store.articles.documents import COLUMNS, DocumentError, row_of
from armcrawl.store.articles.unreadable import UnreadableVersion, quarantine_unreadable, read_all
from armcrawl.store.articles.versions import (
    ShownVersion,
    publish,
    rows_shown,
    shown_among,
    text_only_of,
    version_of,
)
from armcrawl.store.base.enumerations import SHOWN, WITHHELD
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles
from armcrawl.store.base.sql import among, write_among
from armcrawl.store.clusters.clustering import leave_unjoined, remove_articles

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from armcrawl.sites import PageKey
    from armcrawl.store.articles.captures import Past
    from armcrawl.store.articles.folding import FoldedHistory


_Row = Row[*tuple[Any, ...]]
"""A stored version: id, hashes, and TOLD."""
Read = Mapping[tuple[int, str | None], Article]
"""Articles that are at hand, by their page and the hash of their document."""


@dataclass(slots=True)
class Refolded:
    """The histories of pages by their ids; which of these got an article, and which another newest version.

    `problems` are sentences about versions whose document cannot be read.
    """

    histories: dict[int, FoldedHistory]
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Insert:
    """A version to write, with the row that its document is copied from if that is not at hand."""

    page_id: int
    number: int | None
    text: folding.FoldedVersion
    donor: int | None


# What a fold tells of a version, beside its text.
TOLD = ("number", "cause", "state", "run_id", "parser_version", "created_at", "capture_id", "reading_id")
_STORED = (
    select(
        *(versions.c[name] for name in ("id", "content_hash", "document_hash", *TOLD)),
        *(articles.c.page_id, articles.c.id.label("article_id"), articles.c.current_version),
        articles.c.published_version,
    )
    .join(articles, articles.c.id == versions.c.article_id)
    .order_by(versions.c.id)
)


def refold(
    connection: Connection, keys: Mapping[int, PageKey], pasts: Mapping[int, Past], read: Read, *, is_anew: bool = False
) -> Refolded:
    """Fold the histories of pages, by their ids, from their pasts, and write what follows of articles.

    If `is_anew`, what is at hand is written also where the database seems to hold it: it may be damaged there. A page
    of which the database lacks a text that its history tells is left as it is, and put into quarantine.
    """
    result = Refolded({page_id: pasts[page_id].history() for page_id in keys})
    stored = _stored(connection, [page_id for page_id in keys if not pasts[page_id].is_new])
    work = _Work(connection, keys, read, is_anew)
    for page_id, history in result.histories.items():
        known = stored.get(page_id)
        try:
            work.plan(page_id, history, known)
        except DocumentError as error:
            if known is not None:
                work.unreadable.append(UnreadableVersion(known.article_id, known.current, str(error)))
            continue
        if known is None and history.versions:
            result.new.add(page_id)
        elif known is not None and known.has_other_newest(history):
            result.changed.add(page_id)
    result.problems = work.carry_out()
    return result


@dataclass(frozen=True, slots=True)
class _Stored:
    """An article, and its versions."""

    article_id: int
    current: int
    published: int | None
    rows: list[_Row] = field(default_factory=list)

    def has_other_newest(self, history: FoldedHistory) -> bool:
        """Tell whether the newest version is another one than is stored."""
        newest = next((row for row in self.rows if row.number == self.current), None)
        if newest is None or not history.versions:
            return False
        text = history.versions[-1]
        is_read_again = text.reading_id is not None and text.reading_id != newest.reading_id
        return bool(is_read_again or text.parsed.content_hash != newest.content_hash)


def _stored(connection: Connection, page_ids: Sequence[int]) -> dict[int, _Stored]:
    found: dict[int, _Stored] = {}
    for row in among(connection, _STORED, articles.c.page_id, page_ids):
        one = _Stored(row.article_id, row.current_version, row.published_version)
        found.setdefault(row.page_id, one).rows.append(row)
    return found


@dataclass(slots=True)
class _Work:
    """What is to be written so that the stored versions say what the histories do."""

    connection: Connection
    keys: Mapping[int, PageKey]
    read: Read
    is_anew: bool
    article_ids: dict[int, int] = field(default_factory=dict)
    first: list[tuple[int, FoldedHistory]] = field(default_factory=list)  # pages that get an article
    inserted: list[_Insert] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)  # what rows say from now on
    renumbered: list[int] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)  # articles without a version
    to_publish: dict[int, folding.FoldedVersion] = field(default_factory=dict)  # by page
    unreadable: list[UnreadableVersion] = field(default_factory=list)

    def plan(self, page_id: int, history: FoldedHistory, known: _Stored | None) -> None:
        """Tell what is to be done for a page; raises DocumentError where the database lacks a text."""
        left = {row.id: row for row in known.rows} if known is not None else {}
        shown_before = next((one.id for one in left.values() if known and one.number == known.published), None)
        kept, inserted = list[tuple[_Row, int | None, folding.FoldedVersion]](), list[_Insert]()
        for number, text in [*enumerate(history.versions, 1), *((None, text) for text in history.aside)]:
            equal = [row for row in left.values() if row.document_hash == text.parsed.document_hash]
            if equal and not (self.is_anew and self._is_at_hand(page_id, text)):
                row = min(equal, key=lambda row: row.number != number)
                kept.append((left.pop(row.id), number, text))
            else:
                inserted.append(_Insert(page_id, number, text, self._donor(page_id, text, known)))
        for row, number, text in kept:
            self._tell(row, _told(number, text))
        self.inserted += inserted
        self.dropped += left
        shown_now = next((row.id for row, number, _ in kept if number == history.published), None)
        if history.published is not None and (shown_now is None or shown_now != shown_before):
            self.to_publish[page_id] = history.versions[history.published - 1]
        if known is not None:
            self._plan_article(page_id, known, history)
        elif history.versions:
            self.first.append((page_id, history))

    def _donor(self, page_id: int, text: folding.FoldedVersion, known: _Stored | None) -> int | None:
        """Return a row that has the same document; None for one that is at hand."""
        if self._is_at_hand(page_id, text):
            return None
        for row in known.rows if known is not None else ():
            if row.document_hash == text.parsed.document_hash:
                return int(row.id)
        raise DocumentError("the database lacks the text that it had read")

    def _is_at_hand(self, page_id: int, text: folding.FoldedVersion) -> bool:
        return (page_id, text.parsed.document_hash) in self.read

    def _tell(self, row: _Row, told: dict[str, Any]) -> None:
        if any(getattr(row, name) != value for name, value in told.items()):
            self.told.append({"row": row.id} | {f"to_{name}": value for name, value in told.items()})
        if row.number is not None and row.number != told["number"]:
            self.renumbered.append(row.id)

    def _plan_article(self, page_id: int, known: _Stored, history: FoldedHistory) -> None:
        self.article_ids[page_id] = known.article_id
        if not history.versions:
            self.emptied.append(known.article_id)
        elif (known.current, known.published) != (history.current, history.published):
            self.numbers.append({"article": known.article_id, "newest": history.current, "shown": history.published})

    def carry_out(self) -> list[str]:
        """Write it; return a sentence for each version that is to be shown and whose document cannot be read."""
        known = [self.article_ids[page_id] for page_id in self.to_publish if page_id in self.article_ids]
        before = shown_among(self.connection, known) if known else set()
        donors = self._donors()
        self._rewrite()
        self._insert_articles()
        self._insert_versions(donors)
        self._set_numbers()
        problems = self._publish(before)
        if self.emptied:
            remove_articles(self.connection, self.emptied)
        write_among(self.connection, delete(articles), articles.c.id, self.emptied)
        return problems

    def _donors(self) -> dict[int, dict[str, Any]]:
        """Return what rows say whose text others have too."""
        ids = {one.donor for one in self.inserted if one.donor is not None}
        query = select(*(versions.c[name] for name in ("id", *COLUMNS)))
        rows = [row._asdict() for row in among(self.connection, query, versions.c.id, ids)]
        return {row.pop("id"): row for row in rows}

    def _rewrite(self) -> None:
        statement = update(versions).where(versions.c.id == bindparam("row"))
        if self.renumbered:  # a number is free only when nobody has it
            self.connection.execute(statement.values(number=None), [{"row": row_id} for row_id in self.renumbered])
        write_among(self.connection, delete(versions), versions.c.id, self.dropped)
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
        # With its page, as rows that come back in any order are written in one statement.
        written = self.connection.execute(insert(articles).returning(articles.c.page_id, articles.c.id), rows)
        self.article_ids |= dict(written.all())

    def _insert_versions(self, donors: Mapping[int, dict[str, Any]]) -> None:
        rows = []
        for one in self.inserted:
            read = self.read.get((one.page_id, one.text.parsed.document_hash))
            columns = row_of(read) if read is not None else donors[one.donor or 0]
            rows.append({"article_id": self.article_ids[one.page_id]} | _told(one.number, one.text) | columns)
        if rows:
            self.connection.execute(insert(versions), rows)

    def _set_numbers(self) -> None:
        if self.numbers:
            statement = update(articles).where(articles.c.id == bindparam("article"))
            values: dict[str, Any] = {"current_version": bindparam("newest"), "published_version": bindparam("shown")}
            self.connection.execute(statement.values(values), self.numbers)
            leave_unjoined(self.connection, [row["article"] for row in self.numbers if row["shown"] is None])

    def _publish(self, before: Collection[int]) -> list[str]:
        at_hand: list[ShownVersion] = []
        to_load: list[int] = []
        for page_id, text in self.to_publish.items():
            article = self.read.get((page_id, text.parsed.document_hash))
            if article is None:
                to_load.append(self.article_ids[page_id])
            else:
                at_hand.append(ShownVersion(self.article_ids[page_id], self.keys[page_id], article))
        rows = list(rows_shown(self.connection, to_load)) if to_load else []
        loaded, unreadable = read_all(rows, version_of)
        lost = {one.article_id for one in unreadable}
        publish(
            self.connection, [*at_hand, *loaded], before, [text_only_of(row) for row in rows if row.article_id in lost]
        )
        # What is written anew is readable, whatever was before.
        whole = [one.article_id for one in (*at_hand, *loaded) if one.article_id in before]
        return quarantine_unreadable(self.connection, [*self.unreadable, *unreadable], whole)


def _told(number: int | None, text: folding.FoldedVersion) -> dict[str, Any]:
    return {
        "number": number,
        "cause": text.cause,
        "state": SHOWN if text.is_shown else WITHHELD,
        "run_id": text.run_id,
        "parser_version": text.parsed.parser_version,
        "created_at": text.created_at,
        "capture_id": text.capture_id,
        "reading_id": text.reading_id,
    }

"""A database as an analyst opens it in Python: `armcrawl.open`. It is read, and never written."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlalchemy import Date, Text

from armcrawl import config
from armcrawl.analysis import search as searching
from armcrawl.analysis.frames import Result
from armcrawl.analysis.months import MONTHS, months_in_rows
from armcrawl.analysis.narrowing import choice_of, days
from armcrawl.analysis.raw_sql import answer_of
from armcrawl.analysis.trends import Asked, SeriesKind
from armcrawl.analysis.unknown_names import unknown_in
from armcrawl.errors import UsageError
from armcrawl.items import Kind
from armcrawl.russian.search_query import SearchQuery, parse_query
from armcrawl.russian.tags import tag_key
from armcrawl.store.base.columns import TextList
from armcrawl.store.base.database import open_read_only, parse_url, reading, shown
from armcrawl.store.queries.choice import EVERYTHING
from armcrawl.store.queries.full_text_search import Order
from armcrawl.store.queries.view_rows import ROWS_AT_ONCE, Selection, columns_of, count_rows, rows_of_view

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import Unpack

    from sqlalchemy import Engine

    from armcrawl.analysis.forms import Columns, Rows
    from armcrawl.analysis.narrowing import Day, Narrowing
    from armcrawl.store.queries.choice import Choice

HITS: Columns = {
    "key": Text(),
    "published_on": Date(),
    "date_precision": Text(),
    "title": Text(),
    "source": Text(),
    "tags": TextList(),
    "address": Text(),
    "excerpt": Text(),
}


def open_to_read(url: str | None = None) -> Database:
    """Return a database that is only read: `sqlite:///path`, `postgresql://…`, by default the one that commands use.

    Raises UsageError for what is no such URL, and DatabaseError if there is no such database, if it is empty, or if it
    cannot be read.
    """
    named = url or config.database_url()
    return Database(open_read_only(named), shown(parse_url(named)))


class Database:
    """A database of armcrawl. All it answers are Results, which ask when somebody looks at them.

    Articles are narrowed as Narrowing has it: `since="2016-05-31", tag=["задвижки", "ремонт арматуры"]`. What makes no
    sense raises UsageError, what the database cannot do DatabaseError, both with one sentence; both are ArmcrawlErrors.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def articles(
        self, *, search: str | None = None, columns: Sequence[str] = (), **narrowing: Unpack[Narrowing]
    ) -> Result:
        """Return the published articles, in the order of their keys: one row each, the columns of v_articles.

        `search` is a query as `armcrawl search` takes it; Narrowing has what else narrows. `columns` are all by
        default; without the body a table is ten times as small. Warns of a tag, a source or a site that no article has.
        """
        return self._view("v_articles", search, columns, narrowing)

    def view(
        self, name: str, *, search: str | None = None, columns: Sequence[str] = (), **narrowing: Unpack[Narrowing]
    ) -> Result:
        """Return the rows of any view of docs/schema.md, or those of some articles, as `articles` chooses them.

        Raises UsageError for a view or a column that is not there, and for one without articles to choose from.
        """
        return self._view(name, search, columns, narrowing)

    def _view(self, name: str, search: str | None, columns: Sequence[str], narrowing: Narrowing) -> Result:
        choice = choice_of(**narrowing)
        selection = Selection(
            name,
            query=self._query(search, choice) if search is not None else None,
            choice=choice,
            columns=(columns,) if isinstance(columns, str) else tuple(columns),
        )
        if search is None:
            self._warn_of_unknown("", choice)
        described = columns_of(selection)
        return Result(lambda: (described, self._rows_of(selection)), lambda: self._count_of(selection))

    def search(
        self,
        query: str,
        *,
        order: Literal["best", "newest", "oldest"] = "best",
        limit: int | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> Result:
        """Return what a search finds: hits in the title first, then in tags and sources, the newest first within each.

        Columns: key, published_on, date_precision, title, source, tags (a list), address, excerpt (text around the
        hits). docs/search.md has the language of queries. Warns of what in a query says nothing, and of a tag, a source
        or a site that no article has. Raises UsageError for another order, and for a limit below 1.
        """
        if order not in tuple(Order):
            raise UsageError(f"There is no order {order!r}: there are {', '.join(Order)}.")
        if limit is not None and limit < 1:
            raise UsageError(f"A limit of {limit} leaves nothing: give 1 or more, or None for all.")
        choice = choice_of(**narrowing)
        wanted = searching.HitsWanted(self._query(query, choice), choice, Order(order), limit)
        return Result(lambda: (HITS, self._hits_of(wanted)), lambda: searching.count_hits(self._engine, wanted))

    def entities(self, *, kind: str | None = None, containing: str | None = None) -> Result:
        """Return whom and what tags and sources name, the most frequent first: one row each, the columns of v_entities.

        `kind` is person, organisation, place, product, event or topic; `containing` a part of the name, in letters of
        either case. Raises UsageError for another kind.
        """
        if kind is not None and kind not in tuple(Kind):
            raise UsageError(f"There is no kind {kind!r}: there are {', '.join(Kind)}.")
        described = columns_of(ENTITIES)
        names = list(described)
        # Signs alone have no key, and an empty one would be a part of any.
        part = tag_key(containing or "")

        def is_wanted(row: dict[str, Any]) -> bool:
            is_named = containing is None or containing.casefold() in row["name"].casefold()
            return kind in (None, row["kind"]) and (is_named or (bool(part) and part in row[names[0]]))

        def pieces() -> Iterator[Rows]:
            found = [dict(zip(names, row, strict=True)) for rows in self._rows_of(ENTITIES) for row in rows]
            chosen = sorted(filter(is_wanted, found), key=lambda row: (-row["articles"], row["name"]))
            yield [list(row.values()) for row in chosen]

        return Result(lambda: (described, pieces()), lambda: sum(map(len, pieces())))

    def trend(
        self,
        *,
        words: str | None = None,
        entity: str | None = None,
        source: str | None = None,
        since: Day = None,
        until: Day = None,
    ) -> Result:
        """Return how many articles each month has, empty ones among them: all, or those with words, a name, a source.

        `words` is a query, `entity` a name as tag or source in any printed form, `source` one that attributions name;
        days stand for their months. Columns: month (its first day), date_precision, articles, all_articles (of that
        month), per_thousand (articles of a thousand). What has no month comes last: articles of which only the year is
        known stand under its first day with the precision `year`, those without a date under none. Raises UsageError
        for a name that no entity has, or several.
        """
        given = {"words": words, "entity": entity, "source": source}
        asked = [Asked(SeriesKind(kind), text) for kind, text in given.items() if text is not None]
        if len(asked) > 1:
            raise UsageError("A trend is of words, of an entity or of a source: give one of them.")
        if words is not None:
            self._query(words)
        first, last = days(since, until)

        def rows() -> list[Sequence[Any]]:
            return months_in_rows(self._engine, asked, first, last)

        return Result(lambda: (MONTHS, iter([rows()])), lambda: len(rows()))

    def sql(self, statement: str, /, **parameters: Any) -> Result:
        """Return what a question in SQL answers: `db.sql("SELECT … WHERE tag = :tag", tag="задвижки")`.

        Columns with a name of a view's column have its type; of all others the values tell, so that on SQLite a day
        that a question computes is text. Raises DatabaseError for what the database does not understand, or would
        have to write for, and UsageError for a parameter that is missing or is none.
        """
        return Result(lambda: answer_of(self._engine, statement, parameters))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Database {self._name}>"

    def _query(self, text: str, choice: Choice = EVERYTHING) -> SearchQuery:
        """Return a query; warns of what says nothing in it, and of names in it or in a choice that no article has."""
        query = parse_query(text)
        if query.dropped:
            _warn(f"Left out of the query, as it says nothing: {' '.join(query.dropped)}")
        self._warn_of_unknown(text, choice)
        return query

    def _warn_of_unknown(self, text: str, choice: Choice) -> None:
        for unknown in unknown_in(self._engine, text, choice):
            _warn(unknown.said)

    def _rows_of(self, selection: Selection) -> Iterator[Rows]:
        with reading(self._engine) as connection:
            yield from rows_of_view(connection, selection)

    def _count_of(self, selection: Selection) -> int:
        with reading(self._engine) as connection:
            return count_rows(connection, selection)

    def _hits_of(self, wanted: searching.HitsWanted) -> Iterator[Rows]:
        for hits in searching.hits_in_pieces(self._engine, wanted, ROWS_AT_ONCE):
            yield [
                (
                    *(one.article.key, one.article.published_on, one.article.date_precision, one.title.text),
                    *(one.article.source, list(one.article.tags), one.article.address, one.excerpt.text),
                )
                for one in hits
            ]


ENTITIES = Selection("v_entities")


def _warn(said: str) -> None:
    """Warn of the line that called a method of this module, by way of whichever others."""
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        level, frame = level + 1, frame.f_back
    warnings.warn(said, stacklevel=level)

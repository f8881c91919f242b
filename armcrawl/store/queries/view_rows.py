"""Reading a view as a stream, whole or in part: the same rows in the same order on both databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Text,
    case,
    exists,
    func,
    literal,
    null,
    select,
    table,
)

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.columns import TextList, UtcDateTime
from armcrawl.store.base.sql import by_bytes, is_published
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.choice import EVERYTHING, Choice
from armcrawl.store.queries.full_text_search import found_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, TableClause
    from sqlalchemy.types import TypeEngine

    from armcrawl.russian.search_query import SearchQuery

articles, versions, pages = schema.articles, schema.article_versions, schema.pages

# So many rows are in memory at once: were each a megabyte, they would take half a gigabyte.
ROWS_AT_ONCE = 500
COUNTS = (
    *(
        "position",
        "version",
        "word_count",
        "articles",
        "articles_as_tag",
        "articles_as_source",
        "version_count",
        "newest_id",
        "asked",
        "stored",
        "gone",
        "missing",
    ),
    *("not_article", "quarantined", "failed", "removed", "shown", "never_asked", "ids"),
    *("lag_days", "days_after", "word_count_before"),
)
# What views hold but text; SQLite itself does not tell.
TYPES: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(("published_on", "first_published_on", "first_on", "last_on", "day", "rate_date"), Date()),
    **dict.fromkeys(COUNTS, BigInteger()),
    **dict.fromkeys(
        ("confidence", "share_of_one", "share_of_other", "jaccard", "euro", "dollar", "lag_hours"), Float()
    ),
    **dict.fromkeys(("published_at", "first_seen_at", "changed_at", "read_at", "unchanged_at"), UtcDateTime()),
    "last_seen_at": UtcDateTime(),
    **dict.fromkeys(("is_first", "is_copy", "is_carried", "is_mirrored"), Boolean()),
    **dict.fromkeys(("sources", "tags", "entities"), TextList()),
}
CHANGES = ("change", "changed_at")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a view are wanted: those of the articles of a query that fit a choice.

    `since_run` is a run: what later ones added, changed and took down is wanted. `columns` are those that are wanted,
    in their order; none means all.
    """

    view: str = "v_articles"
    query: SearchQuery | None = None
    choice: Choice = EVERYTHING
    since_run: int | None = None
    columns: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every row of the view is wanted."""
        return self.since_run is None and not self.narrows

    @property
    def narrows(self) -> bool:
        """Whether only some articles are wanted."""
        return self.query is not None or self.choice != EVERYTHING


def columns_of(selection: Selection) -> dict[str, TypeEngine[Any]]:
    """Return the columns of a selection with their types; raises UsageError for what the view does not have."""
    names = [*(CHANGES if selection.since_run is not None else ()), *_wanted(selection)]
    return {name: TYPES.get(name, Text()) for name in names}


def count_rows(connection: Connection, selection: Selection) -> int:
    """Return how many rows a selection has."""
    counts = (
        select(func.count()).select_from(query.order_by(None).subquery()) for query in _queries(connection, selection)
    )
    return sum(connection.execute(count).scalar_one() for count in counts)


def rows_of_view(connection: Connection, selection: Selection) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows in pieces, in the order of the view's first three columns.

    Raises UsageError for a selection that makes no sense.
    """
    for query in _queries(connection, selection):
        with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query) as found:
            yield from found.partitions()


def _queries(connection: Connection, selection: Selection) -> list[Select[Any]]:
    names = _names(selection)
    view = table(selection.view, *(Column(name, TYPES.get(name, Text())) for name in names))
    if not selection.is_whole and "key" not in names:
        raise UsageError(f"{selection.view} has no articles to choose from: it is exported as a whole.")
    order = [by_bytes(connection, view.c[name]) for name in names[: 1 if selection.view == "v_articles" else 3]]
    if selection.since_run is not None:
        return _changes(connection, selection, view, order)
    query = select(*(view.c[name] for name in _wanted(selection))).order_by(*order)
    return [query.where(view.c.key.in_(_keys(connection, selection))) if selection.narrows else query]


def _names(selection: Selection) -> list[str]:
    """Return the names of a view's columns."""
    columns = {view.name: list(view.columns) for view in VIEWS}
    if selection.view not in columns:
        raise UsageError(f"There is no view {selection.view!r}: there are {', '.join(columns)}.")
    return columns[selection.view]


def _wanted(selection: Selection) -> list[str]:
    """Return the names of the columns that are wanted."""
    names = _names(selection)
    for name in selection.columns:
        if name not in names:
            raise UsageError(f"{selection.view} has no column {name!r}: it has {', '.join(names)}.")
        if selection.columns.count(name) > 1:
            raise UsageError(f"The column {name} is named twice: once is enough.")
    return list(selection.columns) or names


def _keys(connection: Connection, selection: Selection) -> Select[Any]:
    """Return a query for the keys of the articles that are wanted."""
    found = found_ids(connection, selection.query, selection.choice)
    return select(articles.c.key).where(articles.c.id.in_(found))


def _changes(
    connection: Connection, selection: Selection, view: TableClause, order: Sequence[ColumnElement[Any]]
) -> list[Select[Any]]:
    """Return the queries for what runs after one added and modified, and for what was taken down.

    A row is to be put under its key, or deleted. Nobody notes when a page is taken down, so each change names all
    that ever were: to delete what is not there harms nothing.
    """
    run, wanted = selection.since_run, [view.c[name] for name in _wanted(selection)]
    if selection.view != "v_articles":
        raise UsageError(f"--since-run tells of articles: it goes with v_articles, not with {selection.view}.")
    started = connection.execute(select(schema.runs.c.started_at).where(schema.runs.c.id == run)).scalar()
    if started is None:
        raise UsageError(f"There is no run {run}.")
    # By when it was seen: which run a version is of changes when an archive tells of an earlier look at it.
    seen = schema.captures
    # A reader may see no other columns, so the query names one.
    is_known = exists(seen.c.page_id).where(
        seen.c.page_id == articles.c.page_id, seen.c.content_hash.is_not(None), func.coalesce(seen.c.run_id, 0) <= run
    )
    is_gone = (pages.c.outcome == "gone") & (pages.c.fetched_at > started)
    changed = (
        select(
            case((is_known, "modify"), else_="add").label("change"),
            case((is_gone, pages.c.fetched_at), else_=versions.c.created_at).label("changed_at"),
            *wanted,
        )
        .join(articles, articles.c.key == view.c.key)
        .join(versions, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .where((versions.c.run_id > run) | is_gone)
        .order_by(*order)
    )
    if selection.narrows:
        changed = changed.where(view.c.key.in_(_keys(connection, selection)))
    key = (pages.c.site + "/" + pages.c.section + "/" + pages.c.external_id).label("key")
    known = {"key": key, **{name: pages.c[name] for name in ("site", "section", "address", "outcome")}}
    removed = (
        select(
            literal("delete").label("change"),
            null().label("changed_at"),
            *(known.get(column.name, null().label(column.name)) for column in wanted),
        )
        .where(pages.c.outcome == "removed")
        .order_by(key)
    )
    return [changed, removed]

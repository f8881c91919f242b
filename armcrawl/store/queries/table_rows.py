"""A look into a view or a table: rows that fit, in an order, a page at a time, the same on both databases.

A page goes on behind the last row of the one before, so that what is written meanwhile moves no row to another page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Text, and_, false, func, literal, or_, select, table, tuple_

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.sql import by_bytes
from armcrawl.store.base.views import VIEWS
from armcrawl.store.queries.own_sql_child import MAX_ANSWER
from armcrawl.store.queries.view_rows import ROWS_AT_ONCE, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.types import TypeEngine

# What only armcrawl itself reads.
HIDDEN = frozenset({"shape", "search_documents", "shingle_postings", "texts", "unindexed", "unjoined"})
# Rows are counted up to so many: to count all of a view reads all of it.
MAX_COUNTED_ROWS = 10_000
# Values of a column that are counted for a reader.
MAX_VALUES = 20
# Letters of a text that a table shows; the page of a row shows all of it.
MAX_SHOWN = 2_000
# Letters of a text by which rows are ordered: what servers take of an address holds them, written as %D0%B0.
MAX_PLACED = 200
# A column that may have megabytes: rows are found without it, and read then.
LONG = "body"
TESTS = {
    "is": "равно",
    "not": "не равно",
    "contains": "содержит",
    "starts": "начинается с",
    "from": "не меньше",
    "until": "не больше",
    "empty": "пусто",
    "filled": "не пусто",
}
COMPARED = frozenset({int, float, Decimal, bool, date, datetime})
# As neither database can hold more.
MAX_NUMBER = (1 << 63) - 1
WITHOUT_VALUE = frozenset({"empty", "filled"})
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """A view or a table: its columns with their types, and those by which its rows are ordered."""

    name: str
    columns: dict[str, TypeEngine[Any]]
    key: tuple[str, ...]

    @property
    def ordered(self) -> list[str]:
        """The columns by which rows are ordered and counted: lists and documents are not compared alike everywhere."""
        return [name for name, kind in self.columns.items() if python_type_of(kind) in COMPARED | {str}]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a column of a row must be: one of TESTS, with a value as text."""

    column: str
    test: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows, in which order: by a column and then by the key; `after` are the values of both of the last row."""

    conditions: tuple[Condition, ...] = ()
    sort: str | None = None
    is_falling: bool = False
    after: tuple[Any, ...] | None = None
    size: int = 50
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of rows; `after` is where the next one begins, None for the last."""

    rows: list[tuple[Any, ...]]
    after: tuple[Any, ...] | None


@cache
def relations() -> dict[str, Relation]:
    """Return all that can be looked into, by name."""
    views = {
        view.name: Relation(
            view.name,
            {name: TYPES.get(name, Text()) for name in view.columns},
            tuple(view.columns)[: _width(view.name)],
        )
        for view in VIEWS
    }
    tables = {
        one.name: Relation(
            one.name, {column.name: column.type for column in one.columns}, tuple(one.primary_key.columns.keys())
        )
        for one in schema.metadata.tables.values()
        if one.name not in HIDDEN
    }
    return views | tables


def _width(view: str) -> int:
    # As exports order their rows.
    return 1 if view == "v_articles" else 3


def rows_of_relation(connection: Connection, relation: Relation, wanted: RowsWanted) -> Rows:
    """Return a page of rows; raises UsageError for a column or a value that makes no sense."""
    look = _Look(connection, relation, wanted)
    order = look.order
    names = list(relation.columns)
    found = look.fitting(*((look.column[name] for name in order) if LONG in names else look.shown()))
    if wanted.after is not None:
        found = found.where(look.is_after(wanted.after))
    found = found.order_by(*look.ordered()).limit(wanted.size + 1)
    rows = [tuple(row) for row in connection.execute(found)]
    has_more = len(rows) > wanted.size
    rows = rows[: wanted.size]
    if LONG in names:
        keys, rows = rows, []
        if keys:
            keys, is_cut = look.within_limits(keys)
            has_more = has_more or is_cut
            rows = look.read(keys)
    last = [rows[-1][names.index(name)] for name in order] if rows and has_more else None
    return Rows(rows, None if last is None else tuple(map(look.place_in_address, order, last)))


def all_rows(connection: Connection, relation: Relation, wanted: RowsWanted) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield all rows from where a page begins, whole, some at a time; raises UsageError for what makes no sense."""
    look = _Look(connection, relation, wanted)
    found = look.fitting(*look.column.values()).order_by(*look.ordered())
    if wanted.after is not None:
        found = found.where(look.is_after(wanted.after))
    with connection.execute(found.execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        yield from rows.partitions()


def count_of(connection: Connection, relation: Relation, wanted: RowsWanted, most: int = MAX_COUNTED_ROWS) -> int:
    """Return how many rows fit, at most one more than `most`."""
    some = _Look(connection, relation, wanted).fitting(literal(1).label("one")).limit(most + 1)
    return int(connection.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def values_of(connection: Connection, relation: Relation, wanted: RowsWanted, name: str) -> list[tuple[Any, int]]:
    """Return the most frequent values of a column among the rows that fit, and how many rows have each."""
    look = _Look(connection, relation, wanted)
    value = look.ordering(name)
    number = func.count().label("number")
    query = look.fitting(value, number).group_by(value).order_by(number.desc(), *look.by(name)).limit(MAX_VALUES)
    return [(row[0], row[1]) for row in connection.execute(query)]


class _Look:
    """The pieces of the queries for one look."""

    def __init__(self, connection: Connection, relation: Relation, wanted: RowsWanted) -> None:
        self.connection, self.relation, self.wanted = connection, relation, wanted
        self.is_postgresql = connection.dialect.name == "postgresql"
        self.table = table(relation.name, *(Column(name, kind) for name, kind in relation.columns.items()))
        self.column: Mapping[str, Any] = dict(self.table.c.items())
        if wanted.sort is not None:
            self.ordering(wanted.sort)
        first = () if wanted.sort is None else (wanted.sort,)
        self.order = (*first, *(name for name in relation.key if name != wanted.sort))

    def of(self, name: str) -> Any:
        if name not in self.relation.columns:
            raise UsageError(f"Столбца {name} здесь нет.")
        return self.column[name]

    def ordering(self, name: str) -> Any:
        """Return a column by which both databases order alike; raises UsageError for lists and documents."""
        column = self.of(name)
        if name not in self.relation.ordered:
            raise UsageError(f"{name}: по этому столбцу не сортируют и не считают.")
        return column

    def by(self, name: str) -> tuple[ColumnElement[Any], ...]:
        """Return what a column is ordered by: texts by bytes, as SQLite does it; nothing comes last."""
        falls = self.wanted.is_falling and name == self.wanted.sort
        compared = self._placed(name)
        return ((compared.desc() if falls else compared.asc()).nulls_last(),)

    def _compared(self, name: str) -> Any:
        return by_bytes(self.connection, self.column[name])

    def _placed(self, name: str) -> Any:
        """Return by what rows stand: the beginning of a long text, as an address that goes on behind a row has no more.

        A key is short, and an index has it whole.
        """
        column = self.column[name]
        if name in self.relation.key or not isinstance(column.type, Text):
            return self._compared(name)
        return by_bytes(self.connection, func.substr(column, 1, MAX_PLACED, type_=Text()))

    def place_in_address(self, name: str, value: Any) -> Any:
        """Return as much of a value as rows stand by."""
        return value[:MAX_PLACED] if isinstance(value, str) and name not in self.relation.key else value

    def ordered(self) -> list[ColumnElement[Any]]:
        return [one for name in self.order for one in self.by(name)]

    def shown(self) -> list[Any]:
        if self.wanted.is_whole:
            return list(self.column.values())
        return [
            func.substr(column, 1, MAX_SHOWN).label(name) if isinstance(column.type, Text) else column
            for name, column in self.column.items()
        ]

    def fitting(self, *columns: Any) -> Select[Any]:
        return select(*columns).select_from(self.table).where(*map(self._condition, self.wanted.conditions))

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        column, test = self.of(condition.column), condition.test
        if test not in TESTS:
            raise UsageError(f"Сравнения {test} здесь нет: есть {', '.join(TESTS)}.")
        if test in WITHOUT_VALUE:
            is_empty = or_(column.is_(None), column == "") if isinstance(column.type, Text) else column.is_(None)
            return is_empty if test == "empty" else ~is_empty
        if test in {"contains", "starts"}:
            if not isinstance(column.type, Text):
                raise UsageError(
                    f"{condition.column}: в этом столбце не текст; есть «равно», «не меньше», «не больше»."
                )
            place = func.strpos if self.is_postgresql else func.instr
            found = place(column, as_value(self.relation, condition.column, condition.value))
            return found == 1 if test == "starts" else found > 0
        value = literal(as_value(self.relation, condition.column, condition.value), column.type)
        compared = self._compared(condition.column)
        match test:
            case "is":
                return bool_of(column == value)
            case "not":
                return or_(column != value, column.is_(None))
            case "from":
                return bool_of(compared >= value)
        return bool_of(compared <= value)

    def is_after(self, values: tuple[Any, ...]) -> ColumnElement[bool]:
        """Return the condition for rows behind one, by what it has in the columns of the order."""
        if len(values) != len(self.order):
            raise UsageError("after: это продолжение другого списка; начните сначала.")
        behind: ColumnElement[bool] = false()
        for name, value in reversed(list(zip(self.order, values, strict=True))):
            column = self.column[name]
            if value is None:
                behind = and_(column.is_(None), behind)
                continue
            compared, reached = self._placed(name), literal(as_value(self.relation, name, value), column.type)
            falls = self.wanted.is_falling and name == self.wanted.sort
            is_behind = compared < reached if falls else compared > reached
            behind = or_(is_behind, column.is_(None), and_(compared == reached, behind))
        return behind

    def within_limits(self, rows: list[Key]) -> tuple[list[Key], bool]:
        """Return as many of the rows, by their order, as an answer may hold, and whether these are not all."""
        keys = self._keys(rows)
        if not self.wanted.is_whole:
            return keys, False
        columns = [self.column[name] for name in self.relation.key]
        lengths = select(*columns, func.coalesce(func.length(self.column[LONG]), 0)).where(tuple_(*columns).in_(keys))
        size = {tuple(row[:-1]): row[-1] for row in self.connection.execute(lengths)}
        total = 0
        for number, key in enumerate(keys):
            total += size.get(key, 0)
            if total > MAX_ANSWER and number:
                return keys[:number], True
        return keys, False

    def read(self, keys: Sequence[Key]) -> list[tuple[Any, ...]]:
        """Return the rows of keys, in their order."""
        columns = [self.column[name] for name in self.relation.key]
        found = select(*self.shown()).select_from(self.table).where(tuple_(*columns).in_(keys))
        places = [list(self.relation.columns).index(name) for name in self.relation.key]
        rows = {tuple(row[place] for place in places): tuple(row) for row in self.connection.execute(found)}
        return [rows[key] for key in keys if key in rows]

    def _keys(self, rows: list[Key]) -> list[Key]:
        places = [self.order.index(name) for name in self.relation.key]
        return [tuple(row[place] for place in places) for row in rows]


def bool_of(condition: Any) -> ColumnElement[bool]:
    """Return a comparison as what it is to a type checker."""
    found: ColumnElement[bool] = condition
    return found


def as_value(relation: Relation, name: str, written: Any) -> Any:
    """Return a value of a column as its address has it; raises UsageError for what is none."""
    python = python_type_of(relation.columns[name])
    if python is not str and python not in COMPARED:
        raise UsageError(f"{name}: этот столбец не сравнивают; есть «пусто» и «не пусто».")
    text = str(written)
    try:
        if python is str:
            return _storable(text)
        text = text.strip()
        if python is datetime:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        if python is date:
            return date.fromisoformat(text)
        if python is bool:
            return {"1": True, "0": False, "true": True, "false": False}[text.lower()]
        number = python(text)
    except (ValueError, KeyError, ArithmeticError) as error:
        wanted = {
            date: "день, как 2016-01-31",
            datetime: "время, как 2016-01-31 12:00",
            bool: "1 или 0",
            str: "текст без знаков, которых в базе нет",
        }
        raise UsageError(f"{name}: нужно {wanted.get(python, 'число')}.") from error
    if not -MAX_NUMBER <= number <= MAX_NUMBER:
        raise UsageError(f"{name}: нужно число не больше {MAX_NUMBER}.")
    return number


def _storable(text: str) -> str:
    """Return a text that both databases can hold; raises ValueError for others."""
    if "\0" in text:
        raise ValueError(text)
    text.encode()
    return text


def python_type_of(kind: TypeEngine[Any]) -> type:
    """Return as what Python has the values of a type."""
    try:
        return kind.python_type
    except NotImplementedError:  # so SQLAlchemy says of JSON, which is shown as text
        return str

"""An analyst's own question in SQL, answered with the types that the views' columns have."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, Date, Float, Text, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from armcrawl.errors import DatabaseAwayError, DatabaseError, UsageError
from armcrawl.store.base.columns import TextList, UtcDateTime
from armcrawl.store.base.database import reading
from armcrawl.store.queries.view_rows import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine
    from sqlalchemy.types import TypeEngine

    from armcrawl.analysis.forms import Columns, Rows

# The type of a column whose values are of these; of any others it is text.
OF_VALUES: dict[frozenset[type], TypeEngine[Any]] = {
    frozenset({bool}): Boolean(),
    frozenset({int}): BigInteger(),
    frozenset({float}): Float(),
    frozenset({int, float}): Float(),
    frozenset({date}): Date(),
    frozenset({datetime}): UtcDateTime(),
    frozenset({list}): TextList(),
}
MAX_WHOLE = (1 << 63) - 1


def answer_of(engine: Engine, statement: str, parameters: Mapping[str, Any]) -> tuple[Columns, Iterator[Rows]]:
    """Return the columns of an answer and its rows; raises UsageError or DatabaseError for what has none."""
    try:
        with reading(engine) as connection:
            names, rows = _asked(connection, statement, parameters)
    except DatabaseAwayError:
        raise
    except (DatabaseError, DBAPIError, UnicodeEncodeError, OverflowError) as error:
        said = " ".join(str(error.orig if isinstance(error, DBAPIError) else error.__cause__ or error).split())
        raise DatabaseError(f"The database has no answer to this statement: {said}") from error
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    typed = [_typed(name, found) for name, found in zip(names, values, strict=True)]
    columns = {name: kind for name, (kind, _) in zip(names, typed, strict=True)}
    pieces = [list(zip(*(found for _, found in typed), strict=True))]
    return columns, iter(pieces if rows else [])


def _asked(
    connection: Connection, statement: str, parameters: Mapping[str, Any]
) -> tuple[list[str], Sequence[Sequence[Any]]]:
    try:
        clause = text(statement).bindparams(**parameters)
    except ArgumentError as error:
        raise UsageError(f"The statement does not have all of these parameters: {', '.join(parameters)}.") from error
    if missing := [name for name in clause.compile().params if name not in parameters]:
        raise UsageError(f"The statement has parameters that are not given: {', '.join(missing)}.")
    # By a cursor of the server, which takes one SELECT: of several statements, the first could end the transaction that
    # only reads, and the next one write.
    found = connection.execution_options(stream_results=True).execute(clause)
    if not found.returns_rows:
        raise UsageError("The statement asks for nothing: write one that begins with SELECT or WITH.")
    names = list(found.keys())
    if twice := [name for name, number in Counter(names).items() if number > 1]:
        raise UsageError(f"Two columns are called {twice[0]}: name one otherwise, with AS.")
    return names, found.all()


def _typed(name: str, values: Sequence[Any]) -> tuple[TypeEngine[Any], Sequence[Any]]:
    """Return the type of a column, and its values in it: that of a view's column of this name, if they fit."""
    if name in TYPES:
        read = READ[type(TYPES[name])]
        try:
            return TYPES[name], [None if value is None else read(value) for value in values]
        except (TypeError, ValueError, ArithmeticError):
            pass  # it is called so, and is something else
    plain = [_whole(value) if isinstance(value, Decimal) else value for value in values]
    kind = OF_VALUES.get(frozenset(type(value) for value in plain if value is not None), Text())
    read = READ[type(kind)]
    return kind, [None if value is None else read(value) for value in plain]


def _whole(value: Decimal) -> float:
    """Return a number of PostgreSQL's as SQLite has it: sums of whole numbers are whole, as far as 64 bits go."""
    is_whole = value.as_tuple().exponent == 0 and abs(value) <= MAX_WHOLE
    return int(value) if is_whole else float(value)


def _number(value: Any) -> int:
    if isinstance(value, str) or int(value) != value:
        raise ValueError(value)
    return int(value)


def _truth(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(value)
    return bool(value)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise TypeError(value)
    return value if isinstance(value, date) else date.fromisoformat(value)


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _texts(value: Any) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else json.loads(value))]


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else str(value)


READ: dict[type, Callable[[Any], Any]] = {
    BigInteger: _number,
    Float: float,
    Boolean: _truth,
    Date: _day,
    UtcDateTime: _moment,
    TextList: _texts,
    Text: _text,
}

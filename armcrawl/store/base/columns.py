"""The columns of tables: their types, equal on both databases, and short ways to write them, each with its comment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    Kind = TypeEngine[Any] | type[TypeEngine[Any]]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in Python and UTC in the database: SQLite would drop an offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What Python sees."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: a moment in the database needs its offset")
        moment = value if value.tzinfo is UTC else value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment aware, in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TextList(TypeDecorator[list[str]]):
    """A list of texts, which SQLite has as JSON; a list in Python."""

    impl = JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    @property
    def python_type(self) -> type[list[str]]:
        """What Python sees."""
        return list


BigInt = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows by itself in INTEGER only
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Tokens = Text().with_variant(TSVECTOR(), "postgresql")


def row_id() -> Column[int]:
    """Return the column for a row's own number."""
    return primary("id", BigInt, "Internal number, differs between databases")


def primary(name: str, kind: Kind, comment: str, **options: Any) -> Column[Any]:
    """Return a column of the primary key."""
    return Column(name, kind, primary_key=True, comment=comment, **options)


def required(name: str, kind: Kind, comment: str, **options: Any) -> Column[Any]:
    """Return a column that has a value in every row."""
    return Column(name, kind, nullable=False, comment=comment, **options)


def optional(name: str, kind: Kind, comment: str, **options: Any) -> Column[Any]:
    """Return a column that may be NULL."""
    return Column(name, kind, comment=comment, **options)


def one_of(name: str, words: Iterable[str], comment: str, **options: Any) -> Column[str]:
    """Return a column of text that takes one of some words only, and NULL where the options say `nullable`."""
    told = ", ".join(f"'{word}'" for word in words)
    options = {"nullable": False} | options
    return Column(name, Text, CheckConstraint(f"{name} IN ({told})", name=name), comment=comment, **options)


def reference(name: str, target: str, comment: str, *, end: str = "CASCADE", **options: Any) -> Column[int]:
    """Return a column for the id of a row of another table; its own row goes with that one, or as `end` says."""
    return Column(name, BigInt, ForeignKey(f"{target}.id", ondelete=end), comment=comment, **options)

"""`/press/NAME`: the rows of a view or a table, narrowed, sorted, a page at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from starlette.routing import Route

from armcrawl.analysis.cells import MAX_ROWS
from armcrawl.analysis.export_formats import writer_for
from armcrawl.analysis.meanings import described_tables, described_views
from armcrawl.analysis.serving.answers import FORMATS, TABLES, as_file, check_fits_excel, in_cells
from armcrawl.analysis.serving.downloads import Sink, send_file
from armcrawl.analysis.serving.rendering import asked, page
from armcrawl.errors import UsageError
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.queries.table_rows import (
    MAX_COUNTED_ROWS,
    TESTS,
    WITHOUT_VALUE,
    Condition,
    Relation,
    Rows,
    RowsWanted,
    all_rows,
    count_of,
    relations,
    rows_of_relation,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from starlette.datastructures import QueryParams
    from starlette.requests import Request
    from starlette.responses import Response

ROWS_A_PAGE, ROWS_A_FILE, MAX_SIZE = 50, 100, 1_000
# Conditions, and letters of what one compares with.
MAX_CONDITIONS, MAX_VALUE = 20, 1_000
# Parameters of an address that name no column.
OURS = frozenset({"column", "test", "value", "sort", "falling", "after", "size", "count"})


@dataclass(frozen=True, slots=True)
class Look:
    """A look into a relation as its address has it; `counted` is the column whose values are counted."""

    relation: Relation
    wanted: RowsWanted
    counted: str | None

    def path(self, form: str = "", **changes: Any) -> str:
        """Return the address of the same rows in another order, of the next ones, or in another format."""
        wanted = replace(self.wanted, **({"after": None} | changes))
        given: list[tuple[str, str]] = []
        for one in wanted.conditions:
            given += [("column", one.column), ("test", one.test), ("value", one.value)]
        given += [("sort", wanted.sort or ""), ("falling", "1" if wanted.is_falling else "")]
        given += [("count", self.counted or ""), ("after", _said(wanted.after))]
        said = urlencode([(name, value) for name, value in given if value or name == "value"], errors="replace")
        return f"/press/{self.relation.name}{form}" + (f"?{said}" if said else "")

    def with_value(self, value: Any) -> str:
        """Return the address of the rows that have one of the values that are counted."""
        return self.path(conditions=(*self.wanted.conditions, _is(self.counted or "", value)))

    def without(self, condition: Condition) -> str:
        """Return the address without a condition."""
        return self.path(conditions=tuple(one for one in self.wanted.conditions if one != condition))

    def sorted_by(self, column: str) -> str:
        """Return the address of the rows by a column; of one by which they rise, falling."""
        return self.path(sort=column, is_falling=self.wanted.sort == column and not self.wanted.is_falling)

    def row_path(self, row: tuple[Any, ...]) -> str:
        """Return the address of a row alone."""
        values = dict(zip(self.relation.columns, row, strict=True))
        conditions = tuple(_is(name, values[name]) for name in self.relation.key)
        return self.path(conditions=conditions, sort=None, is_falling=False)


def _is(column: str, value: Any) -> Condition:
    """Return the condition for the rows with a value, whole: of a moment a page shows no more than its second."""
    return Condition(column, "empty") if value is None else Condition(column, "is", str(value))


def _said(after: tuple[Any, ...] | None) -> str:
    return "" if after is None else json.dumps(after, ensure_ascii=False, default=str)


async def rows(request: Request) -> Response:
    """Show rows."""
    name, _, form = request.url.path.rpartition("/")[2].partition(".")
    relation = relations()[name]
    look = read_look(relation, request.query_params, is_file=bool(form))
    if form in TABLES and not request.query_params.get("size"):
        return await send_file(request, name, form, lambda engine: _written(engine, look, form))
    found, number, values = await asked(request, looked, look)
    following = look.path(f".{form}" if form else "", after=found.after) if found.after else None
    if form:
        file = await asked(request, lambda _: as_file(form, name, [*relation.columns], found.rows, next=following))
        if following:
            # A table of CSV has no place to say that it goes on: https://www.rfc-editor.org/rfc/rfc8288
            file.headers["link"] = f'<{following}>; rel="next"'
        return file
    described = next(one for one in (*described_views(), *described_tables()) if one.name == name)
    return page(
        request,
        "table.html",
        {
            "described": described,
            "look": look,
            "rows": found.rows,
            "following": following,
            "number": number,
            "max_counted": MAX_COUNTED_ROWS,
            "rows_a_file": ROWS_A_FILE,
            "values": values,
            "tests": TESTS,
        },
    )


def _written(engine: Engine, look: Look, form: str) -> Iterator[bytes]:
    """Yield all rows as a file, from where the look begins; they are of one moment."""
    sink = Sink()
    columns = look.relation.columns
    with reading_one_moment(engine) as connection:
        if form == "excel":
            check_fits_excel(count_of(connection, look.relation, look.wanted, MAX_ROWS))
        pieces = all_rows(connection, look.relation, look.wanted)
        writer = writer_for(TABLES[form], cast("IO[bytes]", sink), {look.relation.name: columns})
        for rows in pieces:
            writer.write([in_cells(columns, row) for row in rows])
            yield sink.take()
        writer.close()
        yield sink.take()


def looked(engine: Engine, look: Look) -> tuple[Rows, int | None, list[tuple[Any, int]]]:
    """Return rows, how many there are in all (None for files), and the values that are counted."""
    with reading_one_moment(engine) as connection:
        found = rows_of_relation(connection, look.relation, look.wanted)
        if look.wanted.is_whole:
            return found, None, []
        number = count_of(connection, look.relation, look.wanted)
        if number == 1:
            found = rows_of_relation(connection, look.relation, replace(look.wanted, is_whole=True))
        values = values_of(connection, look.relation, look.wanted, look.counted) if look.counted else []
        return found, number, values


def read_look(relation: Relation, given: QueryParams, *, is_file: bool) -> Look:
    """Read an address; raises UsageError for what makes no sense."""
    triples = zip(given.getlist("column"), given.getlist("test"), given.getlist("value"), strict=False)
    conditions = [Condition(column, test, value.strip()) for column, test, value in triples if column]
    conditions += [Condition(name, "is", value) for name, value in given.multi_items() if name not in OURS]
    conditions = [replace(one, value="") if one.test in WITHOUT_VALUE else one for one in conditions]
    if len(conditions) > MAX_CONDITIONS or any(len(one.value) > MAX_VALUE for one in conditions):
        raise UsageError(f"Не больше {MAX_CONDITIONS} условий, каждое не длиннее {MAX_VALUE} знаков.")
    wanted = RowsWanted(
        conditions=tuple(dict.fromkeys(conditions)),
        sort=given.get("sort") or None,
        is_falling=given.get("falling", "") == "1",
        after=_read_after(given.get("after", "")),
        size=_read_size(given.get("size", ""), ROWS_A_FILE if is_file else ROWS_A_PAGE),
        is_whole=is_file,
    )
    return Look(relation, wanted, given.get("count") or None)


def _read_after(written: str) -> tuple[Any, ...] | None:
    if not written:
        return None
    try:
        values = json.loads(written)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, list) or not all(one is None or isinstance(one, str | int | float) for one in values):
        raise UsageError("after: это не начало страницы; начните сначала.")
    return tuple(values)


def _read_size(written: str, usual: int) -> int:
    if not written:
        return usual
    if not (written.isascii() and written.isdecimal() and len(written) < 9 and 1 <= int(written) <= MAX_SIZE):
        raise UsageError(f"size: нужно число от 1 до {MAX_SIZE}.")
    return int(written)


ROUTES = [Route(f"/press/{name}{form}", rows) for name in relations() for form in ("", *(f".{one}" for one in FORMATS))]

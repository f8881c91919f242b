"""What a question to the database answers, as Python, Arrow and pandas have it; it is asked when somebody looks."""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text

from armcrawl.analysis.arrow import batch_of, schema_of
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    import pyarrow as pa

    from armcrawl.analysis.forms import Columns, Rows

    Answer = tuple[Columns, Iterator[Rows]]

# Columns with few different texts, which a reader counts by.
CATEGORIES = frozenset(
    (
        *("site", "section", "kind", "source_kind", "other_kind", "outcome", "date_precision", "used_as", "cause"),
        *("grade", "reason", "first_site", "first_section"),
    )
)


class Result:
    """Rows of named columns. Each look asks the database anew; rows that are iterated over are not kept.

    A row is a named tuple: `row.title`, `row.published_on`. A day is a `date`, a moment a `datetime` in UTC, a list a
    `list[str]`; what is not known is None.
    """

    def __init__(self, ask: Callable[[], Answer], count: Callable[[], int] | None = None) -> None:
        self._ask, self._count = ask, count

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self._ask()[0])

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows, some hundred of which are in memory at once."""
        columns, pieces = self._ask()
        # A name of SQL that Python cannot say, such as count(*), becomes the place of its column: _1.
        row_of = namedtuple("Row", list(columns), rename=True)  # type: ignore[misc]  # noqa: PYI024 - known when it runs
        for rows in pieces:
            yield from map(row_of._make, rows)

    def __len__(self) -> int:
        """Return how many rows there are, without reading them; raises TypeError where only reading tells."""
        if self._count is None:
            raise TypeError("only reading tells how many rows this has: count list(result)")
        return self._count()

    def __bool__(self) -> bool:
        """Tell whether there is a row."""
        return next(iter(self), None) is not None

    def __repr__(self) -> str:
        return f"<Result: {', '.join(self.columns)}>"

    def to_arrow(self) -> pa.Table:
        """Return all rows as a `pyarrow.Table`.

        Days are date32, moments timestamp[us, UTC], numbers int64 or double, truth bool, lists list<string>, columns
        with few different texts dictionary<int32, string> (its values in their order), all others string. Raises
        UsageError where pyarrow is not installed.
        """
        try:
            import pyarrow as pa
            from pyarrow import compute
        except ImportError as error:
            raise _missing("pyarrow", "analysis") from error
        columns, pieces = self._ask()
        schema = schema_of(columns)
        table = pa.Table.from_batches([batch_of(rows, schema) for rows in pieces], schema)
        for place, (name, kind) in enumerate(columns.items()):
            if name in CATEGORIES and isinstance(kind, Text):
                texts = table.column(place)
                values = compute.unique(texts.drop_null()).sort()
                numbers = compute.index_in(texts, value_set=values).combine_chunks()
                table = table.set_column(place, name, pa.DictionaryArray.from_arrays(numbers, values))
        return table

    def to_pandas(self) -> pd.DataFrame:
        """Return all rows as a `pandas.DataFrame` with a plain index.

        Days are datetime64[us], moments datetime64[us, UTC], whole numbers Int64, truth boolean, other numbers
        float64, columns with few different texts categories, lists lists, all others str; these are the same for
        whatever rows there are, and on both databases. Raises UsageError where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise _missing("pandas", "notebook") from error
        table = self.to_arrow()
        import pyarrow as pa

        for place, field in enumerate(table.schema):
            if field.type == pa.date32():
                table = table.set_column(place, field.name, table.column(place).cast(pa.timestamp("us")))
        nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        frame = table.to_pandas(types_mapper=nullable.get)
        for place, field in enumerate(table.schema):
            if pa.types.is_list(field.type):
                # Arrow would make arrays of NumPy.
                frame.isetitem(place, pd.Series(table.column(place).to_pylist(), dtype=object))
        return frame


def _missing(package: str, extra: str) -> UsageError:
    return UsageError(f"This needs {package}: install armcrawl[{extra}] (in a checkout: `make extras`).")

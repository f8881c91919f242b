"""Rows as Arrow has them: each column with its own type, whichever database they come from."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from armcrawl.analysis.forms import Columns, Form, Rows

# A row group that readers can skip, of some MB; one of very long texts is written sooner, so that memory stays flat.
ROWS_OF_GROUP, BYTES_OF_GROUP = 5_000, 64 << 20


def schema_of(columns: Columns) -> pa.Schema:
    """Return Arrow's schema of some columns."""
    import pyarrow as pa

    of_python: dict[type, pa.DataType] = {
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        list: pa.list_(pa.string()),
        date: pa.date32(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(name, of_python.get(kind.python_type, pa.string())) for name, kind in columns.items()])


def batch_of(rows: Rows, schema: pa.Schema) -> pa.RecordBatch:
    """Return rows as a batch of columns."""
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


class Parquet:
    """Columns with their own types, compressed with zstd."""

    def __init__(self, file: IO[bytes], columns: Columns, form: Form | None = None) -> None:
        from pyarrow import parquet

        del form
        self.schema = schema_of(columns)
        self.writer = parquet.ParquetWriter(file, self.schema, compression="zstd")
        self.waiting: list[Any] = []

    def write(self, rows: Rows) -> None:
        """Write some rows, as soon as they make a group."""
        self.waiting.append(batch_of(rows, self.schema))
        are_many = sum(batch.num_rows for batch in self.waiting) >= ROWS_OF_GROUP
        if are_many or sum(batch.nbytes for batch in self.waiting) >= BYTES_OF_GROUP:
            self._write_group()

    def close(self) -> None:
        """Write the last group and the index of all."""
        if self.waiting:
            self._write_group()
        self.writer.close()

    def abandon(self) -> None:
        """Let go of a file that cannot be written."""
        with suppress(OSError, ValueError):
            self.writer.close()

    def _write_group(self) -> None:
        import pyarrow as pa

        self.writer.write_table(pa.Table.from_batches(self.waiting))
        self.waiting = []

"""Whether anything in a database has changed, told without reading a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.store.base.database import reading
from armcrawl.store.base.replaced_file import file_at

if TYPE_CHECKING:
    from sqlalchemy import Engine, PoolProxiedConnection


class DataVersion:
    """Tells of changes by marks: between two that are equal, nobody has committed anything.

    That of SQLite counts what others commit to a file; PostgreSQL's is which transactions can be seen.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: PoolProxiedConnection | None = None
        self.path, self.file = Path(), file_at(Path())

    def now(self) -> str:
        """Return the mark of this moment; one thread at a time may ask."""
        if self.engine.dialect.name == "postgresql":
            with reading(self.engine) as connection:
                return str(connection.exec_driver_sql("SELECT pg_current_snapshot()::text").scalar_one())
        if self.file != file_at(self.path):
            self.close()
        if self.connection is None:
            with reading(self.engine) as connection:
                _, _, file = connection.exec_driver_sql("PRAGMA database_list").all()[0]
                self.path = Path(file)
            # SQLite counts for each connection; one in a transaction would see no change.
            self.connection = self.engine.raw_connection()
            self.file = file_at(self.path)
        cursor = self.connection.cursor()
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchall()[0]
        return f"{self.file} {version}"

    def close(self) -> None:
        """Give the connection back."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

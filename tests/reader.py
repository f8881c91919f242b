"""Somebody who queries the database all the time while others write it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Self

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

if TYPE_CHECKING:
    from types import TracebackType

# Each must be empty at any moment: an article is there with its text, its tags, its place in the index, or not at all.
HALF_WRITTEN = (
    "SELECT key FROM v_articles WHERE title IS NULL OR body IS NULL OR address IS NULL",
    "SELECT key FROM articles WHERE published_version IS NOT NULL AND key NOT IN (SELECT key FROM v_articles)",
    """SELECT key FROM articles
       WHERE published_version IS NOT NULL AND id NOT IN (SELECT article_id FROM search_documents)""",
    """SELECT key FROM articles
       WHERE published_version IS NULL
         AND id NOT IN (SELECT article_id FROM article_versions WHERE state = 'withheld')""",
    "SELECT address FROM pages WHERE outcome = 'stored' AND id NOT IN (SELECT page_id FROM articles)",
    """SELECT article_id FROM article_tags WHERE position > 0
       AND article_id NOT IN (SELECT article_id FROM article_tags WHERE position = 0)""",
)
SECONDS_BETWEEN = 0.02
NO_TABLES_YET = ("no such table", "unable to open", "does not exist")


class SecondReader:
    """Asks from a thread of its own, and remembers what it should not have seen."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            self.engine = create_engine(f"sqlite:///file:{parsed.database}?mode=ro&uri=true")
        else:
            self.engine = create_engine(parsed.set(drivername="postgresql+psycopg"))
        self.looks = 0
        self.seen: list[str] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look."""
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; raises AssertionError if anything was seen that should not be."""
        self.ended.set()
        self.thread.join()
        self.engine.dispose()
        assert self.seen == []

    def _watch(self) -> None:
        while not self.ended.wait(SECONDS_BETWEEN) and not self.seen:
            for sql in HALF_WRITTEN:
                try:
                    with self.engine.connect() as connection:
                        self.seen += [f"{sql}: {row[0]}" for row in connection.execute(text(sql))]
                except OperationalError as error:
                    if not any(words in str(error) for words in NO_TABLES_YET):
                        self.seen.append(str(error))
            self.looks += 1

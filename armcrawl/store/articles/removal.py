"""Taking a page down for good, by a person's decision: what was read on it goes, a tombstone with the reason stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store.articles.links import unlink
from armcrawl.store.articles.versions import index_waiting
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import articles, captures, pages, quarantine, search_documents
from armcrawl.store.base.sql import is_one_of
from armcrawl.store.clusters.clustering import remove_articles
from armcrawl.store.entities.deciding import forget_decisions
from armcrawl.store.entities.linking import forget
from armcrawl.store.ledger.quarantining import hand_over_bodies

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from armcrawl.sites import PageKey


def archived(engine: Engine, key: PageKey) -> list[tuple[str, int]]:
    """Return where the archive holds a page: file and offset of each capture."""
    query = (
        select(captures.c.archive_file, captures.c.archive_offset)
        .join(pages, pages.c.id == captures.c.page_id)
        .where(is_one_of([key]), captures.c.archive_file.is_not(None))
        .order_by(captures.c.fetched_at)
    )
    with reading(engine) as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def remove(engine: Engine, key: PageKey, reason: str) -> None:
    """Take a page down: all that was read on it goes, a tombstone with the reason stays.

    Raises UsageError for a page that the ledger does not know.
    """
    with writing(engine) as connection:
        page_id = _known(connection, key)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # the file must not keep the text either
        article_id = connection.execute(select(articles.c.id).where(articles.c.page_id == page_id)).scalar()
        if article_id is not None:
            _delete_article(connection, article_id)
        # Other pages may have the same bytes, of which one of them keeps a copy.
        hand_over_bodies(connection, [page_id])
        for table in (quarantine, captures):
            connection.execute(delete(table).where(table.c.page_id == page_id))
        cleared = dict.fromkeys(("etag", "last_modified", "digest", "next_check_at", "last_error", "http_status"))
        connection.execute(
            update(pages)
            .where(pages.c.id == page_id)
            .values(outcome=Outcome.REMOVED.value, reason=reason, attempts=0, **cleared)
        )


def _delete_article(connection: Connection, article_id: int) -> None:
    before = unlink(connection, [article_id])
    remove_articles(connection, [article_id])
    key = connection.execute(select(articles.c.key).where(articles.c.id == article_id)).scalar_one()
    connection.execute(delete(search_documents).where(search_documents.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))
    # A name that only this article told goes with it, and what was decided of that.
    forget_decisions(connection, key, before.form_ids)
    forget(connection, before)
    while index_waiting(connection):  # what only this article told of names is in no index either
        pass


def _known(connection: Connection, key: PageKey) -> int:
    """Return the row's id of a page; raises UsageError for one that the ledger does not know."""
    page_id = connection.execute(select(pages.c.id).where(is_one_of([key]))).scalar()
    if page_id is None:
        raise UsageError(f"The database does not know {key}.")
    return int(page_id)

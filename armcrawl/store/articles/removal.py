"""Taking a page down for good, by a person's decision: what was read on it goes, a tombstone with the reason stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import (
    article_sources,
    article_tags,
    articles,
    captures,
    pages,
    quarantine,
    search_documents,
    sources,
    tag_addresses,
    tag_decisions,
    tag_forms,
)
from armcrawl.store.base.sql import is_one_of
from armcrawl.store.clusters.clustering import remove_articles
from armcrawl.store.entities.regrouping import forget_unused, regroup, related
from armcrawl.store.entities.tag_addresses import reread_addresses
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
    columns = (article_tags.c.form, article_tags.c.address, article_tags.c.tag_id, tag_forms.c.tag_id)
    query = select(*columns).join(tag_forms, tag_forms.c.form == article_tags.c.form)
    printed = connection.execute(query.where(article_tags.c.article_id == article_id)).all()
    forms = [row.form for row in printed]
    around = related(connection, forms)
    of_article = article_sources.c.article_id == article_id
    source_ids = connection.execute(select(article_sources.c.source_id).where(of_article)).scalars().all()
    remove_articles(connection, [article_id])
    key = connection.execute(select(articles.c.key).where(articles.c.id == article_id)).scalar_one()
    connection.execute(delete(search_documents).where(search_documents.c.article_id == article_id))
    connection.execute(delete(articles).where(articles.c.id == article_id))
    # A name that only this article told goes with it.
    for table in (tag_forms, tag_addresses, tag_decisions):
        unused = table.c.form.in_(forms) & ~exists().where(article_tags.c.form == table.c.form)
        connection.execute(delete(table).where(unused))
    connection.execute(delete(tag_decisions).where(tag_decisions.c.article == key))
    if forms:
        reread_addresses(connection, {row.address for row in printed if row.address})
        regroup(connection, around)
        forget_unused(connection, {tag_id for row in printed for tag_id in row[2:]})
    unused = sources.c.id.in_(source_ids) & ~exists().where(article_sources.c.source_id == sources.c.id)
    connection.execute(delete(sources).where(unused))


def _known(connection: Connection, key: PageKey) -> int:
    """Return the row's id of a page; raises UsageError for one that the ledger does not know."""
    page_id = connection.execute(select(pages.c.id).where(is_one_of([key]))).scalar()
    if page_id is None:
        raise UsageError(f"The database does not know {key}.")
    return int(page_id)

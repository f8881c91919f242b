"""What a person decides of a page: to ask for it again, to take it down for ever, or that a section ends with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, case, cast, delete, exists, select, update

from armcrawl import clock
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.heads import head_among
from armcrawl.store.base.sql import ROWS_AT_ONCE
from armcrawl.store.clusters.clustering import remove_article
from armcrawl.store.entities.tagging import forget_unused, regroup, related, reread_addresses
from armcrawl.store.ledger.ledger import SEEN, head_of, seen_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

    from armcrawl.sites import PageKey

pages = schema.pages


def forget(engine: Engine, keys: Sequence[PageKey]) -> None:
    """Have pages asked for again by the next run, and in full.

    What we hold of them stays until the response is here. Raises UsageError, and forgets nothing, for a
    page that the ledger does not know or that was taken down.
    """
    with writing(engine) as connection:
        for key in keys:
            outcome = _outcome(connection, key)
            if outcome == Outcome.REMOVED:
                raise UsageError(f"{key} was removed: it is never asked for again.")
            connection.execute(
                update(pages).where(_is(key)).values(next_check_at=clock.now(), checks=0, etag=None, last_modified=None)
            )


def archived(engine: Engine, key: PageKey) -> list[tuple[str, int]]:
    """Return where the archive holds a page: file and offset of each capture."""
    captures = schema.captures
    query = (
        select(captures.c.archive_file, captures.c.archive_offset)
        .join(pages, pages.c.id == captures.c.page_id)
        .where(_is(key), captures.c.archive_file.is_not(None))
        .order_by(captures.c.fetched_at)
    )
    with reading(engine) as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def remove(engine: Engine, key: PageKey, reason: str) -> None:
    """Take a page down: all that was read on it goes, a tombstone with the reason stays.

    Raises UsageError for a page that the ledger does not know.
    """
    with writing(engine) as connection:
        _outcome(connection, key)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA secure_delete = ON")  # the file must not keep the text either
        page_id = connection.execute(select(pages.c.id).where(_is(key))).scalar_one()
        articles = schema.articles
        article_id = connection.execute(select(articles.c.id).where(articles.c.page_id == page_id)).scalar()
        if article_id is not None:
            _delete_article(connection, article_id)
        for table in (schema.quarantine, schema.captures):
            connection.execute(delete(table).where(table.c.page_id == page_id))
        cleared = dict.fromkeys(("etag", "last_modified", "digest", "next_check_at", "last_error", "http_status"))
        connection.execute(
            update(pages)
            .where(pages.c.id == page_id)
            .values(outcome=Outcome.REMOVED.value, reason=reason, attempts=0, **cleared)
        )


@dataclass(frozen=True, slots=True)
class NewHead:
    """A section's head before, and the ids of articles above the new one, which do not count any more."""

    before: int
    out: list[int]


def set_head(engine: Engine, key: PageKey, *, is_applied: bool) -> NewHead:
    """Let a section end with a page: what is above it has no number any more, what is not counts again.

    An article without a number stays an article; a page without one is as if nobody had asked for it. Raises
    UsageError for what cannot be a head, and changes nothing unless applied.
    """
    with (writing if is_applied else reading)(engine) as connection:
        is_section = (pages.c.site == key.site) & (pages.c.section == key.section)
        uncounted = select(pages.c.id, pages.c.external_id, pages.c.outcome).where(is_section, pages.c.number.is_(None))
        back = [
            row
            for row in connection.execute(uncounted)
            if row.external_id.isdecimal() and int(row.external_id) <= (key.number or 0)
        ]
        seen = seen_by(connection, key.site, key.section, key.number)
        seen |= {int(row.external_id): None for row in back if row.outcome in SEEN}
        if key.number not in seen:
            below = f": the newest below it is {max(seen)}" if seen else ""
            raise UsageError(f"The ledger knows no article {key}{below}.")
        if (found := head_among(seen)) != key.number:
            raise UsageError(f"{key} stands alone, so the head would be {found}: three articles near it make it one.")
        before = head_of(connection, key.site, key.section)
        above = is_section & (pages.c.number > key.number)
        query = select(pages.c.number).where(above, pages.c.outcome.in_(SEEN)).order_by(pages.c.number)
        out = list(connection.execute(query).scalars())
        if is_applied:
            due = case((pages.c.outcome.in_(SEEN), pages.c.next_check_at))
            connection.execute(update(pages).where(above).values(number=None, next_check_at=due))
            numbered = update(pages).values(number=cast(pages.c.external_id, BigInteger))
            for start in range(0, len(back), ROWS_AT_ONCE):
                ids = [row.id for row in back[start : start + ROWS_AT_ONCE]]
                connection.execute(numbered.where(pages.c.id.in_(ids)))
    return NewHead(before, out)


def _delete_article(connection: Connection, article_id: int) -> None:
    tags, sources = schema.article_tags, schema.article_sources
    columns = (tags.c.form, tags.c.address, tags.c.tag_id, schema.tag_forms.c.tag_id)
    query = select(*columns).join(schema.tag_forms, schema.tag_forms.c.form == tags.c.form)
    printed = connection.execute(query.where(tags.c.article_id == article_id)).all()
    forms = [row.form for row in printed]
    around = related(connection, forms)
    source_ids = list(
        connection.execute(select(sources.c.source_id).where(sources.c.article_id == article_id)).scalars()
    )
    remove_article(connection, article_id)
    key = connection.execute(select(schema.articles.c.key).where(schema.articles.c.id == article_id)).scalar_one()
    documents = schema.search_documents
    connection.execute(delete(documents).where(documents.c.article_id == article_id))
    connection.execute(delete(schema.articles).where(schema.articles.c.id == article_id))
    # A name that only this article told goes with it.
    for table in (schema.tag_forms, schema.tag_addresses, schema.tag_decisions):
        unused = table.c.form.in_(forms) & ~exists().where(tags.c.form == table.c.form)
        connection.execute(delete(table).where(unused))
    decided = schema.tag_decisions
    connection.execute(delete(decided).where(decided.c.article == key))
    if forms:
        reread_addresses(connection, {row.address for row in printed if row.address})
        regroup(connection, around)
        forget_unused(connection, {tag_id for row in printed for tag_id in row[2:]})
    unused = schema.sources.c.id.in_(source_ids) & ~exists().where(sources.c.source_id == schema.sources.c.id)
    connection.execute(delete(schema.sources).where(unused))


def _outcome(connection: Connection, key: PageKey) -> str:
    outcome: str | None = connection.execute(select(pages.c.outcome).where(_is(key))).scalar()
    if outcome is None:
        raise UsageError(f"The database does not know {key}.")
    return outcome


def _is(key: PageKey) -> ColumnElement[bool]:
    return (pages.c.site == key.site) & (pages.c.section == key.section) & (pages.c.external_id == key.external_id)

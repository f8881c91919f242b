"""Taking a page down for good, by a person's decision: what was read on it goes, a tombstone with the reason stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, tuple_, update

from armcrawl import clock
from armcrawl.errors import UsageError
from armcrawl.items import Outcome
from armcrawl.sites import PageKey, known_sites
from armcrawl.store.articles.links import unlink
from armcrawl.store.articles.removal_evidence import Evidence, evidence_of
from armcrawl.store.articles.removals import REDIRECTS, Removal, note, removals_in
from armcrawl.store.articles.versions import index_waiting
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.schema import articles, captures, pages, quarantine, search_documents, sightings, unwiped
from armcrawl.store.base.sql import chunks, is_one_of, upsert
from armcrawl.store.clusters.clustering import remove_articles
from armcrawl.store.entities.deciding import forget_decisions
from armcrawl.store.entities.linking import forget
from armcrawl.store.ledger.quarantining import hand_over_bodies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

Place = tuple[str, int]
"""File and offset of a record in the archive."""


def leave_unwiped(connection: Connection, places: Iterable[Place]) -> None:
    """Have records of the archive wait for `wipe_returned`."""
    rows = [{"archive_file": file, "archive_offset": offset} for file, offset in sorted(set(places))]
    upsert(connection, unwiped, rows, ("archive_file", "archive_offset"))


def places_of(connection: Connection, keys: Iterable[PageKey]) -> dict[Place, PageKey]:
    """Return where the archive has pages, as the database knows it."""
    columns = (captures.c.archive_file, captures.c.archive_offset, pages.c.site, pages.c.section, pages.c.external_id)
    query = select(*columns).join(pages, pages.c.id == captures.c.page_id).where(captures.c.archive_file.is_not(None))
    return {
        (row[0], row[1]): PageKey(*row[2:])
        for some in chunks(sorted(set(keys)))
        for row in connection.execute(query.where(is_one_of(some)))
    }


def prepare(engine: Engine, key: PageKey, reason: str) -> tuple[Removal, Evidence]:
    """Return what a page would be taken down by, and which others show the same; one that was keeps its reason.

    Raises UsageError for a page that neither the ledger nor the list of removals knows.
    """
    with reading(engine) as connection:
        page_id = _page_id(connection, key)
        known = removals_in(connection, key)
        if page_id is None and not known:
            raise UsageError(f"The database does not know {key}.")
        removal = known[0] if known else Removal(key, reason, clock.now())
        evidence = evidence_of(connection, key, page_id, removal.digests)
    return replace(removal, digests=evidence.digests), evidence


def evidence(engine: Engine, removal: Removal) -> Evidence:
    """Return what tells a page that is listed, on this database as well, and which others of its site show the same."""
    with reading(engine) as connection:
        page_id = _page_id(connection, removal.key)
        # A copy is told by the page that it is one of.
        own = page_id if removal.copy_of is None else None
        return evidence_of(connection, removal.key, own, removal.digests)


def remove(engine: Engine, key: PageKey, reason: str) -> list[PageKey]:
    """Take a page down, with the pages of its site that show the same; returns these.

    Raises UsageError for a page that the ledger does not know.
    """
    removal, _ = prepare(engine, key, reason)
    return take_down(engine, removal)


def take_down(engine: Engine, removal: Removal, copies: Iterable[PageKey] | None = None) -> list[PageKey]:
    """Take down a page, known or not, and those copies of it, else the pages of its site that show the same.

    Returns these.
    """
    with writing(engine) as connection:
        if copies is None:
            copies = evidence_of(connection, removal.key, None, removal.digests).copies.values()
        copies = sorted(copies)
        note(connection, removal)
        erase(connection, removal.key, _reason_of(removal))
        for key in copies:
            erase_copy(connection, key, removal)
        _forget_redirects(connection, removal.key)
    return copies


def _reason_of(removal: Removal) -> str:
    return removal.reason if removal.copy_of is None else copy_reason(removal.copy_of, removal.reason)


def erase_copy(connection: Connection, key: PageKey, removal: Removal) -> None:
    """Take down a page that shows what was taken down."""
    copy = Removal(key, removal.reason, removal.removed_at, copy_of=str(removal.key))
    note(connection, copy)
    erase(connection, key, copy_reason(removal.key, removal.reason))


def copy_reason(key: PageKey | str, reason: str) -> str:
    """Return why a page is taken down that shows the same as one that was."""
    return f"the same page as {key}: {reason}"


def erase(connection: Connection, key: PageKey, reason: str) -> None:
    """Delete all that was read on a page, and leave a tombstone with the reason, also of a page that nobody knew."""
    secure(connection)
    page_id = _page_id(connection, key)
    if page_id is None:
        page_id = _make_known(connection, key)
    article_id = connection.execute(select(articles.c.id).where(articles.c.page_id == page_id)).scalar()
    if article_id is not None:
        _delete_article(connection, article_id)
    # Who wipes the archive first has them wait no more; a page that is met as a copy is wiped by the end of the run.
    leave_unwiped(connection, places_of(connection, [key]))
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
    # That listings and feeds show it stays, what they said does not.
    of_page = [sightings.c[name] == value for name, value in key._asdict().items()]
    connection.execute(update(sightings).where(*of_page).values(title=None, text=None))


def secure(connection: Connection) -> None:
    """Have SQLite overwrite what is deleted: the file must not keep the text either."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def forget_places(connection: Connection, wiped: Iterable[Place]) -> None:
    """Let captures that stay name no record that was wiped."""
    nowhere = {"archive_file": None, "archive_offset": None, "payload_digest": None}
    for some in chunks(sorted(set(wiped))):
        is_wiped = tuple_(captures.c.archive_file, captures.c.archive_offset).in_(some)
        connection.execute(update(captures).where(is_wiped).values(nowhere))


def _forget_redirects(connection: Connection, key: PageKey) -> None:
    """Forget the body that an id redirected to: it is the page's that was taken down. The id itself is another's."""
    nothing = {"archive_file": None, "archive_offset": None, "payload_digest": None, "digest": None}
    is_redirect = (captures.c.outcome == Outcome.NOT_ARTICLE) & (captures.c.reason == f"{REDIRECTS}{key}")
    connection.execute(update(captures).where(is_redirect).values(nothing))


def _make_known(connection: Connection, key: PageKey) -> int:
    site, now = known_sites().get(key.site), clock.now()
    row = key._asdict() | {
        "number": key.number,
        "address": (site.address(key) if site is not None else None) or "",
        "outcome": Outcome.REMOVED.value,
        "first_seen_at": now,
        "fetched_at": now,
        "attempts": 0,
    }
    upsert(connection, pages, [row], ("site", "section", "external_id"))
    return int(connection.execute(select(pages.c.id).where(is_one_of([key]))).scalar_one())


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


def _page_id(connection: Connection, key: PageKey) -> int | None:
    """Return the row's id of a page; None for one that the ledger does not know."""
    return connection.execute(select(pages.c.id).where(is_one_of([key]))).scalar()

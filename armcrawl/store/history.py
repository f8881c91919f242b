"""The history of one page: what the ledger says, and every version of its article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from armcrawl.store import schema
from armcrawl.store.database import reading

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Engine

    from armcrawl.sites import PageKey


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article; `cause` is why it was written."""

    number: int
    created_at: datetime
    cause: str
    parser_version: int
    title: str
    published_on: date | None
    date_text: str | None
    author: str | None
    attribution: str | None
    body: str

    @property
    def paragraphs(self) -> list[str]:
        """What changes are told by: the title, the date, each paragraph, the attribution line."""
        pieces = [self.title, self.date_text, *self.body.split("\n\n"), self.attribution]
        return [piece for piece in pieces if piece]


@dataclass(frozen=True, slots=True)
class ClusterOf:
    """The cluster of an article: all its keys, who had the text first (None for a tie), why, and how sure that is."""

    keys: tuple[str, ...]
    first: str | None
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class History:
    """What the database holds of a page; `versions` rise, and are empty for what is no article."""

    key: str
    address: str
    outcome: str
    reason: str | None
    first_seen_at: datetime
    fetched_at: datetime
    next_check_at: datetime | None
    versions: tuple[Version, ...]
    cluster: ClusterOf | None = None


def history(engine: Engine, key: PageKey) -> History | None:
    """Return the history of a page; None for one that the ledger does not know."""
    pages, articles, versions = schema.pages, schema.articles, schema.article_versions
    page = select(
        *(pages.c.id, pages.c.address, pages.c.outcome, pages.c.reason),
        *(pages.c.first_seen_at, pages.c.fetched_at, pages.c.next_check_at),
    ).where(pages.c.site == key.site, pages.c.section == key.section, pages.c.external_id == key.external_id)
    with reading(engine) as connection:
        row = connection.execute(page).one_or_none()
        if row is None:
            return None
        found = (
            select(*(versions.c[name] for name in Version.__dataclass_fields__))
            .join(articles, articles.c.id == versions.c.article_id)
            .where(articles.c.page_id == row.id, versions.c.number.is_not(None))
            .order_by(versions.c.number)
        )
        written = tuple(Version(*version) for version in connection.execute(found))
        return History(str(key), *row[1:], written, _cluster(connection, str(key)))


def _cluster(connection: Connection, key: str) -> ClusterOf | None:
    articles, clusters, members = schema.articles, schema.clusters, schema.cluster_members
    query = (
        select(clusters.c.id, clusters.c.first_id, clusters.c.reason, clusters.c.confidence)
        .join(members, members.c.cluster_id == clusters.c.id)
        .join(articles, articles.c.id == members.c.article_id)
        .where(articles.c.key == key)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    others = select(articles.c.id, articles.c.key).join(members, members.c.article_id == articles.c.id)
    keys = {other.id: other.key for other in connection.execute(others.where(members.c.cluster_id == row.id))}
    return ClusterOf(tuple(sorted(keys.values())), keys.get(row.first_id), row.reason, row.confidence)

"""What the database holds of a page: its history with every version of its article, and what its article shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.store.articles.documents import PARTS, DocumentError, article_of, columns, fields_of, pieces_of
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.sql import is_published
from armcrawl.store.queries.compared import is_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Engine, Select, Table

    from armcrawl.sites import PageKey


pages, articles, versions = schema.pages, schema.articles, schema.article_versions


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an article; `cause` is why it was written.

    `parts` are what its document says beside the text, as far as versions are compared by it; if that cannot be read,
    `problem` tells why.
    """

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
    parts: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None

    @property
    def paragraphs(self) -> list[str]:
        """What changes of the text are told by: the title, the date, each paragraph, the attribution line."""
        pieces = [self.title, self.date_text, *self.body.split("\n\n"), self.attribution]
        return [piece for piece in pieces if piece]

    @property
    def pieces(self) -> list[str]:
        """What all changes are told by: the paragraphs, and what else the page says, with its name."""
        fields = {"author": self.author} | self.parts
        named = [f"{name}: {piece}" for name, value in fields.items() for piece in pieces_of(value)]
        return self.paragraphs + named


@dataclass(frozen=True, slots=True)
class ClusterOf:
    """The cluster of an article: all its keys, who had the text first (None for a tie), why, and how sure that is."""

    keys: tuple[str, ...]
    first: str | None
    reason: str
    confidence: float


@dataclass(frozen=True, slots=True)
class History:
    """What the database holds of a page; `versions` rise, and are empty for what is no article.

    `is_waiting` tells whether the clusters do not know yet what it shows.
    """

    key: str
    address: str
    outcome: str
    reason: str | None
    first_seen_at: datetime
    fetched_at: datetime
    next_check_at: datetime | None
    versions: tuple[Version, ...]
    cluster: ClusterOf | None = None
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class ArticleDetails:
    """What is shown of an article; `published_version` is None for one that is not published.

    `withheld` are the numbers of versions that nothing shows. Tags and sources are rows with a name, a key and a kind,
    images and links have an address and a text: the caption, or the linked words.
    """

    published_version: int | None
    withheld: frozenset[int]
    date_precision: str | None
    word_count: int
    tags: Sequence[Any]
    sources: Sequence[Any]
    images: Sequence[Any]
    links: Sequence[Any]


# What a version is known by, beside what its article says.
NAMES = ("number", "created_at", "cause", "parser_version")
TOLD = ("title", "published_on", "date_text", "author", "attribution", "body")


def history(engine: Engine, key: PageKey) -> History | None:
    """Return the history of a page; None for one that the ledger does not know."""
    page = select(
        *(pages.c.id, pages.c.address, pages.c.outcome, pages.c.reason),
        *(pages.c.first_seen_at, pages.c.fetched_at, pages.c.next_check_at),
    ).where(pages.c.site == key.site, pages.c.section == key.section, pages.c.external_id == key.external_id)
    article = select(articles.c.id).where(articles.c.key == str(key))
    with reading(engine) as connection:
        row = connection.execute(page).one_or_none()
        if row is None:
            return None
        article_id = connection.execute(article).scalar()
        found = (
            select(*(versions.c[name] for name in NAMES), *columns())
            .join(articles, articles.c.id == versions.c.article_id)
            .where(articles.c.page_id == row.id, versions.c.number.is_not(None))
            .order_by(versions.c.number)
        )
        written = tuple(_version(version) for version in connection.execute(found))
        waits = article_id is not None and is_waiting(connection, article_id)
        return History(str(key), *row[1:], written, _cluster(connection, str(key)), waits)


def _version(row: Any) -> Version:
    told = {name: getattr(row, name) for name in (*NAMES, *TOLD)}
    try:
        fields = fields_of(article_of(row))
    except DocumentError as error:
        return Version(**told, problem=str(error))
    return Version(**told, parts={name: fields[name] for name in PARTS if name in fields})


def _cluster(connection: Connection, key: str) -> ClusterOf | None:
    clusters, members = schema.clusters, schema.cluster_members
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


def article_details(connection: Connection, key: str) -> ArticleDetails | None:
    """Return the details of an article; None where there is none of that key."""
    query = (
        select(articles.c.id, articles.c.published_version, versions.c.date_precision, versions.c.word_count)
        .outerjoin(versions, is_published())
        .where(articles.c.key == key)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    tags, sources, images, links = schema.article_tags, schema.article_sources, schema.images, schema.article_links
    name, entity_key = schema.entities.c.name, schema.entities.c.key
    tag = select(name, entity_key, schema.entities.c.kind).join(tags, tags.c.entity_id == schema.entities.c.id)
    source = select(name, entity_key, sources.c.kind).join(sources, sources.c.entity_id == schema.entities.c.id)

    def of_article(query: Select[Any], table: Table) -> Sequence[Any]:
        return connection.execute(query.where(table.c.article_id == row.id).order_by(table.c.position)).all()

    aside = select(versions.c.number).where(schema.is_withheld, versions.c.number.is_not(None))
    return ArticleDetails(
        row.published_version,
        frozenset(connection.execute(aside.where(versions.c.article_id == row.id)).scalars()),
        row.date_precision,
        row.word_count or 0,
        tags=of_article(tag, tags),
        sources=of_article(source, sources),
        images=of_article(select(images.c.address, images.c.caption.label("text")), images),
        links=of_article(select(links.c.address, links.c.text), links),
    )

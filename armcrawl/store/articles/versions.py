"""Showing versions of articles: what follows from them (tags, sources, images, links, search, clusters) is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.sites import PageKey
from armcrawl.store.articles.documents import article_of, article_text_of, columns
from armcrawl.store.articles.links import link, unlink
from armcrawl.store.articles.search_index import SearchDocument, index_articles
from armcrawl.store.base.database import reading
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.schema import articles, pages
from armcrawl.store.base.sql import among, is_published
from armcrawl.store.clusters.clustering import leave_unjoined
from armcrawl.store.entities.linking import forget

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection, Engine

    from armcrawl.items import Article


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version that is shown, or is to be: the text of an article."""

    article_id: int
    key: PageKey
    article: Article


def publish(
    connection: Connection,
    shown: Sequence[ShownVersion],
    before: Collection[int],
    texts: Sequence[ShownVersion] = (),
) -> None:
    """Show versions: links and search are theirs from now on; `before` are the articles that were shown.

    Of `texts` nothing but the text is known: search is theirs, links stay. All wait to join clusters.
    """
    relink(connection, shown, before)
    found = [*shown, *texts]
    leave_unjoined(connection, [one.article_id for one in found])
    index(connection, found)


def relink(connection: Connection, versions: Sequence[ShownVersion], linked: Collection[int]) -> None:
    """Write tags, sources, images and links of versions; `linked` are the articles that have older ones."""
    links = [(version.article_id, version.article) for version in versions]
    before = unlink(connection, [article_id for article_id, _ in links if article_id in linked])
    link(connection, links)
    forget(connection, before)


def index(connection: Connection, versions: Sequence[ShownVersion]) -> None:
    """Let search find versions."""
    index_articles(connection, [_document(version) for version in versions])


def shown_among(connection: Connection, article_ids: Sequence[int]) -> set[int]:
    """Return those of some articles of which a version is shown."""
    query = select(articles.c.id).where(articles.c.published_version.is_not(None))
    return {row.id for row in among(connection, query, articles.c.id, article_ids)}


def ids_shown(engine: Engine, size: int) -> Iterator[list[int]]:
    """Yield the ids of all articles that are shown, in their order, at most so many at a time."""
    query = select(articles.c.id).where(articles.c.published_version.is_not(None)).order_by(articles.c.id).limit(size)
    after = 0
    while True:
        with reading(engine) as connection:
            ids = list(connection.execute(query.where(articles.c.id > after)).scalars())
        if not ids:
            return
        yield ids
        after = ids[-1]


def rows_shown(connection: Connection, article_ids: Sequence[int]) -> Iterator[Any]:
    """Yield the rows of the versions that are published of some articles, in the order of these."""
    query = (
        select(versions.c.article_id, versions.c.number, pages.c.site, pages.c.section, pages.c.external_id, *columns())
        .join(articles, is_published())
        .join(pages, pages.c.id == articles.c.page_id)
        .order_by(articles.c.id)
    )
    return among(connection, query, articles.c.id, article_ids)


def version_of(row: Any) -> ShownVersion:
    """Return the version of a row; raises DocumentError for one that cannot be read."""
    return ShownVersion(row.article_id, PageKey(row.site, row.section, row.external_id), article_of(row))


def text_only_of(row: Any) -> ShownVersion:
    """Return the text alone of the version of a row, whose document cannot be read."""
    return ShownVersion(row.article_id, PageKey(row.site, row.section, row.external_id), article_text_of(row))


def _document(version: ShownVersion) -> SearchDocument:
    """Return what search finds a version by."""
    article = version.article
    named = article.attribution.sources if article.attribution else ()
    return SearchDocument(
        version.article_id,
        version.key,
        article.published.date if article.published else None,
        article.title,
        tuple(dict.fromkeys(name for tag in article.tags for name in (tag.printed, tag.name))),
        tuple(dict.fromkeys(name for source in named for name in (source.printed, source.name))),
        (article.body, *(image.caption for image in article.images if image.caption), article.author or ""),
    )

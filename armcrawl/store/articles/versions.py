"""Showing versions of articles: what follows from them (tags, sources, images, links, search, clusters) is theirs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from armcrawl.sites import PageKey
from armcrawl.store.articles.documents import article_of, article_text_of, columns
from armcrawl.store.articles.links import link, unlink
from armcrawl.store.articles.search_index import SearchDocument, index_articles, tokens_of
from armcrawl.store.articles.unreadable import read_all
from armcrawl.store.base.database import PAUSE_SECONDS, reading, writing
from armcrawl.store.base.schema import article_sources, article_tags, articles, entities, pages, unindexed
from armcrawl.store.base.schema import article_versions as versions
from armcrawl.store.base.sql import among, is_published, write_among
from armcrawl.store.clusters.clustering import leave_unjoined
from armcrawl.store.entities.linking import forget, readings_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection, Engine, Select, Table

    from armcrawl.items import Article

# Articles that are indexed in one transaction beside those of a batch: a tenth of a second.
INDEXED_AT_ONCE = 100
WAITING = select(unindexed.c.article_id).order_by(unindexed.c.article_id).limit(INDEXED_AT_ONCE)
INDEXED = delete(unindexed)


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

    Of `texts` nothing but the text is known: search is theirs, links stay. All wait to join clusters. Of the articles
    that their names concern some are indexed at once, the others with the next batches.
    """
    relink(connection, shown, before)
    found = [*shown, *texts]
    leave_unjoined(connection, [one.article_id for one in found])
    index(connection, found)
    index_waiting(connection)


def prepare(shown: Sequence[ShownVersion]) -> None:
    """Read the words of versions that `publish` is to show: a process does so once, which takes longer than all SQL.

    Before the transaction, so that no other writer waits for it.
    """
    for version in shown:
        tokens_of(_document(version, (), ()))
    readings_of(version.article for version in shown)


def relink(connection: Connection, versions: Sequence[ShownVersion], linked: Collection[int]) -> None:
    """Write tags, sources, images and links of versions; `linked` are the articles that have older ones."""
    links = [(version.article_id, version.article) for version in versions]
    before = unlink(connection, [article_id for article_id, _ in links if article_id in linked])
    link(connection, links)
    forget(connection, before)


def index(connection: Connection, versions: Sequence[ShownVersion]) -> None:
    """Let search find versions."""
    ids = [version.article_id for version in versions]
    tags, sources = (_names(connection, table, ids) for table in (article_tags, article_sources))
    index_articles(
        connection,
        [_document(one, tags.get(one.article_id, ()), sources.get(one.article_id, ())) for one in versions],
    )
    write_among(connection, INDEXED, unindexed.c.article_id, ids)


def index_shown(connection: Connection, article_ids: Sequence[int]) -> None:
    """Let search find what is shown of some articles, as far as it can be read."""
    rows = list(rows_shown(connection, article_ids))
    found, unreadable = read_all(rows, version_of)
    lost = {one.article_id for one in unreadable}
    index(connection, [*found, *(text_only_of(row) for row in rows if row.article_id in lost)])


def index_waiting(connection: Connection) -> int:
    """Index some of the articles that wait, as their tags or sources are called otherwise now; return how many."""
    some = list(connection.execute(WAITING).scalars())
    if some:
        index_shown(connection, some)
        write_among(connection, INDEXED, unindexed.c.article_id, some)
    return len(some)


def index_some(engine: Engine) -> int:
    """Do so in a transaction of its own, if any wait."""
    with reading(engine) as connection:
        if connection.execute(WAITING.limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return index_waiting(connection)


def index_all_waiting(engine: Engine) -> None:
    """Index all articles that wait, a piece at a time, so that others come to write."""
    while index_some(engine):
        time.sleep(PAUSE_SECONDS)


def number_unindexed(engine: Engine) -> int:
    """Return how many articles wait to be indexed."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(unindexed)).scalar_one()


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
    query = _told().join(articles, is_published()).join(pages, pages.c.id == articles.c.page_id)
    return among(connection, query.order_by(articles.c.id), articles.c.id, article_ids)


def rows_of(connection: Connection, version_ids: Sequence[int]) -> Iterator[Any]:
    """Yield such rows of versions, published or not."""
    query = _told().join(articles, articles.c.id == versions.c.article_id).join(pages, pages.c.id == articles.c.page_id)
    return among(connection, query, versions.c.id, version_ids)


def _told() -> Select[Any]:
    """Return the question for what `version_of` takes."""
    return select(
        versions.c.article_id, versions.c.number, pages.c.site, pages.c.section, pages.c.external_id, *columns()
    )


def version_of(row: Any) -> ShownVersion:
    """Return the version of a row; raises DocumentError for one that cannot be read."""
    return ShownVersion(row.article_id, PageKey(row.site, row.section, row.external_id), article_of(row))


def text_only_of(row: Any) -> ShownVersion:
    """Return the text alone of the version of a row, whose document cannot be read."""
    return ShownVersion(row.article_id, PageKey(row.site, row.section, row.external_id), article_text_of(row))


def _names(connection: Connection, table: Table, article_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what the tags or sources of articles are called, be it by evidence or by a person's decision."""
    query = (
        select(table.c.article_id, table.c.position, entities.c.name)
        .join(entities, entities.c.id == table.c.entity_id)
        .order_by(table.c.article_id, table.c.position)
    )
    names: dict[int, list[str]] = {}
    for row in among(connection, query, table.c.article_id, article_ids):
        names.setdefault(row.article_id, []).append(row.name)
    return names


def _document(version: ShownVersion, tags: Sequence[str], sources: Sequence[str]) -> SearchDocument:
    """Return what search finds a version by; `tags` and `sources` are what these are called beside."""
    article = version.article
    named = article.attribution.sources if article.attribution else ()
    return SearchDocument(
        version.article_id,
        version.key,
        article.published.date if article.published else None,
        article.title,
        tuple(dict.fromkeys([*(name for tag in article.tags for name in (tag.printed, tag.name)), *tags])),
        tuple(dict.fromkeys([*(name for source in named for name in (source.printed, source.name)), *sources])),
        (article.body, *(image.caption for image in article.images if image.caption), article.author or ""),
    )

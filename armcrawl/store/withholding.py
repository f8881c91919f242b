"""Versions that no run has vouched for yet: what hangs on them is kept aside, and nothing shows them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from armcrawl.items import Article, Attribution, Image, Link, Precision, Published, Source, SourceKind, Tag, TagKind
from armcrawl.refining.tags import retag
from armcrawl.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row, Select

    from armcrawl.store.versions import Version

withheld, versions = schema.withheld, schema.article_versions


def withhold(connection: Connection, written: Iterable[tuple[int, Version]]) -> None:
    """Keep aside what hangs on versions, by the ids of their rows."""
    rows = [
        {"version_id": version_id, "article_id": version.article_id, "content": _content(version.article)}
        for version_id, version in written
    ]
    connection.execute(insert(withheld), rows)


def release(connection: Connection, version_ids: Sequence[int]) -> None:
    """Forget what was kept aside for versions, by the ids of their rows: they may be shown."""
    connection.execute(delete(withheld).where(withheld.c.version_id.in_(version_ids)))


def holders(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """Return for those of some articles whose current version is withheld the run whose verdict it waits for."""
    query = _current().add_columns(versions.c.run_id).where(versions.c.run_id.is_not(None))
    rows = connection.execute(query.where(withheld.c.article_id.in_(article_ids)))
    return {row.article_id: row.run_id for row in rows}


def _current() -> Select[Any]:
    """Return the query for what is withheld of articles' current versions."""
    articles = schema.articles
    is_current = (articles.c.id == withheld.c.article_id) & (articles.c.current_version == versions.c.number)
    query = select(withheld.c.article_id, withheld.c.content)
    return query.join(versions, versions.c.id == withheld.c.version_id).join(articles, is_current)


def _content(article: Article) -> dict[str, Any]:
    line = article.attribution
    return {
        "tags": [[getattr(tag, name) for name in Tag.__match_args__] for tag in article.tags],
        "sources": [asdict(source) for source in line.sources] if line else [],
        "images": [asdict(image) for image in article.images],
        "links": [asdict(link) for link in article.links],
    }


def article_of(row: Row[Any]) -> Article:
    """Return the article of a version's row, joined with the content that was kept aside."""
    content = row.content
    published = (
        Published(row.published_on, Precision(row.date_precision), row.published_at) if row.published_on else None
    )
    return Article(
        title=row.title,
        paragraphs=tuple(row.body.split("\n\n")) if row.body else (),
        lead=row.lead,
        date_text=row.date_text,
        attribution=Attribution(row.attribution, tuple(map(_source, content["sources"]))) if row.attribution else None,
        tags=tuple(map(tag_of, content["tags"])),
        author=row.author,
        images=tuple(Image(**image) for image in content["images"]),
        links=tuple(Link(**link) for link in content["links"]),
        published=published,
        content_hash=row.content_hash,
        text_hash=row.text_hash,
    )


def tag_of(stored: Sequence[Any]) -> Tag:
    """Return a tag that was kept aside: without its name being read again, which takes a dictionary of 20 MB.

    Before they were kept with their names, tags were kept as they are printed and linked.
    """
    if len(stored) == len(("printed", "address")):
        return retag(*stored)
    printed, address, name, key, slug, kind, confidence = stored
    return Tag(printed, address, name, key, slug, TagKind(kind) if kind else None, confidence)


def _source(stored: dict[str, Any]) -> Source:
    kind = stored["kind"]
    return Source(stored["printed"], stored["name"], SourceKind(kind) if kind else None, stored["address"])


def contents(connection: Connection, article_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return what is kept aside of the current versions of some articles."""
    query = _current().where(withheld.c.article_id.in_(article_ids))
    return {row.article_id: row.content for row in connection.execute(query)}

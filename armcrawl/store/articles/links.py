"""What an article's version is linked to: tags, sources, images, links in its body."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from armcrawl.russian.sources import source_key
from armcrawl.store.base.schema import article_links, article_sources, article_tags, images, sources
from armcrawl.store.base.sql import upsert
from armcrawl.store.entities.tag_links import link_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from armcrawl.items import Article


# What an article is linked to, by tables.
LINKED = (article_tags, article_sources, images, article_links)


def unlink(connection: Connection, links: Sequence[tuple[int, Article]]) -> set[str]:
    """Take away what belonged to older versions; return the addresses to which their tags link no more."""
    article_ids = [article_id for article_id, _ in links]
    if not article_ids:
        return set()
    columns = (article_tags.c.article_id, article_tags.c.form, article_tags.c.address)
    query = select(*columns).where(article_tags.c.article_id.in_(article_ids), article_tags.c.address.is_not(None))
    gone = {tuple(row) for row in connection.execute(query)}
    gone -= {(article_id, tag.printed, tag.address) for article_id, article in links for tag in article.tags}
    for table in LINKED:
        connection.execute(table.delete().where(table.c.article_id.in_(article_ids)))
    return {address for _, _, address in gone}


def link(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write tags, sources, images and links of new versions, by the id of their article."""
    link_tags(connection, links)
    _link_sources(connection, links)
    for table, of in ((images, "images"), (article_links, "links")):
        rows = [
            {"article_id": article_id, "position": position, **asdict(item)}
            for article_id, article in links
            for position, item in enumerate(getattr(article, of))
        ]
        _insert_links(connection, table, rows)


def _link_sources(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    named = [
        (article_id, position, source)
        for article_id, article in links
        if article.attribution is not None
        for position, source in enumerate(article.attribution.sources)
    ]
    ids = _source_ids(connection, [source.name for _, _, source in named])
    rows = [
        {"article_id": article_id, "position": position, "source_id": ids[source_key(source.name)]}
        | {"kind": source.kind, "form": source.printed, "address": source.address}
        for article_id, position, source in named
    ]
    _insert_links(connection, article_sources, rows)


def _source_ids(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Write sources, and return their ids by key.

    Of several names for one key the same one wins, in whatever order they come: the most ё, then the fewest capitals.
    """
    best: dict[str, str] = {}
    for name in sorted(names, key=_rank):
        best.setdefault(source_key(name), name)
    upsert(connection, sources, [{"key": key, "name": name} for key, name in best.items()], ("key",))
    ids: dict[str, int] = {}
    for found in connection.execute(select(sources).where(sources.c.key.in_(list(best)))).all():
        ids[found.key] = found.id
        if _rank(best[found.key]) < _rank(found.name):
            connection.execute(update(sources).where(sources.c.id == found.id).values(name=best[found.key]))
    return ids


def _rank(name: str) -> tuple[int, int, str]:
    return -name.casefold().count("ё"), sum(map(str.isupper, name)), name


def _insert_links(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)

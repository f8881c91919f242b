"""What an article's version is linked to: tags, sources, images, links in its body."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from armcrawl.russian.sources import source_key
from armcrawl.store.base import schema
from armcrawl.store.base.sql import upsert
from armcrawl.store.entities.tagging import link_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Table

    from armcrawl.items import Article, Source


# What an article is linked to, by tables.
LINKED = (schema.article_tags, schema.article_sources, schema.images, schema.article_links)


def unlink(connection: Connection, links: Sequence[tuple[int, Article]]) -> set[str]:
    """Take away what belonged to older versions; return the addresses to which their tags link no more."""
    article_ids = [article_id for article_id, _ in links]
    if not article_ids:
        return set()
    tags = schema.article_tags
    query = select(tags.c.article_id, tags.c.form, tags.c.address).where(tags.c.address.is_not(None))
    gone = {tuple(row) for row in connection.execute(query.where(tags.c.article_id.in_(article_ids)))}
    gone -= {(article_id, tag.printed, tag.address) for article_id, article in links for tag in article.tags}
    for table in LINKED:
        connection.execute(table.delete().where(table.c.article_id.in_(article_ids)))
    return {address for _, _, address in gone}


def link(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write tags, sources, images and links of new versions, by the id of their article."""
    link_tags(connection, links)
    _link_sources(connection, links)
    _link_images(connection, links)


def _named(connection: Connection, table: Table, rows: Sequence[dict[str, str]]) -> dict[str, int]:
    """Write what has a key and a name, and return the ids by key.

    Of several names for one key the same one wins, in whatever order they come: the most ё, then the fewest capitals.
    """
    best: dict[str, dict[str, str]] = {}
    for row in sorted(rows, key=_rank):
        best.setdefault(row["key"], row)
    upsert(connection, table, list(best.values()), ("key",))
    ids: dict[str, int] = {}
    query = select(table.c.key, table.c.id, table.c.name).where(table.c.key.in_(list(best)))
    for found in connection.execute(query).all():
        ids[found.key] = found.id
        if _rank(best[found.key]) < _rank({"name": found.name}):
            connection.execute(update(table).where(table.c.id == found.id).values(best[found.key]))
    return ids


def _rank(row: Mapping[str, str]) -> tuple[int, int, str]:
    name = row["name"]
    return -name.casefold().count("ё"), sum(map(str.isupper, name)), name


def _link_sources(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    named = [
        (article_id, position, source)
        for article_id, article in links
        for position, source in enumerate(_sources_of(article))
    ]
    rows = [{"key": source_key(source.name), "name": source.name} for _, _, source in named]
    ids = _named(connection, schema.sources, rows)
    _insert_links(
        connection,
        schema.article_sources,
        [
            {
                "article_id": article_id,
                "position": position,
                "source_id": ids[source_key(source.name)],
                "kind": source.kind,
                "form": source.printed,
                "address": source.address,
            }
            for article_id, position, source in named
        ],
    )


def _sources_of(article: Article) -> Sequence[Source]:
    return article.attribution.sources if article.attribution is not None else ()


def _link_images(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    for table, of in ((schema.images, "images"), (schema.article_links, "links")):
        rows = [
            {"article_id": article_id, "position": position, **asdict(item)}
            for article_id, article in links
            for position, item in enumerate(getattr(article, of))
        ]
        _insert_links(connection, table, rows)


def _insert_links(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)

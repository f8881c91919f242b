"""What an article's version is linked to: tags, sources, images, links in its body."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from armcrawl.store.base.schema import abbreviations, article_links, article_sources, article_tags, images
from armcrawl.store.entities.linking import Evidence, evidence_of, link_entities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from armcrawl.items import Article


# What an article is linked to, by tables.
LINKED = (article_tags, article_sources, abbreviations, images, article_links)


def unlink(connection: Connection, article_ids: Sequence[int]) -> Evidence:
    """Take away what belonged to older versions; return what they said of entities."""
    if not article_ids:
        return Evidence()
    before = evidence_of(connection, article_ids)
    for table in LINKED:
        connection.execute(table.delete().where(table.c.article_id.in_(article_ids)))
    return before


def link(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write tags, sources, images and links of new versions, by the id of their article."""
    link_entities(connection, links)
    for table, of in ((images, "images"), (article_links, "links")):
        rows = [
            {"article_id": article_id, "position": position, **asdict(item)}
            for article_id, article in links
            for position, item in enumerate(getattr(article, of))
        ]
        _insert_links(connection, table, rows)


def _insert_links(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)

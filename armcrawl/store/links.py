"""What an article's version is linked to: tags, sources, images, links in its body."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from armcrawl.russian.tags import tag_key
from armcrawl.store import schema
from armcrawl.store.upsert import upsert

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Table

    from armcrawl.items import Article


def unlink(connection: Connection, article_ids: Sequence[int]) -> None:
    """Take away what belonged to an older version."""
    if not article_ids:
        return
    for table in (schema.article_tags, schema.article_sources, schema.images, schema.article_links):
        connection.execute(table.delete().where(table.c.article_id.in_(article_ids)))


def link(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write tags, sources, images and links of new versions, by the id of their article."""
    _link_tags(connection, links)
    _link_sources(connection, links)
    _link_images(connection, links)


def retarget(connection: Connection, articles: Sequence[Article]) -> None:
    """Have printed tags mean what today's parser says, in all articles, but where a person has decided."""
    forms, tags = schema.tag_forms, schema.tags
    printed = {tag.printed: tag for article in articles for tag in article.tags}
    query = (
        select(forms.c.form, tags.c.key)
        .join(tags, tags.c.id == forms.c.tag_id)
        .where(forms.c.form.in_(list(printed)), forms.c.decided_by.is_(None))
    )
    moved = [printed[form] for form, key in connection.execute(query).all() if printed[form].key != key]
    ids = _named(connection, tags, [{"key": tag.key, "name": tag.name, "slug": tag.slug} for tag in moved])
    for tag in moved:
        for table in (forms, schema.article_tags):
            connection.execute(update(table).where(table.c.form == tag.printed).values(tag_id=ids[tag.key]))


def _link_tags(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    forms = {tag.printed: tag for _, article in links for tag in article.tags}
    known = schema.tag_forms
    query = select(known.c.form, known.c.tag_id).where(known.c.form.in_(list(forms)))
    tag_of = {row[0]: row[1] for row in connection.execute(query)}
    unknown = [tag for printed, tag in forms.items() if printed not in tag_of]
    rows = [{"key": tag.key, "name": tag.name, "slug": tag.slug} for tag in unknown]
    ids = _named(connection, schema.tags, rows)
    tag_of |= {tag.printed: ids[tag.key] for tag in unknown}
    upsert(
        connection,
        known,
        [{"form": tag.printed, "tag_id": ids[tag.key]} for tag in unknown],
        ("form",),
    )
    _insert_links(
        connection,
        schema.article_tags,
        [
            {
                "article_id": article_id,
                "position": position,
                "tag_id": tag_of[tag.printed],
                "form": tag.printed,
                "address": tag.address,
            }
            for article_id, article in links
            for position, tag in enumerate(article.tags)
        ],
    )


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
        (article_id, line, line.source)
        for article_id, article in links
        if (line := article.attribution) is not None and line.source
    ]
    ids = _named(connection, schema.sources, [{"key": tag_key(source), "name": source} for _, _, source in named])
    _insert_links(
        connection,
        schema.article_sources,
        [
            {
                "article_id": article_id,
                "position": 0,
                "source_id": ids[tag_key(source)],
                "form": source,
                "address": line.address,
            }
            for article_id, line, source in named
        ],
    )


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

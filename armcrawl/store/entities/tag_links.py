"""The tags of articles: written with each version, and read again when the parser has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from armcrawl.store.base import schema
from armcrawl.store.base.sql import among, upsert
from armcrawl.store.entities.regrouping import TAG_COLUMNS, read_decisions, regroup, tag_ids
from armcrawl.store.entities.tag_addresses import write_addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article, Tag

tags, tag_forms, tag_addresses, article_tags = schema.tags, schema.tag_forms, schema.tag_addresses, schema.article_tags


def link_tags(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write the tags of new versions, by the id of their article."""
    printed = {tag.printed: tag for _, article in links for tag in article.tags}
    if not printed:
        return
    tag_of, known = _known(connection, printed)
    new = [tag for form, tag in printed.items() if form not in tag_of]
    tag_of |= _write_forms(connection, new)
    told = write_addresses(connection, links, known)
    _insert_links(connection, links, tag_of)
    if new or told:
        regroup(connection, {tag.printed for tag in new} | told)
    if decided := {decision.form for decision in read_decisions(connection)} & printed.keys():
        # These forms have not changed: in other articles they mean already what was decided.
        those = [article_id for article_id, article in links if any(tag.printed in decided for tag in article.tags)]
        regroup(connection, decided, article_ids=those)


def _known(connection: Connection, forms: Collection[str]) -> tuple[dict[str, int], dict[tuple[str, str], bool]]:
    """Return the tags of forms, and of the addresses to which they link whether other tags share them."""
    pair = tag_addresses.c.form == tag_forms.c.form
    query = select(tag_forms.c.form, tag_forms.c.tag_id, tag_addresses.c.address, tag_addresses.c.is_shared)
    rows = list(among(connection, query.outerjoin_from(tag_forms, tag_addresses, pair), tag_forms.c.form, forms))
    return {row[0]: row[1] for row in rows}, {(row[2], row[0]): row[3] for row in rows if row[2] is not None}


def _write_forms(connection: Connection, new: Sequence[Tag]) -> dict[str, int]:
    """Write forms that were never seen, each with the tag of its key; return their tags."""
    rows = {tag.key: {name: getattr(tag, name) for name in TAG_COLUMNS} for tag in new}
    upsert(connection, tags, list(rows.values()), ("key",))
    ids = tag_ids(connection, rows)
    forms = [{"form": tag.printed, "tag_id": ids[tag.key], **_parsed(tag)} for tag in new]
    upsert(connection, tag_forms, forms, ("form",))
    return {tag.printed: ids[tag.key] for tag in new}


def _parsed(tag: Tag) -> dict[str, Any]:
    return {name: getattr(tag, name) for name in (*TAG_COLUMNS, "confidence")}


def _insert_links(connection: Connection, links: Sequence[tuple[int, Article]], tag_of: Mapping[str, int]) -> None:
    rows = [
        {
            "article_id": article_id,
            "position": position,
            "tag_id": tag_of[tag.printed],
            "form": tag.printed,
            "address": tag.address,
        }
        for article_id, article in links
        for position, tag in enumerate(article.tags)
    ]
    connection.execute(insert(article_tags), rows)


def reread_forms(connection: Connection, articles: Sequence[Article]) -> None:
    """Write what today's parser makes of printed forms, and make tags of it: nothing is left to whoever comes next."""
    printed = {tag.printed: tag for article in articles for tag in article.tags}
    changed = set()
    columns = (tag_forms.c.form, tag_forms.c.key, tag_forms.c.name, tag_forms.c.kind, tag_forms.c.confidence)
    for row in among(connection, select(*columns), tag_forms.c.form, printed):
        tag = printed[row.form]
        if (row.key, row.name, row.kind, row.confidence) != (tag.key, tag.name, tag.kind, tag.confidence):
            connection.execute(update(tag_forms).where(tag_forms.c.form == row.form).values(**_parsed(tag)))
            changed.add(row.form)
    if changed:
        regroup(connection, changed)

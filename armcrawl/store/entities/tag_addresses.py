"""What printed forms of tags link to: forms with one address are one tag, unless another tag shares it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import case, delete, func, insert, select

from armcrawl.store.base import schema
from armcrawl.store.base.sql import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article

tag_forms, tag_addresses, article_tags = schema.tag_forms, schema.tag_addresses, schema.article_tags


def write_addresses(
    connection: Connection, links: Sequence[tuple[int, Article]], known: Mapping[tuple[str, str], bool]
) -> set[str]:
    """Write what forms link to; return the forms of which that is news."""
    pairs: dict[tuple[str, str], bool] = {}
    for _, article in links:
        keys: dict[str, set[str]] = defaultdict(set)
        for tag in article.tags:
            if tag.address:
                keys[tag.address].add(tag.key)
        for tag in article.tags:
            if tag.address:
                pair = (tag.address, tag.printed)
                pairs[pair] = pairs.get(pair, False) or len(keys[tag.address]) > 1
    news = {pair: is_shared for pair, is_shared in pairs.items() if known.get(pair) is None or is_shared > known[pair]}
    rows = [{"address": address, "form": form, "is_shared": shared} for (address, form), shared in news.items()]
    upsert(connection, tag_addresses, rows, ("address", "form"), ("is_shared",))
    return {form for _, form in news}


def reread_addresses(connection: Connection, addresses: Collection[str]) -> None:
    """Write anew what forms link to, at some addresses, from what articles print now."""
    other, own, others = article_tags.alias(), tag_forms, tag_forms.alias()
    is_shared = (
        select(other.c.form)
        .join(others, others.c.form == other.c.form)
        .where(other.c.article_id == article_tags.c.article_id, other.c.address == article_tags.c.address)
        .where(others.c.key != own.c.key)
        .exists()
    )
    links = (
        select(article_tags.c.address, article_tags.c.form, func.max(case((is_shared, 1), else_=0)) == 1)
        .join(own, own.c.form == article_tags.c.form)
        .where(article_tags.c.address.is_not(None))
        .group_by(article_tags.c.address, article_tags.c.form)
    )
    for some in chunks(sorted(addresses)):
        connection.execute(delete(tag_addresses).where(tag_addresses.c.address.in_(some)))
        at_these = links.where(article_tags.c.address.in_(some))
        connection.execute(insert(tag_addresses).from_select(["address", "form", "is_shared"], at_these))

"""Names of tags and sources that are near to one that no article has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from armcrawl.russian.misspellings import one_edit_away
from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.sql import among

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Table

entities, forms = schema.entities, schema.entity_forms
# As many as a person reads in a line.
MAX_NAMES = 3
# Letters: of a longer word two may be its ending; a shorter one is part of too many names.
MIN_WORD, ENDING = 4, 2


def near_names(connection: Connection, links: Table, name: str) -> list[str]:
    """Return what most articles of `links` name: what is one letter off, or else has all words of a name, or some."""
    key = tag_key(name)
    ids = {row.entity_id for row in among(connection, select(forms.c.entity_id), forms.c.key, one_edit_away(key))}
    words = [word[: max(MIN_WORD, len(word) - ENDING)] for word in key.split() if len(word) >= MIN_WORD]
    having = [entities.c.key.contains(word, autoescape=True) for word in words]
    tried: list[ColumnElement[bool]] = [entities.c.id.in_(sorted(ids))] if ids else []
    tried += [and_(*having), or_(*having)] if having else []
    return next((names for where in tried if (names := _most_frequent(connection, links, where))), [])


def _most_frequent(connection: Connection, links: Table, where: ColumnElement[bool]) -> list[str]:
    number = func.count(links.c.article_id.distinct())
    query = (
        select(entities.c.name)
        .join(links, links.c.entity_id == entities.c.id)
        .where(where)
        .group_by(entities.c.id, entities.c.name)
        .order_by(number.desc(), entities.c.key)
        .limit(MAX_NAMES)
    )
    return list(connection.execute(query).scalars())

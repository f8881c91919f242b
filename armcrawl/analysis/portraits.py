"""An entity's portrait: how it is printed, when and by whom it is named, and beside whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import exists, select

from armcrawl.errors import UsageError
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading_one_moment
from armcrawl.store.entities.listing import entities_called
from armcrawl.store.entities.regrouping import USED_IN
from armcrawl.store.queries.article_rows import article_rows_of
from armcrawl.store.queries.counted_articles import Among, months_of
from armcrawl.store.queries.entity_mentions import (
    MAX_READ,
    companions_of,
    ends_of,
    forms_of,
    sources_on,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from armcrawl.store.queries.article_rows import ArticleRow
    from armcrawl.store.queries.counted_articles import Months
    from armcrawl.store.queries.entity_mentions import Companion, NamedSource, PrintedForm

entities = schema.entities
# As many as a person reads through.
NEWEST, COMPANIONS, SOURCES, NAMED = 10, 15, 12, 5


class UnknownNameError(UsageError):
    """No entity has a name."""


class Entity(NamedTuple):
    """An entity: its number in this database, its key, its name, its kind, where certain, and what it is used as."""

    id: int
    key: str
    name: str
    kind: str | None
    used_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the articles tell of an entity, where it is a tag or a source.

    `first` and `last` are its earliest and its newest article with a date; None where none has one.
    Forms, companions and sources are counted in the `read` newest.
    """

    entity: Entity
    forms: list[PrintedForm]
    months: Months
    first: ArticleRow | None
    last: ArticleRow | None
    companions: list[Companion]
    sources: list[NamedSource]
    newest: list[ArticleRow]
    read: int


def portrait(engine: Engine, named: str) -> Portrait:
    """Return the portrait of the entity with a key, name or form; raises UsageError for none, and for several."""
    with reading_one_moment(engine) as connection:
        entity = entity_called(connection, named)
        months = months_of(connection, Among(entities=(entity.id,)))
        read, earliest = ends_of(connection, entity.id, MAX_READ)
        newest = article_rows_of(connection, read[:NEWEST])
        first = article_rows_of(connection, [earliest] if earliest is not None else [])
        return Portrait(
            entity,
            forms_of(connection, entity.id, read),
            months,
            next(iter(first), None),
            next((one for one in newest if one.published_on), None),
            companions_of(connection, entity.id, read, COMPANIONS),
            sources_on(connection, read, SOURCES),
            newest,
            len(read),
        )


def entity_called(connection: Connection, named: str) -> Entity:
    """Return the entity with a key, a name or a printed form; raises UsageError for none, and for several."""
    query = select(entities.c.id, entities.c.key, entities.c.name, entities.c.kind)
    ids = entities_called(connection, named)
    used = [exists().where(links.c.entity_id == entities.c.id) for links in USED_IN.values()]
    rows = connection.execute(query.add_columns(*used).where(entities.c.id.in_(ids)))
    found = [Entity(*(*row[:4], tuple(compress(USED_IN, row[4:])))) for row in rows]
    if len(found) == 1:
        return found[0]
    if found:
        keys = [f"«{one.key}»" for one in sorted(found, key=lambda one: one.key)[:NAMED]]
        raise UsageError(f"Имён «{named}» несколько: назовите одно его ключом, {' или '.join(keys)}.")
    raise UnknownNameError(f"Имени «{named}» в базе нет: проверьте написание или поищите его словами.")

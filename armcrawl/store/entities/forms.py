"""The rows of printed forms: written as articles print them, and as decisions name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.items import Source
from armcrawl.russian.kinds import kind_of
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.same_name import quoted_name
from armcrawl.russian.sources import source_key
from armcrawl.russian.tags import canonical_tag, tag_key, tag_slug
from armcrawl.store.base import schema
from armcrawl.store.base.enumerations import NAME, SOURCE, TAG
from armcrawl.store.base.sql import among, upsert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Tag
    from armcrawl.store.entities.grouping import Decision

entities, entity_forms = schema.entities, schema.entity_forms

FormRow = dict[str, Any]
"""A form and what the parser makes of it: the columns of `entity_forms` but for the ids."""
Identity = tuple[str, str, str]
"""How a form is used, the form, and the name that it is read as."""
READ = ("key", "kind", "confidence", "quoted_name")


def identity_of(row: FormRow) -> Identity:
    """Return what tells a form from all others."""
    return row["used_as"], row["form"], row["name"]


def reading_of_tag(tag: Tag) -> FormRow:
    """Return how a tag is read."""
    return _reading(TAG, tag.printed, tag.name, tag.key, tag.kind, tag.confidence)


def reading_of_source(source: Source) -> FormRow:
    """Return how a source is read; nobody has judged how sure its name is."""
    kind = kind_of(source.name, attributed=True)
    return _reading(SOURCE, source.printed, source.name, source_key(source.name), kind, None)


def _reading(used_as: str, form: str, name: str, key: str, kind: str | None, confidence: float | None) -> FormRow:
    quoted = quoted_name(name)
    return {
        "used_as": used_as,
        "form": form,
        "name": name,
        "key": key,
        "kind": kind,
        "confidence": confidence,
        "quoted_name": quoted.key if quoted else None,
    }


def write_forms(connection: Connection, readings: Collection[FormRow]) -> tuple[dict[Identity, int], set[int]]:
    """Write forms, new ones with the entity of their key; return all ids, and those whose reading is news."""
    wanted = {identity_of(row): row for row in readings}
    before = _rows_of(connection, wanted)
    news = [
        row for one, row in wanted.items() if one not in before or any(row[name] != before[one][name] for name in READ)
    ]
    if not news:
        return {one: before[one]["id"] for one in wanted}, set()
    rows = {
        row["key"]: {"key": row["key"], "name": row["name"], "slug": tag_slug(row["name"], row["key"])} for row in news
    }
    upsert(connection, entities, list(rows.values()), ("key",))
    ids = entity_ids(connection, rows)
    upsert(
        connection,
        entity_forms,
        [row | {"entity_id": ids[row["key"]]} for row in news],
        ("form", "used_as", "name"),
        READ,
    )
    after = _rows_of(connection, wanted)
    return {one: after[one]["id"] for one in wanted}, {after[identity_of(row)]["id"] for row in news}


def _rows_of(connection: Connection, wanted: Iterable[Identity]) -> dict[Identity, Any]:
    columns = (entity_forms.c[name] for name in ("id", "used_as", "form", "name", *READ))
    rows = among(connection, select(*columns), entity_forms.c.form, {form for _, form, _ in wanted})
    return {(row.used_as, row.form, row.name): row._asdict() for row in rows}


def write_decided_forms(connection: Connection, decisions: Sequence[Decision]) -> set[int]:
    """Write the forms that decisions name and that no article prints now; return those that are new."""
    printed = {one for decision in decisions for one in decision.printed}
    query = select(entity_forms.c.used_as, entity_forms.c.form)
    known = {tuple(row) for row in among(connection, query, entity_forms.c.form, {form for _, form in printed})}
    readings = [_unprinted(*one) for one in sorted(printed - known)]
    given = {decision.split_off for decision in decisions if decision.split_off is not None}
    readings += [_unprinted(NAME, name) for name in sorted(given)]
    return write_forms(connection, readings)[1]


def _unprinted(used_as: str, form: str) -> FormRow:
    if used_as == TAG:
        return reading_of_tag(canonical_tag(form))
    if used_as == NAME:
        return _reading(NAME, form, form, tag_key(form), None, 1.0)
    return reading_of_source(Source(form, nominative(form).name))


def entity_ids(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Return the ids of entities by their keys."""
    return {row.key: row.id for row in among(connection, select(entities.c.key, entities.c.id), entities.c.key, keys)}

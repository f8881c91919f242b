"""The tags and sources of articles: written with each version, and taken away with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from armcrawl.store.base import schema
from armcrawl.store.base.enumerations import NAME, SPLIT
from armcrawl.store.base.sql import among
from armcrawl.store.entities.evidence import (
    USES,
    abbreviations_of,
    forget_abbreviations,
    forget_addresses,
    write_abbreviations,
    write_addresses,
)
from armcrawl.store.entities.facts import decision_query
from armcrawl.store.entities.forms import FormRow, identity_of, reading_of_source, reading_of_tag, write_forms
from armcrawl.store.entities.grouping import Decision, Splits
from armcrawl.store.entities.regrouping import USED_IN, forget_forms, regroup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from armcrawl.items import Article

entity_forms, decisions = schema.entity_forms, schema.entity_decisions


@dataclass(frozen=True, slots=True)
class Evidence:
    """What some articles say of entities: the forms that they print, and the abbreviations that they explain."""

    form_ids: frozenset[int] = frozenset()
    abbreviations: frozenset[tuple[str, str]] = frozenset()


def evidence_of(connection: Connection, article_ids: Collection[int]) -> Evidence:
    """Return what articles say now, to be handed to `forget` when they do not any more."""
    forms = {
        row.form_id
        for table in USES
        for row in among(connection, select(table.c.form_id), table.c.article_id, article_ids)
    }
    return Evidence(frozenset(forms), frozenset(abbreviations_of(connection, article_ids)))


def forget(connection: Connection, before: Evidence) -> None:
    """Forget what articles said and no article says any more."""
    told = forget_addresses(connection, before.form_ids)
    told |= forget_abbreviations(connection, before.abbreviations)
    regroup(connection, told)
    forget_forms(connection, before.form_ids)


def link_entities(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write the tags and sources of new versions, by the id of their article."""
    uses = list(_uses(links))
    ids, news = write_forms(connection, [reading for reading, _ in uses])
    for reading, row in uses:
        row["form_id"] = ids[identity_of(reading)]
    pairs = {(row["address"], row["form_id"]) for _, row in uses if row["address"]}
    told = write_addresses(connection, pairs) | write_abbreviations(connection, links)
    regroup(connection, news | told)
    _insert(connection, uses)
    if news:
        forget_forms(connection, _read_otherwise(connection, news))


def readings_of(articles: Iterable[Article]) -> list[FormRow]:
    """Return how tags and sources of articles are read, without a look at the database."""
    return [reading for reading, _ in _uses([(0, article) for article in articles])]


def _uses(links: Sequence[tuple[int, Article]]) -> Iterator[tuple[FormRow, dict[str, Any]]]:
    """Yield each tag and source as it is read, with its row."""
    for article_id, article in links:
        for position, tag in enumerate(article.tags):
            yield reading_of_tag(tag), {"article_id": article_id, "position": position, "address": tag.address}
        for position, source in enumerate(article.attribution.sources if article.attribution else ()):
            row = {"article_id": article_id, "position": position, "address": source.address}
            yield reading_of_source(source), row | {"kind": source.kind}


def _insert(connection: Connection, uses: Sequence[tuple[FormRow, dict[str, Any]]]) -> None:
    """Insert the rows of uses, each with the entity of its form, or the one that a person gave it to."""
    query = select(entity_forms.c.id, entity_forms.c.entity_id)
    meant = dict(tuple(row) for row in among(connection, query, entity_forms.c.id, {row["form_id"] for _, row in uses}))
    splits, given, keys = _narrow_splits(connection, uses)
    rows: dict[str, list[dict[str, Any]]] = {used_as: [] for used_as in USED_IN}
    for reading, row in uses:
        printed = reading["used_as"], reading["form"]
        is_split = printed in splits.narrow
        name = splits.name_of(printed, row["address"], keys[row["article_id"]]) if is_split else None
        entity_id = given[name] if name is not None else meant[row["form_id"]]
        rows[reading["used_as"]].append(row | {"entity_id": entity_id})
    for used_as, some in rows.items():
        if some:
            connection.execute(insert(USED_IN[used_as]), some)


def _narrow_splits(
    connection: Connection, uses: Sequence[tuple[FormRow, dict[str, Any]]]
) -> tuple[Splits, Mapping[str, int], Mapping[int, str]]:
    """Return the splits of forms that are used, the entities of the names they give, and the articles' keys."""
    forms = {reading["form"] for reading, _ in uses}
    query = decision_query().where(decisions.c.action == SPLIT)
    found = [Decision(*row) for row in among(connection, query, decisions.c.form, forms)]
    splits = Splits(sorted(found, key=lambda one: one.number))
    if not splits.narrow:
        return splits, {}, {}
    names = select(entity_forms.c.form, entity_forms.c.entity_id).where(entity_forms.c.used_as == NAME)
    given = among(connection, names, entity_forms.c.form, {one.name for one in found})
    articles = select(schema.articles.c.id, schema.articles.c.key)
    keys = among(connection, articles, schema.articles.c.id, {row["article_id"] for _, row in uses})
    return splits, dict(tuple(row) for row in given), dict(tuple(row) for row in keys)


def _read_otherwise(connection: Connection, form_ids: Collection[int]) -> set[int]:
    """Return other readings of the forms of some rows."""
    forms = {row.form for row in among(connection, select(entity_forms.c.form), entity_forms.c.id, form_ids)}
    found = {row.id for row in among(connection, select(entity_forms.c.id), entity_forms.c.form, forms)}
    return found - set(form_ids)

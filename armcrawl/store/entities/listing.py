"""What people look at to decide: entities with their forms and why these are one, and what is doubtful."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, exists, func, literal, or_, select, union, union_all

from armcrawl.errors import UsageError
from armcrawl.items import Kind
from armcrawl.russian.bodies import body_of
from armcrawl.russian.names.nominative import nominative
from armcrawl.russian.same_name import quoted_name
from armcrawl.russian.sources import source_key
from armcrawl.russian.tags import DOUBTFUL, tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading
from armcrawl.store.base.enumerations import NAME
from armcrawl.store.base.sql import among, by_bytes
from armcrawl.store.entities.evidence import USES
from armcrawl.store.entities.facts import facts_about, form_query, is_one_name
from armcrawl.store.entities.grouping import Form
from armcrawl.store.entities.regrouping import USED_IN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection, Engine, Select

entities, entity_forms, entity_addresses = schema.entities, schema.entity_forms, schema.entity_addresses
decisions, abbreviations, articles = schema.entity_decisions, schema.abbreviations, schema.articles
# Neither database holds these, so nothing is called so, and PostgreSQL takes no question about them.
NO_LETTERS = re.compile("[\0\ud800-\udfff]")
# So many articles, or names, tell what it is about.
MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity: how many articles name it, how many of them as a tag and as a source, and in how many forms."""

    name: str
    key: str
    kind: str | None
    articles: int
    as_tag: int
    as_source: int
    forms: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A printed form, what the parser makes of it, and where it is printed."""

    used_as: str
    form: str
    name: str
    confidence: float | None
    articles: int
    addresses: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """An address that unrelated names link to: how many, and some of them."""

    address: str
    forms: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A name, or an abbreviation, that may mean several: which ones."""

    name: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What is doubtful: names, addresses that tell nothing, names of several firms, abbreviations of several names."""

    forms: list[FormRow]
    addresses: list[SharedAddress]
    names: list[Ambiguous]
    abbreviations: list[Ambiguous]


def list_entities(engine: Engine, containing: str | None, kind: str | None, limit: int) -> list[EntityRow]:
    """Return the entities that most articles name, at most so many (0 for all)."""
    query = _entities()
    if containing:
        is_named = entities.c.name.icontains(containing, autoescape=True)
        if part := tag_key(containing):  # signs alone have none, and an empty one would be a part of any
            is_named = or_(is_named, entities.c.key.contains(part, autoescape=True))
        query = query.where(is_named)
    if kind:
        query = query.where(entities.c.kind == kind)
    with reading(engine) as connection:
        names = (by_bytes(connection, entities.c.name), by_bytes(connection, entities.c.key))
        query = query.order_by(query.selected_columns.articles.desc(), *names)
        return [EntityRow(*row) for row in connection.execute(query.limit(limit) if limit else query)]


def show_entity(engine: Engine, named: str) -> tuple[EntityRow, list[FormRow], list[str]]:
    """Return an entity, its forms, the most frequent first, and why these are one.

    Raises UsageError for one that is not known.
    """
    with reading(engine) as connection:
        entity_id = find_entity(connection, named)
        [row] = entity_rows(connection, {entity_id})
        printed = (select(table.c.form_id).where(table.c.entity_id == entity_id) for table in USES)
        own = union(select(entity_forms.c.id).where(entity_forms.c.entity_id == entity_id), *printed)
        query = form_query().where(entity_forms.c.id.in_(own), entity_forms.c.used_as != NAME)
        forms = [Form(*one) for one in connection.execute(query)]
        rows = [_form_row(connection, form, entity_id) for form in forms]
        reasons = list(_reasons(connection, [form for form in forms if form.entity_id == entity_id]))
    return row, sorted(rows, key=lambda one: (-one.articles, one.form, one.used_as)), reasons


def entity_rows(connection: Connection, ids: Collection[int]) -> list[EntityRow]:
    """Return some entities, by their key."""
    rows = connection.execute(_entities(ids).where(entities.c.id.in_(ids)))
    return sorted((EntityRow(*row) for row in rows), key=lambda one: one.key)


def _entities(ids: Collection[int] | None = None) -> Select[Any]:
    """Return the query for entities, of `ids` or all, with how many articles name each, and in how many forms."""
    parts = []
    for used_as, table in USED_IN.items():
        use = select(table.c.entity_id, table.c.article_id, literal(used_as).label("used_as"))
        parts.append(use if ids is None else use.where(table.c.entity_id.in_(ids)))
    uses = union_all(*parts).subquery("uses")
    numbers = [func.count(func.distinct(case((uses.c.used_as == used_as, uses.c.article_id)))) for used_as in USED_IN]
    forms = (
        select(func.count())
        .where(entity_forms.c.entity_id == entities.c.id, entity_forms.c.used_as != NAME)
        .correlate(entities)
        .scalar_subquery()
    )
    return (
        select(
            entities.c.name,
            entities.c.key,
            entities.c.kind,
            func.count(func.distinct(uses.c.article_id)).label("articles"),
            *numbers,
            forms,
        )
        .outerjoin(uses, uses.c.entity_id == entities.c.id)
        .group_by(entities.c.id)
    )


def find_entity(connection: Connection, named: str) -> int:
    """Return the id of the entity with a name, key or printed form; raises UsageError for none, and for several."""
    ids = entities_called(connection, named)
    if len(ids) == 1:
        return ids[0]
    if ids:
        keys = sorted(connection.execute(select(entities.c.key).where(entities.c.id.in_(ids))).scalars())
        raise UsageError(f"{named!r} is several: name one by its key, {' or '.join(map(repr, keys))}.")
    raise UsageError(f"There is no entity {named!r}: `armcrawl entities list --contains ...` finds it.")


def entities_called(connection: Connection, named: str) -> list[int]:
    """Return the id of the entity with a name, key or printed form; of several that may be meant all, of none none."""
    if NO_LETTERS.search(named):
        return []
    several: list[int] = []
    for query in _queries_for(connection, named):
        ids: list[int] = sorted(set(connection.execute(query).scalars()))
        if len(ids) == 1:
            return ids
        several = several or ids
    return several


def names_given(connection: Connection, named: str) -> list[str]:
    """Return the names that people and the table of bodies give, and no article prints, of which one is a spelling."""
    spellings = {named, nominative(named).name}
    keys = {key_of(one) for one in spellings for key_of in (tag_key, source_key)}
    given = connection.execute(select(decisions.c.name).where(decisions.c.name.is_not(None)).distinct()).scalars()
    names = {name for name in given if not keys.isdisjoint((tag_key(name), source_key(name)))}
    return sorted(names | {body.name for key in keys if (body := body_of(key)) is not None})


def _queries_for(connection: Connection, named: str) -> Iterator[Select[Any]]:
    """Yield the queries for an entity, those that mean just one before others.

    Key, name, form as printed; then any spelling of a given name, and any case of a form.
    """
    of_entity, of_form = select(entities.c.id), select(entity_forms.c.entity_id)
    yield of_entity.where(entities.c.key == named)
    yield of_entity.where(entities.c.name == named)
    yield of_entity.where(entities.c.key == tag_key(named))
    yield of_form.where(entity_forms.c.form == named)
    yield of_entity.where(entities.c.name.in_(names_given(connection, named)))
    yield of_form.where(entity_forms.c.key == tag_key(named))
    yield of_form.where(entity_forms.c.key == tag_key(nominative(named).name))


def _form_row(connection: Connection, form: Form, entity_id: int | None = None) -> FormRow:
    table = USED_IN[form.used_as]
    where = table.c.form_id == form.id
    if entity_id is not None:
        where &= table.c.entity_id == entity_id
    number = connection.execute(select(func.count(func.distinct(table.c.article_id))).where(where)).scalar_one()
    addresses = select(table.c.address).where(where, table.c.address.is_not(None)).distinct()
    examples = select(articles.c.key).join(table, table.c.article_id == articles.c.id).where(where).distinct()
    newest = examples.add_columns(articles.c.id).order_by(articles.c.id.desc()).limit(MAX_EXAMPLES)
    return FormRow(
        form.used_as,
        form.form,
        form.name,
        form.confidence,
        number,
        tuple(sorted(connection.execute(addresses).scalars())),
        tuple(row.key for row in connection.execute(newest)),
    )


def _reasons(connection: Connection, forms: Collection[Form]) -> Iterator[str]:
    """Yield a sentence for each piece of evidence, and each decision, that makes forms one."""
    facts = facts_about(connection, [form.id for form in forms])
    names = {form.id: form for form in forms}
    keys, printed = {form.key for form in forms}, {form.printed for form in forms}
    for name in sorted({body.name for key in keys if (body := body_of(key)) is not None}):
        yield f"The table of bodies: {name}"
    for name, meant in sorted(_by_quoted_name(forms).items()):
        if len(meant) > 1:
            yield f"The name {name}, with and without what stands before it"
    for address, ids in sorted(facts.addresses.items()):
        if len({names[one].key for one in ids if one in names}) > 1:
            yield f"The address {address}"
    for abbreviation, expansion in sorted(facts.abbreviations):
        if {abbreviation, expansion} <= keys:
            yield f"A text that explains the abbreviation: {expansion} ({abbreviation})"
    for decision in facts.decisions:
        if decision.printed & printed:
            yield f"Decision {decision.number} of {decision.decided_by}: {decision.action}"


def _by_quoted_name(forms: Collection[Form]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for form in forms:
        if quoted := quoted_name(form.name):
            found[quoted.key].add(form.key)
    return found


def review(engine: Engine, limit: int) -> Review:
    """Return what is doubtful and not decided: of each sort the most frequent first, at most so many (0 for all)."""
    with reading(engine) as connection:
        decided = {
            form for row in connection.execute(select(decisions.c.form, decisions.c.other)) for form in row if form
        }
        cut = slice(limit or None)
        return Review(
            _doubtful(connection, limit),
            _shared_addresses(connection, limit),
            list(_firms_of_one_name(connection, decided))[cut],
            list(_abbreviations_of_several(connection))[cut],
        )


def _doubtful(connection: Connection, limit: int) -> list[FormRow]:
    number = func.count()
    # No NOT IN: only a merge has an `other`, and nothing is outside of a list with NULL.
    is_decided = or_(*(exists().where(named == entity_forms.c.form) for named in (decisions.c.form, decisions.c.other)))
    query = (
        select(entity_forms.c.id)
        .join(schema.article_tags, schema.article_tags.c.form_id == entity_forms.c.id)
        .where(entity_forms.c.confidence < DOUBTFUL, ~is_decided)
        .group_by(entity_forms.c.id, entity_forms.c.form)
        .order_by(number.desc(), entity_forms.c.form)
    )
    ids = list(connection.execute(query.limit(limit) if limit else query).scalars())
    forms = {row.id: Form(*row) for row in among(connection, form_query(), entity_forms.c.id, ids)}
    return [_form_row(connection, forms[one]) for one in ids]


def _shared_addresses(connection: Connection, limit: int) -> list[SharedAddress]:
    columns, number = entity_addresses.c, func.count()
    query = select(columns.address, number).where(~columns.is_evidence).group_by(columns.address)
    query = query.order_by(number.desc(), columns.address)
    rows = connection.execute(query.limit(limit) if limit else query).all()
    return [SharedAddress(address, forms, names_at(connection, address)) for address, forms in rows]


def names_at(connection: Connection, address: str) -> tuple[str, ...]:
    """Return some names that link to an address, in their order."""
    query = (
        select(entity_forms.c.name)
        .join(entity_addresses, entity_addresses.c.form_id == entity_forms.c.id)
        .where(entity_addresses.c.address == address)
        .distinct()
        .order_by(entity_forms.c.name)
        .limit(MAX_EXAMPLES)
    )
    return tuple(connection.execute(query).scalars())


def _firms_of_one_name(connection: Connection, decided: set[str]) -> Iterator[Ambiguous]:
    """Yield the names that stand alone, and may be of others: АО «Салют» and ООО «Салют», or завод «Салют» alone."""
    own = entity_forms.c
    is_full = own.quoted_name.is_not(None) & (own.quoted_name != own.key)
    full: dict[str, list[Form]] = defaultdict(list)
    for row in connection.execute(form_query().add_columns(own.quoted_name).where(is_full)):
        full[row.quoted_name].append(Form(*row[:-1]))
    bare: dict[str, list[Form]] = defaultdict(list)
    for row in connection.execute(form_query().where(own.key.in_(select(own.quoted_name).where(is_full)))):
        form = Form(*row)
        # In small letters it is a thing, which firms are called after.
        if form.kind in (None, Kind.ORGANISATION) and not form.name[:1].islower():
            bare[form.key].append(form)
    for name, forms in sorted(bare.items()):
        meant = {form.entity_id for form in forms}
        others = sorted({form.name for form in full[name] if form.entity_id not in meant})
        # A decision about one case of it is about all.
        if others and decided.isdisjoint(form.form for form in forms):
            yield Ambiguous(min(form.name for form in forms), tuple(others[:MAX_EXAMPLES]))


def _abbreviations_of_several(connection: Connection) -> Iterator[Ambiguous]:
    """Yield the abbreviations, of those that are forms, that texts explain in several ways."""
    pair = select(abbreviations.c.abbreviation, abbreviations.c.expansion).distinct()
    is_form = entity_forms.c.key == abbreviations.c.abbreviation
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(pair.where(select(entity_forms.c.id).where(is_form).exists())):
        found[row.abbreviation].append(row.expansion)
    for abbreviation, meanings in sorted(found.items()):
        if not is_one_name(meanings):
            yield Ambiguous(abbreviation, tuple(sorted(meanings)[:MAX_EXAMPLES]))

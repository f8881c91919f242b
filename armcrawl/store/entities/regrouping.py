"""Which entity each printed form means: kept true as articles come and go, and people decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, literal, or_, select, update

from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing_a_piece
from armcrawl.store.base.enumerations import NAME, SOURCE, SPLIT, TAG
from armcrawl.store.base.sql import among, chunks, insert_for, upsert, write_among
from armcrawl.store.entities.evidence import USES, forget_addresses, reread_addresses
from armcrawl.store.entities.facts import decisions_in, facts_about
from armcrawl.store.entities.forms import entity_ids, write_decided_forms
from armcrawl.store.entities.grouping import Decision, Splits, group

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Engine, Table

    from armcrawl.store.entities.grouping import Form, Group, Printed

entities, entity_forms, entity_addresses = schema.entities, schema.entity_forms, schema.entity_addresses
decisions = schema.entity_decisions
USED_IN: dict[str, Table] = {TAG: schema.article_tags, SOURCE: schema.article_sources}


def regroup(connection: Connection, form_ids: Collection[int], taken_back: Collection[Printed] = ()) -> None:
    """Have some forms, and all that may be one with them, mean what evidence and decisions say.

    `taken_back` are forms that had uses given to another entity by a decision that is gone.
    """
    if not form_ids:
        return
    facts = facts_about(connection, form_ids)
    groups = group(facts)
    ids, renamed = _write_groups(connection, groups)
    splits = Splits(facts.decisions)
    meant = {form: ids[one.key] for one in groups for form in one.forms}
    given = {form.form: entity_id for form, entity_id in meant.items() if form.used_as == NAME}
    touched = {*ids.values(), *(form.entity_id for form in meant)}
    for form, entity_id in meant.items():
        is_other = form.entity_id != entity_id
        if is_other:
            connection.execute(update(entity_forms).where(entity_forms.c.id == form.id).values(entity_id=entity_id))
        if form.used_as in USED_IN and (is_other or form.printed in splits.narrow or form.printed in taken_back):
            touched |= _repoint(connection, form, _of_uses(form, splits, entity_id, given))
    for table in USES:
        for some in chunks(sorted(renamed)):
            leave_unindexed(connection, table, table.c.entity_id.in_(some))
    forget_unused(connection, touched)


def leave_unindexed(connection: Connection, table: Table, where: ColumnElement[bool]) -> None:
    """Have the articles of some uses wait to be indexed: what they name is called otherwise from now on."""
    unindexed = schema.unindexed
    found = insert_for(connection, unindexed).from_select(
        [unindexed.c.article_id], select(table.c.article_id).where(where).distinct()
    )
    connection.execute(found.on_conflict_do_nothing())


def _write_groups(connection: Connection, groups: Sequence[Group]) -> tuple[dict[str, int], set[int]]:
    """Write entities; return their ids by key, and those that are called otherwise than before.

    An entity keeps its id as long as it keeps its key.
    """
    names = ("name", "slug", "kind")
    rows = {one.key: {name: getattr(one, name) for name in ("key", *names)} for one in groups}
    query = select(*(entities.c[name] for name in ("key", *names)))
    present = {row.key: row._asdict() for row in among(connection, query, entities.c.key, rows)}
    upsert(connection, entities, [row for key, row in rows.items() if row != present.get(key)], ("key",), names)
    ids = entity_ids(connection, rows)
    return ids, {ids[key] for key, row in present.items() if row["name"] != rows[key]["name"]}


def _repoint(connection: Connection, form: Form, target: ColumnElement[int]) -> set[int]:
    """Have the uses of a form point to their entity, those that did not; return to which ones they pointed before."""
    table = USED_IN[form.used_as]
    where = (table.c.form_id == form.id) & (table.c.entity_id != target)
    before = set(connection.execute(select(table.c.entity_id).where(where).distinct()).scalars())
    if before:
        leave_unindexed(connection, table, where)
        connection.execute(update(table).where(where).values(entity_id=target))
    return before


def _of_uses(form: Form, splits: Splits, entity_id: int, given: Mapping[str, int]) -> ColumnElement[int]:
    """Return what tells the entity of a use: the narrowest split that is about it."""
    table = USED_IN[form.used_as]
    cases = [(_is_about(table, one), given[one.name or ""]) for one in splits.narrow.get(form.printed, ())]
    return case(*cases, else_=entity_id) if cases else literal(entity_id)


def _is_about(table: Table, split: Decision) -> ColumnElement[bool]:
    article = select(schema.articles.c.id).where(schema.articles.c.key == split.article).scalar_subquery()
    conditions = []
    if split.address is not None:
        conditions.append(table.c.address == split.address)
    if split.article is not None:
        conditions.append(table.c.article_id == article)
    return and_(*conditions)


def forget_unused(connection: Connection, ids: Collection[int]) -> None:
    """Delete entities, of some, that no form means and no article names."""
    write_among(connection, delete(entities).where(_IS_UNUSED), entities.c.id, ids)


_IS_UNUSED = ~or_(*(exists().where(table.c.entity_id == entities.c.id) for table in (entity_forms, *USES)))


def forget_forms(connection: Connection, form_ids: Collection[int], taken_back: Collection[Printed] = ()) -> None:
    """Delete forms, of some, that no article prints and no decision needs, and regroup what they were one with.

    A form that a decision names is kept, so that what was decided outlives the article, unless articles print it
    with another reading.
    """
    needless = select(entity_forms.c.id).where(_IS_NEEDLESS)
    gone = {row.id for row in among(connection, needless, entity_forms.c.id, form_ids)}
    if not gone and not taken_back:
        return
    around = facts_about(connection, form_ids if taken_back else gone).forms
    told = forget_addresses(connection, gone)
    write_among(connection, delete(entity_forms), entity_forms.c.id, gone)
    regroup(connection, told.union(form.id for form in around) - gone, taken_back)
    forget_unused(connection, {form.entity_id for form in around})


def _is_printed(form_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(*(exists().where(table.c.form_id == form_id) for table in USES))


def _needless() -> ColumnElement[bool]:
    other, own = entity_forms.alias(), entity_forms.c
    is_read_otherwise = exists().where(
        other.c.form == own.form, other.c.used_as == own.used_as, other.c.id != own.id, _is_printed(other.c.id)
    )
    is_named = or_(
        exists().where(decisions.c.form == own.form, decisions.c.used_as == own.used_as),
        exists().where(decisions.c.other == own.form, decisions.c.other_used_as == own.used_as),
    )
    is_given = (own.used_as == NAME) & exists().where(decisions.c.name == own.form, decisions.c.action == SPLIT)
    return ~_is_printed(own.id) & ~is_given & ~(is_named & ~is_read_otherwise)


_IS_NEEDLESS = _needless()


def regroup_all(engine: Engine) -> None:
    """Have all forms mean what evidence and decisions say, some at a time, and forget what nothing needs."""
    with writing_a_piece(engine) as connection:
        write_decided_forms(connection, decisions_in(connection))
        connection.execute(delete(entity_forms).where(_IS_NEEDLESS))
    with reading(engine) as connection:
        addresses = set[str]()
        for table in (entity_addresses, *USES):
            linked = select(table.c.address).where(table.c.address.is_not(None)).distinct()
            addresses.update(connection.execute(linked).scalars())
        forms = list(connection.execute(select(entity_forms.c.id).order_by(entity_forms.c.form)).scalars())
    for some in chunks(sorted(addresses)):
        with writing_a_piece(engine) as connection:
            reread_addresses(connection, some)
    for some in chunks(forms):
        with writing_a_piece(engine) as connection:
            regroup(connection, some)
    with writing_a_piece(engine) as connection:
        connection.execute(delete(entities).where(_IS_UNUSED))

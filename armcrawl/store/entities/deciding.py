"""What people decide of entities: merge, split, rename, kind, and take back.

A decision names printed forms, which no parser changes: so it outlives every re-extraction. It is kept as a row, and
undone by deleting that row. What is only shown is done and rolled back: a preview tells what will come of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from armcrawl import clock
from armcrawl.errors import UsageError
from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.enumerations import KIND, MERGE, NAME, RENAME, SPLIT
from armcrawl.store.base.sql import among, write_among
from armcrawl.store.entities.facts import decision_query, decisions_in, form_query
from armcrawl.store.entities.forms import write_decided_forms
from armcrawl.store.entities.grouping import Decision, Form
from armcrawl.store.entities.listing import EntityRow, entity_rows, find_entity
from armcrawl.store.entities.regrouping import USED_IN, forget_forms, regroup

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy import ColumnElement, Connection, Engine


entities, entity_forms, decisions = schema.entities, schema.entity_forms, schema.entity_decisions


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision is about, before it and after it, and its number."""

    number: int
    before: list[EntityRow]
    after: list[EntityRow]


class _PreviewError(Exception):
    """Ends the transaction of what is only shown, without a trace."""


def merge(engine: Engine, named: str, other: str, decided_by: str, *, is_applied: bool = True) -> Decided:
    """Have two entities be one, under the first one's name; raises UsageError if they are, or if there is none."""

    def decide(connection: Connection) -> dict[str, Any]:
        one, two = find_entity(connection, named), find_entity(connection, other)
        if one == two:
            raise UsageError(f"{named!r} and {other!r} are one entity already.")
        name = connection.execute(select(entities.c.name).where(entities.c.id == one)).scalar_one()
        first, second = _form_of(connection, one, named), _form_of(connection, two, other)
        return _about(first) | {"other_used_as": second.used_as, "other": second.form, "name": name}

    return _decide(engine, MERGE, decided_by, decide, is_applied=is_applied)


def split(
    engine: Engine,
    form: str,
    decided_by: str,
    name: str | None = None,
    address: str | None = None,
    article: str | None = None,
    *,
    used_as: str | None = None,
    is_applied: bool = True,
) -> Decided:
    """Have a printed form be an entity of its own, or some uses of it.

    Without a name it gets that of the form, with the next free number: «Иван Петров (2)». A name that another entity
    has gives the form to that one. `used_as` tells tags from sources, where both print the form.

    Raises UsageError where nothing prints it.
    """

    def decide(connection: Connection) -> dict[str, Any]:
        wanted = None if name is None else _typed(name)
        known = _printed(connection, form, used_as)
        table = USED_IN[known.used_as]
        columns = entity_forms.c
        readings = select(columns.id).where(columns.form == form, columns.used_as == known.used_as)
        where: ColumnElement[bool] = table.c.form_id.in_(readings)
        if address is not None:
            where &= table.c.address == address
        if article is not None:
            where &= table.c.article_id.in_(select(schema.articles.c.id).where(schema.articles.c.key == article))
        if connection.execute(select(table.c.form_id).where(where).limit(1)).scalar() is None:
            raise UsageError(f"Nothing prints {form!r} there: `armcrawl entities show` tells where it stands.")
        given = {"name": wanted or _free_name(connection, known.name), "address": address, "article": article}
        return _about(known) | given

    return _decide(engine, SPLIT, decided_by, decide, is_applied=is_applied)


def rename(engine: Engine, named: str, name: str, decided_by: str, *, is_applied: bool = True) -> Decided:
    """Have an entity be called otherwise; raises UsageError if there is none, or if another is called so."""

    def decide(connection: Connection) -> dict[str, Any]:
        given, entity_id = _typed(name), find_entity(connection, named)
        others = select(entities.c.id).where(entities.c.name == given, entities.c.id != entity_id)
        if connection.execute(others.limit(1)).first() is not None:
            raise UsageError(f"{given!r} is another entity: `armcrawl entities merge` makes one of both.")
        return _about(_form_of(connection, entity_id, named)) | {"name": given}

    return _decide(engine, RENAME, decided_by, decide, is_applied=is_applied)


def set_kind(engine: Engine, named: str, kind: str | None, decided_by: str, *, is_applied: bool = True) -> Decided:
    """Have an entity be of a kind; None for what nobody can tell."""

    def decide(connection: Connection) -> dict[str, Any]:
        return _about(_form_of(connection, find_entity(connection, named), named)) | {"kind": kind}

    return _decide(engine, KIND, decided_by, decide, is_applied=is_applied)


def undo(engine: Engine, number: int, *, is_applied: bool = True) -> Decided:
    """Take a decision back; raises UsageError for one that is not known."""

    def take_back(connection: Connection) -> Decided:
        row = connection.execute(decision_query().where(decisions.c.id == number)).one_or_none()
        if row is None:
            raise UsageError(f"There is no decision {number}: `armcrawl entities decisions` lists them.")
        forms = _forms_named(connection, [Decision(*row)])
        ids = _entities_of(connection, forms)
        before = entity_rows(connection, ids)
        _take_back(connection, [Decision(*row)])
        return Decided(number, before, entity_rows(connection, ids | _entities_of(connection, forms)))

    return _in_transaction(engine, take_back, is_applied=is_applied)


def all_decisions(engine: Engine) -> list[Decision]:
    """Return what people decided, in its order."""
    with reading(engine) as connection:
        return decisions_in(connection)


def forget_decisions(connection: Connection, article: str, form_ids: Collection[int]) -> None:
    """Forget what was decided of an article that is taken down, and of some forms that no article prints now."""
    used = {
        row.form_id
        for table in USED_IN.values()
        for row in among(connection, select(table.c.form_id).distinct(), table.c.form_id, form_ids)
    }
    gone = [Form(*row) for row in among(connection, form_query(), entity_forms.c.id, set(form_ids) - used)]
    query, forms = decision_query(), {form.form for form in gone}
    rows = [
        *connection.execute(query.where(decisions.c.article == article)),
        *among(connection, query, decisions.c.form, forms),
        *among(connection, query, decisions.c.other, forms),
    ]
    printed = {form.printed for form in gone}
    found = {row.id: Decision(*row) for row in rows}.values()
    _take_back(connection, [one for one in found if one.article == article or one.printed & printed])


def _decide(
    engine: Engine, action: str, decided_by: str, values_of: Callable[[Connection], dict[str, Any]], *, is_applied: bool
) -> Decided:
    def decide(connection: Connection) -> Decided:
        row = {"action": action, "decided_by": decided_by, "decided_at": clock.now(), **values_of(connection)}
        number: int = connection.execute(insert(decisions).returning(decisions.c.id), row).scalar_one()
        decision = Decision(*connection.execute(decision_query().where(decisions.c.id == number)).one())
        forms = _forms_named(connection, [decision])
        ids = _entities_of(connection, forms)
        before = entity_rows(connection, ids)
        forms |= write_decided_forms(connection, [decision])
        regroup(connection, forms | _forms_named(connection, [decision]))
        return Decided(number, before, entity_rows(connection, ids | _entities_of(connection, forms)))

    return _in_transaction(engine, decide, is_applied=is_applied)


def _in_transaction(engine: Engine, work: Callable[[Connection], Decided], *, is_applied: bool) -> Decided:
    try:
        with writing(engine) as connection:
            decided = work(connection)
            if not is_applied:
                raise _PreviewError
    except _PreviewError:
        pass
    return decided


def _take_back(connection: Connection, taken: Collection[Decision]) -> None:
    """Delete decisions, and regroup what they named."""
    if not taken:
        return
    forms = _forms_named(connection, taken)
    write_among(connection, delete(decisions), decisions.c.id, [one.number for one in taken])
    forget_forms(connection, forms, {printed for one in taken for printed in one.printed})


def _forms_named(connection: Connection, named: Iterable[Decision]) -> set[int]:
    """Return the forms that decisions name, and those of the names that they give."""
    wanted = {printed for one in named for printed in one.printed}
    wanted |= {(NAME, one.split_off) for one in named if one.split_off is not None}
    query = select(entity_forms.c.id, entity_forms.c.used_as, entity_forms.c.form)
    rows = among(connection, query, entity_forms.c.form, {form for _, form in wanted})
    return {row.id for row in rows if (row.used_as, row.form) in wanted}


def _entities_of(connection: Connection, form_ids: Collection[int]) -> set[int]:
    query = select(entity_forms.c.entity_id)
    return {row.entity_id for row in among(connection, query, entity_forms.c.id, form_ids)}


def _about(form: Form) -> dict[str, Any]:
    return {"used_as": form.used_as, "form": form.form}


def _typed(name: str) -> str:
    """Return a name that a person typed, in one line."""
    if not any(map(str.isalnum, name)):
        raise UsageError("A name needs a letter or a digit.")
    return " ".join(name.split())


def _form_of(connection: Connection, entity_id: int, named: str) -> Form:
    """Return the form that stands for an entity in decisions: the one a person named it by, or the surest."""
    columns = entity_forms.c
    query = form_query().where(columns.entity_id == entity_id)
    forms = [Form(*row) for row in connection.execute(query)]
    return min(forms, key=lambda one: (one.form != named, one.used_as == NAME, -(one.confidence or 0), one.printed))


def _printed(connection: Connection, form: str, used_as: str | None) -> Form:
    """Return the row of a printed form; raises UsageError for one that is not printed, or both as tag and source."""
    rows = connection.execute(form_query().where(entity_forms.c.form == form, entity_forms.c.used_as != NAME))
    found = {one.used_as: one for row in rows if (one := Form(*row)).used_as == (used_as or one.used_as)}
    if not found:
        raise UsageError(f"No article prints {form!r}: `armcrawl entities show` lists the forms of an entity.")
    if len(found) > 1:
        raise UsageError(f"{form!r} is printed as a tag and as a source: say with --as which is meant.")
    return found.popitem()[1]


def _free_name(connection: Connection, name: str) -> str:
    def is_taken(key: str) -> bool:
        return connection.execute(select(entities.c.id).where(entities.c.key == key)).first() is not None

    return next(free for number in count(2) if not is_taken(tag_key(free := f"{name} ({number})")))

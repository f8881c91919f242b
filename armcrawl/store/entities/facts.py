"""What is known of some printed forms and of all that may be one with them: as few rows as answer it."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from armcrawl.russian.bodies import body_of
from armcrawl.russian.same_name import is_same_name, quoted_name
from armcrawl.store.base.enumerations import NAME, SPLIT
from armcrawl.store.base.schema import abbreviations, entity_addresses, entity_decisions, entity_forms
from armcrawl.store.base.sql import among
from armcrawl.store.entities.grouping import Decision, Facts, Form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Column, Connection, Select

FORM_COLUMNS = [entity_forms.c[name] for name in Form.__match_args__]
DECISION_COLUMNS = [
    entity_decisions.c.id,
    *(entity_decisions.c[name] for name in Decision.__match_args__ if name != "number"),
]
# No entity is called by more names in the nominative; to compare each with each takes up to 0.1 s.
MAX_NAMES = 30
OF_SPLIT = entity_decisions.c.action == SPLIT


def form_query() -> Select[Any]:
    """Return the query for forms, whose rows make a Form."""
    return select(*FORM_COLUMNS)


def decision_query() -> Select[Any]:
    """Return the query for decisions in their order, whose rows make a Decision."""
    return select(*DECISION_COLUMNS).order_by(entity_decisions.c.id)


def decisions_in(connection: Connection) -> list[Decision]:
    """Return what people decided, in its order."""
    return [Decision(*row) for row in connection.execute(decision_query())]


def facts_about(connection: Connection, form_ids: Collection[int]) -> Facts:
    """Return the facts about some forms, and about those that may be one entity with them, now or so far."""
    known = _Known(connection)
    forms = list(among(connection, form_query(), entity_forms.c.id, form_ids))
    while forms:
        forms = known.widen([Form(*row) for row in forms])
    decisions = sorted(known.decisions.values(), key=lambda one: one.number)
    return Facts(list(known.forms.values()), known.addresses, known.abbreviations, decisions)


class _Known:
    """The facts so far; `widen` adds forms and finds the next ones."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.forms: dict[int, Form] = {}
        self.addresses: dict[str, list[int]] = {}
        self.abbreviations = set[tuple[str, str]]()
        self.decisions: dict[int, Decision] = {}
        self._asked: dict[str, set[Any]] = defaultdict(set)

    def widen(self, forms: Iterable[Form]) -> list[Any]:
        """Take forms, and return rows of others that are related to them."""
        new = [form for form in forms if form.id not in self.forms]
        self.forms |= {form.id: form for form in new}
        keys = {form.key for form in new}
        keys |= {key for one in keys if (body := body_of(one)) is not None for key in body.keys}
        keys |= self._abbreviated(keys)
        quoted = {one.key for form in new if (one := quoted_name(form.name)) is not None}
        printed, names = self._decided(new)
        found = [
            *self._having(entity_forms.c.key, keys | quoted),
            *self._having(entity_forms.c.entity_id, {form.entity_id for form in new}),
            *self._having(entity_forms.c.quoted_name, quoted),
            *self._having(entity_forms.c.id, self._linked([form.id for form in new])),
            *self._having(entity_forms.c.form, names | {form for _, form in printed}),
        ]
        return [row for row in found if row.id not in self.forms]

    def _having(self, column: Column[Any], values: Collection[Any]) -> Iterator[Any]:
        """Yield the forms whose column has one of some values that were not asked for yet."""
        fresh = set(values) - self._asked[column.name]
        self._asked[column.name] |= fresh
        return among(self.connection, form_query(), column, fresh)

    def _linked(self, form_ids: Collection[int]) -> set[int]:
        """Return the forms that link to an address of some, where that is evidence."""
        query = select(entity_addresses.c.address, entity_addresses.c.form_id).where(entity_addresses.c.is_evidence)
        own = {row.address for row in among(self.connection, query, entity_addresses.c.form_id, form_ids)}
        fresh = own - self.addresses.keys()
        for row in among(self.connection, query, entity_addresses.c.address, fresh):
            self.addresses.setdefault(row.address, []).append(row.form_id)
        return {form_id for address in fresh for form_id in self.addresses[address]}

    def _abbreviated(self, keys: Collection[str]) -> set[str]:
        """Return the keys that stand for some, or that these stand for, where texts tell one meaning."""
        pairs = clear_abbreviations(self.connection, keys)
        self.abbreviations |= pairs
        return {key for pair in pairs for key in pair}

    def _decided(self, forms: Collection[Form]) -> tuple[set[tuple[str, str]], set[str]]:
        """Take the decisions about forms; return what else these name: printed forms, and names given by splits."""
        printed = {form.printed for form in forms}
        texts = {form for used_as, form in printed if used_as != NAME}
        given = {form for used_as, form in printed if used_as == NAME}
        columns = entity_decisions.c
        rows = [
            *among(self.connection, decision_query(), columns.form, texts),
            *among(self.connection, decision_query(), columns.other, texts),
            *among(self.connection, decision_query().where(OF_SPLIT), columns.name, given),
        ]
        found = {row.id: Decision(*row) for row in rows if row.id not in self.decisions}
        about = {
            number: one
            for number, one in found.items()
            if not one.printed.isdisjoint(printed) or (one.split_off is not None and one.split_off in given)
        }
        self.decisions |= about
        named = {pair for one in about.values() for pair in one.printed}
        return named, {one.split_off for one in about.values() if one.split_off is not None}


def clear_abbreviations(connection: Connection, keys: Collection[str]) -> set[tuple[str, str]]:
    """Return the abbreviations with their expansions that have to do with some keys, where there is one meaning.

    What the table of bodies knows has that meaning: a court that a text calls ФАС is not the service of that name.
    """
    pair = select(abbreviations.c.abbreviation, abbreviations.c.expansion).distinct()
    short = set(keys) | {row.abbreviation for row in among(connection, pair, abbreviations.c.expansion, keys)}
    meanings: dict[str, set[str]] = defaultdict(set)
    for row in among(connection, pair, abbreviations.c.abbreviation, short):
        meanings[row.abbreviation].add(row.expansion)
    return {
        (abbreviation, expansion)
        for abbreviation, found in meanings.items()
        if body_of(abbreviation) is None and is_one_name(found)
        for expansion in found
    }


def is_one_name(names: Collection[str]) -> bool:
    """Tell whether some names are all forms of one; too many are not."""
    return len(names) <= MAX_NAMES and all(is_same_name(one, other) for one, other in combinations(sorted(names), 2))

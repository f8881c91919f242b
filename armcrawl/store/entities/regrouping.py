"""Which tag each printed form means: kept true as articles come in, parsers change and people decide."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, literal, select, update

from armcrawl.items import Tag
from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import among, chunks, upsert, write_among
from armcrawl.store.entities.tag_addresses import reread_addresses
from armcrawl.store.entities.tag_groups import Decision, GroupedTag, Splits, group

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, Connection, Engine

tags, tag_forms, tag_addresses, article_tags = schema.tags, schema.tag_forms, schema.tag_addresses, schema.article_tags

# What a tag is called, and what the parser makes of a form of it.
TAG_COLUMNS = ("key", "name", "slug", "kind")


def read_decisions(connection: Connection) -> list[Decision]:
    """Return what people decided, in its order."""
    names = ("id", "action", "form", "other", "address", "article", "name", "decided_by", "decided_at")
    decisions = schema.tag_decisions
    rows = connection.execute(select(*(decisions.c[name] for name in names)).order_by(decisions.c.id))
    return [Decision(*row) for row in rows]


def regroup_tags(engine: Engine) -> None:
    """Have all printed forms mean what the parser, their addresses and people say, some at a time."""
    with reading(engine) as connection:
        addresses = {row.address for row in connection.execute(select(tag_addresses.c.address).distinct())}
        linked = select(article_tags.c.address).where(article_tags.c.address.is_not(None)).distinct()
        addresses |= {row.address for row in connection.execute(linked)}
        forms = list(connection.execute(select(tag_forms.c.form).order_by(tag_forms.c.form)).scalars())
    for some in chunks(sorted(addresses)):
        with writing(engine) as connection:
            reread_addresses(connection, some)
    for some in chunks(forms):
        with writing(engine) as connection:
            regroup(connection, set(some))
    with writing(engine) as connection:
        connection.execute(delete(tags).where(_is_unused()))


def forget_addresses(connection: Connection, addresses: Collection[str]) -> None:
    """Group anew the forms that link to addresses which some article has no more."""
    if not addresses:
        return
    around = _forms_with(connection, tag_addresses.c.address, addresses)
    reread_addresses(connection, addresses)
    regroup(connection, around)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Some forms, what they mean now, and all that tells what they should mean."""

    forms: dict[str, Tag]
    tag_of: dict[str, int]
    keys_at: dict[str, set[str]]
    decisions: list[Decision]


def regroup(
    connection: Connection,
    around: Collection[str],
    *,
    article_ids: Sequence[int] | None = None,
    taken_back: str | None = None,
) -> None:
    """Have some forms, and the forms related to them, mean what facts and decisions say.

    `article_ids` narrows to the uses of some articles where no form changes its tag. `taken_back` is a form that had
    uses given to another tag by a decision that is gone.
    """
    facts = _facts(connection, around)
    groups = group(facts.forms, facts.keys_at, facts.decisions)
    ids = _write_groups(connection, groups)
    left = _repoint(connection, facts, ids, article_ids, taken_back)
    forget_unused(connection, left.union(facts.tag_of.values()).difference(ids.values()))


def forget_unused(connection: Connection, tag_ids: Collection[int]) -> None:
    """Delete tags, of some, that no form means and no article has."""
    write_among(connection, delete(tags).where(_is_unused()), tags.c.id, tag_ids)


def _is_unused() -> ColumnElement[bool]:
    is_meant = select(tag_forms.c.tag_id).where(tag_forms.c.tag_id == tags.c.id).exists()
    is_linked = select(article_tags.c.tag_id).where(article_tags.c.tag_id == tags.c.id).exists()
    return ~is_meant & ~is_linked


def _facts(connection: Connection, around: Collection[str]) -> _Facts:
    decisions = read_decisions(connection)
    splits = Splits(decisions)
    names = _related(connection, set(around), decisions)
    columns = (tag_forms.c[name] for name in ("form", *TAG_COLUMNS, "confidence", "tag_id"))
    rows = list(among(connection, select(*columns), tag_forms.c.form, names))
    forms = {row.form: Tag(row.form, None, row.name, row.key, row.slug, row.kind, row.confidence) for row in rows}
    query = select(tag_addresses.c.address, tag_addresses.c.form, tag_addresses.c.is_shared)
    pairs = list(among(connection, query, tag_addresses.c.form, names))
    shared = {pair.address for pair in pairs if pair.is_shared}
    keys_at: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        is_given_away = splits.name_of(pair.form, pair.address) is not None
        if pair.address not in shared and not is_given_away and pair.form in forms:
            keys_at[pair.address].add(forms[pair.form].key)
    decisions = [one for one in decisions if one.form in names]
    return _Facts(forms, {row.form: row.tag_id for row in rows}, keys_at, decisions)


def related(connection: Connection, forms: Collection[str]) -> set[str]:
    """Return the forms that are related to some: to be asked before an article or a decision goes that relates them."""
    return _related(connection, set(forms), read_decisions(connection))


def _related(connection: Connection, names: set[str], decisions: Sequence[Decision]) -> set[str]:
    """Return the forms that may be one tag with some: by key, address, present tag, or a decision.

    A decision is about the keys of its names too: a tag that uses were given to may have no form of its own, and of a
    form that nothing prints any more a decision counts under the key of its letters.
    """
    told = [(one.forms, {tag_key(name) for name in (one.name, *one.forms)}) for one in decisions]
    named = set[str]()
    while True:
        number = len(named)
        by_form = list(among(connection, select(tag_forms.c.key, tag_forms.c.tag_id), tag_forms.c.form, names))
        keys = {row.key for row in by_form}
        own = among(connection, select(tag_addresses.c.address), tag_addresses.c.form, names)
        addresses = {row.address for row in own}
        found = names | _forms_with(connection, tag_forms.c.key, keys)
        found |= _forms_with(connection, tag_forms.c.tag_id, {row.tag_id for row in by_form})
        found |= _forms_with(connection, tag_addresses.c.address, addresses)
        for ends, about in told:
            if ends & found or about & keys or about & named:
                found |= ends
                named |= about
        found |= _forms_with(connection, tag_forms.c.key, named - keys)
        if found == names and len(named) == number:
            return names
        names = found


def _forms_with(connection: Connection, column: Column[Any], values: Collection[Any]) -> set[str]:
    """Return the forms in the rows whose column has one of the values."""
    return {row.form for row in among(connection, select(column.table.c.form), column, values)}


def _write_groups(connection: Connection, groups: Sequence[GroupedTag]) -> dict[str, int]:
    """Write the tags, and return their ids by key. A tag keeps its id as long as it keeps its key."""
    rows = {one.key: {name: getattr(one, name) for name in TAG_COLUMNS} for one in groups}
    query = select(*(tags.c[name] for name in TAG_COLUMNS))
    present = {row.key: row._asdict() for row in among(connection, query, tags.c.key, rows)}
    changed = [row for key, row in rows.items() if row != present.get(key)]
    upsert(connection, tags, changed, ("key",), ("name", "slug", "kind"))
    ids = tag_ids(connection, rows)
    return {key: ids[one.key] for one in groups for key in one.keys}


def tag_ids(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Return the ids of tags by their keys."""
    return {row.key: row.id for row in among(connection, select(tags.c.key, tags.c.id), tags.c.key, keys)}


def _repoint(
    connection: Connection,
    facts: _Facts,
    ids: Mapping[str, int],
    article_ids: Sequence[int] | None,
    taken_back: str | None,
) -> set[int]:
    """Have forms, and the articles that print them, point to their tag; return to which tags some pointed before."""
    splits = Splits(facts.decisions)
    left = set[int]()
    for form, fact in facts.forms.items():
        name = splits.name_of(form, None) if splits.is_whole(form) else None
        tag_id = ids[tag_key(name) if name is not None else fact.key]
        is_other = facts.tag_of[form] != tag_id
        if is_other:
            connection.execute(update(tag_forms).where(tag_forms.c.form == form).values(tag_id=tag_id))
        if is_other or form in splits.of_form or form == taken_back:
            target = _tag_of_uses(splits.of_form.get(form, ()), tag_id, ids)
            left |= _repoint_uses(connection, form, target, None if is_other else article_ids)
    return left


def _repoint_uses(
    connection: Connection, form: str, target: ColumnElement[int], article_ids: Sequence[int] | None
) -> set[int]:
    """Have the uses of a form, in some articles or in all, point to their tags: only those are written that did not."""
    where = (article_tags.c.form == form) & (article_tags.c.tag_id != target)
    if article_ids is not None:
        where &= article_tags.c.article_id.in_(article_ids)
    before = set(connection.execute(select(article_tags.c.tag_id).where(where).distinct()).scalars())
    if before:
        connection.execute(update(article_tags).where(where).values(tag_id=target))
    return before


def _tag_of_uses(splits: Sequence[Decision], tag_id: int, ids: Mapping[str, int]) -> ColumnElement[int]:
    """Return what tells the tag of a use: the narrowest split that is about it, of equals the latest."""
    narrow = [one for one in splits if one.address or one.article]
    narrow.sort(key=lambda one: (one.article is not None, one.address is not None))
    given = [(_is_about(one), ids[tag_key(one.name)]) for one in reversed(narrow)]
    return case(*given, else_=tag_id) if given else literal(tag_id)


def _is_about(split: Decision) -> ColumnElement[bool]:
    """Tell whether a split that is about some uses of its form is about one."""
    article = select(schema.articles.c.id).where(schema.articles.c.key == split.article).scalar_subquery()
    conditions = []
    if split.address is not None:
        conditions.append(article_tags.c.address == split.address)
    if split.article is not None:
        conditions.append(article_tags.c.article_id == article)
    return and_(*conditions)

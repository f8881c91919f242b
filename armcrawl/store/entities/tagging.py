"""Tags of articles: what printed forms mean stays true as articles come in, parsers change and people decide."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, func, insert, literal, select, update

from armcrawl.russian.tags import tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.base.sql import among, chunks, upsert
from armcrawl.store.entities.tag_groups import Decision, GroupedTag, PrintedForm, Splits, Use, group

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine

    from armcrawl.items import Article, Tag

tags, tag_forms, tag_addresses, article_tags = schema.tags, schema.tag_forms, schema.tag_addresses, schema.article_tags
tag_decisions = schema.tag_decisions


def link_tags(connection: Connection, links: Sequence[tuple[int, Article]]) -> None:
    """Write the tags of new versions, by the id of their article."""
    printed = {tag.printed: tag for _, article in links for tag in article.tags}
    if not printed:
        return
    tag_of, known = _known(connection, printed)
    new = [tag for form, tag in printed.items() if form not in tag_of]
    tag_of |= _write_forms(connection, new)
    told = _write_addresses(connection, links, known)
    _insert_links(connection, links, tag_of)
    if new or told:
        regroup(connection, {tag.printed for tag in new} | told)
    if decided := {decision.form for decision in read_decisions(connection)} & printed.keys():
        # That is no news of these forms: what other articles print of them is as it was decided already.
        those = [article_id for article_id, article in links if any(tag.printed in decided for tag in article.tags)]
        regroup(connection, decided, article_ids=those)


def _known(connection: Connection, forms: Collection[str]) -> tuple[dict[str, int], dict[tuple[str, str], bool]]:
    """Return the tags of forms, and of the addresses to which they link whether other tags share them."""
    pair = tag_addresses.c.form == tag_forms.c.form
    query = select(tag_forms.c.form, tag_forms.c.tag_id, tag_addresses.c.address, tag_addresses.c.is_shared)
    rows = list(among(connection, query.outerjoin_from(tag_forms, tag_addresses, pair), tag_forms.c.form, forms))
    return {row[0]: row[1] for row in rows}, {(row[2], row[0]): row[3] for row in rows if row[2] is not None}


def _write_forms(connection: Connection, new: Sequence[Tag]) -> dict[str, int]:
    """Write forms that were never seen, each with the tag of its key; return their tags."""
    rows = {tag.key: {"key": tag.key, "name": tag.name, "slug": tag.slug, "kind": tag.kind} for tag in new}
    upsert(connection, tags, list(rows.values()), ("key",))
    ids = {row.key: row.id for row in among(connection, select(tags.c.key, tags.c.id), tags.c.key, rows)}
    upsert(
        connection, tag_forms, [{"form": tag.printed, "tag_id": ids[tag.key], **_parsed(tag)} for tag in new], ("form",)
    )
    return {tag.printed: ids[tag.key] for tag in new}


def _parsed(tag: Tag) -> dict[str, Any]:
    return {"key": tag.key, "name": tag.name, "slug": tag.slug, "kind": tag.kind, "confidence": tag.confidence}


def _write_addresses(
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


def _insert_links(connection: Connection, links: Sequence[tuple[int, Article]], tag_of: Mapping[str, int]) -> None:
    rows = [
        {
            "article_id": article_id,
            "position": position,
            "tag_id": tag_of[tag.printed],
            "form": tag.printed,
            "address": tag.address,
        }
        for article_id, article in links
        for position, tag in enumerate(article.tags)
    ]
    connection.execute(insert(article_tags), rows)


def reread_forms(connection: Connection, articles: Sequence[Article]) -> None:
    """Write what today's parser makes of printed forms, and make tags of it: nothing is left to whoever comes next."""
    printed = {tag.printed: tag for article in articles for tag in article.tags}
    changed = set()
    columns = (tag_forms.c.form, tag_forms.c.key, tag_forms.c.name, tag_forms.c.kind, tag_forms.c.confidence)
    for row in among(connection, select(*columns), tag_forms.c.form, printed):
        tag = printed[row.form]
        if (row.key, row.name, row.kind, row.confidence) != (tag.key, tag.name, tag.kind, tag.confidence):
            connection.execute(update(tag_forms).where(tag_forms.c.form == row.form).values(**_parsed(tag)))
            changed.add(row.form)
    if changed:
        regroup(connection, changed)


def read_decisions(connection: Connection) -> list[Decision]:
    """Return what people decided, in its order."""
    columns = [tag_decisions.c[name] for name in ("action", "form", "name", "other", "address", "article")]
    return [Decision(*row) for row in connection.execute(select(*columns).order_by(tag_decisions.c.id))]


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


def forget_addresses(connection: Connection, addresses: Collection[str]) -> None:
    """Group anew what linked to addresses that some article has no more."""
    if not addresses:
        return
    query = select(tag_addresses.c.form)
    around = {row.form for row in among(connection, query, tag_addresses.c.address, addresses)}
    reread_addresses(connection, addresses)
    regroup(connection, around)


@dataclass(frozen=True, slots=True)
class _Facts:
    """Some forms, what they mean now, and all that tells what they should mean."""

    forms: dict[str, PrintedForm]
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
    """Have forms mean what facts and decisions say: those that have to do with some.

    `article_ids` are the articles whose uses alone may mean something else, if no form does. `taken_back` is a form
    that uses were given away of, which no decision tells any more.
    """
    facts = _facts(connection, around)
    groups = group(facts.forms, facts.keys_at, facts.decisions)
    ids = _write_groups(connection, groups)
    left = _repoint(connection, facts, ids, article_ids, taken_back)
    forget_unused(connection, left.union(facts.tag_of.values()).difference(ids.values()))


def forget_unused(connection: Connection, tag_ids: Collection[int]) -> None:
    """Delete those of some tags that no form means and no article has."""
    for some in chunks(sorted(tag_ids)):
        connection.execute(delete(tags).where(tags.c.id.in_(some), _is_unused()))


def _is_unused() -> ColumnElement[bool]:
    is_meant = select(tag_forms.c.tag_id).where(tag_forms.c.tag_id == tags.c.id).exists()
    is_linked = select(article_tags.c.tag_id).where(article_tags.c.tag_id == tags.c.id).exists()
    return ~is_meant & ~is_linked


def _facts(connection: Connection, around: Collection[str]) -> _Facts:
    decisions = read_decisions(connection)
    splits = Splits(decisions)
    names = _related(connection, set(around), decisions)
    columns = ("form", "key", "name", "slug", "kind", "confidence", "tag_id")
    query = select(*(tag_forms.c[name] for name in columns))
    rows = list(among(connection, query, tag_forms.c.form, names))
    forms = {row.form: PrintedForm(*row[:6]) for row in rows}
    query = select(tag_addresses.c.address, tag_addresses.c.form, tag_addresses.c.is_shared)
    pairs = list(among(connection, query, tag_addresses.c.form, names))
    shared = {pair.address for pair in pairs if pair.is_shared}
    keys_at: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        is_given_away = splits.name_of(Use(pair.form, pair.address, "")) is not None
        if pair.address not in shared and not is_given_away and pair.form in forms:
            keys_at[pair.address].add(forms[pair.form].key)
    decisions = [one for one in decisions if one.form in names]
    return _Facts(forms, {row.form: row.tag_id for row in rows}, keys_at, decisions)


def related(connection: Connection, forms: Collection[str]) -> set[str]:
    """Return the forms that have to do with some: before something goes that they hang together by."""
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
        found = set(names)
        by_form = list(among(connection, select(tag_forms.c.key, tag_forms.c.tag_id), tag_forms.c.form, names))
        form = select(tag_forms.c.form)
        found |= {row.form for row in among(connection, form, tag_forms.c.key, {row.key for row in by_form})}
        found |= {row.form for row in among(connection, form, tag_forms.c.tag_id, {row.tag_id for row in by_form})}
        own = among(connection, select(tag_addresses.c.address), tag_addresses.c.form, names)
        addresses = {row.address for row in own}
        found |= {
            row.form for row in among(connection, select(tag_addresses.c.form), tag_addresses.c.address, addresses)
        }
        keys = {row.key for row in by_form}
        for ends, about in told:
            if ends & found or about & keys or about & named:
                found |= ends
                named |= about
        found |= {row.form for row in among(connection, form, tag_forms.c.key, named - keys)}
        if found == names and len(named) == number:
            return names
        names = found


def _write_groups(connection: Connection, groups: Sequence[GroupedTag]) -> dict[str, int]:
    """Write the tags, and return their ids by key. A tag keeps its id as long as it keeps its key."""
    query = select(tags.c.id, tags.c.key, tags.c.name, tags.c.slug, tags.c.kind)
    present = {row.key: row for row in among(connection, query, tags.c.key, {one.key for one in groups})}
    new = [one for one in groups if one.key not in present]
    upsert(
        connection,
        tags,
        [{"key": one.key, "name": one.name, "slug": one.slug, "kind": one.kind} for one in new],
        ("key",),
    )
    for one in groups:
        row = present.get(one.key)
        if row is not None and tuple(row)[2:] != (one.name, one.slug, one.kind):
            values = {"name": one.name, "slug": one.slug, "kind": one.kind}
            connection.execute(update(tags).where(tags.c.id == row.id).values(**values))
    ids = {
        row.key: row.id
        for row in among(connection, select(tags.c.key, tags.c.id), tags.c.key, {one.key for one in groups})
    }
    return {key: ids[one.key] for one in groups for key in one.keys}


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
        name = splits.name_of(Use(form, None, "")) if splits.is_whole(form) else None
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
    left = set[int]()
    for some in [None] if article_ids is None else chunks(article_ids):
        where = (article_tags.c.form == form) & (article_tags.c.tag_id != target)
        if some is not None:
            where &= article_tags.c.article_id.in_(some)
        before = set(connection.execute(select(article_tags.c.tag_id).where(where).distinct()).scalars())
        if before:
            connection.execute(update(article_tags).where(where).values(tag_id=target))
        left |= before
    return left


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

"""What people decide of tags, and what they look at to decide it.

A decision names printed forms, which no parser changes: so it outlives every re-extraction. It is kept
as a row, and undone by deleting that row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, or_, select

from armcrawl import clock
from armcrawl.errors import UsageError
from armcrawl.russian.tags import DOUBTFUL, tag_key
from armcrawl.store.base import schema
from armcrawl.store.base.database import reading, writing
from armcrawl.store.entities.regrouping import read_decisions, regroup, related
from armcrawl.store.entities.tag_groups import MERGE, RENAME, SPLIT

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Select

    from armcrawl.store.entities.tag_groups import Decision

tags, tag_forms, article_tags, articles = schema.tags, schema.tag_forms, schema.article_tags, schema.articles
decisions = schema.tag_decisions
NUMBER = func.count(func.distinct(article_tags.c.article_id))
# So many articles tell what a tag is about.
MAX_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class TagRow:
    """A tag, in how many articles it stands, and in how many forms."""

    name: str
    key: str
    kind: str | None
    articles: int
    forms: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A printed form of a tag, what the parser makes of it, and where it is printed."""

    form: str
    name: str
    confidence: float
    articles: int
    addresses: tuple[str, ...]
    examples: tuple[str, ...]


def list_tags(engine: Engine, containing: str | None, kind: str | None, limit: int) -> list[TagRow]:
    """Return the tags that stand in most articles, at most so many (0 for all)."""
    query = _tags().order_by(NUMBER.desc(), tags.c.name)
    if containing:
        in_key = tags.c.key.contains(tag_key(containing), autoescape=True)
        query = query.where(or_(in_key, tags.c.name.icontains(containing, autoescape=True)))
    if kind:
        query = query.where(tags.c.kind == kind)
    with reading(engine) as connection:
        return [TagRow(*row) for row in connection.execute(query.limit(limit) if limit else query)]


def show_tag(engine: Engine, named: str) -> tuple[TagRow, list[FormRow]]:
    """Return a tag and its forms, the most frequent first; raises UsageError for one that is not known."""
    with reading(engine) as connection:
        tag_id = _find(connection, named)
        row = connection.execute(_tags().where(tags.c.id == tag_id)).one()
        forms = _forms(connection, tag_id)
    return replace(TagRow(*row), forms=len(forms)), forms


def _tags() -> Select[Any]:
    """Return the query for tags, with how many articles have each and how many forms it has."""
    forms = select(func.count()).where(tag_forms.c.tag_id == tags.c.id).correlate(tags).scalar_subquery()
    return (
        select(tags.c.name, tags.c.key, tags.c.kind, NUMBER, forms)
        .outerjoin(article_tags, article_tags.c.tag_id == tags.c.id)
        .group_by(tags.c.id)
    )


def review(engine: Engine, limit: int) -> list[FormRow]:
    """Return the forms whose name is doubtful, those in most articles first (0 for all)."""
    number = func.count(article_tags.c.article_id)
    is_decided = select(decisions.c.id).where(
        or_(decisions.c.form == tag_forms.c.form, decisions.c.other == tag_forms.c.form)
    )
    query = (
        select(tag_forms.c.form)
        .join(article_tags, article_tags.c.form == tag_forms.c.form)
        .where(tag_forms.c.confidence < DOUBTFUL, ~is_decided.exists())
        .group_by(tag_forms.c.form)
        .order_by(number.desc(), tag_forms.c.form)
    )
    with reading(engine) as connection:
        forms = list(connection.execute(query.limit(limit) if limit else query).scalars())
        return [_form(connection, form) for form in forms]


def merge(engine: Engine, named: str, other: str, decided_by: str) -> int:
    """Have two tags be one, under the first one's name; return the number of the decision."""
    with writing(engine) as connection:
        one, two = _find(connection, named), _find(connection, other)
        if one == two:
            raise UsageError(f"{named!r} and {other!r} are one tag already.")
        name = connection.execute(select(tags.c.name).where(tags.c.id == one)).scalar_one()
        forms = {"form": _form_of(connection, one, named), "other": _form_of(connection, two, other)}
        values = {**forms, "name": name}
        return _decide(connection, MERGE, decided_by, values)


def split(
    engine: Engine,
    form: str,
    decided_by: str,
    name: str | None = None,
    address: str | None = None,
    article: str | None = None,
) -> int:
    """Have a printed form be a tag of its own, or some uses of it; return the number of the decision.

    Without a name the tag gets that of the form, with the next free number: «Иван Петров (2)». A name that
    another tag has gives the form to that tag.
    """
    if name is not None:
        _check_name(name)
    with writing(engine) as connection:
        known = connection.execute(select(tag_forms.c.name).where(tag_forms.c.form == form)).scalar()
        if known is None:
            raise UsageError(f"No article prints the tag {form!r}: `armcrawl tags show` lists the forms of a tag.")
        where = article_tags.c.form == form
        if address is not None:
            where &= article_tags.c.address == address
        if article is not None:
            where &= (
                article_tags.c.article_id == select(articles.c.id).where(articles.c.key == article).scalar_subquery()
            )
        if connection.execute(select(article_tags.c.form).where(where).limit(1)).scalar() is None:
            raise UsageError(
                f"Nothing prints the tag {form!r} there: `armcrawl tags show` tells its addresses and articles."
            )
        values = {"form": form, "name": name or _free_name(connection, known), "address": address, "article": article}
        return _decide(connection, SPLIT, decided_by, values)


def rename(engine: Engine, named: str, name: str, decided_by: str) -> int:
    """Have a tag be called otherwise; return the number of the decision."""
    _check_name(name)
    with writing(engine) as connection:
        values = {"form": _form_of(connection, _find(connection, named), named), "name": name}
        return _decide(connection, RENAME, decided_by, values)


def undo(engine: Engine, number: int) -> None:
    """Take a decision back; raises UsageError for one that is not known."""
    with writing(engine) as connection:
        is_it = decisions.c.id == number
        undone = connection.execute(select(decisions.c.form, decisions.c.other).where(is_it)).one_or_none()
        if undone is None:
            raise UsageError(f"There is no decision {number}: `armcrawl tags decisions` lists them.")
        around = related(connection, {undone.form, undone.other or undone.form})
        connection.execute(delete(decisions).where(is_it))
        regroup(connection, around, taken_back=undone.form)


def all_decisions(engine: Engine) -> list[Decision]:
    """Return what people decided, in its order."""
    with reading(engine) as connection:
        return read_decisions(connection)


def _check_name(name: str) -> None:
    if not any(map(str.isalnum, name)):
        raise UsageError("A tag's name needs a letter or a digit.")


def _decide(connection: Connection, action: str, decided_by: str, values: dict[str, Any]) -> int:
    row = {"action": action, "decided_by": decided_by, "decided_at": clock.now(), **values}
    number: int = connection.execute(insert(decisions).returning(decisions.c.id), row).scalar_one()
    regroup(connection, {values["form"], values.get("other") or values["form"]})
    return number


def _find(connection: Connection, named: str) -> int:
    """Return the id of the tag with a name, key or printed form."""
    key = tag_key(named)
    of_form = select(tag_forms.c.tag_id).where(or_(tag_forms.c.form == named, tag_forms.c.key == key))
    for query in (
        select(tags.c.id).where(tags.c.name == named),
        select(tags.c.id).where(tags.c.key == key),
        of_form.where(tag_forms.c.form == named),
        of_form,
    ):
        ids: list[int] = sorted(set(connection.execute(query).scalars()))
        if len(ids) == 1:
            return ids[0]
    raise UsageError(f"There is no tag {named!r}: `armcrawl tags list --contains ...` finds it.")


def _form_of(connection: Connection, tag_id: int, named: str) -> str:
    """Return the printed form that stands for a tag in decisions: the one a person named it by, or the surest."""
    form: str | None = connection.execute(
        select(tag_forms.c.form)
        .where(tag_forms.c.tag_id == tag_id)
        .order_by((tag_forms.c.form == named).desc(), tag_forms.c.confidence.desc(), tag_forms.c.form)
        .limit(1)
    ).scalar()
    if form is None:
        raise UsageError("That tag has no form of its own, as it was split off: take the split back, and decide anew.")
    return form


def _free_name(connection: Connection, name: str) -> str:
    taken = set(connection.execute(select(tags.c.key)).scalars())
    return next(free for number in range(2, len(taken) + 3) if tag_key(free := f"{name} ({number})") not in taken)


def _forms(connection: Connection, tag_id: int) -> list[FormRow]:
    printed = select(article_tags.c.form).where(article_tags.c.tag_id == tag_id)
    own = select(tag_forms.c.form).where(tag_forms.c.tag_id == tag_id)
    forms = [_form(connection, form, tag_id) for form in sorted(set(connection.execute(printed.union(own)).scalars()))]
    return sorted(forms, key=lambda row: (-row.articles, row.form))


def _form(connection: Connection, form: str, tag_id: int | None = None) -> FormRow:
    parsed = connection.execute(
        select(tag_forms.c.form, tag_forms.c.name, tag_forms.c.confidence).where(tag_forms.c.form == form)
    ).one()
    where = article_tags.c.form == form
    if tag_id is not None:
        where &= article_tags.c.tag_id == tag_id
    number = connection.execute(select(func.count()).select_from(article_tags).where(where)).scalar_one()
    addresses = connection.execute(
        select(article_tags.c.address).where(where, article_tags.c.address.is_not(None)).distinct()
    ).scalars()
    examples = (
        select(articles.c.key)
        .join(article_tags, article_tags.c.article_id == articles.c.id)
        .where(where)
        .order_by(articles.c.id.desc())
        .limit(MAX_EXAMPLES)
    )
    return FormRow(*parsed, number, tuple(sorted(addresses)), tuple(connection.execute(examples).scalars()))

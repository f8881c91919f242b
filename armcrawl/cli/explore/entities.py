"""`armcrawl entities`: look at whom and what articles name, and decide what the parser cannot know."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import KEY
from armcrawl.cli.options import ROW_ID, json_option
from armcrawl.cli.output import Table, counted, emit
from armcrawl.items import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.entities.deciding import Decided
    from armcrawl.store.entities.listing import Ambiguous, EntityRow, FormRow, Review

KINDS = tuple(kind.value for kind in Kind)
# What a person says of an entity whose kind nobody can tell.
UNKNOWN = "unknown"
# A screen of a terminal.
SHOWN = 40

limit_option = click.option(
    "--limit", type=click.IntRange(0, 10**6), default=SHOWN, show_default=True, metavar="N",
    help="At most so many; 0 for all.",
)  # fmt: skip


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:  # a container's user without a name
        raise click.UsageError("This machine does not tell who you are: say so with --by.") from error


by_option = click.option(
    "--by", "decided_by", default=_user, show_default="this machine's user", metavar="WHO", help="Who decides."
)


@click.group()
def entities() -> None:
    """Look at whom and what articles name, and decide on it.

    A decision shows first what comes of it, and is made with --apply. It outlives every re-extraction, and can be taken
    back. NAME is a name, a key or a printed form.
    """


@entities.command("list")
@click.option("--contains", metavar="TEXT", help="Only those with this in their name.")
@click.option("--kind", type=click.Choice(KINDS), help="Only those of a kind.")
@limit_option
@with_engine(reads=True)
@json_option
def list_command(contains: str | None, kind: str | None, limit: int, engine: Engine, as_json: bool) -> None:
    """List the entities that most articles name."""
    from armcrawl.store.entities.listing import list_entities

    found = list_entities(engine, contains, kind, limit)
    rows = [(row.name, row.kind, row.articles, row.as_tag, row.as_source, row.forms) for row in found]
    columns = ("name", "kind", "articles", "as tag", "as source", "forms")
    emit(found, [Table("Entities", columns, rows)], as_json=as_json)


@entities.command()
@click.argument("name")
@with_engine(reads=True)
@json_option
def show(name: str, engine: Engine, as_json: bool) -> None:
    """Show an entity: every form in which it is printed, with addresses and articles, and why these are one."""
    from armcrawl.store.entities.listing import show_entity

    entity, forms, reasons = show_entity(engine, name)
    told = asdict(entity) | {"printed": forms, "reasons": reasons}
    emit(told, [_in_words(entity), _table("Printed as", forms), *reasons], as_json=as_json)


@entities.command()
@limit_option
@with_engine(reads=True)
@json_option
def review(limit: int, engine: Engine, as_json: bool) -> None:
    """List what is doubtful: names, addresses of unrelated names, names and abbreviations of several."""
    from armcrawl.store.entities import listing

    found = listing.review(engine, limit)
    emit(found, _doubtful(found), as_json=as_json)


def _doubtful(found: Review) -> Iterator[Table | str]:
    if found.forms:
        yield _table("Doubtful names", found.forms)
        yield "Right as it is: `armcrawl entities rename FORM NAME --apply` with the same name. Else: merge or split."
    if found.addresses:
        rows = [(one.address, one.forms, ", ".join(one.examples)) for one in found.addresses]
        yield Table("Addresses of unrelated names, which tell nothing", ("address", "forms", "names"), rows)
    if found.names:
        yield _ambiguous("Names that may be others' in short", found.names)
        yield "The same: `armcrawl entities merge NAME OTHER --apply`. Another: rename NAME, to its own name as well."
    if found.abbreviations:
        yield _ambiguous("Abbreviations of several", found.abbreviations)
    if not any((found.forms, found.addresses, found.names, found.abbreviations)):
        yield "Nothing is doubtful."


def _ambiguous(title: str, some: Sequence[Ambiguous]) -> Table:
    return Table(title, ("name", "may mean"), [(one.name, ", ".join(one.meanings)) for one in some])


@entities.command()
@click.argument("name")
@click.argument("other")
@apply_option
@by_option
@with_engine()
@json_option
def merge(name: str, other: str, is_applied: bool, decided_by: str, engine: Engine, as_json: bool) -> None:
    """Merge entity OTHER into entity NAME, in all articles with one of their forms."""
    from armcrawl.store.entities import deciding

    _tell(engine, deciding.merge(engine, name, other, decided_by, is_applied=is_applied), is_applied, as_json)


@entities.command()
@click.argument("form")
@click.option(
    "--name", metavar="NAME",
    help="What the new one is called; the name of another entity gives the form to that one.",
)  # fmt: skip
@click.option("--address", metavar="URL", help="Only where the form links to this address.")
@click.option("--article", type=KEY, metavar="KEY", help="Only in this article.")
@click.option("--as", "used_as", type=click.Choice(("tag", "source")), help="Only where it is a tag, or a source.")
@apply_option
@by_option
@with_engine()
@json_option
def split(
    form: str,
    name: str | None,
    address: str | None,
    article: PageKey | None,
    used_as: str | None,
    is_applied: bool,
    decided_by: str,
    engine: Engine,
    as_json: bool,
) -> None:
    """Have a printed FORM be an entity of its own: another person of the same name, a firm and a town."""
    from armcrawl.store.entities import deciding

    key = str(article) if article else None
    decided = deciding.split(engine, form, decided_by, name, address, key, used_as=used_as, is_applied=is_applied)
    _tell(engine, decided, is_applied, as_json)


@entities.command()
@click.argument("name")
@click.argument("new_name")
@apply_option
@by_option
@with_engine()
@json_option
def rename(name: str, new_name: str, is_applied: bool, decided_by: str, engine: Engine, as_json: bool) -> None:
    """Have the entity NAME be called NEW_NAME."""
    from armcrawl.store.entities import deciding

    _tell(engine, deciding.rename(engine, name, new_name, decided_by, is_applied=is_applied), is_applied, as_json)


@entities.command("kind")
@click.argument("name")
@click.argument("kind", type=click.Choice((*KINDS, UNKNOWN)))
@apply_option
@by_option
@with_engine()
@json_option
def kind_command(name: str, kind: str, is_applied: bool, decided_by: str, engine: Engine, as_json: bool) -> None:
    """Say what the entity NAME is; `unknown` where nobody can tell."""
    from armcrawl.store.entities import deciding

    known = None if kind == UNKNOWN else kind
    _tell(engine, deciding.set_kind(engine, name, known, decided_by, is_applied=is_applied), is_applied, as_json)


@entities.command()
@limit_option
@with_engine(reads=True)
@json_option
def decisions(limit: int, engine: Engine, as_json: bool) -> None:
    """List what was decided, by whom and when, the newest first."""
    from armcrawl.store.entities.deciding import all_decisions

    found = all_decisions(engine)[::-1][: limit or None]
    columns = ("number", "what", "form", "with, or only in", "name or kind", "by", "on (UTC)")
    rows = [
        (row.number, row.action, row.form, row.other or row.article or row.address, row.name or row.kind,
         row.decided_by, row.decided_at)
        for row in found
    ]  # fmt: skip
    emit(found, [Table("Decisions", columns, rows)], as_json=as_json)


@entities.command()
@click.argument("number", type=ROW_ID)
@apply_option
@with_engine()
@json_option
def undo(number: int, is_applied: bool, engine: Engine, as_json: bool) -> None:
    """Take the decision NUMBER back."""
    from armcrawl.store.entities import deciding

    decided = deciding.undo(engine, number, is_applied=is_applied)
    _let_search_know(engine, is_applied)
    last = f"Decision {number} is taken back." if is_applied else whether_written(is_applied=False)
    emit(decided, [*_before_and_after(decided), last], as_json=as_json)


def _let_search_know(engine: Engine, is_applied: bool) -> None:
    """Have the articles that a decision is about be found by it."""
    from armcrawl.store.articles.versions import index_all_waiting

    if is_applied:
        index_all_waiting(engine)


def _tell(engine: Engine, decided: Decided, is_applied: bool, as_json: bool) -> None:
    _let_search_know(engine, is_applied)
    undoing = f"Decision {decided.number}. `armcrawl entities undo {decided.number} --apply` takes it back."
    last = undoing if is_applied else whether_written(is_applied=False)
    told = asdict(decided) | {"number": decided.number if is_applied else None}
    emit(told, [*_before_and_after(decided), last], as_json=as_json)


def _before_and_after(decided: Decided) -> Iterator[str]:
    for when, rows in (("Before", decided.before), ("After", decided.after)):
        yield f"{when}: {'; '.join(map(_in_words, rows))}."
    kinds = sorted({row.kind for row in decided.before if row.kind})
    if len(kinds) > 1 and len(decided.after) < len(decided.before):
        yield f"These are of different kinds, {' and '.join(kinds)}: say by `armcrawl entities kind` what the one is."


def _in_words(entity: EntityRow) -> str:
    kind = f" · {entity.kind}" if entity.kind else ""
    return f"{entity.name}{kind} · {counted(entity.articles, 'article')}"


def _table(title: str, forms: Sequence[FormRow]) -> Table:
    rows = [
        (row.used_as, row.form, row.name, "" if row.confidence is None else f"{row.confidence:.2f}", row.articles,
         "\n".join(row.addresses), ", ".join(row.examples))
        for row in forms
    ]  # fmt: skip
    columns = ("as", "printed", "nominative", "sure", "articles", "addresses", "newest articles")
    return Table(title, columns, rows)

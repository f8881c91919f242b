"""`armcrawl tags`: look at tags, and decide what the parser cannot know."""

from __future__ import annotations

import getpass
import json
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.explore.keys import key_of
from armcrawl.cli.options import ROW_ID, database_option, json_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.store.entities.tag_decisions import FormRow

KINDS = ("person", "organisation", "place", "topic")
# A screen of a terminal.
SHOWN = 40

limit_option = click.option(
    "--limit", type=click.IntRange(0, 10**6), default=SHOWN, show_default=True, help="At most so many; 0 for all."
)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:  # a container's user without a name
        raise click.UsageError("This machine does not tell who you are: say so with --by.") from error


by_option = click.option("--by", "decided_by", default=_user, show_default="this machine's user", help="Who decides.")


@click.group()
def tags() -> None:
    """Look at tags, and decide what no parser can know: a decision outlives every re-extraction."""


@tags.command("list")
@click.option("--contains", help="Only tags with this in their name.")
@click.option("--kind", type=click.Choice(KINDS), help="Only tags of a kind.")
@limit_option
@database_option
@json_option
def list_command(contains: str | None, kind: str | None, limit: int, database: str | None, as_json: bool) -> None:
    """List the tags, the most frequent first."""
    from armcrawl.cli.tables import print_table
    from armcrawl.store.entities.tag_decisions import list_tags

    with _opened(database) as engine:
        found = list_tags(engine, contains, kind, limit)
    if as_json:
        _print_json([asdict(row) for row in found])
        return
    rows = [(row.name, row.kind or "", row.articles, row.forms) for row in found]
    print_table("Tags", ("tag", "kind", "articles", "forms"), rows)


@tags.command()
@click.argument("name")
@database_option
@json_option
def show(name: str, database: str | None, as_json: bool) -> None:
    """Show a tag: every form in which it is printed, with addresses and articles. NAME may be any of its forms."""
    from armcrawl.store.entities.tag_decisions import show_tag

    with _opened(database) as engine:
        tag, forms = show_tag(engine, name)
    if as_json:
        _print_json(asdict(tag) | {"printed": [asdict(form) for form in forms]})
        return
    click.echo(f"{tag.name}{f' · {tag.kind}' if tag.kind else ''} · {tag.articles} articles")
    _print_forms("Printed as", forms)


@tags.command()
@limit_option
@database_option
@json_option
def review(limit: int, database: str | None, as_json: bool) -> None:
    """List the printed forms whose name is doubtful, with their articles."""
    from armcrawl.store.entities import tag_decisions

    with _opened(database) as engine:
        found = tag_decisions.review(engine, limit)
    if as_json:
        _print_json([asdict(row) for row in found])
    elif found:
        _print_forms("Doubtful", found)
        click.echo(
            "Right as it is: `armcrawl tags rename FORM NAME` with the same name. Wrong: rename, merge or split."
        )
    else:
        click.echo("Nothing is doubtful.")


@tags.command()
@click.argument("name")
@click.argument("other")
@by_option
@database_option
def merge(name: str, other: str, decided_by: str, database: str | None) -> None:
    """Have OTHER be the same tag as NAME."""
    from armcrawl.store.entities import tag_decisions

    with _opened(database) as engine:
        number = tag_decisions.merge(engine, name, other, decided_by)
    _print_decision(number)


@tags.command()
@click.argument("form")
@click.option("--name", help="What the new tag is called; the name of another tag gives the form to that one.")
@click.option("--address", help="Only where the form links to this address.")
@click.option("--article", help="Only in this article: a key or an address.")
@by_option
@database_option
def split(
    form: str, name: str | None, address: str | None, article: str | None, decided_by: str, database: str | None
) -> None:
    """Have a printed FORM be a tag of its own: another person of the same name, a firm and a town."""
    from armcrawl.store.entities import tag_decisions

    key = str(key_of(article)) if article else None
    with _opened(database) as engine:
        number = tag_decisions.split(engine, form, decided_by, name, address, key)
    _print_decision(number)


@tags.command()
@click.argument("name")
@click.argument("new_name")
@by_option
@database_option
def rename(name: str, new_name: str, decided_by: str, database: str | None) -> None:
    """Have the tag NAME be called NEW_NAME."""
    from armcrawl.store.entities import tag_decisions

    with _opened(database) as engine:
        number = tag_decisions.rename(engine, name, new_name, decided_by)
    _print_decision(number)


@tags.command()
@database_option
@json_option
def decisions(database: str | None, as_json: bool) -> None:
    """List what was decided, by whom and when."""
    from armcrawl.cli.tables import print_table
    from armcrawl.store.entities.tag_decisions import all_decisions

    with _opened(database) as engine:
        found = all_decisions(engine)
    if as_json:
        _print_json([asdict(row) for row in found])
        return
    rows = [
        (
            row.number,
            row.action,
            row.form,
            row.other or row.article or row.address or "",
            row.name,
            row.decided_by,
            f"{row.decided_at:%Y-%m-%d}",
        )
        for row in found
    ]
    print_table("Decisions", ("number", "what", "form", "with, or only in", "name", "by", "on"), rows)


@tags.command()
@click.argument("number", type=ROW_ID)
@database_option
def undo(number: int, database: str | None) -> None:
    """Take the decision NUMBER back."""
    from armcrawl.store.entities import tag_decisions

    with _opened(database) as engine:
        tag_decisions.undo(engine, number)
    click.echo(f"Decision {number} is taken back.")


@contextmanager
def _opened(database: str | None) -> Iterator[Engine]:
    from armcrawl.store.base.database import open_database

    engine = open_database(database or config.database_url(), create=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _print_forms(title: str, forms: Sequence[FormRow]) -> None:
    from armcrawl.cli.tables import print_table

    rows = [
        (row.form, row.name, f"{row.confidence:.2f}", row.articles, "\n".join(row.addresses), ", ".join(row.examples))
        for row in forms
    ]
    print_table(title, ("printed", "nominative", "sure", "articles", "addresses", "newest articles"), rows)


def _print_decision(number: int) -> None:
    click.echo(f"Decision {number}. `armcrawl tags undo {number}` takes it back.")


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))

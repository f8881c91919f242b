"""`armcrawl tags`: look at tags, and decide what the parser cannot know."""

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

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey
    from armcrawl.store.entities.tag_decisions import FormRow, TagRow

KINDS = ("person", "organisation", "place", "topic")
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
def tags() -> None:
    """Look at tags, and decide what the parser cannot know.

    A decision outlives every re-extraction, and can be taken back.
    """


@tags.command("list")
@click.option("--contains", metavar="TEXT", help="Only tags with this in their name.")
@click.option("--kind", type=click.Choice(KINDS), help="Only tags of a kind.")
@limit_option
@with_engine()
@json_option
def list_command(contains: str | None, kind: str | None, limit: int, engine: Engine, as_json: bool) -> None:
    """List the tags, the most frequent first."""
    from armcrawl.store.entities.tag_decisions import list_tags

    found = list_tags(engine, contains, kind, limit)
    rows = [(row.name, row.kind, row.articles, row.forms) for row in found]
    emit(found, [Table("Tags", ("tag", "kind", "articles", "forms"), rows)], as_json=as_json)


@tags.command()
@click.argument("name")
@with_engine()
@json_option
def show(name: str, engine: Engine, as_json: bool) -> None:
    """Show a tag: every form in which it is printed, with addresses and articles. NAME may be any of its forms."""
    from armcrawl.store.entities.tag_decisions import show_tag

    tag, forms = show_tag(engine, name)
    emit(asdict(tag) | {"printed": forms}, [_in_words(tag), _table("Printed as", forms)], as_json=as_json)


@tags.command()
@limit_option
@with_engine()
@json_option
def review(limit: int, engine: Engine, as_json: bool) -> None:
    """List the printed forms whose name is doubtful, with their articles."""
    from armcrawl.store.entities import tag_decisions

    found = tag_decisions.review(engine, limit)
    emit(found, _doubtful(found), as_json=as_json)


def _doubtful(found: Sequence[FormRow]) -> Iterator[Table | str]:
    if not found:
        yield "Nothing is doubtful."
        return
    yield _table("Doubtful", found)
    yield "Right as it is: `armcrawl tags rename FORM NAME` with the same name. Wrong: rename, merge or split."


@tags.command()
@click.argument("name")
@click.argument("other")
@apply_option
@by_option
@with_engine()
def merge(name: str, other: str, is_applied: bool, decided_by: str, engine: Engine) -> None:
    """Merge tag OTHER into tag NAME, in all articles with one of their forms."""
    from armcrawl.store.entities import tag_decisions

    both = [tag_decisions.show_tag(engine, named)[0] for named in (name, other)]
    click.echo(f"One tag, {both[0].name}: {' and '.join(map(_in_words, both))}.")
    if is_applied:
        _tell_decision(tag_decisions.merge(engine, name, other, decided_by))
    else:
        click.echo(whether_written(is_applied=False))


@tags.command()
@click.argument("form")
@click.option(
    "--name", metavar="NAME",
    help="What the new tag is called; the name of another tag gives the form to that one.",
)  # fmt: skip
@click.option("--address", metavar="URL", help="Only where the form links to this address.")
@click.option("--article", type=KEY, metavar="KEY", help="Only in this article.")
@by_option
@with_engine()
def split(
    form: str, name: str | None, address: str | None, article: PageKey | None, decided_by: str, engine: Engine
) -> None:
    """Have a printed FORM be a tag of its own: another person of the same name, a firm and a town."""
    from armcrawl.store.entities import tag_decisions

    key = str(article) if article else None
    _tell_decision(tag_decisions.split(engine, form, decided_by, name, address, key))


@tags.command()
@click.argument("name")
@click.argument("new_name")
@by_option
@with_engine()
def rename(name: str, new_name: str, decided_by: str, engine: Engine) -> None:
    """Have the tag NAME be called NEW_NAME."""
    from armcrawl.store.entities import tag_decisions

    _tell_decision(tag_decisions.rename(engine, name, new_name, decided_by))


@tags.command()
@with_engine()
@json_option
def decisions(engine: Engine, as_json: bool) -> None:
    """List what was decided, by whom and when."""
    from armcrawl.store.entities.tag_decisions import all_decisions

    found = all_decisions(engine)
    columns = ("number", "what", "form", "with, or only in", "name", "by", "on (UTC)")
    rows = [
        (row.number, row.action, row.form, row.other or row.article or row.address, row.name, row.decided_by,
         row.decided_at)
        for row in found
    ]  # fmt: skip
    emit(found, [Table("Decisions", columns, rows)], as_json=as_json)


@tags.command()
@click.argument("number", type=ROW_ID)
@with_engine()
def undo(number: int, engine: Engine) -> None:
    """Take the decision NUMBER back."""
    from armcrawl.store.entities import tag_decisions

    tag_decisions.undo(engine, number)
    click.echo(f"Decision {number} is taken back.")


def _in_words(tag: TagRow) -> str:
    return f"{tag.name}{f' · {tag.kind}' if tag.kind else ''} · {counted(tag.articles, 'article')}"


def _table(title: str, forms: Sequence[FormRow]) -> Table:
    rows = [
        (row.form, row.name, f"{row.confidence:.2f}", row.articles, "\n".join(row.addresses), ", ".join(row.examples))
        for row in forms
    ]
    return Table(title, ("printed", "nominative", "sure", "articles", "addresses", "newest articles"), rows)


def _tell_decision(number: int) -> None:
    click.echo(f"Decision {number}. `armcrawl tags undo {number}` takes it back.")

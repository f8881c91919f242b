"""`armcrawl removals`: what was taken down, as a list, and taken down again on another database or archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.options import json_option
from armcrawl.cli.output import Table, counted, emit
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.removing import Plan
    from armcrawl.store.articles.removals import Removal

# Of what stays a person reads some; the rest is counted.
MAX_NAMED = 20
NOT_LOOKED_INTO = (
    "Not looked into: exported files, reports, and copies that others keep of backups (of PostgreSQL its archived WAL "
    "as well). Delete it there yourself."
)


@click.group()
def removals() -> None:
    """List what was taken down, and take it down elsewhere."""


@removals.command(name="list")
@with_engine(reads=True)
@json_option
def list_(engine: Engine, as_json: bool) -> None:
    """List what was taken down, when and why, the oldest first."""
    from armcrawl.store.articles.removals import listed

    found = listed(engine)
    rows = [(one.key, one.removed_at, one.reason, one.copy_of, len(one.digests)) for one in found]
    table = Table("Taken down", ("page", "when (UTC)", "reason", "copy of", "digests"), rows)
    shown = [table] if found else ["Nothing was taken down."]
    emit([one.to_json() for one in found], shown, as_json=as_json)


@removals.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@with_engine(reads=True)
def export(file: str, engine: Engine) -> None:
    """Write the list into FILE as JSON Lines, or with - to standard output: `replay` takes it."""
    from pathlib import Path

    from armcrawl.files import write_whole
    from armcrawl.store.articles.removal_lists import lines_of
    from armcrawl.store.articles.removals import listed

    lines = lines_of(listed(engine))
    if file == "-":
        click.echo(lines, nl=False)
        return
    write_whole(Path(file), lines.encode())
    click.echo(f"{file} has {counted(lines.count(chr(10)), 'removal')}.")


@removals.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True))
@apply_option
@with_engine(archive=True, lock="remove", create=True)
def replay(file: str | None, is_applied: bool, storage: Storage, engine: Engine) -> None:
    """Take all down again that is on the list, and on the one in FILE: on a database or an archive from a backup.

    Where all is done it changes nothing.
    """
    from armcrawl.jobs.forgetting import tell_backups
    from armcrawl.jobs.removing import carry_out, plan_all
    from armcrawl.store.articles.removal_lists import beside

    found = plan_all(engine, storage, [*beside(storage), *(read_list(file) if file is not None else ())])
    backups = []
    if is_applied:
        carry_out(engine, storage, found)
        backups = tell_backups(engine)
    pages, places = (counted(len(found.removals), "page"), counted(len(found.places), "archived page"))
    done = "Taken down" if is_applied else "Would be taken down"
    click.echo(f"{done}: {pages} of the list; wiped: {places}.")
    show_rest(found, backups)
    click.echo(whether_written(is_applied=is_applied))


def read_list(file: str) -> list[Removal]:
    """Return the removals of a list; raises UsageError."""
    from armcrawl.store.articles.removal_lists import removals_of

    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return removals_of(opened.read())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def show_rest(found: Plan, backups: Iterable[str] = ()) -> None:
    """Tell what goes with the page, and what stays that tells of it: nobody but a person can judge that."""
    _name("The same page under other addresses of its site, which goes as well", map(str, found.copies))
    if found.shared:
        click.echo(
            "What it shows stands on many pages of its site, so it is taken for boilerplate, and they stay: take each "
            "down by its key if it is not."
        )
    _name("Stays, as it is other pages' text, in articles and announcements", found.elsewhere)
    _name("Stays, as it tells title or sentences, in archived pages", (one.address for one in found.mentions))
    _name("Damaged, so that nobody can tell", (f"{one.file} at {one.offset}" for one in found.unread))
    _name("Could not be wiped, and waits for it: `armcrawl doctor` tells of it until that is done", found.waiting)
    for sentence in backups:
        click.echo(sentence)
    click.echo(NOT_LOOKED_INTO)


def _name(what: str, names: Iterable[str]) -> None:
    told = list(dict.fromkeys(names))
    if told:
        more = f" and {len(told) - MAX_NAMED} more" if len(told) > MAX_NAMED else ""
        click.echo(f"{what}: {', '.join(told[:MAX_NAMED])}{more}.")

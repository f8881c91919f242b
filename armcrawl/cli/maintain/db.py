"""`armcrawl db`: care for the database itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl import config
from armcrawl.cli.options import archive_option, database_option, site_argument
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from armcrawl.store.admin.carrying import Carried


@click.group()
def db() -> None:
    """Care for the database: its tables, its readers, backing it up, moving it."""


@db.command()
@database_option
def create(database: str | None) -> None:
    """Make the tables of an empty database, or the views of one that another armcrawl made anew."""
    from armcrawl.store.base.database import connect
    from armcrawl.store.base.lock import locking_all
    from armcrawl.store.base.shape import make

    url = database or config.database_url()
    engine = connect(url)
    with locking_all(url, "create"):
        was_missing = make(engine)
    engine.dispose()
    click.echo(f"The database has its tables and views {'now' if was_missing else 'already'}.")


@db.command()
@database_option
def check(database: str | None) -> None:
    """Compare tables, indexes and views with those of this armcrawl."""
    from armcrawl.store.base.database import connect
    from armcrawl.store.base.shape import check_complete

    engine = connect(database or config.database_url(), create=False)
    check_complete(engine)
    engine.dispose()
    click.echo("The database has all tables, indexes and views of this armcrawl.")


@db.command()
def schema() -> None:
    """Print the schema's documentation (docs/schema.md)."""
    from armcrawl.store.admin.schema_page import schema_page

    click.echo(schema_page(), nl=False)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@database_option
def backup(file: Path, database: str | None) -> None:
    """Copy an SQLite database into FILE, also during a crawl; FILE is there only when it is whole and checked."""
    from armcrawl.store.admin.backup import back_up

    size = back_up(database or config.database_url(), file)
    click.echo(f"{file} is a whole copy of the database, checked, {size / 1e6:.1f} MB; the archive is not in it.")


@db.command("copy")
@click.argument("source")
@click.argument("target")
@click.option("--resume", is_flag=True, help="Go on with a copy that was interrupted.")
def copy(source: str, target: str, resume: bool) -> None:
    """Copy everything from one database URL to another."""
    from armcrawl.store.admin.copying import copy_database
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    if source == target:
        raise UsageError("SOURCE and TARGET are the same database: name an empty one to copy to.")
    from_engine, to_engine = open_database(source, create=False), open_database(target)
    with locking_all(source, "copy"), locking_all(target, "copy"):
        counts = copy_database(from_engine, to_engine, resume=resume)
    from_engine.dispose()
    to_engine.dispose()
    rows = ", ".join(f"{name} {number}" for name, number in counts.items() if number)
    click.echo(f"Copied, and compared row by row: {rows or 'nothing'}.")


@db.command()
@database_option
def rebuild(database: str | None) -> None:
    """Make all anew that follows from the articles: tags, sources, pictures, links, search and clusters.

    Where all is well nothing changes. It is done in pieces: run it again to go on.
    """
    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.store.admin import rebuilding
    from armcrawl.store.base.database import open_database
    from armcrawl.store.base.lock import locking_all

    url = database or config.database_url()
    engine = open_database(url, create=False)
    try:
        with locking_all(url, "rebuild"), bar_or_lines("articles") as tell:
            number, problems = rebuilding.rebuild(engine, tell)
    finally:
        engine.dispose()
    for problem in problems:
        click.echo(f"  in quarantine: {problem}", err=True)
    click.echo(f"Articles: {number}. What follows from them is made anew.")


@db.command("new-from-archive")
@site_argument
@database_option
@archive_option
@click.option("--old", metavar="URL", help="The old database, if it is not the SQLite file that was set aside.")
@click.pass_context
def new_from_archive(
    context: click.Context, /, site: str, database: str | None, archive: str | None, old: str | None
) -> None:
    """Make the database anew from a site's archive, where another armcrawl made it.

    An SQLite file of that one is kept, with `.old` behind its name. What people decided stands only there, and is
    taken over: takedowns, decisions on tags, verdicts on runs, origins and heads. Run the same command again to go
    on, and for each further site.
    """
    from armcrawl.cli.collect.backfill import backfill
    from armcrawl.crawling.configuration import archive_of
    from armcrawl.store.admin.replacing import kept_of, set_aside

    url = database or config.database_url()
    folder = archive_of(url, archive)
    if not folder.is_dir():
        raise UsageError(f"There is no archive at {folder}: name it with --archive.")
    if (kept := set_aside(url)) is not None:
        click.echo(f"What another armcrawl made is {kept} now.")
    old = old or kept_of(url)
    is_first = old is not None and _take_over(url, old, site)
    told = {"database": url, "archive": str(folder), "archives": (str(folder),), "mixed_origin": old is not None}
    try:
        context.invoke(backfill, site=site, **told)
    except click.exceptions.Exit as end:
        if old is not None and is_first and not end.exit_code:
            _take_over_site(url, old, site)
        raise


def _take_over(url: str, old: str, site: str) -> bool:
    """Take over what was decided in an old database; return whether the site's archive was never read into this one."""
    from armcrawl.store.admin.carrying import carry_over, has_imported
    from armcrawl.store.base.database import connect, open_database
    from armcrawl.store.base.lock import locking_all

    source, target = connect(old, create=False), open_database(url)
    try:
        with locking_all(url, "new-from-archive"):
            _tell(carry_over(source, target), old)
        return not has_imported(target, site)
    finally:
        source.dispose()
        target.dispose()


def _take_over_site(url: str, old: str, site: str) -> None:
    from armcrawl.store.admin.carrying import carry_over_site
    from armcrawl.store.base.database import connect, open_database
    from armcrawl.store.base.lock import locking_all

    source, target = connect(old, create=False), open_database(url)
    try:
        with locking_all(url, "new-from-archive"):
            _tell(carry_over_site(source, target, site), old)
    finally:
        source.dispose()
        target.dispose()


def _tell(carried: Carried, old: str) -> None:
    from armcrawl.store.base.database import parse_url, shown

    found = ", ".join(f"{decision} {number}" for decision, number in carried.counts.items() if number)
    click.echo(f"Taken over from {shown(parse_url(old))}: {found or 'nothing'}.")
    for problem in carried.problems:
        click.echo(f"  {problem}", err=True)


@db.command("grant-reader")
@click.argument("role")
@database_option
def grant_reader(role: str, database: str | None) -> None:
    """Let a PostgreSQL ROLE read the views and nothing else.

    The role is made if there is none.
    """
    from armcrawl.store.admin.readers import grant
    from armcrawl.store.base.database import open_database

    engine = open_database(database or config.database_url(), create=False)
    is_new = grant(engine, role)
    engine.dispose()
    made = "was made without a password: set one with ALTER ROLE before it can log in, and it" if is_new else ""
    click.echo(" ".join(f"The role {role} {made} can read the views and nothing else.".split()))

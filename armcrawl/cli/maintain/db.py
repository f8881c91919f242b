"""`armcrawl db`: care for the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import archive_storage, database_url, existing, opened, reading_pool, with_engine
from armcrawl.cli.options import archive_option, cluster_option, database_option, site_argument
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from armcrawl.store.admin.carrying import Carried


@click.group()
def db() -> None:
    """Create, check, copy or rebuild the database."""


@db.command()
@with_engine(create=True, any_shape=True, lock="create")
def create(engine: Engine) -> None:
    """Make the tables of an empty database; make the views anew in one that another armcrawl made."""
    from armcrawl.store.base.shape import make

    was_missing = make(engine)
    click.echo(f"The database has its tables and views {'now' if was_missing else 'already'}.")


@db.command()
@with_engine(any_shape=True, lock="upgrade")
def upgrade(engine: Engine) -> None:
    """Bring the tables and views of an older armcrawl to those of this one.

    Back the database up first: there is no other way back. It is done as a whole, or not at all.
    """
    from armcrawl.store.base.shape import HEAD
    from armcrawl.store.base.upgrading import upgrade as bring_up

    click.echo(f"The tables have revision {HEAD}; they had {bring_up(engine)}. The views are made anew.")


@db.command()
@with_engine(any_shape=True, reads=True)
def check(engine: Engine) -> None:
    """Compare tables, indexes and views with those of this armcrawl."""
    from armcrawl.store.base.shape import check_complete

    check_complete(engine)
    click.echo("The database has all tables, indexes and views of this armcrawl.")


@db.command()
def schema() -> None:
    """Print the schema's documentation (docs/schema.md)."""
    from armcrawl.store.admin.schema_page import schema_page

    click.echo(schema_page(), nl=False)


@db.command("copy")
@click.argument("source")
@click.argument("target")
@click.option("--resume", is_flag=True, help="Go on with a copy that was interrupted.")
def copy(source: str, target: str, resume: bool) -> None:
    """Copy everything from one database URL to another, as it is at this moment, also during a crawl."""
    from armcrawl.store.admin.copying import copy_database
    from armcrawl.store.base.lock import locking_all

    if source == target:
        raise UsageError("SOURCE and TARGET are the same database: name an empty one to copy to.")
    with (
        opened(source, reads=True) as from_engine,
        opened(target, create=True) as to_engine,
        locking_all(target, "copy"),
    ):
        counts = copy_database(from_engine, to_engine, resume=resume)
    rows = ", ".join(f"{name} {number}" for name, number in counts.items() if number)
    click.echo(f"Copied, and compared row by row: {rows or 'nothing'}.")


@db.command()
@cluster_option
@with_engine(job="rebuild")
def rebuild(cluster: str | None, engine: Engine) -> None:
    """Make all anew that follows from the articles: tags, sources, pictures, links, search and clusters.

    Where all is well nothing changes. It is done in pieces: run it again to go on.
    """
    from armcrawl.cli.progress import bar_or_lines
    from armcrawl.store.admin import rebuilding

    with reading_pool(engine, cluster, None) as pool, bar_or_lines("articles") as tell:
        number, problems = rebuilding.rebuild(engine, tell, pool)
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
    """Make the database anew from a site's archive, as it is one of another armcrawl.

    An SQLite file of that one is kept, with `.old` behind its name. What people decided stands only there, and is
    taken over: takedowns, decisions on tags, verdicts on runs, origins and heads, and what listings, feeds and sitemaps
    showed. Run the same command again to go on, and for each further site.
    """
    from armcrawl.cli.collect.backfill import backfill
    from armcrawl.store.admin.carrying import carry_over, carry_over_site, has_imported
    from armcrawl.store.admin.replacing import kept_of, set_aside

    url = database_url(database)
    storage = existing(archive_storage(url, archive))
    if (kept := set_aside(url)) is not None:
        click.echo(f"What another armcrawl made is {kept} now.")
    old = old or kept_of(url)
    is_first = False
    if old is None:
        _check_is_to_do(url, site)
    else:
        _take_over(url, old, carry_over)
        with opened(url) as engine:
            is_first = not has_imported(engine, site)
    told = {"database": url, "archive": str(storage), "archives": (str(storage),), "mixed_origin": old is not None}
    try:
        context.invoke(backfill, site=site, **told)
    except click.exceptions.Exit as end:
        if old is not None and is_first and not end.exit_code:
            _take_over(url, old, lambda source, target: carry_over_site(source, target, site))
        raise


def _check_is_to_do(url: str, site: str) -> None:
    """Raise UsageError for a database of this armcrawl that no archive has filled: it is up to date."""
    from armcrawl.store.ledger.ledger import origins_of

    with opened(url, create=True) as engine:
        known = origins_of(engine, site)
    if known and "site" not in known:
        raise UsageError(
            f"The database is this armcrawl's, and was filled from {', '.join(sorted(known))}: nothing is to be made "
            "anew. `armcrawl backfill --warc` brings an archive into it."
        )


def _take_over(url: str, old: str, carry: Callable[[Engine, Engine], Carried]) -> None:
    """Take over what was decided in an old database, and tell what that was."""
    from armcrawl.store.base.lock import locking_all

    with (
        opened(old, any_shape=True, reads=True) as source,
        opened(url, create=True) as target,
        locking_all(url, "new-from-archive"),
    ):
        _tell(carry(source, target), old)


def _tell(carried: Carried, old: str) -> None:
    from armcrawl.store.base.database import parse_url, shown

    found = ", ".join(f"{decision} {number}" for decision, number in carried.counts.items() if number)
    click.echo(f"Taken over from {shown(parse_url(old))}: {found or 'nothing'}.")
    for problem in carried.problems:
        click.echo(f"  {problem}", err=True)


@db.command("grant-reader")
@click.argument("role")
@with_engine()
def grant_reader(role: str, engine: Engine) -> None:
    """Let a PostgreSQL ROLE read what is published, and nothing else.

    It can run `search`, `export`, `stats` and `show`, and read the views; no page's bytes, no withheld version. The
    role is made if there is none.
    """
    from armcrawl.store.admin.readers import grant

    is_new = grant(engine, role)
    made = "was made without a password: set one with ALTER ROLE before it can log in, and it" if is_new else ""
    click.echo(" ".join(f"The role {role} {made} can read what is published and nothing else.".split()))

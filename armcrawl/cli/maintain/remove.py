"""`armcrawl remove`: a page is taken down for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import key_argument
from armcrawl.cli.maintain.removals import show_rest
from armcrawl.cli.output import counted
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.removing import Plan
    from armcrawl.sites import PageKey


@click.command()
@key_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays in the database.")
@apply_option
@with_engine(archive=True, lock="remove")
def remove(key: PageKey, reason: str, is_applied: bool, storage: Storage, engine: Engine) -> None:
    """Take a page down for good.

    Its text, versions, index and archived bytes go, also under other addresses of its site, and it is never asked for
    again. What tells of it elsewhere is named, and stays.

    KEY is 9911, news/9911, SITE/news/9911, or the page's address.
    """
    if not reason.strip():
        raise UsageError("Say why with --reason: it stays in the database in place of the page.")
    from armcrawl.jobs.forgetting import tell_backups
    from armcrawl.jobs.removing import carry_out, plan

    found = plan(engine, storage, key, reason)
    if not is_applied:
        _show(engine, key, found)
        return
    carry_out(engine, storage, found)
    click.echo(f"{key} is removed: {found.removals[0].reason}")
    show_rest(found, tell_backups(engine))


def _show(engine: Engine, key: PageKey, found: Plan) -> None:
    """Tell what would go."""
    from armcrawl.store.queries.history import history

    known = history(engine, key)
    if known is not None:
        title = f": {known.versions[-1].title}" if known.versions else ""
        click.echo(f"{known.key} · {known.outcome} · {known.address}{title}")
    versions = counted(len(known.versions) if known is not None else 0, "version")
    click.echo(f"{versions} and {counted(len(found.places), 'archived page')} would go for good.")
    show_rest(found)
    click.echo(whether_written(is_applied=False))

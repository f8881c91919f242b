"""`armcrawl remove`: a page is taken down for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from armcrawl.cli.applying import apply_option, whether_written
from armcrawl.cli.engine import with_engine
from armcrawl.cli.keys import key_argument
from armcrawl.cli.output import counted
from armcrawl.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.sites import PageKey
    from armcrawl.store.queries.history import History


@click.command()
@key_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays in the database.")
@apply_option
@with_engine(archive=True, lock="remove")
def remove(key: PageKey, reason: str, is_applied: bool, storage: Storage, engine: Engine) -> None:
    """Take a page down for good.

    Its text, versions, index and archived bytes go, and it is never asked for again. KEY is 9911, news/9911,
    SITE/news/9911, or the page's address.
    """
    if not reason.strip():
        raise UsageError("Say why with --reason: it stays in the database in place of the page.")
    from armcrawl.jobs.importing import places_of
    from armcrawl.store.articles import removal

    page = _known(engine, key)
    places = {*removal.archived(engine, key), *places_of(storage, key)}
    if not is_applied:
        _show(page, len(places))
        return
    _wipe(storage, places)
    removal.remove(engine, key, reason)
    click.echo(f"{key} is removed: {reason}")


def _known(engine: Engine, key: PageKey) -> History:
    """Return what the database holds of a page; raises UsageError for one that it does not know."""
    from armcrawl.store.queries.history import history

    found = history(engine, key)
    if found is None:
        raise UsageError(f"The database does not know {key}.")
    return found


def _show(found: History, captures: int) -> None:
    """Tell what would go."""
    title = f": {found.versions[-1].title}" if found.versions else ""
    click.echo(f"{found.key} · {found.outcome} · {found.address}{title}")
    versions = counted(len(found.versions), "version")
    click.echo(f"{versions} and {counted(captures, 'archived page')} would go for good.")
    click.echo(whether_written(is_applied=False))


def _wipe(storage: Storage, places: set[tuple[str, int]]) -> None:
    """Wipe the archived bytes. They go first: while the database knows where they are, this can be done again.

    Raises ArchiveError if some could not be wiped.
    """
    from armcrawl import clock
    from armcrawl.archive.wiping import wipe

    failed = 0
    for file, offset in places:
        try:
            wipe(storage.local, file, offset, clock.now())
        except ArchiveError as error:
            failed += 1
            click.echo(f"armcrawl: {error}", err=True)
    if failed:
        raise ArchiveError(
            f"{counted(failed, 'archived page')} could not be wiped, so the page is not removed yet: see whether the "
            "archive is all there (--archive), and run the command again."
        )

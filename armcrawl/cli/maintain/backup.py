"""`armcrawl backup` and `armcrawl restore`: database and archive, as they are at one moment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from armcrawl.cli.engine import archive_storage, database_url, opened
from armcrawl.cli.options import archive_option, database_option
from armcrawl.cli.output import counted
from armcrawl.errors import DatabaseError

if TYPE_CHECKING:
    from armcrawl.jobs.backup_contents import Contents

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


@click.command()
@folder_argument
@click.option("--no-archive", "is_alone", is_flag=True, help="Back up the database alone.")
@click.option("--check", "only_check", is_flag=True, help="Only check a backup that was taken, file by file.")
@click.option("--forget-removed", "only_forget", is_flag=True,
              help="Only wipe in a backup what was taken down since.")  # fmt: skip
@archive_option
@database_option
def backup(
    folder: Path, is_alone: bool, only_check: bool, only_forget: bool, archive: str | None, database: str | None
) -> None:
    """Keep database and archive in DIR, also during a crawl.

    Both are as they are at this moment. A backup that is in DIR already becomes this one once all of it is there and
    checked; the archive's files are copied once, or take no room at all where DIR is on the archive's disk.
    `armcrawl restore DIR` brings it back, into either kind of database.
    """
    from armcrawl.jobs.backing_up import back_up
    from armcrawl.jobs.backup_contents import check_whole, contents_of

    url = database_url(database)
    if only_forget:
        _forget(folder, url)
    if only_check or only_forget:
        contents = contents_of(folder)
        check_whole(folder, contents)
    else:
        contents = back_up(url, None if is_alone else archive_storage(url, archive), folder)
        _note(url, folder.resolve(), contents)
    files = counted(len(contents.archive), "file")
    click.echo(
        f"{folder} holds the database of {contents.taken_at:%Y-%m-%d %H:%M:%S} UTC and {files} of the archive, "
        f"{contents.size / 1e6:.1f} MB, all checked."
    )


def _note(url: str, folder: Path, contents: Contents) -> None:
    """Have the database know of a backup, so that a takedown names it; one that came meanwhile reaches it now."""
    from armcrawl.jobs.forgetting import note_taken

    try:
        with opened(url) as engine:
            note_taken(engine, folder, contents)
    except DatabaseError as error:
        click.echo(f"armcrawl: `remove` will not know of this backup: {error}", err=True)


def _forget(folder: Path, url: str) -> None:
    """Wipe in a backup what was taken down since, as the database lists it and as the backup was told."""
    from armcrawl.jobs.forgetting import forget_removed
    from armcrawl.store.articles.removals import listed

    with opened(url, reads=True) as engine:
        removals = listed(engine)
    click.echo(f"Wiped in {folder}: {counted(forget_removed(folder, removals), 'page')} that it still had.")


@click.command()
@folder_argument
@click.option("--removals", "lists", multiple=True, metavar="FILE", type=click.Path(exists=True, dir_okay=False),
              help="Leave out what this list of `armcrawl removals export` has, too; may be repeated.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with a restore that was interrupted.")
@archive_option
@database_option
def restore(folder: Path, lists: tuple[str, ...], resume: bool, archive: str | None, database: str | None) -> None:
    """Bring back what a backup in DIR keeps.

    It comes into a new database of either kind and a new archive. What was taken down since stays away: as DIR was told
    by `remove`, and as the list beside the archive has it.
    """
    from armcrawl.cli.maintain.removals import read_list
    from armcrawl.jobs.restoring import restore as bring_back
    from armcrawl.store.base.lock import locking_all

    url = database_url(database)
    storage = archive_storage(url, archive)
    removals = [one for name in lists for one in read_list(name)]
    with locking_all(url, "restore"):
        contents, forgotten = bring_back(folder, url, storage, removals, resume=resume)
    files = counted(len(contents.archive), "file")
    click.echo(f"The database is that of {contents.taken_at:%Y-%m-%d %H:%M:%S} UTC again, with {files} in {storage}.")
    if forgotten:
        click.echo(f"Taken down since, and not brought back: {counted(forgotten, 'page')}.")

"""`armcrawl backup` and `armcrawl restore`: database and archive, as they are at one moment."""

from __future__ import annotations

from pathlib import Path

import click

from armcrawl.cli.engine import archive_storage, database_url
from armcrawl.cli.options import archive_option, database_option
from armcrawl.cli.output import counted

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))


@click.command()
@folder_argument
@click.option("--no-archive", "is_alone", is_flag=True, help="Back up the database alone.")
@click.option("--check", "only_check", is_flag=True, help="Only check a backup that was taken, file by file.")
@archive_option
@database_option
def backup(folder: Path, is_alone: bool, only_check: bool, archive: str | None, database: str | None) -> None:
    """Keep database and archive in DIR, as they are at this moment, also during a crawl.

    A backup that is in DIR already becomes this one once all of it is there and checked; the archive's files are copied
    once, or take no room at all where DIR is on the archive's disk. `armcrawl restore DIR` brings it back, into either
    kind of database.
    """
    from armcrawl.jobs.backing_up import back_up
    from armcrawl.jobs.backup_contents import check_whole, contents_of

    if only_check:
        contents = contents_of(folder)
        check_whole(folder, contents)
    else:
        url = database_url(database)
        contents = back_up(url, None if is_alone else archive_storage(url, archive), folder)
    files = counted(len(contents.archive), "file")
    click.echo(
        f"{folder} holds the database of {contents.taken_at:%Y-%m-%d %H:%M:%S} UTC and {files} of the archive, "
        f"{contents.size / 1e6:.1f} MB, all checked."
    )


@click.command()
@folder_argument
@click.option("--resume", is_flag=True, help="Go on with a restore that was interrupted.")
@archive_option
@database_option
def restore(folder: Path, resume: bool, archive: str | None, database: str | None) -> None:
    """Bring back what DIR keeps, into a new database of either kind and a new archive."""
    from armcrawl.jobs.restoring import restore as bring_back
    from armcrawl.store.base.lock import locking_all

    url = database_url(database)
    storage = archive_storage(url, archive)
    with locking_all(url, "restore"):
        contents = bring_back(folder, url, storage, resume=resume)
    files = counted(len(contents.archive), "file")
    click.echo(f"The database is that of {contents.taken_at:%Y-%m-%d %H:%M:%S} UTC again, with {files} in {storage}.")

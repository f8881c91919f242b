"""What was taken down leaves backups as well: they are told of it, wiped on request, and restored without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.errors import ArmcrawlError
from armcrawl.jobs.backup_contents import ARCHIVE, Contents, Kept, alone_in, contents_of, new_name, tidy
from armcrawl.jobs.removing import replay
from armcrawl.store.admin.backup import back_up as copy_database
from armcrawl.store.admin.backup import in_one_file
from armcrawl.store.admin.compacting import compact
from armcrawl.store.admin.kept_backups import kept_backups
from armcrawl.store.articles.removal import take_down
from armcrawl.store.articles.removal_lists import beside, keep_beside
from armcrawl.store.articles.removals import listed
from armcrawl.store.articles.returning import unwiped_places
from armcrawl.store.base.database import open_database, open_read_only

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.sites import PageKey
    from armcrawl.store.articles.removals import Removal


def tell_backups(engine: Engine) -> list[str]:
    """Leave the list of what was taken down in each backup that is known; return sentences on what keeps it still."""
    removals, told = listed(engine), []
    for folder, moment in kept_backups(engine):
        of_day = f"The backup {folder} of {moment:%Y-%m-%d} still has it"
        try:
            contents = contents_of(Path(folder))
            keep_beside(Folder(Path(folder)), removals)
            if _has_forgotten(Path(folder), contents, {one.key for one in removals}):
                continue
        except ArmcrawlError:
            told.append(f"{of_day}, if it is kept elsewhere: there, run `armcrawl backup --forget-removed`.")
        else:
            told.append(f"{of_day}: wipe it there by `armcrawl backup --forget-removed {folder}`.")
    return told


def _has_forgotten(folder: Path, contents: Contents, keys: set[PageKey]) -> bool:
    """Tell whether a backup's own database has all that was taken down on its list, and nothing of it left to wipe."""
    engine = open_read_only(f"sqlite:///{folder / contents.database.name}")
    try:
        return keys <= {one.key for one in listed(engine)} and not unwiped_places(engine)
    finally:
        engine.dispose()


def told_to(folder: Path) -> list[Removal]:
    """Return what a backup was told that it must not bring back; raises ArchiveError and UsageError."""
    return beside(Folder(folder))


def forget_in(engine: Engine, storage: Storage | None, removals: Iterable[Removal]) -> int:
    """Take down in a database from a backup, and in its archive if it has one, what it does not list; return how much.

    Raises ArchiveError and DatabaseError, and can then be done again.
    """
    known = {one.key for one in listed(engine)}
    lacking = list({one.key: one for one in removals if one.key not in known}.values())
    if not lacking:
        return 0
    if storage is not None:
        replay(engine, storage, lacking)
        return len(lacking)
    for one in lacking:
        take_down(engine, one)
    compact(engine)
    return len(lacking)


def forget_removed(folder: Path, removals: Iterable[Removal]) -> int:
    """Wipe in a backup what was taken down since, in its database and in its archive; return how many pages that were.

    The backup is whole at any moment: a copy of its database takes that one's place once all is wiped. Raises
    UsageError, LockedError, ArchiveError and DatabaseError.
    """
    contents = contents_of(folder)
    with alone_in(folder):
        name = new_name()
        copy_database(f"sqlite:///{folder / contents.database.name}", folder / name)
        engine = open_database(f"sqlite:///{folder / name}")
        try:
            storage = Folder(folder / ARCHIVE) if contents.archive else None
            forgotten = forget_in(engine, storage, [*told_to(folder), *removals])
        finally:
            engine.dispose()
        in_one_file(folder / name)
        files = tuple(Kept.of(folder / ARCHIVE / one.name) for one in contents.archive)
        contents = replace(contents, database=Kept.of(folder / name), archive=files)
        contents.write(folder)
        tidy(folder, contents)
    return forgotten

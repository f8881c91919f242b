"""What was taken down leaves backups as well: they are told of it, wiped on request, and restored without it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.errors import ArmcrawlError
from armcrawl.files import part_of
from armcrawl.jobs.backup_contents import ARCHIVE, Kept, alone_in, contents_of, new_name, tidy
from armcrawl.jobs.removing import carry_out, plan_all
from armcrawl.store.admin.backup import back_up as copy_database
from armcrawl.store.admin.backup import in_one_file
from armcrawl.store.admin.compacting import compact
from armcrawl.store.admin.kept_backups import KeptBackup, kept_backups, note_backup
from armcrawl.store.articles.removal import take_down
from armcrawl.store.articles.removal_lists import beside, keep_beside
from armcrawl.store.articles.removals import listed
from armcrawl.store.base.database import open_database, open_read_only

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Engine

    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.backup_contents import Contents
    from armcrawl.store.articles.removals import Removal


def note_taken(engine: Engine, folder: Path, contents: Contents) -> None:
    """Have a database know of a backup of it, and rid that of what was taken down while it was taken."""
    note_backup(engine, KeptBackup(str(folder), contents.taken_at))
    if missing := lacking_in(folder, listed(engine)):
        forget_removed(folder, missing)


def tell_backups(engine: Engine) -> list[str]:
    """Leave the list of what was taken down in each backup that is known; return sentences on what keeps it still."""
    removals, told = listed(engine), []
    for folder, moment in kept_backups(engine):
        of_day = f"The backup {folder} of {moment:%Y-%m-%d}"
        try:
            if not lacking_in(Path(folder), removals):
                continue
            keep_beside(Folder(Path(folder)), removals)
        except ArmcrawlError:
            told.append(f"{of_day} may still have it, where it is kept: run `armcrawl backup --forget-removed` there.")
        else:
            told.append(f"{of_day} still has it: wipe it by `armcrawl backup --forget-removed {folder}`.")
    return told


def lacking_in(folder: Path, removals: Iterable[Removal]) -> list[Removal]:
    """Return what a backup was never rid of; raises UsageError for a folder that is none, and DatabaseError."""
    engine = open_read_only(f"sqlite:///{folder / contents_of(folder).database.name}")
    try:
        known = {one.key for one in listed(engine)}
    finally:
        engine.dispose()
    return [one for one in removals if one.key not in known]


def told_to(folder: Path) -> list[Removal]:
    """Return what a backup was told that it must not bring back; raises ArchiveError and UsageError."""
    return beside(Folder(folder))


def forget_in(engine: Engine, storage: Storage | None, removals: Iterable[Removal]) -> int:
    """Take down what is on a list in a database from a backup, and in its archive if it has one.

    Returns how much of it the database did not list. Raises ArchiveError and DatabaseError, and can then be done again.
    """
    known = {one.key for one in listed(engine)}
    wanted = list({one.key: one for one in removals}.values())
    if storage is not None:
        found = plan_all(engine, storage, wanted)
        _unshare(storage, {trace.file for trace in found.traces})
        carry_out(engine, storage, found)
    else:
        for one in wanted:
            take_down(engine, one)
        compact(engine)
    return sum(one.key not in known for one in wanted)


def _unshare(storage: Storage, names: Collection[str]) -> None:
    """Have files of a backup for itself before they are wiped, which may be the archive's own under a second name."""
    for name in names:
        path = storage.local / name
        if isinstance(storage, Folder) and path.stat().st_nlink > 1:
            part = part_of(path)
            shutil.copyfile(path, part)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)


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

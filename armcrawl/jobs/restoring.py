"""A backup becomes a database and an archive again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder
from armcrawl.errors import DatabaseError, UsageError
from armcrawl.files import part_of
from armcrawl.jobs.backup_contents import ARCHIVE, Kept, check_whole, contents_of
from armcrawl.store.admin.copying import copy_database
from armcrawl.store.base.database import open_database, open_read_only, parse_url

if TYPE_CHECKING:
    from armcrawl.archive.storage import Storage
    from armcrawl.jobs.backup_contents import Contents


def restore(folder: Path, url: str, storage: Storage, *, resume: bool = False) -> Contents:
    """Make a database and an archive as they were when a backup was taken; return what that holds.

    Both must be new, or hold what an interrupted restore has brought. The backup is only read, and all of it is checked
    before anything is written. Raises UsageError, ArchiveError or DatabaseError.
    """
    contents = contents_of(folder)
    target = parse_url(url)
    is_file = target.get_backend_name() == "sqlite"
    if is_file:
        _check_is_new(Path(target.database or ""))
    check_whole(folder, contents)
    if contents.archive:
        _restore_archive(folder / ARCHIVE, contents, storage)
    source = folder / contents.database.name
    if is_file:
        _restore_file(source, Path(target.database or ""))
    else:
        _restore_server(source, url, resume=resume)
    return contents


def _check_is_new(path: Path) -> None:
    """Raise UsageError where a database is, or what another one has left: SQLite would take it for the new one's."""
    for one in (path, *(Path(f"{path}{end}") for end in ("-wal", "-shm", "-journal"))):
        if one.exists():
            raise UsageError(f"{one} is there already: move it away, or name another database with --database.")


def _restore_archive(source: Path, contents: Contents, storage: Storage) -> None:
    """Bring the files that an archive lacks; what is there must be the same."""
    storage.check()
    held = {one.name: one.size for one in storage.files()} if storage.exists() else {}
    names = [one.name for one in contents.archive]
    if foreign := sorted(held.keys() - set(names)):
        raise UsageError(f"{storage} holds {foreign[0]}, which is not the backup's: name a new archive by --archive.")
    for name in names:
        if name not in held:
            storage.put(source / name)
        elif held[name] != (source / name).stat().st_size or not _is_same(storage, source / name):
            raise UsageError(f"{storage} holds another {name} than the backup: name a new archive by --archive.")


def _is_same(storage: Storage, source: Path) -> bool:
    """Tell whether a file of an archive is the backup's. An object in S3 came there whole, and of one size it is."""
    if not isinstance(storage, Folder):
        return True
    return Kept.of(storage.path / source.name).sha256 == Kept.of(source).sha256


def _restore_file(source: Path, target: Path) -> None:
    part = part_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise DatabaseError(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _restore_server(source: Path, url: str, *, resume: bool) -> None:
    saved = open_read_only(f"sqlite:///{source}")
    try:
        target = open_database(url)
        try:
            copy_database(saved, target, resume=resume)
        finally:
            target.dispose()
    finally:
        saved.dispose()

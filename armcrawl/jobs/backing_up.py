"""A backup of database and archive, taken while others write: all that the database names is in the archive's part."""

from __future__ import annotations

import os
import shutil
import zlib
from typing import TYPE_CHECKING

from armcrawl import __version__, clock
from armcrawl.archive.folder import Folder
from armcrawl.archive.storage import OPEN
from armcrawl.archive.wiping import member_size
from armcrawl.errors import ArchiveError, UsageError
from armcrawl.files import part_of
from armcrawl.jobs.backup_contents import ARCHIVE, LIST, Contents, Kept, alone_in, contents_of, is_ours, new_name, tidy
from armcrawl.store.admin.backup import back_up as back_up_database
from armcrawl.store.articles.captures import last_places
from armcrawl.store.base.database import open_read_only

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from armcrawl.archive.storage import Storage, StoredFile


def back_up(url: str, storage: Storage | None, folder: Path) -> Contents:
    """Make a folder a backup of a database and its archive, or of the database alone; return what it holds.

    The database comes first: whatever it names is in the archive by then. What an earlier backup in that folder holds
    already is not copied again, and that backup is whole until this one is. Raises UsageError for a folder that holds
    something else, or an archive that would go, and DatabaseError or ArchiveError, with the earlier backup as it is, if
    it fails.
    """
    before = _prepare(folder)
    if storage is None and before is not None and before.archive:
        raise UsageError(f"{folder} keeps an archive as well, which would go: name another folder for --no-archive.")
    with alone_in(folder):
        moment, name = clock.now(), new_name()
        back_up_database(url, folder / name)
        kept = _archive(storage, folder, name, before) if storage is not None else ()
        contents = Contents(moment, __version__, Kept.of(folder / name), kept)
        contents.write(folder)
        tidy(folder, contents)
    return contents


def _prepare(folder: Path) -> Contents | None:
    """Make the folder of a backup, and return what it holds already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = {path.name for path in folder.iterdir()}
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be a backup: {error.strerror}. Name a folder that you may write to."
        ) from error
    if LIST in held:
        return contents_of(folder)
    if foreign := sorted(name for name in held if not is_ours(name)):
        raise UsageError(f"{folder} holds {foreign[0]}, and is no backup: name an empty folder, or a new one.")
    return None


def _archive(storage: Storage, folder: Path, database: str, before: Contents | None) -> tuple[Kept, ...]:
    """Bring the archive's part of a backup up to what its database names; return its files."""
    places = _last_places(folder / database)
    here = folder / ARCHIVE
    here.mkdir(exist_ok=True)
    noted = {one.name: one for one in before.archive} if before is not None else {}
    files = {one.closed_name: one for one in storage.files()}
    if missing := sorted(places.keys() - files.keys()):
        raise ArchiveError(
            f"{storage} lacks {missing[0]}, which the database names, so no backup is taken: name the right archive "
            "with --archive, or take one of the database alone with --no-archive."
        )
    for name, stored in sorted(files.items()):
        if stored.name.endswith(OPEN):
            _copy_up_to(stored, here / name, places.get(name))
        else:
            _bring(storage, stored, here / name)
    return tuple(_noted(path, noted.get(path.name)) for path in sorted(here.iterdir()) if path.name in files)


def _last_places(database: Path) -> Mapping[str, int]:
    engine = open_read_only(f"sqlite:///{database}", any_shape=True)
    try:
        return last_places(engine)
    finally:
        engine.dispose()


def _noted(path: Path, before: Kept | None) -> Kept:
    return before if before is not None and before.is_as_noted(path) else Kept.of(path)


def _bring(storage: Storage, stored: StoredFile, here: Path) -> None:
    """Have a closed file in a backup: by a second name for it, where the disk allows, else as a copy."""
    origin = storage.path / stored.name if isinstance(storage, Folder) else None
    if here.exists() and _is_same(origin, stored, here):
        return
    part = part_of(here)
    part.unlink(missing_ok=True)
    try:
        if origin is not None:
            try:
                os.link(origin, part)
            except OSError:  # another disk, or one that cannot
                _copy(origin, part)
        else:
            with stored.open() as file, part.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
        _sync(part)
        part.replace(here)
    except OSError as error:
        raise ArchiveError(f"{stored} cannot be copied to {here}: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _copy(origin: Path, part: Path) -> None:
    """Copy a file with its time, as it was before: one that is wiped meanwhile is another one to the next backup."""
    before = origin.stat()
    shutil.copyfile(origin, part)
    os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))


def _is_same(origin: Path | None, stored: StoredFile, here: Path) -> bool:
    """Tell whether a backup has a file already. An object in S3 is never changed, a file on a disk only wiped."""
    if origin is None:
        return here.stat().st_size == stored.size
    told, kept = origin.stat(), here.stat()
    return (told.st_size, told.st_mtime_ns) == (kept.st_size, kept.st_mtime_ns)


def _copy_up_to(stored: StoredFile, here: Path, last: int | None) -> None:
    """Copy a file that is still written to, up to the last record that the database names."""
    if last is None:
        here.unlink(missing_ok=True)
        return
    part = part_of(here)
    try:
        with stored.open() as file, part.open("wb") as copy:
            end = last + member_size(file, last)
            file.seek(0)
            while (left := end - copy.tell()) > 0 and (data := file.read(min(left, 1 << 20))):
                copy.write(data)
        _sync(part)
        part.replace(here)
    except (OSError, zlib.error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise ArchiveError(f"{stored} cannot be copied to {here}: {said}.") from error
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())

"""An archive is copied to another place, file by file: what is there already is compared, so it can be run again."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from armcrawl.archive.folder import Folder, file_in
from armcrawl.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.archive.storage import Storage, StoredFile

# What a folder's name has behind the archive's in which a file lies on its way.
MOVING = "-moving-"


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that is at both places now, byte for byte; `is_new` if it was not there before."""

    name: str
    size: int
    is_new: bool


def move(source: Storage, target: Storage) -> Iterator[Moved]:
    """Copy every file, and yield it when it was read back; nothing is deleted.

    The database knows files by their names and records by their places, which stay. Raises ArchiveError for a file that
    is another one at the target, and UsageError for an archive that is to be moved to itself.
    """
    if _place(source) == _place(target):
        raise UsageError(f"{source} is where the archive lies already: name another place.")
    there = {one.name: one.size for one in target.files()}
    for file in source.files():
        is_new = file.closed_name not in there
        if not is_new and there[file.closed_name] != file.size:
            raise ArchiveError(f"{target}/{file.closed_name} is another file than {file}: neither is touched.")
        with _on_disk(file, target) as path:
            target.put(path, file.closed_name)
        yield Moved(file.closed_name, file.size, is_new)


def delete_all(source: Storage, target: Storage, moved: list[Moved]) -> None:
    """Delete the files of the source that were moved, with all their versions, if nothing has changed since.

    Raises ArchiveError where a file came to the source meanwhile, or the target lacks one.
    """
    sizes = {one.name: one.size for one in moved}
    here = {one.closed_name: one.size for one in source.files()}
    there = {one.name: one.size for one in target.files()}
    if here != sizes or not sizes.items() <= there.items():
        raise ArchiveError(f"{source} or {target} has changed meanwhile: nothing is deleted, run the command again.")
    for name in sizes:
        source.delete(name)


def _place(storage: Storage) -> object:
    return storage.path.resolve() if isinstance(storage, Folder) else str(storage)


@contextmanager
def _on_disk(file: StoredFile, target: Storage) -> Iterator[Path]:
    """Yield the path of a file's bytes: its own, or a copy beside the target that goes afterwards."""
    if isinstance(file.storage, Folder):
        yield file_in(file.storage.path, file.closed_name)
        return
    beside = target.local.parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=beside, prefix=f"{target.local.name}{MOVING}") as folder:
            path = Path(folder) / file.closed_name
            with file.open() as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            if path.stat().st_size != file.size:
                raise ArchiveError(f"{file} was not read to its end: run the command again.")
            yield path
    except OSError as error:
        raise ArchiveError(f"{file} cannot be copied to {beside}: {error.strerror}.") from error

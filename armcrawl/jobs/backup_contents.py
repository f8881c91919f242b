"""What a backup is: a folder with a database in one SQLite file, the archive's files, and a list of both.

The list is written last, in one step: what it does not name is of a backup that did not come to its end.
"""

from __future__ import annotations

import fcntl
import json
import re
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from msgspec import ValidationError, convert

from armcrawl import clock
from armcrawl.archive.checking import check_file
from armcrawl.archive.folder import Folder
from armcrawl.archive.storage import is_warc
from armcrawl.errors import ArchiveError, LockedError, UsageError
from armcrawl.files import write_whole
from armcrawl.store.articles.removal_lists import NAME as REMOVALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from armcrawl.archive.storage import StoredFile

LIST, ARCHIVE, LOCK = "backup.json", "archive", ".lock"
# Bytes that are read at a time.
PIECE = 1 << 20


def new_name() -> str:
    """Return a name for a backup's database that no earlier one has."""
    return f"armcrawl-{clock.now():%Y%m%dT%H%M%S.%fZ}.db"


# The same, and what is written before it gets such a name.
DATABASE = re.compile(r"armcrawl-\d{8}T\d{6}\.\d{6}Z\.db(-wal|-shm|-journal)?|\..*\.part(-wal|-shm|-journal)?")


def is_ours(name: str) -> bool:
    """Tell whether a file of a folder is a backup's, also of one that did not come to its end."""
    return name in {LIST, LOCK, ARCHIVE, REMOVALS} or DATABASE.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup: its size in bytes, its SHA-256, and when it was last written, in nanoseconds."""

    name: str
    size: int
    sha256: str
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read a file to its end."""
        told = path.stat()
        return cls(path.name, told.st_size, _digest(path, told.st_size), told.st_mtime_ns)

    def is_as_noted(self, path: Path) -> bool:
        """Tell by its size and time, without reading it, whether a file is the one that was noted."""
        told = path.stat()
        return (told.st_size, told.st_mtime_ns) == (self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole backup: of what moment (UTC), by which armcrawl, and its files."""

    taken_at: datetime
    armcrawl: str
    database: Kept
    archive: tuple[Kept, ...]

    @property
    def size(self) -> int:
        """All of it, in bytes."""
        return self.database.size + sum(one.size for one in self.archive)

    def write(self, folder: Path) -> None:
        """Let a folder be this backup from now on."""
        text = json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False, indent=1)
        write_whole(folder / LIST, text.encode())


def contents_of(folder: Path) -> Contents:
    """Return what a backup holds; raises UsageError for a folder that is none."""
    try:
        return convert(json.loads((folder / LIST).read_bytes()), Contents)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError(f"{folder} is no backup: `armcrawl backup {folder}` takes one.") from error
    except OSError as error:
        raise UsageError(f"{folder / LIST} cannot be read: {error.strerror}.") from error
    except (ValueError, ValidationError) as error:
        raise UsageError(f"{folder / LIST} is damaged: take this backup anew, or use another one.") from error


def check(folder: Path, contents: Contents) -> list[str]:
    """Read all of a backup, and return what is wrong with it, in sentences.

    A file of the archive may have grown, and one that is another than was noted is still sound if all its records are:
    a page that was taken down was wiped in it.
    """
    path = folder / contents.database.name
    problems = [] if _is_same(path, contents.database) else [f"{path} is missing, or was changed."]
    held = {one.closed_name: one for one in Folder(folder / ARCHIVE).files()}
    for kept in contents.archive:
        if kept.name not in held:
            problems.append(f"{folder / ARCHIVE / kept.name} is missing.")
        elif (problem := problem_of(held[kept.name], folder / ARCHIVE / kept.name, kept)) is not None:
            problems.append(f"{folder / ARCHIVE / kept.name} was changed: {problem}.")
    return problems


def problem_of(stored: StoredFile, path: Path, kept: Kept) -> str | None:
    """Return what is wrong with a file of an archive that is another one than was noted; None if nothing is."""
    if path.stat().st_size < kept.size:
        return "it is shorter"
    return None if _digest(path, kept.size) == kept.sha256 else next(iter(check_file(stored).problems), None)


def check_whole(folder: Path, contents: Contents) -> None:
    """Raise ArchiveError for a backup that is damaged."""
    if problems := check(folder, contents):
        raise ArchiveError(f"{problems[0]} Use another backup of yours; {len(problems)} of its files are not as noted.")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a backup's folder; raises LockedError while another process does."""
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockedError(f"Another backup is at work in {folder}: let it end.") from error
        yield


def tidy(folder: Path, contents: Contents) -> None:
    """Delete what backups have left that this one does not name, and nothing else."""
    _delete(path for path in folder.iterdir() if DATABASE.fullmatch(path.name) and path.name != contents.database.name)
    names = {one.name for one in contents.archive}
    if (folder / ARCHIVE).is_dir():
        _delete(path for path in (folder / ARCHIVE).iterdir() if path.name not in names and _is_of_archive(path.name))


def _is_of_archive(name: str) -> bool:
    return is_warc(name) or DATABASE.fullmatch(name) is not None


def _delete(paths: Iterable[Path]) -> None:
    for path in list(paths):
        path.unlink(missing_ok=True)


def _digest(path: Path, size: int) -> str:
    """Return the SHA-256 of the first so many bytes of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while size > 0 and (data := file.read(min(size, PIECE))):
            digest.update(data)
            size -= len(data)
    return digest.hexdigest()


def _is_same(path: Path, kept: Kept) -> bool:
    return path.exists() and path.stat().st_size == kept.size and Kept.of(path).sha256 == kept.sha256

"""An archive in a folder: the one beside its database, or the one that is named."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.archive.storage import OPEN, StoredFile, digest_of, is_warc
from armcrawl.errors import ArchiveError, ArmcrawlError
from armcrawl.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedReader

DEFAULT_FOLDER = Path("data")
# What a file is called while it is copied: no reader takes it for one of the archive.
COPYING = ".copying"


def folder_beside(database: str, *, is_file: bool) -> Path:
    """Return the folder of a database's archive: beside a file, else under `data`; named after the database."""
    path = Path(database) if is_file else DEFAULT_FOLDER / database
    return path.parent / f"{path.stem}-archive"


def file_in(folder: Path, name: str) -> Path:
    """Return the path of an archive's file, whether it is closed or not; FileNotFoundError without one."""
    closed = folder / name
    if Path(name).name != name:
        raise FileNotFoundError(f"{name!r} is no name of a file in the archive")
    if closed.exists():
        return closed
    left_open = folder / f"{name}{OPEN}"
    if left_open.exists():
        return left_open
    raise FileNotFoundError(f"{closed} is missing")


def files_of(folder: Path) -> list[Path]:
    """Return the WARC files of an archive, oldest first, none of a folder that is not there.

    Raises OSError for a path that is no folder.
    """
    try:
        paths = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    return [path for path in paths if is_warc(path.name)]


def existing_part(path: Path) -> Path:
    """Return what there is of a path: itself, or the nearest above it."""
    return next((one for one in (path, *path.absolute().parents) if one.exists()), Path("/"))


@dataclass(frozen=True, slots=True)
class Folder:
    """An archive in a folder of this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def local(self) -> Path:
        """The folder itself: files are written where they stay."""
        return self.path

    def check(self) -> None:
        """Raise ArchiveError where the folder cannot be written."""
        existing = existing_part(self.path)
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise ArchiveError(
                f"The archive {self.path} cannot be written: let the crawl's user write there, or name another."
            )

    def exists(self) -> bool:
        """Tell whether there is such a folder."""
        return self.path.is_dir()

    def files(self) -> Sequence[StoredFile]:
        """Return the WARC files, oldest first; raises OSError for a path that is no folder."""
        return [StoredFile(self, path.name, path.stat().st_size) for path in files_of(self.path)]

    def open(self, name: str, *, is_for_page: bool = False) -> BufferedReader:
        """Open a file for reading; raises FileNotFoundError."""
        del is_for_page
        return file_in(self.path, name).open("rb")

    def holds(self, file: Path | StoredFile) -> bool:
        """Tell whether a file lies in the folder."""
        if isinstance(file, StoredFile):
            return file.storage == self
        return file.resolve().parent == self.path.resolve()

    def put(self, path: Path, name: str | None = None) -> None:
        """Copy a file into the folder, unless it is there; raises ArchiveError where another one has its name."""
        kept = self.path / (name or path.name)
        if not kept.exists():
            self._copy(path, kept)
        with path.open("rb") as ours, kept.open("rb") as theirs:
            if digest_of(ours) != digest_of(theirs):
                raise ArchiveError(f"{kept} is another file than {path}: neither is touched.")

    def _copy(self, path: Path, kept: Path) -> None:
        copying = kept.with_name(f"{kept.name}{COPYING}-{os.getpid()}")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copying)
            with copying.open("rb+") as file:
                os.fsync(file.fileno())
            # Not every disk can link, which overwrites nothing. Who was faster brought the same, or `put` tells.
            if not kept.exists():
                copying.rename(kept)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be copied into {self.path}: {error.strerror}.") from error
        finally:
            copying.unlink(missing_ok=True)

    def settle(self, name: str) -> None:
        """Do nothing: files are written where they stay."""

    def keep(self, name: str, content: bytes) -> None:
        """Write a text into the folder, whole or not at all; raises ArchiveError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / name, content)
        except OSError as error:
            raise ArchiveError(f"{self.path / name} cannot be written: {error.strerror}.") from error
        except ArmcrawlError as error:
            raise ArchiveError(str(error)) from error

    def kept(self, name: str) -> bytes | None:
        """Return a text of the folder; raises ArchiveError."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ArchiveError(f"{self.path / name} cannot be read: {error.strerror}.") from error

    def delete(self, name: str) -> None:
        """Delete a file, closed or not; raises ArchiveError."""
        try:
            file_in(self.path, name).unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ArchiveError(f"{self.path / name} cannot be deleted: {error.strerror}.") from error

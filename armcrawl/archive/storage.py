"""Where an archive lies: what the rest of the house needs to know of a folder, or of a bucket in S3.

A storage is a plain value: it is handed to other processes, and opens what it needs there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import BufferedReader
    from pathlib import Path

# A file that is being written, or that a crawl left behind which died.
OPEN = ".open"


class Storage(Protocol):
    """A place of WARC files, each written once; as a text it is what `--archive` says.

    All of it raises ArchiveAwayError where the place cannot be reached, and ArchiveError for what is wrong with a file.
    A file's name is that of the closed one, by which the database knows it, except in `files`.
    """

    def __hash__(self) -> int: ...

    @property
    def local(self) -> Path:
        """The folder of this machine in which files are written before they are closed."""

    def check(self) -> None:
        """Find out whether files can be read and written there; raises ArmcrawlError with what to do."""

    def exists(self) -> bool:
        """Tell whether there is an archive."""

    def files(self) -> Sequence[StoredFile]:
        """Return the WARC files, oldest first, also those that are not closed."""

    def open(self, name: str, *, is_for_page: bool = False) -> BufferedReader:
        """Open a file for reading, at any place of it, or for one page only; raises FileNotFoundError."""

    def holds(self, file: Path | StoredFile) -> bool:
        """Tell whether a file lies in this archive."""

    def put(self, path: Path, name: str | None = None) -> None:
        """Keep a file of this machine, under its own name or this one, and read it back.

        A file that is there is never overwritten, and the one of this machine stays where it is. Raises ArchiveError
        where another one has the name.
        """

    def settle(self, name: str) -> None:
        """Delete a file here that was put already, by who was killed then; raises ArchiveError for another one."""

    def keep(self, name: str, content: bytes) -> None:
        """Keep a small text beside the files, in place of what it said before; raises ArchiveError."""

    def kept(self, name: str) -> bytes | None:
        """Return such a text, None where there is none; raises ArchiveError."""

    def delete(self, name: str) -> None:
        """Delete a file for good, with all its versions; nothing happens without one."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of an archive, with `.open` behind its name where it is not closed; `size` in bytes."""

    storage: Storage
    name: str
    size: int

    @property
    def closed_name(self) -> str:
        """The name by which the database knows it."""
        return self.name.removesuffix(OPEN)

    def open(self, mode: Literal["rb"] = "rb") -> BufferedReader:
        """Open it for reading, as a path is opened; raises FileNotFoundError and ArchiveError."""
        del mode
        return self.storage.open(self.closed_name)

    def __str__(self) -> str:
        return f"{self.storage}/{self.name}"


def digest_of(file: BufferedReader) -> str:
    """Return the SHA-256 of a file's bytes, which tells whether another one is the same."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def is_warc(name: str) -> bool:
    """Tell by its name whether a file is one of our archive's, closed or not."""
    return name.removesuffix(OPEN).endswith(".warc.gz")

"""An archive in S3: whole closed files, each put once, and pages read by ranges.

obstore moves the bytes. A file that is not put yet lies in a folder of this machine, and is read from there.
"""

from __future__ import annotations

import mmap
import os
import re
from contextlib import nullcontext
from dataclasses import dataclass
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from armcrawl.archive.folder import file_in, files_of
from armcrawl.archive.replaced import newest_of
from armcrawl.archive.s3 import client
from armcrawl.archive.s3.client import SCHEME
from armcrawl.archive.s3.ranges import BLOCK, PAGE, Ranged, forget
from armcrawl.archive.storage import StoredFile, digest_of, is_warc
from armcrawl.errors import ArchiveAwayError, ArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, and what older ones are called.
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
# Characters that are safe in a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
PREFIX = re.compile(r"[\w!.*'()-]+(?:/[\w!.*'()-]+)*")
# Every run tries to put it: who may not write there learns it before a page is asked for.
NOTE = "armcrawl-archive.txt"
SAYS = b"Raw pages of armcrawl: WARC files, each written once and never changed. https://iipc.github.io/warc-specifications/\n"


@dataclass(frozen=True, slots=True)
class Bucket:
    """An archive in a bucket, below a prefix; `waiting` is the folder of files that are not put yet."""

    bucket: str
    prefix: str
    waiting: Path

    @classmethod
    def at(cls, address: str, beside: Path) -> Bucket:
        """Return the archive at `s3://BUCKET/PREFIX`, for a database whose own archive would be a folder.

        Raises UsageError for another address.
        """
        bucket, _, prefix = address[len(SCHEME) :].partition("/")
        prefix = prefix.strip("/")
        is_sound = not prefix or (PREFIX.fullmatch(prefix) and not {".", ".."} & set(prefix.split("/")))
        if not address.lower().startswith(SCHEME) or not BUCKET.fullmatch(bucket) or not is_sound:
            raise UsageError(
                "An archive in S3 is named s3://BUCKET/PREFIX, of plain characters; its credentials stand in "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
        # With bucket and prefix in its path, a file never comes into another archive than its own.
        return cls(bucket, prefix, beside.with_name(f"{beside.name}-not-yet-in-s3") / bucket / prefix)

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def local(self) -> Path:
        """The folder in which files are written, and wait to be put."""
        return self.waiting

    def key(self, name: str) -> str:
        """Return a file's name in the bucket."""
        return f"{self.prefix}/{name}".lstrip("/")

    def check(self) -> None:
        """Raise ArchiveAwayError where the bucket cannot be listed, or nothing be put there."""
        with client.telling(str(self), "be listed"):
            self._list(1)
        with client.telling(str(self), "be written"):
            self._create(NOTE, SAYS)

    def exists(self) -> bool:
        """Tell whether there is anything below the prefix, or waits to be put there."""
        with client.telling(str(self), "be listed"):
            return bool(files_of(self.waiting) or self._list(1))

    def files(self) -> Sequence[StoredFile]:
        """Return the WARC files by name, those that wait to be put as well."""
        # What waits comes first: what is put meanwhile is found in the bucket then.
        found = {path.name: path.stat().st_size for path in files_of(self.waiting)}
        with client.telling(str(self), "be listed"):
            put = {str(one["path"]): int(one["size"]) for one in self._list()}
        files = {name: StoredFile(self, name, size) for name, size in put.items() if is_warc(name) and "/" not in name}
        for name, size in found.items():
            waiting = StoredFile(self, name, size)
            files.setdefault(waiting.closed_name, waiting)
        return [files[name] for name in sorted(files)]

    def open(self, name: str, *, is_for_page: bool = False) -> BufferedReader:
        """Open a file, or the one that has taken its place; raises FileNotFoundError, and ArchiveAwayError."""
        try:
            return file_in(self.waiting, name).open("rb")
        except FileNotFoundError:
            if "/" in name:
                raise
        size = self._size(name)
        if size is None:
            new = newest_of(name, (file.closed_name for file in self.files()))
            if new is None:
                raise FileNotFoundError(f"{self}/{name} is missing")
            return self.open(new, is_for_page=is_for_page)
        block = PAGE if is_for_page else BLOCK
        return BufferedReader(Ranged(self, name, size, is_cached=not is_for_page), block)

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return bytes of a file; raises ArchiveAwayError."""
        with client.telling(str(self), "be read"):
            return bytes(client.module().get_range(self._store(), name, start=start, length=length))

    def holds(self, file: Path | StoredFile) -> bool:
        """Tell whether a file lies in this archive."""
        return isinstance(file, StoredFile) and file.storage == self

    def put(self, path: Path, name: str | None = None) -> None:
        """Put a file, and read it back; raises ArchiveError where another one has its name, or it is not the same.

        One that is there already is compared, as a put that was interrupted may have come to its end.
        """
        name = name or path.name
        if self._size(name) is None:
            with path.open("rb") as file, client.telling(str(self), "be written"), _mapped(file) as data:
                self._create(name, data)
        with path.open("rb") as ours, self._open_put(name) as theirs:
            if digest_of(ours) != digest_of(theirs):
                raise ArchiveError(f"{self}/{name} is another file than {path}: neither is touched.")

    def settle(self, name: str) -> None:
        """Delete a file that waits here and was put; raises ArchiveError if the one in the bucket is another one."""
        try:
            path = file_in(self.waiting, name)
        except FileNotFoundError:
            return
        if self._size(name) is not None:
            self.put(path, name)
            path.unlink(missing_ok=True)

    def keep(self, name: str, content: bytes) -> None:
        """Put a text, also over what it said before; raises ArchiveAwayError."""
        with client.telling(str(self), "be written"):
            client.module().put(client.store(self.bucket, self.prefix, client.PUT), name, content)

    def kept(self, name: str) -> bytes | None:
        """Return a text of the bucket; raises ArchiveAwayError."""
        if self._size(name) is None:
            return None
        with client.telling(str(self), "be read"):
            return bytes(client.module().get(self._store(), name).bytes())

    def delete(self, name: str) -> None:
        """Delete a file with all its versions, and what of it waits here; raises ArchiveError."""
        try:
            file_in(self.waiting, name).unlink()
        except FileNotFoundError:
            pass
        except OSError as error:
            raise ArchiveError(f"{self.waiting / name} cannot be deleted: {error.strerror}.") from error
        forget()
        client.delete_versions(self.bucket, self.key(name))
        if self._size(name) is not None:
            raise ArchiveError(f"{self}/{name} was deleted, and is still there.")

    def _open_put(self, name: str) -> BufferedReader:
        size = self._size(name)
        if size is None:
            raise ArchiveError(f"{self}/{name} was put, and is not there.")
        return BufferedReader(Ranged(self, name, size, is_cached=False), BLOCK)

    def _size(self, name: str) -> int | None:
        """Return how large a file is in the bucket; None if it is not there."""
        try:
            with client.telling(str(self), "be read"):
                return int(client.module().head(self._store(), name)["size"])
        except FileNotFoundError:
            return None

    def _create(self, name: str, data: Any) -> None:
        """Put an object unless there is one; tells nothing of one that is there."""
        obstore = client.module()
        try:
            obstore.put(client.store(self.bucket, self.prefix, client.PUT), name, data, mode="create")
        except obstore.exceptions.AlreadyExistsError:
            return
        except FileNotFoundError as error:
            raise ArchiveAwayError(client.NO_BUCKET.format(place=self)) from error

    def _list(self, number: int | None = None) -> list[Any]:
        found = list[Any]()
        for some in client.module().list(self._store()):
            found += some
            if number is not None and len(found) >= number:
                break
        return found

    def _store(self) -> Any:
        return client.store(self.bucket, self.prefix)


def _mapped(file: BufferedReader) -> AbstractContextManager[Any]:
    """Return the bytes of a file: mapped, a large one takes no memory; an empty one cannot be mapped."""
    if os.fstat(file.fileno()).st_size == 0:
        return nullcontext(b"")
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

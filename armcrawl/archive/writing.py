"""Writing what comes in: a new file for each run, another one when it is large or the day is over."""

from __future__ import annotations

import errno
import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl import __version__, clock
from armcrawl.archive.records import ADDRESS, Exchange, build, packed, record, warc_date, warcinfo
from armcrawl.archive.sending import Sender, hold, is_away
from armcrawl.archive.storage import OPEN
from armcrawl.errors import ArchiveError
from armcrawl.items import Record

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path
    from typing import BinaryIO

    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage

# What Heritrix and Common Crawl write, and what tools are used to: https://commoncrawl.org
MAX_FILE = 1 << 30
# In S3: what a machine that is lost takes with it, and what a slow line takes in some minutes.
MAX_SENT = 128 << 20


@dataclass(frozen=True, slots=True)
class ArchiveTarget:
    """Where a run's archive goes, what its files' names begin with, and the settings to be recorded."""

    storage: Storage
    prefix: str
    settings: tuple[tuple[str, str], ...] = ()


class ArchiveWriter:
    """Appends to one open file; it gets its final name when it is closed."""

    def __init__(self, target: ArchiveTarget, largest: int | None = None) -> None:
        self.target = target
        self.folder = target.storage.local
        self.sender = Sender(target.storage)
        self.largest = largest or (MAX_SENT if is_away(target.storage) else MAX_FILE)
        self.number = 0
        self.name = ""
        self.file: BinaryIO | None = None
        self.day: date | None = None

    def write(self, exchange: Exchange) -> Record:
        """Write a request and its response, and hand them to the operating system; raises ArchiveError."""
        built = build(exchange)
        offset = self._append(built.data)
        return Record(self.name, offset + built.offset, built.payload_digest)

    def _append(self, data: bytes) -> int:
        try:
            file = self._ready()
            offset = file.tell()
            written = file.write(data)
        except OSError as error:
            raise self._error(error) from error
        if written != len(data):
            raise self._error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        return offset

    def copy(self, captured: Captured) -> Record:
        """Write a response of another archive as it stands there; raises ArchiveError."""
        headers = {"WARC-Target-URI": captured.url, "WARC-Date": warc_date(captured.fetched_at)}
        kind = "response"
        if captured.payload_digest:
            headers["WARC-Payload-Digest"] = captured.payload_digest
        if captured.asked_for:
            headers[ADDRESS] = captured.asked_for
        if captured.original is not None:
            kind = "revisit"
            headers |= {"WARC-Profile": captured.profile or "", "WARC-Refers-To-Target-URI": captured.url}
            if captured.refers_to is not None:
                headers["WARC-Refers-To-Date"] = warc_date(captured.refers_to)
        data = packed(record(kind, headers, "application/http; msgtype=response", captured.block))
        offset = self._append(data)
        return Record(self.name, offset, captured.payload_digest)

    def sync(self) -> None:
        """Have all that was written on the disk; raises ArchiveError, also when the file has gone."""
        if self.file is None:
            return
        try:
            os.fsync(self.file.fileno())
            if not self._path().exists():
                raise ArchiveError(f"The archive's file {self._path()} was deleted or moved while it was in use.")
        except OSError as error:
            raise self._error(error) from error

    def close(self) -> None:
        """Close the file, and wait until all are where they stay; raises ArchiveError."""
        self.finish()
        self.sender.finish()

    def finish(self) -> None:
        """Close the file under its final name, and have it sent to where the archive lies; raises ArchiveError."""
        file, self.file = self.file, None
        if file is None:
            return
        try:
            os.fsync(file.fileno())
            self.sender.send(self._closed())
        except OSError as error:
            raise self._error(error) from error
        finally:
            file.close()

    def _closed(self) -> Path:
        closed = self.folder / self.name
        try:
            return self._path().rename(closed)
        except FileNotFoundError:
            # On a disk that knows no locks another machine may have taken this run for dead, and done the same.
            if not closed.exists():
                raise
            return closed

    def _path(self) -> Path:
        return self.folder / f"{self.name}{OPEN}"

    def _ready(self) -> BinaryIO:
        now = clock.now()
        if self.file is not None and (self.day != now.date() or self.file.tell() >= self.largest):
            self.finish()
        if self.file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.number += 1
            self.day = now.date()
            # The process's number keeps two runs apart that begin in one second; machines may have the same ones.
            process = f"{os.getpid()}-{secrets.token_hex(4)}" if is_away(self.target.storage) else os.getpid()
            self.name = f"{self.target.prefix}-{now:%Y%m%dT%H%M%SZ}-{process}-{self.number:05}.warc.gz"
            # Nothing is left in a buffer that a full disk would refuse once more.
            self.file = self._path().open("xb", buffering=0)
            hold(self.file)
            self.file.write(warcinfo(self.name, self._fields(), now))
        return self.file

    def _fields(self) -> dict[str, str]:
        return {
            "software": f"armcrawl/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "settings": json.dumps(dict(self.target.settings), ensure_ascii=False),
        }

    def _error(self, error: OSError) -> ArchiveError:
        message = (
            f"The archive in {self.folder} cannot be written: {error.strerror}; free it, or name another --archive."
        )
        return ArchiveError(message)

"""Some records as one file that others replay: a WACZ package of WARC, index, and a list of pages.

The format is WACZ 1.1.1: https://specs.webrecorder.net/wacz/1.1.1/. Its members are stored, not packed, so that a
browser can fetch a part of it.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from armcrawl import __version__
from armcrawl.archive.records import packed, record, warc_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from armcrawl.archive.reading import Captured

WACZ_VERSION = "1.1.1"
SOFTWARE = f"armcrawl {__version__}"
WARC, INDEX, PAGES = "archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"
# What replaying programs leave out of a host (SURT, as the package surt of the Internet Archive has it).
WWW = re.compile(r"www\d*\.")
USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True)
class WaczWriter:
    """Writes a package: first all records, then what tells of them. `created` is when, in UTC."""

    package: ZipFile
    created: datetime
    index: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, file: IO[bytes], created: datetime) -> WaczWriter:
        """Return the writer of an open, empty file."""
        return cls(ZipFile(file, "w", ZIP_STORED), created)

    @contextmanager
    def records(self) -> Iterator[Records]:
        """Open the WARC file of the package; the rest follows when it is closed."""
        with self._member(WARC) as member:
            head = {"WARC-Date": warc_date(self.created), "WARC-Filename": WARC.rpartition("/")[2]}
            about = f"software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\n".encode()
            member.write(packed(record("warcinfo", head, "application/warc-fields", about)))
            yield Records(self, member)

    def page(self, captured: Captured, title: str | None) -> None:
        """List a page under its title, as it was captured."""
        told = {"id": f"p{len(self.pages) + 1}", "url": captured.url, "ts": f"{captured.fetched_at:%Y-%m-%dT%H:%M:%SZ}"}
        self.pages.append(_json(told | ({"title": title} if title else {})))

    def close(self, title: str) -> None:
        """Write what tells of the records, and close the package; the file stays open."""
        head = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": False}
        self._write(INDEX, "".join(sorted(self.index)))
        self._write(PAGES, "".join(f"{line}\n" for line in (_json(head), *self.pages)))
        data = {
            "profile": "data-package",
            "wacz_version": WACZ_VERSION,
            "title": title,
            "created": f"{self.created:%Y-%m-%dT%H:%M:%SZ}",
            "software": SOFTWARE,
            "resources": self.resources,
        }
        written = json.dumps(data, ensure_ascii=False, indent=2)
        self._write("datapackage.json", written)
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(written.encode()).hexdigest()}"}
        self._write("datapackage-digest.json", json.dumps(digest, indent=2))
        self.package.close()

    @contextmanager
    def _member(self, path: str) -> Iterator[Member]:
        info = ZipInfo(path, self.created.timetuple()[:6])
        with self.package.open(info, "w", force_zip64=True) as opened:
            member = Member(opened)
            yield member
        told = {"name": path.rpartition("/")[2], "path": path}
        self.resources.append(told | {"hash": f"sha256:{member.hash.hexdigest()}", "bytes": member.size})

    def _write(self, path: str, text: str) -> None:
        with self._member(path) as member:
            member.write(text.encode())


class Member:
    """A member of the package that is being written, with its size and its digest."""

    def __init__(self, opened: IO[bytes]) -> None:
        self.opened, self.size, self.hash = opened, 0, sha256()

    def write(self, data: bytes) -> None:
        """Write on."""
        self.opened.write(data)
        self.hash.update(data)
        self.size += len(data)


@dataclass(frozen=True, slots=True)
class Records:
    """The WARC file of a package."""

    writer: WaczWriter
    member: Member

    def add(self, captured: Captured, packed_record: bytes) -> None:
        """Add a record, as one gzip member, and what the index says of it."""
        offset = self.member.size
        self.member.write(packed_record)
        mime = (captured.content_type or "").partition(";")[0].strip().lower() or "unk"
        told = {
            "url": captured.url,
            "mime": "warc/revisit" if captured.original is not None else mime,
            "status": str(captured.status),
            "digest": captured.payload_digest or "",
            "length": str(len(packed_record)),
            "offset": str(offset),
            "filename": WARC.rpartition("/")[2],
        }
        moment = f"{captured.fetched_at:%Y%m%d%H%M%S}"
        self.writer.index.append(f"{searchable(captured.url)} {moment} {_json(told)}\n")


def searchable(url: str) -> str:
    """Return an address as an index is sorted by: the host backwards, all in small letters, its parameters in order."""
    parts = urlsplit(url.lower())
    host = ",".join(reversed(WWW.sub("", parts.hostname or "", count=1).split(".")))
    port = f":{parts.port}" if parts.port and parts.port != USUAL_PORTS.get(parts.scheme) else ""
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{port}){parts.path.rstrip('/') or '/'}{f'?{query}' if query else ''}"


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)

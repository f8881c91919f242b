"""Archives that are to be imported: files, packed or not, folders of them, and packages (WACZ).

What a file is, its first bytes tell, and not its name. Packages: https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import lzma
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast
from zipfile import ZIP_STORED, BadZipFile

from armcrawl.archive.packages import Forward, is_bomb, opened, stored
from armcrawl.archive.reading import UNREADABLE, LeftOut, records_of
from armcrawl.archive.storage import OPEN, StoredFile
from armcrawl.archive.unpacking import DamagedError, Packed
from armcrawl.errors import UsageError
from armcrawl.reading.decoding import GZIP_MAGIC, ZSTD_MAGIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO
    from zipfile import ZipExtFile, ZipFile, ZipInfo

    from armcrawl.archive.reading import Captured
    from armcrawl.archive.storage import Storage

KINDS = (".warc", ".arc")
PACKINGS = ("", ".gz", ".zst")
ENDINGS = (*(kind + packing for kind in KINDS for packing in PACKINGS), ".wacz")
PACKAGE = b"PK\x03\x04"
# Enough to tell what a member is.
FIRST_BYTES = 4096
BEGINNINGS, LONGEST_BEGINNING = (b"WARC/", b"filedesc:"), 9
# Packages of packages; nobody nests them any deeper.
MAX_DEPTH = 2
# What a package that is not sound raises.
DAMAGE = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # of zipfile, also for what it does not implement
    ValueError,
    OverflowError,
)


# A file of this machine, or one of an archive, wherever that lies.
File: TypeAlias = Path | StoredFile


def files_to_import(named: Sequence[Path | Storage]) -> list[File]:
    """Return the files that are named, and those in folders and archives; raises UsageError if there are none."""
    found: dict[File, None] = {}
    for path in named:
        if not isinstance(path, Path):
            found |= dict.fromkeys(path.files())
        elif path.is_dir():
            found |= dict.fromkeys(sorted(inner for inner in path.rglob("*") if inner.is_file() and is_archive(inner)))
        elif path.is_file():
            found[path] = None
        else:
            raise UsageError(f"{path} does not exist.")
    if not found:
        raise UsageError(f"There is no WARC or WACZ file in {', '.join(map(str, named))}.")
    return list(found)


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is one of ours to read."""
    return path.name.lower().removesuffix(OPEN).endswith(ENDINGS)


def captures_in(named: File) -> Iterator[Captured | LeftOut]:
    """Yield every response of a file or a package, and what is left out."""
    try:
        with named.open("rb") as file:
            if named.name.lower().endswith(".wacz") or file.peek(4).startswith(PACKAGE):
                yield from _captures_in_package(file)
            else:
                yield from records_of(file)
    except OSError as error:
        yield LeftOut(0, UNREADABLE, error.strerror or str(error))


def _captures_in_package(file: BinaryIO, depth: int = 0) -> Iterator[Captured | LeftOut]:
    """Read the archives of a package as they stand in it: nothing is ever unpacked to a disk."""
    try:
        package = opened(file)
    except (OSError, *DAMAGE) as error:
        yield LeftOut(0, UNREADABLE, f"a damaged package: {error}")
        return
    with package:
        for member in package.infolist():
            try:
                yield from _captures_in_member(package, file, member, depth)
            except (OSError, *DAMAGE) as error:
                yield LeftOut(0, UNREADABLE, f"{member.filename}: a damaged package: {error}")


def _captures_in_member(package: ZipFile, file: BinaryIO, member: ZipInfo, depth: int) -> Iterator[Captured | LeftOut]:
    name, is_stored = member.filename.lower(), member.compress_type == ZIP_STORED
    with cast("ZipExtFile", package.open(member)) as unpacking:
        begin = b"" if is_bomb(member) else unpacking.peek(FIRST_BYTES)[:FIRST_BYTES]
        is_packed_twice = not is_stored and begin.startswith((GZIP_MAGIC, ZSTD_MAGIC))
        if is_bomb(member, is_packed_twice=is_packed_twice):
            if not name.endswith(ENDINGS):
                return
            reason = f"{member.filename} unpacks to {member.file_size >> 20} MB: that is no archive"
            yield LeftOut(0, UNREADABLE, reason)
        elif begin.startswith(PACKAGE):
            if is_stored and depth < MAX_DEPTH:
                yield from _captures_in_package(stored(file, member), depth + 1)
            else:
                yield LeftOut(0, UNREADABLE, f"{member.filename} is a package in a package: unpack it first")
        elif name.endswith(ENDINGS) or _begins_archive(begin):
            yield from records_of(stored(file, member) if is_stored else cast("BinaryIO", Forward(unpacking)))


def _begins_archive(begin: bytes) -> bool:
    """Tell whether the first bytes of a file are an archive's, whatever its name is."""
    try:
        member = Packed(BytesIO(begin)).member()
        return member is not None and member.read(LONGEST_BEGINNING).startswith(BEGINNINGS)
    except DamagedError:
        return False

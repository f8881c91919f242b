"""Archives that are to be imported: WARC files, compressed or not, folders of them, and WACZ packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from zipfile import BadZipFile, ZipFile

from armcrawl.archive.folder import OPEN
from armcrawl.archive.reading import DAMAGE, UnreadableRecord, records_of
from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from armcrawl.archive.reading import Captured

WARC_ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
WACZ_ENDING = ".wacz"
# WARC files are compressed already: what shrinks more than this in a package is no archive of pages.
MAX_SHRUNK = 100


def files_to_import(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files that are named, and those in folders that are named; raises UsageError if there are none."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(sorted(inner for inner in path.rglob("*") if inner.is_file() and is_archive(inner)))
        elif path.is_file():
            found[path] = None
        else:
            raise UsageError(f"{path} does not exist.")
    if not found:
        raise UsageError(f"There is no WARC or WACZ file in {', '.join(map(str, paths))}.")
    return list(found)


def is_archive(path: Path) -> bool:
    """Tell by its name whether a file is one of ours to read."""
    return path.name.lower().removesuffix(OPEN).endswith((*WARC_ENDINGS, WACZ_ENDING))


def captures_in(path: Path) -> Iterator[Captured | UnreadableRecord]:
    """Yield every response of a file or a package, and what cannot be read."""
    if path.name.lower().endswith(WACZ_ENDING):
        yield from _captures_in_package(path)
        return
    try:
        with path.open("rb") as file:
            yield from records_of(file)
    except OSError as error:
        yield UnreadableRecord(0, error.strerror or str(error))


def _captures_in_package(path: Path) -> Iterator[Captured | UnreadableRecord]:
    """Read the WARC files of a WACZ as they stand in it: nothing is ever unpacked to a disk."""
    try:
        with ZipFile(path) as package:
            for member in package.infolist():
                if not member.filename.lower().endswith(WARC_ENDINGS):
                    continue
                if member.file_size > MAX_SHRUNK * max(1, member.compress_size):
                    yield UnreadableRecord(
                        0, f"{member.filename} unpacks to {member.file_size >> 20} MB: that is no archive"
                    )
                    continue
                with package.open(member) as file:
                    yield from records_of(cast("BinaryIO", file))
    except (BadZipFile, NotImplementedError, RuntimeError, *DAMAGE) as error:
        yield UnreadableRecord(0, f"a damaged package: {error}")

"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.errors import ArmcrawlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

# What stands for standard output wherever a file is named.
STANDARD_OUTPUT = Path("-")


def part_of(path: Path) -> Path:
    """Return where a file is written before it is whole; two processes at once do not meet."""
    return path.parent / f".{path.name}.{os.getpid()}.part"


def write_whole(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put content into the place of a file, with a mode of its own if one is given.

    A file named `-` is standard output. Raises ArmcrawlError, and leaves the old file, if that fails.
    """
    if path == STANDARD_OUTPUT:
        with standard_output() as output:
            output.write(content)
        return
    with writing_whole(path) as file:
        file.write(content)
        if mode is not None:
            os.fchmod(file.fileno(), mode)


@contextmanager
def writing_whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of another one when all is written; what is no file is written into.

    Raises ArmcrawlError, and leaves the old one, if that fails.
    """
    try:
        # Nothing may take the place of a pipe, nor of a device: for root, also /dev/null would become a file.
        with path.open("wb") if path.exists() and not path.is_file() else _taking_the_place_of(path) as file:
            yield file
    except OSError as error:
        raise ArmcrawlError(f"{path} cannot be written: {error.strerror or error}.") from error


@contextmanager
def _taking_the_place_of(path: Path) -> Iterator[IO[bytes]]:
    part = part_of(path)
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def making_whole(folder: Path) -> Iterator[Path]:
    """Yield a folder that takes another's name when all is in it; nothing is there if that fails.

    Raises UsageError where there is something of this name, and ArmcrawlError where nothing can be made.
    """
    part = part_of(folder)
    try:
        if folder.exists():
            raise UsageError(f"There is something at {folder} already: name a folder that is not there yet.")
        part.mkdir()
        yield part
        part.rename(folder)
    except OSError as error:
        raise ArmcrawlError(f"{folder} cannot be made: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """Open standard output for bytes; raises ArmcrawlError if they cannot be written, unless the reader has left."""
    sys.stdout.flush()
    try:
        # Of its own, so that what could not be written is not tried again when Python ends.
        with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as output:
            yield output
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise ArmcrawlError(f"Standard output cannot be written: {error.strerror or error}.") from error


@contextmanager
def leaving_nothing(part: Path) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM delete a half file, or folder, before they end the command."""

    def end(number: int, frame: object) -> None:
        del frame
        shutil.rmtree(part, ignore_errors=True)
        with suppress(OSError):
            part.unlink(missing_ok=True)
        os._exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

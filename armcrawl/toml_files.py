"""A TOML file is read, and its lines are found: what is wrong with one is said in one sentence, with the line."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armcrawl.errors import UsageError
from armcrawl.redaction import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]")
# Ten thousand lines; an armcrawl.toml with all options has a hundred.
MAX_SIZE = 1 << 20
ASSIGNMENT = re.compile(r"\s*([\w.\"-]+)\s*=")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file that is TOML, whatever it means."""

    path: Path
    text: str
    data: dict[str, Any]

    def places(self) -> Iterator[tuple[str, int]]:
        """Yield the place of each table and key, as `sections[1].addresses`, and its line."""
        table, counts = "", dict[str, int]()
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := HEADER.match(line):
                table = header[2].replace('"', "")
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = f"{table}[{counts[table]}]"
                yield table, number
            elif assignment := ASSIGNMENT.match(line):
                name = assignment[1].replace('"', "")
                yield f"{table}.{name}" if table else name, number

    def line_of(self, place: str) -> int | None:
        """Return the line of a place, or of the nearest around it."""
        around = [(len(known), line) for known, line in self.places() if _is_within(place, known)]
        return max(around)[1] if around else None

    def where(self, place: str) -> str:
        """Return the path, and the line of a place if it is found."""
        return self._at(self.line_of(place))

    def fault(self, place: str, said: str) -> UsageError:
        """Return the error that tells what is wrong at a place."""
        return self.fault_in(self.line_of(place), said)

    def fault_in(self, line: int | None, said: str) -> UsageError:
        """Return the error that tells what is wrong in a line."""
        return UsageError(f"{self._at(line)}: {without_secrets(said)}.")

    def _at(self, line: int | None) -> str:
        return f"{self.path}, line {line}" if line else str(self.path)


def _is_within(place: str, known: str) -> bool:
    return place == known or place.startswith((f"{known}.", f"{known}["))


def _is_readable(path: Path) -> bool:
    """Tell whether reading comes to an end: a pipe would be waited for, and a device may have none."""
    if path.is_file():
        return path.stat().st_size <= MAX_SIZE
    # What is missing, or a folder, is told when it is read; the null device is an empty file.
    return path.is_dir() or not path.exists() or path.samefile(os.devnull)


def read_toml(path: Path) -> TomlFile:
    """Return what a file holds; raises UsageError for one that cannot be read, or is no TOML."""
    try:
        if not _is_readable(path):
            raise UsageError(f"{path} cannot be read: it is no file of at most a megabyte.")
        # Windows' editor begins a file with a mark.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"{path} cannot be read: {said}.") from error
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.") from error
    except RecursionError as error:
        raise UsageError(f"{path} is no TOML that is read: it is nested too deeply.") from error

"""Reads a declaration; an error is reported in one sentence, with the line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import msgspec

from armcrawl.errors import UsageError
from armcrawl.sites.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]")
ASSIGNMENT = re.compile(r"\s*([\w.\"-]+)\s*=")
# msgspec's messages have this form: «Object missing required field `hosts` - at `$.sections[1]`».
QUOTED = re.compile(r"['`](.+?)['`]")
PLACE = re.compile(r" - at `\$\.?(.*)`$")


def read_declaration(path: Path) -> Site:
    """Return the site that a file declares; raises UsageError with what is wrong with it, and the line."""
    try:
        # Windows' editor begins a file with a byte order mark.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"{path} cannot be read: {message}.") from error
    try:
        return msgspec.convert(tomllib.loads(text), Site)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is no TOML: {error}.") from error
    except RecursionError as error:
        raise UsageError(f"{path} is no declaration: it is nested too deeply.") from error
    except msgspec.ValidationError as error:
        found = PLACE.search(str(error))
        message = PLACE.sub("", str(error))
        line = _line_of(text, found[1] if found else "", message)
        raise UsageError(f"{path}{f', line {line}' if line else ''}: {message}.") from error


def _line_of(text: str, place: str, message: str) -> int | None:
    """Return the number of the line with an error at a place such as `sections[1].addresses`, or None.

    It is the line with the text that the message quotes, else the line of the innermost known place.
    """
    around = [(len(known), line) for known, line in _places(text) if _is_within(place, known)]
    nearest = max(around)[1] if around else None
    if "missing" not in message and (quoted := QUOTED.search(message)):
        below = [(number, line) for number, line in enumerate(text.splitlines(), 1) if number >= (nearest or 1)]
        for written in (f'"{quoted[1]}"', quoted[1]):
            if found := next((number for number, line in below if written in line), None):
                return found
    return nearest


def _is_within(place: str, known: str) -> bool:
    return place == known or place.startswith((f"{known}.", f"{known}["))


def _places(text: str) -> Iterator[tuple[str, int]]:
    """Yield the place of each table and key of a TOML file, and the number of its line."""
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            table = header[2].replace('"', "")
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = f"{table}[{counts[table]}]"
            yield table, number
        elif assignment := ASSIGNMENT.match(line):
            name = assignment[1].replace('"', "")
            yield f"{table}.{name}" if table else name, number

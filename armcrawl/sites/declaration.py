"""A declaration is read: what is wrong with it is said in one sentence, with the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from armcrawl.sites.site import Site
from armcrawl.toml_files import TomlFile, read_toml

if TYPE_CHECKING:
    from pathlib import Path

# msgspec's messages have this form: «Object missing required field `hosts` - at `$.sections[1]`».
QUOTED = re.compile(r"['`](.+?)['`]")
PLACE = re.compile(r" - at `\$\.?(.*)`$")


def read_declaration(path: Path) -> Site:
    """Return the site that a file declares; raises UsageError with what is wrong with it, and the line."""
    file = read_toml(path)
    try:
        return msgspec.convert(file.data, Site)
    except msgspec.ValidationError as error:
        found = PLACE.search(str(error))
        message = PLACE.sub("", str(error))
        raise file.fault_in(_line_of(file, found[1] if found else "", message), message) from error


def _line_of(file: TomlFile, place: str, message: str) -> int | None:
    """Return the number of the line with an error at a place such as `sections[1].addresses`, or None.

    It is the line with the text that the message quotes, else the line of the innermost known place.
    """
    nearest = file.line_of(place)
    if "missing" not in message and (quoted := QUOTED.search(message)):
        below = [(number, line) for number, line in enumerate(file.text.splitlines(), 1) if number >= (nearest or 1)]
        for written in (f'"{quoted[1]}"', quoted[1]):
            if found := next((number for number, line in below if written in line), None):
                return found
    return nearest

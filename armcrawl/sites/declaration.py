"""A declaration is read: what is wrong with it is said in one sentence, with the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from armcrawl.sites.site import Site
from armcrawl.toml_files import TomlFile, read_toml

if TYPE_CHECKING:
    from pathlib import Path

# msgspec ends its sentences so: «Object missing required field `hosts` - at `$.sections[1]`».
QUOTED = re.compile(r"['`](.+?)['`]")
PLACE = re.compile(r" - at `\$\.?(.*)`$")


def read_declaration(path: Path) -> Site:
    """Return the site that a file declares; raises UsageError with what is wrong with it, and where."""
    file = read_toml(path)
    try:
        return msgspec.convert(file.data, Site)
    except msgspec.ValidationError as error:
        found = PLACE.search(str(error))
        said = PLACE.sub("", str(error))
        raise file.fault_in(_line_of(file, found[1] if found else "", said), said) from error


def _line_of(file: TomlFile, place: str, said: str) -> int | None:
    """Return the line of what is wrong at a place: where it is quoted, or nearest to it."""
    nearest = file.line_of(place)
    if "missing" not in said and (quoted := QUOTED.search(said)):
        below = [(number, line) for number, line in enumerate(file.text.splitlines(), 1) if number >= (nearest or 1)]
        for written in (f'"{quoted[1]}"', quoted[1]):
            if found := next((number for number, line in below if written in line), None):
                return found
    return nearest

"""armcrawl.toml: keys of the table of options at its top, and a table `[site.NAME]` for what holds of one site only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from armcrawl.errors import UsageError
from armcrawl.options import OPTIONS
from armcrawl.toml_files import TomlFile, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from armcrawl.options import Option

# Four slashes name a file from the root on; `:memory:` and `file:` are no paths.
RELATIVE_SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)(?![/:]|file:)(?=.)")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file whose keys and values fit the table of options; `sites` has the values of each site's own table."""

    file: TomlFile
    top: dict[str, Any] = field(default_factory=dict)
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)

    def check_sites(self, known: Iterable[str]) -> None:
        """Raise UsageError for a table of a site that nobody has declared."""
        names = sorted(known)
        for name in self.sites:
            if name not in names:
                raise self.file.fault(f"site.{name}", f"there is no site {name!r}: {_nearest(name, names, 'sites')}")


def read_config(path: Path) -> ConfigFile:
    """Return what a file says; raises UsageError, with the line, for what does not fit."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file, such as {path / 'armcrawl.toml'}.")
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> ConfigFile:
    del changed  # a file that is written anew is read anew
    file = read_toml(path)
    data = dict(file.data)
    tables = data.pop("site", {})
    if not isinstance(tables, dict):
        raise file.fault("site", "site must be a table for each site, such as [site.NAME]")
    sites = {}
    for site, values in tables.items():
        if not isinstance(values, dict):
            raise file.fault(f"site.{site}", f"{site} must stand in a table of a site, such as [site.NAME]")
        sites[site] = {key: _value(file, key, value, site) for key, value in values.items()}
    return ConfigFile(file, {key: _value(file, key, value, None) for key, value in data.items()}, sites)


def _value(file: TomlFile, key: str, value: object, site: str | None) -> Any:
    place = key if site is None else f"site.{site}.{key}"
    if key not in OPTIONS:
        raise file.fault(place, f"there is no option {key!r}: {_nearest(key, OPTIONS, 'options')}")
    option = OPTIONS[key]
    if site is None and option.place == "site":
        raise file.fault(place, f"{key} is of one site: write it into its table, such as [site.NAME]")
    if site is not None and option.place == "top":
        raise file.fault(place, f"{key} is of all sites: write it above the first table, not into [site.{site}]")
    try:
        return from_folder(option, option.checked(value), file.path.parent)
    except ValueError as error:
        raise file.fault(place, f"{key} {error}") from error


def from_folder(option: Option, value: Any, folder: Path) -> Any:
    """Return a value whose relative path is one from a folder on."""
    # - is standard output, and an archive may be in S3.
    if option.type is Path and value != "-" and "://" not in value:
        return str(folder / value)
    if option.name == "database":
        return RELATIVE_SQLITE.sub(lambda found: f"{found[1]}{folder}/", value)
    return value


def _nearest(name: str, known: Iterable[str], what: str) -> str:
    found = get_close_matches(name.replace("-", "_"), known, 1)
    return f"write {found[0]!r} if that is meant" if found else f"the {what} are {', '.join(sorted(known))}"

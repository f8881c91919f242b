"""What a declaration tells a kind of discovery."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

import msgspec

from armcrawl.errors import UsageError
from armcrawl.sites.declaration import PLACE
from armcrawl.sites.site import check_paths

if TYPE_CHECKING:
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration

T = TypeVar("T", bound=msgspec.Struct)


class Starts(msgspec.Struct, frozen=True):
    """`start` are the paths where a source begins."""

    start: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_paths(*self.start)


class NoOptions(msgspec.Struct, frozen=True):
    """A kind that is told nothing."""


def options_of(site: Site, declared: DiscoveryDeclaration, options: type[T]) -> T:
    """Return the options of a kind as its own struct; raises UsageError for one that is unknown, or does not fit."""
    names = options.__struct_fields__
    for name in declared.options:
        if name not in names:
            near = get_close_matches(name, names, 1)
            known = f"its options are {', '.join(names)}" if names else "it has no options"
            meant = f"write {near[0]!r} if that is meant" if near else known
            raise UsageError(f"{site.name}: {declared.kind} discovery has no option {name!r}: {meant}.")
    try:
        return msgspec.convert(declared.options, options)
    except msgspec.ValidationError as error:
        raise UsageError(f"{site.name}: {declared.kind} discovery: {PLACE.sub('', str(error))}.") from error


def sections_of(site: Site, declared: DiscoveryDeclaration) -> tuple[str, ...]:
    """Return the names of the sections that a discovery is for."""
    return declared.sections or tuple(section.name for section in site.sections)

"""What a source is: a kind of discovery that shows articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from armcrawl.discovery.protocol import Access
    from armcrawl.discovery.sighted.walk import Depth, Walk
    from armcrawl.sites import Site
    from armcrawl.sites.site import DiscoveryDeclaration


class Source(Protocol):
    """A kind of discovery that shows articles, and leaves the rest to the class that runs all sources of a site.

    A package of yours may register one as well: it is told by its method `walk`.
    """

    kind: ClassVar[str]
    # Whether it goes on from page to page for so long that the run asks for articles meanwhile.
    is_paged: ClassVar[bool]

    def __init__(self, access: Access, declared: DiscoveryDeclaration) -> None: ...

    @classmethod
    def check(cls, site: Site, declared: DiscoveryDeclaration) -> None:
        """Raise UsageError for a declaration that this kind cannot work with."""

    async def starts(self) -> list[str]:
        """Return the site's own addresses where its walks begin; [] where there is nothing of the kind."""

    def walk(self, walk: Walk, depth: Depth) -> AsyncIterator[None]:
        """Read from a walk's start page by page, and pause after each, so that the run may ask for what it shows."""


def is_source(kind: type[Any]) -> bool:
    """Tell whether a kind only shows articles."""
    return hasattr(kind, "walk")

"""What the stages of refining know about an article's page and site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from datetime import datetime

    from armcrawl.sites import Site


@dataclass(frozen=True, slots=True)
class Context:
    """When a page was fetched (a time with a zone), the time zone of its site, and the site's own names."""

    fetched_at: datetime
    zone: str = "Europe/Moscow"
    own_names: tuple[str, ...] = ()

    @classmethod
    def of(cls, fetched_at: datetime, site: Site | None) -> Self:
        """Return the context of a page of a site; without a site, Moscow's time zone and no own names."""
        return cls(fetched_at) if site is None else cls(fetched_at, site.zone, site.own_names)

"""The public identity of a page."""

from __future__ import annotations

from typing import NamedTuple


class PageKey(NamedTuple):
    """The public identity of a page: site, section, and the site's own id of it, a number or a slug."""

    site: str
    section: str
    external_id: str

    @property
    def number(self) -> int | None:
        """The id as a number, where the site counts its articles."""
        return int(self.external_id) if self.external_id.isdecimal() else None

    def __str__(self) -> str:
        return f"{self.site}/{self.section}/{self.external_id}"

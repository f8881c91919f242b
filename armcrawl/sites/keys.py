"""The public identity of a page."""

from __future__ import annotations

import re
from typing import NamedTuple

# 18 digits always fit the ledger's 64-bit number.
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class PageKey(NamedTuple):
    """The public identity of a page: site, section, and the site's own id of it, a number or a slug."""

    site: str
    section: str
    external_id: str

    @property
    def number(self) -> int | None:
        """The id as a number, where it is one as sites count their articles."""
        return int(self.external_id) if NUMBER.fullmatch(self.external_id) else None

    def __str__(self) -> str:
        return f"{self.site}/{self.section}/{self.external_id}"

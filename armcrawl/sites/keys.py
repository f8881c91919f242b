"""Keys of pages, such as `SITE/news/9911`: their public identity."""

from __future__ import annotations

import re
from typing import NamedTuple

# Any 18 digits fit the ledger's 64-bit number.
NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class PageKey(NamedTuple):
    """The public identity of a page: site, section, and the site's own id for it, a number, a slug or a path."""

    site: str
    section: str
    external_id: str

    @property
    def number(self) -> int | None:
        """The id as a number if it is a positive one without leading zeros, else None."""
        return int(self.external_id) if NUMBER.fullmatch(self.external_id) else None

    def __str__(self) -> str:
        return f"{self.site}/{self.section}/{self.external_id}"

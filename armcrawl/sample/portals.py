"""The sample portals, told without importing what they are made of: that takes longer than to show help."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl import config

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


@dataclass(frozen=True, slots=True)
class SamplePortal:
    """A portal by the name of its site: its markups, the usual one first, and the demo's database.

    `folder` is where its site is declared, if not in the package; `known_by` what its articles are told apart by.
    """

    site: str
    markups: tuple[str, ...]
    database: str
    known_by: str
    folder: Path | None = None

    def serving(self, markup: str, port: int = 0) -> AbstractContextManager[str]:
        """Serve it, and have its site known, also to the processes that this one starts."""
        from armcrawl.sample import server
        from armcrawl.sites.known import forget_sites

        if self.folder is None:
            return server.serving(markup, port=port)
        os.environ["ARMCRAWL_SITES"] = str(self.folder)
        forget_sites()
        return server.serving_press(markup, port=port)


NUMBERED = SamplePortal("armtorg", ("bootstrap", "tables", "html5", "generated"), config.DEMO_DATABASE, "id")
PRESS = SamplePortal(
    "press", ("wordpress", "static"), config.PRESS_DEMO_DATABASE, "address", Path(__file__).parent / "press"
)
PORTALS = {one.site: one for one in (NUMBERED, PRESS)}

"""What workers of a cluster read with: it says by files which of them has begun, and takes its time."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from armcrawl.refining.pages import page_from

if TYPE_CHECKING:
    from armcrawl.items import Announced, Page
    from armcrawl.reading.response import SiteResponse
    from armcrawl.sites import Origin, PageKey

# Seconds that a page takes: so there is a midst.
SLOW = 0.3


def slow(folder: str, key: PageKey, response: SiteResponse, origin: Origin, announced: Announced | None = None) -> Page:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(SLOW)
    return page_from(key, response, origin, announced)

"""What goes over the network: responses by status, their bytes, and the time between requests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector

# What a person can read; the clock is finer than the network.
DIGITS = 3


class Traffic:
    """Counts at the network itself, so that robots.txt, redirects and retries are in it."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.last: float | None = None
        self.total = 0.0

    def sent(self) -> None:
        """Note that a request is sent now."""
        now = time.monotonic()
        self.stats.inc_value(stat("requests/sent"))
        if self.last is not None:
            self.total += now - self.last
            seconds = round(now - self.last, DIGITS)
            self.stats.set_value(stat("delays/total"), round(self.total, DIGITS))
            self.stats.max_value(stat("delays/longest"), seconds)
            self.stats.min_value(stat("delays/shortest"), seconds)
        self.last = now

    def answered(self, response: Response) -> None:
        """Note a response, whose body is as it came in."""
        self.stats.inc_value(stat(f"requests/status/{response.status}"))
        self.stats.inc_value(stat("bytes/received"), len(response.body))

    def unanswered(self) -> None:
        """Note that a request got no response."""
        self.stats.inc_value(stat("requests/unanswered"))

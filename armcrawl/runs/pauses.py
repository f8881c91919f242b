"""Waiting as long as the server asks: Retry-After, Crawl-delay, and twice as long after each refusal in a row."""

from __future__ import annotations

import asyncio
import logging
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego

from armcrawl import clock
from armcrawl.items import Reason
from armcrawl.runs.budget import NotSentError
from armcrawl.runs.context import context_of
from armcrawl.runs.extension import RunExtension
from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

# «Too many requests» and «unavailable»: the two answers that come with Retry-After (RFC 9110, 10.2.3).
PAUSING = frozenset({429, 503})
# Whoever asks for more is not to be waited for: the next run comes soon enough.
LONGEST_PAUSE_SECONDS = 600.0
# A signal, a spent budget or a failure ends the waiting within this time.
STEP_SECONDS = 0.5


class PauseMiddleware:
    """Holds back every request until the server may be asked again."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.not_before = 0.0
        self.refusals = 0
        self.crawl_delay = 0.0
        # 0 only for our own machine, where nothing is to be spared.
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Watch the crawler's answers."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait until the request may be sent; raises NotSentError if the run ends first."""
        loop = asyncio.get_running_loop()
        while (wait := self.not_before - loop.time()) > 0:
            if self._is_over():
                raise NotSentError(f"{request.url} was not asked for: the run ended")
            await asyncio.sleep(min(wait, STEP_SECONDS))
        self.not_before = loop.time() + self.crawl_delay

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of what the server asks for."""
        if urlsplit(request.url).path == "/robots.txt":
            self._read_crawl_delay(response)
        if response.status in PAUSING:
            self._pause(response)
        elif response.status < 400:
            self.refusals = 0
        return response

    def _read_crawl_delay(self, response: Response) -> None:
        if self.delay and response.status == 200:
            rules = Protego.parse(response.body.decode(errors="replace"))
            agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"]
            self.crawl_delay = max(0.0, rules.crawl_delay(agent) or 0.0)

    def _pause(self, response: Response) -> None:
        self.refusals += 1
        asked = retry_after(response)
        seconds = self.delay * 2.0**self.refusals if asked is None else asked
        if asked is not None and asked > LONGEST_PAUSE_SECONDS:
            sentence = f"The server asks to be left alone for {asked / 60:.0f} minutes: the next run tries again."
            run = self.crawler.get_extension(RunExtension)
            if run is not None:
                run.fail(sentence, f"{Reason.BLOCKED}: status {response.status}")
        seconds = min(seconds, LONGEST_PAUSE_SECONDS)
        if seconds:
            logger.warning("Status %d: nothing is asked for %.1f seconds.", response.status, seconds)
            self.crawler.stats.inc_value(stat("delays/pauses"))
            paused = self.crawler.stats.get_value(stat("delays/paused"), 0.0) + seconds
            self.crawler.stats.set_value(stat("delays/paused"), round(paused, 1))
        self.not_before = max(self.not_before, asyncio.get_running_loop().time() + seconds)

    def _is_over(self) -> bool:
        run = self.crawler.get_extension(RunExtension)
        has_ended = run is not None and (run.failure is not None or run.budget.spent is not None)
        context = context_of(self.crawler)
        return has_ended or (context is not None and context.ending.has_come)


def retry_after(response: Response) -> float | None:
    """Return the seconds that Retry-After asks for, from a number or a date; None without a readable one."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:10])  # more digits than that are more than a lifetime
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())

"""Waiting as long as each server asks: Retry-After, Crawl-delay, and twice as long after each refusal in a row."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import IgnoreRequest

from armcrawl import clock
from armcrawl.crawling.context import CrawlerPart, context_of
from armcrawl.crawling.downloading.hosts import server_of
from armcrawl.crawling.downloading.politeness import is_loopback
from armcrawl.crawling.downloading.request_metadata import metadata_of
from armcrawl.crawling.run_extension import RunExtension
from armcrawl.crawling.shutdown import NotSentError
from armcrawl.items import Reason
from armcrawl.stats import stat

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


logger = logging.getLogger(__name__)

# «Too many requests» and «unavailable»: the two responses that come with Retry-After (RFC 9110, 10.2.3; RFC 6585, 4).
PAUSING = frozenset({429, 503})
# Whoever asks for more is not to be waited for: the next run comes soon enough.
MAX_PAUSE_SECONDS = 600.0
# As a site's own `delay`: with a longer one a night's run brings almost nothing; one of years is a slip, or a refusal.
MAX_CRAWL_DELAY = 3_600.0
# Twice as long so many times is longer than any pause, and a number that there is.
MAX_DOUBLINGS = 20
DAY, YEAR = 86_400, 31_536_000
# A signal, a spent budget or a failure ends the waiting within this time.
STEP_SECONDS = 0.5


class LeftAloneError(IgnoreRequest):
    """A request was not sent, as its server asks to be left alone for longer than a run waits."""


@dataclass(slots=True)
class Pace:
    """What one server asks for: not to be asked before a moment, nor more often, nor any more in this run."""

    not_before: float = 0.0
    crawl_delay: float = 0.0
    refusals: int = 0
    left_alone: str | None = None


class PauseMiddleware(CrawlerPart):
    """Holds back every request until its server may be asked again."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        self.paces: defaultdict[str, Pace] = defaultdict(Pace)
        context = context_of(crawler)
        self.own = server_of(context.server.base_url) if context is not None else None
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        # A delay of 0 may be allowed on one's own mirror; one that refuses must be spared all the same.
        is_here = context is not None and is_loopback(context.server.base_url)
        self.step = self.delay or (0.0 if is_here else 1.0)

    async def process_request(self, request: Request) -> None:
        """Wait until the request may be sent.

        Raises NotSentError if the run ends first, and LeftAloneError if the wait would be too long.
        """
        loop, pace = asyncio.get_running_loop(), self.paces[server_of(request.url)]
        while pace.left_alone is not None or pace.not_before > loop.time():
            if pace.left_alone is not None and metadata_of(request).fetched_at is not None:
                # This very page was asked for, and is what the server refuses.
                raise LeftAloneError(pace.left_alone)
            if self._is_over():
                raise NotSentError(f"{request.url} was not asked for: the run ended")
            if pace.left_alone is not None:
                raise LeftAloneError(pace.left_alone)
            await asyncio.sleep(min(pace.not_before - loop.time(), STEP_SECONDS))
        pace.not_before = loop.time() + pace.crawl_delay

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of what the server asks for."""
        server = server_of(request.url)
        if response.status in PAUSING:
            self._pause(server, response)
        elif response.status < 500:
            # Whatever it says of the page, the server is well.
            self.paces[server].refusals = 0
        return response

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take note of how often a server wants to be asked."""
        if self.delay:
            asked = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
            server = server_of(request.url)
            self.paces[server].crawl_delay = max(0.0, asked or 0.0)
            if self.paces[server].crawl_delay > MAX_CRAWL_DELAY:
                self._refuse_delay(server, self.paces[server].crawl_delay)

    def _pause(self, server: str, response: Response) -> None:
        pace = self.paces[server]
        pace.refusals += 1
        asked = retry_after(response)
        seconds = self.step * 2.0 ** min(pace.refusals, MAX_DOUBLINGS) if asked is None else asked
        if asked is not None and asked > MAX_PAUSE_SECONDS:
            self._leave_alone(server, asked, response.status)
        seconds = min(seconds, MAX_PAUSE_SECONDS)
        if seconds:
            most = ", the longest pause that there is" if seconds == MAX_PAUSE_SECONDS else ""
            logger.warning("Status %d: %s is not asked for %.1f seconds%s.", response.status, server, seconds, most)
            self.crawler.stats.inc_value(stat("delays/pauses"))
            paused = self.crawler.stats.get_value(stat("delays/paused"), 0.0) + seconds
            self.crawler.stats.set_value(stat("delays/paused"), round(paused, 1))
        pace.not_before = max(pace.not_before, asyncio.get_running_loop().time() + seconds)

    def _leave_alone(self, server: str, seconds: float, status: int) -> None:
        """Ask a server no more; if it is the site's own, the run ends."""
        told = how_long(seconds)
        self.paces[server].left_alone = f"{Reason.BLOCKED}: {server} asks to be left alone for {told}"
        meant = " If that is no slip, do not crawl it; ask its owner." if seconds > DAY else ""
        self._give_up(
            server,
            f"The server asks to be left alone for {told}: the next run tries again.{meant}",
            f"{Reason.BLOCKED}: status {status}",
        )

    def _refuse_delay(self, server: str, seconds: float) -> None:
        """Ask a server no more whose robots.txt wants pauses that no run has room for."""
        said = f"{server}/robots.txt asks for {how_long(seconds)} between two requests (Crawl-delay)"
        self.paces[server].left_alone = f"{Reason.BLOCKED}: {said}"
        self._give_up(
            server,
            f"{said}, which no run has room for: ask the site's owner whether that is a slip.",
            f"{Reason.BLOCKED}: Crawl-delay",
        )

    def _give_up(self, server: str, sentence: str, error: str) -> None:
        """End the run, if it is the site's own server that is asked no more."""
        run = self.crawler.get_extension(RunExtension)
        if run is not None and server == self.own:
            run.fail(sentence, error)

    def _is_over(self) -> bool:
        run = self.crawler.get_extension(RunExtension)
        has_ended = run is not None and (run.failure is not None or run.budget.spent is not None)
        context = context_of(self.crawler)
        return has_ended or (context is not None and context.shutdown.has_begun)


def how_long(seconds: float) -> str:
    """Return a long time in words, in the unit that fits; anybody may ask for years, or for ever."""
    if seconds >= 1_000 * YEAR:
        return "ever"
    size, unit = next(
        ((size, unit) for size, unit in ((YEAR, "years"), (DAY, "days")) if seconds >= 2 * size), (60, "minutes")
    )
    return f"{seconds / size:.0f} {unit}"


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

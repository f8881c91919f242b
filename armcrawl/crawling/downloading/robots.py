"""The rules of robots.txt, each server's own (RFC 9309): one that cannot be read forbids its server, and no other."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, decode_robotstxt
from scrapy.utils.misc import build_from_crawler, load_object

from armcrawl.crawling.budget import NotSentError
from armcrawl.crawling.downloading.bodies import unpacked_body
from armcrawl.crawling.downloading.failures import failure_sentence
from armcrawl.crawling.downloading.hosts import server_of
from armcrawl.reading.decoding import GZIP_MAGIC, UndecodableError

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

# What 4xx responses mean is that there are no rules; these say that the rules cannot be told now.
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# What a crawler has to read at least, and what we read at most (RFC 9309, 2.5).
MAX_ROBOTS_LENGTH = 500 * 1024
USER_AGENT_LINE = re.compile(r"\s{0,99}user[-\s]{0,9}agent[:\s]+(?P<name>[^\s:#].*)", re.IGNORECASE)
ANYBODY = re.compile(r"\*(?=\s|#|$)")
PRODUCT = re.compile(r"[a-z_-]*", re.IGNORECASE)


class RobotsError(IgnoreRequest):
    """A request was not sent because of robots.txt.

    `is_redirected` tells that the page was asked for at another place, and led here.
    """

    def __init__(self, said: str, request: Request) -> None:
        super().__init__(said)
        self.is_redirected = "redirect_urls" in request.meta


class RobotsUnreadableError(RobotsError):
    """Nobody could tell whether the server allows the request."""


class RobotsForbiddenError(RobotsError):
    """The server forbids the request."""


class RobotsMiddleware:
    """Asks each server for its robots.txt once a run, and sends what that allows.

    Scrapy's own takes a robots.txt that cannot be read for one that allows everything.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self.crawler = crawler
        self.parser: Any = load_object(crawler.settings["ROBOTSTXT_PARSER"])
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self.rules: dict[str, asyncio.Future[RobotParser | str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Obey as the crawler's settings say."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Send a request only if its server is known to allow it; raises RobotsError otherwise."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        server = server_of(request.url)
        if server not in self.rules:
            self.rules[server] = asyncio.ensure_future(self._read(server, request))
        rules = await asyncio.shield(self.rules[server])
        if isinstance(rules, str):
            raise RobotsUnreadableError(rules, request)
        if not rules.allowed(request.url, self.agent):
            self.crawler.stats.inc_value("robotstxt/forbidden")
            raise RobotsForbiddenError(f"Forbidden by robots.txt: {request.url}", request)

    async def _read(self, server: str, request: Request) -> RobotParser | str:
        """Return a server's rules, or why they cannot be read; raises NotSentError if the run ends before."""
        address = f"{server}/robots.txt"
        meta = {"dont_obey_robotstxt": True}
        engine = self.crawler.engine
        if engine is None:
            raise RuntimeError("robots.txt can be read only while a crawl runs")
        try:
            response = await engine.download_async(Request(address, meta=meta, callback=NO_CALLBACK))
            said = rules_in(response)
        except NotSentError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the network did, the rules cannot be told
            return f"{address} cannot be read ({failure_sentence(error)})"
        if response.status >= SERVER_ERROR or response.status == TOO_MANY_REQUESTS:
            return f"{address} cannot be read (status {response.status})"
        rules: RobotParser = build_from_crawler(self.parser, self.crawler, said)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )
        return rules


class ProductTokenParser(ProtegoRobotParser):
    """Protego, with groups for exactly our product token, whatever stands behind it: `armcrawl/1.0`, but not `arm`.

    Protego takes each name that ours begins with for ours. So every token gets an end that only its equal has.
    """

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        text = decode_robotstxt(robotstxt_body, spider)
        super().__init__("\n".join(map(_with_token, text.splitlines())).encode(), spider)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Tell whether a user agent may ask for an address."""
        return super().allowed(url, _token(user_agent))

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """Return the seconds that a user agent is to wait between requests, if the file says it."""
        return super().crawl_delay(_token(user_agent))


def _with_token(line: str) -> str:
    """Return a line, what names a user agent with nothing but its product token."""
    match = USER_AGENT_LINE.match(line)
    if match is None or ANYBODY.match(match["name"]):
        return line
    return f"User-agent: {_token(match['name'])}"


def _token(name: str | bytes) -> str:
    """Return the product token of a user agent (RFC 9309, 2.2.1), with the slash that ends it."""
    text = name.decode("latin-1") if isinstance(name, bytes) else name
    match = PRODUCT.match(text)
    return f"{match[0] if match else ''}/"


def rules_in(response: Response) -> bytes:
    """Return the rules in a response; any other than 2xx has none, whatever its page says.

    Raises UndecodableError for what is no text, such as a packed file that is not declared as one.
    """
    if response.status not in range(200, 300):
        return b""
    text = unpacked_body(response)[:MAX_ROBOTS_LENGTH]
    if text.startswith(GZIP_MAGIC) or b"\0" in text:
        # Its rules would be passed over, and all would be allowed.
        raise UndecodableError("it is no text")
    return text

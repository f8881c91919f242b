"""A robots.txt that cannot be read forbids everything, as RFC 9309 (2.3.1.4) asks: Scrapy would go on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from armcrawl.runs.failures import failure_sentence

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

# What 4xx answers mean is that there are no rules; these say that the rules cannot be told now.
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
# What a crawler has to read at least, and what we read at most (RFC 9309, 2.5).
LONGEST_ROBOTS = 500 * 1024


class RobotsUnreadableError(IgnoreRequest):
    """A request was not sent, as nobody could tell whether the site allows it."""


class RobotsMiddleware:
    """Watches the requests for robots.txt, and refuses all others once one of them has failed."""

    def __init__(self) -> None:
        self.failure: str | None = None

    def process_request(self, request: Request) -> None:
        """Send a request only while robots.txt can be read; raises RobotsUnreadableError after that."""
        if self.failure is not None and not _is_robots(request):
            raise RobotsUnreadableError(f"{self.failure}: see whether the address is right, and the site is up")

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember an answer that is none."""
        if _is_robots(request) and (response.status >= SERVER_ERROR or response.status == TOO_MANY_REQUESTS):
            self.failure = f"{request.url} cannot be read (status {response.status})"
        if _is_robots(request) and len(response.body) > LONGEST_ROBOTS:
            return response.replace(body=response.body[:LONGEST_ROBOTS])
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Remember that there was no answer."""
        if _is_robots(request):
            self.failure = f"{request.url} cannot be read ({failure_sentence(exception)})"


def _is_robots(request: Request) -> bool:
    """Tell whether robots.txt is asked for, wherever it was redirected to."""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return urlsplit(first).path == "/robots.txt"


def is_forbidden(error: BaseException) -> bool:
    """Tell whether a request was not sent because robots.txt forbids it."""
    return type(error) is IgnoreRequest and "robots.txt" in str(error)

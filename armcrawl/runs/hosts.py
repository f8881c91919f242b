"""Only a site's own hosts are asked, wherever its redirects point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.exceptions import IgnoreRequest

from armcrawl.addresses import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class ForeignHostError(IgnoreRequest):
    """A request was not sent, as it goes to a host that is not the site's."""


class HostsMiddleware:
    """Refuses other hosts, so that the errback hears of it: Scrapy's own middleware drops them silently."""

    def __init__(self, hosts: frozenset[str] | None) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the hosts from the spider's origin, if it has one."""
        configuration = getattr(crawler.spider, "configuration", None)
        return cls(configuration.origin.hosts if configuration else None)

    def process_request(self, request: Request) -> None:
        """Send a request only to the site's hosts; raises ForeignHostError for others."""
        if self.hosts is not None and host_of(request.url) not in self.hosts:
            message = f"{request.url} is on another host"
            raise ForeignHostError(message)

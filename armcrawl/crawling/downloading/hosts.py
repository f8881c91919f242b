"""Only a site's own server is asked, wherever its redirects point, and at no address of a private network."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest

from armcrawl.crawling.context import CrawlerPart, context_of
from armcrawl.crawling.downloading.resolver import addresses_of
from armcrawl.sites.addresses import DEFAULT_PORTS, host_of, is_public_address

if TYPE_CHECKING:
    from scrapy import Request

    from armcrawl.sites import Origin


class ForeignHostError(IgnoreRequest):
    """A request was not sent, as it goes to a host that is not the site's."""


class HostsMiddleware(CrawlerPart):
    """Refuses other hosts, so that the errback hears of it: Scrapy's own middleware drops them silently."""

    def process_request(self, request: Request) -> None:
        """Send a request only to the server that the run asks, and as nobody; raises ForeignHostError for others."""
        if "@" in urlsplit(request.url).netloc:
            raise ForeignHostError(f"{server_of(request.url)} was to be asked with a user name")
        context = context_of(self.crawler)
        if context is not None and not context.server.serves(request.url):
            raise ForeignHostError(f"{request.url} is on another server")


def server_of(url: str) -> str:
    """Return the server of an address: scheme, host and port, which robots.txt and pauses are for (RFC 9309, 2.3).

    A port that its scheme has anyway is left out, as is a dot behind the host. Raises ValueError for no address.
    """
    parts, host = urlsplit(url), host_of(url)
    port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://[{host}]{port}" if ":" in host else f"{parts.scheme}://{host}{port}"


class PrivateAddressError(IgnoreRequest):
    """A request was not sent, as the site's name led into a private network."""


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


async def check_public(request: Request, origin: Origin | None) -> None:
    """Raise PrivateAddressError if a site's own name has a private address; a server that was named may be anywhere.

    What was found here is what is then asked. Raises CannotResolveHostError where nothing is found: a later look-up
    would be checked by nobody.
    """
    host = host_of(request.url)
    # A machine that its address or `localhost` names is meant; a site's name may lead there by a trick.
    is_meant = origin is not None and host == host_of(origin.base_url) and (host == "localhost" or _is_address(host))
    if origin is None or not origin.is_site or (is_meant and not origin.site.is_any) or request.meta.get("proxy"):
        return
    found = await addresses_of(host)
    if not found:
        raise CannotResolveHostError(f"no addresses of {host} were found")
    for address in found:
        if not is_public_address(address):
            raise PrivateAddressError(f"{host} is at {address}, which is no public address")

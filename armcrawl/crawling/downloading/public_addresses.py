"""A site on the web is at a public address: a name that leads into a private network is not followed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.error import DNSLookupError

from armcrawl.sites import host_of

if TYPE_CHECKING:
    from scrapy import Request

    from armcrawl.sites import Origin


class PrivateAddressError(IgnoreRequest):
    """A request was not sent, as the site's name led into a private network."""


async def check_public(request: Request, origin: Origin | None) -> None:
    """Raise PrivateAddressError if a site's own name has a private address; a server that was named may be anywhere.

    Scrapy keeps the answers of DNS for as long as the process runs, so what is checked is what is then asked.
    """
    if origin is None or not origin.is_site or request.meta.get("proxy"):
        return
    from twisted.internet import reactor

    host = host_of(request.url)
    try:
        found: str = await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]
    except DNSLookupError:
        return  # the downloader says so itself
    if not ip_address(found).is_global:
        raise PrivateAddressError(f"{host} is at {found}, which is no public address")

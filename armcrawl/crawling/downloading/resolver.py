"""Where names lead: each is looked up once in a process, so that what was checked is what is then asked."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any, Self

from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.threads import deferToThread

from armcrawl.sites.addresses import ascii_host

# Whatever a run asks is on few hosts. A name that is not found may be found the next time, and is not kept.
_found: dict[str, tuple[str, ...]] = {}


async def addresses_of(host: str) -> tuple[str, ...]:
    """Return the addresses of a host; none where it is not found."""
    name = ascii_host(host)
    if name not in _found:
        if not (found := await maybe_deferred_to_future(deferToThread(_look_up, name))):
            return ()
        # Of two look-ups at a time the first counts.
        _found.setdefault(name, found)
    return _found[name]


def _look_up(name: str) -> tuple[str, ...]:
    """Return the address of IPv4, as Scrapy's own resolver does, or those of IPv6 where there is none."""
    # What is no name at all is not found either.
    with suppress(OSError, UnicodeError):
        return (socket.gethostbyname(name),)
    with suppress(OSError, UnicodeError):
        found = socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)
        return tuple(dict.fromkeys(str(where[4][0]) for where in found))
    return ()


class Resolver:
    """What Twisted asks for addresses (IHostnameResolver); Scrapy's own knows IPv4 only, and may forget what it found.

    Twisted's interfaces have no types that mypy could check.
    """

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor

    @classmethod
    def from_crawler(cls, crawler: object, reactor: Any) -> Self:
        """Return the resolver of a process, as Scrapy asks for it."""
        del crawler
        return cls(reactor)

    def install_on_reactor(self) -> None:
        """Have the reactor ask here."""
        self.reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - as Twisted has it
        self,
        receiver: Any,
        hostName: str,  # noqa: N803 - as Twisted has it
        portNumber: int = 0,  # noqa: N803 - as Twisted has it
        *_: object,
        **__: object,
    ) -> _Resolution:
        """Tell a receiver the addresses of a host."""
        resolution = _Resolution(hostName)
        receiver.resolutionBegan(resolution)
        deferred_from_coro(_tell(receiver, hostName, portNumber))
        return resolution


class _Resolution:
    """A look-up under way; it ends by itself."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: who does not wait any more is not told."""


async def _tell(receiver: Any, host: str, port: int) -> None:
    for address in await addresses_of(host):
        kind = IPv6Address if ":" in address else IPv4Address
        receiver.addressResolved(kind("TCP", address, port))
    receiver.resolutionComplete()

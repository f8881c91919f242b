"""Relative links of a page become absolute addresses."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from armcrawl.addresses import site_of

if TYPE_CHECKING:
    from collections.abc import Callable

# No browser takes much longer ones, and PostgreSQL's indexes none above 2,700 bytes.
LONGEST_ADDRESS = 2000


def joined_address(address: str, base: str | None) -> str:
    """Return what relative links are resolved against; the page's own address where `<base>` names none."""
    try:
        joined = urljoin(address, base or "")
    except ValueError:
        return address
    return joined if len(joined) <= LONGEST_ADDRESS else address


class Resolver:
    """Relative addresses become absolute."""

    def __init__(self, base: str, map_address: Callable[[str], str] | None) -> None:
        self.base = base
        # What is relative to the site's root does not depend on the page, and is on every page.
        end = base.find("/", base.find("//") + 2)
        self.root = base if end < 0 else base[: end + 1]
        self.map_address = map_address

    def __call__(self, href: str) -> str | None:
        """Return the absolute http address of a link, or None for any other kind of link."""
        if len(href) > LONGEST_ADDRESS:
            return None
        address = _absolute(self.root if href.startswith("/") else self.base, href)
        return self.map_address(address) if address and self.map_address else address


@lru_cache(maxsize=4096)
def _absolute(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    # `//forum/...` is a doubled slash inside the site, as a host has a dot.
    if href.startswith("//") and "." not in href[2:].partition("/")[0]:
        href = href[1:]
    try:
        parts = urlsplit(urljoin(base, href))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    address = urlunsplit(parts._replace(fragment=""))
    if len(address.encode()) > LONGEST_ADDRESS:
        return None
    # One form for all the hosts and schemes under which the site serves itself.
    site = site_of(address)
    return address if site is None else site.home.rstrip("/") + address.partition(parts.netloc)[2]

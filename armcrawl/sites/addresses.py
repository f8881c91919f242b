"""Functions on addresses that do not depend on any site."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from unicodedata import normalize
from urllib.parse import unquote_to_bytes, urlsplit

# Characters that are not percent-encoded in a path (RFC 3986, 3.3).
SAFE = "/-._~!$&'()*+,;=:@"
# A parameter at the end of a path without a question mark: `/news/1&page=2`, `/news/1;jsessionid=0`.
STUCK = re.compile(r"[&;][\w.-]+=[^/]*$")
SLASHES = re.compile(r"/{2,}")
# The form of nearly all addresses, without percent-encoding of any kind. All others go to the standard library, which
# takes several times as long to split them.
PLAIN = re.compile(r"https?://([a-zA-Z0-9_.-]+)(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?(?:#[!-~]*)?")
# IPv6 that carries IPv4 in its last four bytes: translated (RFC 6052), the same in local use (RFC 8215), and the old
# «compatible» form (RFC 4291, 2.5.5.1).
WITH_IPV4 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
# Site-local addresses, which Python takes for global ones (RFC 3879).
SITE_LOCAL = ip_network("fec0::/10")
DEFAULT_PORTS = {"http": 80, "https": 443}
HOME_PATHS = frozenset({"", "/", "/index.php", "/index.html", "/index.htm", "/ru", "/ru/"})


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return the host of an address in lower case and ASCII (IDNA), without port and final dot; "" if it has none."""
    if plain := PLAIN.fullmatch(url):
        return ascii_host(plain[1])
    try:
        return ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def split_address(url: str) -> tuple[str, str, str]:
    """Return host with port as printed, path and query of an address; raises ValueError if it is no address."""
    if plain := PLAIN.fullmatch(url):
        host, path, query = plain.groups("")
        return host, path, query
    parts = urlsplit(url)
    return parts.netloc, parts.path, parts.query


def ascii_host(host: str) -> str:
    """Return a host in lower case and ASCII: `арматура.рф` in its `xn--` form; one that has none stays as it is."""
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        return host


def is_public_address(address: str) -> bool:
    """Tell whether an IP address is one of the public web: not of a private network, this machine, or a group.

    An IPv6 address that stands for one of IPv4 is what that is. Raises ValueError for what is no IP address.
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found in SITE_LOCAL:
            return False
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and any(found in network for network in WITH_IPV4):
            inner = IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public_address(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


@lru_cache(maxsize=4096)
def path_of(url: str) -> str | None:
    """Return the path of an address, with single slashes and percent-encoding decoded; None if it is no address."""
    try:
        path = STUCK.sub("", split_address(url)[1])
    except ValueError:
        return None
    return SLASHES.sub("/", normalize("NFC", unquoted(path)))


def unquoted(path: str) -> str:
    """Return a part of an address with percent-encoding decoded: as UTF-8, else as windows-1251, once usual."""
    if "%" not in path:
        return path
    octets = unquote_to_bytes(path.encode("utf-8", "surrogatepass"))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1251", "backslashreplace")


def is_home(url: str) -> bool:
    """Tell whether an address is that of a home page; with a query it may be an article's, as in old systems."""
    return path_of(url) in HOME_PATHS and not url.partition("?")[2]

"""Pages of any host: what tells one from all others is its address without what makes no difference."""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import quote, urlsplit, urlunsplit

from armcrawl.sites.addresses import DEFAULT_PORTS, SAFE, SLASHES, host_of, is_public_address, unquoted

# A label of a host in ASCII, by RFC 1123 (2.1).
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The world has no host without a dot.
PUBLIC_HOST = re.compile(rf"{LABEL}(?:\.{LABEL})+")
# What networks call their own machines (RFC 6761, RFC 6762, RFC 8375 and ICANN's `internal`).
PRIVATE_NAMES = (".localhost", ".local", ".home.arpa", ".internal")
# In bytes: an entry of PostgreSQL's indexes holds 2,704.
MAX_LENGTH = 2_000
# Parameters that tell who came from where, and not which page is meant.
TRACKING = re.compile(r"(?:utm_\w+|\w*clid|_openstat|etext|phpsessid|jsessionid)(?:=.*)?", re.IGNORECASE)
# Ends of a path that make no other page: of accelerated copies, index files, and sessions.
NEEDLESS = re.compile(r"(?:[/.]amp(?:\.html?)?|/index\.(?:html?|php)|;jsessionid=[^/]*|/)$", re.IGNORECASE)
WWW = re.compile(r"^(?:www\.)+(?=[^.]+\.)")
# What a key cannot have, or what would mean something else in it.
UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f?#&%\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def id_of(address: str) -> str | None:
    """Return host, path and query of a public page's address; None if it is none.

    Scheme, `www.`, fragment, a final slash, the order of parameters, percent-encoding and what only tracks readers do
    not matter.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = WWW.sub("", host_of(address))
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not is_public_host(host):
        return None
    path = SLASHES.sub("/", _plain(parts.path))
    while (shorter := NEEDLESS.sub("", path)) != path:
        path = shorter
    own_port = "" if port in {None, *DEFAULT_PORTS.values()} else f":{port}"
    query = "&".join(sorted(map(_plain, _telling(parts.query))))
    found = host + own_port + path + (f"?{query}" if query else "")
    return found if len(found.encode()) <= MAX_LENGTH else None


def plain(address: str) -> str:
    """Return the address to ask for a page: as it is, without fragment and what only tracks readers, in ASCII."""
    parts = urlsplit(address)
    host = host_of(address) + (f":{parts.port}" if parts.port is not None else "")
    path, query = quote(parts.path, safe=SAFE + "%"), quote("&".join(_telling(parts.query)), safe=SAFE + "%?")
    return urlunsplit((parts.scheme, host, path or "/", query, ""))


def is_own_network(address: str) -> bool:
    """Tell whether an address is one of a page, but of a machine that only its own network reaches."""
    host = host_of(address)
    return address.lower().startswith(("http://", "https://")) and bool(host) and not is_public_host(host)


def is_public_host(host: str) -> bool:
    """Tell whether a host may be on the web, by its name alone; where that leads, the downloader looks."""
    try:
        return is_public_address(host) and ":" not in host
    except ValueError:
        return PUBLIC_HOST.fullmatch(host) is not None and not f".{host}".endswith(PRIVATE_NAMES)


def _telling(query: str) -> list[str]:
    return [part for part in query.split("&") if part and not TRACKING.fullmatch(part)]


def _plain(text: str) -> str:
    """Return a text without percent-encoding, but for what a key cannot have."""
    return UNSAFE.sub(lambda found: quote(found[0], errors="backslashreplace"), normalize("NFC", unquoted(text)))

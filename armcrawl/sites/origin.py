"""The server from which a site's pages are fetched, and addresses translated between it and the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from armcrawl.sites.addresses import DEFAULT_PORTS, host_of

if TYPE_CHECKING:
    from armcrawl.sites.site import Site


@dataclass(frozen=True, slots=True)
class Origin:
    """The server from which a site's pages are fetched: the site itself, or a mirror or test server.

    `base_url` is that server's address, without a final slash. Pages of any host come from their own servers.
    """

    site: Site
    base_url: str

    @classmethod
    def of(cls, site: Site, base_url: str | None) -> Origin:
        """Return the origin for a `--base-url`, or the site itself without one.

        Raises ValueError if the URL is not an http or https address, or has a password, a query or a fragment.
        """
        if site.is_any:
            if base_url:
                raise ValueError(f"no server can stand in for those of {site.name}")
            return cls(site, f"https://{site.host}")
        url = base_url or site.home
        parts = urlsplit(url)
        if (
            parts.scheme not in DEFAULT_PORTS
            or not host_of(url)
            or parts.query
            or parts.fragment
            or "@" in parts.netloc
        ):
            raise ValueError(f"{url.rpartition('@')[2]!r} is not a plain http:// or https:// address")
        _ = parts.port  # raises ValueError for a port that is no number
        return cls(site, urlunsplit((parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", "")))

    @property
    def is_site(self) -> bool:
        """Whether pages come from the site's own hosts."""
        return self.site.is_any or host_of(self.base_url) in self.site.all_hosts

    @property
    def servers(self) -> tuple[str, ...]:
        """The servers that may be asked, as `host` or `host:port`, with and without `www.` as one.

        None for pages of any host.
        """
        if self.site.is_any:
            return ()
        hosts = self.site.all_hosts if self.is_site else {host_of(self.base_url) or ""}
        port = urlsplit(self.base_url).port
        ending = "" if port is None or port in DEFAULT_PORTS.values() else f":{port}"
        return tuple(sorted({host.removeprefix("www.") + ending for host in hosts}))

    def serves(self, url: str) -> bool:
        """Tell whether an address is on this server, by its host and its port: other servers must not be requested."""
        if self.site.is_any:
            return self.site.identify(url) is not None
        hosts = self.site.all_hosts if self.is_site else {host_of(self.base_url)}
        if host_of(url) not in hosts:
            return False
        try:
            port = urlsplit(url).port
        except ValueError:
            return False
        own = urlsplit(self.base_url).port
        web = (None, *DEFAULT_PORTS.values())
        return port == own or (port in web and own in web)

    def to_wire(self, address: str) -> str:
        """Return the address on this server for one of the site's addresses; raises ValueError for any other."""
        if self.site.is_any:
            return address
        parts = urlsplit(address)
        if host_of(address) not in self.site.all_hosts:
            raise ValueError(f"{address!r} is not on {self.site.host}")
        return self.base_url + urlunsplit(("", "", parts.path or "/", parts.query, ""))

    def to_site(self, url: str) -> str:
        """Return the site's own address for one on this server; other addresses are returned unchanged."""
        if self.site.is_any or not self.serves(url):
            return url
        base, parts = urlsplit(self.base_url), urlsplit(url)
        if not f"{parts.path}/".startswith(f"{base.path}/"):
            return url
        path = parts.path[len(base.path) :].lstrip("/")
        return self.site.home + urlunsplit(("", "", path, parts.query, parts.fragment))

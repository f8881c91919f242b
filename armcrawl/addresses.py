"""The identity of a page: one key and one address for all the ways in which it is linked to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
HOME_PATHS = frozenset({"", "/", "/index.php", "/index.html", "/index.htm", "/ru", "/ru/"})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a site whose articles are numbered on their own."""

    name: str
    path: str
    listing: str


@dataclass(frozen=True, slots=True)
class Site:
    """A site that armcrawl knows: its hosts, its sections, and what is never an article.

    `timezone` is the one in which the site prints its dates. `unjudged` names for a kind of run the measures
    that say nothing of the site there; all others are judged, and all of them for every other kind.
    """

    name: str
    host: str
    aliases: frozenset[str]
    sections: tuple[Section, ...]
    galleries: tuple[str, ...] = ()
    timezone: str = "Europe/Moscow"
    unjudged: tuple[tuple[str, frozenset[str]], ...] = ()

    def judges(self, kind: str, measure: str) -> bool:
        """Tell whether a run of this kind is judged by a measure (armcrawl.checks.observing and effort name them)."""
        return all(kind != name or measure not in measures for name, measures in self.unjudged)

    @property
    def home(self) -> str:
        """The address of the home page."""
        return f"https://{self.host}/"

    @property
    def hosts(self) -> frozenset[str]:
        """Every host under which the site's pages are served."""
        return self.aliases | {self.host}

    def section(self, name: str) -> Section:
        """Return the section of that name, or raise KeyError."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)


ARMTORG = Site(
    name="armtorg",
    host="armtorg.ru",
    aliases=frozenset({"www.armtorg.ru"}),
    sections=(
        Section("news", "/news/", "/news/"),
        Section("reviews", "/reviews/", "/reviews/"),
        Section("articles", "/articles/item/", "/articles/"),
    ),
    galleries=("/photo/",),
    # Captures of a web archive come in any order, several of a page; lists and ranges have holes by nature.
    unjudged=(
        ("wayback", frozenset({"requests per article", "date in the order of ids", "dated on the day of the fetch"})),
        ("backfill", frozenset({"requests per article"})),
    ),
)

SITES: dict[str, Site] = {ARMTORG.name: ARMTORG}


class PageKey(NamedTuple):
    """The public identity of a page: `armtorg/news/9911`."""

    site: str
    section: str
    external_id: str

    @property
    def number(self) -> int | None:
        """The id as a number, where the site counts its articles."""
        return int(self.external_id) if self.external_id.isdecimal() else None

    @property
    def address(self) -> str:
        """The one address that is stored for this page."""
        site = SITES[self.site]
        return f"https://{site.host}{site.section(self.section).path}{self.external_id}"

    def __str__(self) -> str:
        return f"{self.site}/{self.section}/{self.external_id}"


@lru_cache(maxsize=4096)
def site_of(url: str) -> Site | None:
    """Return the known site that serves this address, under whichever of its hosts."""
    host = host_of(url)
    return next((site for site in SITES.values() if host in site.hosts), None)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return the host of an address in lower case, without port and last dot; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def identify(url: str) -> PageKey | None:
    """Return the key of the article page that an address names, or None.

    Scheme, `www.`, doubled and last slashes, query, fragment and percent-encoding do not matter.
    """
    site = site_of(url)
    path = _path_of(url)
    if site is None or path is None or urlsplit(url).scheme not in DEFAULT_PORTS:
        return None
    for section in site.sections:
        # 18 digits always fit the ledger's 64-bit number.
        match = re.fullmatch(re.escape(section.path) + r"0*([1-9][0-9]{0,17})/?", path)
        if match:
            return PageKey(site.name, section.name, match[1])
    return None


def is_home(url: str) -> bool:
    """Tell whether an address is a site's home page: old systems number their articles in the query behind it."""
    return _path_of(url) in HOME_PATHS and not url.partition("?")[2]


def is_gallery(url: str) -> bool:
    """Tell whether an address belongs to a part of a site that only shows pictures."""
    site = site_of(url)
    path = _path_of(url)
    return site is not None and path is not None and path.startswith(site.galleries)


def _path_of(url: str) -> str | None:
    """Return the path of an address, slashes single and percent-encoding undone; None if it is no address."""
    try:
        return re.sub(r"/{2,}", "/", unquote(urlsplit(url).path))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a site's pages are really fetched from: the site itself, or a server that stands in.

    `base_url` is that server's address, without a last slash.
    """

    site: Site
    base_url: str

    @classmethod
    def of(cls, site: Site, base_url: str | None) -> Origin:
        """Return the origin for a `--base-url`, or the site itself without one.

        Raises ValueError if the URL is not an http or https address, or holds a password, a query or a fragment.
        """
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
        return host_of(self.base_url) in self.site.hosts

    def serves(self, url: str) -> bool:
        """Tell whether an address is on the server that may be asked: its host and its port."""
        hosts = self.site.hosts if self.is_site else {host_of(self.base_url)}
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
        """Return where to fetch one of the site's addresses; raises ValueError for another site's."""
        parts = urlsplit(address)
        if host_of(address) not in self.site.hosts:
            raise ValueError(f"{address!r} is not on {self.site.host}")
        return self.base_url + urlunsplit(("", "", parts.path or "/", parts.query, ""))

    def to_site(self, url: str) -> str:
        """Return the site's own address for a fetched one; other addresses stay as they are."""
        if not self.serves(url):
            return url
        base, parts = urlsplit(self.base_url), urlsplit(url)
        if not f"{parts.path}/".startswith(f"{base.path}/"):
            return url
        path = parts.path[len(base.path) :].lstrip("/")
        return self.site.home + urlunsplit(("", "", path, parts.query, parts.fragment))

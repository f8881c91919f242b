"""What a declaration says of a site; messages of its ValueErrors go to whoever wrote the file."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field

from armcrawl.options import OPTIONS
from armcrawl.sites.addresses import DEFAULT_PORTS, SAFE, ascii_host, host_of, path_of
from armcrawl.sites.judged import KINDS, MEASURES, OPTIONAL
from armcrawl.sites.keys import PageKey
from armcrawl.sites.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from armcrawl.sites.patterns import Pattern

Text = Annotated[str, Meta(min_length=1)]
# Whoever asks a site more often is a burden to it; a server of one's own is named by --base-url, with its own --delay.
MIN_DELAY = 2.0
# Who waits longer than an hour gets no night's run done.
Delay = Annotated[float, Meta(ge=MIN_DELAY, le=3600)]
Share = Annotated[float, Meta(ge=0, le=1)]
# As it stands in keys, in SQL and on the command line.
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
# As RFC 1123 (2.1) has it, for names that are ASCII already.
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*")
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# How pages are found unless a declaration says otherwise: by ids that rise with time.
COUNTED = "counted"
# What needs more is no site that is read by evidence.
MAX_HINTS = 3
# What accelerated copies and index files add to a page's own path: `/amp/news/1`, `/news/1.amp`, `/news/1/index.html`.
AMP = re.compile(r"^/amp(?=/)|(?:[/.]amp(?:\.html?)?|/index\.(?:html?|php))/?$")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a site, its articles told by ids of its own.

    `addresses` are the patterns of its articles, the first the one that addresses are made by; `key` says which of
    their fields identify an article, where it is not the id or the slug alone; `listing` is the page that shows the
    newest.
    """

    name: str
    addresses: Annotated[tuple[Text, ...], Meta(min_length=1)]
    title: Text | None = None
    listing: Text | None = None
    key: Text | None = None

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_paths(self.listing)
        kinds = {pattern(text, self.key).kind for text in self.addresses}
        if len(kinds) > 1:
            raise ValueError(f"section {self.name!r} has numbers and words for ids: make two sections of it")

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of its articles' addresses."""
        return tuple(pattern(text, self.key) for text in self.addresses)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the paths of its articles begin with."""
        return tuple(dict.fromkeys(one.prefix for one in self.patterns))

    def identify(self, path: str) -> str | None:
        """Return the id of the article under a path, or None."""
        return next((found for one in self.patterns if (found := one.match(path)) is not None), None)


class DiscoveryDeclaration(Struct, frozen=True, forbid_unknown_fields=True):
    """How pages are found: the name of a kind (entry point `armcrawl.discovery`), and what that kind is told."""

    kind: str = COUNTED
    options: dict[str, Any] = field(default_factory=dict)


class Hints(Struct, frozen=True, forbid_unknown_fields=True):
    """CSS selectors of fields: one witness more, which counts as what a page declares about itself."""

    title: Text | None = None
    date: Text | None = None
    author: Text | None = None
    tags: Text | None = None

    def __post_init__(self) -> None:
        if len(self.selectors) > MAX_HINTS:
            raise ValueError(f"{len(self.selectors)} hints are more than the {MAX_HINTS} that a site may have")
        for selector in self.selectors.values():
            _check_selector(selector)

    @property
    def selectors(self) -> dict[str, str]:
        """The selectors by field."""
        return {name: selector for name in self.__struct_fields__ if (selector := getattr(self, name)) is not None}


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """A site: its hosts, its sections, and what is particular about it.

    The first host is the one that addresses are stored with. `zone` is the time zone in which the site prints its
    dates; `own_names` are those of the house itself; `unjudged` names for a kind of run the measures that say nothing
    there (armcrawl.sites.judged has both): all others are judged; `bounds` are the least shares of
    articles that have a field.
    """

    name: str
    hosts: Annotated[tuple[Text, ...], Meta(min_length=1)]
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    title: Text | None = None
    default: bool = False
    zone: str = "Europe/Moscow"
    own_names: tuple[Text, ...] = ()
    galleries: tuple[Text, ...] = ()
    discovery: DiscoveryDeclaration = DiscoveryDeclaration()
    delay: Delay = MIN_DELAY
    nightly: str | None = None
    hints: Hints = Hints()
    unjudged: dict[str, frozenset[str]] = field(default_factory=dict)
    bounds: dict[str, Share] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_name(self.name)
        _check_paths(*self.galleries)
        for host in self.hosts:
            if not HOST.fullmatch(ascii_host(host)) or host_of(f"https://{host}/") != ascii_host(host):
                raise ValueError(f"{host!r} is no host: write it without scheme, port and path")
        if "/" in self.galleries:
            raise ValueError("galleries with '/' would be the whole site")
        if any(not name.strip() for name in self.own_names):
            raise ValueError("own_names has an empty name")
        if unknown := set(self.bounds) - set(OPTIONAL):
            raise ValueError(f"{min(unknown)!r} has no bounds: the fields are {', '.join(OPTIONAL)}")
        _check_unjudged(self.unjudged)
        _check_zone(self.zone)
        if self.nightly is not None and not TIME.fullmatch(self.nightly):
            raise ValueError(f"{self.nightly!r} is no time of the day: write it as 02:30")
        names = [section.name for section in self.sections]
        if len(names) > len(set(names)):
            raise ValueError(f"two sections have one name of {names}")
        self._check_patterns()

    def _check_patterns(self) -> None:
        """See to it that each pattern describes pages of its own section."""
        for section in self.sections:
            for one in section.patterns:
                found = self.identify(self.home.rstrip("/") + one.example)
                if found is None or found.section != section.name:
                    taken = f"section {found.section!r} takes them" if found else "nothing takes them"
                    raise ValueError(f"{one.text!r} of section {section.name!r} has no pages: {taken}")
            if section.listing is not None and (found := self.identify(self.home.rstrip("/") + section.listing)):
                raise ValueError(f"the listing {section.listing!r} would be an article of section {found.section!r}")

    def __hash__(self) -> int:
        return hash((self.name, self.hosts, self.sections))

    @property
    def host(self) -> str:
        """The host that addresses are stored with."""
        return ascii_host(self.hosts[0])

    @property
    def all_hosts(self) -> frozenset[str]:
        """Every host under which the site's pages are served: those declared, with and without `www.`."""
        return _ascii_hosts(self.hosts)

    @property
    def home(self) -> str:
        """The address of the home page."""
        return f"https://{self.host}/"

    @property
    def options(self) -> dict[str, Any]:
        """What the declaration says of options that others may say as well (armcrawl.options)."""
        return {option.name: getattr(self, option.name) for option in OPTIONS.values() if option.is_declared}

    def judges(self, kind: str, measure: str) -> bool:
        """Tell whether a run of this kind is judged by a measure."""
        return measure not in self.unjudged.get(kind, frozenset())

    def section(self, name: str) -> Section:
        """Return the section of that name, or raise KeyError."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

    def identify(self, address: str) -> PageKey | None:
        """Return the key of the article page that an address names, or None.

        Scheme, which of the hosts, doubled and last slashes, query, fragment, percent-encoding and an accelerated
        copy's `/amp` do not matter.
        """
        path = path_of(address)
        if path is None or host_of(address) not in self.all_hosts or urlsplit(address).scheme not in DEFAULT_PORTS:
            return None
        # Without what stands behind it first: `/news/zavod.amp` would be a slug of its own.
        plain = AMP.sub("", path)
        return self._identify_path(plain) or (self._identify_path(path) if path != plain else None)

    def _identify_path(self, path: str) -> PageKey | None:
        for section in self.sections:
            external_id = section.identify(path)
            if external_id is not None:
                return PageKey(self.name, section.name, external_id)
        return None

    def address(self, key: PageKey) -> str | None:
        """Return the one address that is stored for a page; None where its key does not tell it."""
        section = next((section for section in self.sections if section.name == key.section), None)
        for one in section.patterns if section is not None else ():
            path = one.path(key.external_id)
            if path is not None and self.identify(self.home.rstrip("/") + path) == key:
                return self.home.rstrip("/") + path
        return None

    def plain(self, address: str) -> str:
        """Return an address without what does not matter: on the site's first host, by https, its path alone."""
        return self.home.rstrip("/") + quote(AMP.sub("", path_of(address) or "") or "/", safe=SAFE)


@lru_cache(maxsize=1024)
def _ascii_hosts(hosts: tuple[str, ...]) -> frozenset[str]:
    plain = {ascii_host(host).removeprefix("www.") for host in hosts}
    return frozenset(plain | {f"www.{host}" for host in plain})


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: small Latin letters, digits, - and _, a letter first, 40 at most")


def _check_paths(*paths: str | None) -> None:
    for path in paths:
        if path is not None and (not re.match(r"/(?!/)", path) or re.search(r"\s", path)):
            raise ValueError(
                f"{path!r} must begin with a slash, as the path of an address does, and have no white space"
            )


def _check_selector(selector: str) -> None:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        # With the very parser that will look for it.
        LexborHTMLParser("").css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error


def _check_unjudged(unjudged: Mapping[str, Iterable[str]]) -> None:
    for kind, measures in unjudged.items():
        if kind not in KINDS:
            raise ValueError(f"{kind!r} under unjudged is no kind of run: the kinds are {', '.join(KINDS)}")
        for measure in sorted(measures):
            if measure not in MEASURES:
                near = get_close_matches(measure, MEASURES, 1)
                meant = f"write {near[0]!r} if that is meant" if near else f"the measures are {', '.join(MEASURES)}"
                raise ValueError(f"{measure!r} under unjudged is no measure: {meant}")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"{zone!r} is no time zone: write one as Europe/Moscow") from error

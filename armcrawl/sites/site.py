"""The content of a site's declaration; the messages of its ValueErrors are for the author of the file."""

from __future__ import annotations

import pickle
import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Self
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, ValidationError, convert, field

from armcrawl.errors import UsageError
from armcrawl.options import OPTIONS
from armcrawl.sites import single_pages
from armcrawl.sites.addresses import DEFAULT_PORTS, SAFE, ascii_host, host_of, path_of, split_address
from armcrawl.sites.judged import KINDS, MEASURES, OPTIONAL
from armcrawl.sites.keys import PageKey
from armcrawl.sites.patterns import WORD, pattern
from armcrawl.sites.schedule import Schedule
from armcrawl.sites.single_pages import LABEL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from armcrawl.sites.patterns import Pattern

Text = Annotated[str, Meta(min_length=1)]
# Seconds between requests: more frequent ones are a burden to a site. For a test server `--base-url` allows a smaller
# `--delay`.
MIN_DELAY = 2.0
# Seconds, an hour at most: with a longer delay a night's run brings almost nothing.
Delay = Annotated[float, Meta(ge=MIN_DELAY, le=3600)]
Share = Annotated[float, Meta(ge=0, le=1)]
# Names of sites and sections, which are used in keys, in SQL and on the command line.
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*")
SERVER = re.compile(r"https?://[^/\s?#@]+")
# Instead of hosts: all that no other site has.
ANY_HOST = "*"
# The kind of discovery unless a declaration names another: by ids that rise with time.
COUNTED = "counted"
# The kind of discovery that looks for nothing: somebody adds the pages.
ADDED = "added"
# The field of ids that are numbers.
NUMBERED = "id:int"
# A number with as many digits as ids may have: nothing else in an address looks like it.
LONGEST = "987654321987654321"
# Selectors of a site: one that needs more cannot be read from evidence.
MAX_HINTS = 3
# Additions to a page's own path in accelerated copies and index files: `/amp/news/1`, `/news/1.amp`,
# `/news/1/index.html`.
AMP = re.compile(r"^/amp(?=/)|(?:[/.]amp(?:\.html?)?|/index\.(?:html?|php))/?$")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a site with ids of its own.

    `addresses` are the patterns of its articles' addresses, of which the first is used to make addresses. `key` says
    which of their fields identify an article, unless it is the id or the slug alone. `rubrics` are the only words that
    `{rubric}` may be in them. `listing` is the path of the page with the newest articles.
    """

    name: str
    addresses: tuple[Text, ...] = ()
    title: Text | None = None
    listing: Text | None = None
    key: Text | None = None
    rubrics: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_paths(self.listing)
        if self.rubrics and not any("{rubric}" in text for text in self.addresses):
            raise ValueError(f"section {self.name!r} has rubrics, and no address with {{rubric}}")
        for rubric in self.rubrics:
            if not re.fullmatch(WORD, rubric):
                raise ValueError(f"{rubric!r} is no rubric: write one segment of a path, as it reads decoded")
        kinds = {one.kind for one in self.patterns}
        if len(kinds) > 1:
            raise ValueError(f"section {self.name!r} has numbers and words for ids: make two sections of it")

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns of its articles' addresses."""
        return tuple(pattern(text, self.key, self.rubrics) for text in self.addresses)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The beginnings of its articles' paths."""
        return tuple(dict.fromkeys(prefix for one in self.patterns for prefix in one.prefixes))

    def identify(self, path: str, query: str = "") -> str | None:
        """Return the id of the article with this path and query, or None."""
        return next((found for one in self.patterns if (found := one.match(path, query)) is not None), None)


class DiscoveryDeclaration(Struct, frozen=True):
    """How pages are found: the name of a kind (entry point `armcrawl.discovery`), and what that kind is told.

    `sections` are the names of those whose pages it finds, all without any; `options` is whatever else is written.
    """

    kind: Text = COUNTED
    sections: tuple[Text, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Self:
        """Return what a table of a declaration says; the options of a kind stand beside the rest."""
        own = {name: value for name, value in written.items() if name in {"kind", "sections"}}
        options = {name: value for name, value in written.items() if name not in own}
        return convert({**own, "options": options}, cls)


class Hints(Struct, frozen=True, forbid_unknown_fields=True):
    """CSS selectors by field: what they find is one more witness, which counts like what a page declares itself."""

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
        """The declared selectors by field."""
        return {name: selector for name in self.__struct_fields__ if (selector := getattr(self, name)) is not None}


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """A site: its hosts, its sections, and its peculiarities.

    Addresses are stored with the first host; `*` alone stands for all that no other site has. `zone` is the time
    zone in which the site prints its dates; `own_names` are the names of the site itself, which is no source of its
    texts; `galleries` are the beginnings of paths to pages with pictures only; `exclude` are the paths that a
    pattern would take for articles, or, with `*` at the end, their beginnings; `delay` is in seconds; `base_url` is
    the server that is asked, if it is not the first host by https; `schedule` is when a fleet crawls it.
    `unjudged` has, by kind of run, the measures that are not judged (`armcrawl.sites.judged` lists both); `bounds`
    has, by field, the smallest share of articles, from 0 to 1, that must have it. One whose pages
    nobody has seen yet is not `verified`.
    """

    name: str
    hosts: Annotated[tuple[Text, ...], Meta(min_length=1)]
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    title: Text | None = None
    default: bool = False
    zone: str = "Europe/Moscow"
    own_names: tuple[Text, ...] = ()
    galleries: tuple[Text, ...] = ()
    exclude: tuple[Text, ...] = ()
    discovery: tuple[dict[str, Any], ...] = ({"kind": COUNTED},)
    delay: Delay = MIN_DELAY
    base_url: Text | None = None
    schedule: Schedule = Schedule()
    verified: bool = True
    hints: Hints = Hints()
    unjudged: dict[str, frozenset[str]] = field(default_factory=dict)
    bounds: dict[str, Share] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_paths(*self.galleries, *self.exclude)
        for host in () if self.is_any else self.hosts:
            if not HOST.fullmatch(ascii_host(host)) or host_of(f"https://{host}/") != ascii_host(host):
                raise ValueError(f"{host!r} is no host: write it without scheme, port and path")
        if "/" in self.galleries:
            raise ValueError("galleries with '/' would be the whole site")
        if self.base_url is not None and not SERVER.fullmatch(self.base_url):
            raise ValueError(f"{self.base_url!r} is no server: write base_url as http://host or http://host:8000")
        if any(not name.strip() for name in self.own_names):
            raise ValueError("own_names has an empty name")
        if unknown := set(self.bounds) - set(OPTIONAL):
            raise ValueError(f"{min(unknown)!r} has no bounds: the fields are {', '.join(OPTIONAL)}")
        _check_unjudged(self.unjudged)
        _check_zone(self.zone)
        names = [section.name for section in self.sections]
        if len(names) > len(set(names)):
            raise ValueError(f"two sections have one name of {names}")
        self._check_any()
        self._check_patterns()
        self._check_discoveries(names)

    def _check_any(self) -> None:
        """Raise ValueError for a site of any host with pages to look for, and for any other without."""
        if not self.is_any:
            if bare := next((section.name for section in self.sections if not section.addresses), None):
                raise ValueError(f"section {bare!r} has no addresses")
            return
        if len(self.sections) > 1 or self.sections[0].addresses or self.sections[0].listing:
            raise ValueError(f"a site of hosts {ANY_HOST!r} has one section, without addresses and listing")
        if any(one.kind != ADDED for one in self.discoveries):
            raise ValueError(f"a site of hosts {ANY_HOST!r} looks for nothing: its discovery is of kind {ADDED!r}")

    def _check_discoveries(self, names: Collection[str]) -> None:
        """See to it that there is a discovery, and that each is of sections that there are."""
        if not self.discovery:
            raise ValueError("discovery is empty: leave it out, or say how pages are found")
        for index, written in enumerate(self.discovery):
            try:
                found = DiscoveryDeclaration.of(written)
            except ValidationError as error:
                raise ValueError(f"discovery {index + 1}: {error}") from error
            for name in found.sections:
                if name not in names:
                    near = get_close_matches(name, names, 1)
                    meant = f"write {near[0]!r} if that is meant" if near else f"the sections are {', '.join(names)}"
                    raise ValueError(f"discovery {index + 1} is of a section {name!r}, which there is not: {meant}")

    def _check_patterns(self) -> None:
        """Raise ValueError if the pages of a pattern or a listing would be taken for those of another section."""
        for section in self.sections:
            for one in section.patterns:
                path, _, query = one.example.partition("?")
                taking = next((other.name for other in self.sections if other.identify(path, query) is not None), None)
                if taking != section.name:
                    taken = f"section {taking!r} takes them" if taking else "nothing takes them"
                    raise ValueError(f"{one.text!r} of section {section.name!r} has no pages: {taken}")
            if section.listing is not None and (found := self.identify(self.home.rstrip("/") + section.listing)):
                raise ValueError(f"the listing {section.listing!r} would be an article of section {found.section!r}")

    def __hash__(self) -> int:
        return hash((self.name, self.hosts, self.sections))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what another process makes it of: once, and not anew, with all checks, for every page."""
        return _unpacked, (_packed(self),)

    @property
    def is_any(self) -> bool:
        """Whether it has single pages of any host that no other site has."""
        return self.hosts == (ANY_HOST,)

    @property
    def host(self) -> str:
        """The host with which addresses are stored, in ASCII."""
        return ascii_host(self.hosts[0])

    @property
    def all_hosts(self) -> frozenset[str]:
        """All hosts of the site: the declared ones, with and without `www.`, in ASCII."""
        return _ascii_hosts(self.hosts)

    @property
    def home(self) -> str:
        """The address of the home page; raises UsageError for a site of any host."""
        if self.is_any:
            raise UsageError(f"{self.name} has no server of its own: its pages are added, by `armcrawl add URL`.")
        return f"https://{self.host}/"

    @property
    def discoveries(self) -> tuple[DiscoveryDeclaration, ...]:
        """How its pages are found, in the order in which it is declared."""
        return tuple(map(DiscoveryDeclaration.of, self.discovery))

    @property
    def counted_sections(self) -> frozenset[str]:
        """The names of the sections whose ids are numbers that rise with time."""
        every = [section.name for section in self.sections]
        return frozenset(name for one in self.discoveries if one.kind == COUNTED for name in one.sections or every)

    @property
    def options(self) -> dict[str, Any]:
        """What the declaration says of options that others may say as well (armcrawl.options)."""
        told = {option.name: getattr(self, option.name) for option in OPTIONS.values() if option.is_declared}
        return {name: value for name, value in told.items() if value is not None}

    def judges(self, kind: str, measure: str) -> bool:
        """Tell whether a measure is judged in runs of this kind; pages of many hosts have nothing in common."""
        return not self.is_any and measure not in self.unjudged.get(kind, frozenset())

    def section(self, name: str) -> Section:
        """Return the section of that name, or raise KeyError."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(name)

    def identify(self, address: str) -> PageKey | None:
        """Return the key of the article page with this address, or None.

        Scheme, host (if it is one of the site's), doubled and final slashes, query (but for the parameters of a
        pattern), fragment, percent-encoding and an accelerated copy's `/amp` do not matter.
        """
        if self.is_any:
            found = single_pages.id_of(address)
            return None if found is None else PageKey(self.name, self.sections[0].name, found)
        path = path_of(address)
        if path is None or host_of(address) not in self.all_hosts or urlsplit(address).scheme not in DEFAULT_PORTS:
            return None
        # First without `/amp` and the like, as `/news/zavod.amp` would be another slug.
        plain, query = AMP.sub("", path), split_address(address)[2] if "?" in address else ""
        return self._identify_path(plain, query) or (self._identify_path(path, query) if path != plain else None)

    def _identify_path(self, path: str, query: str) -> PageKey | None:
        for section in () if self._excludes(path) else self.sections:
            external_id = section.identify(path, query)
            if external_id is not None:
                return PageKey(self.name, section.name, external_id)
        return None

    def _excludes(self, path: str) -> bool:
        path = path.rstrip("/")
        return any(
            path.startswith(one.removesuffix("*")) if one.endswith("*") else path == one.rstrip("/")
            for one in self.exclude
        )

    def address(self, key: PageKey) -> str | None:
        """Return the address that is stored for a page; None if it does not follow from the key."""
        around = _around_numbers(self, key.section) if key.number is not None else None
        return _address(self, key) if around is None else key.external_id.join(around)

    def plain(self, address: str) -> str:
        """Return the plain form of an address: https, the site's first host, and its path alone."""
        if self.is_any:
            return single_pages.plain(address)
        return self.home.rstrip("/") + quote(AMP.sub("", path_of(address) or "") or "/", safe=SAFE)


@lru_cache(maxsize=256)  # the same for all pages of a section
def _around_numbers(site: Site, section: str) -> tuple[str, str] | None:
    """Return what stands before and behind the number in a section's addresses; None where not all are alike."""
    if site.exclude or any(one.kind != NUMBERED for any_section in site.sections for one in any_section.patterns):
        return None
    before, found, behind = (_address(site, PageKey(site.name, section, LONGEST)) or "").rpartition(LONGEST)
    return (before, behind) if found else None


@lru_cache(maxsize=256)  # several steps ask for the same page, one right after another
def _address(site: Site, key: PageKey) -> str | None:
    section = next((section for section in site.sections if section.name == key.section), None)
    patterns = section.patterns if section is not None else ()
    paths = [path for one in patterns if (path := one.path(key.external_id)) is not None]
    found = [address for path in paths if site.identify(address := site.home.rstrip("/") + path) == key]
    if len(set(found)) > 1 and patterns[0].kind != NUMBERED:
        # Articles that stand under several rubrics by their names: nothing tells under which.
        return None
    return found[0] if found else None


@lru_cache(maxsize=1024)
def _ascii_hosts(hosts: tuple[str, ...]) -> frozenset[str]:
    plain = {ascii_host(host).removeprefix("www.") for host in hosts}
    return frozenset(plain | {f"www.{host}" for host in plain})


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name: write at most 40 small Latin letters, digits, - and _, a letter first")


def check_paths(*paths: str | None) -> None:
    """Raise ValueError for what is no path of an address."""
    for path in paths:
        if path is not None and (not re.match(r"/(?!/)", path) or re.search(r"\s", path)):
            raise ValueError(
                f"{path!r} must begin with a slash, as the path of an address does, and have no white space"
            )


def _check_selector(selector: str) -> None:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        # With the same parser that will use it.
        LexborHTMLParser("").css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error


@lru_cache(maxsize=64)  # more sites than one run has
def _packed(site: Site) -> bytes:
    return pickle.dumps([getattr(site, name) for name in site.__struct_fields__])


@lru_cache(maxsize=64)
def _unpacked(packed: bytes) -> Site:
    return Site(*pickle.loads(packed))  # noqa: S301 - from another process of ours


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

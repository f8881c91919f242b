"""The known sites: those of the package, of `sites/` in the working folder, and of the option `sites`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from armcrawl import config
from armcrawl.errors import UsageError
from armcrawl.sites.addresses import host_of, path_of
from armcrawl.sites.declaration import read_declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from armcrawl.sites.keys import PageKey
    from armcrawl.sites.site import Site

OWN_FOLDER = Path(__file__).parent
LOCAL_FOLDER = Path("sites")
# In the environment, as the processes of a crawl must know the same sites; no operator sets it.
PASSING_OVER = "_ARMCRAWL_PASS_OVER_FAULTY_SITES"


@cache
def known_sites() -> Mapping[str, Site]:
    """Return the sites by name; a site in a later folder replaces one of the same name, and its default the earlier.

    Raises UsageError for a file with an error, for two sites with one host, and for two defaults in one folder.
    """
    return {name: site for name, (site, _) in _declared().items()}


def file_of(name: str) -> Path:
    """Return the file that declares a known site."""
    return _declared()[name][1]


def is_shipped(name: str) -> bool:
    """Tell whether a known site is one of the package's own: nobody here has declared it."""
    return file_of(name).parent == OWN_FOLDER


def sites_set_up(held: Collection[str]) -> list[str]:
    """Return the sites that somebody has set up here, by name.

    They are declared outside of the package, named in armcrawl.toml, or among those that a database has pages of
    (`held`). The package's other sites must not be crawled by surprise.
    """
    file = config.config_file()
    named = {config.value("default_site"), *(file.sites if file else ())}
    return sorted(name for name in known_sites() if not is_shipped(name) or name in named or name in held)


def pass_over_faulty() -> None:
    """Know no site whose declaration has an error, instead of none at all, in this process and those that it starts.

    This is for crawls of other sites. What works on articles of all sites must not read some without their declaration.
    """
    os.environ[PASSING_OVER] = "1"
    forget_sites()


def faulty_sites() -> Mapping[str, str]:
    """Return what is wrong with declarations that were passed over, by the names of their files."""
    return _declarations().faults


@dataclass(slots=True)
class _Declarations:
    """The sites by name, each with its file, and the faults of files that were passed over."""

    sites: dict[str, tuple[Site, Path]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def note(self, names: Iterable[str], fault: UsageError) -> None:
        """Pass over sites that have a fault, if that may be; raises it otherwise."""
        if PASSING_OVER not in os.environ:
            raise fault
        for name in names:
            self.faults.setdefault(name, str(fault))
            self.sites.pop(name, None)


def _declared() -> Mapping[str, tuple[Site, Path]]:
    return _declarations().sites


@cache
def _declarations() -> _Declarations:
    found = _Declarations()
    for folder in _folders():
        of_folder = _sites_in(folder)
        if any(site.default for site, _ in of_folder.sites.values()):
            found.sites = {name: (replace(site, default=False), path) for name, (site, path) in found.sites.items()}
        found.sites = {name: one for name, one in found.sites.items() if name not in of_folder.sites} | of_folder.sites
        for name, fault in of_folder.faults.items():
            # Nor does the declaration count that this one was to replace.
            found.note([name], UsageError(fault))
    by_host: dict[str, str] = {}
    for site, _ in list(found.sites.values()):
        for host in sorted(site.all_hosts):
            if (other := by_host.setdefault(host, site.name)) != site.name:
                fault = (
                    f"The sites {other!r} and {site.name!r} both have the host {host}: a host belongs to one site only."
                )
                found.note([other, site.name], UsageError(fault))
    if (file := config.config_file()) is not None:
        file.check_sites(found.sites.keys() | found.faults.keys())
    return found


def _sites_in(folder: Path) -> _Declarations:
    found = _Declarations()
    defaults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            site = read_declaration(path)
        except UsageError as error:
            found.note([path.stem], error)
            continue
        if site.name in found.sites:
            fault = f"{path}: another file of {folder} declares a site {site.name!r} already."
            found.note([site.name], UsageError(fault))
        elif site.name not in found.faults:
            found.sites[site.name] = site, path
            defaults += [site.name] if site.default else []
    if len(defaults) > 1:
        files = " and ".join(str(found.sites[name][1]) for name in defaults if name in found.sites)
        found.note(defaults, UsageError(f"{files} each say default = true: only one site can be the default."))
    return found


def _folders() -> list[Path]:
    named = config.said("sites")
    if named is not None and not Path(named.value).is_dir():
        raise UsageError(f"{named.where}: {named.value} is no folder.")
    return [OWN_FOLDER, LOCAL_FOLDER, *([Path(named.value)] if named else [])]


def site_named(name: str) -> Site:
    """Return the site of that name; raises UsageError if it is not known."""
    sites = known_sites()
    if name in faulty_sites():
        raise UsageError(faulty_sites()[name])
    if name not in sites:
        raise UsageError(f"There is no site {name!r}: the sites are {', '.join(sorted(sites))}.")
    return sites[name]


def default_site() -> Site:
    """Return the site of commands that name none: the one that is set or declared as default, or the only site.

    Raises UsageError if there is no default among several sites.
    """
    if name := config.value("default_site"):
        return site_named(name)
    sites = list(known_sites().values())
    chosen = next((site for site in sites if site.default), sites[0] if len(sites) == 1 else None)
    if chosen is None:
        raise UsageError(f"Say which site is meant: the sites are {', '.join(sorted(known_sites()))}.")
    return chosen


def check_sections(site: Site, names: Iterable[str]) -> None:
    """Raise UsageError for a section that a site does not have."""
    known = [section.name for section in site.sections]
    for name in names:
        if name not in known:
            raise UsageError(f"{site.name} has no section {name!r}: its sections are {', '.join(known)}.")


@lru_cache(maxsize=4096)
def site_of(url: str) -> Site | None:
    """Return the known site with the host of this address, or None."""
    return _site_of_host(host_of(url))


@lru_cache(maxsize=1024)
def _site_of_host(host: str) -> Site | None:
    return next((site for site in known_sites().values() if host in site.all_hosts and not site.is_any), None)


def any_site() -> Site | None:
    """Return the site of single pages of hosts that no other site has, if one is declared."""
    return next((site for site in known_sites().values() if site.is_any), None)


@lru_cache(maxsize=4096)
def identify(url: str) -> PageKey | None:
    """Return the key of the article page with this address on a known site, or None."""
    site = site_of(url)
    return site.identify(url) if site is not None else None


def identify_for(site: Site, url: str) -> PageKey | None:
    """Return the key of the page with this address on the site that has its host, or on this one; None if neither has.

    Only whoever means a page asks so: of what pages link to, a site of any host would take everything.
    """
    return (site_of(url) or site).identify(url)


def address_of(key: PageKey) -> str:
    """Return the address that is stored for a page; raises UsageError if it does not follow from the key."""
    address = site_named(key.site).address(key)
    if address is None:
        raise UsageError(f"The address of the page does not follow from {key}: give the address instead.")
    return address


def stored_address(key: PageKey, *seen: str | None) -> str:
    """Return the address to store for a page: the one that follows from its key, else the plain form of a seen one.

    `seen` are the addresses that answered or were requested, the likeliest to be the page's own first. The first that
    is this page's is used, or the last if none is. Raises UsageError if there is no address at all.
    """
    found = [address for address in seen if address is not None]
    site = site_named(key.site)
    if (derived := site.address(key)) is not None or not found:
        return derived or address_of(key)
    return site.plain(next((address for address in found if is_address_of(key, address, site)), found[-1]))


def determines_address(key: PageKey) -> bool:
    """Tell whether a page's address follows from its key, or is in it; if not, two pages may have the same key."""
    site = known_sites().get(key.site)
    return site is None or site.is_any or site.address(key) is not None


def key_by_address(key: PageKey, address: str) -> PageKey:
    """Return the key for a page whose usual key belongs to another page: its whole path is its id."""
    return key._replace(external_id=(path_of(address) or "").strip("/"))


def is_address_of(key: PageKey, address: str, site: Site | None = None) -> bool:
    """Tell whether an address is that of a page, by its usual key or by the key made of its path."""
    shown = site.identify(address) if site is not None else identify(address)
    return shown is not None and key in {shown, key_by_address(shown, address)}


def own_names(url: str) -> tuple[str, ...]:
    """Return the own names of the site with this address; none if the site is not known."""
    site = site_of(url)
    return site.own_names if site is not None else ()


def is_gallery(url: str) -> bool:
    """Tell whether an address is in a part of a known site that shows pictures only."""
    site = site_of(url)
    path = path_of(url)
    return site is not None and path is not None and path.startswith(site.galleries)


def forget_sites() -> None:
    """Clear the caches, so that the files are read again: for tests, and after folders have changed."""
    for cached in (_declarations, known_sites, site_of, _site_of_host, identify):
        cached.cache_clear()

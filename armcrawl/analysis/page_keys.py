"""A page as a person names it: `9911`, `news/9911`, `SITE/news/9911`, or any address of it, a mirror's too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from armcrawl.sites import PageKey, Site


class SeveralPagesError(UsageError):
    """What somebody typed may be any of some pages."""

    def __init__(self, text: str, keys: list[PageKey]) -> None:
        super().__init__(f"{text} may be {_either(keys)}: write which of them.")
        self.keys = keys


@dataclass(frozen=True, slots=True)
class ShortKey:
    """What names a page only in a database: a part of a key, with the keys that it may mean, or a mirror's address."""

    text: str
    candidates: tuple[PageKey, ...] = ()


def read_key(text: str) -> PageKey | ShortKey:
    """Return the key that somebody typed, as far as that tells it; raises UsageError for what cannot be one."""
    from armcrawl.sites import PageKey, default_site, identify

    if (whole := identify(text) or _whole_key(text)) is not None:
        return whole
    if text.startswith(("http://", "https://")):
        return ShortKey(text)
    if candidates := tuple(_candidates(text)):
        return candidates[0] if len(candidates) == 1 else ShortKey(text, candidates)
    site = default_site()
    example = PageKey(site.name, site.sections[0].name, "9911")
    raise UsageError(f"{text!r} is no page: write a key ({example}) or an address ({site.home}...).")


def key_in(engine: Engine, written: PageKey | ShortKey) -> PageKey:
    """Return which page is meant in a database; raises UsageError where it may be several, or none."""
    from armcrawl.sites import default_site
    from armcrawl.store.ledger.ledger import known_pages

    if not isinstance(written, ShortKey):
        return written
    candidates = written.candidates or tuple(_mirrored(engine, written.text))
    known = known_pages(engine, candidates)
    # Ids without an article stand in the ledger too: they count where no section has an article of that id.
    found = [key for key, is_article in known.items() if is_article] or list(known)
    if len(found) == 1:
        return found[0]
    if found:
        raise SeveralPagesError(written.text, found)
    if not candidates:
        raise UsageError(
            f"{written.text} is no page of a known site, nor of a server that filled this database, and was not added."
        )
    # Slugs of all sites may be called so: what no database knows is meant of the usual site, if it has such pages.
    usual = [key for key in candidates if key.site == default_site().name] or list(candidates)
    if len(usual) == 1:
        return usual[0]
    raise UsageError(f"The database does not know {written.text}: neither {' nor '.join(map(str, usual))}.")


def _either(keys: list[PageKey]) -> str:
    return f"{', '.join(map(str, keys[:-1]))} or {keys[-1]}"


def _whole_key(text: str) -> PageKey | None:
    """Return the key that a text is."""
    from armcrawl.sites import PageKey, known_sites
    from armcrawl.sites.site import NAME

    name, _, rest = text.strip("/").partition("/")
    section, _, external_id = rest.partition("/")
    site = known_sites().get(name)
    if site is not None:
        return _key_of(site, section, external_id)
    if NAME.fullmatch(name) and NAME.fullmatch(section) and external_id:
        return PageKey(name, section, external_id)  # of a site that is not declared here any more
    return None


def _candidates(text: str) -> Iterator[PageKey]:
    """Yield the keys that a text may be the end of: an id, or a section and an id."""
    from armcrawl.sites import known_sites

    name, _, rest = text.strip("/").partition("/")
    for site in known_sites().values():
        # A page of any host is named by its whole key or its address: every slug looks like a part of one.
        for section in () if site.is_any else site.sections:
            key = _key_of(site, section.name, rest if rest and name == section.name else text)
            if key is not None:
                yield key


def _key_of(site: Site, section: str, external_id: str) -> PageKey | None:
    """Return the key of an id in a section, if that may have such; leading zeros of a number do not matter."""
    from armcrawl.sites import PageKey

    if not external_id or section not in [known.name for known in site.sections]:
        return None
    if site.is_any:
        return site.identify(f"https://{external_id}")
    pattern = site.section(section).patterns[0]
    if pattern.kind != "id:int":
        return PageKey(site.name, section, external_id) if pattern.is_id(external_id) else None
    key = PageKey(site.name, section, external_id.lstrip("0"))
    return None if key.number is None else key


def _mirrored(engine: Engine, address: str) -> Iterator[PageKey]:
    """Yield the pages that an address names on a server that filled the database or on this machine, or as added."""
    from armcrawl.crawling.downloading.politeness import is_loopback
    from armcrawl.sites import known_sites
    from armcrawl.store.ledger.ledger import known_pages, origins_of

    for site in known_sites().values():
        if site.is_any:
            yield from known_pages(engine, [key] if (key := site.identify(address)) is not None else [])
            continue
        servers = [name for name in origins_of(engine, site.name) if "://" in name]
        if is_loopback(address):
            servers.append("/".join(address.split("/")[:3]))
        found = (_page_behind(site, server, address) for server in servers)
        yield from dict.fromkeys(key for key in found if key is not None)


def _page_behind(site: Site, server: str, address: str) -> PageKey | None:
    from armcrawl.sites import Origin

    try:
        return site.identify(Origin.of(site, server).to_site(address))
    except ValueError:
        return None

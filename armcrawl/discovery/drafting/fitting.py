"""Whether a declaration still fits: what a look at the site shows, held against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.discovery.drafting.judging import plain
from armcrawl.discovery.drafting.survey import Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.discovery.drafting.survey import Survey
    from armcrawl.sites import Site


@dataclass(frozen=True, slots=True)
class Fit:
    """How many articles of each section were seen, how many that were looked at read as such, and what does not fit.

    `unjudged` is what could not be told, as nothing that would show it was looked at.
    """

    seen: dict[str, int]
    right: dict[str, int]
    misfits: list[str]
    unjudged: list[str]


def named_by(site: Site) -> Named:
    """Return the feeds, sitemaps and listings that a declaration names."""
    named: dict[str, list[str]] = {"feed": [], "sitemap": [], "listing": []}
    for discovery in site.discoveries:
        paths = discovery.options.get("start", [])
        if discovery.kind == "listing" and not paths:
            sections = [section for section in site.sections if section.name in (discovery.sections or [section.name])]
            paths = [section.listing for section in sections if section.listing]
        named.get(discovery.kind, []).extend(site.home + path.lstrip("/") for path in paths)
    return Named(named["feed"], named["sitemap"], named["listing"])


def fit_of(site: Site, survey: Survey) -> Fit:
    """Return how a declaration fits to what was seen of its site."""
    seen: Counter[str] = Counter()
    for family in survey.families.by_shape.values():
        for path in family.shown | family.titled | family.mapped:
            if (key := site.identify(family.addresses[path])) is not None:
                seen[key.section] += 1
    right: Counter[str] = Counter()
    for page in survey.looked:
        if (key := site.identify(page.address)) is not None and page.is_dated:
            right[key.section] += 1
    names = [section.name for section in site.sections]
    unseen = [section for section in site.sections if not seen[section.name]]
    looked = {plain(page.address) for page in survey.lists}
    missing = [one for one in unseen if one.listing and plain(site.home + one.listing.lstrip("/")) in looked]
    misfits = [
        *_unreadable(site, survey),
        *(f"no address of section {one.name} was seen ({', '.join(one.addresses)})" for one in missing),
        *_untaken(site, survey),
        *_taken(site, survey),
        *_unreached(site, survey),
    ]
    unjudged = [f"nothing that would show section {one.name} was looked at" for one in unseen if one not in missing]
    return Fit({name: seen[name] for name in names}, {name: right[name] for name in names}, misfits, unjudged)


def _unreadable(site: Site, survey: Survey) -> Iterator[str]:
    """Yield what the declaration names, and could not be read."""
    named = named_by(site)
    for address in (*named.feeds, *named.sitemaps, *named.listings):
        if address in survey.failures:
            yield f"{address} cannot be read: {survey.failures[address]}"


def _untaken(site: Site, survey: Survey) -> Iterator[str]:
    """Yield what is announced as articles, and no section takes."""
    for family in survey.families.articles():
        untaken = [path for path in sorted(family.shown) if site.identify(family.addresses[path]) is None]
        if untaken:
            text = family.shape.text(list(family.stems.values()))
            yield f"articles of the form {text} are in no section: {untaken[0]}{_and_more(len(untaken) - 1)}"


def _and_more(number: int) -> str:
    return f" and {number} more" if number else ""


def _taken(site: Site, survey: Survey) -> Iterator[str]:
    """Yield what a section takes, and is no article."""
    for family in survey.families.by_shape.values():
        wrong = {path: f"reads as no article ({said})" for path, said in family.wrong.items()}
        wrong |= dict.fromkeys(family.in_menus, "is in the menu of every page")
        for path, said in sorted(wrong.items()):
            key = site.identify(family.addresses[path])
            if key is not None:
                yield f"section {key.section} takes {plain(family.addresses[path])}, which {said}"


def _unreached(site: Site, survey: Survey) -> Iterator[str]:
    """Yield the pages with articles that no declared source shows, where all of these were read to their end."""
    kinds = {discovery.kind for discovery in site.discoveries}
    starts = {plain(address) for address in named_by(site).listings}
    pages = {plain(page.address): page for page in survey.lists}
    if kinds - {"listing", "feed"} or not starts <= pages.keys() or any(pages[one].further.address for one in starts):
        return
    reached = {plain(link.address) for start in starts for link in pages[start].links}
    reached |= {plain(address) for feed in survey.feeds for address in feed.entries}
    for path, page in pages.items():
        missing = {plain(link.address) for link in page.links if site.identify(link.address) is not None} - reached
        if missing:
            reached |= missing
            yield f"{_some(len(missing))} only on {path}: write it under [[discovery]], start = [...]"


def _some(number: int) -> str:
    return "1 article is" if number == 1 else f"{number} articles are"

"""Whether a declaration still fits: what a look at the site shows, held against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.discovery.drafting.judging import plain
from armcrawl.discovery.drafting.survey import Starts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.discovery.drafting.survey import Survey
    from armcrawl.sites import Site


@dataclass(frozen=True, slots=True)
class Fit:
    """How many articles of each section were seen, how many that were looked at read as such, and what does not fit."""

    seen: dict[str, int]
    right: dict[str, int]
    misfits: list[str]


def starts_of(site: Site) -> Starts:
    """Return the feeds, sitemaps and listings that a declaration names."""
    named: dict[str, list[str]] = {"feed": [], "sitemap": [], "listing": []}
    for discovery in site.discoveries:
        paths = discovery.options.get("start", [])
        if discovery.kind == "listing" and not paths:
            sections = [section for section in site.sections if section.name in (discovery.sections or [section.name])]
            paths = [section.listing for section in sections if section.listing]
        named.get(discovery.kind, []).extend(site.home + path.lstrip("/") for path in paths)
    return Starts(named["feed"], named["sitemap"], named["listing"])


def fit_of(site: Site, survey: Survey) -> Fit:
    """Return how a declaration fits to what was seen of its site."""
    seen: Counter[str] = Counter()
    for family in survey.families.by_shape.values():
        for path in family.shown | family.titled | family.listed:
            if (key := site.identify(family.addresses[path])) is not None:
                seen[key.section] += 1
    right: Counter[str] = Counter()
    for page in survey.looked:
        if (key := site.identify(page.address)) is not None and page.is_dated:
            right[key.section] += 1
    names = [section.name for section in site.sections]
    misfits = [*_unreadable(survey), *_unseen(site, seen), *_untaken(site, survey), *_taken(site, survey)]
    return Fit({name: seen[name] for name in names}, {name: right[name] for name in names}, misfits)


def _unreadable(survey: Survey) -> Iterator[str]:
    for address, said in survey.failures.items():
        yield f"{address} cannot be read: {said}"


def _unseen(site: Site, seen: Counter[str]) -> Iterator[str]:
    for section in site.sections:
        if not seen[section.name]:
            yield f"no address of section {section.name} was seen ({', '.join(section.addresses)})"


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
        wrong |= dict.fromkeys(family.on_all_pages, "is in the menu of every page")
        for path, said in sorted(wrong.items()):
            key = site.identify(family.addresses[path])
            if key is not None:
                yield f"section {key.section} takes {plain(family.addresses[path])}, which {said}"

"""How the articles of a draft are found: the pages that list them, sitemaps, feeds, ids that are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from armcrawl.discovery.drafting.judging import MIN_ANNOUNCED, holds_articles, plain
from armcrawl.sites.addresses import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.discovery.drafting.judging import Family
    from armcrawl.discovery.drafting.looks import PageSeen, SitemapSeen
    from armcrawl.discovery.drafting.sections import SectionDraft
    from armcrawl.discovery.drafting.survey import Survey

# A sitemap that lacks more than one in ten of what is announced was made once, or is of another part of the site; some
# are made by night, and lack the newest.
COVERED = 0.9
# Of the ids between the oldest and the newest on a page of a listing: then counting asks for few that are missing.
MIN_DENSITY = 0.5


@dataclass(slots=True)
class SourceDraft:
    """A kind of discovery with its options, and what it shows of the articles that are known."""

    kind: str
    options: dict[str, str | list[str]] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    said: str = ""


def find_listings(section: SectionDraft, survey: Survey) -> None:
    """Find the page that lists a section, or those that list one of its folders each."""
    own = [family.shape.folder for family in section.families]
    linked = _linked([_common(own)], survey) or _linked(own, survey)
    folders = {family.shape.folder for family in survey.families.articles()} - {"/"}
    pages = (survey.home, *survey.listings)
    streams = [page for page in pages if plain(page.address) not in folders and _lists(page, section, survey)]
    best = max(streams, key=lambda page: _rank(page, section, survey), default=None)
    if best is not None and (best.further.address is not None or not linked):
        section.listings = [path_with_query(best.address)]
    else:
        section.listings = linked
    read = {path_with_query(page.address) for page in survey.lists}
    if read.issuperset(section.listings) and not _goes_on(section, survey):
        section.listings += _lacking(section, survey)
    if section.listings and section.listings != ["/"]:
        texts = [link.text for link in survey.home.links if path_with_query(link.address) == section.listings[0]]
        section.title = next((text for text in texts if text), None)


def _lists(page: PageSeen, section: SectionDraft, survey: Survey) -> bool:
    """Tell whether a page lists articles of a section, and is no further page of another list."""
    is_further = any(page.address == other.further.address for other in survey.lists)
    is_none = section.takes(plain(page.address)) and page.outcome == "article"
    headlines = sum(_headlines(page, section.families))
    return not is_further and not is_none and headlines >= min(MIN_ANNOUNCED, len(section.known)) > 0


def _rank(page: PageSeen, section: SectionDraft, survey: Survey) -> tuple[int, bool, int, bool]:
    """Return how well a page lists a section: all of its folders, going on, and many; the home page comes last."""
    headlines = _headlines(page, section.families)
    return sum(map(bool, headlines)), page.further.address is not None, sum(headlines), page is not survey.home


def _headlines(page: PageSeen, families: Sequence[Family]) -> list[int]:
    shown = {plain(link.address) for link in page.links if not link.is_furniture}
    return [len(shown & (family.titled | family.dated)) for family in families]


def _lacking(section: SectionDraft, survey: Survey) -> list[str]:
    """Return the pages that show articles which a section's listings do not, those with most of them first."""
    shown = {path_with_query(page.address): _articles_on(page, section) for page in survey.lists}
    reached = set().union(*(shown.get(path, set()) for path in section.listings))
    found: list[str] = []
    while True:
        path = max(shown, key=lambda one: (len(shown[one] - reached), one))
        if not shown[path] - reached:
            return found
        found.append(path)
        reached |= shown[path]


def _articles_on(page: PageSeen, section: SectionDraft) -> set[str]:
    return {plain(link.address) for link in page.links} & section.known


def _common(folders: Sequence[str]) -> str:
    """Return the folder that some folders are in."""
    parts = zip(*(folder.split("/") for folder in folders), strict=False)
    return "/".join(one[0] for one in takewhile(lambda one: len(set(one)) == 1, parts))


def _linked(folders: Sequence[str], survey: Survey) -> list[str]:
    """Return the paths of folders that pages link to, and that could be read if they were looked at."""
    failed = {plain(address) for address in survey.failures}
    pages = (*survey.lists, *survey.looked)
    linked = [link.address for page in reversed(pages) for link in page.links]
    found = {
        plain(address): path_with_query(address) for address in (*linked, *(page.address for page in survey.lists))
    }
    return [found[folder] for folder in dict.fromkeys(folders) if folder in found.keys() - failed - {"", "/"}]


def sources_of(sections: Sequence[SectionDraft], survey: Survey) -> list[SourceDraft]:
    """Return the kinds of discovery that show the articles: what goes on to the end first, and feeds for the nights."""
    mapped = [section for section in sections if _is_mapped(section, sections, survey)]
    counted = [one for one in sections if one not in mapped and not _goes_on(one, survey) and _is_dense(one, survey)]
    listed = [
        section
        for section in sections
        if section.listings and section not in counted and (section not in mapped or _goes_on(section, survey))
    ]
    sources = [_sitemap(mapped, sections, survey)] if mapped else []
    if listed:
        sources.append(_listing(listed, sections, survey))
    known = set().union(*(section.known for section in sections))
    for feed in survey.feeds:
        shown = {plain(address) for address in feed.entries} & known
        if shown:
            said = f"shows {len(shown)} of the {len(known)} articles that were seen"
            sources.append(SourceDraft("feed", {"start": [path_with_query(feed.address)]}, said=said))
    if counted:
        said = "ids rise with time, and few are missing"
        sources.append(SourceDraft("counted", sections=_names(counted, sections), said=said))
    return sources


def unlisted(sections: Sequence[SectionDraft], sources: Sequence[SourceDraft]) -> list[str]:
    """Return the names of the sections of which nothing but feeds shows articles."""
    whole = [source for source in sources if source.kind != "feed"]
    return [
        section.name
        for section in sections
        if not any(not source.sections or section.name in source.sections for source in whole)
    ]


def _names(some: Sequence[SectionDraft], sections: Sequence[SectionDraft]) -> list[str]:
    """Return the names of some sections; none if they are all."""
    return [section.name for section in some] if len(some) < len(sections) else []


def _listing(listed: Sequence[SectionDraft], sections: Sequence[SectionDraft], survey: Survey) -> SourceDraft:
    further = {path_with_query(page.address): page.further.address for page in survey.lists}
    paths = list(dict.fromkeys(path for section in listed for path in section.listings))
    said = [
        f"{path} goes on to {path_with_query(address)}"
        if (address := further.get(path))
        else f"{path} was not seen to go on"
        for path in paths
    ]
    # One page for a section is its `listing`; more are named.
    options: dict[str, str | list[str]] = {"start": paths} if any(len(one.listings) > 1 for one in listed) else {}
    return SourceDraft("listing", options, _names(listed, sections), "; ".join(said))


def _goes_on(section: SectionDraft, survey: Survey) -> bool:
    further = {path_with_query(page.address): page.further.address for page in survey.lists}
    return any(further.get(path) is not None for path in section.listings)


def _is_mapped(section: SectionDraft, sections: Sequence[SectionDraft], survey: Survey) -> bool:
    """Tell whether sitemaps show the articles of a section that are announced elsewhere."""
    announced = set().union(*(family.fed | family.dated for family in section.families))
    shown = _shown(_files_of_articles(sections, survey)) & section.mentioned
    return bool(shown) and len(shown & announced) >= COVERED * len(announced)


def _files_of_articles(sections: Sequence[SectionDraft], survey: Survey) -> list[SitemapSeen]:
    """Return the sitemaps that show articles; where these stand at the root, only those that have nothing else."""
    mentioned = set().union(*(section.mentioned for section in sections))
    files = [file for file in survey.sitemaps if _shown([file]) & mentioned]
    is_flat = any(section.is_flat for section in sections)
    return [file for file in files if holds_articles(file.address)] if is_flat else files


def _sitemap(mapped: Sequence[SectionDraft], sections: Sequence[SectionDraft], survey: Survey) -> SourceDraft:
    led_to = {address for file in survey.sitemaps for address, _ in file.files}
    files = _files_of_articles(sections, survey)
    is_led_to = any(file.address in led_to for file in files)
    starts = [
        path_with_query(file.address)
        for file in survey.sitemaps
        if file.address not in led_to and (file in files or (file.files and is_led_to))
    ]
    options: dict[str, str | list[str]] = {"start": starts}
    if any(section.is_flat for section in sections) and files[0].address in led_to:
        options["files"] = _files(files[0])
    shown = _shown(files) & set().union(*(section.mentioned for section in mapped))
    return SourceDraft("sitemap", options, _names(mapped, sections), f"shows {len(shown)} articles")


def _shown(files: Sequence[SitemapSeen]) -> set[str]:
    return {plain(address) for file in files for address in file.pages}


def _files(file: SitemapSeen) -> str:
    """Return the form of the names of an index's files of articles: with any number, wherever the name may have one."""
    folder, _, name = (path_of(file.address) or "").rpartition("/")
    form = re.sub(r"\d+(?=\D*$)", "*", name)
    if form == name:
        stem, dot, rest = name.partition(".")
        form = f"{stem}*{dot}{rest}"
    return f"{folder}/{form}"


def _is_dense(section: SectionDraft, survey: Survey) -> bool:
    """Tell whether a section's ids are numbers of which few are missing, and a list does not show them all."""
    tried = {family.has_lower for family in section.families}
    if not all("{id:int}" in text for text in section.patterns) or tried == {False}:
        return False
    if True in tried:
        return True
    shown = {plain(link.address) for page in survey.lists for link in page.links} & section.known
    found = {number for path in shown for family in section.families if (number := _id(family.stems.get(path, "")))}
    return len(found) >= MIN_ANNOUNCED and len(found) >= MIN_DENSITY * (max(found) - min(found) + 1)


def _id(stem: str) -> int:
    found = re.search(r"\d{1,18}", stem)
    return int(found[0]) if found else 0


def path_with_query(address: str) -> str:
    """Return the path of an address with its query, as a declaration has it."""
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

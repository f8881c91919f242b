"""What was seen becomes sections, ways to find their articles, and what must be left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slugify import slugify

from armcrawl.discovery.drafting.judging import (
    MIN_ANNOUNCED,
    MIN_HEADLINE_WORDS,
    holds_articles,
    is_of_others,
    plain,
)
from armcrawl.sites import host_of
from armcrawl.sites.addresses import path_of
from armcrawl.sites.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.discovery.drafting.judging import Family
    from armcrawl.discovery.drafting.looks import PageSeen, SitemapSeen
    from armcrawl.discovery.drafting.shapes import Shape
    from armcrawl.discovery.drafting.survey import Survey

# Folders of one rubric each: so many of one making are a rule of the site, and it may have more of them; below one
# folder fewer are enough.
MIN_RUBRICS, MIN_RUBRICS_BELOW = 3, 2
# A source that shows so much of what all others show is as good as whole.
COVERED = 0.9
# Of the ids between the oldest and the newest on a page of a listing: then counting asks for few that are missing.
MIN_DENSITY = 0.5
# Canonical zones of Russia by their distance from Greenwich.
ZONES = {
    "+0200": "Europe/Kaliningrad", "+0300": "Europe/Moscow", "+0400": "Europe/Samara", "+0500": "Asia/Yekaterinburg",
    "+0600": "Asia/Omsk", "+0700": "Asia/Novosibirsk", "+0800": "Asia/Irkutsk", "+0900": "Asia/Yakutsk",
    "+1000": "Asia/Vladivostok", "+1100": "Asia/Magadan", "+1200": "Asia/Kamchatka",
}  # fmt: skip
USUAL_ZONE = "Europe/Moscow"
MAX_NAME_LENGTH = 40
TITLE_PARTS = re.compile(r"\s+(?:[|—–»/·•-]|::)\s+")


@dataclass(slots=True)
class SectionDraft:
    """A section, and how sure it is: how many articles are known, and how many of those looked at were right."""

    name: str
    patterns: list[str]
    families: list[Family]
    title: str | None = None
    listing: str | None = None
    is_counted: bool = False

    @property
    def known(self) -> set[str]:
        """The paths of its articles, as far as something shows them."""
        return set().union(*(family.shown | family.titled for family in self.families))

    @property
    def mentioned(self) -> set[str]:
        """All paths of its shape that were seen."""
        return set().union(*(family.stems.keys() for family in self.families))

    def takes(self, path: str) -> bool:
        """Tell whether it would take a page for its article."""
        name, _, query = path.partition("?")
        return any(pattern(text).match(name, query) is not None for text in self.patterns)


@dataclass(slots=True)
class SourceDraft:
    """A kind of discovery with its options, and what it shows of the articles that are known."""

    kind: str
    options: dict[str, str | list[str]] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    said: str = ""


@dataclass(slots=True)
class Draft:
    """A declaration, with what speaks for it; `left_out` are kinds of pages that were not taken, and why."""

    name: str
    host: str
    base_url: str | None
    title: str
    zone: str
    is_zone_told: bool
    sections: list[SectionDraft]
    sources: list[SourceDraft]
    exclude: list[str]
    left_out: list[str]


def draft_of(survey: Survey, name: str, server: str) -> Draft:
    """Return the draft for what was seen on a server; it has no sections where nothing reads as an article."""
    host = host_of(survey.home.address)
    sections = _sections(survey)
    for section in sections:
        _find_listing(section, survey)
    offsets = Counter(
        offset for offset in (*(one.offset for one in survey.feeds), *(one.offset for one in survey.looked)) if offset
    )
    zone = next((ZONES[offset] for offset, _ in offsets.most_common() if offset in ZONES), None)
    exclude = _excluded(sections, survey)
    return Draft(
        name,
        host,
        None if server == f"https://{host}" else server,
        _title(survey),
        zone or USUAL_ZONE,
        zone is not None,
        sections,
        _sources(sections, survey),
        exclude,
        _left_out(sections, survey),
    )


def _sections(survey: Survey) -> list[SectionDraft]:
    """Return the sections: families of numbers each their own, those of one stream of news together."""
    families = survey.families.articles()
    streams = _streams(survey)
    groups: list[list[Family]] = []
    for family in families:
        group = next((group for group in groups if _is_one(group, family, streams)), None)
        if group is None:
            groups.append([family])
        else:
            group.append(family)
    names: Counter[str] = Counter()
    sections = []
    for group in groups:
        texts = _patterns(group)
        name = _name(group)
        names[name] += 1
        sections.append(SectionDraft(name if names[name] == 1 else f"{name}-{names[name]}", texts, group))
    # What is declared first is tried first.
    return sorted(sections, key=lambda one: any(family.shape.is_flat for family in one.families))


def _streams(survey: Survey) -> list[set[str]]:
    """Return what single sources show together: a feed, a file of articles, a listing; a home page if it goes on."""
    shown = [{plain(address) for address in feed.entries} for feed in survey.feeds]
    shown += [{plain(one) for one in file.pages} for file in survey.sitemaps if holds_articles(file.address)]
    shown += [{plain(link.address) for link in page.links if link.day is not None} for page in survey.listings]
    if survey.home.further.address is not None:
        shown.append({plain(link.address) for link in survey.home.links if link.words >= MIN_HEADLINE_WORDS})
    return shown


def _is_one(group: Sequence[Family], other: Family, streams: Sequence[set[str]]) -> bool:
    """Tell whether a family belongs to a section: made by the same rule, below one folder or in one stream of news."""
    first = group[0]
    if first.shape.tail != other.shape.tail:
        return False
    if first.shape.words[:1] == other.shape.words[:1] and len(first.shape.words) > 1 < len(other.shape.words):
        return True
    mine = set().union(*(family.stems for family in group))
    return first.shape.stem != "{id:int}" and any(stream & mine and stream & set(other.stems) for stream in streams)


def _stems(families: Iterable[Family]) -> list[str]:
    return [
        stem for family in families for path, stem in family.stems.items() if path in family.shown or not family.shown
    ]


def _patterns(group: list[Family]) -> list[str]:
    """Return the patterns of a section: one for each folder, or with `{rubric}` behind a folder that all have."""
    stems = _stems(group)
    texts: list[str] = []
    by_parent: dict[tuple[str, ...], list[Shape]] = {}
    for family in group:
        by_parent.setdefault(family.shape.folders[:-1], []).append(family.shape)
    for parent, shapes in by_parent.items():
        has_words = all(shape.folders and not shape.folders[-1].startswith("{") for shape in shapes)
        is_sure = bool(parent) or "{id:int}" in shapes[0].text(stems)
        if has_words and is_sure and len(shapes) >= (MIN_RUBRICS_BELOW if parent else MIN_RUBRICS):
            texts.append(shapes[0].text(stems, (*parent, "{rubric}")))
        else:
            texts += [shape.text(stems) for shape in shapes]
    slashed = sum(len(family.slashed) for family in group) * 2 > sum(len(family.stems) for family in group)
    return [f"{text}/" if slashed and "?" not in text else text for text in dict.fromkeys(texts)]


def _name(group: list[Family]) -> str:
    firsts = {family.shape.words[0] for family in group if family.shape.words}
    word = firsts.pop() if len(firsts) == 1 else ""
    name = slugify(word.partition(".")[0], max_length=MAX_NAME_LENGTH)
    return name if re.match(r"[a-z]", name) else "articles"


def _find_listing(section: SectionDraft, survey: Survey) -> None:
    """Find the page that lists most of a section: all of its folders, more headlines, and where it goes on."""
    ranked: list[tuple[int, bool, int, PageSeen]] = []
    further = {page.further.address for page in survey.lists}
    for page in (*survey.listings, survey.home):
        if page.address in further:
            continue
        shown = {plain(link.address) for link in page.links if not link.is_furniture}
        headlines = [len(shown & (family.titled | family.dated)) for family in section.families]
        is_own = not section.takes(plain(page.address)) or _is_flat(section)
        if is_own and sum(headlines) >= min(MIN_ANNOUNCED, len(section.known)) > 0:
            goes_on = page.further.address is not None
            ranked.append((sum(map(bool, headlines)), goes_on, sum(headlines), page))
    # Of two that show as much, the section's own, which was found first, rather than the home page.
    best = max(ranked, key=lambda one: one[:3])[3].address if ranked else None
    if best is None or best == survey.home.address:
        best = _folder_of(section, survey) or best
    if best is not None:
        section.listing = _path(best)
        texts = [link.text for link in survey.home.links if plain(link.address) == plain(best)]
        section.title = next((text for text in texts if text), None) if section.listing != "/" else None


def _folder_of(section: SectionDraft, survey: Survey) -> str | None:
    """Return the address of the folder that all articles of a section are in, if it is linked to, and was not read."""
    words = {family.shape.words[0] for family in section.families if family.shape.words}
    folder = f"/{words.pop()}" if len(words) == 1 else None
    read = {plain(page.address) for page in survey.lists} | {plain(address) for address in survey.failures}
    pages = (link.address for page in (*survey.lists, *survey.looked) for link in page.links)
    return next(
        (one for one in pages if plain(one) == folder and folder not in read and not section.takes(folder)), None
    )


def _is_flat(section: SectionDraft) -> bool:
    return any(family.shape.is_flat for family in section.families)


def _path(address: str) -> str:
    """Return the path of an address with its query, as a declaration has it."""
    query = address.partition("#")[0].partition("?")[2]
    return (path_of(address) or "/") + (f"?{query}" if query else "")


def _excluded(sections: Sequence[SectionDraft], survey: Survey) -> list[str]:
    """Return the pages that a pattern would take although nothing announces them, or that read as something else."""
    found: set[str] = set()
    listings = {plain(section.listing) for section in sections if section.listing}
    for section in sections:
        for family in section.families:
            wrong = {path for path, said in family.wrong.items() if not said.startswith("status")}
            others = {plain(one) for file in survey.sitemaps if is_of_others(file.address) for one in file.pages}
            found |= (family.on_all_pages | wrong | (others & set(family.stems))) - family.shown
    found |= {path for path in listings if path != "/" and any(section.takes(path) for section in sections)}
    return sorted(path for path in found if path != "/" and "?" not in path)


def _sources(sections: Sequence[SectionDraft], survey: Survey) -> list[SourceDraft]:
    """Return the kinds of discovery that show the articles."""
    sources: list[SourceDraft] = []
    known = set().union(*(section.known for section in sections)) if sections else set()
    sitemap = _sitemap(sections, survey)
    if sitemap is not None:
        sources.append(sitemap)
    listed = [section for section in sections if section.listing is not None]
    going_on = [section for section in listed if _further(section, survey) is not None]
    for section in sections:
        section.is_counted = sitemap is None and section not in going_on and _is_dense(section, survey)
    wanted = [section for section in listed if not section.is_counted and (section in going_on or sitemap is None)]
    if wanted:
        names = [section.name for section in wanted] if len(wanted) < len(sections) else []
        said = "; ".join(
            f"{section.listing} goes on to {_path(further)}"
            if (further := _further(section, survey))
            else f"{section.listing} was not seen to go on"
            for section in wanted
        )
        sources.append(SourceDraft("listing", sections=names, said=said))
    for feed in survey.feeds:
        shown = {plain(address) for address in feed.entries} & known
        if shown:
            said = f"shows {len(shown)} of the {len(known)} articles that were seen"
            sources.append(SourceDraft("feed", {"start": [_path(feed.address)]}, said=said))
    counted = [section for section in sections if section.is_counted]
    if counted:
        names = [section.name for section in counted] if len(counted) < len(sections) else []
        sources.append(SourceDraft("counted", sections=names, said="ids rise with time, and few are missing"))
    return sources


def _further(section: SectionDraft, survey: Survey) -> str | None:
    """Return where a section's listing goes on."""
    found = (page.further.address for page in survey.lists if _path(page.address) == section.listing)
    return next(found, None)


def _sitemap(sections: Sequence[SectionDraft], survey: Survey) -> SourceDraft | None:
    """Return the sitemap if it shows the articles, of sites with flat addresses only where a file has nothing else."""
    index = next((file for file in survey.sitemaps if file.files), None)
    files = [file for file in survey.sitemaps if file.pages]
    shown = {plain(address) for file in files for address in file.pages}
    announced = set().union(*(family.fed | family.dated for section in sections for family in section.families), set())
    if not shown or len(shown & announced) < COVERED * len(announced):
        return None
    count = sum(len(shown & section.mentioned) for section in sections)
    said = f"shows {count} articles, {len(shown & announced)} of {len(announced)} that are announced elsewhere"
    start = [_path((index or files[0]).address)]
    if not any(map(_is_flat, sections)):
        return SourceDraft("sitemap", {"start": start}, said=said)
    of_posts = [file for file in files if holds_articles(file.address)]
    posted = {plain(one) for file in of_posts for one in file.pages}
    if not of_posts or len(posted & announced) < COVERED * len(announced):
        return None
    options: dict[str, str | list[str]] = {"start": start}
    if index is not None:
        options["files"] = _files(of_posts[0])
    return SourceDraft("sitemap", options, said=f"{said}; its other files list other pages")


def _files(file: SitemapSeen) -> str:
    """Return the form of the names of an index's files of articles: with any number, wherever the name may have one."""
    folder, _, name = (path_of(file.address) or "").rpartition("/")
    form = re.sub(r"\d+(?=\D*$)", "*", name)
    if form == name:
        stem, dot, rest = name.partition(".")
        form = f"{stem}*{dot}{rest}"
    return f"{folder}/{form}"


def _is_dense(section: SectionDraft, survey: Survey) -> bool:
    """Tell whether a section's ids are numbers of which few are missing."""
    if not all("{id:int}" in text for text in section.patterns):
        return False
    shown = {plain(link.address) for page in survey.lists for link in page.links} & section.known
    found = {number for path in shown for family in section.families if (number := _id(family.stems.get(path, "")))}
    return len(found) >= MIN_ANNOUNCED and len(found) >= MIN_DENSITY * (max(found) - min(found) + 1)


def _id(stem: str) -> int:
    found = re.search(r"\d{1,18}", stem)
    return int(found[0]) if found else 0


def _title(survey: Survey) -> str:
    """Return the name of the site: what its pages declare, its feed's, or a part of the home page's title."""
    if survey.home.site_name:
        return survey.home.site_name
    feed = next((feed.title for feed in survey.feeds if feed.title), "")
    parts = TITLE_PARTS.split(survey.home.title)
    common = [part for part in parts if any(part and part in page.title for page in survey.looked)]
    return next((part for part in (*common, feed, *parts) if part), "")


def _left_out(sections: Sequence[SectionDraft], survey: Survey) -> list[str]:
    """Return in words which kinds of pages with something for them are in no section."""
    taken = {id(family) for section in sections for family in section.families}
    found = []
    for family in survey.families.by_shape.values():
        if id(family) in taken or len(family.stems) < MIN_ANNOUNCED:
            continue
        why = next(iter(family.wrong.values()), None) or (
            "by its name" if family.is_service else "nothing announces it"
        )
        found.append(
            (len(family.stems), f"{family.shape.text(list(family.stems.values()))}: {len(family.stems)} pages ({why})")
        )
    return [text for _, text in sorted(found, key=lambda one: (-one[0], one[1]))[:10]]

"""A draft of a declaration: what was seen becomes its sections, its ways to find articles, its title and its zone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.discovery.drafting.judging import MIN_ANNOUNCED
from armcrawl.discovery.drafting.sections import excluded, sections_of
from armcrawl.discovery.drafting.sourcing import find_listings, path_with_query, sources_of, unlisted
from armcrawl.sites import host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from armcrawl.discovery.drafting.judging import Family
    from armcrawl.discovery.drafting.sections import SectionDraft
    from armcrawl.discovery.drafting.sourcing import SourceDraft
    from armcrawl.discovery.drafting.survey import Survey

# Canonical zones of Russia by their distance from Greenwich.
ZONES = {
    "+0200": "Europe/Kaliningrad", "+0300": "Europe/Moscow", "+0400": "Europe/Samara", "+0500": "Asia/Yekaterinburg",
    "+0600": "Asia/Omsk", "+0700": "Asia/Novosibirsk", "+0800": "Asia/Irkutsk", "+0900": "Asia/Yakutsk",
    "+1000": "Asia/Vladivostok", "+1100": "Asia/Magadan", "+1200": "Asia/Kamchatka",
}  # fmt: skip
# Of many kinds of pages a person reads the largest.
MAX_LEFT_OUT = 10
USUAL_ZONE = "Europe/Moscow"
TITLE_PARTS = re.compile(r"\s+(?:[|—–»/·•-]|::)\s+")


@dataclass(slots=True)
class Draft:
    """A declaration, with what speaks for it.

    `left_out` are kinds of pages that were not taken, and why; `doubts` what a person should look at.
    """

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
    doubts: list[str]


def draft_of(survey: Survey, name: str, server: str) -> Draft:
    """Return the draft for what was seen on a server; it has no sections where nothing reads as an article."""
    host = host_of(survey.home.address)
    sections = sections_of(survey)
    for section in sections:
        find_listings(section, survey)
    offsets = Counter(
        offset for offset in (*(one.offset for one in survey.feeds), *(one.offset for one in survey.looked)) if offset
    )
    zone = next((ZONES[offset] for offset, _ in offsets.most_common() if offset in ZONES), None)
    exclude, sources = excluded(sections, survey), sources_of(sections, survey)
    return Draft(
        name,
        host,
        None if server == f"https://{host}" else server,
        _title(survey),
        zone or USUAL_ZONE,
        zone is not None,
        sections,
        sources,
        exclude,
        _left_out(sections, survey),
        _doubts(sections, sources, survey, host, server),
    )


def _doubts(
    sections: Sequence[SectionDraft], sources: Sequence[SourceDraft], survey: Survey, host: str, server: str
) -> list[str]:
    """Return what is not sure of a draft."""
    doubts = [
        f"nothing was seen that lists all articles of section {name}: only what a feed shows will be found"
        for name in unlisted(sections, sources)
    ]
    if survey.sitemaps and not any(source.kind == "sitemap" for source in sources):
        names = ", ".join(path_with_query(file.address) for file in survey.sitemaps)
        doubts.append(f"{names} has other pages beside the articles, or lacks some, and is not read")
    if host_of(server) != host:
        doubts.append(f"{host_of(server)} was asked, and calls itself {host}: articles are stored with that host")
    return doubts


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
        if id(family) in taken or (len(family.stems) < MIN_ANNOUNCED and not family.titled):
            continue
        why = next(iter(family.wrong.values()), None) or _why_not(family)
        found.append(
            (len(family.stems), f"{family.shape.text(list(family.stems.values()))}: {len(family.stems)} pages ({why})")
        )
    return [text for _, text in sorted(found, key=lambda one: (-one[0], one[1]))[:MAX_LEFT_OUT]]


def _why_not(family: Family) -> str:
    if family.is_service:
        return "by its name"
    return "not looked at" if family.promise else "nothing announces it"

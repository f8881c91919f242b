"""Families of addresses become sections: what their articles' addresses are like, and what must be left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from slugify import slugify

from armcrawl.discovery.drafting.judging import MIN_HEADLINE_WORDS, holds_articles, is_of_others, plain
from armcrawl.sites.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from armcrawl.discovery.drafting.judging import Family
    from armcrawl.discovery.drafting.shapes import Shape
    from armcrawl.discovery.drafting.survey import Survey

# Folders of one rubric each: so many of one making are a rule of the site, and it may have more of them; below one
# folder fewer are enough.
MIN_RUBRICS, MIN_RUBRICS_BELOW = 3, 2
MAX_NAME_LENGTH = 40


@dataclass(slots=True)
class SectionDraft:
    """A section: the patterns of its addresses, the families that they take, and the pages that list them."""

    name: str
    patterns: list[str]
    families: list[Family]
    key: str | None = None
    title: str | None = None
    listings: list[str] = field(default_factory=list)

    @property
    def known(self) -> set[str]:
        """The paths of its articles, as far as something shows them."""
        return set().union(*(family.shown | family.titled for family in self.families))

    @property
    def is_flat(self) -> bool:
        """Whether its articles stand at the root, beside all other kinds of pages."""
        return any(family.shape.is_flat for family in self.families)

    @property
    def mentioned(self) -> set[str]:
        """All paths of its shape that were seen."""
        return set().union(*(family.stems.keys() for family in self.families))

    def takes(self, path: str) -> bool:
        """Tell whether it would take a page for its article."""
        return _id(path, self.patterns) is not None


def sections_of(survey: Survey) -> list[SectionDraft]:
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
        section = SectionDraft(name if names[name] == 1 else f"{name}-{names[name]}", texts, group)
        section.key = _key(section)
        sections.append(section)
    # What is declared first is tried first: `/{slug}` would take `/zavod.html` and `/17` as well.
    return sorted(sections, key=lambda one: (one.is_flat, "{slug}" in one.patterns[0], "." not in one.patterns[0]))


def _id(path: str, patterns: Sequence[str], key: str | None = None) -> str | None:
    """Return the id that some patterns give a page, None if none of them takes it."""
    name, _, query = path.partition("?")
    found = (pattern(text, key).match(name, query) for text in patterns)
    return next((one for one in found if one is not None), None)


def _key(section: SectionDraft) -> str | None:
    """Return the fields that tell a section's articles apart, if the last number or word alone does not."""
    paths = [path for path in section.known if section.takes(path)]
    # Numbers below a day or a month may begin again with each.
    is_of_day = any("{year}" in text and "{id:int}" in text for text in section.patterns)
    if len({_id(path, section.patterns) for path in paths}) == len(paths) and not is_of_day:
        return None
    fields = [set(re.findall(r"\{(\w+)", text)) - {"rubric"} for text in section.patterns]
    named = [name for name in re.findall(r"\{(\w+)", section.patterns[0]) if name in set.intersection(*fields)]
    return "/".join(f"{{{name}}}" for name in named)


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
        is_below = len(shapes[0].words) > 1
        is_sure = is_below or "{id:int}" in shapes[0].text(stems)
        if has_words and is_sure and len(shapes) >= (MIN_RUBRICS_BELOW if is_below else MIN_RUBRICS):
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


def excluded(sections: Sequence[SectionDraft], survey: Survey) -> list[str]:
    """Return the pages that a pattern would take although nothing announces them, or that read as something else."""
    found: set[str] = set()
    known = set().union(*(section.known for section in sections))
    others = {plain(one) for file in survey.sitemaps if is_of_others(file.address) for one in file.pages}
    for family in survey.families.by_shape.values():
        is_taken = any(family in section.families for section in sections)
        none = {path for path in family.stems if any(section.takes(path) for section in sections)} - known
        beginning = f"{family.shape.folder.rstrip('/')}/"
        if is_taken:
            found |= none & (family.in_menus | set(family.wrong) | others)
        elif none and not any(path.startswith(beginning) for path in known):
            found.add(f"{beginning}*")
        else:
            found |= none
    listings = {plain(f"{survey.home.address.rstrip('/')}{path}") for section in sections for path in section.listings}
    found |= {path for path in listings if any(section.takes(path) for section in sections)}
    return sorted(path for path in found if "?" not in path)

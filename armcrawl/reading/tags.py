"""The tags: a group of short links to one address pattern, near the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from armcrawl.addresses import host_of, identify, site_of
from armcrawl.items import Evidence, Tag
from armcrawl.reading.roles import Role
from armcrawl.russian.typography import normal_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.reading.document import Anchor, Line
    from armcrawl.reading.roles import Roles
    from armcrawl.reading.structured import Declared

# The longest tag seen in the trade has under 60 characters; a headline has more.
LONGEST_TAG = 90
MOST_TAGS = 40
# In lines of their own, or behind a label, there may be more; beyond this they are a menu or an index.
MOST_IN_GROUP = 5 * MOST_TAGS
TAG_ADDRESS = re.compile(
    r"(?:^|[/?&_-])(?:tags?|metk[ai]|label|keywords?|teg[i]?|temy?|theme|topic|метк[аи]|тег[и]?)(?:[/=_.-]|$)",
    re.IGNORECASE,
)
INSIDE = re.compile(r"[|•·]\s*(?:Метки|Теги|Тэги|Ключевые слова)\s*:", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s,;|•·#/]+")
LABEL = re.compile(
    r"^\W*(?:Метк[аи]|Тег[иь]?|Тэги?|Ключевые слова|Темы?(?: новости| материала)?|Теги новости)\b\s*:?\s*",
    re.IGNORECASE,
)
# Words shorter than this are in every text.
SHORTEST_WITNESS = 4
# Endings change with the case: what two forms share is the word less three letters.
ENDING = 3
# Some templates set the tags right above the title; what is further up is a menu.
NEAR_TITLE = 3
# What a group of links needs to be believed when nothing but its place speaks for it.
LEAST_SCORE = 2.0


@dataclass(frozen=True, slots=True)
class Group:
    """Links that follow one another and share an address pattern."""

    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    has_label: bool

    @property
    def first(self) -> int:
        """The index of the group's first line."""
        return self.lines[0].index


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags found, and how."""

    tags: tuple[Tag, ...]
    evidence: Evidence | None = None


def tag_groups(roles: Roles) -> list[Group]:
    """Return the groups of links that may be the article's tags, the likeliest first."""
    groups = list(_groups(roles))
    is_said = any(group.has_label or group.anchors[0].is_tag for group in groups)
    unlinked = (line.text for line in roles.document.lines if not line.anchors or line.link_share < 0.5)
    # Where a label or rel=tag says which links are tags, the text need not be asked.
    text = "" if is_said else " ".join(unlinked).casefold().replace("ё", "е")
    scored = [(_score(group, roles, text), group) for group in groups if len(group.anchors) <= MOST_IN_GROUP]
    likely = [pair for pair in scored if pair[0] >= LEAST_SCORE]
    return [group for _, group in sorted(likely, key=lambda pair: -pair[0])]


def tags_of(group: Group | None, roles: Roles, declared: Declared) -> Tags:
    """Return the tags of the chosen group; without one, those listed as plain text or declared."""
    if group is not None:
        tags = tuple(Tag(_printed(anchor), anchor.address) for anchor in group.anchors if _printed(anchor))
        return Tags(tags, _evidence(group, tags, declared))
    listed = _listed_without_links(roles)
    if listed:
        return Tags(listed, Evidence("label"))
    return Tags(tuple(map(Tag, declared.keywords)), Evidence("declared") if declared.keywords else None)


def _printed(anchor: Anchor) -> str:
    return anchor.text.strip(" #,;|•·")


def _evidence(group: Group, tags: tuple[Tag, ...], declared: Declared) -> Evidence:
    method = "rel-tag" if group.anchors[0].is_tag else "label" if group.has_label else "links"
    if not declared.keywords:
        return Evidence(method)
    same = {normal_form(tag.printed) for tag in tags} == set(map(normal_form, declared.keywords))
    return Evidence(method, "declared", same)


def _groups(roles: Roles) -> Iterator[Group]:
    """Yield runs of lines that hold only short links of one pattern, after an optional label."""
    run: list[Line] = []
    first = max(0, roles.title.index - NEAR_TITLE) if roles.title is not None else 0
    for line in roles.document.lines[first:]:
        if not line.anchors:
            continue
        if run and run[-1].index == line.index - 1 and _continues(run[-1], line):
            run.append(line)
            continue
        if run:
            yield _group(run, roles)
        run = [line] if _opens(line, roles) else []
        if not run and (inside := _labelled_inside(line)):
            yield Group((line,), inside, has_label=True)
    if run:
        yield _group(run, roles)


def _labelled_inside(line: Line) -> tuple[Anchor, ...]:
    """Return the links behind a label in a line of details: «Просмотров: 12 | Теги: насосы, краны»."""
    label = INSIDE.search(line.text) if len(line.anchors) <= MOST_IN_GROUP else None
    if label is None:
        return ()
    rest = line.text[label.end() :]
    return tuple(anchor for anchor in line.anchors if anchor.text in rest and identify(anchor.address) is None)


def _group(run: list[Line], roles: Roles) -> Group:
    anchors = tuple(anchor for line in run for anchor in line.anchors)
    before = run[0].index - 1
    is_label = before >= 0 and roles.of[before] is Role.TAGS and not roles.document.lines[before].anchors
    return Group(tuple(run), anchors, is_label or bool(LABEL.match(run[0].before_link)))


def _opens(line: Line, roles: Roles) -> bool:
    if not line.anchors or len(line.anchors) > MOST_TAGS or roles.of[line.index] in (Role.TEASER, Role.TITLE):
        return False
    if roles.of[line.index] is Role.CHROME and not line.anchors[0].is_tag and not LABEL.match(line.before_link):
        return False
    return _only_links(line) and len({_pattern(anchor.address) for anchor in line.anchors}) == 1 and _may_be_tags(line)


def _continues(previous: Line, line: Line) -> bool:
    if not line.anchors or not _only_links(line, with_label=False) or not _may_be_tags(line):
        return False
    patterns = {_pattern(anchor.address) for anchor in (*previous.anchors, *line.anchors)}
    inner, outer = previous.element, line.element
    near = (
        inner is outer
        or inner.parent is outer.parent
        or (inner.parent is not None and outer.parent is not None and inner.parent.parent is outer.parent.parent)
    )
    return len(patterns) == 1 and near and inner.tag == outer.tag


def _only_links(line: Line, *, with_label: bool = True) -> bool:
    """Tell whether a line is links and separators, after an optional label."""
    rest = line.text
    if with_label:
        rest = LABEL.sub("", rest, count=1)
    for anchor in line.anchors:
        rest = rest.replace(anchor.text, "", 1)
    return not rest or not SEPARATORS.sub("", rest)


def _may_be_tags(line: Line) -> bool:
    return all(
        anchor.text
        and len(anchor.text) <= LONGEST_TAG
        and identify(anchor.address) is None
        and not _printed(anchor).isdecimal()
        for anchor in line.anchors
    )


@lru_cache(maxsize=4096)
def _pattern(address: str) -> tuple[str, str, tuple[str, ...]]:
    """The address without what differs from tag to tag: its last step, or the values of its query."""
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    # A tag's name may hold a slash: behind `/tags/` all is name.
    if (named := TAG_ADDRESS.search(path)) and named.end() < len(path):
        return parts.netloc, path[: named.end()], ()
    if parts.query:
        return parts.netloc, path, tuple(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return parts.netloc, path.rpartition("/")[0], ()


def _score(group: Group, roles: Roles, text: str) -> float:
    """Weigh what speaks for a group of links being the tags of this article."""
    address = group.anchors[0].address
    page = roles.document.address
    if host_of(address) != host_of(page) and site_of(address) is not site_of(page):
        return 0.0
    score = 0.0
    if any(anchor.is_tag for anchor in group.anchors):
        score += 4.0
    if group.has_label:
        score += 4.0
    is_named = TAG_ADDRESS.search(unquote_plus(urlsplit(address).path + "?" + urlsplit(address).query)) is not None
    score += 2.5 if is_named else 0.0
    score += 2.0 * _named_in(group, text) if text else 0.0
    score += 0.5 if len(group.anchors) > 1 else 0.0
    score += 1.5 if group.first and roles.of[group.first - 1] is Role.ATTRIBUTION else 0.0
    if roles.title is not None and group.first < roles.title.index and not is_named:
        score -= 2.5
    # A page of the site's own, such as a rubric, has a short address without a name of its own.
    if not _pattern(address)[1] and not _pattern(address)[2]:
        score -= 1.5
    return score


def _named_in(group: Group, text: str) -> float:
    """Tell which part of the group's names the page's own text speaks of, from 0 to 1."""
    named = 0
    for anchor in group.anchors:
        name = anchor.text.casefold().replace("ё", "е")
        words = [word for word in re.findall(r"[\w.-]+", name) if len(word) >= SHORTEST_WITNESS]
        stems = (word[: max(SHORTEST_WITNESS, len(word) - ENDING)] for word in words)
        named += bool(words) and all(stem in text for stem in stems)
    return named / len(group.anchors)


def _listed_without_links(roles: Roles) -> tuple[Tag, ...]:
    """Read «Метки: одно, другое» where the tags are plain text."""
    for line in roles.lines_of(Role.TAGS):
        label = LABEL.match(line.text)
        if label and not line.anchors and label.end() < len(line.text):
            names = [name.strip(" .#") for name in line.text[label.end() :].split(",")]
            return tuple(Tag(name) for name in names if 0 < len(name) <= LONGEST_TAG)
    return ()

"""Groups of links that may be tags by their place and their texts: with only signs between them, or line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from armcrawl.reading.body.role import TEASER, Role
from armcrawl.reading.fields.listed_tags import MAX_TAG_LENGTH, MAX_TAGS
from armcrawl.reading.fields.tag_addresses import kind_of, pattern_of
from armcrawl.russian.dates.printed import find_date
from armcrawl.russian.phrases import RUBRIC_LABEL, TAG_LABEL, Phrase, phrase_of
from armcrawl.sites import identify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.layout.document import Anchor, Line

# Links in one group: beyond this they are a menu or an index, not tags.
MAX_IN_GROUP = 5 * MAX_TAGS
# The number of articles with a tag: «Метки: АЭС (12), задвижки (5)».
COUNT = re.compile(r"\(\d{1,5}\)")
# The heading of a tag cloud, which has the whole site's tags and is the same on every page.
CLOUD = re.compile(
    r"\W*(?:облако\b|(?:все|популярные|частые|основные) (?:хештеги|теги|тэги|метки|темы|ключевые слова)"
    r"|tag cloud|popular tags|all tags)",
    re.IGNORECASE,
)
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"\w")
DIGIT = re.compile(r"\d")
# A label at the end of the text before the links. It begins the text, or follows a sign, or the word before it lacks a
# space.
ENDS_IN_LABEL = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{TAG_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
ENDS_IN_RUBRIC = re.compile(rf"(?:^|\W|(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ]))(?:{RUBRIC_LABEL})\s*[:—–-]?\W*$", re.IGNORECASE)
# Characters of a label with its signs and spaces: «Ключевые слова публикации: ».
MAX_LABEL_LENGTH = 40
# Characters before links: a longer text is a sentence, and only links to addresses of tags are tags after it.
MAX_BEFORE_LENGTH = 40
# Characters of a line with date, author, counters and tags; a longer one is a paragraph with links.
MAX_DETAILS_LENGTH = 200
# Lines above the title: some templates put the tags there; what is further up is a menu.
NEAR_TITLE = 3
# The share of characters in links from which a line is one of tags.
MIN_LINK_SHARE = 0.5
# Regions that may contain the tags of an article.
BESIDE_TEXT = frozenset({"nav", "aside"})
# Phrases that links beside tags consist of.
NOT_TAGS = frozenset(Phrase) - {Phrase.TAGS}


@dataclass(slots=True, eq=False)
class LinkGroup:
    """Links with only signs between them; `is_alone` tells that their lines contain nothing else but a label."""

    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    has_label: bool
    is_alone: bool = True

    @property
    def first(self) -> int:
        """The index of the group's first line."""
        return self.lines[0].index

    @property
    def is_called_tags(self) -> bool:
        """Whether the page itself calls the links tags."""
        return self.has_label or any(anchor.is_tag for anchor in self.anchors)


def link_groups(roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links from shortly above the title on, each from one line or from several in a row."""
    open_group: LinkGroup | None = None
    in_cloud = False
    first = max(0, roles.title.index - NEAR_TITLE) if roles.title is not None else 0
    above: Line | None = None
    for line in roles.document.lines[first:]:
        if line.anchors:
            # A tag cloud consists of the links after its heading, up to a line without links.
            in_cloud = (in_cloud if above is None else _opens_cloud(above)) or _opens_cloud(line)
        above = None if line.anchors else line
        if above is not None or in_cloud:
            # Signs between tags may stand in elements of their own.
            if open_group is not None and WORD.search(line.text):
                yield open_group
                open_group = None
            continue
        found = [] if _holds_no_tags(line, roles) else list(_groups_of_line(line, roles))
        if open_group is not None and len(found) == 1 and _continues(open_group, found[0]):
            # A group with too many links is dropped later: it is cut here, as a page of links would take quadratic
            # time.
            lines = (*open_group.lines[: MAX_IN_GROUP + 1], line)
            anchors = (*open_group.anchors[: MAX_IN_GROUP + 1], *found[0].anchors)
            open_group = LinkGroup(lines, anchors, open_group.has_label)
            continue
        if open_group is not None:
            yield open_group
            open_group = None
        if len(found) == 1 and found[0].is_alone:
            open_group = found[0]
        else:
            yield from found
    if open_group is not None:
        yield open_group


def _opens_cloud(line: Line) -> bool:
    return not line.is_link and CLOUD.match(line.text) is not None


def _groups_of_line(line: Line, roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links in a line, each with only signs between its links, without rubrics and dates."""
    # A line of links alone is one chunk.
    is_plain = line.is_link and not line.before_link
    chunks = [("", list(line.anchors), "")] if is_plain else list(_chunks(line))
    is_label_above = line.index > 0 and _is_label(roles.document.lines[line.index - 1], roles)
    for before, anchors, after in chunks:
        label = _label_at_end(before[-MAX_LABEL_LENGTH - 1 :]) if before else None
        if label == "rubric":
            continue
        has_label = label == "tag"
        is_whole = len(chunks) == 1 and (has_label or not before or not WORD.search(before)) and not _has_words(after)
        # A «#» before each name says as much as a label.
        has_label = has_label or (is_whole and all(anchor.text.startswith("#") for anchor in anchors))
        for run in _runs(anchors, roles):
            is_alone = is_whole and len(run) == len(anchors)
            group = LinkGroup((line,), run, has_label or (is_label_above and is_alone), is_alone)
            if _may_be_tags(group, roles, len(before)):
                yield group


@lru_cache(maxsize=1024)  # a site has few labels
def _label_at_end(before: str) -> str | None:
    """Return "tag" or "rubric" if the text before links ends in a label for these, else None."""
    last = max(0, len(before) - MAX_LABEL_LENGTH)
    if ENDS_IN_RUBRIC.search(before, last):
        return "rubric"
    return "tag" if ENDS_IN_LABEL.search(before, last) else None


def _holds_no_tags(line: Line, roles: Roles) -> bool:
    """Tell quickly whether a line cannot hold tags: most lines cannot."""
    role, count = roles.of[line.index], len(line.anchors)
    if role is TEASER or role is Role.TITLE or count > MAX_IN_GROUP:
        return True
    if line.before_link or any(anchor.is_tag for anchor in line.anchors):
        is_prose = len(line.text) > MAX_DETAILS_LENGTH and line.link_share < MIN_LINK_SHARE
        return is_prose and not any(anchor.is_tag or kind_of(anchor.address) == "tag" for anchor in line.anchors)
    return (
        line.heading > 0
        or 2 * line.linked < len(line.text)
        or (role is Role.CHROME and line.element.region not in BESIDE_TEXT)
        or (count == 1 and len(line.anchors[0].text) > MAX_TAG_LENGTH)
    )


def _runs(anchors: list[Anchor], roles: Roles) -> Iterator[tuple[Anchor, ...]]:
    """Yield runs of links that may be tags, separated by links that cannot be.

    If there are such others, links to addresses of different kinds are separated as well.
    """
    if len(anchors) == 1:
        if _may_be_tag(anchors[0], roles):
            yield (anchors[0],)
        return
    may_be = {anchor: _may_be_tag(anchor, roles) for anchor in anchors}
    is_mixed = not all(may_be.values())
    if not is_mixed and not any(anchor.is_tag for anchor in anchors):
        yield tuple(anchors)
        return
    for key, run in groupby(anchors, key=lambda link: (may_be[link], link.is_tag, is_mixed and kind_of(link.address))):
        if key[0]:
            yield tuple(run)


def _chunks(line: Line) -> Iterator[tuple[str, list[Anchor], str]]:
    """Yield the chunks of links with only signs between them, each with the text before and after it."""
    before, place = "", 0
    found: list[Anchor] = []
    for anchor in line.anchors:
        start = line.text.find(anchor.text, place)
        between = line.text[place : max(start, place)]
        if not found:
            before = between
        elif _has_words(between):
            yield before, found, between
            before, found = between, []
        found.append(anchor)
        place = max(start, place) + len(anchor.text)
    yield before, found, line.text[place:]


def _has_words(text: str) -> bool:
    """Tell whether a text has more than signs and counts such as «(12)»."""
    return text != "" and WORD.search(text) is not None and WORD.search(COUNT.sub("", text)) is not None


def _may_be_tags(group: LinkGroup, roles: Roles, before: int) -> bool:
    """Tell whether the place of a group allows tags; `before` is the length of the text before it."""
    line = group.lines[0]
    is_called_tags = group.has_label or all(anchor.is_tag for anchor in group.anchors)
    is_addressed = all(kind_of(anchor.address) == "tag" for anchor in group.anchors)
    if before > MAX_BEFORE_LENGTH and not (is_addressed or group.anchors[0].is_tag):
        return False
    if (line.heading or roles.of[line.index] is Role.CHROME) and not (
        is_called_tags or _has_nav_of_its_own(line, roles)
    ):
        return False
    # Among other words, links must be called tags, or link to addresses of tags in a line that is mostly links.
    return is_called_tags or group.is_alone or (is_addressed and line.link_share >= MIN_LINK_SHARE)


def _has_nav_of_its_own(line: Line, roles: Roles) -> bool:
    """Tell whether a line is in a `<nav>` with links to tags only, or in such an `<aside>` inside the article.

    A menu also links to other pages, and the tags of the whole site are in a column beside the article.
    """
    nav = line.element.region_root
    if line.heading or nav is None or line.element.region not in BESIDE_TEXT or nav.end - nav.first > MAX_TAGS:
        return False
    if line.element.region == "aside" and not any(
        one.tag == "article" and roles.has_title(one) for one in nav.ancestors()
    ):
        return False
    anchors = (anchor for line in roles.document.lines[nav.first : nav.end] for anchor in line.anchors)
    return all(kind_of(anchor.address) == "tag" for anchor in anchors)


def _is_label(line: Line, roles: Roles) -> bool:
    return not line.anchors and roles.of[line.index] is Role.TAGS


def _may_be_tag(anchor: Anchor, roles: Roles) -> bool:
    """Tell whether a link may be a tag: a short name that links to another page, which is no article."""
    return (
        len(anchor.text) <= MAX_TAG_LENGTH
        and not anchor.is_rubric
        and (anchor.address != roles.document.address or anchor.is_tag)
        and _is_name_of(printed(anchor), anchor.address)
    )


def printed(anchor: Anchor) -> str:
    """Return the name that a link prints, without the signs around it."""
    return anchor.text.strip(" #,;|•·")


@lru_cache(maxsize=4096)  # most links of a page are on every page of its site
def _is_name_of(text: str, address: str) -> bool:
    """Tell whether a link may be a tag by text and address: it is no rubric, article, label or date."""
    return (
        LETTER.search(text) is not None
        and kind_of(address) != "rubric"
        and identify(address) is None
        and phrase_of(text) not in NOT_TAGS
        and not _is_date(text)
    )


def _is_date(text: str) -> bool:
    return DIGIT.search(text) is not None and find_date(text) is not None


def _continues(group: LinkGroup, found: LinkGroup) -> bool:
    """Tell whether a line's links continue a group: in the same element, or in a similar one with similar addresses."""
    previous, line = group.lines[-1], found.lines[0]
    inner, outer = previous.element, line.element
    if not found.is_alone or found.has_label > group.has_label or inner.tag != outer.tag:
        return False
    is_list = inner.tag == "li" or kind_of(group.anchors[-1].address) == kind_of(found.anchors[0].address)
    if inner is outer or (inner.parent is outer.parent and inner.is_like(outer) and is_list):
        return True
    near = inner.parent is outer.parent or (
        inner.parent is not None and outer.parent is not None and inner.parent.parent is outer.parent.parent
    )
    return near and len({pattern_of(anchor.address) for anchor in (group.anchors[-1], *found.anchors)}) == 1

"""The tags: a group of short links near the body that are neither rubrics nor dates nor a menu."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from armcrawl.items import Evidence, Tag
from armcrawl.reading.body.role import LABELS_OF_BOXES, Role
from armcrawl.reading.fields.link_groups import MAX_IN_GROUP, MIN_LINK_SHARE, link_groups, printed
from armcrawl.reading.fields.listed_tags import LABEL, listed_tags
from armcrawl.reading.fields.tag_addresses import kind_of, pattern_of
from armcrawl.russian.typography import normal_form
from armcrawl.sites import host_of, site_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from armcrawl.reading.body.roles import Roles
    from armcrawl.reading.fields.link_groups import LinkGroup
    from armcrawl.reading.fields.structured import Declared
    from armcrawl.reading.layout.document import Anchor

WORDS = re.compile(r"[\w.-]+")
# Characters of a word that is searched for in the text: shorter words are in every text.
MIN_WITNESS_LENGTH = 4
# Letters at the end of a word that may differ between its cases.
ENDING = 3
# Lines between the label of a box of related articles and its last link.
MAX_BOX_LENGTH = 10
# The score (see `_score`) that a group of links needs to be taken for tags.
MIN_SCORE = 2.0
# The share of links to addresses of tags from which those addresses count: some tags may link to the pages of persons
# or places, while a menu has one link to the list of all tags.
MIN_ADDRESSED = 0.3


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags and how they were found; `is_label_empty` tells that there is a label for tags, but no tag."""

    tags: tuple[Tag, ...]
    evidence: Evidence | None = None
    is_label_empty: bool = False


def tag_groups(roles: Roles) -> Iterator[LinkGroup]:
    """Yield the groups of links that may be the article's tags: first those called tags, and the likeliest first."""
    groups = [group for group in link_groups(roles) if len(group.anchors) <= MAX_IN_GROUP]
    yield from _likeliest([group for group in groups if group.is_called_tags], roles)
    yield from _likeliest([group for group in groups if not group.is_called_tags], roles)


def _likeliest(groups: list[LinkGroup], roles: Roles) -> list[LinkGroup]:
    """Return the groups with a sufficient score, the highest first."""
    scored = [(_score(group, roles), group) for group in groups]
    likely = [pair for pair in scored if pair[0] >= MIN_SCORE and not _is_in_box(pair[1], roles)]
    return [group for _, group in sorted(likely, key=lambda pair: -pair[0])]


def tags_of(group: LinkGroup | None, roles: Roles, declared: Declared) -> Tags:
    """Return the tags of the chosen group; without a group, those listed as plain text, else the declared ones."""
    if group is not None:
        tags = tuple(Tag(printed(anchor), anchor.address) for anchor in group.anchors if printed(anchor))
        return Tags(tags, _evidence(group, tags, declared))
    listed = listed_tags(roles)
    if listed:
        return Tags(listed, Evidence("label"))
    is_label_empty = any(map(LABEL.match, (line.text for line in roles.lines_of(Role.TAGS))))
    evidence = Evidence("declared") if declared.keywords else None
    return Tags(tuple(map(Tag, declared.keywords)), evidence, is_label_empty)


def _evidence(group: LinkGroup, tags: tuple[Tag, ...], declared: Declared) -> Evidence:
    method = "rel-tag" if group.anchors[0].is_tag else "label" if group.has_label else "links"
    if not declared.keywords:
        return Evidence(method)
    same = {normal_form(tag.printed) for tag in tags} == set(map(normal_form, declared.keywords))
    return Evidence(method, "declared", same)


def _is_in_box(group: LinkGroup, roles: Roles) -> bool:
    """Tell whether a group is in a box of related articles: its label is above, with only links between."""
    if group.is_called_tags:
        return False
    for index in range(group.first - 1, max(-1, group.first - 1 - MAX_BOX_LENGTH), -1):
        line = roles.document.lines[index]
        if roles.of[index] in LABELS_OF_BOXES:
            return True
        if line.link_share < MIN_LINK_SHARE and not (roles.of[index] is Role.TEASER or line.heading):
            return False
    return False


def _score(group: LinkGroup, roles: Roles) -> float:
    """Return a score for a group of links being the tags of this article; MIN_SCORE is needed.

    For it speak a label, `rel="tag"`, addresses of tags, and that the text mentions what the links name.
    """
    address = group.anchors[0].address
    page = roles.document.address
    is_called_tags = group.is_called_tags
    if not is_called_tags and host_of(address) != host_of(page) and site_of(address) is not site_of(page):
        return 0.0
    count = len(group.anchors)
    addressed = sum([kind_of(anchor.address) == "tag" for anchor in group.anchors]) / count
    addressed = addressed if addressed >= MIN_ADDRESSED else 0.0
    is_attributed = group.first > 0 and roles.of[group.first - 1] is Role.ATTRIBUTION
    is_above = roles.title is not None and group.first < roles.title.index
    if not (is_called_tags or addressed) and (is_above or (count == 1 and not is_attributed)):
        # The rest of the score could not reach MIN_SCORE.
        return 0.0
    is_one_kind = is_called_tags or len({pattern_of(anchor.address) for anchor in group.anchors}) == 1
    if is_called_tags:
        named = 0.0
    elif is_one_kind or addressed:
        named = sum([_is_named_in(anchor, roles.unlinked_text) for anchor in group.anchors]) / count
    elif all(_is_named_in(anchor, roles.unlinked_text) for anchor in group.anchors):
        named = 1.0
    else:
        # Links with several kinds of addresses, not all mentioned in the text, are a menu.
        return 0.0
    score = 4.0 * any(anchor.is_tag for anchor in group.anchors) + 4.0 * group.has_label
    score += 2.0 + addressed if addressed else 0.0
    score += 2.0 * named
    if not (is_called_tags or addressed):
        score += 0.5 if count > 1 else -0.5
        score += 1.5 if is_attributed else 0.0
    if is_above and not addressed:
        score -= 2.5
    # An address of one segment is that of a rubric or another page of the site, not of a tag.
    if not addressed and not any(pattern_of(address)[1:]) and (count == 1 or named < 1):
        score -= 1.5
    return score


def _is_named_in(anchor: Anchor, text: str) -> bool:
    """Tell whether a text contains the stems of all longer words of a link."""
    words = WORDS.findall(anchor.text.casefold().replace("ё", "е"))
    stems = [word[: max(MIN_WITNESS_LENGTH, len(word) - ENDING)] for word in words if len(word) >= MIN_WITNESS_LENGTH]
    return bool(stems) and all(stem in text for stem in stems)
